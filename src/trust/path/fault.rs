//! What keeps a path from being one, told with the certificate it lies in: for people who have to mend it.

use std::fmt;
use std::sync::Arc;

use crate::certificate::Certificate;
use crate::verdict::Evidence;
use crate::verdict::Unknown;
use crate::wire::timestamp::Timestamp;

/// Where a path breaks, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The certificate the fault lies in.
    pub at: Arc<Certificate>,
    /// Whether that certificate is the leaf.
    pub at_leaf: bool,
    /// The fault.
    pub fault: Fault,
}

impl Break {
    /// Why the path of a certificate in a file is not decided: what stands above it is only not at hand. A server that
    /// sends too little is another matter: its clients have no more.
    pub fn undecided_in_file(&self) -> Option<Unknown> {
        let decided_by = "a file with its whole chain, or [trust] intermediates in the definition";
        matches!(self.fault, Fault::UnknownIssuer { .. })
            .then(|| Unknown { why: self.to_string(), decided_by: decided_by.into() })
    }
}

/// Everything that breaks a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its issuer is neither among the certificates at hand nor a root.
    UnknownIssuer {
        /// The issuer's name.
        issuer: String,
    },
    /// It is its own issuer, and no root.
    SelfSigned,
    /// There are certificates of its issuer's name, but none with the key that signed it.
    BadSignature {
        /// One of them.
        issuer: Arc<Certificate>,
        /// Whether that one is a root.
        is_root: bool,
    },
    /// Its validity has ended.
    Expired {
        /// When.
        not_after: Timestamp,
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
        /// How many follow.
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
    /// Its Enhanced Key Usage leaves out Server Authentication: what it names instead.
    Purpose(Vec<String>),
    /// It holds critical extensions that nobody knows.
    CriticalExtension(Vec<String>),
    /// It is not of X.509 version 3.
    Version(u32),
    /// It cannot be read; why.
    Unreadable(String),
    /// It was issued by an authority that stands below it.
    Circle,
    /// The path is longer than anybody follows.
    TooLong {
        /// The most authorities followed.
        limit: usize,
    },
    /// More certificates were presented than are considered, and those considered do not suffice.
    TooMany {
        /// How many were presented beside the leaf.
        presented: usize,
        /// How many of them were considered.
        considered: usize,
    },
    /// The library that verifies paths refuses it, in its own words.
    Refused(String),
}

impl Break {
    /// Whether a certificate is missing, rather than wrong.
    pub fn is_missing_certificate(&self) -> bool {
        matches!(self.fault, Fault::UnknownIssuer { .. })
    }

    /// Both sides' worth of evidence: what is wrong in which certificate, and what usually brings it about.
    pub fn evidence(&self, message: &str) -> Evidence {
        Evidence::new(format!("{message} {self}.")).observed(named(&self.at)).cause(self.cause())
    }

    fn cause(&self) -> &'static str {
        match &self.fault {
            Fault::UnknownIssuer { .. } if self.at_leaf => {
                "The authority that issued the server's certificate is not in reach: the server does not send its \
                 certificate (IIS sends what stands in the computer's Intermediate Certification Authorities store), the \
                 definition does not name it, and it is no root of the site. Or the certificate comes from an authority \
                 this site does not know."
            }
            Fault::UnknownIssuer { .. } => {
                "The chain goes on to an authority whose certificate is neither sent, nor named in the definition, nor a \
                 root of the site: a policy authority that is missing in the server's Intermediate Certification \
                 Authorities store, or a root this site does not trust."
            }
            Fault::SelfSigned if self.at_leaf => {
                "The certificate certifies itself: IIS's \u{201c}Create Self-Signed Certificate\u{201d}, a vendor's default, \
                 or the one Configuration Manager makes for enhanced HTTP is bound to the web site."
            }
            Fault::SelfSigned => {
                "The chain ends at a root the site does not trust: the certificate comes from another hierarchy, or the \
                 root is missing in the definition and, very likely, in the Trusted Root store of clients (INVALID_CA in \
                 ccmexec.log)."
            }
            Fault::BadSignature { is_root: true, .. } => {
                "The root at hand has the right name and another key: the authority was renewed with a new key and an old \
                 root certificate is in use (or the reverse), or another authority of the same name was set up."
            }
            Fault::BadSignature { .. } => {
                "The issuer's certificate at hand has the right name and another key: the authority was renewed with a new \
                 key and its old certificate is still sent, or a certificate was damaged or altered."
            }
            Fault::Expired { .. } => {
                "The authority's certificate was renewed and the old one is still in use, or it was never renewed. With it \
                 every certificate below it ends for clients."
            }
            Fault::NotYetValid { .. } => {
                "The authority's certificate begins in the future: it was renewed ahead of its time, or a clock was wrong."
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
            Fault::Purpose(_) => {
                "The authority was limited to other purposes (qualified subordination), so nothing below it is valid for \
                 Server Authentication."
            }
            Fault::CriticalExtension(_) => {
                "The extension is marked critical, so whoever does not know it must refuse the certificate (RFC 5280, 4.2)."
            }
            Fault::Version(_) => {
                "The certificate was made by a tool that writes no extensions; a certification path needs version 3."
            }
            Fault::Unreadable(_) => "What was sent in the place of a certificate is none, or is damaged.",
            Fault::Circle | Fault::TooLong { .. } => {
                "Authorities certify each other in a row or a circle, by mistake or to harm."
            }
            Fault::TooMany { .. } => {
                "The server sends a heap of certificates: whole stores instead of a chain, by mistake or to harm."
            }
            Fault::Refused(_) => "The certificate is malformed, or makes use of something rarely met.",
        }
    }
}

/// A sentence without its full stop.
impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.at.subject_text();
        match &self.fault {
            Fault::UnknownIssuer { issuer } => {
                write!(f, "unknown issuer: {who} was issued by {issuer}, whose certificate is not at hand")
            }
            Fault::SelfSigned if self.at_leaf => {
                write!(f, "unknown issuer: {who} is self-signed and no root of the site")
            }
            Fault::SelfSigned => write!(f, "unknown issuer: the chain ends at {who}, which is no root of the site"),
            Fault::BadSignature { issuer, is_root } => write!(
                f,
                "bad signature: {who} was not signed with the key of {} {}",
                if *is_root { "the root" } else { "the authority" },
                named(issuer)
            ),
            Fault::Expired { not_after } => write!(f, "expired issuer: {who} expired at {not_after}"),
            Fault::NotYetValid { not_before } => {
                write!(f, "not yet valid issuer: {who} is valid from {not_before} only")
            }
            Fault::NotAnAuthority(how) => write!(f, "not a certification authority: {who} {how}"),
            Fault::PathLength { allowed, found } => {
                write!(f, "path length: {who} allows {allowed} certification authorities below it, and {found} follow")
            }
            Fault::NameConstraint { name, bearer, constraint } => {
                write!(f, "name constraint: {who} {constraint}, which excludes {name} in {}", bearer.subject_text())
            }
            Fault::Purpose(purposes) => write!(
                f,
                "Enhanced Key Usage of an issuer: {who} is limited to {}",
                if purposes.is_empty() { "nothing".to_owned() } else { purposes.join(", ") }
            ),
            Fault::CriticalExtension(oids) => {
                write!(f, "unknown critical extension: {who} has {}", oids.join(", "))
            }
            Fault::Version(version) => write!(f, "version: {who} is an X.509 version {version} certificate"),
            Fault::Unreadable(why) => write!(f, "unreadable certificate: {why}"),
            Fault::Circle => {
                write!(f, "the chain goes in a circle: {who} was issued by an authority that stands below it")
            }
            Fault::TooLong { limit } => write!(f, "path too long: more than {limit} authorities in a row"),
            Fault::TooMany { presented, considered } => write!(
                f,
                "too many certificates: {presented} were sent beside the leaf, and the {considered} considered lead to no root"
            ),
            Fault::Refused(words) => write!(f, "refused: {words}"),
        }
    }
}

/// A certificate's subject with the thumbprint Windows shows, so that it can be found in a store.
pub fn named(certificate: &Certificate) -> String {
    format!("{} (thumbprint {})", certificate.subject_text(), certificate.thumbprint_sha1())
}
