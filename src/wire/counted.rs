//! Numbers with their nouns.

use std::fmt::Display;

/// A number and its noun: `1 certificate`, `2 authorities`.
pub fn counted(count: impl Display + PartialEq + From<u8>, noun: &str) -> String {
    let several = if count == 1.into() { noun.to_owned() } else { several(noun) };
    format!("{count} {several}")
}

/// A noun where there is not just one.
fn several(noun: &str) -> String {
    let vowel = |stem: &str| stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    match (noun.strip_suffix("sis"), noun.strip_suffix('y')) {
        (Some(stem), _) => format!("{stem}ses"),
        (None, Some(stem)) if !vowel(stem) => format!("{stem}ies"),
        (None, _) if noun.ends_with("ss") => format!("{noun}es"),
        (None, _) => format!("{noun}s"),
    }
}

/// A number of something, and the verb that goes with it: `1 system agrees`, `2 systems agree`.
pub fn counted_with(count: usize, noun: &str, one: &str, several: &str) -> String {
    format!("{} {}", counted(count, noun), if count == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::{counted, counted_with};

    #[test]
    fn a_noun_has_the_form_its_number_asks_for() {
        let told = ["certificate", "address", "authority", "proxy", "diagnosis", "key", "other reason"];
        assert_eq!(told.map(|noun| counted(1, noun).replace("1 ", "")), told);
        let several = ["certificates", "addresses", "authorities", "proxies", "diagnoses", "keys", "other reasons"];
        assert_eq!(told.map(|noun| counted(2, noun).replace("2 ", "")), several);
        assert_eq!(told.map(|noun| counted(0, noun).replace("0 ", "")), several);
        assert_eq!(counted_with(1, "system", "agrees", "agree"), "1 system agrees");
        assert_eq!(counted_with(3, "system", "agrees", "agree"), "3 systems agree");
    }
}
