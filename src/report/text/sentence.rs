//! The beginnings of texts, where there is no room for more.

/// Up to the first full stop behind which another sentence begins.
pub(in crate::report) fn first_sentence(text: &str) -> &str {
    let begins = |next: char| next.is_uppercase() || matches!(next, '`' | '\u{201c}');
    let end = text
        .match_indices(". ")
        .map(|(at, _)| at + 1)
        .find(|end| text.get(*end..).is_some_and(|rest| rest.trim_start().starts_with(begins)));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Up to the first semicolon outside parentheses.
pub(in crate::report) fn clause(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return text.get(..at).unwrap_or(text),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{clause, first_sentence};

    #[test]
    fn a_sentence_ends_where_another_begins() {
        assert_eq!(first_sentence("Bind it. Then restart."), "Bind it.");
        assert_eq!(
            first_sentence("Open inetmgr.exe, e.g. from Run; bind it."),
            "Open inetmgr.exe, e.g. from Run; bind it."
        );
        assert_eq!(first_sentence("On the authority: publish. `certutil -crl` does."), "On the authority: publish.");
        assert_eq!(first_sentence(""), "");
    }

    #[test]
    fn a_clause_ends_at_a_semicolon_outside_parentheses() {
        assert_eq!(clause("a (b; c), d; e"), "a (b; c), d");
        assert_eq!(clause("a"), "a");
    }
}
