//! What counts as the same words in two runs: how long something took, or how many days are left, is another number every
//! time and says nothing of the site.

/// Units of time, as messages write them.
const UNITS: [&str; 15] = [
    "ms", "s", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month",
    "months", "year",
];

/// The words without their durations and without the addresses given, which are compared by themselves.
pub(super) fn essence(words: &str, addresses: &[String]) -> String {
    let mut text = words.to_owned();
    for address in addresses {
        text = text.replace(address.as_str(), "the address");
    }
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

#[cfg(test)]
mod tests {
    use super::essence;

    #[test]
    fn times_and_addresses_do_not_count_but_everything_else_does() {
        let same = |one: &str, other: &str| {
            essence(one, &["10.0.0.1:443".into(), "10.0.0.1".into()])
                == essence(other, &["10.0.0.2:443".into(), "10.0.0.2".into()])
        };
        assert!(same("It expired 3 days ago.", "It expired 1 day ago."));
        assert!(same("2.31 s, and 0.20 s beside that", "3.01 s, and 0.10 s beside that"));
        assert!(same("10.0.0.1:443 refused", "10.0.0.2:443 refused"));
        assert!(!same("a key of 1024 bits", "a key of 2048 bits"));
        assert!(!same("port 443", "port 8531"));
        assert!(!same("10.0.0.3 refused", "10.0.0.2 refused"));
    }
}
