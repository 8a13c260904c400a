//! "Did you mean …?": the known word nearest to one that is not.

/// The candidate nearest to `word`, if one is near enough to be what was meant: a third of its characters may differ,
/// case apart. Of several equally near, the first by the alphabet.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let allowed = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= allowed)
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Words longer than this are no misspelt keywords or names.
const LONGEST: usize = 64;

/// How many characters must be put in, left out, changed, or swapped with their neighbour.
fn distance(word: &[char], candidate: &str) -> usize {
    let candidate: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=candidate.len()).collect();
    for (row, of_word) in word.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, of_candidate) in candidate.iter().enumerate() {
            let cell = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut least = (cell(&above, column) + usize::from(of_word != of_candidate))
                .min(cell(&above, column + 1) + 1)
                .min(cell(&current, column) + 1);
            let swapped = row > 0
                && column > 0
                && word.get(row - 1) == Some(of_candidate)
                && candidate.get(column - 1) == Some(of_word);
            if swapped {
                least = least.min(cell(&before, column - 1) + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const KEYS: [&str; 4] = ["profile", "publishes", "intranet_fqdn", "internet_fqdn"];

    #[test]
    fn a_slip_finds_its_word_and_another_word_finds_none() {
        for (slip, meant) in [
            ("pofile", Some("profile")),
            ("profiel", Some("profile")),
            ("Profile", Some("profile")),
            ("publish", Some("publishes")),
            ("internet_fdqn", Some("internet_fqdn")),
            ("colour", None),
            ("", None),
            ("x", None),
            (&"profile".repeat(20), None),
        ] {
            assert_eq!(nearest(slip, KEYS), meant, "{slip}");
        }
        assert_eq!(nearest("MP02", ["MP01", "DP01"]), Some("MP01"));
        assert_eq!(nearest("MP0", ["MP03", "MP01", "MP02"]), Some("MP01"));
    }
}
