//! A client nobody knows: a well-formed certificate with the same names as the site's own, under a root minted on the
//! spot. A server that lets it in checks nothing.

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder, X509NameRef};
use zeroize::Zeroizing;

use super::{ClientIdentity, IdentityError};
use crate::certificate::Certificate;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// Days before and after now within which the minted certificates are valid.
const VALID_DAYS: i64 = 7;

/// Mints the stranger: the names of `like`, where given, under a root of its own.
///
/// # Errors
/// The cryptography library failed.
pub fn mint(like: Option<&Der>, now: Timestamp) -> Result<ClientIdentity, IdentityError> {
    // One for both: neither outlives the run, and making it is most of what a small site's run computes.
    let key = PKey::from_rsa(Rsa::generate(2048)?)?;
    let root_name = common_name("A root nobody trusts")?;
    let mut root = begin(&root_name, &root_name, &key, now)?;
    root.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    root.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
    root.sign(&key, MessageDigest::sha256())?;
    let root = root.build();

    let known = like.map(Certificate::read);
    let facts = known.as_ref().and_then(Certificate::facts);
    let subject = match like.and_then(|der| X509::from_der(der.as_slice()).ok()) {
        Some(certificate) => certificate.subject_name().to_owned()?,
        None => common_name("stranger")?,
    };
    let mut leaf = begin(&subject, &root_name, &key, now)?;
    leaf.append_extension(BasicConstraints::new().build()?)?;
    leaf.append_extension(KeyUsage::new().critical().digital_signature().key_encipherment().build()?)?;
    leaf.append_extension(ExtendedKeyUsage::new().client_auth().build()?)?;
    let names: Vec<&str> = facts.map(|facts| facts.dns_names().collect()).unwrap_or_default();
    if !names.is_empty() {
        let mut alternative = SubjectAlternativeName::new();
        for name in names.iter().filter(|name| name.is_ascii() && !name.contains([',', ':'])) {
            alternative.dns(name);
        }
        let extension = alternative.build(&leaf.x509v3_context(Some(&root), None));
        if let Ok(extension) = extension {
            leaf.append_extension(extension)?;
        }
    }
    leaf.sign(&key, MessageDigest::sha256())?;
    let chain = vec![Der::from(leaf.build().to_der()?), Der::from(root.to_der()?)];
    Ok(ClientIdentity::new("stranger", chain, Zeroizing::new(key.private_key_to_pkcs8()?)))
}

fn common_name(text: &str) -> Result<X509Name, IdentityError> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", text)?;
    Ok(name.build())
}

/// Version, serial, names, dates and key.
fn begin(
    subject: &X509NameRef,
    issuer: &X509NameRef,
    key: &PKey<Private>,
    now: Timestamp,
) -> Result<X509Builder, IdentityError> {
    let mut serial = BigNum::new()?;
    serial.rand(120, MsbOption::MAYBE_ZERO, false)?;
    let mut builder = X509Builder::new()?;
    builder.set_version(2)?;
    builder.set_serial_number(Asn1Integer::from_bn(&serial)?.as_ref())?;
    builder.set_subject_name(subject)?;
    builder.set_issuer_name(issuer)?;
    builder.set_not_before(Asn1Time::from_unix(now.unix() - VALID_DAYS * 86_400)?.as_ref())?;
    builder.set_not_after(Asn1Time::from_unix(now.unix() + VALID_DAYS * 86_400)?.as_ref())?;
    builder.set_pubkey(key)?;
    Ok(builder)
}
