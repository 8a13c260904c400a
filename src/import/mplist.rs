//! A management point's list of management points, `/SMS_MP/.sms_aut?MPLIST`, saved to a file or just fetched.

use roxmltree::{Document, Node, ParsingOptions};

use super::inventory::{Found, ListedFact, Scope};
use super::{Export, Kind, MOST_OBJECTS};
use crate::site::fault::Wrong;
use crate::wire::markup::crowded;

/// Elements read of a list at the most.
const NODES: u32 = 1_000_000;

const RIGHT: &str = "save what https://MP/SMS_MP/.sms_aut?MPLIST answers, or give that URL";

/// Reads the list.
pub(super) fn read(text: &str) -> Result<Export, Wrong> {
    let document = parse(text)?;
    let root = document.root_element();
    if !root.tag_name().name().eq_ignore_ascii_case("MPList") {
        return Err(other(root.tag_name().name()));
    }
    let listed: Vec<Found> = root
        .children()
        .filter(|node| named(node, "MP"))
        .take(MOST_OBJECTS + 1)
        .map(|node| Found::Listed(listed(&node)))
        .collect();
    if listed.len() > MOST_OBJECTS {
        return Err(Wrong::new(
            format!("the list names more than {MOST_OBJECTS} management points"),
            "give one site's list",
        ));
    }
    if listed.is_empty() {
        return Err(Wrong::new("the list names no management point", "ask another management point of the site"));
    }
    Ok(Export { kind: Kind::Mplist, found: listed, scope: Scope::DIRECTORY })
}

/// Parses XML; nothing of it shows in the complaint.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Wrong> {
    if let Some(why) = crowded(text) {
        return Err(Wrong::new(why, RIGHT));
    }
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text.trim(), options).map_err(|error| {
        use roxmltree::Error;
        match error {
            Error::UnexpectedEndOfStream | Error::UnclosedRootNode => {
                Wrong::new("the XML ends in the middle: it was cut short", RIGHT)
            }
            Error::DtdDetected if is_page(text) => other("html"),
            Error::DtdDetected => Wrong::new("the XML has a DTD, which no list has", RIGHT),
            Error::NodesLimitReached => Wrong::new(format!("the XML has more than {NODES} elements"), RIGHT),
            _ if is_page(text) => other("html"),
            other => Wrong::new(format!("line {} is no XML", other.pos().row), RIGHT),
        }
    })
}

fn is_page(text: &str) -> bool {
    let beginning: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    beginning.starts_with("<!doctype html") || beginning.contains("<html")
}

/// XML that is something else.
fn other(root: &str) -> Wrong {
    match root.to_ascii_lowercase().as_str() {
        "html" => Wrong::new("this is a web page, not an MPList", RIGHT),
        "objs" => {
            Wrong::new("this is Export-Clixml's XML, not an MPList", "use ConvertTo-Json instead, and --from-json")
        }
        "objects" => {
            Wrong::new("this is ConvertTo-Xml's XML, not an MPList", "use ConvertTo-Json instead, and --from-json")
        }
        _ => {
            let name: String = root.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
            Wrong::new(format!("this is XML of another kind, <{name}>, not an MPList"), RIGHT)
        }
    }
}

pub(super) fn named(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name)
}

/// A setting below an element: an element of the name, or a `Property` of the name with its `Value`.
pub(super) fn setting<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.descendants().filter(Node::is_element).find_map(|element| {
        if attribute(&element, "Name").is_some_and(|own| named(&element, "Property") && own.eq_ignore_ascii_case(name))
        {
            return attribute(&element, "Value");
        }
        if !named(&element, name) {
            return None;
        }
        element.text().map(str::trim).filter(|text| !text.is_empty()).or_else(|| attribute(&element, "Value"))
    })
}

fn attribute<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    let found = node.attributes().find(|attribute| attribute.name().eq_ignore_ascii_case(name))?;
    Some(found.value().trim()).filter(|value| !value.is_empty())
}

fn listed(node: &Node<'_, '_>) -> ListedFact {
    let own = |text: &str| text.to_owned();
    let version = node.children().find(|child| named(child, "Version")).and_then(|child| child.text());
    ListedFact {
        server: attribute(node, "FQDN").or_else(|| attribute(node, "Name")).map(own),
        site: attribute(node, "SiteCode").map(own),
        build: version.or_else(|| attribute(node, "Version")).and_then(build),
        uses_https: setting(node, "SSLState").and_then(uses_https),
        port: setting(node, "HTTPSPort").and_then(|port| port.parse().ok()),
        ..ListedFact::default()
    }
}

/// Whether clients use HTTPS, by an `SSLState`: 63 they do, 0 they do not.
pub(super) fn uses_https(state: &str) -> Option<bool> {
    state.trim().parse::<u32>().ok().map(|state| state != 0)
}

/// The build of a version: a number by itself, or the third of several.
pub(super) fn build(version: &str) -> Option<u32> {
    let version = version.trim();
    let part = if version.contains('.') { version.split('.').nth(2)? } else { version };
    part.parse().ok()
}
