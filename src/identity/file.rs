//! Certificate files of every kind Windows exports, told apart by content: DER, PEM, PKCS #7, PKCS #12. Bytes in, facts
//! out; a wrong password is a fact too, because a requirement speaks of it.

use std::fmt;
use std::sync::Arc;

use openssl::pkcs7::Pkcs7;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;

pub use super::bundle::in_order;
use super::bundle::{certificates, first_tag, pkcs7_certificates};
use super::key::{fits, read_private_key};
use super::{ClientIdentity, IdentityError, Unlocked, opened, rounds, unlock};
use crate::certificate::Certificate;
use crate::observation::file::{FileFacts, FileFormat, KeyPresence, Lock};
use crate::wire::der::Der;
use crate::wire::pem::{self, Block};
use crate::wire::text;

/// The attribute by which Windows names a key's provider in a PKCS #12 file: 1.3.6.1.4.1.311.17.1.
const PROVIDER_ATTRIBUTE: [u8; 11] = [0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x11, 0x01];

/// Why bytes are no certificate file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// There are none.
    Empty,
    /// They are nothing this program knows; what they look like, in words.
    Unknown(&'static str),
    /// PEM without a certificate in it; the sections that are there.
    NoCertificate(Vec<String>),
    /// PEM of which some certificates cannot be read.
    Damaged {
        /// How many.
        damaged: usize,
        /// Of how many.
        of: usize,
        /// The line the first of them begins in, counted from 1.
        line: usize,
    },
    /// The key given beside it cannot be had.
    Key(IdentityError),
    /// It cannot be opened, whatever the password.
    Locked(IdentityError),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::Unknown(what) => write!(f, "this is no certificate file (DER, PEM, PKCS #7 or PKCS #12): {what}"),
            Self::NoCertificate(sections) if sections.is_empty() => f.write_str("this PEM file holds no certificate"),
            Self::NoCertificate(sections) => {
                write!(f, "this PEM file holds no certificate, only: {}", sections.join(", "))?;
                if sections.iter().any(|section| section.ends_with("CERTIFICATE REQUEST")) {
                    f.write_str(" (what is asked for; the file the authority answered with is wanted)")?;
                }
                Ok(())
            }
            Self::Damaged { damaged, of, line } if damaged == of => {
                write!(
                    f,
                    "this PEM file holds no certificate that can be read: what line {line} begins is cut off or damaged"
                )
            }
            Self::Damaged { damaged, of, line } => {
                let are = if *damaged == 1 { "is" } else { "are" };
                write!(f, "{damaged} of its {of} certificates {are} cut off or damaged (line {line})")
            }
            Self::Locked(error) => error.fmt(f),
            Self::Key(error) => write!(f, "the key beside it: {error}"),
        }
    }
}

impl std::error::Error for FileError {}

/// Opens a certificate file. `key` is a private key's file beside it; `secret` opens what is locked.
///
/// # Errors
/// The bytes are no certificate file, or the key beside it cannot be had.
pub fn open(bytes: &[u8], key: Option<&[u8]>, secret: Option<&str>) -> Result<FileFacts, FileError> {
    if bytes.is_empty() {
        return Err(FileError::Empty);
    }
    let Ok(text) = pem::text(bytes) else { return open_der(bytes, key, secret) };
    if text.starts_with("{\\rtf") {
        return Err(FileError::Unknown(looks_like(bytes)));
    }
    match pem::blocks(&text).as_slice() {
        [] => match pem::bare(&text) {
            // Clients read DER or Base64 by its first octet: this is not the one, whatever it decodes to.
            Some(der) => open_der(&der, key, secret).map(|facts| match facts.format {
                FileFormat::Der => FileFacts { format: FileFormat::Pem, ..facts },
                FileFormat::Pem | FileFormat::Pkcs7 | FileFormat::Pkcs12 | FileFormat::Saved => facts,
            }),
            None if text.trim().is_empty() => Err(FileError::Empty),
            None if !is_text(bytes) && bytes.first() == Some(&0x30) => open_der(bytes, key, secret),
            None => Err(FileError::Unknown(looks_like(text.trim_start().as_bytes()))),
        },
        // What `certutil -encode` makes of a PKCS #12 file.
        [one] if one.bytes().is_some_and(|der| is_pkcs12(&der)) => {
            open_der(&one.bytes().unwrap_or_default(), key, secret)
        }
        blocks => open_pem(blocks, bytes, key, secret),
    }
}

fn open_der(bytes: &[u8], key: Option<&[u8]>, secret: Option<&str>) -> Result<FileFacts, FileError> {
    if bytes.first() != Some(&0x30) {
        return Err(FileError::Unknown(looks_like(bytes)));
    }
    if X509::from_der(bytes).is_ok() || Certificate::read(&Der::from(bytes)).facts.is_ok() {
        return with_key(FileFormat::Der, vec![Der::from(bytes)], key, secret);
    }
    if let Some(certificates) = Pkcs7::from_der(bytes).ok().and_then(|file| pkcs7_certificates(&file)) {
        return with_key(FileFormat::Pkcs7, certificates, key, secret);
    }
    if Pkcs12::from_der(bytes).is_ok() {
        if rounds::too_many(bytes) {
            return Err(FileError::Locked(IdentityError::TooManyRounds));
        }
        return Ok(open_pkcs12(bytes, secret));
    }
    Err(FileError::Unknown("DER of another kind, or a certificate that was cut short or damaged"))
}

/// Whether it begins as PKCS #12 does: with its version.
fn is_pkcs12(der: &[u8]) -> bool {
    first_tag(der) == Some(0x02) && Pkcs12::from_der(der).is_ok()
}

/// Whether nothing but printed characters and white space begins it.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().take(512).all(|octet| octet.is_ascii_graphic() || octet.is_ascii_whitespace())
}

/// Whether something near the beginning says that a certificate begins.
fn begins(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096).unwrap_or(bytes);
    head.windows(17).any(|window| window.eq_ignore_ascii_case(b"BEGIN CERTIFICATE"))
}

/// What bytes look like that are no certificate file.
fn looks_like(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'<', ..] => "it looks like HTML or XML",
        [b'P', b'K', 3 | 5, 4 | 6, ..] => "it looks like a ZIP archive, or a file of Excel or Word",
        [b'M', b'Z', ..] => "it looks like a Windows program",
        [0x1f, 0x8b, ..] => "it is compressed (gzip)",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "it looks like a file of an older Excel or Word",
        [b'%', b'P', b'D', b'F', ..] => "it looks like a PDF",
        [b'{', b'\\', b'r', b't', b'f', ..] => {
            "it looks like Rich Text, as WordPad saves it: save what stands in it as plain text"
        }
        [0, 0, 0, 0, b'C', b'E', b'R', b'T', ..] => {
            "it looks like a certificate store (.sst): export the certificate alone"
        }
        _ if begins(bytes) => {
            "it looks like text in which the line -----BEGIN CERTIFICATE----- was changed: five hyphens stand on either side"
        }
        _ if text::decode(bytes).is_ok() => "it looks like text",
        _ => "its first byte begins no DER",
    }
}

fn open_pem(
    blocks: &[Block<'_>],
    bytes: &[u8],
    key: Option<&[u8]>,
    secret: Option<&str>,
) -> Result<FileFacts, FileError> {
    let found: Vec<(usize, Option<Vec<Der>>)> = blocks.iter().map(|block| (block.line, certificates(block))).collect();
    let all: Vec<Der> = found.iter().filter_map(|(_, found)| found.as_ref()).flatten().cloned().collect();
    let damaged = found.iter().filter(|(_, found)| found.is_none());
    if let Some((line, _)) = damaged.clone().next() {
        let damaged = damaged.count();
        return Err(FileError::Damaged { damaged, of: all.len() + damaged, line: *line });
    }
    if all.is_empty() {
        return Err(FileError::NoCertificate(blocks.iter().map(|block| block.label.to_owned()).take(100).collect()));
    }
    let seven = blocks.iter().filter(|block| !block.is_private_key()).all(|block| !block.is_certificate());
    let format = if seven { FileFormat::Pkcs7 } else { FileFormat::Pem };
    let own_key = blocks.iter().any(Block::is_private_key);
    with_key(format, all, key.or(own_key.then_some(bytes)), secret)
}

/// Certificates and perhaps a key beside them.
fn with_key(
    format: FileFormat,
    certificates: Vec<Der>,
    key: Option<&[u8]>,
    secret: Option<&str>,
) -> Result<FileFacts, FileError> {
    let Some(bytes) = key else {
        return Ok(facts(format, certificates, None, 0));
    };
    match read_private_key(bytes, secret) {
        Ok(key) => Ok(facts(format, certificates, Some(&key), 1)),
        Err(IdentityError::WrongSecret) => {
            Ok(FileFacts { lock: Lock::WrongSecret, ..facts(format, certificates, None, 1) })
        }
        Err(IdentityError::SecretMissing) => {
            Ok(FileFacts { lock: Lock::SecretMissing, ..facts(format, certificates, None, 1) })
        }
        Err(error) => Err(FileError::Key(error)),
    }
}

/// The certificate the file is about, and the others.
fn facts(format: FileFormat, certificates: Vec<Der>, key: Option<&PKey<Private>>, keys: usize) -> FileFacts {
    let mut all: Vec<Arc<Certificate>> = certificates.iter().map(|der| Arc::new(Certificate::read(der))).collect();
    let belongs = |one: &Arc<Certificate>| {
        key.is_some_and(|key| X509::from_der(one.der.as_slice()).is_ok_and(|certificate| fits(&certificate, key)))
    };
    let is_leaf = |one: &Arc<Certificate>| {
        one.facts().is_some_and(|facts| !facts.basic_constraints.is_some_and(|constraints| constraints.ca))
    };
    let own = all.iter().position(belongs);
    let at = own.or_else(|| all.iter().position(is_leaf)).or((!all.is_empty()).then_some(0));
    let certificate = at.map(|at| all.remove(at));
    let presence = match (key, own) {
        (None, _) => KeyPresence::Absent,
        (Some(_), Some(_)) => KeyPresence::Fits,
        (Some(_), None) => KeyPresence::DoesNotFit,
    };
    FileFacts { format, lock: Lock::Open, certificate, others: all, key: presence, keys, provider: None }
}

fn open_pkcs12(bytes: &[u8], secret: Option<&str>) -> FileFacts {
    match unlock(bytes, secret) {
        Ok(found) => unlocked(bytes, &found),
        Err(IdentityError::SecretMissing) => locked(Lock::SecretMissing),
        Err(_) => locked(Lock::WrongSecret),
    }
}

/// What a PKCS #12 file is that was not opened.
fn locked(lock: Lock) -> FileFacts {
    FileFacts { lock, ..facts(FileFormat::Pkcs12, Vec::new(), None, 0) }
}

/// An identity out of a PKCS #12 file, as [`ClientIdentity::from_pkcs12`] gives it, with what is to be judged of the file:
/// it is unlocked once for both.
pub fn identity_with_facts(
    name: &str,
    bytes: &[u8],
    secret: Option<&str>,
) -> (Result<ClientIdentity, IdentityError>, Result<FileFacts, FileError>) {
    match unlock(bytes, secret) {
        Ok(found) => {
            let facts = unlocked(bytes, &found);
            (opened(found).map(|opened| ClientIdentity::of(name, opened)), Ok(facts))
        }
        Err(error) => {
            let facts = not_unlocked(bytes, &error, secret);
            (Err(error), facts)
        }
    }
}

/// What is to be judged of a PKCS #12 file that is unlocked already.
fn unlocked(bytes: &[u8], found: &Unlocked) -> FileFacts {
    let ders = found.certificates.iter().filter_map(|one| one.to_der().ok()).map(Der::from).collect();
    let keys = usize::from(found.key.is_some());
    let provider = found.key.as_ref().and_then(|_| provider(&pem::unwrapped(bytes)));
    FileFacts { provider, ..facts(FileFormat::Pkcs12, ders, found.key.as_ref(), keys) }
}

/// What is to be judged of a file that could not be unlocked as PKCS #12.
///
/// # Errors
/// As [`open`].
fn not_unlocked(bytes: &[u8], why: &IdentityError, secret: Option<&str>) -> Result<FileFacts, FileError> {
    match why {
        IdentityError::WrongSecret => Ok(locked(Lock::WrongSecret)),
        IdentityError::SecretMissing => Ok(locked(Lock::SecretMissing)),
        IdentityError::TooManyRounds => Err(FileError::Locked(IdentityError::TooManyRounds)),
        _ => open(bytes, None, secret),
    }
}

/// The key's provider, where the file says so outside what is encrypted, as Windows writes it: an attribute of the key's
/// bag, a SET of one BMPString.
fn provider(bytes: &[u8]) -> Option<String> {
    let at = bytes.windows(PROVIDER_ATTRIBUTE.len()).position(|part| part == PROVIDER_ATTRIBUTE)?;
    let rest = bytes.get(at + PROVIDER_ATTRIBUTE.len()..)?;
    let [0x31, _, 0x1e, length, value @ ..] = rest else { return None };
    let value = value.get(..usize::from(*length))?;
    let units = value.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

#[cfg(test)]
mod tests {
    use super::{FileError, open};
    use crate::lab::pki::{
        CRYPTOGRAPHIC_SERVICE_PROVIDER, KEY_STORAGE_PROVIDER, KeyName, Minted, Pkcs12, Pki, Protection, pkcs7,
    };
    use crate::observation::file::{FileFormat, KeyPresence, Lock};

    fn client() -> Minted {
        let pki = Pki::lab().unwrap();
        pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap()
    }

    fn subject(bytes: &[u8], key: Option<&[u8]>) -> String {
        open(bytes, key, None).unwrap().certificate.unwrap().subject_text().to_owned()
    }

    #[test]
    fn files_are_what_their_bytes_are() {
        let (leaf, issuing) = (client(), &Pki::lab().unwrap().issuing);
        // The authority first: the file is about the certificate that is none.
        let pem = format!("{}{}", issuing.pem(), leaf.pem());
        let seven = pkcs7(&[&issuing.der, &leaf.der]).unwrap();
        let seven_pem = crate::lab::pki::pem("PKCS7", &seven);
        for (bytes, format) in [
            (leaf.der.as_slice(), FileFormat::Der),
            (pem.as_bytes(), FileFormat::Pem),
            (&seven, FileFormat::Pkcs7),
            (seven_pem.as_bytes(), FileFormat::Pkcs7),
        ] {
            let facts = open(bytes, None, None).unwrap();
            assert_eq!((facts.format, facts.key), (format, KeyPresence::Absent));
            assert_eq!(subject(bytes, None), "CN=ws01.corp.contoso.com", "{format:?}");
        }
    }

    #[test]
    fn keys_fit_or_do_not() {
        let leaf = client();
        let key = |minted: &Minted| minted.private_key().unwrap().private_key_to_pkcs8().unwrap();
        let with = |key: &[u8]| open(&leaf.der, Some(key), None).unwrap().key;
        assert_eq!(with(&key(&leaf)), KeyPresence::Fits);
        assert_eq!(with(&key(&Pki::lab().unwrap().root)), KeyPresence::DoesNotFit);
        assert!(matches!(open(&leaf.der, Some(b"none"), None), Err(FileError::Key(_))));
        let both = format!(
            "{}{}",
            leaf.pem(),
            String::from_utf8(leaf.private_key().unwrap().private_key_to_pem_pkcs8().unwrap()).unwrap()
        );
        assert_eq!(open(both.as_bytes(), None, None).unwrap().key, KeyPresence::Fits);
    }

    #[test]
    fn pkcs12_files_say_how_they_are_locked_and_whose_key_they_hold() {
        let leaf = client();
        for (name, protection) in
            [(KEY_STORAGE_PROVIDER, Protection::Legacy), (CRYPTOGRAPHIC_SERVICE_PROVIDER, Protection::Modern)]
        {
            let file = Pkcs12::export(&leaf, "secret").protection(protection).provider(name).der().unwrap();
            let facts = open(&file, None, Some("secret")).unwrap();
            assert_eq!((facts.lock, facts.key, facts.keys), (Lock::Open, KeyPresence::Fits, 1));
            assert_eq!(facts.provider.as_deref(), Some(name));
            assert_eq!(open(&file, None, Some("wrong")).unwrap().lock, Lock::WrongSecret);
            assert_eq!(open(&file, None, None).unwrap().lock, Lock::SecretMissing);
        }
        let keyless = Pkcs12::export(&leaf, "secret").keys(&[]).der().unwrap();
        assert_eq!(open(&keyless, None, Some("secret")).unwrap().key, KeyPresence::Absent);
        let others = Pkcs12::export(&leaf, "secret").keys(&[KeyName::Rsa2048H]).der().unwrap();
        assert_ne!(open(&others, None, Some("secret")).unwrap().key, KeyPresence::Fits);
    }

    #[test]
    fn a_file_that_would_take_minutes_to_open_is_refused_at_once() {
        let endless = include_bytes!("../../testdata/fuzz/file/found-endless-rounds.bin");
        for secret in [None, Some("secret"), Some("")] {
            let words = open(endless, None, secret).unwrap_err().to_string();
            assert!(words.contains("ten million rounds"), "{words}");
            assert!(super::super::open_pkcs12(endless, secret).is_err());
        }
    }

    #[test]
    fn what_is_no_certificate_file_says_what_it_looks_like() {
        let key = client().private_key().unwrap().private_key_to_pem_pkcs8().unwrap();
        for (bytes, words) in [
            (&b""[..], "empty"),
            (b"<html>", "HTML"),
            (b"hello", "text"),
            (b"MZ\x90", "Windows program"),
            (b"\xff\xfe", "empty"),
            (b"\xfe\xfe", "no DER"),
            (b"\xff\xfeh\0i\0", "text"),
            (b"-----BEGIN NEW CERTIFICATE REQUEST-----\nMAMCAQU=\n-----END NEW CERTIFICATE REQUEST-----\n", "answered"),
            (b"\x30\x03\x02\x01\x01", "DER of another kind"),
            (&key, "PRIVATE KEY"),
            (b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", "no certificate"),
        ] {
            let error = open(bytes, None, None).unwrap_err().to_string();
            assert!(error.contains(words), "{bytes:?}: {error}");
        }
    }

    #[test]
    fn no_cut_or_flipped_file_panics() {
        let leaf = client();
        let file = Pkcs12::export(&leaf, "secret").der().unwrap();
        for bytes in [leaf.der.clone(), leaf.pem().into_bytes(), file, pkcs7(&[&leaf.der]).unwrap()] {
            for cut in (0..bytes.len()).step_by(7) {
                let _ = open(&bytes[..cut], None, Some("secret"));
            }
        }
    }
}
