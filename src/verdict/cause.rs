//! Why a requirement fails, as data: what brings it about, what to do about exactly that, how a client shows it, and the
//! thing that has to be put right.

pub mod catalogue;
pub mod code;
pub mod consequence;
pub mod host;
pub mod shown;
pub mod symptom;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::site::profile::{ByProfile, Profile};

/// One way for requirements to fail.
pub struct Cause {
    /// Its id: public, and never changes meaning.
    pub id: &'static str,
    /// What is so, in a sentence an administrator understands.
    pub words: &'static str,
    /// The observation without which it is not claimed.
    pub known_by: &'static str,
    /// What to do about exactly this, by profile. Its first sentence stands for itself, where there is no room for more.
    pub remedy: ByProfile<&'static str>,
    /// What has to be put right, where the evidence names nothing nearer.
    pub culprit: CulpritKind,
    /// How it shows at the client and at the server.
    pub symptoms: &'static [&'static Symptom],
    /// How else it shows, what of the symptoms it is, or why nothing is seen. Empty: the symptoms say it all.
    pub shows: &'static str,
    /// The requirements it fails, as patterns: `*/validity` is that quality in every use.
    pub rows: &'static [&'static str],
}

impl Cause {
    /// The remedy's first sentence.
    pub fn first_step(&self, profile: Profile) -> &'static str {
        first_sentence(self.remedy.under(profile))
    }

    /// Whether it can be why a requirement fails.
    pub fn fails(&self, requirement: &str) -> bool {
        self.rows.iter().any(|row| matches(row, requirement))
    }
}

/// A remedy for one site: where it says XXX, the site's code stands, if it is known.
pub fn for_site<'a>(remedy: &'a str, code: Option<&str>) -> Cow<'a, str> {
    match code {
        Some(code) if remedy.contains(SITE_CODE) => remedy.replace(SITE_CODE, code).into(),
        Some(_) | None => remedy.into(),
    }
}

/// What stands for the site code in a remedy.
const SITE_CODE: &str = "XXX";

/// Up to the first full stop with a capital letter behind it.
fn first_sentence(text: &str) -> &str {
    let end = text.match_indices(". ").find(|(at, _)| {
        text[at + 2..].starts_with(|next: char| next.is_uppercase() || matches!(next, '`' | '\u{201c}'))
    });
    end.map_or(text, |(at, _)| &text[..=at])
}

/// Whether a pattern of requirement ids covers one: `*/slug` any use's, `subject/*` all of a subject, else the id itself.
pub fn matches(pattern: &str, requirement: &str) -> bool {
    match (pattern.strip_prefix("*/"), pattern.strip_suffix("/*")) {
        (Some(slug), _) => requirement.split_once('/').is_some_and(|(_, of)| of == slug),
        (None, Some(subject)) => requirement.split_once('/').is_some_and(|(of, _)| of == subject),
        (None, None) => pattern == requirement,
    }
}

/// Its id: the rest is told where it is asked for.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cause({})", self.id)
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Cause {}

/// How a failure shows where administrators look: a log file and its line, an error code, an IIS sub-status.
#[derive(Debug)]
pub struct Symptom {
    /// Its key, unique.
    pub key: &'static str,
    /// Whose failure shows like this.
    pub side: Side,
    /// The requirements to look at first, as patterns.
    pub rows: &'static [&'static str],
    /// At the client: log file, line, codes. Empty: nothing is seen there.
    pub client: &'static str,
    /// At the server: event, IIS status. Empty: nothing is seen there.
    pub server: &'static str,
    /// The code an update scan ends with. Empty: none.
    pub scan: &'static str,
    /// What a browser says. Empty: nothing.
    pub browser: &'static str,
    /// The message of a program, a script's or a site component's. Empty: none.
    pub program: &'static str,
}

/// Whose failure a symptom is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A server's, its certificate's or of the way to it: clients do not come to an end of the handshake.
    Server,
    /// A server's answer over HTTP.
    Answer,
    /// A client's certificate: the server refuses it, or none comes.
    Client,
    /// A client's certificate that the client itself does not choose.
    Choice,
    /// The certificate of a computer that is being deployed.
    Deployment,
    /// Of update scans alone.
    Scan,
    /// The certificate the site signs with.
    Signature,
}

/// Kinds of things that have to be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CulpritKind {
    /// A certificate: the one that was judged.
    Certificate,
    /// An authority's certificate above it.
    Authority,
    /// A URL a certificate or a list names.
    Url,
    /// A vantage's name server.
    Resolver,
    /// An address, or the server at it.
    Address,
    /// A line of the definition, a setting of the site, or a name in DNS.
    Definition,
    /// A file.
    File,
    /// A device on the way: a proxy, a gateway, a load balancer.
    Device,
    /// The machine the probe runs on.
    Machine,
}

/// The thing that has to be put right. Two findings with the same cause and the same culprit are one diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Culprit {
    /// A certificate, by the SHA-256 of its bytes; whose it is, in words.
    Certificate {
        /// SHA-256.
        fingerprint: [u8; 32],
        /// Its subject.
        subject: Arc<str>,
    },
    /// An authority, by the SHA-256 of its certificate, or by its name alone where no certificate is at hand.
    Authority {
        /// SHA-256; `None`: known by its name only.
        fingerprint: Option<[u8; 32]>,
        /// Its subject.
        subject: Arc<str>,
    },
    /// A URL.
    Url(Arc<str>),
    /// A vantage's name server: the vantage and which it is, in words.
    Resolver {
        /// The vantage that asks it.
        vantage: Arc<str>,
        /// Its address, or `the machine's own`.
        server: Arc<str>,
    },
    /// An address, or the server at it.
    Address(SocketAddr),
    /// The server at a name and port that a web proxy on the way was given: its address is not known.
    Server(Arc<str>),
    /// What the definition says of something: a system, cluster, proxy, client, waiver or name.
    Definition(Arc<str>),
    /// A file.
    File(Arc<str>),
    /// A device on the way, by what it shows of itself.
    Device(Arc<str>),
    /// The machine the probe runs on.
    Machine,
}

impl Culprit {
    /// What kind it is.
    pub const fn kind(&self) -> CulpritKind {
        match self {
            Self::Certificate { .. } => CulpritKind::Certificate,
            Self::Authority { .. } => CulpritKind::Authority,
            Self::Url(_) => CulpritKind::Url,
            Self::Resolver { .. } => CulpritKind::Resolver,
            Self::Address(_) | Self::Server(_) => CulpritKind::Address,
            Self::Definition(_) => CulpritKind::Definition,
            Self::File(_) => CulpritKind::File,
            Self::Device(_) => CulpritKind::Device,
            Self::Machine => CulpritKind::Machine,
        }
    }
}
