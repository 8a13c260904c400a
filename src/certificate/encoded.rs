//! What is published is often text around DER: with a byte order mark, white before it, BEGIN and END lines.

/// The text a file may be, without a byte order mark and what is white before it.
pub(super) fn text(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

/// What lies between the first BEGIN line and the END line after it, whatever they are the beginning and the end of:
/// Windows' certutil calls whatever it encodes a certificate.
pub(super) fn from_pem(text: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(text).ok()?;
    let (_, after) = text.split_once("-----BEGIN ")?;
    let (_, body) = after.split_once("-----")?;
    let (body, _) = body.split_once("-----END ")?;
    let body: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::BASE64.decode(&body).ok()
}
