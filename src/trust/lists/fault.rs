//! What is wrong with a list, and what keeps it from being had: a variant for each thing that is put right in its own way,
//! in words of what was observed. What brings it about is a cause's to tell.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::certificate::revocation_list::{Malformed, NotAList};
use crate::wire::timestamp::Timestamp;

/// What is wrong with what was sent for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListFault {
    /// Nothing was sent.
    Empty,
    /// A web page.
    Page,
    /// Something packed, with what.
    Compressed(String),
    /// Another file: what.
    OtherFile(String),
    /// The beginning of a list.
    CutShort,
    /// It is no list, or a damaged one: where reading it stopped.
    Unreadable(String),
    /// It breaks a rule for lists.
    Malformed(Malformed),
    /// It is another authority's.
    OtherAuthority {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// It is signed with another key of the same authority.
    OtherKey {
        /// The authority's certificate with that key.
        signer: Arc<Certificate>,
    },
    /// It names the authority, and is signed with a key nobody knows.
    UnknownKey {
        /// The authority.
        issuer: String,
    },
    /// Whoever signed it may not sign lists.
    SignerLacksRight {
        /// Its certificate.
        signer: Arc<Certificate>,
    },
    /// Whoever signed it leads to no root that is trusted.
    SignerUntrusted {
        /// Its certificate.
        signer: Arc<Certificate>,
    },
    /// Whoever signed it, beside the certificate's own authority, is revoked.
    SignerRevoked {
        /// Its certificate.
        signer: Arc<Certificate>,
    },
    /// It is a delta list.
    DeltaWhereBaseBelongs,
    /// It speaks of other certificates: how.
    OtherPart(&'static str),
    /// It begins later.
    NotYetValid {
        /// When.
        from: Timestamp,
        /// As of when that was judged.
        now: Timestamp,
    },
    /// It has ended.
    Ended {
        /// When.
        since: Timestamp,
        /// As of when that was judged.
        now: Timestamp,
        /// Whether it is the list of an authority of authorities, which is often kept off the network.
        offline: bool,
    },
}

impl ListFault {
    /// What was sent instead of a list; `None`: a bound of this program's was met.
    pub fn instead(of: &NotAList) -> Option<Self> {
        Some(match of {
            NotAList::Empty => Self::Empty,
            NotAList::WebPage => Self::Page,
            NotAList::Compressed(how) => Self::Compressed(how.to_string()),
            NotAList::Certificate => Self::OtherFile("a certificate".into()),
            NotAList::Other(what) => Self::OtherFile(what.to_string()),
            NotAList::CutShort => Self::CutShort,
            NotAList::Malformed(at) => Self::Unreadable(at.to_string()),
            NotAList::Beyond(_) => return None,
        })
    }

    /// The id of what brings it about.
    pub const fn cause_id(&self) -> &'static str {
        match self {
            Self::Empty => "list-empty",
            Self::Page => "list-is-a-page",
            Self::Compressed(_) => "list-compressed",
            Self::OtherFile(_) | Self::Unreadable(_) | Self::OtherPart(_) => "list-is-other-file",
            Self::CutShort => "list-cut-short",
            Self::Malformed(_) => "list-malformed",
            Self::OtherAuthority { .. } => "list-of-other-authority",
            Self::OtherKey { .. } => "list-signed-by-old-key",
            Self::SignerLacksRight { .. } => "list-signer-lacks-right",
            Self::DeltaWhereBaseBelongs => "delta-where-base-belongs",
            Self::Ended { offline: false, .. } => "list-ended",
            Self::Ended { offline: true, .. } => "offline-root-list-ended",
            Self::UnknownKey { .. } => "list-signed-by-unknown-key",
            Self::SignerUntrusted { .. } => "list-signer-untrusted",
            Self::SignerRevoked { .. } => "list-signer-revoked",
            Self::NotYetValid { .. } => "list-not-yet-valid",
        }
    }

    /// In one sentence.
    pub const fn message(&self) -> &'static str {
        match self {
            Self::Empty
            | Self::Page
            | Self::Compressed(_)
            | Self::OtherFile(_)
            | Self::CutShort
            | Self::Unreadable(_) => "What is published as a revocation list is none.",
            Self::Malformed(_) => "The revocation list breaks the rules for lists (RFC 5280, section 5).",
            Self::OtherAuthority { .. } => "The revocation list is another authority's.",
            Self::OtherKey { .. } => "The revocation list is signed with another key of the certificate's authority.",
            Self::UnknownKey { .. } => "The revocation list is not signed by the certificate's authority.",
            Self::SignerLacksRight { .. } => "The revocation list's authority may not sign lists.",
            Self::SignerUntrusted { .. } => "Whoever signed the revocation list leads to no trusted root.",
            Self::SignerRevoked { .. } => "Whoever signed the revocation list is revoked itself.",
            Self::DeltaWhereBaseBelongs => "The revocation list is a delta list where the complete one belongs.",
            Self::OtherPart(_) => "The revocation list does not cover the certificate.",
            Self::NotYetValid { .. } => "The revocation list is not valid yet.",
            Self::Ended { .. } => "The revocation list has expired.",
        }
    }

    /// What was seen.
    pub fn observed(&self) -> String {
        match self {
            Self::Empty => "the answer is empty".into(),
            Self::Page => "a web page instead of a revocation list".into(),
            Self::Compressed(how) => format!("something compressed with {how}, which nobody asked for"),
            Self::OtherFile(what) => format!("{what} instead of a revocation list"),
            Self::CutShort => "a revocation list that is cut short".into(),
            Self::Unreadable(at) => format!("not a revocation list that can be read: {at}"),
            Self::Malformed(rule) => rule.to_string(),
            Self::OtherAuthority { found, .. } => format!("a list of {found}"),
            Self::OtherKey { signer } => format!(
                "signed with the key of another certificate of {}, serial number {}",
                signer.subject_text(),
                signer.facts().map_or("", |facts| facts.serial.as_str())
            ),
            Self::UnknownKey { issuer } => {
                format!("a list that names {issuer} as its issuer and bears another key's signature")
            }
            Self::SignerLacksRight { signer } => {
                format!("the Key Usage of {} lacks CRL signing", signer.subject_text())
            }
            Self::SignerUntrusted { signer } => {
                format!("signed by {}, which leads to no root that is trusted", signer.subject_text())
            }
            Self::SignerRevoked { signer } => {
                format!("signed by {}, which its own authority's list names", signer.subject_text())
            }
            Self::DeltaWhereBaseBelongs => "a delta list".into(),
            Self::OtherPart(how) => format!("a part of the authority's list: {how}"),
            Self::NotYetValid { from, .. } => format!("issued {from}"),
            Self::Ended { since, .. } => format!("the next one was due {since}"),
        }
    }

    /// What would be right.
    pub fn expected(&self) -> String {
        match self {
            Self::Empty
            | Self::Page
            | Self::Compressed(_)
            | Self::OtherFile(_)
            | Self::CutShort
            | Self::Unreadable(_) => "a revocation list, DER".into(),
            Self::Malformed(rule) => match rule {
                Malformed::ExtensionsInVersion1 | Malformed::Version(_) => "a list of version 2".into(),
                Malformed::TwoAlgorithms { .. } => "the same signature algorithm in both places".into(),
                Malformed::UnknownCritical(_) | Malformed::UnknownCriticalOfEntry(_) => {
                    "no critical extension but those of RFC 5280".into()
                }
                Malformed::Twice(_) => "every extension once".into(),
                Malformed::Unreadable(_) => "extensions as RFC 5280 writes them".into(),
            },
            Self::OtherAuthority { expected, .. } => format!("a list of {expected}"),
            Self::OtherKey { signer } => {
                format!("a list signed with the key of {} that signed the certificate", signer.subject_text())
            }
            Self::UnknownKey { issuer } => format!("a list signed with the key of {issuer}"),
            Self::SignerLacksRight { .. } => "CRL signing in the authority's Key Usage".into(),
            Self::SignerUntrusted { .. } => "a signer below a root of the site".into(),
            Self::SignerRevoked { .. } => "a list signed by whoever may still sign".into(),
            Self::DeltaWhereBaseBelongs => "a complete list".into(),
            Self::OtherPart(_) => "a list that covers the certificate".into(),
            Self::NotYetValid { now, .. } => format!("issued {now} at the latest, by this machine's clock"),
            Self::Ended { now, .. } => format!("a list current at {now}"),
        }
    }

    /// What brings it about, in words.
    pub const fn cause(&self) -> &'static str {
        match self {
            Self::Empty => "The file on the web server is empty: publishing was interrupted, or the disk is full.",
            Self::Page => "A web server, a proxy or a sign-in page answers with a page of its own instead of the file.",
            Self::Compressed(_) => "The web server or a device on the way packs what is published.",
            Self::OtherFile(_) => "Another file of the authority is published under the list's name.",
            Self::CutShort => "The file was copied in part, or the disk is full.",
            Self::Unreadable(_) => "The file is damaged, or another one.",
            Self::Malformed(_) => "The authority's software writes lists that clients refuse.",
            Self::OtherAuthority { .. } => "The wrong file is published at the URL the certificate names.",
            Self::OtherKey { .. } => {
                "The authority was renewed with a new key, and the list of one key lies where that of the other belongs."
            }
            Self::UnknownKey { .. } => {
                "The authority was set up anew under the same name, changed its key, or the file is not its own or was damaged."
            }
            Self::SignerLacksRight { .. } => "The authority's certificate was made from a template without it.",
            Self::SignerUntrusted { .. } => "The list's signer is of another hierarchy, or its certificate has ended.",
            Self::SignerRevoked { .. } => {
                "The key that signs lists was given up, and the lists are still signed with it."
            }
            Self::DeltaWhereBaseBelongs => "The delta list is published under the complete one's name.",
            Self::OtherPart(_) => {
                "The authority's list is partitioned, and another part is published at the URL the certificate names."
            }
            Self::NotYetValid { .. } => "The authority's clock, or this machine's, is wrong.",
            Self::Ended { offline: false, .. } => {
                "The authority stopped publishing, or the new list is not copied to the web server."
            }
            Self::Ended { offline: true, .. } => {
                "The authority above the issuing ones, often kept off the network, has published no new list."
            }
        }
    }
}

/// What keeps a list from being had at a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// The server's name does not resolve.
    NoName,
    /// The connection is refused there.
    Refused,
    /// No connection comes about: nothing answers, or no way leads there.
    NoConnection,
    /// Whoever takes the connection says nothing, or not in time, or closes it.
    Silent,
    /// The answer begins, and does not end in time.
    Unended,
    /// The server has nothing there (404, 410).
    NotThere,
    /// IIS refuses the plus sign in the name (404.11).
    PlusSign,
    /// The server does not give it to everybody: its status.
    Forbidden(u16),
    /// A web proxy wants a user (407).
    WantsCredentials,
    /// The web proxy on the way has no address.
    ProxyUnresolved,
    /// The web proxy on the way refuses the connection.
    ProxyNotListening,
    /// No way leads to the web proxy on the way.
    ProxyWithoutRoute,
    /// The web proxy on the way says nothing.
    ProxySilent,
    /// The web proxy on the way would not: its rules, or its own view of the network.
    ProxyWouldNot,
    /// It is redirected in a circle, or to where lists are not fetched.
    Redirected,
    /// The server fails, or answers otherwise: its status.
    Status(u16),
    /// The answer breaks off before its end.
    CutShort,
    /// What answers does not speak HTTP.
    NotHttp,
    /// It is longer than Windows takes.
    TooLarge,
    /// A bound or rule of this program's.
    Ours,
}

impl Unreached {
    /// The id of what brings it about; `None`: nothing to put right, a limit of this program's.
    pub const fn cause_id(self) -> Option<&'static str> {
        Some(match self {
            Self::NoName => "list-host-unresolved",
            Self::Refused => "list-host-refuses",
            Self::NoConnection => "list-host-unreachable",
            Self::Silent => "list-host-silent",
            Self::Unended => "list-never-ends",
            Self::NotThere => "list-not-there",
            Self::PlusSign => "delta-list-blocked-by-request-filtering",
            Self::Forbidden(_) => "list-forbidden",
            Self::WantsCredentials => "proxy-wants-credentials",
            Self::ProxyUnresolved => "proxy-unresolved",
            Self::ProxyNotListening => "proxy-not-listening",
            Self::ProxyWithoutRoute => "proxy-without-route",
            Self::ProxySilent => "proxy-silent",
            Self::ProxyWouldNot => "proxy-cannot-reach",
            Self::Redirected => "list-redirected",
            Self::CutShort => "list-cut-short",
            Self::Status(_) => "list-host-fails",
            Self::NotHttp => "list-host-speaks-no-http",
            Self::TooLarge => "list-too-large",
            Self::Ours => return None,
        })
    }

    /// What brings it about, in words.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::NoName => "The web server's name does not resolve where these clients stand.",
            Self::Refused => "Nothing listens there: the web server is stopped, or the port is another.",
            Self::NoConnection => "Something on the way keeps connections from it, or the machine is off.",
            Self::Silent => "The web server hangs, or something on the way swallows the answer.",
            Self::Unended => {
                "The web server begins its answer and goes on so slowly, or so long, that no client waits for its end."
            }
            Self::NotThere => "The web server has nothing at that path.",
            Self::PlusSign => {
                "IIS refuses names with a plus sign, a delta list's, unless double escaping is allowed for that directory."
            }
            Self::Forbidden(_) => "The web server does not give the list to everybody; clients ask without a user.",
            Self::WantsCredentials => {
                "A web proxy wants a user to sign in; clients and servers ask as computers, and have no credentials for it."
            }
            Self::ProxyUnresolved => "The web proxy on the way has no address.",
            Self::ProxyNotListening => "Nothing listens at the address and port of the web proxy on the way.",
            Self::ProxyWithoutRoute => "No route leads to the web proxy on the way.",
            Self::ProxySilent => "The web proxy on the way does not answer.",
            Self::ProxyWouldNot => {
                "The web proxy on the way would not connect to it: its rules, or its own view of DNS."
            }
            Self::Redirected => "The web server redirects in a circle, or to where Windows fetches no lists.",
            Self::Status(_) => "The web server, or a device in front of it, fails.",
            Self::CutShort => "The web server or something on the way ends the answer before its end.",
            Self::NotHttp => "Something there answers, but not as a web server does.",
            Self::TooLarge => "What is published there is no list, or one no client would load.",
            Self::Ours => "This program did not ask.",
        }
    }
}
