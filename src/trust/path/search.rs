//! What a path is looked for: from which certificate, for which purpose, to which roots, over which certificates, as of when.

use std::fmt;
use std::sync::Arc;

use crate::certificate::{Certificate, oid};
use crate::trust::store::TrustStore;
use crate::wire::timestamp::Timestamp;

/// The shortest RSA key Windows takes anywhere in a path, in bits (KB 2661254).
pub const LEAST_RSA_BITS: u32 = 1024;

/// A path to be looked for. [`Search::new`] gives what holds everywhere; the fields are there to change it.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The certificate it starts from.
    pub leaf: &'a Arc<Certificate>,
    /// What was presented beside it, in whatever order: by the peer, or in its file.
    pub presented: &'a [Arc<Certificate>],
    /// What was fetched from where certificates say that their issuers are (Authority Information Access).
    pub fetched: &'a [Arc<Certificate>],
    /// What the definition declares, and how signatures are verified.
    pub store: &'a TrustStore,
    /// The roots it may lead to.
    pub roots: &'a [Arc<Certificate>],
    /// What it is for.
    pub purpose: Purpose,
    /// As of when authorities and root must be valid.
    pub now: Timestamp,
    /// The shortest RSA key an authority or the root may have, in bits; 0: any.
    pub least_rsa_bits: u32,
}

impl<'a> Search<'a> {
    /// A search over what was presented and what the definition declares.
    pub const fn new(
        leaf: &'a Arc<Certificate>,
        presented: &'a [Arc<Certificate>],
        store: &'a TrustStore,
        roots: &'a [Arc<Certificate>],
        purpose: Purpose,
        now: Timestamp,
    ) -> Self {
        Self { leaf, presented, fetched: &[], store, roots, purpose, now, least_rsa_bits: LEAST_RSA_BITS }
    }

    /// With what was fetched beside it.
    pub const fn with_fetched(mut self, fetched: &'a [Arc<Certificate>]) -> Self {
        self.fetched = fetched;
        self
    }
}

/// What a path is for: the Enhanced Key Usages of authorities nest, so each that has one must allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Server Authentication. A common name that counts as the host's is held against DNS constraints.
    ServerAuthentication,
    /// Client Authentication.
    ClientAuthentication,
    /// Microsoft's Document Signing.
    DocumentSigning,
    /// None in particular: what authorities are limited to is not looked at.
    Any,
}

impl Purpose {
    /// Its object identifier; `None`: none in particular.
    pub const fn oid(self) -> Option<&'static str> {
        match self {
            Self::ServerAuthentication => Some(oid::SERVER_AUTHENTICATION),
            Self::ClientAuthentication => Some(oid::CLIENT_AUTHENTICATION),
            Self::DocumentSigning => Some(oid::DOCUMENT_SIGNING),
            Self::Any => None,
        }
    }

    /// Its name, as Windows shows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServerAuthentication => "Server Authentication",
            Self::ClientAuthentication => "Client Authentication",
            Self::DocumentSigning => "Document Signing",
            Self::Any => "any purpose",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a certificate of a path was had from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// It was presented, or stands in the file.
    Presented,
    /// The definition declares it.
    Declared,
    /// It was fetched from where a certificate below it says.
    Fetched,
}
