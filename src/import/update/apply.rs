//! Brings a definition up to date: what changed is changed where it stands, what is new comes after the last system, and
//! what is gone becomes a comment where it stood, because somebody wrote it.

use std::path::Path;

use toml_edit::{Document, Item, Value};

use super::edit::{Edits, Place};
use super::{Change, Comparison, Difference, systems_text};
use crate::site::Site;
use crate::site::fault::Fault;
use crate::site::role::Role;

/// A definition brought up to date.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its text.
    pub text: String,
    /// What could not be done, a line each.
    pub left: Vec<String>,
}

impl Comparison<'_> {
    /// The definition with the differences put right, and everything else as it was.
    ///
    /// # Errors
    /// What came of it would have faults; these, and nothing is to be written.
    pub fn apply(&self, text: &str) -> Result<Applied, Vec<Fault>> {
        let unable = || Applied { text: text.to_owned(), left: vec!["the definition cannot be edited".into()] };
        // The definition was understood before: what cannot be edited is written in a way nobody writes.
        let Ok(document) = Document::parse(text) else { return Ok(unable()) };
        let mut left = Vec::new();
        let mut edits = Edits::of(text);
        for changed in self.changed() {
            changed.apply(&document, &mut edits, &mut left);
        }
        self.gone(text, &document, &mut edits, &mut left);
        let new = self.new_systems();
        if !new.is_empty() {
            let names: Vec<&str> = new.iter().map(|system| system.name.as_str()).collect();
            let names = names.join(", ");
            let (at, block, is_shown) = with_new(text, &document, systems_text(new));
            if is_shown {
                left.push(format!("{names}: to be added to system = [\u{2026}]; the definition's end shows how"));
            }
            // What was shown before is not shown again.
            if !is_shown || !text.replace("\r\n", "\n").contains(&block) {
                edits.block(at, &block);
            }
        }
        let Some(written) = edits.made() else { return Ok(unable()) };
        Site::from_toml(&written, Path::new(""))?;
        Ok(Applied { text: written, left })
    }

    /// What is said differently, by what it is said of.
    fn changed(&self) -> Vec<Changed<'_>> {
        let mut all: Vec<Changed<'_>> = Vec::new();
        for difference in &self.differences {
            let Difference::Changed { place, name, change, .. } = difference else { continue };
            match all.last_mut().filter(|last| last.place == *place) {
                Some(last) => last.changes.push(change),
                None => all.push(Changed { place: *place, name, changes: vec![change] }),
            }
        }
        all
    }

    /// Takes out what is gone, if nothing refers to it.
    fn gone(&self, text: &str, document: &Document<&str>, edits: &mut Edits<'_>, left: &mut Vec<String>) {
        let mut places: Vec<(usize, &str)> = self
            .differences
            .iter()
            .filter_map(|difference| match difference {
                Difference::Gone { place, name, .. } => Some((*place, name.as_str())),
                Difference::New(_) | Difference::Changed { .. } => None,
            })
            .collect();
        let Ok(site) = Site::from_toml(text, Path::new("")) else { return };
        let total = site.systems.len();
        places.retain(|(_, name)| {
            let of_cluster = site.clusters.iter().find(|one| one.nodes.iter().any(|node| **node == **name));
            let of_proxy = site.proxies.iter().find(|one| one.publishes.iter().any(|other| **other == **name));
            let of_waiver = site.waivers.iter().any(|one| one.system.as_deref() == Some(*name));
            let named_by = of_cluster
                .map(|one| format!("the cluster {}", one.name))
                .or_else(|| of_proxy.map(|one| format!("the proxy {}", one.name)))
                .or_else(|| of_waiver.then(|| "a waiver".to_owned()));
            if let Some(by) = &named_by {
                left.push(format!("{name}: not taken out, because {by} names it"));
            }
            named_by.is_none()
        });
        if places.len() == total {
            left.push("no system would be left; none is taken out".into());
            return;
        }
        let why = format!("No longer in the console ({}):", self.source);
        for (place, name) in places {
            let is_done = match document.as_table().get("system") {
                Some(Item::ArrayOfTables(tables)) => {
                    tables.get(place).is_some_and(|table| edits.comment_table(table, &why))
                }
                Some(Item::Value(Value::Array(list))) => list
                    .get(place)
                    .and_then(Value::as_inline_table)
                    .is_some_and(|table| edits.comment_element(table, &why)),
                Some(_) | None => false,
            };
            if !is_done {
                left.push(format!("{name}: could not be taken out"));
            }
        }
    }
}

/// What is said differently of one system, or of the site.
struct Changed<'a> {
    place: Option<usize>,
    name: &'a str,
    changes: Vec<&'a Change>,
}

impl Changed<'_> {
    /// Makes the changes where they stand; what cannot be made is left.
    fn apply(&self, document: &Document<&str>, edits: &mut Edits<'_>, left: &mut Vec<String>) {
        let mut leave = |change: &Change| left.push(format!("{}: {}", self.name, change.in_words(0)));
        let (table, named) = match self.place {
            None => (document.as_table().get("site").and_then(Place::of), "site"),
            Some(place) => (system(document, place), "system"),
        };
        let Some(table) = table else {
            self.changes.iter().for_each(|change| leave(change));
            return;
        };
        let (mut new, mut gone, mut ports) = (Vec::new(), Vec::new(), Vec::new());
        for change in &self.changes {
            let is_done = match change {
                Change::InternetFqdn { is: Some(is), .. } => {
                    edits.set(table, named, "internet_fqdn", &Value::from(is.as_str()).to_string())
                }
                Change::InternetFqdn { is: None, .. } => {
                    // Who accepts Internet clients needs a name: without one, inside is all that is left.
                    let connections = table.get("client_connections").and_then(Item::as_str);
                    let is_told = self.changes.iter().any(|change| matches!(change, Change::Connections { .. }));
                    if connections.is_some_and(|word| word != "intranet") && !is_told {
                        edits.set(table, named, "client_connections", "\"intranet\"");
                    }
                    edits.remove(table, "internet_fqdn")
                }
                Change::Connections { is, .. } => edits.set(table, named, "client_connections", &format!("\"{is}\"")),
                Change::ChecksRevocation { is, .. } => {
                    edits.set(table, named, "clients_check_revocation", &is.to_string())
                }
                Change::Communication { is, .. } => {
                    edits.set(table, named, "communication", &format!("\"{}\"", is.name()))
                }
                Change::Port { key, is, .. } => match table.get("ports").map(Place::of) {
                    Some(Some(inner)) => edits.set(inner, "ports", key, &is.to_string()),
                    Some(None) => false,
                    None => {
                        ports.push((*key, is.to_string()));
                        true
                    }
                },
                Change::RoleNew(role) => {
                    new.push((*role, *change));
                    true
                }
                Change::RoleGone(role, _) => {
                    gone.push((*role, *change));
                    true
                }
            };
            if !is_done {
                leave(change);
            }
        }
        if !ports.is_empty() {
            edits.add_table(table, "system.ports", "ports", &ports);
        }
        if new.is_empty() && gone.is_empty() {
            return;
        }
        let Some(list) = table.get("roles").and_then(Item::as_array) else {
            new.iter().chain(&gone).for_each(|(_, change)| leave(change));
            return;
        };
        let role = |value: &Value| value.as_str().and_then(Role::parse);
        let is_gone = |gone: &[(Role, &Change)], value: &Value| {
            role(value).is_some_and(|role| gone.iter().any(|(gone, _)| *gone == role))
        };
        // Without a role there would be no system.
        if new.is_empty()
            && list.iter().all(|value| is_gone(&gone, value))
            && let Some((_, last)) = gone.pop()
        {
            leave(last);
        }
        let names: Vec<&str> = new.iter().map(|(role, _)| role.name()).collect();
        if !edits.roles(list, |value| is_gone(&gone, value), &names) {
            new.iter().chain(&gone).for_each(|(_, change)| leave(change));
        }
    }
}

/// Where new systems come, and how: after the last one there is, before the table that follows it, or at the end. Whether
/// they are only shown, for somebody to add.
fn with_new(text: &str, document: &Document<&str>, new: String) -> (usize, String, bool) {
    match document.as_table().get("system") {
        Some(Item::ArrayOfTables(tables)) => {
            let Some(heading) = tables.iter().last().and_then(toml_edit::Table::span) else {
                return (text.len(), new, false);
            };
            let mut offset = heading.end;
            // The first heading after it that is none of its own; comments above that one belong to it.
            let rest = text.get(offset..).unwrap_or_default();
            let mut end = text.len();
            for line in rest.split_inclusive('\n') {
                let heading = line.trim_start();
                if heading.starts_with('[') && !heading.starts_with("[system.") {
                    end = offset;
                    break;
                }
                offset += line.len();
            }
            (above_comments(text, end), new, false)
        }
        Some(Item::Value(_)) => {
            // A list of inline tables cannot go on in tables of its own: the new ones are shown for somebody to add.
            let shown: String = new.lines().map(|line| format!("# {line}\n")).collect();
            (text.len(), format!("# TODO add to system = […]:\n{shown}"), true)
        }
        Some(_) | None => (text.len(), new, false),
    }
}

/// Where the comments that stand directly above a place begin.
fn above_comments(text: &str, end: usize) -> usize {
    let mut at = end;
    let before = text.get(..end).unwrap_or_default();
    if end == text.len() {
        return end;
    }
    for line in before.split_inclusive('\n').rev() {
        if !line.trim_start().starts_with('#') {
            break;
        }
        at -= line.len();
    }
    at
}

/// A system's table, whichever way it is written.
fn system<'a>(document: &'a Document<&str>, place: usize) -> Option<Place<'a>> {
    match document.as_table().get("system")? {
        Item::ArrayOfTables(tables) => tables.get(place).map(Place::Lines),
        Item::Value(Value::Array(list)) => list.get(place)?.as_inline_table().map(Place::Braces),
        Item::Value(_) | Item::None | Item::Table(_) => None,
    }
}
