//! Certificates that stand together: in the blocks of a PEM file, in PKCS #7.

use openssl::pkcs7::Pkcs7;

use crate::wire::der::Der;
use crate::wire::pem::{self, Block};

/// The certificates of a PEM file in its order: that in which a server sends them. Base64 without any lines around it holds
/// one certificate.
pub fn in_order(bytes: &[u8]) -> Vec<Der> {
    let Ok(text) = pem::text(bytes) else { return Vec::new() };
    let blocks = pem::blocks(&text);
    if blocks.is_empty() {
        return pem::bare(&text).map(Der::from).into_iter().collect();
    }
    blocks.iter().filter_map(certificates).flatten().collect()
}

/// The certificates of a block: its one, or those of what authorities answer with under the same label. `None`: it is cut
/// off or damaged; nothing, where it holds something else.
pub(super) fn certificates(block: &Block<'_>) -> Option<Vec<Der>> {
    if !block.is_certificate() && !matches!(block.label, "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA") {
        return Some(Vec::new());
    }
    let der = block.bytes()?;
    // An object identifier begins PKCS #7.
    if first_tag(&der) == Some(0x06) {
        return Pkcs7::from_der(&der).ok().and_then(|file| pkcs7_certificates(&file));
    }
    block.is_certificate().then(|| vec![Der::from(der)])
}

/// The certificates of PKCS #7; `None`: it holds none.
pub(super) fn pkcs7_certificates(file: &Pkcs7) -> Option<Vec<Der>> {
    let certificates = file.signed()?.certificates()?;
    let ders: Vec<Der> = certificates.iter().filter_map(|one| one.to_der().ok()).map(Der::from).collect();
    (!ders.is_empty()).then_some(ders)
}

/// The tag of the first value inside the outer SEQUENCE: what tells the structures apart that files hold.
pub(super) fn first_tag(der: &[u8]) -> Option<u8> {
    let [0x30, first, rest @ ..] = der else { return None };
    let octets = if *first < 0x80 { 0 } else { usize::from(first & 0x7f) };
    rest.get(octets).copied()
}
