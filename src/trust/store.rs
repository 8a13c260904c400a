//! The certificates a site's parties trust.

use std::sync::Arc;

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor};

use crate::certificate::Certificate;

/// The certificates a site's parties trust, read, with the means to verify signatures.
pub struct TrustStore {
    /// What clients trust.
    pub roots: Vec<Arc<Certificate>>,
    /// What client certificates chain to.
    pub client_roots: Vec<Arc<Certificate>>,
    /// Present on clients, not sent by servers.
    pub intermediates: Vec<Arc<Certificate>>,
    /// The site server signing certificate the definition names.
    pub signing_certificate: Option<Arc<Certificate>>,
    /// What stands beside it in its file: authorities above it.
    pub signing_authorities: Vec<Arc<Certificate>>,
    /// The separate certificates proxies use on their inner leg, by the proxy's name.
    pub proxy_certificates: Vec<(Arc<str>, Arc<Certificate>)>,
    /// `roots` as anchors; those that cannot be anchors are left out.
    pub anchors: Vec<TrustAnchor<'static>>,
    /// The certificates `anchors` were made of, in the same order.
    pub anchored: Vec<Arc<Certificate>>,
    /// `client_roots` as anchors.
    pub client_anchors: Vec<TrustAnchor<'static>>,
    /// How signatures are verified, weak ones too: a value, so that no check depends on a crypto library.
    pub algorithms: &'static [&'static dyn SignatureVerificationAlgorithm],
}

impl TrustStore {
    /// A store over certificates that have been read. No client roots means the same as `roots`.
    pub fn new(
        roots: Vec<Arc<Certificate>>,
        client_roots: Vec<Arc<Certificate>>,
        intermediates: Vec<Arc<Certificate>>,
        algorithms: &'static [&'static dyn SignatureVerificationAlgorithm],
    ) -> Self {
        let client_roots = if client_roots.is_empty() { roots.clone() } else { client_roots };
        let ((anchors, anchored), (client_anchors, _)) = (anchors(&roots), anchors(&client_roots));
        Self {
            roots,
            client_roots,
            intermediates,
            signing_certificate: None,
            signing_authorities: Vec::new(),
            proxy_certificates: Vec::new(),
            anchors,
            anchored,
            client_anchors,
            algorithms,
        }
    }
}

impl TrustStore {
    /// The same, with further authorities at hand.
    #[must_use]
    pub fn with_intermediates(&self, further: &[Arc<Certificate>]) -> Self {
        Self {
            roots: self.roots.clone(),
            client_roots: self.client_roots.clone(),
            intermediates: self.intermediates.iter().chain(further).cloned().collect(),
            signing_certificate: self.signing_certificate.clone(),
            signing_authorities: self.signing_authorities.clone(),
            proxy_certificates: self.proxy_certificates.clone(),
            anchors: self.anchors.clone(),
            anchored: self.anchored.clone(),
            client_anchors: self.client_anchors.clone(),
            algorithms: self.algorithms,
        }
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

/// The certificates that can be anchors, as anchors and as certificates.
fn anchors(certificates: &[Arc<Certificate>]) -> (Vec<TrustAnchor<'static>>, Vec<Arc<Certificate>>) {
    certificates
        .iter()
        .filter_map(|certificate| {
            let der = CertificateDer::from(certificate.der.as_slice());
            let anchor = webpki::anchor_from_trusted_cert(&der).ok()?.to_owned();
            Some((anchor, Arc::clone(certificate)))
        })
        .unzip()
}
