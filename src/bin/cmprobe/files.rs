//! Reads what a run needs from files: definitions, certificates, secrets, keys. Bounded, and every complaint names the
//! file and says what would be right.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use cmprobe::observation::certificate::Certificate;
use cmprobe::observation::handshake::Der;
use openssl::pkcs7::Pkcs7;
use openssl::pkcs12::Pkcs12;
use zeroize::Zeroizing;

/// The most that is read of a definition, a list's line, or a file of certificates or keys.
pub(crate) const LIMIT: u64 = 1024 * 1024;

/// Reads a whole file of at most a mebibyte.
///
/// # Errors
/// What is wrong with it, and what would be right; the caller names the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    read_into(path, LIMIT, &mut bytes)?;
    Ok(bytes)
}

/// Reads a whole file that may hold a key or a password; what was read is wiped after use.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_secret(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    // Room for all there may be, so that no copy is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT as usize + 2));
    read_into(path, LIMIT, &mut bytes)?;
    Ok(bytes)
}

fn read_into(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> Result<(), String> {
    let file = File::open(path).map_err(|error| opening(&error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err("is a directory; name a file in it".into());
    }
    file.take(limit + 1).read_to_end(bytes).map_err(|error| opening(&error))?;
    if bytes.is_empty() {
        return Err("is empty".into());
    }
    if bytes.len() as u64 > limit {
        return Err(format!("is larger than {} MiB; is it the right file?", limit / (1024 * 1024)));
    }
    Ok(())
}

/// Why a file cannot be read.
pub(crate) fn opening(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".into(),
        ErrorKind::PermissionDenied => "may not be read by this user".into(),
        ErrorKind::IsADirectory => "is a directory; name a file in it".into(),
        _ => format!("cannot be read: {error}"),
    }
}

/// Reads a text file.
///
/// # Errors
/// As [`read`], or it is no UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    text(read(path)?)
}

/// The largest list of endpoints: about a million.
const LIST_LIMIT: u64 = 64 * 1024 * 1024;

/// Reads a list of endpoints, or standard input where the path is `-`.
///
/// # Errors
/// As [`read_text`].
pub(crate) fn read_list(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(LIST_LIMIT + 1).read_to_end(&mut bytes).map_err(|error| opening(&error))?;
        if bytes.len() as u64 > LIST_LIMIT {
            return Err(format!("is larger than {} MiB", LIST_LIMIT / (1024 * 1024)));
        }
    } else {
        read_into(path, LIST_LIMIT, &mut bytes)?;
    }
    text(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n').count();
        format!("line {} is not UTF-8 text; save the file as UTF-8", line + 1)
    })
}

/// Reads every certificate of a file: PEM, DER or PKCS #7, told by content.
///
/// # Errors
/// As [`read`], or there is no certificate in it, or one that cannot be read.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Arc<Certificate>>, String> {
    certificates_in(&read(path)?)
}

/// What would be right.
const RIGHT: &str = "export the certificate as \u{201c}Base-64 encoded X.509\u{201d}, \u{201c}DER encoded binary X.509\u{201d} or PKCS #7";

fn certificates_in(bytes: &[u8]) -> Result<Vec<Arc<Certificate>>, String> {
    let found = if let Some(at) = bytes.windows(11).position(|part| part == b"-----BEGIN ") {
        in_pem(&bytes[at..])?
    } else {
        in_der(bytes)?
    };
    for (at, certificate) in found.iter().enumerate() {
        if let Err(why) = &certificate.facts {
            let which = if found.len() > 1 { format!("certificate {}", at + 1) } else { "its certificate".into() };
            return Err(format!("{which} cannot be read: {why}"));
        }
    }
    Ok(found)
}

fn in_pem(bytes: &[u8]) -> Result<Vec<Arc<Certificate>>, String> {
    let mut found = Vec::new();
    let mut others: Vec<String> = Vec::new();
    let text = String::from_utf8_lossy(bytes);
    let mut rest = text.as_ref();
    while let Some((_, section)) = rest.split_once("-----BEGIN ") {
        let Some((label, after)) = section.split_once("-----") else { break };
        let end = format!("-----END {label}-----");
        let Some((body, after)) = after.split_once(&end) else {
            return Err(format!("its {label} has no end: the file is cut off"));
        };
        rest = after;
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => found.push(read_der(&base64(label, body)?)),
            "PKCS7" => found.extend(in_pkcs7(&base64(label, body)?).ok_or("its PKCS7 cannot be read")?),
            other => others.push(other.to_owned()),
        }
    }
    if found.is_empty() {
        return Err(match others.first() {
            Some(other) => format!("holds a {other} and no certificate; {RIGHT}"),
            None => format!("holds no certificate; {RIGHT}"),
        });
    }
    Ok(found)
}

fn base64(label: &str, body: &str) -> Result<Vec<u8>, String> {
    let packed: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::BASE64
        .decode(&packed)
        .map_err(|_| format!("its {label} is not Base64 throughout: the file is damaged"))
}

fn in_der(bytes: &[u8]) -> Result<Vec<Arc<Certificate>>, String> {
    let certificate = read_der(bytes);
    if certificate.facts.is_ok() {
        return Ok(vec![certificate]);
    }
    if let Some(found) = in_pkcs7(bytes) {
        return if found.is_empty() { Err(format!("is PKCS #7 without a certificate; {RIGHT}")) } else { Ok(found) };
    }
    if Pkcs12::from_der(bytes).is_ok() {
        return Err(format!("is PKCS #12, a certificate with its key; {RIGHT}"));
    }
    match &certificate.facts {
        Err(why) if bytes.first() == Some(&0x30) => Err(format!("is no certificate: {why}; {RIGHT}")),
        _ => Err(format!("is neither PEM, DER nor PKCS #7; {RIGHT}")),
    }
}

/// The certificates of a PKCS #7 structure; `None`: it is none.
fn in_pkcs7(bytes: &[u8]) -> Option<Vec<Arc<Certificate>>> {
    let pkcs7 = Pkcs7::from_der(bytes).ok()?;
    let certificates = pkcs7.signed().and_then(|signed| signed.certificates());
    Some(certificates.into_iter().flatten().filter_map(|one| one.to_der().ok()).map(|der| read_der(&der)).collect())
}

fn read_der(bytes: &[u8]) -> Arc<Certificate> {
    Arc::new(Certificate::read(&Der::from(bytes)))
}
