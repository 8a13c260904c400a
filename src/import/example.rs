//! A whole definition to start from by hand, with every table and key there is.

/// The example's text; what stands in it is Contoso's, and what is optional is commented out.
pub const TEXT: &str = include_str!("example.toml");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::TEXT;
    use crate::site::Site;
    use crate::site::definition::definition_schema;

    /// The keys of a table of the schema, and of those below it.
    fn keys(schema: &Value, found: &mut Vec<String>) {
        let table = schema.get("items").unwrap_or(schema);
        for (key, below) in table.get("properties").and_then(Value::as_object).into_iter().flatten() {
            found.push(key.clone());
            keys(below, found);
        }
    }

    #[test]
    fn it_is_a_definition_and_shows_every_key() {
        let site = Site::from_toml(TEXT, Path::new("")).expect("a definition without fault");
        assert!(site.systems.len() > 3);
        let mut all = Vec::new();
        keys(&definition_schema(), &mut all);
        assert!(all.len() > 40);
        let shows = |key: &String| {
            TEXT.lines().map(|line| line.trim_start_matches(['#', ' '])).any(|line| {
                line.strip_prefix(key.as_str()).is_some_and(|rest| rest.trim_start().starts_with('='))
                    || line.starts_with(&format!("[[{key}]]"))
                    || line.starts_with(&format!("[{key}]"))
                    || line.contains(&format!(".{key}]"))
            })
        };
        let missing: Vec<String> = all.into_iter().filter(|key| !shows(key)).collect();
        assert!(missing.is_empty(), "the example shows no {}", missing.join(", "));
    }

    #[test]
    fn what_is_commented_out_is_a_definition_too() {
        // Line by line: a commented line that looks like TOML must be TOML.
        for line in TEXT.lines().filter_map(|line| line.strip_prefix("# ")) {
            let is_toml = line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
            if is_toml {
                assert!(line.parse::<toml::Table>().is_ok(), "{line}");
            }
        }
    }
}
