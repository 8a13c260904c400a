//! What a site publishes in Active Directory of its management points: `mSSMSManagementPoint` objects, as ldifde writes
//! them, or as JSON.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};

use super::inventory::{Found, ListedFact, Scope};
use super::mplist::{self, build, setting, uses_https};
use super::{Export, Kind, MOST_OBJECTS};
use crate::site::fault::Wrong;

/// How long an attribute's value may be that is kept.
const LONGEST: usize = 256 * 1024;
/// The attributes that are read.
const ATTRIBUTES: &[&str] = &["dnshostname", "mssmsmpname", "mssmssitecode", "mssmsversion", "mssmscapabilities"];

const COMMAND: &str = "ldifde -f mp.ldf -d \"CN=System Management,CN=System,DC=…\" -r \"(objectClass=mSSMSManagementPoint)\" -l dNSHostName,mSSMSMPName,mSSMSSiteCode,mSSMSVersion,mSSMSCapabilities";

/// Reads LDIF.
pub(super) fn read(text: &str) -> Result<Export, Wrong> {
    let mut found = Vec::new();
    let mut entry: Vec<(String, String)> = Vec::new();
    let mut entries = 0_usize;
    let mut close = |entry: &mut Vec<(String, String)>| {
        let attributes = std::mem::take(entry);
        let named = |name: &str| attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
        found.extend(management_point(named));
    };
    let (mut logical, mut begun) = (String::new(), 1);
    // One empty line more, so that the last entry is closed too.
    for (line, number) in text.lines().chain(["", ""]).zip(1..) {
        // A line that begins with a blank goes on with the one before.
        if let Some(rest) = line.strip_prefix(' ') {
            logical.push_str(rest);
            continue;
        }
        let whole = std::mem::replace(&mut logical, line.to_owned());
        let at = std::mem::replace(&mut begun, number);
        if whole.is_empty() {
            close(&mut entry);
            continue;
        }
        let Some((written, rest)) = whole.split_once(':') else { continue };
        let name = written.trim().to_ascii_lowercase();
        if name == "dn" {
            entries += 1;
            if entries > MOST_OBJECTS {
                return Err(Wrong::new(
                    format!("there are more than {MOST_OBJECTS} objects"),
                    "export the management points alone",
                ));
            }
            close(&mut entry);
        }
        if ATTRIBUTES.contains(&name.as_str())
            && let Some(value) = value(rest).map_err(|broken| broken.at(at, written.trim()))?
            && !entry.iter().any(|(own, _)| *own == name)
        {
            entry.push((name, value));
        }
    }
    if found.is_empty() {
        return Err(Wrong::new(
            format!("no management points in it: it has {entries} other objects"),
            format!("export them by {COMMAND}"),
        ));
    }
    Ok(Export { kind: Kind::Directory, found, scope: Scope::DIRECTORY })
}

/// Why a value cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    /// What stands after two colons is no Base64.
    Encoding,
    /// What the Base64 says is no text.
    Text,
    /// The value is at a URL, and not in the file.
    Elsewhere,
}

impl Broken {
    /// Where it is, and of which attribute; nothing of the value shows.
    fn at(self, line: usize, attribute: &str) -> Wrong {
        let what = match self {
            Self::Encoding => "is no Base64, which must stand after two colons",
            Self::Text => "is Base64 of something that is no text",
            Self::Elsewhere => "lies at a URL, which is not followed",
        };
        Wrong::new(
            format!("line {line}: the value of {attribute} {what}"),
            "give the file as ldifde wrote it: a line that an editor or a mail program cut, joined or changed breaks it",
        )
    }
}

/// What stands after a name's colon: text, or Base64 after another colon; `None`: nothing, or more than is kept.
fn value(rest: &str) -> Result<Option<String>, Broken> {
    let text = match rest.strip_prefix(':') {
        Some(encoded) => {
            let bytes = BASE64.decode(encoded.trim().as_bytes()).map_err(|_| Broken::Encoding)?;
            String::from_utf8(bytes).map_err(|_| Broken::Text)?
        }
        None if rest.starts_with('<') => return Err(Broken::Elsewhere),
        None => rest.trim().to_owned(),
    };
    Ok(Some(text).filter(|text| !text.is_empty() && text.len() <= LONGEST))
}

/// A management point by its attributes, which are asked for in small letters; `None`: it is none.
pub(super) fn management_point(attribute: impl Fn(&str) -> Option<String>) -> Option<Found> {
    let name = attribute("mssmsmpname");
    let site = attribute("mssmssitecode");
    if name.is_none() && site.is_none() {
        return None;
    }
    let mut fact = ListedFact {
        server: attribute("dnshostname").or(name),
        site,
        build: attribute("mssmsversion").as_deref().and_then(build),
        ..ListedFact::default()
    };
    if let Some(capabilities) = attribute("mssmscapabilities") {
        take_capabilities(&capabilities, &mut fact);
    }
    Some(Found::Listed(fact))
}

/// What its capabilities say; they are XML in which ampersands may stand bare.
fn take_capabilities(text: &str, fact: &mut ListedFact) {
    let mended = mend(text);
    let Ok(document) = mplist::parse(&mended) else { return };
    let root = document.root_element();
    fact.uses_https = setting(&root, "SSLState").and_then(uses_https);
    fact.port = setting(&root, "HTTPSPort").and_then(|port| port.parse().ok());
    fact.fallback_status_point = setting(&root, "FSPServer").map(str::to_owned);
    fact.signing_certificate =
        setting(&root, "SiteSigningCert").and_then(|hex| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok());
    fact.build = fact.build.or_else(|| setting(&root, "Version").and_then(build));
}

/// Bare ampersands as XML writes them.
fn mend(text: &str) -> String {
    let is_reference = |rest: &str| {
        let name = rest.split_once(';').map(|(name, _)| name).unwrap_or_default();
        let known = matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
        known
            || name
                .strip_prefix('#')
                .is_some_and(|n| !n.is_empty() && n.len() < 8 && n.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    let mut mended = String::with_capacity(text.len());
    let mut parts = text.split('&');
    mended.push_str(parts.next().unwrap_or_default());
    for part in parts {
        mended.push_str(if is_reference(part) { "&" } else { "&amp;" });
        mended.push_str(part);
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::{Broken, LONGEST, mend, read, value};

    #[test]
    fn only_bare_ampersands_are_mended() {
        assert_eq!(mend("a & b &amp; c &#38; &x; &"), "a &amp; b &amp; c &#38; &amp;x; &amp;");
    }

    #[test]
    fn a_value_of_an_attribute_may_be_so_long_and_no_longer() {
        let kept = |length: usize| value(&"a".repeat(length)).unwrap().is_some();
        assert!(kept(LONGEST) && !kept(LONGEST + 1));
    }

    #[test]
    fn a_value_that_cannot_be_read_is_told_with_its_line_and_none_is_lost() {
        assert_eq!(value(": TVAwMQ=="), Ok(Some("MP01".to_owned())));
        assert_eq!(value(": TVAwMQ"), Err(Broken::Encoding));
        assert_eq!(value(": //8="), Err(Broken::Text));
        assert_eq!(value("< file:///mp.txt"), Err(Broken::Elsewhere));
        let why = |text: &str| read(text).map(|_| ()).map_err(|wrong| wrong.to_string());
        let entry = |name: &str| format!("# ours\r\ndn: CN=SMS-MP-PRI\r\nmSSMSSiteCode: PRI\r\n{name}\r\n\r\n");
        assert_eq!(why(&entry("mSSMSMPName:: TVAw\r\n MQ==")), Ok(()));
        for (line, words) in [
            ("mSSMSMPName:: TVAw\r\n MQ=", "line 4: the value of mSSMSMPName is no Base64"),
            ("description: of\r\n two lines\r\nmSSMSMPName:: TVAwMQ===", "line 6: the value of mSSMSMPName"),
            ("mSSMSVersion:: //8=", "line 4: the value of mSSMSVersion is Base64 of something that is no text"),
            ("dNSHostName:< file:///mp.txt", "line 4: the value of dNSHostName lies at a URL"),
        ] {
            let why = why(&entry(line)).unwrap_err();
            assert!(why.contains(words) && why.contains("ldifde"), "{why}");
        }
        // What is not read may be as it likes.
        assert_eq!(why(&entry("nTSecurityDescriptor:: %%%")), Ok(()));
    }
}
