//! Words of complaints: what was found, what may have been meant, what would be right.

use toml::de::DeValue;

use super::keys::{Key, SYSTEM_ROLES};
use crate::site::role::{Role, UnjudgedRole, no_role};
use crate::site::suggestion::nearest;

/// What is wrong with a path below a web directory.
pub(super) fn web_path_fault(text: &str) -> Option<&'static str> {
    if text.contains('\\') {
        return Some("holds a backslash; on the web / separates");
    }
    if text.contains("://") || text.starts_with('/') {
        return Some("begins at the top; it is below the package directory");
    }
    if text.contains(['?', '#', '%'])
        || text.chars().any(char::is_whitespace)
        || text.split('/').any(|part| part == "..")
    {
        return Some("is no plain path");
    }
    None
}

/// What is wrong with a text whatever it means.
pub(super) fn text_fault(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("is empty".to_owned());
    }
    let control = text.chars().find(|c| c.is_control())?;
    Some(format!("holds the control character U+{:04X}", u32::from(control)))
}

/// What a word that is no role may have been meant to be.
pub(super) fn role(written: &str, roles: &[Role]) -> String {
    match Role::parse(written) {
        Some(Role::Proxy) => return "a proxy has a [[proxy]] table of its own".to_owned(),
        Some(Role::Nlb) => return "a cluster has a [[cluster]] table of its own".to_owned(),
        Some(_) | None => {}
    }
    if let Some(why) = no_role(written) {
        return why.to_owned();
    }
    let mut names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    if roles == SYSTEM_ROLES {
        names.extend(UnjudgedRole::ALL.iter().map(|role| role.name()));
    }
    choice(written, &names)
}

/// What to write in place of a text that cannot be meant. In double quotes a backslash makes the letter after it a sign:
/// `"pki\new.cer"` holds a line end.
pub(super) fn remedy(text: &str, key: &Key) -> String {
    let signs = [('\n', "\\n"), ('\t', "\\t"), ('\r', "\\r"), ('\u{8}', "\\b"), ('\u{c}', "\\f"), ('\u{1b}', "\\e")];
    let is_path = text.contains(['.', ':', '\\']);
    if !is_path || text.trim().is_empty() || !text.chars().any(char::is_control) {
        return right(key);
    }
    let mut written = text.to_owned();
    for (sign, escape) in signs {
        written = written.replace(sign, escape);
    }
    backslashes(&written)
}

/// How to write a path with backslashes.
pub(super) fn backslashes(path: &str) -> String {
    const LONGEST: usize = 120;
    let path: String = path.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    format!("a path with backslashes stands in single quotes: write '{path}', double each backslash, or use /")
}

/// What one of several words may have been meant to be.
pub(super) fn choice(written: &str, choices: &[&str]) -> String {
    match nearest(&written.replace(['_', ' '], "-"), choices.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!("one of {}", listed(choices.iter().copied())),
    }
}

pub(super) fn right(key: &Key) -> String {
    format!("write {} = {}", key.name, key.example)
}

/// What a value is, in words.
pub(super) fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Something written, in quotes and cut to a readable length.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    // What acts or cannot be seen is escaped; a path on Windows stands as it was written.
    let visible = |c: char| match c {
        '\\' | '"' | '\'' => c.to_string(),
        _ => c.escape_debug().to_string(),
    };
    let mut shown: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("\u{201c}{shown}\u{201d}")
}

/// `a, b, c`.
pub(super) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// A sentence's beginning in small letters, without its stop, to stand after a colon.
pub(super) fn lower(sentence: &str) -> String {
    let sentence = sentence.strip_suffix('.').unwrap_or(sentence);
    let mut characters = sentence.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

/// A key path: dots between, quotes around what is not a bare key.
pub(super) fn join(path: &str, name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let name = if bare { name.to_owned() } else { format!("\"{}\"", name.escape_debug()) };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}
