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
    let mut logical = String::new();
    // One empty line more, so that the last entry is closed too.
    for line in text.lines().chain(["", ""]) {
        // A line that begins with a blank goes on with the one before.
        if let Some(rest) = line.strip_prefix(' ') {
            logical.push_str(rest);
            continue;
        }
        let whole = std::mem::replace(&mut logical, line.to_owned());
        if whole.is_empty() {
            close(&mut entry);
            continue;
        }
        let Some((name, rest)) = whole.split_once(':') else { continue };
        let name = name.trim().to_ascii_lowercase();
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
            && let Some(value) = value(rest)
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

/// What stands after a name's colon: text, or Base64 after another colon; a URL is not followed.
fn value(rest: &str) -> Option<String> {
    let text = match rest.strip_prefix(':') {
        Some(encoded) => String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?,
        None if rest.starts_with('<') => return None,
        None => rest.trim().to_owned(),
    };
    Some(text).filter(|text| !text.is_empty() && text.len() <= LONGEST)
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
    use super::{LONGEST, mend, value};

    #[test]
    fn only_bare_ampersands_are_mended() {
        assert_eq!(mend("a & b &amp; c &#38; &x; &"), "a &amp; b &amp; c &#38; &amp;x; &amp;");
    }

    #[test]
    fn a_value_of_an_attribute_may_be_so_long_and_no_longer() {
        let kept = |length: usize| value(&"a".repeat(length)).is_some();
        assert!(kept(LONGEST) && !kept(LONGEST + 1));
    }
}
