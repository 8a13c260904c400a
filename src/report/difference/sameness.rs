//! What counts as the same words in two runs: how long something took, or how many days are left, is another number every
//! time and says nothing of the site.

use std::collections::HashSet;

/// Units of time, as messages write them.
const UNITS: [&str; 15] = [
    "ms", "s", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month",
    "months", "year",
];

/// The words without their durations and without the addresses given, which are compared by themselves.
pub(super) fn essence(words: &str, addresses: &HashSet<String>) -> String {
    let text = without_addresses(words, addresses);
    let tokens: Vec<&str> = text.split(' ').collect();
    let bare = |token: &str| token.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_number = |token: &str| {
        let number = bare(token);
        !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let is_unit = |token: &str| UNITS.contains(&bare(token).as_str()) || bare(token) == "years";
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        if is_number(token) && next.is_some_and(|next| is_unit(next)) {
            kept.push("a time");
            at += 2;
        } else {
            kept.push(token);
            at += 1;
        }
    }
    kept.join(" ")
}

/// Each address is looked up once where it stands, so that thousands of addresses cost no more than one.
fn without_addresses(words: &str, addresses: &HashSet<String>) -> String {
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '[' | ']');
    let mut text = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(begin) = rest.find(is_part) {
        let (before, from) = rest.split_at(begin);
        let (run, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        let bare = run.trim_end_matches(['.', ':']);
        let end = &run[bare.len()..];
        text.push_str(before);
        // Another port of the same address is another port still.
        match bare.rsplit_once(':') {
            _ if addresses.contains(bare) => text.push_str("the address"),
            Some((address, port)) if addresses.contains(address.trim_matches(['[', ']'])) => {
                text.push_str("the address:");
                text.push_str(port);
            }
            Some(_) | None => text.push_str(bare),
        }
        text.push_str(end);
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::essence;

    #[test]
    fn times_and_addresses_do_not_count_but_everything_else_does() {
        let same = |one: &str, other: &str| {
            let known = |port: &str, address: &str| [port.to_owned(), address.to_owned()].into();
            essence(one, &known("10.0.0.1:443", "10.0.0.1")) == essence(other, &known("10.0.0.2:443", "10.0.0.2"))
        };
        assert!(same("It expired 3 days ago.", "It expired 1 day ago."));
        assert!(same("2.31 s, and 0.20 s beside that", "3.01 s, and 0.10 s beside that"));
        assert!(same("10.0.0.1:443 refused", "10.0.0.2:443 refused"));
        assert!(same("refused by 10.0.0.1.", "refused by 10.0.0.2."));
        assert!(same("asked 10.0.0.1:80: nothing", "asked 10.0.0.2:80: nothing"));
        assert!(!same("asked 10.0.0.1:80", "asked 10.0.0.2:8530"));
        assert!(!same("a key of 1024 bits", "a key of 2048 bits"));
        assert!(!same("port 443", "port 8531"));
        assert!(!same("10.0.0.3 refused", "10.0.0.2 refused"));
    }
}
