//! One SSL_CTX for each range of versions, built once: everything weak switched on, nothing that hides a certificate.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use openssl::error::ErrorStack;
use openssl::provider::Provider;
use openssl::ssl::{
    SslContext, SslContextBuilder, SslMethod, SslOptions, SslSessionCacheMode, SslVerifyMode, SslVersion,
};

use super::ffi;
use crate::wire::version::ProtocolVersion;

/// The longest Certificate or CertificateRequest message read, in bytes: three times the longest seen in the field.
const CERTIFICATE_MESSAGE_LIMIT: i32 = 256 * 1024;

/// Every suite but those without a certificate: a server without a usable key would choose them, and show none.
const SUITES: &str = "ALL:COMPLEMENTOFALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0";
/// The cheaper of equally good ones first.
const SUITES_TLS13: &str = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256";
/// No post-quantum share: it would make the hello longer than a packet, which old stacks do not all survive.
const GROUPS: &str = "X25519:P-256:P-384:P-521";

// What openssl's own flags have no names for; the numbers are ssl.h's.
/// Meet servers without RFC 5746.
pub(super) const LEGACY_SERVER_CONNECT: u64 = 1 << 2;
/// What lets a connection do without RFC 5746.
pub(super) const WITHOUT_RFC_5746: u64 = LEGACY_SERVER_CONNECT | ALLOW_UNSAFE_LEGACY_RENEGOTIATION;
/// Take a close without close_notify for a close.
pub(super) const IGNORE_UNEXPECTED_EOF: u64 = 1 << 7;
/// Renegotiate with servers without RFC 5746, as IIS 6 and 7 are without their updates: else none of their client certificate
/// rows could be told. What an attacker gains (a request of his own before ours) is nothing here: we ask for what anybody may
/// read, and send no secret. Taken back on a connection whose first handshake had RFC 5746.
pub(super) const ALLOW_UNSAFE_LEGACY_RENEGOTIATION: u64 = 1 << 18;

/// Make a hello of 256 to 511 octets as long as 512.
const TLSEXT_PADDING: u64 = 1 << 4;

/// The versions, both ends included, and whether hellos of a middling length are padded.
type Made = (ProtocolVersion, ProtocolVersion, bool);

/// The context for these versions, both ends included.
pub(super) fn of(oldest: ProtocolVersion, newest: ProtocolVersion, padded: bool) -> Result<SslContext, ErrorStack> {
    static CONTEXTS: LazyLock<Mutex<HashMap<Made, SslContext>>> = LazyLock::new(Mutex::default);
    let mut contexts = CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(context) = contexts.get(&(oldest, newest, padded)) {
        return Ok(context.clone());
    }
    let context = build(oldest, newest, padded)?;
    contexts.insert((oldest, newest, padded), context.clone());
    Ok(context)
}

fn build(oldest: ProtocolVersion, newest: ProtocolVersion, padded: bool) -> Result<SslContext, ErrorStack> {
    load_old_ciphers()?;
    let mut context = SslContextBuilder::new(SslMethod::tls_client())?;
    context.set_security_level(0);
    context.set_min_proto_version(version(oldest))?;
    context.set_max_proto_version(version(newest))?;
    context.set_cipher_list(SUITES)?;
    context.set_ciphersuites(SUITES_TLS13)?;
    context.set_groups_list(GROUPS)?;
    context.set_verify(SslVerifyMode::NONE);
    // A resumed session shows no certificate.
    context.set_session_cache_mode(SslSessionCacheMode::OFF);
    context.set_options(SslOptions::NO_TICKET | SslOptions::NO_COMPRESSION);
    context.set_options(SslOptions::from_bits_retain(WITHOUT_RFC_5746 | IGNORE_UNEXPECTED_EOF));
    if padded {
        context.set_options(SslOptions::from_bits_retain(TLSEXT_PADDING));
    }
    ffi::bound_certificate_messages(&mut context, CERTIFICATE_MESSAGE_LIMIT);
    Ok(context.build())
}

/// RC4 and its kind stand in a provider of their own, which has to be loaded beside the default one, once for the process.
/// Nothing but a context that asks for them uses them.
pub(crate) fn load_old_ciphers() -> Result<(), ErrorStack> {
    static LOADED: LazyLock<Result<Provider, ErrorStack>> = LazyLock::new(|| Provider::try_load(None, "legacy", true));
    match &*LOADED {
        Ok(_) => Ok(()),
        Err(error) => Err(error.clone()),
    }
}

fn version(version: ProtocolVersion) -> Option<SslVersion> {
    match version {
        ProtocolVersion::SSL3 => Some(SslVersion::SSL3),
        ProtocolVersion::TLS1_0 => Some(SslVersion::TLS1),
        ProtocolVersion::TLS1_1 => Some(SslVersion::TLS1_1),
        ProtocolVersion::TLS1_2 => Some(SslVersion::TLS1_2),
        ProtocolVersion::TLS1_3 => Some(SslVersion::TLS1_3),
        ProtocolVersion(_) => None,
    }
}
