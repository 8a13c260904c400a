//! Where a definition's tables begin: for reports that lead back to the text.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::site::fault::{Position, Ruler};

/// A table's heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// What the table describes.
    pub kind: HeadingKind,
    /// Which of its kind it is, from 0.
    pub place: usize,
    /// Its name; of a waiver, the requirement.
    pub name: String,
    /// Where it stands.
    pub at: Position,
}

/// Tables that reports lead back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingKind {
    /// `[site]`
    Site,
    /// `[[system]]`
    System,
    /// `[[cluster]]`
    Cluster,
    /// `[[proxy]]`
    Proxy,
    /// `[[client]]`
    Client,
    /// `[[waiver]]`
    Waiver,
}

impl HeadingKind {
    /// All, in the order reports list them.
    pub const ALL: [Self; 6] = [Self::Site, Self::System, Self::Cluster, Self::Proxy, Self::Client, Self::Waiver];

    /// The table's key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::System => "system",
            Self::Cluster => "cluster",
            Self::Proxy => "proxy",
            Self::Client => "client",
            Self::Waiver => "waiver",
        }
    }

    /// The key that tells it from others of its kind.
    const fn name_key(self) -> &'static str {
        match self {
            Self::System | Self::Cluster | Self::Proxy | Self::Client => "name",
            Self::Site => "code",
            Self::Waiver => "requirement",
        }
    }
}

/// The headings of a definition's tables, each kind in the order of the text.
pub fn outline(text: &str) -> Vec<Heading> {
    let (document, _) = DeTable::parse_recoverable(text);
    let mut found = Vec::new();
    for kind in HeadingKind::ALL {
        let mut ruler = Ruler::new(text);
        let table = document.get_ref().get(kind.key());
        let tables: Vec<&Spanned<DeValue<'_>>> = match table.map(Spanned::get_ref) {
            Some(DeValue::Array(tables)) if kind != HeadingKind::Site => tables.iter().collect(),
            Some(DeValue::Table(_)) if kind == HeadingKind::Site => table.into_iter().collect(),
            Some(_) | None => Vec::new(),
        };
        for (place, table) in tables.into_iter().enumerate() {
            let name = table.get_ref().get(kind.name_key()).and_then(|name| name.get_ref().as_str());
            let name = name.unwrap_or_default().to_owned();
            found.push(Heading { kind, place, name, at: ruler.position(table.span().start) });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{HeadingKind, outline};

    #[test]
    fn headings_are_found_by_line() {
        let text = "[site]\ncode = \"PRI\"\n\n[[system]]\nname = \"MP01\"\n[system.ports]\nhttps = 8443\n\n  [[system]]\n\
                    name = \"DP01\"\n[[waiver]]\nrequirement = \"web-server/expiry\"\n[[proxy]]\nname = \"ISA01\"\n";
        let found = outline(text).into_iter().map(|of| (of.kind, of.place, of.name, of.at.line, of.at.column));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                (HeadingKind::Site, 0, "PRI".to_owned(), 1, 1),
                (HeadingKind::System, 0, "MP01".to_owned(), 4, 1),
                (HeadingKind::System, 1, "DP01".to_owned(), 9, 3),
                (HeadingKind::Proxy, 0, "ISA01".to_owned(), 13, 1),
                (HeadingKind::Waiver, 0, "web-server/expiry".to_owned(), 11, 1),
            ]
        );
    }

    #[test]
    fn what_is_no_definition_has_none() {
        for text in ["", "[[", "system = 3", "[system]\nname = \"MP01\""] {
            assert_eq!(outline(text), []);
        }
    }
}
