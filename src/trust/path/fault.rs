//! What keeps a path from being one, told with the certificate it lies in: for people who have to mend it.

use std::fmt;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::trust::lists::store::CrlStore;
use crate::trust::path::search::Purpose;
use crate::verdict::Evidence;
use crate::verdict::Unknown;
use crate::wire::counted::counted;
use crate::wire::timestamp::Timestamp;

/// How many names or identifiers a sentence lists; the rest is counted.
const MOST_LISTED: usize = 4;

/// Where a path breaks, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The certificate the fault lies in.
    pub at: Arc<Certificate>,
    /// Where in the path that certificate stands.
    pub place: Place,
    /// The fault.
    pub fault: Fault,
}

/// Where in a path a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At its beginning: the certificate the path is for.
    Leaf,
    /// In between: an authority's.
    Authority,
    /// At its end: a root that is trusted.
    Root,
}

/// What would decide a path in which a certificate is missing: in this order, as far as each is to be had.
const ONLINE: &str = "`inspect --online`, where its issuer can be fetched, ";
const WHOLE_FILE: &str = "a file with its whole chain, or ";
const DECLARED: &str = "[trust] intermediates in the definition";

/// What would decide it where the file can hold one certificate alone.
pub fn without_whole_file(decided_by: &str) -> String {
    match decided_by.strip_prefix(WHOLE_FILE) {
        Some(rest) => rest.to_owned(),
        None => decided_by.replace(WHOLE_FILE, "or "),
    }
}

/// Everything that breaks a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its issuer is neither among the certificates at hand nor a root.
    IssuerNotAtHand {
        /// The issuer's name.
        issuer: String,
        /// Where it says that its issuer's certificate can be fetched, over HTTP or not.
        urls: Vec<String>,
    },
    /// It is signed with its own key, and no root. Only of the leaf.
    SelfSigned {
        /// Whether it names another issuer all the same.
        names_another: bool,
    },
    /// It is the self-signed end of the chain, and no root that is trusted.
    UnknownRoot,
    /// There are certificates of its issuer's name, but none with the key that signed it. Whether the authority has a new
    /// key or somebody uses its name, nothing at hand tells.
    OtherKey {
        /// One of them.
        issuer: Arc<Certificate>,
        /// Whether that one is a trusted root.
        is_root: bool,
    },
    /// The same, and another certificate of the issuer's name, which has the right key, leads to a trusted root: the
    /// authority has a new key, and its old certificate is still used.
    RenewedWithNewKey {
        /// The one with the other key.
        old: Arc<Certificate>,
        /// The one with the right key.
        new: Arc<Certificate>,
    },
    /// It names the key of its issuer's certificate at hand, and the signature is not that key's: altered, damaged, forged.
    SignatureBroken {
        /// The issuer's certificate.
        issuer: Arc<Certificate>,
        /// Whether that one is a trusted root.
        is_root: bool,
    },
    /// Its validity has ended.
    Expired {
        /// When.
        not_after: Timestamp,
        /// A certificate of the same name and key at hand that is valid: the authority was renewed.
        successor: Option<Arc<Certificate>>,
    },
    /// Its validity has not begun.
    NotYetValid {
        /// When it will.
        not_before: Timestamp,
    },
    /// It certifies another, and says itself that it may not; how.
    NotAnAuthority(&'static str),
    /// More authorities follow below it than it allows.
    PathLength {
        /// How many it allows.
        allowed: u32,
        /// How many follow, those it issued to itself not counted.
        found: usize,
    },
    /// A name below it is outside what it may certify.
    NameConstraint {
        /// The name.
        name: String,
        /// The certificate that bears it.
        bearer: Arc<Certificate>,
        /// What it may certify, or may not.
        constraint: String,
    },
    /// It demands that the path be valid for a certificate policy, and the path is for none.
    Policy {
        /// The first certificate, from the root downwards, that names no policy of those above it.
        lacking: Arc<Certificate>,
        /// The policies that one names.
        named: Vec<String>,
        /// The policies that could have been met by it.
        wanted: Vec<String>,
    },
    /// Its Enhanced Key Usage, or its Application Policies, leave the purpose out.
    Purpose {
        /// What the path is for.
        purpose: Purpose,
        /// What it names instead.
        allowed: Vec<String>,
    },
    /// Its RSA key is shorter than Windows takes.
    KeyTooShort {
        /// How many bits it has.
        bits: u32,
        /// How many it must have.
        least: u32,
    },
    /// It holds critical extensions that nobody knows.
    CriticalExtension(Vec<String>),
    /// It is not of X.509 version 3.
    Version(u32),
    /// It is not as X.509 wants it: what, in words.
    Malformed(Vec<String>),
    /// It cannot be read as a certificate at all; why.
    Unreadable(String),
    /// It was issued by an authority that stands below it.
    Circle,
}

impl Break {
    /// Whether the fault lies in the leaf.
    pub fn at_leaf(&self) -> bool {
        self.place == Place::Leaf
    }

    /// Whether a certificate is missing, rather than wrong.
    pub const fn is_missing_certificate(&self) -> bool {
        matches!(self.fault, Fault::IssuerNotAtHand { .. })
    }

    /// Why the path of a certificate in a file is not decided: what stands above it is only not at hand. A server that
    /// sends too little is another matter: its clients have no more.
    pub fn undecided_in_file(&self, crls: &CrlStore) -> Option<Unknown> {
        let decided_by = || {
            let mut urls = self.at.facts().into_iter().flat_map(|facts| &facts.issuer_urls);
            // What was asked for in vain need not be asked for again.
            match urls.any(|url| url.starts_with("http") && crls.anywhere(url).is_empty()) {
                true => format!("{ONLINE}{}", self.decided_by()),
                false => self.decided_by(),
            }
        };
        self.is_missing_certificate().then(|| Unknown { why: self.to_string(), decided_by: decided_by() })
    }

    /// What would let a path be followed that breaks here.
    pub(super) fn decided_by(&self) -> String {
        if !self.is_missing_certificate() {
            return "what chain/leads-to-site-root asks for".into();
        }
        format!("{WHOLE_FILE}{DECLARED}")
    }

    /// The id of the cause the fault alone shows. What takes more than one path to see (a root two systems share, what a
    /// device on the way does) is for those who see more.
    pub fn cause_id(&self) -> &'static str {
        match &self.fault {
            Fault::IssuerNotAtHand { .. } if self.at_leaf() => "issuer-not-sent",
            Fault::IssuerNotAtHand { .. } => "authority-above-unknown",
            Fault::SelfSigned { .. } => "self-signed-bound",
            Fault::UnknownRoot => "unknown-root",
            Fault::OtherKey { .. } => "possible-impersonation",
            Fault::RenewedWithNewKey { .. } => "authority-renewed-with-new-key",
            Fault::SignatureBroken { .. } => "signature-broken",
            Fault::Expired { .. } if self.place == Place::Root => "root-ended",
            Fault::Expired { successor: Some(_), .. } => "old-authority-still-sent",
            Fault::Expired { successor: None, .. } => "authority-ended",
            Fault::NotYetValid { .. } => "certificate-not-yet-valid",
            Fault::NotAnAuthority(_) if self.place == Place::Root => "root-is-no-authority",
            Fault::NotAnAuthority(_) | Fault::Version(_) => "not-an-authority",
            Fault::PathLength { .. } => "path-length",
            Fault::NameConstraint { .. } => "name-constraint",
            Fault::Policy { .. } => "policy-not-allowed",
            Fault::Purpose { .. } => "authority-for-other-purposes",
            Fault::KeyTooShort { .. } => "authority-key-too-short",
            Fault::CriticalExtension(_) => "unknown-critical-extension",
            Fault::Malformed(_) => "malformed-certificate",
            Fault::Unreadable(_) if self.at_leaf() => "unreadable-certificate",
            Fault::Unreadable(_) => "unreadable-authority",
            Fault::Circle => "chain-misordered",
        }
    }

    /// Both sides' worth of evidence: what is wrong in which certificate, and what usually brings it about.
    pub fn evidence(&self, message: &str) -> Evidence {
        let detail = match &self.fault {
            Fault::Expired { not_after, .. } => Some(format!("it ended on {not_after}")),
            Fault::NotYetValid { not_before } => Some(format!("it begins on {not_before}")),
            Fault::Unreadable(why) => Some(format!("{}: {why}", counted(self.at.der.as_slice().len(), "octet"))),
            _ => None,
        };
        Evidence::new(format!("{message} {self}.")).observed(named(&self.at)).observed_all(detail).cause(self.cause())
    }

    fn cause(&self) -> &'static str {
        match &self.fault {
            Fault::IssuerNotAtHand { .. } if self.at_leaf() => {
                "The authority that issued the certificate is not in reach: its certificate is not sent (IIS sends what \
                 stands in the computer's Intermediate Certification Authorities store), the definition does not name it, \
                 and it is no root of the site. Or the certificate comes from an authority this site does not know."
            }
            Fault::IssuerNotAtHand { .. } => {
                "The chain goes on to an authority whose certificate is neither sent, nor named in the definition, nor a \
                 root of the site: a policy authority that is missing in the server's Intermediate Certification \
                 Authorities store, or a root this site does not trust."
            }
            Fault::SelfSigned { names_another: false } => {
                "The certificate certifies itself: IIS's \u{201c}Create Self-Signed Certificate\u{201d}, a vendor's default, \
                 or the one Configuration Manager makes for enhanced HTTP is bound to the web site."
            }
            Fault::SelfSigned { names_another: true } => {
                "The certificate was made with its own key and bears an authority's name as its issuer: a tool's default, or \
                 an attempt to look like that authority."
            }
            Fault::UnknownRoot => {
                "The chain ends at a root the site does not trust: the certificate comes from another hierarchy, or the \
                 root is missing in the definition and, very likely, in the Trusted Root store of clients (INVALID_CA in \
                 ccmexec.log)."
            }
            Fault::OtherKey { .. } => {
                "Somebody may be using this authority's name; or the authority was set up anew or renewed with a new key, and \
                 a certificate of its other key is in use. What a peer sends proves neither: ask the authority itself."
            }
            Fault::RenewedWithNewKey { .. } => {
                "The authority was renewed with a new key, and its old certificate is still sent."
            }
            Fault::SignatureBroken { .. } => {
                "The certificate was altered, damaged or forged: it names the very key that did not sign it."
            }
            Fault::Expired { .. } if self.place == Place::Root => {
                "The trusted root itself has ended, and with it every certificate below it."
            }
            Fault::Expired { successor: Some(_), .. } => {
                "The authority was renewed with the same key, and its old certificate is still in use."
            }
            Fault::Expired { successor: None, .. } => {
                "The authority's certificate was renewed and the old one is still in use, or it was never renewed. With it \
                 every certificate below it ends for clients."
            }
            Fault::NotYetValid { .. } => {
                "The authority's certificate begins in the future: it was renewed ahead of its time, or a clock was wrong."
            }
            Fault::NotAnAuthority(_) if self.place == Place::Root => {
                "The root itself was made without the words that make a certification authority of it: Basic Constraints \
                 CA=TRUE and, where there is a Key Usage, the right to sign certificates."
            }
            Fault::NotAnAuthority(_) => {
                "A certificate for another purpose was used to sign: only certificates with Basic Constraints CA=TRUE (and, \
                 where there is a Key Usage, the right to sign certificates) can certify others."
            }
            Fault::PathLength { .. } => {
                "An authority was placed below one that may have none, or fewer, below it (pathLenConstraint, in AD CS \
                 set by CAPolicy.inf of the authority above)."
            }
            Fault::NameConstraint { .. } => {
                "The authority may issue for certain names only (qualified subordination), and this one is outside."
            }
            Fault::Policy { .. } => {
                "An authority above demands certificate policies all the way down (Policy Constraints, RFC 5280 6.1.5; \
                 qualified subordination), and a certificate below it was issued without one of them."
            }
            Fault::Purpose { .. } => {
                "The authority was limited to other purposes (qualified subordination), so nothing below it is valid for \
                 this one."
            }
            Fault::KeyTooShort { .. } => {
                "Windows refuses every path with such a key in it (KB 2661254), whoever trusts its root."
            }
            Fault::CriticalExtension(_) => {
                "The extension is marked critical, so whoever does not know it must refuse the certificate (RFC 5280, 4.2)."
            }
            Fault::Version(_) => {
                "The certificate was made by a tool that writes no extensions; a certification path needs version 3."
            }
            Fault::Malformed(_) => {
                "The software that made the certificate writes it otherwise than X.509 wants, or it was damaged."
            }
            Fault::Unreadable(_) => "What was sent in the place of a certificate is none, or is damaged.",
            Fault::Circle => "Authorities certify each other in a circle, by mistake or to harm.",
        }
    }
}

/// A sentence without its full stop.
impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.at.subject_text();
        let what = match self.place {
            Place::Leaf => "certificate",
            Place::Authority => "issuer",
            Place::Root => "root",
        };
        let key_of = |is_root: bool, issuer: &Certificate| {
            format!("the key of {} {}", if is_root { "the root" } else { "the authority" }, named(issuer))
        };
        match &self.fault {
            Fault::IssuerNotAtHand { issuer, .. } => {
                write!(f, "unknown issuer: {who} was issued by {issuer}, whose certificate is not at hand")
            }
            Fault::SelfSigned { names_another: false } => {
                write!(f, "unknown issuer: {who} is self-signed and no root of the site")
            }
            Fault::SelfSigned { names_another: true } => {
                let issuer = self.at.facts().map_or("another", |facts| &facts.issuer.text);
                write!(f, "unknown issuer: {who} is signed with its own key, though it names {issuer} as its issuer")
            }
            Fault::UnknownRoot => write!(f, "unknown issuer: the chain ends at {who}, which is no root of the site"),
            Fault::OtherKey { issuer, is_root } => {
                write!(f, "bad signature: {who} was not signed with {}", key_of(*is_root, issuer))
            }
            Fault::RenewedWithNewKey { old, new } => write!(
                f,
                "bad signature: {who} was not signed with {}, but with that of its other certificate, {}",
                key_of(false, old),
                named(new)
            ),
            Fault::SignatureBroken { issuer, is_root } => write!(
                f,
                "bad signature: {who} says by its key identifier that it was signed with {}, and it was not",
                key_of(*is_root, issuer)
            ),
            Fault::Expired { not_after, .. } => write!(f, "expired {what}: {who} expired at {not_after}"),
            Fault::NotYetValid { not_before } => {
                write!(f, "not yet valid {what}: {who} is valid from {not_before} only")
            }
            Fault::NotAnAuthority(how) => write!(f, "not a certification authority: {who} {how}"),
            Fault::PathLength { allowed, found } => {
                write!(f, "path length: {who} allows {allowed} certification authorities below it, and {found} follow")
            }
            Fault::NameConstraint { name, bearer, constraint } => {
                write!(f, "name constraint: {who} {constraint}, which excludes {name} in {}", bearer.subject_text())
            }
            Fault::Policy { lacking, named, wanted } => write!(
                f,
                "certificate policies: {who} demands a policy, and {} names {} where {} would do",
                lacking.subject_text(),
                listed(named, "none"),
                listed(wanted, "none")
            ),
            Fault::Purpose { purpose, allowed } => write!(
                f,
                "Enhanced Key Usage of the {what}: {who} is limited to {}, which leaves out {purpose}",
                listed(allowed, "nothing")
            ),
            Fault::KeyTooShort { bits, least } => {
                write!(f, "key too short: {who} has an RSA key of {bits} bits, and Windows takes {least} at the least")
            }
            Fault::CriticalExtension(oids) => {
                write!(f, "unknown critical extension: {who} has {}", listed(oids, "one"))
            }
            Fault::Version(version) => write!(f, "version: {who} is an X.509 version {version} certificate"),
            Fault::Malformed(what) => write!(f, "malformed certificate: {who}: {}", what.join("; ")),
            Fault::Unreadable(why) => write!(f, "unreadable certificate: {why}"),
            Fault::Circle => {
                write!(f, "the chain goes in a circle: {who} was issued by an authority that stands below it")
            }
        }
    }
}

/// A certificate's subject with the thumbprint Windows shows, so that it can be found in a store.
pub fn named(certificate: &Certificate) -> String {
    format!("{} (thumbprint {})", certificate.subject_text(), certificate.thumbprint_sha1())
}

/// The first few, and how many more there are.
pub(super) fn listed<T: AsRef<str>>(words: &[T], none: &str) -> String {
    let shown: Vec<&str> = words.iter().take(MOST_LISTED).map(AsRef::as_ref).collect();
    match words.len().saturating_sub(shown.len()) {
        _ if shown.is_empty() => none.to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
