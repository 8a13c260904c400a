//! What is wrong with JSON that was read for something, in words of ours.

use serde_json::error::Category;

/// Why JSON could not be read, with its line and column, both from 1. What a library says of its own types is no help to
/// whoever has the file.
pub fn words(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("it ends in the middle, in line {}", error.line()),
        Category::Syntax => format!("from {place} on it is no JSON"),
        Category::Io => format!("it cannot be read after line {}", error.line()),
        Category::Data => match quoted(&error.to_string()) {
            Some(("missing field", name)) => format!("what ends at {place} has no {name}"),
            Some(("duplicate field", name)) => format!("at {place} {name} is there twice"),
            Some(_) | None => format!("at {place} stands a value that this version does not know"),
        },
    }
}

/// A message that begins with a kind and a name between backticks.
fn quoted(message: &str) -> Option<(&'static str, &str)> {
    let kinds = ["missing field", "duplicate field"];
    let kind = kinds.into_iter().find(|kind| message.starts_with(kind))?;
    Some((kind, message.split('`').nth(1)?))
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::observation::failure::Failure;

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_without_the_names_of_types() {
        let why = |text: &str| serde_json::from_str::<Failure>(text).map_err(|error| words(&error)).unwrap_err();
        for (text, expected) in [
            ("{\"phase\": \"connect\"", "it ends in the middle, in line 1"),
            ("{\n]", "from line 2, column 1 on it is no JSON"),
            (
                "{\"phase\": \"connect\", \"kind\": \"connection-refused\"}",
                "what ends at line 1, column 50 has no detail",
            ),
            (
                "{\"phase\": \"connect\", \"kind\": \"of-a-later-version\", \"detail\": \"x\"}",
                "at line 1, column 65 stands a value that this version does not know",
            ),
        ] {
            assert_eq!(why(text), expected, "{text}");
        }
    }
}
