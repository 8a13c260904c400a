//! The JSON Schema of definitions, from the tables of keys: what editors complete and check with.

use serde_json::{Map, Value, json};

use super::keys::{FILE, Key, Kind, Need, SYSTEM_ROLES, Table};
use crate::site::role::{Role, UnjudgedRole};
use crate::site::windows::WindowsVersion;

/// The JSON Schema (draft 2020-12) that every definition fits, TOML's dates taken as texts.
pub fn definition_schema() -> Value {
    let mut schema = table(&FILE);
    if let Value::Object(fields) = &mut schema {
        fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        fields.insert("title".to_owned(), json!("cmprobe site definition"));
    }
    schema
}

fn table(of: &'static Table) -> Value {
    let properties: Map<String, Value> = of.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = of.keys.iter().filter(|key| key.need == Need::Required).map(|key| key.name).collect();
    let mut schema = json!({
        "type": "object",
        "description": of.doc,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if let (true, Value::Object(fields)) = (of.is_ports(), &mut schema) {
        let roles: Vec<Role> = of.keys.iter().filter_map(|key| Role::parse(key.name)).collect();
        let port = json!({"type": "integer", "minimum": 1, "maximum": 65535});
        fields.insert("patternProperties".to_owned(), json!({ in_any_case(&words_of(&roles)): port }));
    }
    schema
}

/// Names and short forms.
fn words_of(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().flat_map(|role| [Some(role.name()), role.short()]).flatten().collect()
}

/// A pattern for these words in any case; JSON Schema's patterns know no other way.
fn in_any_case(words: &[&str]) -> String {
    let letter = |c: char| match c {
        'a'..='z' => format!("[{c}{}]", c.to_ascii_uppercase()),
        '.' => "\\.".to_owned(),
        c => c.to_string(),
    };
    let words: Vec<String> = words.iter().map(|word| word.chars().map(letter).collect()).collect();
    format!("^(?:{})$", words.join("|"))
}

/// One of these words, offered as they are and taken in any case.
fn word(words: &[&str]) -> Value {
    json!({"type": "string", "anyOf": [{"enum": words}, {"pattern": in_any_case(words)}]})
}

fn property(key: &'static Key) -> Value {
    let mut property = kind(key);
    if let Value::Object(fields) = &mut property {
        fields.insert("description".to_owned(), json!(key.doc));
        if let Need::Default(default) = key.need {
            fields.insert("default".to_owned(), from_toml(default));
        }
        if !key.example.is_empty() {
            fields.insert("examples".to_owned(), json!([from_toml(key.example)]));
        }
    }
    property
}

fn kind(key: &'static Key) -> Value {
    let text = || json!({"type": "string", "minLength": 1});
    let list = |items: Value| json!({"type": "array", "items": items});
    match key.kind {
        Kind::Text => text(),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Port => json!({"type": "integer", "minimum": 1, "maximum": 65535}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Choice(choices) => json!({"enum": choices}),
        Kind::Role(roles) => word(&words_of(roles)),
        Kind::Roles => {
            let mut words = words_of(SYSTEM_ROLES);
            words.extend(UnjudgedRole::ALL.iter().map(|role| role.name()));
            list(word(&words))
        }
        Kind::Windows => list(word(&WindowsVersion::names().collect::<Vec<_>>())),
        Kind::Certificate | Kind::WebPath => text(),
        Kind::ProxyExceptions => list(text()),
        Kind::Named => json!({"type": "object", "additionalProperties": text()}),
        Kind::Texts => list(text()),
        Kind::Address => json!({"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}),
        Kind::NameServers => list(text()),
        Kind::HttpProxy => json!({"type": "string", "pattern": "^http://[^@/]+:[0-9]+/?$"}),
        Kind::Pins => {
            json!({"type": "object", "additionalProperties": {"type": "array", "minItems": 1, "items": text()}})
        }
        Kind::Table(below) => table(below),
        Kind::Tables(below) => list(table(below)),
    }
}

/// A value written in TOML, as JSON; dates become texts.
fn from_toml(written: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => json!(text),
            toml::Value::Integer(number) => json!(number),
            toml::Value::Float(number) => json!(number),
            toml::Value::Boolean(flag) => json!(flag),
            toml::Value::Datetime(moment) => json!(moment.to_string()),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, convert(value))).collect(),
        }
    }
    let document: toml::Table = format!("value = {written}").parse().unwrap_or_default();
    document.into_iter().next().map_or(Value::Null, |(_, value)| convert(value))
}

#[cfg(test)]
mod tests {
    use super::{FILE, Need, definition_schema, from_toml};

    #[test]
    fn examples_and_defaults_are_toml_and_fit_the_schema_of_their_key() {
        for table in FILE.all() {
            for key in table.keys {
                let schema = super::property(key);
                let validator = jsonschema::validator_for(&schema).expect("a schema");
                let default = if let Need::Default(default) = key.need { Some(default) } else { None };
                for written in default.into_iter().chain(Some(key.example).filter(|example| !example.is_empty())) {
                    let value = from_toml(written);
                    assert!(validator.is_valid(&value), "{} {}: {written}", table.heading, key.name);
                }
            }
        }
    }

    #[test]
    fn the_schema_knows_what_the_reader_knows() {
        let validator = jsonschema::validator_for(&definition_schema()).expect("a schema");
        let fits = |written: &str| validator.is_valid(&from_toml(&format!("{{ {written} }}")));
        let system = "system = [{ name = \"MP01\", roles = [\"management-point\"] }]";
        assert!(fits(&format!("site = {{ code = \"PRI\" }}, {system}")));
        assert!(!fits(&format!("site = {{ code = \"PRI\", colour = 1 }}, {system}")));
        assert!(!fits("site = { code = \"PRI\" }"));
        assert!(!fits(&format!("site = {{ code = \"PRI\", profile = \"2012\" }}, {system}")));
    }
}
