//! A client nobody knows: a well-formed certificate with the same names as the site's own, under a root minted on the
//! spot. A server that lets it in checks nothing.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder, X509NameRef};
use tokio::sync::watch;
use zeroize::Zeroizing;

use super::{ClientIdentity, IdentityError};
use crate::certificate::Certificate;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// Days before and after now within which the minted certificates are valid.
const VALID_DAYS: i64 = 7;

/// A stranger, or one that is being minted: making its key takes a moment in which names are resolved and others connect.
/// Cheap to share.
#[derive(Clone)]
pub struct Stranger {
    minted: watch::Receiver<Option<Result<Arc<ClientIdentity>, String>>>,
    _minting: Arc<Minting>,
}

/// The thread that mints; it ends before the last who may wait for it is gone, and so before the program does.
struct Minting(Option<JoinHandle<()>>);

impl Drop for Minting {
    fn drop(&mut self) {
        // One that panicked has given nobody a stranger; those who waited know.
        let _ = self.0.take().map(JoinHandle::join);
    }
}

impl Stranger {
    /// Has one minted as [`mint`] does it, beside whatever else goes on.
    pub fn begin(like: Option<Der>, now: Timestamp) -> Self {
        let (sender, minted) = watch::channel(None);
        let minting = move || {
            let made = mint(like.as_ref(), now).map(Arc::new).map_err(|error| error.to_string());
            // Nobody may be left who waits.
            let _ = sender.send(Some(made));
        };
        let thread = thread::Builder::new().name("stranger".into()).spawn(minting).ok();
        Self { minted, _minting: Arc::new(Minting(thread)) }
    }

    /// The stranger, once it is there.
    ///
    /// # Errors
    /// It could not be minted; why, in words.
    pub async fn minted(&self) -> Result<Arc<ClientIdentity>, String> {
        match self.minted.clone().wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(identity))) => Ok(Arc::clone(identity)),
            Ok(Some(Err(words))) => Err(format!("no stranger's certificate could be minted: {words}")),
            Ok(None) | Err(_) => Err("no stranger's certificate could be minted: no thread was there for it".into()),
        }
    }
}

impl From<Arc<ClientIdentity>> for Stranger {
    fn from(identity: Arc<ClientIdentity>) -> Self {
        Self { minted: watch::channel(Some(Ok(identity))).1, _minting: Arc::new(Minting(None)) }
    }
}

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
