//! The certificates a site's parties trust.

use std::sync::Arc;

use crate::certificate::Certificate;
use crate::trust::signature::Verifier;

/// The certificates a site's parties trust, read, with the means to verify signatures.
#[derive(Clone)]
pub struct TrustStore {
    /// What clients trust.
    pub roots: Vec<Arc<Certificate>>,
    /// What clients trust, and public roots: for uses that may have a public certificate.
    pub public_or_own: Vec<Arc<Certificate>>,
    /// What client certificates chain to.
    pub client_roots: Vec<Arc<Certificate>>,
    /// Present on clients, not sent by servers.
    pub intermediates: Vec<Arc<Certificate>>,
    /// Issuers' certificates that were fetched from where certificates say they are.
    pub fetched: Vec<Arc<Certificate>>,
    /// The site server signing certificate the definition names.
    pub signing_certificate: Option<Arc<Certificate>>,
    /// What stands beside it in its file: authorities above it.
    pub signing_authorities: Vec<Arc<Certificate>>,
    /// The authorities' certificates that the files of the site's clients hold beside the clients' own.
    pub client_authorities: Vec<Arc<Certificate>>,
    /// The separate certificates proxies use on their inner leg, by the proxy's name.
    pub proxy_certificates: Vec<(Arc<str>, Arc<Certificate>)>,
    /// Certificates that must be the ones presented.
    pub expected_certificates: Vec<ExpectedLeaf>,
    /// Those of `roots` that can be read as certificates.
    pub anchored: Vec<Arc<Certificate>>,
    /// How signatures are verified, weak ones too: a value, so that no check depends on a crypto library.
    pub algorithms: &'static dyn Verifier,
}

/// A certificate that must be the one presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedLeaf {
    /// The system that presents it, by its name in the definition; `None`: whatever is looked at.
    pub system: Option<Arc<str>>,
    /// Its SHA-1 (40 digits) or SHA-256 (64), hexadecimal in small letters.
    pub fingerprint: String,
}

impl ExpectedLeaf {
    /// Whether a certificate is the one.
    pub fn is(&self, certificate: &Certificate) -> bool {
        match self.fingerprint.len() {
            40 => certificate.thumbprint_sha1().eq_ignore_ascii_case(&self.fingerprint),
            _ => certificate.fingerprint_sha256().eq_ignore_ascii_case(&self.fingerprint),
        }
    }
}

impl TrustStore {
    /// The certificate that a system must present, where one is known.
    pub fn expected_of(&self, system: &str) -> impl Iterator<Item = &ExpectedLeaf> {
        self.expected_certificates.iter().filter(move |one| one.system.as_deref().is_none_or(|only| only == system))
    }

    /// A store over certificates that have been read. No client roots means the same as `roots`.
    pub fn new(
        roots: Vec<Arc<Certificate>>,
        client_roots: Vec<Arc<Certificate>>,
        intermediates: Vec<Arc<Certificate>>,
        algorithms: &'static dyn Verifier,
    ) -> Self {
        let client_roots = if client_roots.is_empty() { roots.clone() } else { client_roots };
        let anchored = roots.iter().filter(|root| root.facts().is_some()).map(Arc::clone).collect();
        Self {
            public_or_own: roots.clone(),
            roots,
            client_roots,
            intermediates,
            fetched: Vec::new(),
            signing_certificate: None,
            signing_authorities: Vec::new(),
            client_authorities: Vec::new(),
            proxy_certificates: Vec::new(),
            expected_certificates: Vec::new(),
            anchored,
            algorithms,
        }
    }

    /// The same, knowing more authorities' certificates.
    #[must_use]
    pub fn with_intermediates(&self, more: Vec<Arc<Certificate>>) -> Self {
        let mut all = self.clone();
        all.intermediates.extend(more);
        all
    }

    /// With public roots, for uses that may have a public certificate.
    #[must_use]
    pub fn with_public_roots(mut self, public: Vec<Arc<Certificate>>) -> Self {
        self.public_or_own.extend(public);
        self
    }
}

impl std::fmt::Debug for TrustStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrustStore")
            .field("roots", &self.roots.len())
            .field("client_roots", &self.client_roots.len())
            .field("intermediates", &self.intermediates.len())
            .finish_non_exhaustive()
    }
}
