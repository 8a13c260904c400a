//! Causes and codes, told: their lists, each one's page, and all of it as JSON and as tables.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnosis::SymptomReport;
use super::page::{Ink, Page};
use super::told::{Told, shielded};
use crate::requirement::catalogue::catalogue;
use crate::site::suggestion;
use crate::verdict::cause::catalogue::{CAUSES, SECTIONS};
use crate::verdict::cause::code::{self, CODES, Code};
use crate::verdict::cause::host::Host;
use crate::verdict::cause::{Cause, CulpritKind, Symptom, matches};

/// A cause, as documents have it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CauseReport {
    /// Its id.
    pub id: &'static str,
    /// What is so.
    pub words: &'static str,
    /// The observation without which it is not claimed.
    pub known_by: &'static str,
    /// What to do, by profile.
    pub remedy: RemedyReport,
    /// What kind of thing has to be put right.
    pub culprit: &'static str,
    /// How it shows.
    pub symptoms: Vec<SymptomText>,
    /// How else it shows, or why nothing is seen; empty: the symptoms say it all.
    pub shows: &'static str,
    /// How it shows where no client of the site comes, for what has a remedy of its own there.
    pub elsewhere: Vec<ElsewhereReport>,
    /// The requirements it can fail.
    pub requirements: Vec<&'static str>,
    /// The codes that lead to it first of all.
    pub codes: Vec<String>,
}

/// What to do, by profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RemedyReport {
    /// At a site of 2007 in native mode.
    #[serde(rename = "native-mode-2007")]
    pub native_mode_2007: &'static str,
    /// At a Current Branch site.
    #[serde(rename = "current-branch")]
    pub current_branch: &'static str,
    /// At a cloud management gateway; `null`: as at any server.
    #[serde(rename = "cloud-management-gateway")]
    pub cloud_management_gateway: Option<&'static str>,
    /// At the SMS Provider's administration service; `null`: as at any server.
    #[serde(rename = "administration-service")]
    pub administration_service: Option<&'static str>,
    /// At a reporting point; `null`: as at any server.
    #[serde(rename = "reporting-point")]
    pub reporting_point: Option<&'static str>,
}

/// How a failure shows where administrators look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SymptomText {
    /// Its key.
    pub key: &'static str,
    /// At the client; empty: nothing is seen there.
    pub client: &'static str,
    /// At the server; empty: nothing is seen there.
    pub server: &'static str,
}

/// How a failure shows at a cloud management gateway, the administration service or a reporting point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ElsewhereReport {
    /// Where.
    pub at: &'static str,
    /// How.
    pub symptoms: Vec<SymptomReport>,
}

/// What a code means, as documents have it: `explain CODE --format json`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CodesReport {
    /// The codes the text means.
    pub codes: Vec<CodeReport>,
    /// The causes they lead to, those to think of first before the others.
    pub causes: Vec<CauseReport>,
}

/// A code, as documents have it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CodeReport {
    /// Its number as it is mostly written; empty: it has a name only.
    pub code: String,
    /// Its name; empty: it has none.
    pub name: &'static str,
    /// How it is written elsewhere too.
    pub other_spellings: Vec<String>,
    /// What it says.
    pub meaning: &'static str,
    /// What else to look at; empty: the causes say it.
    pub look: &'static str,
    /// The ids of the causes it leads to, those to think of first before the others.
    pub causes: Vec<&'static str>,
    /// The requirements to look at, the nearest first.
    pub requirements: Vec<&'static str>,
}

impl From<&Symptom> for SymptomText {
    fn from(symptom: &Symptom) -> Self {
        Self { key: symptom.key, client: symptom.client, server: symptom.server }
    }
}

impl From<&Cause> for CauseReport {
    fn from(cause: &Cause) -> Self {
        Self {
            id: cause.id,
            words: cause.words,
            known_by: cause.known_by,
            remedy: RemedyReport {
                native_mode_2007: cause.remedy.native_mode_2007,
                current_branch: cause.remedy.current_branch,
                cloud_management_gateway: cause.local(Host::Gateway),
                administration_service: cause.local(Host::Provider),
                reporting_point: cause.local(Host::Reports),
            },
            culprit: kind_name(cause.culprit),
            symptoms: cause.symptoms.iter().map(|symptom| (*symptom).into()).collect(),
            shows: cause.shows,
            elsewhere: shown_elsewhere(cause)
                .map(|(host, symptoms)| ElsewhereReport { at: host.name(), symptoms })
                .collect(),
            requirements: covered(cause.rows.iter().copied()),
            codes: code::of_cause(cause).map(short).collect(),
        }
    }
}

impl From<&Code> for CodeReport {
    fn from(code: &Code) -> Self {
        Self {
            code: code.number.to_string(),
            name: code.name,
            other_spellings: code.other_spellings(),
            meaning: code.meaning,
            look: code.look,
            causes: code.leads_to().into_iter().map(|cause| cause.id).collect(),
            requirements: covered(code.rows()),
        }
    }
}

/// Every cause.
pub fn all() -> Vec<CauseReport> {
    CAUSES.iter().map(|cause| (*cause).into()).collect()
}

/// Every code.
pub fn all_codes() -> Vec<CodeReport> {
    CODES.iter().map(|code| (*code).into()).collect()
}

/// What codes mean, and the causes they lead to.
pub fn of_codes(codes: &[&'static Code]) -> CodesReport {
    CodesReport {
        codes: codes.iter().map(|code| (*code).into()).collect(),
        causes: leading(codes).into_iter().map(CauseReport::from).collect(),
    }
}

/// The ids of the causes that can fail a requirement.
pub fn of_requirement(id: &str) -> impl Iterator<Item = &'static Cause> {
    CAUSES.iter().copied().filter(move |cause| cause.fails(id))
}

/// Every cause, a line each, under their phases.
pub fn list(color: bool) -> String {
    let mut page = Page::new(color);
    for section in SECTIONS {
        page.heading(section.title);
        for cause in section.causes {
            page.labelled(2, cause.id, Ink::Quiet, 6, &format!("\u{2013} {}", cause.words));
        }
    }
    page.into_text()
}

/// Every code, a line each.
pub fn list_codes(color: bool) -> String {
    let mut page = Page::new(color);
    for code in CODES.iter() {
        page.labelled(0, &full(code), Ink::Quiet, 6, &format!("\u{2013} {}", code.meaning));
    }
    page.into_text()
}

/// Every cause, as a table.
pub fn markdown() -> String {
    let mut text = String::from("| cause | what is so | to put right |\n|---|---|---|\n");
    for cause in CAUSES.iter() {
        text += &format!("| `{}` | {} | {} |\n", cause.id, cell(cause.words), culprit_words(cause.culprit));
    }
    text
}

/// Every code, as a table.
pub fn markdown_codes() -> String {
    let mut text = String::from("| code | name | what it says | causes to think of first |\n|---|---|---|---|\n");
    for code in CODES.iter() {
        let causes: Vec<_> = code.causes.iter().map(|cause| format!("`{}`", cause.id)).collect();
        text +=
            &format!("| {} | {} | {} | {} |\n", code.number, cell(code.name), cell(code.meaning), causes.join(", "));
    }
    text
}

fn cell(text: &str) -> String {
    shielded(text).replace('|', "\\|")
}

/// A cause's page.
pub fn page(cause: &Cause, color: bool) -> String {
    told(cause).text(color)
}

/// A cause's page in Markdown.
pub fn page_markdown(cause: &Cause) -> String {
    told(cause).markdown()
}

/// The page of the codes a text means.
pub fn code_page(codes: &[&'static Code], color: bool) -> String {
    codes.iter().map(|code| told_code(code).text(color)).collect::<Vec<_>>().join("\n")
}

/// The page of the codes a text means, in Markdown.
pub fn code_page_markdown(codes: &[&'static Code]) -> String {
    codes.iter().map(|code| told_code(code).markdown()).collect::<Vec<_>>().join("\n")
}

/// How a cause shows where no client of the site comes, for what has a remedy of its own there.
fn shown_elsewhere(cause: &Cause) -> impl Iterator<Item = (Host, Vec<SymptomReport>)> {
    let places = Host::ELSEWHERE.into_iter().filter(|host| cause.local(*host).is_some());
    let shown =
        places.map(|host| (host, cause.shown_at(host).into_iter().map(SymptomReport::from).collect::<Vec<_>>()));
    shown.filter(|(_, symptoms)| !symptoms.is_empty())
}

fn told(cause: &Cause) -> Told {
    let remedy = cause.remedy;
    let mut remedies = if remedy.native_mode_2007 == remedy.current_branch {
        vec![remedy.current_branch.to_owned()]
    } else {
        vec![format!("2007: {}", remedy.native_mode_2007), format!("Current Branch: {}", remedy.current_branch)]
    };
    for host in Host::ELSEWHERE {
        remedies.extend(cause.local(host).map(|local| format!("At the {}: {local}", host.name())));
    }
    let seen = |side: fn(&Symptom) -> &'static str| {
        let mut texts: Vec<String> = Vec::new();
        for text in cause.symptoms.iter().map(|symptom| side(symptom)).filter(|text| !text.is_empty()) {
            if !texts.iter().any(|there| there == text) {
                texts.push(text.to_owned());
            }
        }
        texts
    };
    let elsewhere = shown_elsewhere(cause).map(|(host, symptoms)| {
        let sides = symptoms.into_iter().flat_map(|symptom| [symptom.client, symptom.server, symptom.also]);
        let mut texts: Vec<String> = Vec::new();
        for text in sides.flatten().filter(|text| *text != cause.shows) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        (host, texts)
    });
    let elsewhere = elsewhere.filter(|(_, texts)| !texts.is_empty());
    let elsewhere = elsewhere.map(|(host, texts)| format!("At the {}: {}", host.name(), texts.join(" "))).collect();
    let codes: Vec<_> = code::of_cause(cause).map(short).collect();
    Told::titled(cause.id)
        .says(cause.words)
        .part("known by", vec![cause.known_by.to_owned()])
        .part("remedy", remedies)
        .part("concerns", vec![culprit_words(cause.culprit).to_owned()])
        .part("client", seen(|symptom| symptom.client))
        .part("server", seen(|symptom| symptom.server))
        .part("shows", vec![cause.shows.to_owned()])
        .part("elsewhere", elsewhere)
        .part("codes", vec![codes.join(", ")])
        .part("fails", vec![patterns(cause.rows.iter().copied())])
}

/// More causes than this are named only, not told.
const FEW: usize = 24;

/// More causes than this are none.
const MANY: usize = 48;

fn told_code(code: &'static Code) -> Told {
    let causes = code.leads_to();
    let told = if causes.len() > MANY {
        // It says that something is wrong, and not what.
        Vec::new()
    } else if causes.len() > FEW {
        let ids: Vec<_> = causes.iter().map(|cause| cause.id).collect();
        vec![ids.join(", ")]
    } else {
        causes.iter().map(|cause| format!("{}: {}", cause.id, cause.words)).collect()
    };
    let logs = |side: fn(&Symptom) -> &'static str| match code.symptoms {
        [only] => vec![side(only).to_owned()],
        _ => Vec::new(),
    };
    Told::titled(full(code))
        .says(code.meaning)
        .part("look at", vec![code.look.to_owned()])
        .part("written", vec![code.other_spellings().join(", ")])
        .part("client", logs(|symptom| symptom.client))
        .part("server", logs(|symptom| symptom.server))
        .part("causes", told)
        .part("rows", vec![patterns(code.rows())])
}

/// The causes several codes lead to, those to think of first before the others.
fn leading(codes: &[&'static Code]) -> Vec<&'static Cause> {
    let mut causes: Vec<&'static Cause> = Vec::new();
    let first = codes.iter().flat_map(|code| code.causes.iter().copied());
    for cause in first.chain(codes.iter().flat_map(|code| code.leads_to())) {
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    causes
}

/// A code in one word.
fn short(code: &Code) -> String {
    let number = code.number.to_string();
    if number.is_empty() { code.name.to_owned() } else { number }
}

/// A code with its name.
fn full(code: &Code) -> String {
    [code.number.to_string(), code.name.to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The requirements of the catalogue that patterns cover, in the patterns' order.
fn covered(patterns: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
    let mut ids: Vec<&'static str> = Vec::new();
    for pattern in patterns {
        for id in catalogue().iter().map(|requirement| requirement.id).filter(|id| matches(pattern, id)) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids
}

/// Patterns as people read them: a quality of every use in one word, all else as it is.
fn patterns(patterns: impl IntoIterator<Item = &'static str>) -> String {
    let words: Vec<_> = patterns
        .into_iter()
        .map(|pattern| match pattern.strip_prefix("*/") {
            Some(slug) => format!("{slug} (of every use)"),
            None => pattern.to_owned(),
        })
        .collect();
    words.join(", ")
}

/// The ids of causes, and the names and numbers of codes, nearest to something that is none of them.
pub fn nearest(text: &str) -> Vec<String> {
    const MOST: usize = 5;
    let text = text.to_ascii_lowercase();
    let ids: Vec<String> = CAUSES.iter().map(|cause| cause.id.to_owned()).collect();
    let names: Vec<String> = CODES.iter().map(|code| code.name.to_owned()).filter(|name| !name.is_empty()).collect();
    let numbers: Vec<String> = CODES.iter().flat_map(|code| code.number.spellings()).collect();
    let known = || ids.iter().chain(&names).chain(&numbers);
    let holds = |known: &&String| text.len() >= 3 && known.to_ascii_lowercase().contains(&text);
    let holding: Vec<String> = known().filter(holds).take(MOST).cloned().collect();
    if !holding.is_empty() {
        return holding;
    }
    // Logs and search engines shorten the names from the left.
    let ends: Vec<String> = names
        .iter()
        .flat_map(|name| name.match_indices('_').map(|(at, _)| name[at + 1..].to_owned()))
        .filter(|end| end.contains('_'))
        .collect();
    let near = |words: &[String]| suggestion::nearest(&text, words.iter().map(String::as_str)).map(str::to_owned);
    near(&ids).or_else(|| near(&names)).or_else(|| near(&numbers)).or_else(|| near(&ends)).into_iter().collect()
}

/// A kind's name in documents.
const fn kind_name(kind: CulpritKind) -> &'static str {
    match kind {
        CulpritKind::Certificate => "certificate",
        CulpritKind::Authority => "authority",
        CulpritKind::Url => "url",
        CulpritKind::Resolver => "resolver",
        CulpritKind::Address => "address",
        CulpritKind::Definition => "definition",
        CulpritKind::File => "file",
        CulpritKind::Device => "device",
        CulpritKind::Machine => "machine",
    }
}

/// What has to be put right, in words.
const fn culprit_words(kind: CulpritKind) -> &'static str {
    match kind {
        CulpritKind::Certificate => "the certificate that was judged",
        CulpritKind::Authority => "an authority above the certificate",
        CulpritKind::Url => "what lies at a URL, or the host it lies on",
        CulpritKind::Resolver => "the vantage's name server",
        CulpritKind::Address => "the server at the address",
        CulpritKind::Definition => "the definition, a setting of the site, or a name in DNS",
        CulpritKind::File => "the file",
        CulpritKind::Device => "a device on the way: a proxy, a gateway, a load balancer",
        CulpritKind::Machine => "the machine this program runs on",
    }
}
