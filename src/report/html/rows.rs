//! The profile's own document, row by row: what each of its rows demands, and what came of that here. Every other
//! document follows, folded.

use std::collections::HashMap;

use maud::{Markup, html};

use super::Source;
use super::areas::Mark;
use super::words::{section, see, value, wide};
use crate::report::finding::FindingReport;
use crate::report::view::Standing;
use crate::requirement::catalogue::catalogue;
use crate::rule::document::{CB, CRNM, Document, TOOL};
use crate::rule::{Citation, Requirement};
use crate::site::profile::Profile;
use crate::wire::counted::counted;

/// A row of a document: what it is called, and how the places begin that lie in it.
struct Row {
    title: &'static str,
    begins: &'static [&'static str],
}

const fn row(title: &'static str, begins: &'static [&'static str]) -> Row {
    Row { title, begins }
}

/// The rows of the document for native mode, in its order.
const NATIVE_MODE: [Row; 9] = [
    row("Primary site server", &["Primary site server"]),
    row("Site system roles that clients connect to over HTTPS", &["Site system roles", "Web server certificate"]),
    row("Network load balancing cluster", &["Network load balancing cluster"]),
    row("Proxy web server for clients on the Internet", &["Proxy Web server"]),
    row("Client computers", &["Client computers"]),
    row("Mobile device clients", &["Mobile device clients"]),
    row("Operating system client deployment", &["Operating system client deployment"]),
    row("Root certification authority certificates", &["Root certification authority certificates"]),
    row(
        "Monitoring of management points and state migration points",
        &["Monitoring of management points", "Site system monitoring"],
    ),
];

/// The rows of the document for Current Branch, in its order.
const CURRENT_BRANCH: [Row; 11] = [
    row("Site systems that clients connect to over HTTPS", &["PKI certificates for servers"]),
    row("Cloud management gateway", &["Cloud management gateway"]),
    row("Site systems that run Microsoft SQL Server", &["Site systems that run Microsoft SQL Server"]),
    row("Network load balancing cluster", &["Network load balancing clusters"]),
    row("Site system monitoring", &["Site system monitoring"]),
    row("Proxy web servers for Internet-based clients", &["Proxy servers"]),
    row("Site systems that have a distribution point installed", &["Site systems that have a distribution point"]),
    row("Windows client computers", &["PKI certificates for clients"]),
    row("Mobile device clients", &["Mobile device clients"]),
    row("Boot images and task sequence media", &["Boot images"]),
    row("Root certification authority certificates", &["Root certification authority certificates"]),
];

const fn document(profile: Profile) -> (&'static Document, &'static [Row]) {
    match profile {
        Profile::NativeMode2007 => (&CRNM, &NATIVE_MODE),
        Profile::CurrentBranch => (&CB, &CURRENT_BRANCH),
    }
}

const fn citation(requirement: &Requirement, profile: Profile) -> &Citation {
    match profile {
        Profile::NativeMode2007 => &requirement.citation.native_mode_2007,
        Profile::CurrentBranch => &requirement.citation.current_branch,
    }
}

/// What a profile asks, in the catalogue's order.
fn asked(profile: Profile) -> impl Iterator<Item = &'static Requirement> {
    catalogue().iter().copied().filter(move |one| one.scope.profile.is_none_or(|only| only == profile))
}

/// What came of a requirement, everywhere it was asked.
#[derive(Default)]
struct Came<'a> {
    marks: Vec<(Mark, usize)>,
    number: Option<usize>,
    /// The first place of what is worst.
    places: Vec<&'a str>,
    worst: Mark,
    /// Why it does not apply.
    why_not: Option<&'a FindingReport>,
}

impl<'a> Came<'a> {
    fn take(&mut self, finding: &'a FindingReport, mark: Mark, whose: &'a str, number: Option<usize>) {
        match self.marks.iter_mut().find(|(known, _)| *known == mark) {
            Some((_, count)) => *count += 1,
            None => self.marks.push((mark, 1)),
        }
        if mark > self.worst {
            self.worst = mark;
            self.places.clear();
            self.number = None;
        }
        if mark == self.worst && mark > Mark::Met {
            if !self.places.contains(&whose) && self.places.len() <= NAMED {
                self.places.push(whose);
            }
            self.number = match (self.number, number) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        if mark == Mark::None {
            self.why_not.get_or_insert(finding);
        }
    }
}

/// What a line stands under, and need not say again.
#[derive(Clone, Copy)]
enum Within {
    /// The row of the profile's document.
    Row,
    /// A document.
    Document,
}

/// How many systems are named in a cell.
const NAMED: usize = 4;

pub(super) fn write(source: &Source<'_>) -> Markup {
    let profile = source.report().run.site.profile;
    let mut came: HashMap<&str, Came<'_>> = HashMap::new();
    for finding in &source.report().findings {
        let standing = source.view.standing(finding);
        let whose = match standing {
            Standing::Met | Standing::NotApplicable => "",
            _ => source.view.subject(&finding.endpoint).whose(),
        };
        let mark = Mark::of(finding, standing);
        let number = source.matters.number_of(finding);
        came.entry(&finding.requirement).or_default().take(finding, mark, whose, number);
    }
    let (document, rows) = document(profile);
    let cited = |one: &&Requirement| citation(one, profile).document.short == document.short;
    let of_row = |row: &Row| {
        let begins =
            |one: &&Requirement| row.begins.iter().any(|begin| citation(one, profile).place.starts_with(begin));
        asked(profile).filter(cited).filter(begins).collect::<Vec<_>>()
    };
    let table = html! {
        table.rows {
            caption { cite { (document.title) } " (" (document.place) ")" }
            (heading())
            @for row in rows {
                @let requirements = of_row(row);
                @let is_asked = requirements.iter().any(|one| came.contains_key(one.id));
                @if is_asked {
                    tbody {
                        tr { th.row colspan="3" scope="rowgroup" { (row.title) } }
                        @for requirement in requirements {
                            (line(source, requirement, came.get(requirement.id), Within::Row))
                        }
                    }
                } @else if !requirements.is_empty() {
                    tbody { tr {
                        th.row colspan="2" scope="rowgroup" { (row.title) }
                        td.row.none { (nothing(source)) span.sub { (counted(requirements.len(), "requirement")) } }
                    } }
                }
            }
        }
    };
    let content = html! {
        (wide("The document, row by row", table))
        (others(source, profile, document, &came))
    };
    section("rows", "Row by row", content)
}

/// A document's title; where there is none, what stands in its place.
fn title(document: &Document) -> String {
    if document.short == TOOL.short {
        format!("What no document says, but {}", document.place.trim_start_matches("it "))
    } else {
        document.title.to_owned()
    }
}

fn heading() -> Markup {
    html! { thead { tr {
        th scope="col" { "What must be so" }
        th scope="col" { "Weight" }
        th scope="col" { "Here" }
    } } }
}

/// What rests on other documents, a fold each.
fn others(source: &Source<'_>, profile: Profile, own: &Document, came: &HashMap<&str, Came<'_>>) -> Markup {
    let mut documents: Vec<(&Document, Vec<&Requirement>)> = Vec::new();
    for requirement in asked(profile).filter(|one| came.contains_key(one.id)) {
        let document = citation(requirement, profile).document;
        if document.short == own.short {
            continue;
        }
        match documents.iter_mut().find(|(known, _)| known.short == document.short) {
            Some((_, requirements)) => requirements.push(requirement),
            None => documents.push((document, vec![requirement])),
        }
    }
    html! {
        @if !documents.is_empty() { h3 { "What other documents ask" } }
        @for (document, requirements) in documents {
            details {
                summary {
                    (title(document)) ": " (counted(requirements.len(), "requirement"))
                    @let failing = requirements.iter().filter(|one| came.get(one.id).is_some_and(|came| came.worst > Mark::Waived)).count();
                    @if failing > 0 { ", " (failing) " with something to tell" }
                }
                (wide(&title(document), html! {
                    table.rows {
                        (heading())
                        tbody { @for requirement in requirements { (line(source, requirement, came.get(requirement.id), Within::Document)) } }
                    }
                }))
            }
        }
    }
}

fn line(source: &Source<'_>, requirement: &Requirement, came: Option<&Came<'_>>, within: Within) -> Markup {
    let profile = source.report().run.site.profile;
    let cited = citation(requirement, profile).place;
    let place = match within {
        Within::Row => cited.split_once(", ").map(|(_, place)| place),
        Within::Document => Some(cited),
    };
    let severity = match profile {
        Profile::NativeMode2007 => requirement.severity.native_mode_2007,
        Profile::CurrentBranch => requirement.severity.current_branch,
    };
    html! {
        tr {
            th scope="row" {
                (requirement.title)
                span.sub { code { (requirement.id) } @if let Some(place) = place { ", " (place) } }
            }
            td { (severity.name()) }
            (here(source, came))
        }
    }
}

/// What is said of what no finding is about.
const fn nothing(source: &Source<'_>) -> &'static str {
    if source.board.tells_passes { "not asked in this run" } else { "nothing to tell" }
}

fn here(source: &Source<'_>, came: Option<&Came<'_>>) -> Markup {
    let Some(came) = came else {
        return html! { td.none { (nothing(source)) } };
    };
    let mut marks = came.marks.clone();
    marks.sort_by_key(|(mark, _)| std::cmp::Reverse(*mark));
    let told: Vec<String> = marks
        .iter()
        .filter(|(mark, _)| *mark > Mark::None)
        .map(|(mark, count)| match mark {
            Mark::Met => format!("met at {}", counted(*count, "place")),
            Mark::Follows if came.worst == Mark::Follows && came.number.is_some() => {
                format!("{} from {}", mark.words(*count), came.number.unwrap_or_default())
            }
            other => other.words(*count),
        })
        .collect();
    let mut places = came.places.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if came.places.len() > NAMED {
        places += " \u{2026}";
    }
    html! {
        td class=(came.worst.class()) {
            @match (came.number, told.split_first()) {
                (Some(number), Some((first, others))) => {
                    (see(number, first))
                    @for other in others { ", " (other) }
                }
                (_, Some(_)) => (told.join(", ")),
                (_, None) => "does not apply",
            }
            @if !places.is_empty() { span.sub { (value(&places)) } }
            @if told.is_empty() { @if let Some(finding) = came.why_not { span.sub { (value(&finding.message)) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Profile, asked, citation, document};

    #[test]
    fn every_requirement_of_a_profile_s_document_lies_in_one_of_its_rows() {
        for profile in Profile::ALL {
            let (document, rows) = document(profile);
            for requirement in asked(profile) {
                let cited = citation(requirement, profile);
                if cited.document.short == document.short {
                    let begins =
                        rows.iter().flat_map(|row| row.begins).filter(|begin| cited.place.starts_with(**begin));
                    assert_eq!(begins.count(), 1, "{}: {}", requirement.id, cited.place);
                }
            }
        }
    }
}
