//! From DER to facts, by x509-parser. Total: every byte string gives facts or a reason, never a panic.

use super::Facts;

/// Reads the facts, or says why the bytes are no certificate.
pub(super) fn facts(_der: &[u8]) -> Result<Facts, String> {
    Err("not read yet".into())
}
