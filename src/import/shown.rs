//! What stands in an export, as a remark shows it.

/// How much of it, in characters.
const SHOWN: usize = 80;

/// What stands in an export, quoted where it looks like a name, a number or a URL without a user: whatever else stands
/// there may be a secret.
pub(super) fn short(written: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
    if written.chars().all(is_plain) && written.chars().nth(SHOWN).is_none() {
        format!("\u{201c}{written}\u{201d}")
    } else {
        "something that is not shown".to_owned()
    }
}
