//! Certificates of client computers, in files, and of what else is a client of site systems: a proxy on its inner leg.

pub mod client_auth_eku;
pub mod cng_provider;
pub mod crl_reachable;
pub mod expiry;
pub mod first_san;
pub mod key_length;
pub mod key_matches;
pub mod leads_to_root;
pub mod rsa_key;
pub mod signature;
pub mod unique_name;
pub mod validity;

use crate::certificate::{AlternativeName, Facts, oid};
use crate::rule::scope::Scope;
use crate::rule::usage::Use;
use crate::verdict::{Evidence, Verdict};

/// Client computers' certificates in files.
pub const CLIENT_FILES: Scope = Scope::files(&[Use::Client], "client computers' certificates");

/// Certificates that site systems are shown: client computers', and the separate one of a bridging proxy.
pub const PRESENTED_TO_SERVERS: Scope = Scope::files(
    &[Use::Client, Use::Proxy],
    "client computers' certificates, and separate ones that bridging proxies show to site systems",
);

/// The longest key 2007 supports for clients, in bits.
pub(crate) const LONGEST_KEY: u32 = 2048;

/// Whether a certificate is for Client Authentication.
pub(crate) fn client_authentication(certificate: &Facts) -> Verdict {
    if certificate.has_extended_key_usage(oid::CLIENT_AUTHENTICATION) {
        return Verdict::pass();
    }
    let evidence = Evidence::new("The certificate is not for Client Authentication.")
        .expected(format!("Client Authentication ({})", oid::CLIENT_AUTHENTICATION));
    match &certificate.extended_key_usage {
        None => evidence.observed("no Enhanced Key Usage extension").cause("The certificate names no purpose."),
        Some(purposes) => evidence
            .observed_all(purposes.iter().cloned())
            .cause("The certificate was made from a template for another purpose."),
    }
    .fail()
}

/// Whether a certificate's key is at most 2048 bits long.
pub(crate) fn at_most_2048(certificate: &Facts) -> Verdict {
    let bits = certificate.public_key.bits;
    if bits <= LONGEST_KEY {
        return Verdict::pass_with(format!("{bits} bits"));
    }
    Evidence::new("The certificate's key is longer than supported.")
        .expected(format!("at most {LONGEST_KEY} bits"))
        .observed(format!("{bits} bits"))
        .cause("The template's minimum key size is set too high.")
        .fail()
}

/// The value a client is known by: the first Subject Alternative Name, else the Subject; `None`: there is neither.
pub(crate) fn identity(certificate: &Facts) -> Option<String> {
    let alternative = certificate
        .alternative_names
        .iter()
        .flatten()
        .map(AlternativeName::to_string)
        .find(|value| !value.ends_with(':'));
    alternative.or_else(|| (!certificate.subject.text.is_empty()).then(|| certificate.subject.text.clone()))
}
