//! What the arguments of `check` name: one definition, or endpoints. What looks like a file is one, and is never looked up.

use std::path::Path;

use cmprobe::plan::endpoint::Endpoint;
use cmprobe::site::Site;

use super::listing::{Endpoints, Fault, Listing};
use crate::args::CheckArgs;
use crate::exit::Error;
use crate::files;
use crate::kind::{self, Wanted};
use crate::load::{self, Definition};

/// How names of files end that are given here, rightly or not: definitions, lists, exports, what a run wrote, certificates.
/// No host's name ends so.
const ENDINGS: [&str; 24] = [
    "toml", "tml", "txt", "json", "csv", "jsonl", "sarif", "html", "htm", "xml", "ics", "ldf", "ldif", "cer", "crt",
    "pem", "der", "pfx", "p12", "p7b", "key", "inf", "yml", "yaml",
];

/// What the arguments name.
pub(super) enum Named {
    Definition(Box<Site>, Definition),
    Endpoints(Endpoints),
}

/// Reads what the arguments name, with what the user should know of it.
///
/// # Errors
/// Every fault of it.
pub(super) fn read(args: &CheckArgs) -> Result<(Named, Vec<String>), Error> {
    if [&args.list, &args.judging.baseline].iter().all(|path| path.as_deref() == Some(Path::new("-"))) {
        return Err(Error::fault("--list - and --baseline -: standard input can be read once only"));
    }
    let files: Vec<&String> = args.what.iter().filter(|text| is_file(text)).collect();
    let faults: Vec<String> = files.iter().filter_map(|text| no_definition(text)).collect();
    Error::all(faults)?;
    match (files.as_slice(), args.what.len(), &args.list) {
        ([one], 1, None) => {
            let (site, definition) = load::definition(Path::new(one))?;
            return Ok((Named::Definition(Box::new(site), definition), Vec::new()));
        }
        ([], ..) => {}
        ([_, _, ..], ..) => return Err(Error::fault("several definitions are several sites; check them one by one")),
        ([one], ..) => {
            let words =
                format!("{one} is a definition: endpoints beside it belong into it, or into a run of their own");
            return Err(Error::fault(words));
        }
    }
    let (mut endpoints, mut faults, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for text in &args.what {
        match Endpoint::parse_with_path(text) {
            Ok((endpoint, path)) => {
                let ignored = |path| {
                    format!("{}: the path {path} is ignored; the role decides which paths are asked for", endpoint.host)
                };
                notes.extend(path.map(ignored));
                endpoints.push(endpoint);
            }
            Err(fault) => faults.push(format!("\u{201c}{}\u{201d}: {fault}", without_user(text))),
        }
    }
    let mut repeated = Endpoint::once_each(&mut endpoints);
    let mut listed = None;
    if let Some(list) = &args.list {
        let shown = list.display();
        match Listing::check(list, &endpoints) {
            Ok(listing) => {
                if let [first, others @ ..] = listing.checked().paths.as_slice() {
                    let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
                    notes.push(format!("{shown}: the path of the URL in line {first}{more} is ignored"));
                }
                repeated += listing.checked().repeated;
                listed = Some(listing);
            }
            Err(Fault::Whole(why)) => faults.push(format!("{shown}: {why}")),
            Err(Fault::Lines(wrong)) => {
                faults.extend(wrong.iter().map(|fault| format!("{shown}:{}:{}: {fault}", fault.line, fault.column)));
            }
        }
    }
    Error::all(faults)?;
    let endpoints = Endpoints::new(endpoints, listed);
    if endpoints.count() == 0 {
        return Err(Error::fault("nothing to check: name a definition or an endpoint; see cmprobe check --help"));
    }
    match repeated {
        0 => {}
        1 => notes.push("1 endpoint is named a second time, and probed once".to_owned()),
        more => notes.push(format!("{more} endpoints are named again, and probed once each")),
    }
    Ok((Named::Endpoints(endpoints), notes))
}

/// Whether an argument names a file rather than an endpoint: by its ending, or because it is a path and no URL.
pub(super) fn is_file(text: &str) -> bool {
    let is_path = text.contains(['/', '\\']) && !text.contains("://");
    let ending = Path::new(text).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_known = ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    is_path || is_known && !text.contains("://")
}

/// What is wrong with a file that is no definition; `None`: it may be one.
fn no_definition(text: &str) -> Option<String> {
    let path = Path::new(text);
    if !path.exists() {
        // A path may be an endpoint with something around it.
        let is_path = path.is_absolute() || text.starts_with(['.', '~', '\\']) || !text.contains(['/', '\\', '@']);
        let fault = Endpoint::parse(text).err().filter(|_| !is_path);
        return Some(match (files::near(path), fault) {
            (Some(near), _) => format!("{text}: there is no such file; did you mean {}?", near.display()),
            (None, Some(fault)) => {
                format!("\u{201c}{}\u{201d}: there is no such file, and {fault}", without_user(text))
            }
            (None, None) => format!("{text}: there is no such file"),
        });
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    match ending.as_str() {
        // Notepad adds its ending to every name.
        "txt" if stem.to_ascii_lowercase().ends_with(".toml") => Some(format!(
            "{text} is there, and its name was made longer: a definition's ends in .toml; rename it to {}",
            path.with_extension("").display()
        )),
        "txt" | "csv" if is_toml(path) => Some(format!(
            "{text} is there, and looks like a definition, whose name ends in .toml; rename it to {}",
            path.with_extension("toml").display()
        )),
        "toml" | "tml" => None,
        _ if kind::instead(path, Wanted::Definition).is_some() => {
            kind::instead(path, Wanted::Definition).map(|words| format!("{text}: {words}"))
        }
        "txt" | "csv" => {
            Some(format!("{text} is a file and no definition; endpoints are read from a list by --list {text}"))
        }
        "json" => Some(format!(
            "{text} is JSON and no definition; saved observations are judged by cmprobe assess, reports are compared by cmprobe diff, and exports of the console become a definition by cmprobe init"
        )),
        _ => None,
    }
}

/// Whether a file has a heading of a definition in it.
fn is_toml(path: &Path) -> bool {
    files::read_text(path).is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with("[site]")))
}

/// An endpoint as it was written, without what may be a user's name and password.
fn without_user(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((before, host)) => {
            let start = before.find("://").map_or(0, |at| at + 3);
            format!("{}\u{2026}@{host}", before.get(..start).unwrap_or_default())
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_file, without_user};

    #[test]
    fn files_are_told_from_endpoints_by_their_look() {
        for text in [
            "site.toml",
            "SITE.TOML",
            "site.tml",
            "site.toml.txt",
            "list.csv",
            "report.json",
            "./site",
            "a/b",
            ".\\site.toml",
            "C:\\site",
            "mp01/x",
        ] {
            assert!(is_file(text), "{text}");
        }
        for text in [
            "mp01",
            "mp01.contoso.com",
            "mp=mp01:444",
            "https://mp01/x.txt",
            "mp=https://mp01/x.json",
            "[::1]:443",
            "toml",
        ] {
            assert!(!is_file(text), "{text}");
        }
    }

    #[test]
    fn users_and_passwords_are_not_quoted() {
        assert_eq!(without_user("https://user:secret@host:443"), "https://\u{2026}@host:443");
        assert_eq!(without_user("user:se@cret@host"), "\u{2026}@host");
        assert_eq!(without_user("host"), "host");
    }
}
