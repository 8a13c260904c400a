//! What rustls asks of us during a handshake, answered with "yes" and written down: the server's certificates, its proof
//! of the key, its request for ours.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use ::rustls::client::{ClientSessionStore, ResolvesClientCert, Tls12ClientSessionValue, Tls13ClientSessionValue};
use ::rustls::crypto::ring::sign::any_supported_type;
use ::rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use ::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use ::rustls::sign::CertifiedKey;
use ::rustls::{CertificateError, DigitallySignedStruct, Error, NamedGroup, SignatureScheme};

use super::PROVIDER;
use super::key_proof::key_proof;
use crate::engine::{Capture, Objection};
use crate::identity::ClientIdentity;
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::observation::handshake::{ClientCertificateRequest, Handshake, KeyProof, RequestedWhen};
use crate::wire::der::Der;

/// The recorder of one handshake.
pub(super) struct Recorder {
    capture: Capture,
    identity: Option<Arc<CertifiedKey>>,
    /// What decides whether it may be presented.
    objection: Option<Arc<Objection>>,
    /// The server asked, and accepts no signature this engine can make with the key.
    no_common_scheme: AtomicBool,
}

impl Recorder {
    /// A recorder into `capture` that presents `identity` if asked, to whom there is no objection.
    pub(super) fn new(
        capture: Capture,
        identity: Option<&ClientIdentity>,
        objection: Option<Arc<Objection>>,
    ) -> Result<Self, Failure> {
        let identity = identity.map(load).transpose()?;
        let objection = objection.filter(|_| identity.is_some());
        Ok(Self { capture, identity, objection, no_common_scheme: AtomicBool::new(false) })
    }

    /// Why the identity was not presented though it was asked for; `None`: it was, or was not asked for.
    pub(super) fn unusable(&self, captured: &Handshake) -> Option<Failure> {
        if let Some(withheld) = self.capture.withheld() {
            return Some(withheld.clone());
        }
        let refused = self.no_common_scheme.load(Ordering::Acquire) && !captured.client_certificate_sent;
        refused.then(|| {
            Failure::new(
                HandshakeFailure::IdentityUnusable,
                "the server accepts none of the signatures the rustls engine can make with the client's key; the openssl engine can make older ones",
            )
        })
    }

    fn note_proof(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
        checked: Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        let proof = key_proof(message, leaf, signed, checked.err());
        let mut captured = self.capture.lock();
        captured.key_proof = proof.clone();
        if self.objection.is_some() && proof != KeyProof::Good {
            captured.client_certificate_sent = false;
            self.capture.withhold("the server did not prove that it holds its certificate's key");
            return Err(CertificateError::BadSignature.into());
        }
        Ok(HandshakeSignatureValid::assertion())
    }
}

/// The identity in rustls's terms.
fn load(identity: &ClientIdentity) -> Result<Arc<CertifiedKey>, Failure> {
    let key = PrivatePkcs8KeyDer::from(identity.key.as_slice()).into();
    let key = any_supported_type(&key).map_err(|_| {
        // The error's text is ring's word for what it met in the key; it says less than this.
        let words = format!(
            "the rustls engine cannot use the key of client \u{201c}{}\u{201d} (it takes RSA of 2048 to 8192 bits, P-256, P-384 and Ed25519); the openssl engine can",
            identity.name
        );
        Failure::new(HandshakeFailure::IdentityUnusable, words)
    })?;
    let chain = identity.chain.iter().map(|one| CertificateDer::from(one.as_slice().to_vec())).collect();
    Ok(Arc::new(CertifiedKey::new(chain, key)))
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

/// A store of sessions that keeps none and notes that a ticket came.
impl ClientSessionStore for Recorder {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, _: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        None
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _: ServerName<'static>, _: Tls13ClientSessionValue) {
        self.capture.note_ticket();
    }

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        None
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let mut captured = self.capture.lock();
        captured.chain = Vec::with_capacity(1 + intermediates.len());
        captured.chain.push(Der::from(end_entity.as_ref()));
        captured.chain.extend(intermediates.iter().map(|one| Der::from(one.as_ref())));
        captured.ocsp_response = (!ocsp_response.is_empty()).then(|| Der::from(ocsp_response));
        if let Some(objection) = self.objection.as_ref().and_then(|objection| objection(&captured.chain)) {
            // In TLS 1.3 it was chosen before this certificate came, and is not sent.
            captured.client_certificate_sent = false;
            self.capture.withhold(&objection);
            return Err(CertificateError::UnknownIssuer.into());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let checked = verify_tls12_signature(message, cert, signed, &PROVIDER.signature_verification_algorithms);
        self.note_proof(message, cert, signed, checked)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let checked = verify_tls13_signature(message, cert, signed, &PROVIDER.signature_verification_algorithms);
        self.note_proof(message, cert, signed, checked)
    }

    /// Everything a server may sign with: what ring verifies first, so that a good server chooses that; then what only
    /// lets an old or odd server go on, so that its certificate is seen.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        const RSA_PSS_PSS: [u16; 3] = [0x0809, 0x080a, 0x080b];
        const DSA: [u16; 2] = [0x0402, 0x0202];
        let mut schemes = PROVIDER.signature_verification_algorithms.supported_schemes();
        schemes.push(SignatureScheme::ECDSA_NISTP521_SHA512);
        schemes.push(SignatureScheme::ED448);
        schemes.extend(RSA_PSS_PSS.map(SignatureScheme::Unknown));
        schemes.push(SignatureScheme::ECDSA_SHA1_Legacy);
        schemes.push(SignatureScheme::RSA_PKCS1_SHA1);
        schemes.extend(DSA.map(SignatureScheme::Unknown));
        schemes
    }
}

impl ResolvesClientCert for Recorder {
    fn resolve(&self, root_hint_subjects: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let mut captured = self.capture.lock();
        captured.client_certificate_request = Some(ClientCertificateRequest {
            when: RequestedWhen::Handshake,
            accepted_issuers: root_hint_subjects.iter().copied().map(Der::from).collect(),
        });
        let identity = self.identity.as_ref()?;
        if identity.key.choose_scheme(schemes).is_none() {
            self.no_common_scheme.store(true, Ordering::Release);
            return None;
        }
        captured.client_certificate_sent = true;
        Some(Arc::clone(identity))
    }

    fn has_certs(&self) -> bool {
        true
    }
}
