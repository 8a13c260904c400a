//! What a management point says of itself: the list of management points, and certificates in hexadecimal. Read
//! leniently, because the bodies differ between releases and only some are documented; total on any text.

use roxmltree::{Document, Node, ParsingOptions};

use crate::observation::TargetObservation;
pub use crate::rule::handed_out::certificate;
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::wire::counted::counted;
use crate::wire::markup::crowded;

/// Elements read of a list at the most.
const NODES: u32 = 100_000;

/// A management point, as a list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its `Name`.
    pub name: String,
    /// Its `FQDN`.
    pub fqdn: Option<HostName>,
    /// Its `SiteCode`; Current Branch leaves it out.
    pub site_code: Option<String>,
    /// The build it says it is.
    pub version: Option<u32>,
    /// How it takes clients over HTTPS: 0 not at all; `None`: it does not say.
    pub ssl_state: Option<u32>,
}

/// Whether an answer begins as gzip does, as far as it is text.
pub fn is_compressed(body: &str) -> bool {
    body.trim_start_matches('\u{feff}').trim().starts_with("\u{1f}\u{fffd}")
}

/// The management points of an MPList; why it is none, in words.
///
/// # Errors
/// The text is not XML, or its root is not an MPList.
pub fn management_points(body: &str) -> Result<Vec<Listed>, String> {
    let text = body.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err("the answer is empty".into());
    }
    if is_compressed(body) {
        return Err("the answer is compressed (gzip), which nobody asked for and clients do not unpack".into());
    }
    if let Some(why) = crowded(text) {
        return Err(format!("the answer is no list anybody would write: {why}"));
    }
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| unsound(text, &error))?;
    let root = document.root_element();
    if !root.tag_name().name().eq_ignore_ascii_case(LIST) {
        return Err(format!("the answer is XML of another kind: <{}>", root.tag_name().name()));
    }
    Ok(root.children().filter(|node| named(node, "MP")).map(|node| listed(&node)).collect())
}

/// Whether an answer begins as a list of management points does, whatever becomes of it.
pub fn begins_as_list(body: &str) -> bool {
    let mut rest = body.trim_start_matches('\u{feff}').trim_start();
    // The declaration, a document type and comments may stand before it.
    while let Some(end) = ["<?", "<!"].iter().any(|mark| rest.starts_with(mark)).then(|| rest.find('>')).flatten() {
        rest = rest[end + 1..].trim_start();
    }
    let name = rest.strip_prefix('<').and_then(|rest| rest.get(..LIST.len()));
    let after = rest.as_bytes().get(LIST.len() + 1);
    name.is_some_and(|name| name.eq_ignore_ascii_case(LIST)) && after.is_none_or(|one| !one.is_ascii_alphanumeric())
}

/// The list's own element.
const LIST: &str = "MPList";

/// What keeps text from being XML, and where.
fn unsound(text: &str, error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => {
            return "the answer declares a document type (DTD), which no management point's list has".to_owned();
        }
        roxmltree::Error::NodesLimitReached => {
            return format!("the answer is no list anybody would write: it has more than {NODES} elements and texts");
        }
        _ => {}
    }
    let at = error.pos();
    let place = format!("at line {}, character {}", at.row, at.col);
    let last = text.trim_end();
    match begins_as_list(text) {
        true if !last.get(last.len().saturating_sub(LIST.len() + 3)..).is_some_and(ends_list) => {
            let bytes = counted(text.len(), "octet");
            format!("the list breaks off after {bytes}: it is never closed")
        }
        true => format!("the list is no sound XML {place}"),
        false => format!("the answer is not XML ({place})"),
    }
}

fn ends_list(end: &str) -> bool {
    end.strip_prefix("</").and_then(|end| end.strip_suffix('>')).is_some_and(|name| name.eq_ignore_ascii_case(LIST))
}

fn named(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name)
}

fn listed(node: &Node<'_, '_>) -> Listed {
    let attribute = |name: &str| {
        node.attributes()
            .find(|attribute| attribute.name().eq_ignore_ascii_case(name))
            .map(|found| found.value().trim())
    };
    let version = node.children().find(|child| named(child, "Version")).and_then(|child| child.text()).map(str::trim);
    let ssl_state = node.descendants().filter(|inner| named(inner, "Property")).find_map(|property| {
        let is_state = property.attribute("Name").is_some_and(|name| name.eq_ignore_ascii_case("SSLState"));
        property.attribute("Value").filter(|_| is_state)?.trim().parse().ok()
    });
    Listed {
        ssl_state,
        name: attribute("Name").unwrap_or_default().to_owned(),
        fqdn: attribute("FQDN").filter(|text| !text.is_empty()).map(HostName::new),
        site_code: attribute("SiteCode").filter(|text| !text.is_empty()).map(str::to_owned),
        version: version.or(attribute("Version")).and_then(|text| text.parse().ok()),
    }
}

/// What a management point's list tells of its site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The build of its first management point that says one.
    pub build: u32,
    /// Which documents are the law for that build.
    pub profile: Profile,
    /// The site's code, where the list has it.
    pub site_code: Option<String>,
    /// Its management points, by FQDN or name, each once.
    pub names: Vec<HostName>,
}

impl Told {
    /// What is told at one of a name's addresses; `None`: none gave a list, or it names no release of either profile.
    pub fn by(seen: &TargetObservation) -> Option<Self> {
        let observations = seen.endpoints.iter().flat_map(|endpoint| &endpoint.observations);
        let answers = observations.filter_map(|one| one.exchange.as_ref()?.whole_answer());
        answers.filter(|answer| answer.status == 200).find_map(|answer| Self::read(&answer.body))
    }

    fn read(body: &str) -> Option<Self> {
        let listed = management_points(body).ok()?;
        let build = listed.iter().find_map(|one| one.version)?;
        let profile = profile_of(build)?;
        let site_code = listed.iter().find_map(|one| one.site_code.clone());
        let mut names: Vec<HostName> = Vec::new();
        for one in listed {
            let name = one.fqdn.unwrap_or_else(|| HostName::new(&one.name));
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        Some(Self { build, profile, site_code, names })
    }
}

/// The profile whose documents are the law for a build; `None`: neither's.
pub const fn profile_of(build: u32) -> Option<Profile> {
    match build {
        5931..=6487 => Some(Profile::NativeMode2007),
        8000..=9999 => Some(Profile::CurrentBranch),
        _ => None,
    }
}

/// The profile a build belongs to, in words; `None`: no release with such a number is known.
pub const fn release_of(build: u32) -> Option<&'static str> {
    match build {
        5931..=6487 => Some("Configuration Manager 2007"),
        7000..=7999 => Some("System Center 2012 Configuration Manager"),
        8000..=9999 => Some("Configuration Manager Current Branch"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{NODES, begins_as_list, certificate, management_points};
    use crate::lab::pki::Pki;
    use crate::site::name::HostName;

    #[test]
    fn lists_of_both_generations_are_read() {
        let of_2007 = r#"<MPList><MP Name="MP01" FQDN="MP01.corp.contoso.com" SiteCode="PRI"><Version>6487</Version><Capabilities SchemaVersion="1.0"/></MP></MPList>"#;
        let [one] = &management_points(of_2007).unwrap()[..] else { panic!() };
        assert_eq!(one.fqdn, Some(HostName::new("mp01.corp.contoso.com")));
        assert_eq!((one.site_code.as_deref(), one.version), (Some("PRI"), Some(6487)));
        let current = "\u{feff}<MPList><MP Name=\"CM01\" FQDN=\"cm01.contoso.com\"><Version>9128</Version><Capabilities SchemaVersion=\"1.0\"><Property Name=\"SSLState\" Value=\"63\"/></Capabilities></MP><MP Name=\"CM02\" FQDN=\"\"/></MPList>";
        let both = management_points(current).unwrap();
        assert_eq!((both.len(), both[0].version, &both[1].fqdn), (2, Some(9128), &None));
        assert_eq!((both[0].ssl_state, both[1].ssl_state), (Some(63), None));
    }

    #[test]
    fn a_million_attributes_are_refused_unread() {
        let many: String = (0..1_000_000).map(|n| format!(" a{n}=''")).collect();
        assert!(management_points(&format!("<MPList{many}/>")).unwrap_err().contains("attributes"));
    }

    #[test]
    fn so_many_elements_are_read_and_no_more() {
        // The document itself, and the list, are two of them.
        let list = |nodes: u32| management_points(&format!("<MPList>{}</MPList>", "<a/>".repeat(nodes as usize - 2)));
        assert!(list(NODES).is_ok());
        assert!(list(NODES + 1).is_err_and(|why| why.contains("more than 100000 elements")));
    }

    #[test]
    fn what_is_no_list_says_so() {
        let entities = "<!DOCTYPE x [<!ENTITY a \"b\">]><MPList>&a;</MPList>";
        assert!(management_points(entities).unwrap_err().contains("document type"));
        for (body, why) in [("", "empty"), ("<html><body>", "not XML"), ("<Other/>", "<Other>"), ("MPList", "not XML")]
        {
            assert!(management_points(body).unwrap_err().contains(why), "{body}");
        }
    }

    #[test]
    fn a_list_that_is_none_to_its_end_says_where_in_plain_words() {
        for (body, why) in [
            ("<MPList><MP Name=\"A\">", "breaks off after 21 octets"),
            ("<?xml version=\"1.0\"?>\r\n<!-- of PRI -->\n<mplist", "breaks off after"),
            ("<MPList><MP Name=\"R&D\"/></MPList>", "no sound XML at line 1"),
            ("<MPList>\n<MP></MPList>", "no sound XML at line 2"),
        ] {
            assert!(begins_as_list(body), "{body}");
            let said = management_points(body).unwrap_err();
            assert!(said.contains(why), "{said}");
            assert!(!said.contains("root node") && !said.contains("entity"), "{said}");
        }
        for none in ["", "<MPLists>", "<html>", "MPList", "<!", "<?xml"] {
            assert!(!begins_as_list(none), "{none}");
        }
    }

    #[test]
    fn a_certificate_is_found_by_its_digits() {
        let der = &Pki::lab().unwrap().issuing.der;
        let hex = data_encoding::HEXUPPER.encode(der);
        let body =
            format!("<MPCertificate><Hash>ABCDEF</Hash><X509Certificate>{hex}</X509Certificate></MPCertificate>");
        assert_eq!(certificate(&body).unwrap().der.as_slice(), &der[..]);
        assert!(certificate(&body[..body.len() / 2]).is_none());
        assert!(certificate("deadbeef").is_none());
    }
}
