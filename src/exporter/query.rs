//! The queries `serve` answers. A query names what the exporter was started with, by name alone: it never holds a path.
//! Each refusal is a fixed sentence, so that nothing a stranger wrote is sent back.

use crate::plan::endpoint::Endpoint;
use crate::site::role::Role;

/// The longest path with its query, in octets.
pub const LONGEST: usize = 2048;
/// The longest value of a parameter, in octets.
const LONGEST_VALUE: usize = 300;

/// A query, taken apart: each parameter at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    definition: Option<String>,
    vantage: Option<String>,
    target: Option<String>,
    role: Option<String>,
}

/// What a scrape asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The last run of a definition.
    Definition {
        /// Its name.
        name: String,
        /// The one vantage of it that is wanted; `None`: all.
        vantage: Option<String>,
    },
    /// An endpoint, probed now.
    Target(Endpoint),
}

/// The query that names a definition, and a vantage of it.
pub fn of_definition(name: &str, vantage: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("definition", name);
    if let Some(vantage) = vantage {
        query.append_pair("vantage", vantage);
    }
    query.finish()
}

impl Query {
    /// Takes a query apart.
    ///
    /// # Errors
    /// What is wrong with it, in a fixed sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut query = Self::default();
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            let place = match key.as_ref() {
                "definition" => &mut query.definition,
                "vantage" => &mut query.vantage,
                "target" => &mut query.target,
                "role" => &mut query.role,
                _ => return Err("a query may hold definition and vantage, or target and role, and nothing else"),
            };
            if value.len() > LONGEST_VALUE || value.contains(|sign: char| sign.is_control() || sign == '\u{fffd}') {
                return Err("a value is too long, or is no text");
            }
            if place.replace(value.into_owned()).is_some() {
                return Err("a parameter is given twice");
            }
        }
        Ok(query)
    }

    /// What a scrape asks for.
    ///
    /// # Errors
    /// What is wrong with it, in a fixed sentence.
    pub fn probe(self) -> Result<Probe, &'static str> {
        match self {
            Self { definition: Some(name), vantage, target: None, role: None } => {
                Ok(Probe::Definition { name, vantage })
            }
            Self { definition: None, vantage: None, target: Some(target), role } => {
                endpoint(&target, role.as_deref()).map(Probe::Target)
            }
            Self { definition: Some(_), .. } | Self { target: Some(_), .. } => {
                Err("definition goes with vantage, target with role; give one of the two")
            }
            Self { .. } => Err("name a definition, or a target"),
        }
    }

    /// The definition that is asked about, and nothing beside it; `None`: none is named.
    ///
    /// # Errors
    /// What is wrong with it, in a fixed sentence.
    pub fn definition(self) -> Result<Option<String>, &'static str> {
        match self {
            Self { definition, vantage: None, target: None, role: None } => Ok(definition),
            Self { .. } => Err("only a definition can be named here"),
        }
    }
}

/// An endpoint as a query names it: `HOST[:PORT]`, its role apart.
fn endpoint(target: &str, role: Option<&str>) -> Result<Endpoint, &'static str> {
    const RIGHT: &str = "the target is no HOST[:PORT]";
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_' | ':' | '[' | ']');
    if !target.chars().all(is_plain) {
        return Err(RIGHT);
    }
    let role = match role {
        Some(text) => Some(Role::parse(text).filter(|role| role.uses_https()).ok_or("there is no such role")?),
        None => None,
    };
    let text = role.map_or_else(|| target.to_owned(), |role| format!("{}={target}", role.name()));
    Endpoint::parse(&text).map_err(|_| RIGHT)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_VALUE, Probe, Query};
    use crate::site::role::Role;

    fn read(text: &str) -> Result<Probe, &'static str> {
        Query::parse(text).and_then(Query::probe)
    }

    #[test]
    fn definitions_are_named_and_never_found_by_a_path() {
        let named = |name: &str, vantage: Option<&str>| {
            Ok(Probe::Definition { name: name.to_owned(), vantage: vantage.map(str::to_owned) })
        };
        assert_eq!(read("definition=site"), named("site", None));
        assert_eq!(read("definition=site&vantage=internet"), named("site", Some("internet")));
        assert_eq!(read("definition=M%C3%BCnchen+1"), named("M\u{fc}nchen 1", None));
        // A name like any other, which no definition has.
        assert_eq!(read("definition=../../etc/passwd"), named("../../etc/passwd", None));
        for text in [
            "",
            "definition",
            "definition=a&definition=b",
            "definition=a&target=b",
            "definition=a&role=mp",
            "definition=%ff",
            "definition=a%00",
            "vantage=internet",
            "role=mp",
            "module=tls",
            "target=a&vantage=b",
        ] {
            assert!(read(text).is_err() || text == "definition", "{text}");
        }
        assert!(read(&format!("definition={}", "a".repeat(400))).is_err());
    }

    #[test]
    fn queries_are_read_as_they_are_written() {
        for (name, vantage) in [("site", None), ("M\u{fc}nchen & 1=2?", Some("inter net"))] {
            let written = super::of_definition(name, vantage);
            let vantage = vantage.map(str::to_owned);
            assert_eq!(read(&written), Ok(Probe::Definition { name: name.to_owned(), vantage }), "{written}");
        }
    }

    #[test]
    fn a_value_of_a_query_may_be_so_long_and_no_longer() {
        let named = |length: usize| read(&format!("definition={}", "a".repeat(length)));
        assert!(named(LONGEST_VALUE).is_ok() && named(LONGEST_VALUE + 1).is_err());
    }

    #[test]
    fn targets_are_hosts_with_ports() {
        for (text, host, port, role) in [
            ("target=mp01", "mp01", 443, None),
            ("target=mp01:8443&role=mp", "mp01", 8443, Some(Role::ManagementPoint)),
            ("target=[::1]:8531&role=SUP", "::1", 8531, Some(Role::SoftwareUpdatePoint)),
        ] {
            let Ok(Probe::Target(endpoint)) = read(text) else { panic!("{text}") };
            assert_eq!((endpoint.host.as_str(), endpoint.port, endpoint.role), (host, port, role), "{text}");
        }
        for text in [
            "target=",
            "target=a/b",
            "target=https://a",
            "target=mp=a",
            "target=a:0",
            "target=a:99999",
            "target=u@a",
            "target=a%0d%0ab",
            "target=a&role=king",
            "target=a&role=",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
