//! Brings a definition up to date: what changed is changed where it stands, what is new comes after the last system, and
//! what is gone is kept as a comment, because somebody wrote it.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

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
    /// The definition with the differences put right.
    ///
    /// # Errors
    /// What came of it would have faults; these, and nothing is to be written.
    pub fn apply(&self, text: &str) -> Result<Applied, Vec<Fault>> {
        let is_dos = text.contains("\r\n");
        let mut left = Vec::new();
        // The definition was understood before: what cannot be edited is written in a way nobody writes.
        let Ok(mut document) = text.parse::<DocumentMut>() else {
            return Ok(Applied { text: text.to_owned(), left: vec!["the definition cannot be edited".into()] });
        };
        for difference in &self.differences {
            if let Difference::Changed { place, name, change, .. } = difference
                && !changed(&mut document, *place, change)
            {
                left.push(format!("{name}: {}", change.in_words(0)));
            }
        }
        let gone = self.gone(text, &mut document, &mut left);
        let mut written = document.to_string();
        let new = self.new_systems();
        if !new.is_empty() {
            written = with_new(&written, &systems_text(new));
        }
        if !gone.is_empty() {
            written = format!("{}\n\n{gone}", written.trim_end());
        }
        if is_dos {
            written = written.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        Site::from_toml(&written, Path::new(""))?;
        Ok(Applied { text: written, left })
    }

    /// Takes out what is gone, if nothing refers to it; its text, as a comment.
    fn gone(&self, text: &str, document: &mut DocumentMut, left: &mut Vec<String>) -> String {
        let mut places: Vec<(usize, &str)> = self
            .differences
            .iter()
            .filter_map(|difference| match difference {
                Difference::Gone { place, name, .. } => Some((*place, name.as_str())),
                Difference::New(_) | Difference::Changed { .. } => None,
            })
            .collect();
        let Ok(site) = Site::from_toml(text, Path::new("")) else { return String::new() };
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
            return String::new();
        }
        let mut comments = Vec::new();
        for (place, _) in places.iter().rev() {
            match document.as_table_mut().get_mut("system") {
                Some(Item::ArrayOfTables(tables)) if *place < tables.len() => {
                    let table = tables.remove(*place);
                    let mut alone = DocumentMut::new();
                    let mut list = toml_edit::ArrayOfTables::new();
                    list.push(table);
                    alone.insert("system", Item::ArrayOfTables(list));
                    comments.push(alone.to_string());
                }
                Some(Item::Value(Value::Array(list))) if *place < list.len() => {
                    comments.push(format!("{}\n", list.remove(*place)));
                }
                Some(_) | None => {}
            }
        }
        if comments.is_empty() {
            return String::new();
        }
        let mut out = format!("# No longer in the console ({}):\n", self.source);
        for line in comments.iter().rev().flat_map(|comment| comment.lines()).filter(|line| !line.trim().is_empty()) {
            out.push_str(&if line.starts_with('#') { format!("{line}\n") } else { format!("# {line}\n") });
        }
        out
    }
}

/// New systems after the last one there is: before the table that follows it, or at the end.
fn with_new(written: &str, new: &str) -> String {
    let mut at = written.len();
    if let Ok(document) = toml_edit::Document::parse(written)
        && let Some(Item::ArrayOfTables(tables)) = document.as_table().get("system")
        && let Some(last) = tables.iter().last()
        && let Some(heading) = last.span()
    {
        let mut offset = heading.end;
        // The first heading after it that is none of its own; comments above that one belong to it.
        let rest = written.get(offset..).unwrap_or_default();
        let mut end = written.len();
        for line in rest.split_inclusive('\n') {
            let heading = line.trim_start();
            if heading.starts_with('[') && !heading.starts_with("[system.") {
                end = offset;
                break;
            }
            offset += line.len();
        }
        at = above_comments(written, end);
    } else if toml_edit::Document::parse(written)
        .is_ok_and(|document| document.as_table().get("system").is_some_and(Item::is_value))
    {
        // A list of inline tables cannot go on in tables of its own: the new ones are shown for somebody to add.
        let shown: String = new.lines().map(|line| format!("# {line}\n")).collect();
        return format!("{}\n\n# TODO add to system = […]:\n{shown}", written.trim_end());
    }
    let (before, after) = written.split_at(at);
    let after = after.trim_start_matches('\n');
    let end = if after.is_empty() { String::new() } else { format!("\n{after}") };
    format!("{}\n\n{new}{end}", before.trim_end())
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

/// Makes a change where it stands; whether it could be made.
fn changed(document: &mut DocumentMut, place: Option<usize>, change: &Change) -> bool {
    let table = match place {
        None => document.as_table_mut().get_mut("site").and_then(Item::as_table_like_mut),
        Some(place) => system(document, place),
    };
    let Some(table) = table else { return false };
    match change {
        Change::InternetFqdn { is: Some(is), .. } => set(table, "internet_fqdn", is.as_str().into()),
        Change::InternetFqdn { is: None, .. } => {
            // Who accepts Internet clients needs a name: without one, inside is all that is left.
            let outside = table.get("client_connections").and_then(Item::as_str).is_some_and(|word| word != "intranet");
            table.remove("internet_fqdn");
            if outside {
                set(table, "client_connections", "intranet".into());
            }
            true
        }
        Change::Connections { is, .. } => set(table, "client_connections", (*is).into()),
        Change::ChecksRevocation { is, .. } => set(table, "clients_check_revocation", (*is).into()),
        Change::Communication { is, .. } => set(table, "communication", is.name().into()),
        Change::Port { key, is, .. } => {
            if table.get("ports").is_none() {
                table.insert("ports", toml_edit::table());
            }
            let ports = table.get_mut("ports").and_then(Item::as_table_like_mut);
            ports.is_some_and(|ports| set(ports, key, i64::from(*is).into()))
        }
        Change::RoleNew(role) => roles(table).is_some_and(|roles| {
            roles.push(role.name());
            true
        }),
        Change::RoleGone(role, _) => roles(table).is_some_and(|roles| without(roles, *role)),
    }
}

/// A system's table, whichever way it is written.
fn system(document: &mut DocumentMut, place: usize) -> Option<&mut dyn TableLike> {
    match document.as_table_mut().get_mut("system")? {
        Item::ArrayOfTables(tables) => tables.get_mut(place).map(|table| table as &mut dyn TableLike),
        Item::Value(Value::Array(list)) => {
            list.get_mut(place)?.as_inline_table_mut().map(|table| table as &mut dyn TableLike)
        }
        Item::Value(_) | Item::None | Item::Table(_) => None,
    }
}

fn roles(table: &mut dyn TableLike) -> Option<&mut Array> {
    table.get_mut("roles")?.as_array_mut()
}

/// Takes a role out; whether one is left, without which there would be no system.
fn without(roles: &mut Array, role: Role) -> bool {
    let is_it = |value: &Value| value.as_str().and_then(Role::parse) == Some(role);
    if roles.iter().all(is_it) {
        return false;
    }
    roles.retain(|value| !is_it(value));
    true
}

/// Sets a value, and leaves what stands beside it.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) -> bool {
    match table.get_mut(key).map(Item::as_value_mut) {
        Some(Some(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
            true
        }
        Some(None) => false,
        None => {
            table.insert(key, Item::Value(value));
            true
        }
    }
}
