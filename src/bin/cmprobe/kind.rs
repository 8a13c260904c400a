//! What a file is that was given where another is wanted, told by its content. Asked only once a reader has failed: what a
//! reader takes is never refused for its look.

use std::fs::metadata;
use std::io::Read;
use std::path::Path;

use cmprobe::identity::file;
use cmprobe::import;
use cmprobe::observation::file::FileFormat;
use cmprobe::plan::endpoint::Endpoint;
use cmprobe::wire::{pem, text};

/// How much of a file is looked at.
pub(crate) const HEAD: u64 = 256 * 1024;

/// What a reader wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Definition,
    Observations,
    Report,
    List,
    Export,
    Certificate,
    Key,
    Pkcs12,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Definition,
    Observations,
    Report,
    /// A report that is not read back.
    Shown(&'static str),
    Plan,
    Schema,
    Export(import::Kind),
    List,
    Certificate,
    Pkcs12,
    /// PEM without a certificate: a key, a request.
    OtherPem,
    /// What certreq or OpenSSL make a request of.
    RequestConfiguration,
    WebPage,
}

/// What a file is and what is wanted, where it is known and another; `None`: the reader's own words are the best there are.
pub(crate) fn instead(path: &Path, wanted: Wanted) -> Option<String> {
    // A pipe gives its content once only.
    if !metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let mut head = Vec::new();
    crate::opened::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    told(&head, wanted)
}

/// The same of bytes that were read.
pub(crate) fn told(bytes: &[u8], wanted: Wanted) -> Option<String> {
    let kind = of(bytes.get(..HEAD as usize).unwrap_or(bytes))?;
    (!kind.fits(wanted)).then(|| format!("is {}, and {}; {}", kind.in_words(), wanted.in_words(), kind.goes()))
}

impl Wanted {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Definition => "a site definition is wanted (TOML, as `cmprobe init` writes it)",
            Self::Observations => "observations are wanted, as `check --save` writes them",
            Self::Report => "a report is wanted, as `check --format json` writes it",
            Self::List => "a list of endpoints is wanted, one a line",
            Self::Export => "an export is wanted: JSON of SMS_SCI_SysResUse, CSV, an MPList or LDIF",
            Self::Certificate => "a certificate is wanted: PEM, DER or PKCS #7",
            Self::Key => "a private key is wanted: PEM or DER",
            Self::Pkcs12 => "a PKCS #12 file (.pfx, .p12) is wanted, a certificate with its key",
        }
    }
}

impl Kind {
    const fn fits(self, wanted: Wanted) -> bool {
        match wanted {
            Wanted::Definition => matches!(self, Self::Definition),
            Wanted::Observations => matches!(self, Self::Observations),
            Wanted::Report => matches!(self, Self::Report | Self::WebPage),
            Wanted::List => matches!(self, Self::List),
            Wanted::Export => matches!(self, Self::Export(_) | Self::WebPage),
            Wanted::Certificate => matches!(self, Self::Certificate | Self::Pkcs12 | Self::OtherPem | Self::WebPage),
            Wanted::Key => matches!(self, Self::OtherPem | Self::Certificate),
            Wanted::Pkcs12 => matches!(self, Self::Pkcs12),
        }
    }

    fn in_words(self) -> String {
        match self {
            Self::Definition => "a site definition".into(),
            Self::Observations => "observations that a run of cmprobe saved".into(),
            Self::Report => "a report of cmprobe".into(),
            Self::Shown(format) => format!("a report of cmprobe in {format}"),
            Self::Plan => "a plan of cmprobe".into(),
            Self::Schema => "a JSON schema".into(),
            Self::Export(kind) => format!("an export: {}", kind.in_words()),
            Self::List => "a list of endpoints".into(),
            Self::Certificate => "a certificate file".into(),
            Self::Pkcs12 => "a PKCS #12 file, a certificate with its key".into(),
            Self::OtherPem => "a PEM file without a certificate".into(),
            Self::RequestConfiguration => "the configuration of a certificate request".into(),
            Self::WebPage => "a web page".into(),
        }
    }

    /// Where it belongs.
    const fn goes(self) -> &'static str {
        match self {
            Self::Definition => "definitions are what `cmprobe check` and `cmprobe plan` take first",
            Self::Observations => "observations are judged by `cmprobe assess DEFINITION FILE`",
            Self::Report => {
                "reports are compared by `cmprobe diff`, and made anew from observations by `cmprobe assess`"
            }
            Self::Shown(_) => "of reports only json and jsonl are read again",
            Self::Plan | Self::Schema => "nothing reads it again",
            Self::Export(_) => "exports become a definition by `cmprobe init --from FILE`",
            Self::List => "lists are read by `cmprobe check --list FILE`",
            Self::Certificate => {
                "certificate files are judged by `cmprobe inspect --as USE FILE`, and named by a definition or by flags"
            }
            Self::Pkcs12 => {
                "it is named by `--pfx`, or `pfx` in a definition, and judged by `cmprobe inspect --as USE FILE`"
            }
            Self::OtherPem => "keys stand beside their certificates: `--key`, or `key` in a definition",
            Self::RequestConfiguration => "it is for certreq or OpenSSL, as `cmprobe request` wrote it",
            Self::WebPage => "name the file that was meant",
        }
    }
}

fn of(head: &[u8]) -> Option<Kind> {
    let Ok(decoded) = text::decode(whole_characters(head)) else { return certificate(head) };
    let start = decoded.trim_start();
    match start.as_bytes().first()? {
        b'{' | b'[' if is_json(start) => return json(start),
        b'<' => return markup(start),
        _ => {}
    }
    let mut lines = start.lines().map(str::trim);
    if start.starts_with("BEGIN:VCALENDAR") {
        return Some(Kind::Shown("iCalendar"));
    }
    if start.starts_with("time,site,profile,system,") {
        return Some(Kind::Shown("CSV"));
    }
    if start.contains("-----BEGIN ") {
        let blocks = pem::blocks(&decoded);
        let is_other = |block: &pem::Block<'_>| {
            let ends = ["PRIVATE KEY", "PUBLIC KEY", "REQUEST", "CRL"];
            ends.iter().any(|end| block.label.ends_with(end))
        };
        return Some(if blocks.iter().all(is_other) { Kind::OtherPem } else { Kind::Certificate });
    }
    if let Some(kind @ (import::Kind::Csv | import::Kind::Directory)) = import::shown_kind(start) {
        return Some(Kind::Export(kind));
    }
    if lines.clone().any(|line| matches!(line, "[NewRequest]" | "[req]" | "[ req ]")) {
        return Some(Kind::RequestConfiguration);
    }
    let is_heading = |line: &str| {
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        ["[site]", "[[system]]", "site={", "site.code="].iter().any(|known| line.starts_with(known))
    };
    if lines.clone().any(is_heading) {
        return Some(Kind::Definition);
    }
    if lines.clone().any(|line| line.starts_with("exit code ")) {
        return Some(Kind::Shown("text"));
    }
    if lines.any(|line| line.starts_with("# HELP cmprobe_")) {
        return Some(Kind::Shown("Prometheus' format"));
    }
    certificate(head).or_else(|| list(start))
}

/// What `[` begins is JSON where no TOML heading is meant.
fn is_json(start: &str) -> bool {
    let after = start.get(1..).unwrap_or_default().trim_start();
    let begins = if start.starts_with('{') { ['"', '}'] } else { ['{', ']'] };
    after.starts_with(begins)
}

fn json(start: &str) -> Option<Kind> {
    let has = |word: &str| start.contains(word);
    let first: String = start.chars().filter(|c| !c.is_whitespace()).take(24).collect();
    if ["{\"run\":", "{\"target\":", "{\"lookup\":", "{\"crl\":"].iter().any(|known| first.starts_with(known)) {
        return Some(Kind::Observations);
    }
    if first.starts_with("{\"type\":\"") {
        return Some(Kind::Report);
    }
    if has("json-schema.org") {
        return Some(Kind::Schema);
    }
    if has("sarif") {
        return Some(Kind::Shown("SARIF"));
    }
    if has("\"schema_version\"") {
        let plan = || has("\"profile_source\"").then_some(Kind::Plan);
        return if has("\"started_at\"") { Some(Kind::Report) } else { plan() };
    }
    let small = start.to_ascii_lowercase();
    let is_export =
        ["\"rolename\"", "\"componentname\"", "\"networkospath\"", "\"mssms"].iter().any(|key| small.contains(key));
    is_export.then_some(Kind::Export(import::Kind::Json))
}

fn markup(start: &str) -> Option<Kind> {
    let small = start.get(..start.len().min(2048)).unwrap_or(start).to_ascii_lowercase();
    if small.contains("<mplist") {
        return Some(Kind::Export(import::Kind::Mplist));
    }
    if small.contains("<testsuites") && small.contains("cmprobe") {
        return Some(Kind::Shown("JUnit's XML"));
    }
    if small.contains("<prtg") {
        return Some(Kind::Shown("PRTG's XML"));
    }
    let is_page = small.contains("<!doctype html") || small.contains("<html");
    is_page.then_some(if start.contains("cmprobe") { Kind::Shown("HTML") } else { Kind::WebPage })
}

fn certificate(head: &[u8]) -> Option<Kind> {
    let facts = file::open(head, None, None).ok()?;
    Some(if facts.format == FileFormat::Pkcs12 { Kind::Pkcs12 } else { Kind::Certificate })
}

/// Whether every line is an endpoint, and one of them says so by a dot, a role or a port.
fn list(start: &str) -> Option<Kind> {
    let whole = start.rfind('\n').filter(|_| start.len() as u64 > HEAD / 2).map_or(start, |end| &start[..end]);
    let list = Endpoint::parse_list(whole).ok()?;
    let says = |one: &Endpoint| one.role.is_some() || one.host.as_str().contains(['.', ':']);
    list.endpoints.iter().any(says).then_some(Kind::List)
}

/// Without half a character at the end, where the head was cut from more.
fn whole_characters(head: &[u8]) -> &[u8] {
    if (head.len() as u64) < HEAD {
        return head;
    }
    match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => head.get(..error.valid_up_to()).unwrap_or(head),
        _ => head,
    }
}
