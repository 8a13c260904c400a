//! What every check may consult beside its subject: the site, whom it trusts, the time, the thresholds. All of it is
//! handed in, so that a check depends on no file, no clock and no engine.

use std::collections::HashMap;
use std::sync::Arc;

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor};
use serde::{Deserialize, Serialize};

use super::revocation::store::CrlStore;
use crate::observation::certificate::Certificate;
use crate::observation::handshake::Der;
use crate::observation::timing::Timestamp;
use crate::site::Site;

/// What every check may consult.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The site as defined.
    pub site: &'a Site,
    /// The certificates its parties trust.
    pub trust: &'a TrustStore,
    /// The time as of which is judged.
    pub now: Timestamp,
    /// Days before its end at which a certificate is warned about.
    pub warn_days: u32,
    /// How revocation is judged.
    pub revocation: RevocationMode,
    /// The revocation lists seen so far.
    pub crls: &'a CrlStore,
}

/// How revocation is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationMode {
    /// A list that cannot be had counts as revoked: what clients and IIS do.
    #[default]
    Hard,
    /// A list that cannot be had is a warning.
    Soft,
    /// Not judged.
    Off,
}

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

/// Certificates already read, so that an issuer met at every endpoint is read and kept once. Bounded: when it is full it
/// starts again, so a site of many hierarchies costs time and never memory.
#[derive(Debug, Default)]
pub struct CertificateCache(HashMap<Der, Arc<Certificate>>);

impl CertificateCache {
    /// How many are kept.
    const CAPACITY: usize = 1024;

    /// Reads a presented chain. The leaf is not kept: it is met once, or few times.
    pub fn read_chain(&mut self, chain: &[Der]) -> Vec<Arc<Certificate>> {
        let mut chain = chain.iter();
        let leaf = chain.next().map(|der| Arc::new(Certificate::read(der)));
        leaf.into_iter().chain(chain.map(|der| self.read(der))).collect()
    }

    /// Reads a certificate, or finds it read.
    pub fn read(&mut self, der: &Der) -> Arc<Certificate> {
        if let Some(known) = self.0.get(der) {
            return Arc::clone(known);
        }
        if self.0.len() >= Self::CAPACITY {
            self.0.clear();
        }
        let certificate = Arc::new(Certificate::read(der));
        self.0.insert(der.clone(), Arc::clone(&certificate));
        certificate
    }
}
