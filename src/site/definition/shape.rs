//! Holds a TOML document against the tables of keys: what is unknown, missing or of the wrong kind is a fault, and
//! what is right comes out typed. What values mean together is not judged here.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use time::{Date, Month};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::faults::{Cause, Faults};
use super::keys::{FILE, Key, Kind, Need, SYSTEM_ROLES, Table};
use super::words::{choice, found, join, listed, lower, remedy, right, role, shown, text_fault, web_path_fault};
use crate::site::address;
use crate::site::fault::Wrong;
use crate::site::no_proxy::ProxyException;
use crate::site::role::{Role, UnjudgedRole};
use crate::site::suggestion::nearest;
use crate::site::windows::WindowsVersion;

/// A table of the document with the values that were right.
#[derive(Debug)]
pub(super) struct Row<'d> {
    table: &'static Table,
    /// The key path that leads here: `system[2]`.
    pub(super) path: String,
    /// Where its heading stands.
    pub(super) at: Range<usize>,
    values: Vec<(&'static str, Range<usize>, Value<'d>)>,
    /// Keys that are there, right or wrong, with their values' places.
    written: Vec<(&'static str, Range<usize>)>,
    /// Keys whose list was written as `[]`.
    empty_lists: Vec<&'static str>,
}

/// A value where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    /// Where.
    pub(super) at: Range<usize>,
    /// What.
    pub(super) value: T,
}

/// A pinned name with its addresses.
pub(super) type Pin<'d> = (At<&'d str>, Vec<IpAddr>);

#[derive(Debug)]
enum Value<'d> {
    Text(&'d str),
    Flag(bool),
    Port(u16),
    Date(Date),
    Address(IpAddr),
    HttpProxy(String),
    Texts(Vec<At<&'d str>>),
    NameServers(Vec<SocketAddr>),
    Exceptions(Vec<ProxyException>),
    Named(Vec<(&'d str, &'d str)>),
    Pins(Vec<Pin<'d>>),
    Row(Row<'d>),
    Rows(Vec<Row<'d>>),
}

impl<'d> Row<'d> {
    /// Where a key's value stands; the heading where it is absent.
    pub(super) fn place(&self, name: &str) -> Range<usize> {
        self.written.iter().find(|(key, _)| *key == name).map_or_else(|| self.at.clone(), |(_, at)| at.clone())
    }

    /// Whether the key is there, right or wrong.
    pub(super) fn written(&self, name: &str) -> bool {
        self.written.iter().any(|(key, _)| *key == name)
    }

    /// The keys that are there, right or wrong.
    pub(super) fn keys_written(&self) -> impl Iterator<Item = &'static str> {
        self.written.iter().map(|(key, _)| *key)
    }

    /// Whether the table may have this key at all.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.table.key(name).is_some()
    }

    /// The key path of a key of this table.
    pub(super) fn key(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// Whether the key is there, with a value of the right kind.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Whether a list was written with nothing in it (as opposed to nothing right in it).
    pub(super) fn empty(&self, name: &str) -> bool {
        self.empty_lists.contains(&name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&'d str> {
        match self.find(name) {
            Some((_, Value::Text(text))) => Some(text),
            _ => None,
        }
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.find(name) {
            Some((_, Value::Flag(flag))) => Some(*flag),
            _ => None,
        }
    }

    pub(super) fn port(&self, name: &str) -> Option<u16> {
        match self.find(name) {
            Some((_, Value::Port(port))) => Some(*port),
            _ => None,
        }
    }

    pub(super) fn date(&self, name: &str) -> Option<Date> {
        match self.find(name) {
            Some((_, Value::Date(date))) => Some(*date),
            _ => None,
        }
    }

    pub(super) fn address(&self, name: &str) -> Option<IpAddr> {
        match self.find(name) {
            Some((_, Value::Address(address))) => Some(*address),
            _ => None,
        }
    }

    pub(super) fn http_proxy(&self, name: &str) -> Option<&str> {
        match self.find(name) {
            Some((_, Value::HttpProxy(proxy))) => Some(proxy),
            _ => None,
        }
    }

    pub(super) fn texts(&self, name: &str) -> &[At<&'d str>] {
        match self.find(name) {
            Some((_, Value::Texts(texts))) => texts,
            _ => &[],
        }
    }

    pub(super) fn name_servers(&self, name: &str) -> &[SocketAddr] {
        match self.find(name) {
            Some((_, Value::NameServers(servers))) => servers,
            _ => &[],
        }
    }

    pub(super) fn exceptions(&self, name: &str) -> &[ProxyException] {
        match self.find(name) {
            Some((_, Value::Exceptions(exceptions))) => exceptions,
            _ => &[],
        }
    }

    pub(super) fn named(&self, name: &str) -> &[(&'d str, &'d str)] {
        match self.find(name) {
            Some((_, Value::Named(named))) => named,
            _ => &[],
        }
    }

    pub(super) fn pins(&self, name: &str) -> &[Pin<'d>] {
        match self.find(name) {
            Some((_, Value::Pins(pins))) => pins,
            _ => &[],
        }
    }

    pub(super) fn row(&self, name: &str) -> Option<&Self> {
        match self.find(name) {
            Some((_, Value::Row(row))) => Some(row),
            _ => None,
        }
    }

    pub(super) fn rows(&self, name: &str) -> &[Self] {
        match self.find(name) {
            Some((_, Value::Rows(rows))) => rows,
            _ => &[],
        }
    }

    fn find(&self, name: &str) -> Option<(&Range<usize>, &Value<'d>)> {
        debug_assert!(self.table.key(name).is_some(), "{name} is no key of {}", self.table.heading);
        self.values.iter().find(|(key, ..)| *key == name).map(|(_, at, value)| (at, value))
    }
}

/// Reads the whole document.
pub(super) fn read<'d>(document: &'d DeTable<'_>, faults: &mut Faults) -> Row<'d> {
    row(&FILE, document, String::new(), 0..0, faults)
}

fn row<'d>(
    table: &'static Table,
    written: &'d DeTable<'_>,
    path: String,
    at: Range<usize>,
    faults: &mut Faults,
) -> Row<'d> {
    let mut values = Vec::new();
    let mut there = Vec::new();
    let mut empty_lists = Vec::new();
    for (name, value) in written {
        match table.key(name.get_ref()) {
            Some(key) if there.iter().any(|(known, _)| *known == key.name) => {
                let wrong = Wrong::new(
                    format!("{} is there twice: {} is its short form", key.name, shown(name.get_ref())),
                    "leave one of them",
                );
                faults.add(Cause::Value, name.span(), join(&path, name.get_ref()), wrong);
            }
            Some(key) => {
                there.push((key.name, value.span()));
                if matches!(value.get_ref(), DeValue::Array(list) if list.is_empty()) {
                    empty_lists.push(key.name);
                }
                let found = read_value(key.kind, value, &join(&path, key.name), key, faults);
                values.extend(found.map(|found| (key.name, value.span(), found)));
            }
            None => unknown_key(table, name, &path, faults),
        }
    }
    // A key that is only misspelt is told as that, once.
    let is_misspelt = |key: &Key| {
        let others = written.keys().map(|name| name.get_ref().as_ref()).filter(|name| table.key(name).is_none());
        others.take(MISSPELT).any(|name| meant(table, name) == Some(key.name))
    };
    let missing_keys = table.keys.iter().filter(|key| key.need == Need::Required && !written.contains_key(key.name));
    for key in missing_keys.filter(|key| !is_misspelt(key)) {
        faults.add(Cause::Missing, at.clone(), join(&path, key.name), missing(table, key));
    }
    Row { table, path, at, values, written: there, empty_lists }
}

fn missing(table: &'static Table, key: &Key) -> Wrong {
    match key.kind {
        Kind::Table(below) | Kind::Tables(below) => {
            let needed = below.keys.iter().filter(|key| key.need == Need::Required).map(|key| key.name);
            let hint = format!("write {} with at least {}: {}", below.heading, listed(needed), lower(below.doc));
            Wrong::new(format!("there is no {}", below.heading), hint)
        }
        _ => Wrong::new(
            format!("{} has no {}", table.heading, key.name),
            format!("write {} = {}: {}", key.name, key.example, lower(key.doc)),
        ),
    }
}

fn unknown_key(table: &'static Table, name: &Spanned<std::borrow::Cow<'_, str>>, path: &str, faults: &mut Faults) {
    let written = name.get_ref().as_ref();
    let shown = shown(written);
    let refused = table.refused.iter().find(|(refused, _)| refused.eq_ignore_ascii_case(written));
    let wrong = match refused {
        Some((_, instead)) => Wrong::new(format!("{} has a {shown} key", table.heading), *instead),
        None => Wrong::new(
            format!("unknown key {shown} in {}", table.heading),
            known_keys(table, written, faults.are_few()),
        ),
    };
    faults.add(Cause::Value, name.span(), join(path, written), wrong);
}

/// How many unknown keys of a table are compared with those it lacks.
const MISSPELT: usize = 4;

/// The key that an unknown one is nearest to.
fn meant(table: &'static Table, written: &str) -> Option<&'static str> {
    let names = || table.keys.iter().map(|key| key.name);
    nearest(written, names()).or_else(|| nearest(&written.replace(['-', ' '], "_"), names()))
}

/// What an unknown key may have been meant to be.
fn known_keys(table: &'static Table, written: &str, search: bool) -> String {
    let names = || table.keys.iter().map(|key| key.name);
    if !search {
        return format!("{} knows {}", table.heading, listed(names()));
    }
    if let Some(meant) = meant(table, written) {
        let heading = table.key(meant).and_then(|key| match key.kind {
            Kind::Table(below) | Kind::Tables(below) => Some(below.heading),
            _ => None,
        });
        return format!("did you mean {}?", heading.unwrap_or(meant));
    }
    let elsewhere: Vec<&str> =
        FILE.all().into_iter().filter(|other| other.key(written).is_some()).map(|other| other.heading).collect();
    if elsewhere.is_empty() {
        format!("{} knows {}", table.heading, listed(names()))
    } else {
        format!("it belongs in {}", elsewhere.join(" or "))
    }
}

fn read_value<'d>(
    kind: Kind,
    written: &'d Spanned<DeValue<'_>>,
    path: &str,
    key: &'static Key,
    faults: &mut Faults,
) -> Option<Value<'d>> {
    let at = written.span();
    let mut wrong = |wrong: Wrong| faults.add(Cause::Value, at.clone(), path.to_owned(), wrong);
    match (kind, written.get_ref()) {
        (Kind::Text, DeValue::String(text)) => match text_fault(text) {
            None => Some(Value::Text(text)),
            Some(problem) => {
                wrong(Wrong::new(format!("{} {problem}", key.name), remedy(text, key)));
                None
            }
        },
        (Kind::Choice(choices), DeValue::String(text)) => {
            if choices.contains(&text.as_ref()) {
                return Some(Value::Text(text));
            }
            wrong(Wrong::new(format!("{} is {}", key.name, shown(text)), choice(text, choices)));
            None
        }
        (Kind::Address, DeValue::String(text)) => {
            address::ip_address(text).map_err(&mut wrong).ok().map(Value::Address)
        }
        (Kind::HttpProxy, DeValue::String(text)) => {
            address::http_proxy(text).map_err(&mut wrong).ok().map(Value::HttpProxy)
        }
        (Kind::Flag, DeValue::Boolean(flag)) => Some(Value::Flag(*flag)),
        (Kind::Port, DeValue::Integer(number)) => match u16::from_str_radix(number.as_str(), number.radix()) {
            Ok(port) if port != 0 => Some(Value::Port(port)),
            _ => {
                wrong(Wrong::new(format!("{} is {number}, which is no port", key.name), "ports are 1 to 65535"));
                None
            }
        },
        (Kind::Date, DeValue::Datetime(moment)) => match (moment.date, moment.time) {
            (Some(day), None) => {
                let month = Month::try_from(day.month).ok();
                let date = month.and_then(|month| Date::from_calendar_date(i32::from(day.year), month, day.day).ok());
                if date.is_none() {
                    wrong(Wrong::new(format!("{} is no day of the calendar", key.name), right(key)));
                }
                date.map(Value::Date)
            }
            _ => {
                wrong(Wrong::new(format!("{} holds a time", key.name), format!("a date alone: {}", right(key))));
                None
            }
        },
        (Kind::Date, DeValue::String(_)) => {
            wrong(Wrong::new(
                format!("{} is a text, not a date", key.name),
                format!("dates stand without quotes: {}", right(key)),
            ));
            None
        }
        (Kind::Texts, DeValue::Array(list)) => {
            let items = texts(list, path, key, faults);
            Some(Value::Texts(items))
        }
        (Kind::Role(roles), DeValue::String(text)) => {
            if Role::parse(text).is_some_and(|role| roles.contains(&role)) {
                return Some(Value::Text(text));
            }
            wrong(Wrong::new(format!("{} is {}", key.name, shown(text)), role(text, roles)));
            None
        }
        (Kind::Certificate | Kind::WebPath, DeValue::String(text)) => {
            let problem = text_fault(text).or_else(|| match kind {
                Kind::WebPath => web_path_fault(text).map(str::to_owned),
                _ => None,
            });
            if let Some(problem) = &problem {
                wrong(Wrong::new(format!("{} {problem}", key.name), remedy(text, key)));
            }
            problem.is_none().then_some(Value::Text(text))
        }
        (Kind::Roles, DeValue::Array(list)) => {
            let mut items = texts(list, path, key, faults);
            items.retain(|item| {
                let judged = Role::parse(item.value).is_some_and(|role| SYSTEM_ROLES.contains(&role));
                let known = judged || UnjudgedRole::parse(item.value).is_some();
                if !known {
                    let wrong =
                        Wrong::new(format!("{} names {}", key.name, shown(item.value)), role(item.value, SYSTEM_ROLES));
                    faults.add(Cause::Value, item.at.clone(), path.to_owned(), wrong);
                }
                known
            });
            Some(Value::Texts(items))
        }
        (Kind::Windows, DeValue::Array(list)) => {
            let mut items = texts(list, path, key, faults);
            items.retain(|item| {
                let known = WindowsVersion::parse(item.value).is_some();
                if !known {
                    let names: Vec<&str> = WindowsVersion::ALL.iter().map(|version| version.name()).collect();
                    let wrong =
                        Wrong::new(format!("{} names {}", key.name, shown(item.value)), choice(item.value, &names));
                    faults.add(Cause::Value, item.at.clone(), path.to_owned(), wrong);
                }
                known
            });
            Some(Value::Texts(items))
        }
        (Kind::ProxyExceptions, DeValue::Array(list)) => {
            let items = texts(list, path, key, faults);
            Some(Value::Exceptions(parsed(items, path, faults, ProxyException::parse)))
        }
        (Kind::Named, DeValue::Table(written)) => Some(Value::Named(named(written, path, key, faults))),
        (Kind::NameServers, DeValue::Array(list)) => {
            let items = texts(list, path, key, faults);
            let servers = parsed(items, path, faults, address::name_server);
            Some(Value::NameServers(servers))
        }
        (Kind::Pins, DeValue::Table(written)) => Some(Value::Pins(pins(written, path, key, faults))),
        (Kind::Table(table), DeValue::Table(written)) => {
            Some(Value::Row(row(table, written, path.to_owned(), at, faults)))
        }
        (Kind::Tables(table), DeValue::Array(list)) => {
            let mut rows = Vec::with_capacity(list.len());
            for (place, item) in list.iter().enumerate() {
                let path = format!("{path}[{}]", place + 1);
                match item.get_ref() {
                    DeValue::Table(written) => rows.push(row(table, written, path, item.span(), faults)),
                    other => {
                        let message = format!("{} holds {}", key.name, found(other));
                        let right = format!("write {} tables", table.heading);
                        faults.add(Cause::Value, item.span(), path, Wrong::new(message, right));
                    }
                }
            }
            Some(Value::Rows(rows))
        }
        (Kind::Tables(table), DeValue::Table(written)) => {
            wrong(Wrong::new(
                format!("[{}] is one table, and there may be several", table.name),
                format!("write {}, with two brackets on each side", table.heading),
            ));
            // What is in it is meant, and may be referred to.
            Some(Value::Rows(vec![row(table, written, format!("{path}[1]"), at, faults)]))
        }
        (Kind::Table(table), other) => {
            wrong(Wrong::new(
                format!("{} is {}, not a table", key.name, found(other)),
                format!("write {}, once", table.heading),
            ));
            None
        }
        (_, other) => {
            let hint = match other {
                DeValue::Array(_) if matches!(kind, Kind::Text | Kind::Choice(_)) => {
                    format!("one only: {}", right(key))
                }
                _ => right(key),
            };
            wrong(Wrong::new(format!("{} is {}, not {}", key.name, found(other), kind.in_words()), hint));
            None
        }
    }
}

/// The texts of a list; what else is in it is a fault.
fn texts<'d>(list: &'d [Spanned<DeValue<'_>>], path: &str, key: &'static Key, faults: &mut Faults) -> Vec<At<&'d str>> {
    let mut items = Vec::with_capacity(list.len());
    for item in list {
        let problem = match item.get_ref() {
            DeValue::String(text) => match text_fault(text) {
                None => {
                    items.push(At { at: item.span(), value: text.as_ref() });
                    continue;
                }
                Some(problem) => {
                    let wrong = Wrong::new(format!("a text in {} {problem}", key.name), remedy(text, key));
                    faults.add(Cause::Value, item.span(), path.to_owned(), wrong);
                    continue;
                }
            },
            other => format!("{} holds {}, not only texts", key.name, found(other)),
        };
        faults.add(Cause::Value, item.span(), path.to_owned(), Wrong::new(problem, right(key)));
    }
    items
}

/// What the texts of a list say; what cannot be read is a fault.
fn parsed<T>(
    items: Vec<At<&str>>,
    path: &str,
    faults: &mut Faults,
    parse: impl Fn(&str) -> Result<T, Wrong>,
) -> Vec<T> {
    let mut read = Vec::with_capacity(items.len());
    for item in items {
        match parse(item.value) {
            Ok(value) => read.push(value),
            Err(wrong) => faults.add(Cause::Value, item.at, path.to_owned(), wrong),
        }
    }
    read
}

fn pins<'d>(written: &'d DeTable<'_>, path: &str, key: &'static Key, faults: &mut Faults) -> Vec<Pin<'d>> {
    const RIGHT: &str = r#"write "mp01.corp.contoso.com" = ["10.1.0.21"]: a list of addresses"#;
    let mut pins: Vec<Pin<'d>> = Vec::new();
    for (host, addresses) in written {
        let name = host.get_ref().as_ref();
        let path = join(path, name);
        if let Some(problem) = text_fault(name) {
            faults.add(Cause::Value, host.span(), path, Wrong::new(format!("a pinned name {problem}"), RIGHT));
            continue;
        }
        let DeValue::Array(list) = addresses.get_ref() else {
            let message =
                format!("the pin of {} is {}, not a list of addresses", shown(name), found(addresses.get_ref()));
            // A name written without quotes is a dotted key: nested tables.
            let hint = match addresses.get_ref() {
                DeValue::Table(_) => "put the name in quotes: \"mp01.corp.contoso.com\" = [\"10.1.0.21\"]",
                _ => RIGHT,
            };
            faults.add(Cause::Value, host.span(), path, Wrong::new(message, hint));
            continue;
        };
        if list.is_empty() {
            let message = format!("{} is pinned to no address", shown(name));
            faults.add(Cause::Value, addresses.span(), path, Wrong::new(message, RIGHT));
            continue;
        }
        let items = texts(list, &path, key, faults);
        let addresses = parsed(items, &path, faults, address::ip_address);
        pins.push((At { at: host.span(), value: name }, addresses));
    }
    pins
}

/// The texts of a table, each under its name.
fn named<'d>(written: &'d DeTable<'_>, path: &str, key: &'static Key, faults: &mut Faults) -> Vec<(&'d str, &'d str)> {
    let mut pairs = Vec::with_capacity(written.len());
    for (name, value) in written {
        let problem = match value.get_ref() {
            DeValue::String(text) => match text_fault(text) {
                None => {
                    pairs.push((name.get_ref().as_ref(), text.as_ref()));
                    continue;
                }
                Some(problem) => format!("{} in {} {problem}", shown(name.get_ref()), key.name),
            },
            other => format!("{} in {} is {}, not a text", shown(name.get_ref()), key.name, found(other)),
        };
        let wrong = Wrong::new(problem, right(key));
        faults.add(Cause::Value, value.span(), join(path, name.get_ref()), wrong);
    }
    pairs
}
