//! A certificate, as documents have it: facts only, and the bytes.

use std::collections::HashMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::certificate::cache::MOST_OCTETS;
use crate::certificate::{Certificate, Facts, KeyUsage};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// A certificate. Where its bytes cannot be read, `unreadable` says why and everything it says is `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CertificateReport {
    /// Whom it speaks of, most specific part first.
    pub subject: Option<String>,
    /// Who says so.
    pub issuer: Option<String>,
    /// The serial number, lower-case hexadecimal.
    pub serial: Option<String>,
    /// The first moment of its validity.
    pub not_before: Option<Timestamp>,
    /// The last moment of its validity.
    pub not_after: Option<Timestamp>,
    /// SHA-256 over the bytes, lower-case hexadecimal.
    pub fingerprint_sha256: String,
    /// SHA-1 over the bytes, lower-case hexadecimal: the thumbprint Windows shows.
    pub thumbprint_sha1: String,
    /// Subject Alternative Name, each with its kind: `dns:`, `ip:`, `upn:` …; `null`: no such extension.
    pub subject_alternative_names: Option<Vec<String>>,
    /// Enhanced (Extended) Key Usage, OIDs in order; `null`: no such extension.
    pub extended_key_usage: Option<Vec<String>>,
    /// Key Usage; `null`: no such extension.
    pub key_usage: Option<Vec<KeyUsageWord>>,
    /// Whether Basic Constraints call it an authority's; `null`: no such extension.
    pub certificate_authority: Option<bool>,
    /// The public key.
    pub public_key: Option<PublicKeyReport>,
    /// How it is signed.
    pub signature_algorithm: Option<String>,
    /// CRL distribution points, every URL in order.
    pub crl_distribution_points: Option<Vec<String>>,
    /// OCSP responders.
    pub ocsp_responders: Option<Vec<String>>,
    /// The template it was made from, where it says so.
    pub template: Option<TemplateReport>,
    /// Why the bytes cannot be read.
    pub unreadable: Option<String>,
    /// The bytes, Base64.
    pub der: Der,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicKeyReport {
    /// What kind of key.
    pub algorithm: String,
    /// Its length in bits; for a curve, of its field.
    pub bits: u32,
}

/// An AD CS template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateReport {
    /// Its OID (version 2 templates and later).
    pub oid: Option<String>,
    /// Its name (version 1 templates).
    pub name: Option<String>,
}

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUsageWord {
    /// Signing in the handshake.
    DigitalSignature,
    /// Signing what cannot be disowned.
    NonRepudiation,
    /// Decrypting the premaster secret.
    KeyEncipherment,
    /// Decrypting data itself.
    DataEncipherment,
    /// Key agreement.
    KeyAgreement,
    /// Signing certificates.
    KeyCertSign,
    /// Signing CRLs.
    CrlSign,
    /// With key agreement: encrypting only.
    EncipherOnly,
    /// With key agreement: decrypting only.
    DecipherOnly,
}

impl KeyUsageWord {
    fn of(usage: KeyUsage) -> Vec<Self> {
        [
            (usage.digital_signature, Self::DigitalSignature),
            (usage.non_repudiation, Self::NonRepudiation),
            (usage.key_encipherment, Self::KeyEncipherment),
            (usage.data_encipherment, Self::DataEncipherment),
            (usage.key_agreement, Self::KeyAgreement),
            (usage.key_cert_sign, Self::KeyCertSign),
            (usage.crl_sign, Self::CrlSign),
            (usage.encipher_only, Self::EncipherOnly),
            (usage.decipher_only, Self::DecipherOnly),
        ]
        .into_iter()
        .filter_map(|(set, word)| set.then_some(word))
        .collect()
    }
}

impl From<&Certificate> for CertificateReport {
    fn from(certificate: &Certificate) -> Self {
        let facts = certificate.facts();
        let list = |of: fn(&Facts) -> &Vec<String>| facts.map(|facts| of(facts).clone());
        Self {
            subject: facts.map(|facts| facts.subject.text.clone()),
            issuer: facts.map(|facts| facts.issuer.text.clone()),
            serial: facts.map(|facts| facts.serial.clone()),
            not_before: facts.map(|facts| facts.not_before),
            not_after: facts.map(|facts| facts.not_after),
            fingerprint_sha256: certificate.fingerprint_sha256(),
            thumbprint_sha1: certificate.thumbprint_sha1(),
            subject_alternative_names: facts
                .and_then(|facts| facts.alternative_names.as_ref())
                .map(|names| names.iter().map(ToString::to_string).collect()),
            extended_key_usage: facts.and_then(|facts| facts.extended_key_usage.clone()),
            key_usage: facts.and_then(|facts| facts.key_usage).map(KeyUsageWord::of),
            certificate_authority: facts.and_then(|facts| facts.basic_constraints).map(|basic| basic.ca),
            public_key: facts.map(|facts| PublicKeyReport {
                algorithm: facts.public_key.algorithm.to_string(),
                bits: facts.public_key.bits,
            }),
            signature_algorithm: facts.map(|facts| facts.signature.name.clone()),
            crl_distribution_points: list(|facts| &facts.crl_distribution_points),
            ocsp_responders: list(|facts| &facts.ocsp_responders),
            template: facts
                .and_then(|facts| facts.template.as_ref())
                .map(|template| TemplateReport { oid: template.oid.clone(), name: template.name.clone() }),
            unreadable: certificate.facts.as_ref().err().cloned(),
            der: certificate.der.clone(),
        }
    }
}

/// Certificates already told, so that an issuer met at every endpoint is told and kept once. Bounded as the cache of
/// certificates read is: when it is full it starts again.
#[derive(Debug, Default)]
pub struct CertificateReports {
    known: HashMap<[u8; 32], Arc<CertificateReport>>,
    octets: usize,
}

impl CertificateReports {
    /// How many are kept.
    const CAPACITY: usize = 1024;

    /// Tells a chain. The leaf is not kept: it is met once, or few times.
    pub fn chain(&mut self, chain: &[Arc<Certificate>]) -> Vec<Arc<CertificateReport>> {
        let mut chain = chain.iter();
        let leaf = chain.next().map(|leaf| Arc::new(CertificateReport::from(leaf.as_ref())));
        leaf.into_iter().chain(chain.map(|issuer| self.issuer(issuer))).collect()
    }

    fn issuer(&mut self, certificate: &Certificate) -> Arc<CertificateReport> {
        if let Some(known) = self.known.get(&certificate.fingerprint) {
            return Arc::clone(known);
        }
        let octets = certificate.der.as_slice().len();
        if self.known.len() >= Self::CAPACITY || self.octets + octets > MOST_OCTETS {
            self.known.clear();
            self.octets = 0;
        }
        let report = Arc::new(CertificateReport::from(certificate));
        self.known.insert(certificate.fingerprint, Arc::clone(&report));
        self.octets += octets;
        report
    }
}
