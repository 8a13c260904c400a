//! JSON as the console's cmdlets, CIM and the administration service write it: an object, an array, `{"value": …}`, or
//! several of them one after another. Properties that are not listed here are dropped while they are read, nested as
//! deep as they may be; of a role's embedded properties only those listed are kept, and of these never `Value2`.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::directory;
use super::inventory::{ComponentFact, Found, RoleFact, Scope};
use super::properties::{Properties, Property};
use super::{Export, Kind, MOST_OBJECTS};
use crate::site::fault::Wrong;
use crate::wire::counted::counted;

/// The keys that are read, in small letters.
const KEYS: &[&str] = &[
    "value",
    "@odata.nextlink",
    "@odata.context",
    "__class",
    "overridingobjectclass",
    "smsproviderobjectpath",
    "cimsystemproperties",
    "cimclass",
    "cimclassname",
    "classname",
    "rolename",
    "componentname",
    "itemname",
    "sitecode",
    "networkospath",
    "nalpath",
    "sslstate",
    "type",
    "props",
    "propertyname",
    "value1",
    "objectclass",
    "dnshostname",
    "mssmsmpname",
    "mssmssitecode",
    "mssmsversion",
    "mssmscapabilities",
];

/// The embedded properties that are read, in small letters.
const PROPERTIES: &[&str] = &[
    "server remote public name",
    "server remote name",
    "mpinternetfacing",
    "mpintranetfacing",
    "sslstate",
    "sslwsus",
    "wsusiissslport",
    "isinf",
    "isintranet",
    "iissslportslist",
    "iissslstate",
];

/// How deep values may be nested; a role's embedded property lies five deep.
const DEPTH: usize = 16;
/// How many values are kept at the most: what 20,000 roles have, and then some.
const MOST_VALUES: usize = 4_000_000;
/// How long a text may be that is kept; the longest real ones hold a certificate in hexadecimal.
const LONGEST: usize = 256 * 1024;

const COMMAND: &str = "use the command of `cmprobe init --help`";

/// Reads the export.
pub(super) fn read(text: &str, of_directory: bool) -> Result<Export, Wrong> {
    let (documents, has_objects) = documents(text)?;
    let mut gathered = Gathered::default();
    for document in &documents {
        gathered.next_page = false;
        gathered.take(document)?;
    }
    if gathered.found.len() > MOST_OBJECTS {
        return Err(too_many());
    }
    if gathered.next_page {
        let told = format!("the export stops after {}", counted(gathered.roles(), "role"));
        return Err(Wrong::new(told, "export the other pages too ($top, $skip), into the same file or one each"));
    }
    if gathered.found.is_empty() {
        let holds = match (&gathered.class, has_objects) {
            (Some(class), _) => format!("it holds {class}"),
            (None, false) => "it holds nothing".to_owned(),
            (None, true) => "it holds other objects".to_owned(),
        };
        let what = if of_directory { "management points" } else { "site system roles" };
        return Err(Wrong::new(format!("no {what} in it: {holds}"), COMMAND));
    }
    let is_directory = gathered.found.iter().all(|found| matches!(found, Found::Listed(_)));
    if of_directory && !is_directory {
        return Err(Wrong::new(
            "this is JSON of the console's roles, not of the directory's",
            "give it by --from-json",
        ));
    }
    let scope = if is_directory { Scope::DIRECTORY } else { Scope::CONSOLE };
    Ok(Export { kind: if is_directory { Kind::Directory } else { Kind::Json }, found: gathered.found, scope })
}

/// What a text's documents say, and whether there is an object among them.
fn documents(text: &str) -> Result<(Vec<Node>, bool), Wrong> {
    let state = State::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut documents = Vec::new();
    while reader.end().is_err() {
        match (Seed { state: &state, depth: 0 }).deserialize(&mut reader) {
            Ok(document) => documents.push(document),
            Err(error) => return Err(broken(&error, &state)),
        }
    }
    Ok((documents, state.has_objects.get()))
}

/// What is wrong with the JSON, by place and never by what stands there.
fn broken(error: &serde_json::Error, state: &State) -> Wrong {
    match state.stop.get() {
        Some(Stop::Deep) => Wrong::new(
            format!("values are nested more than {DEPTH} deep in line {}", error.line()),
            format!("this is no export of roles; {COMMAND}"),
        ),
        Some(Stop::Many) => too_many(),
        None if error.is_eof() => Wrong::new(
            format!("the JSON ends in the middle, in line {}: the export was cut short", error.line()),
            "export it again, and copy the whole file",
        ),
        None => Wrong::new(
            format!("line {}, column {} is no JSON", error.line(), error.column()),
            "give the file as ConvertTo-Json or the administration service wrote it",
        ),
    }
}

/// Why reading was stopped.
#[derive(Clone, Copy)]
enum Stop {
    Deep,
    Many,
}

/// What all readers of a text share.
#[derive(Default)]
struct State {
    kept: Cell<usize>,
    has_objects: Cell<bool>,
    stop: Cell<Option<Stop>>,
}

impl State {
    fn stop<E: serde::de::Error>(&self, why: Stop) -> E {
        self.stop.set(Some(why));
        E::custom("stopped")
    }
}

/// A value that was kept.
enum Node {
    Nothing,
    Text(String),
    Number(i64),
    List(Vec<Node>),
    Table(Vec<(&'static str, Node)>),
}

impl Node {
    fn get(&self, key: &str) -> Option<&Self> {
        let Self::Table(entries) = self else { return None };
        entries.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            // The directory's values are lists where a cmdlet says so.
            Self::List(items) => match items.first()? {
                Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
                Self::Nothing | Self::Number(_) | Self::List(_) | Self::Table(_) => None,
            },
            Self::Nothing | Self::Number(_) | Self::Table(_) => None,
        }
    }

    /// A number, as one or as a text.
    fn number(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Nothing | Self::List(_) | Self::Table(_) => None,
        }
    }

    fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| !matches!(self.get(key), None | Some(Self::Nothing)))
    }
}

/// Reads a value, and keeps of it what is wanted.
#[derive(Clone, Copy)]
struct Seed<'s> {
    state: &'s State,
    depth: usize,
}

impl<'s> Seed<'s> {
    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH {
            return Err(self.state.stop(Stop::Deep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn keep<E: serde::de::Error>(self) -> Result<(), E> {
        self.state.kept.set(self.state.kept.get() + 1);
        if self.state.kept.get() > MOST_VALUES { Err(self.state.stop(Stop::Many)) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(i64::try_from(value).map_or(Node::Nothing, Node::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Nothing)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(if text.len() > LONGEST { Node::Nothing } else { Node::Text(text.to_owned()) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let below = self.below()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(below)? {
            let kept = match &item {
                Node::Table(entries) => !entries.is_empty(),
                Node::List(items) => !items.is_empty(),
                Node::Text(_) => true,
                Node::Nothing | Node::Number(_) => false,
            };
            if kept {
                self.keep()?;
                items.push(item);
            }
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let below = self.below()?;
        self.state.has_objects.set(true);
        let mut entries: Vec<(&'static str, Node)> = Vec::new();
        while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            match KEYS.iter().find(|known| known.eq_ignore_ascii_case(&key)) {
                Some(known) => {
                    let value = map.next_value_seed(below)?;
                    if !entries.iter().any(|(name, _)| name == known) {
                        entries.push((known, value));
                    }
                }
                None => map.next_value_seed(Skip(below))?,
            }
        }
        let is_wanted = |name: &Node| match name {
            Node::Text(name) => PROPERTIES.iter().any(|known| known.eq_ignore_ascii_case(name.trim())),
            Node::Nothing | Node::Number(_) | Node::List(_) | Node::Table(_) => false,
        };
        if entries.iter().any(|(key, name)| *key == "propertyname" && !is_wanted(name)) {
            entries.clear();
        }
        Ok(Node::Table(entries))
    }
}

/// Reads a value and keeps nothing, but that it is there and not too deep.
struct Skip<'s>(Seed<'s>);

impl<'de> DeserializeSeed<'de> for Skip<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let below = self.0.below()?;
        while list.next_element_seed(Skip(below))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let below = self.0.below()?;
        while map.next_key::<serde::de::IgnoredAny>()?.is_some() {
            map.next_value_seed(Skip(below))?;
        }
        Ok(())
    }
}

/// What has been found so far.
#[derive(Default)]
struct Gathered {
    found: Vec<Found>,
    /// What class they said they were.
    class: Option<String>,
    /// Whether a page said that another follows.
    next_page: bool,
}

impl Gathered {
    fn roles(&self) -> usize {
        self.found.iter().filter(|found| matches!(found, Found::Role(_) | Found::Listed(_))).count()
    }

    fn take(&mut self, node: &Node) -> Result<(), Wrong> {
        match node {
            Node::List(items) => items.iter().try_for_each(|item| self.take(item)),
            Node::Table(_) => self.table(node),
            // An object written as text is one that ConvertTo-Json cut off.
            Node::Text(_) => Err(shallow()),
            Node::Nothing | Node::Number(_) => Ok(()),
        }
    }

    fn table(&mut self, node: &Node) -> Result<(), Wrong> {
        if self.class.is_none() {
            self.class = class(node);
        }
        if node.has_any(&["@odata.nextlink"]) {
            self.next_page = true;
        }
        let is_record =
            node.has_any(&["rolename", "componentname", "itemname", "props", "mssmsmpname", "mssmssitecode"]);
        if let (false, Some(inner @ (Node::List(_) | Node::Table(_)))) = (is_record, node.get("value")) {
            return self.take(inner);
        }
        if self.found.len() > MOST_OBJECTS {
            return Err(too_many());
        }
        if node.has_any(&["mssmsmpname", "mssmscapabilities", "mssmssitecode"]) {
            self.found.extend(directory_object(node));
            return Ok(());
        }
        let properties = properties(node)?;
        if let Some(name) = node.text("rolename") {
            self.found.push(Found::Role(role(node, name, properties)));
        } else if let Some(name) = node.text("componentname").or_else(|| node.text("itemname")) {
            let name = name.split('|').next().unwrap_or(name).trim();
            let component = ComponentFact { name: name.to_owned(), site: own(node.text("sitecode")), properties };
            if component.is_read() {
                self.found.push(Found::Component(component));
            }
        }
        Ok(())
    }
}

fn too_many() -> Wrong {
    Wrong::new(
        format!("there are more than {MOST_OBJECTS} roles or their like"),
        "export one site's SMS_SCI_SysResUse alone",
    )
}

fn shallow() -> Wrong {
    Wrong::new("-Depth was too small: the properties of the roles were written as text", COMMAND)
}

fn own(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// A role's or component's embedded properties.
fn properties(node: &Node) -> Result<Properties, Wrong> {
    let mut found = Vec::new();
    let items: &[Node] = match node.get("props") {
        Some(Node::List(items)) => items,
        Some(one @ Node::Table(_)) => std::slice::from_ref(one),
        Some(Node::Text(text)) if !text.trim().is_empty() => return Err(shallow()),
        Some(Node::Text(_) | Node::Nothing | Node::Number(_)) | None => &[],
    };
    for item in items {
        match item {
            Node::Text(_) => return Err(shallow()),
            Node::Table(_) => {
                if let Some(name) = item.text("propertyname") {
                    let (number, text) = (item.number("value"), own(item.text("value1")));
                    found.push(Property { name: name.to_ascii_lowercase(), number, text });
                }
            }
            Node::Nothing | Node::Number(_) | Node::List(_) => {}
        }
    }
    Ok(Properties(found))
}

fn role(node: &Node, name: &str, properties: Properties) -> RoleFact {
    let path = node.text("networkospath").map(|path| path.trim_matches('\\')).filter(|path| !path.is_empty());
    let server =
        path.or_else(|| node.text("nalpath").and_then(last_part)).or_else(|| properties.text("Server Remote Name"));
    RoleFact {
        role: name.to_owned(),
        server: own(server),
        site: own(node.text("sitecode")),
        site_type: node.number("type"),
        ssl_state: node.number("sslstate"),
        properties,
        ..RoleFact::default()
    }
}

/// The server of a NAL path: what stands between its last pair of backslashes.
fn last_part(path: &str) -> Option<&str> {
    path.rsplit('\\').map(str::trim).find(|part| !part.is_empty())
}

/// A management point as the directory publishes it.
fn directory_object(node: &Node) -> Option<Found> {
    directory::management_point(|name| {
        node.text(name).map(str::to_owned).or_else(|| node.number(name).map(|n| n.to_string()))
    })
}

/// The class objects say they are, if it is one's name.
fn class(node: &Node) -> Option<String> {
    let of_context = node.text("@odata.context").and_then(|context| context.rsplit('#').next());
    let nested = ["cimsystemproperties", "cimclass"].iter().find_map(|key| {
        let inner = node.get(key)?;
        inner
            .text("classname")
            .or_else(|| inner.text("cimclassname"))
            .or_else(|| inner.get("cimsystemproperties").and_then(|system| system.text("classname")))
    });
    let of_path = node.text("smsproviderobjectpath").and_then(|path| path.split('.').next());
    let own = [node.text("__class"), node.text("overridingobjectclass"), of_path];
    let said = own.into_iter().chain([nested, of_context, node.text("objectclass")]);
    let is_name = |text: &&str| {
        text.len() <= 64
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    said.flatten().find(is_name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_be_so_long_and_no_longer() {
        let server = |length: usize| {
            let path = format!("\\\\\\\\{}", "a".repeat(length - 2));
            let text = format!(r#"{{"RoleName":"SMS Management Point","NetworkOSPath":"{path}"}}"#);
            let (found, _) = documents(&text).unwrap();
            found[0].text("networkospath").is_some_and(|text| text.len() == length)
        };
        assert!(server(LONGEST) && !server(LONGEST + 1));
    }
}
