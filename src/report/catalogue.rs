//! The catalogue of requirements, told: the list, each requirement's page, the table of the README, and all of it as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::cause;
use super::finding::CitationReport;
use super::page::Page;
use super::told::Told;
use crate::requirement::catalogue::catalogue;
use crate::rule::Citation;
use crate::rule::{EvidenceSource, Requirement};
use crate::site::profile::Profile;
use crate::site::suggestion;
use crate::verdict::severity::Severity;

/// A requirement, as documents have it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RequirementReport {
    /// `subject/requirement`.
    pub id: &'static str,
    /// What must be so.
    pub title: &'static str,
    /// How much a failure weighs, by profile.
    pub severity: SeverityReport,
    /// Whom it concerns.
    pub concerns: &'static str,
    /// The only profile it is asked in; `null`: both.
    pub profile: Option<Profile>,
    /// Where the evidence comes from.
    pub evidence: &'static [EvidenceSource],
    /// What it asks, who is hurt, how it is seen; paragraphs with an empty line between them.
    pub explanation: String,
    /// What to do about a failure.
    pub remedy: &'static str,
    /// The sentence it rests on.
    pub citation: CitationReport,
    /// The sentence it rests on in Current Branch.
    pub current_branch_citation: CitationReport,
    /// The ids of the causes that can fail it.
    pub causes: Vec<&'static str>,
}

/// How much a failure weighs, by profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeverityReport {
    /// For a site of 2007 in native mode.
    #[serde(rename = "native-mode-2007")]
    pub native_mode_2007: Severity,
    /// For a Current Branch site.
    #[serde(rename = "current-branch")]
    pub current_branch: Severity,
}

impl From<&Requirement> for RequirementReport {
    fn from(requirement: &Requirement) -> Self {
        Self {
            id: requirement.id,
            title: requirement.title,
            severity: SeverityReport {
                native_mode_2007: requirement.severity.native_mode_2007,
                current_branch: requirement.severity.current_branch,
            },
            concerns: requirement.scope.words,
            profile: requirement.scope.profile,
            evidence: requirement.evidence,
            explanation: paragraphs(requirement.explanation).join("\n\n"),
            remedy: requirement.remedy,
            citation: (&requirement.citation.native_mode_2007).into(),
            current_branch_citation: (&requirement.citation.current_branch).into(),
            causes: cause::of_requirement(requirement.id).map(|cause| cause.id).collect(),
        }
    }
}

/// The whole catalogue.
pub fn all() -> Vec<RequirementReport> {
    catalogue().iter().map(|requirement| (*requirement).into()).collect()
}

/// A requirement's page.
pub fn page(requirement: &Requirement, color: bool) -> String {
    told(requirement).text(color)
}

/// A requirement's page in Markdown.
pub fn page_markdown(requirement: &Requirement) -> String {
    told(requirement).markdown()
}

fn told(requirement: &Requirement) -> Told {
    let cited = |citation: &Citation| {
        [format!("{}: {}", citation.document.title, citation.place), format!("({})", citation.document.place)]
    };
    let (native, current) = (&requirement.citation.native_mode_2007, &requirement.citation.current_branch);
    let source = if native == current {
        cited(native).to_vec()
    } else {
        [("2007", native), ("Current Branch", current)]
            .into_iter()
            .map(|(profile, citation)| format!("{profile}: {}", cited(citation).join(" ")))
            .collect()
    };
    let evidence: Vec<_> = requirement.evidence.iter().map(|source| evidence_words(*source)).collect();
    let causes = cause::of_requirement(requirement.id).map(|cause| format!("{}: {}", cause.id, cause.words)).collect();
    paragraphs(requirement.explanation)
        .into_iter()
        .fold(Told::titled(requirement.id).says(requirement.title), Told::says)
        .part("severity", vec![severity_words(requirement)])
        .part("concerns", vec![requirement.scope.words.to_owned()])
        .part("seen in", vec![evidence.join(", ")])
        .part("remedy", vec![requirement.remedy.to_owned()])
        .part("source", source)
        .part("causes", causes)
}

/// Requirements, a line each, under their subjects.
pub fn list<'a>(requirements: impl IntoIterator<Item = &'a Requirement>, color: bool) -> String {
    let mut page = Page::new(color);
    let mut subject = "";
    for requirement in requirements {
        let of = subject_of(requirement);
        if of != subject {
            page.heading(of);
            subject = of;
        }
        let severity = requirement.severity.native_mode_2007;
        page.labelled(2, severity.name(), severity.into(), 10, &format!("{}: {}", requirement.id, requirement.title));
    }
    page.into_text()
}

/// The table of the README.
pub fn markdown() -> String {
    let mut text = String::from("| requirement | weight | what must be so | source |\n|---|---|---|---|\n");
    for requirement in catalogue() {
        let cell = |text: &str| text.replace('|', "\\|");
        let (weight, title) = (severity_words(requirement), cell(requirement.title));
        text += &format!("| `{}` | {weight} | {title} | {} |\n", requirement.id, sources(requirement));
    }
    text
}

/// The short names of the documents it rests on.
fn sources(requirement: &Requirement) -> String {
    let (native, current) = (requirement.citation.native_mode_2007, requirement.citation.current_branch);
    let (native, current) = (native.document.short, current.document.short);
    match requirement.scope.profile {
        Some(Profile::NativeMode2007) => native.to_owned(),
        Some(Profile::CurrentBranch) => current.to_owned(),
        None if native == current => native.to_owned(),
        None => format!("{native}; Current Branch: {current}"),
    }
}

/// The requirements of a subject; empty: there is no such subject.
pub fn of_subject(subject: &str) -> Vec<&'static Requirement> {
    catalogue().iter().copied().filter(|requirement| subject_of(requirement) == subject.trim_end_matches('/')).collect()
}

/// The ids nearest to one that does not exist: those that hold it, else those it may be a slip of.
pub fn nearest(id: &str) -> Vec<&'static str> {
    const MOST: usize = 5;
    let id = id.to_ascii_lowercase();
    let ids = || catalogue().iter().map(|requirement| requirement.id);
    let holding: Vec<_> = ids().filter(|known| id.len() >= 3 && known.contains(&id)).take(MOST).collect();
    if !holding.is_empty() {
        return holding;
    }
    if let Some(meant) = suggestion::nearest(&id, ids()) {
        return vec![meant];
    }
    let second_part = |id: &'static str| id.split_once('/').map_or(id, |(_, second)| second);
    let meant = suggestion::nearest(&id, ids().map(second_part));
    ids().filter(|known| meant == Some(second_part(known))).collect()
}

fn subject_of(requirement: &Requirement) -> &'static str {
    requirement.id.split('/').next().unwrap_or_default()
}

fn severity_words(requirement: &Requirement) -> String {
    let severity = requirement.severity;
    let (old, new) = (severity.native_mode_2007.name(), severity.current_branch.name());
    match requirement.scope.profile {
        Some(Profile::NativeMode2007) => format!("{old} (sites of 2007 only)"),
        Some(Profile::CurrentBranch) => format!("{new} (Current Branch only)"),
        None if old == new => old.to_owned(),
        None => format!("{old}; Current Branch: {new}"),
    }
}

const fn evidence_words(source: EvidenceSource) -> &'static str {
    match source {
        EvidenceSource::Definition => "the site definition",
        EvidenceSource::Dns => "the vantage's resolver",
        EvidenceSource::Connection => "the TCP connection",
        EvidenceSource::Handshake => "the TLS handshake",
        EvidenceSource::Exchange => "an HTTP exchange",
        EvidenceSource::File => "a certificate file",
        EvidenceSource::RevocationList => "the revocation lists a certificate names",
        EvidenceSource::Site => "several endpoints of the site together",
    }
}

/// A doc comment's paragraphs, each in one line; points of a list are paragraphs of their own.
fn paragraphs(explanation: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut fresh = true;
    for line in explanation.lines().map(str::trim) {
        match paragraphs.last_mut() {
            _ if line.is_empty() => fresh = true,
            Some(last) if !fresh && !line.starts_with("- ") => {
                last.push(' ');
                last.push_str(line);
            }
            _ => {
                paragraphs.push(line.to_owned());
                fresh = false;
            }
        }
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::{nearest, paragraphs};

    #[test]
    fn a_mistyped_id_finds_its_neighbours() {
        assert_eq!(nearest("web-server/server-auth-ekv")[0], "web-server/server-auth-eku");
        assert!(nearest("server-auth-eu").contains(&"web-server/server-auth-eku"));
        assert!(nearest("SERVER-AUTH").contains(&"web-server/server-auth-eku"));
        assert!(nearest("zzzzzzzzzzzzzzz").is_empty());
    }

    #[test]
    fn doc_comments_become_paragraphs() {
        assert_eq!(
            paragraphs(" One\n two.\n\n Three:\n - four\n   five\n - six\n"),
            ["One two.", "Three:", "- four five", "- six"]
        );
    }
}
