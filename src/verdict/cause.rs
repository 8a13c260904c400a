//! Why a requirement fails, as data: what brings it about, what to do about exactly that, how a client shows it, and the
//! thing that has to be put right.

pub mod catalogue;

use std::net::SocketAddr;
use std::sync::Arc;

use crate::site::profile::ByProfile;

/// One way for requirements to fail.
#[derive(Debug)]
pub struct Cause {
    /// Its id: public, and never changes meaning.
    pub id: &'static str,
    /// What is so, in a sentence an administrator understands.
    pub words: &'static str,
    /// What to do about exactly this, by profile.
    pub remedy: ByProfile<&'static str>,
    /// What has to be put right, where the evidence names nothing nearer.
    pub culprit: CulpritKind,
    /// How it shows at the client and at the server.
    pub symptoms: &'static [&'static Symptom],
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
    /// At the client: log file, line, codes. Empty: nothing is seen there.
    pub client: &'static str,
    /// At the server: event, IIS status. Empty: nothing is seen there.
    pub server: &'static str,
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
            Self::Address(_) => CulpritKind::Address,
            Self::Definition(_) => CulpritKind::Definition,
            Self::File(_) => CulpritKind::File,
            Self::Device(_) => CulpritKind::Device,
            Self::Machine => CulpritKind::Machine,
        }
    }
}
