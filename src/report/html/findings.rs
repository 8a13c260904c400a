//! Every finding, folded by whose it is: what is met is counted, unless everything was asked for.

use maud::{Markup, html};

use super::areas::Mark;
use super::words::{left_out, message, section, see, value, wide};
use super::{Show, Source};
use crate::report::finding::FindingReport;
use crate::report::view::{Standing, Subject};

/// How many findings are listed where not everything was asked for.
const LISTED: usize = 750;

/// Whose findings, and those of them that are listed.
struct Group<'a> {
    whose: &'a str,
    counts: [usize; COUNTED.len()],
    listed: Vec<(&'a FindingReport, Subject<'a>, Mark)>,
}

/// What is counted, in the order in which it is told.
const COUNTED: [Mark; 7] =
    [Mark::Error, Mark::Warning, Mark::Unknown, Mark::Notice, Mark::Waived, Mark::Follows, Mark::Met];

pub(super) fn write(source: &Source<'_>) -> Markup {
    if source.report().findings.is_empty() {
        return html! {};
    }
    let groups = groups(source);
    let mut room = if source.show == Show::All { usize::MAX } else { LISTED };
    let mut left = 0;
    let content = html! {
        @for group in &groups {
            @let here = group.listed.len().min(room);
            ({ room -= here; left += group.listed.len() - here; "" })
            @if here > 0 || left == 0 { (told(source, group, here)) }
        }
        (left_out(left, "finding"))
    };
    section("findings", "All findings", content)
}

fn groups<'a>(source: &Source<'a>) -> Vec<Group<'a>> {
    let view = &source.view;
    let new = |whose| Group { whose, counts: [0; COUNTED.len()], listed: Vec::new() };
    let mut groups: Vec<Group<'a>> = view.systems().into_iter().map(new).collect();
    groups.extend(source.report().files.iter().map(|file| new(&file.id)));
    groups.push(new("The site"));
    let site = groups.len() - 1;
    let places: std::collections::HashMap<&str, usize> =
        groups.iter().enumerate().take(site).map(|(at, group)| (group.whose, at)).collect();
    for finding in &source.report().findings {
        let subject = view.subject(&finding.endpoint);
        let standing = view.standing(finding);
        let mark = Mark::of(finding, standing);
        let whose = subject.system.or(subject.file.map(|file| file.id.as_str()));
        let at = whose.and_then(|whose| places.get(whose)).copied().unwrap_or(site);
        let Some(group) = groups.get_mut(at) else { continue };
        // What need not be decided is counted with what must.
        let counted = if mark == Mark::Open { Mark::Unknown } else { mark };
        if let Some(count) = COUNTED.iter().position(|one| *one == counted).and_then(|at| group.counts.get_mut(at)) {
            *count += 1;
        }
        let is_listed = match standing {
            Standing::Met | Standing::NotApplicable | Standing::Follows => source.show == Show::All,
            Standing::Fails
            | Standing::FailsBelow
            | Standing::Waived
            | Standing::Undecided
            | Standing::UndecidedBelow => true,
        };
        if is_listed {
            group.listed.push((finding, subject, mark));
        }
    }
    groups.retain(|group| group.counts.iter().any(|count| *count > 0) || !group.listed.is_empty());
    groups
}

fn told(source: &Source<'_>, group: &Group<'_>, most: usize) -> Markup {
    let counts: Vec<String> = COUNTED
        .iter()
        .zip(group.counts)
        .filter(|(_, count)| *count > 0)
        .map(|(mark, count)| words(*mark, count))
        .collect();
    let summary = html! { strong { (value(group.whose)) } ": " (counts.join(", ")) };
    html! {
        @if most == 0 {
            p.counted { (summary) }
        } @else {
            details {
                summary { (summary) }
                (wide(&format!("Findings: {}", group.whose), html! {
                    table {
                        thead { tr {
                            th scope="col" { "Verdict" }
                            th scope="col" { "Requirement" }
                            th scope="col" { "Where" }
                            th scope="col" { "What was found" }
                        } }
                        tbody { @for (finding, subject, mark) in group.listed.iter().take(most) { (row(source, finding, subject, *mark)) } }
                    }
                }))
            }
        }
    }
}

fn words(mark: Mark, count: usize) -> String {
    match mark {
        Mark::Met => format!("{count} met"),
        other => other.words(count),
    }
}

fn row(source: &Source<'_>, finding: &FindingReport, subject: &Subject<'_>, mark: Mark) -> Markup {
    let verdict = match mark {
        Mark::None => "does not apply",
        Mark::Met => "met",
        Mark::Waived => "waived",
        Mark::Open | Mark::Unknown => "not decided",
        Mark::Follows => "follows",
        Mark::Notice => "notice",
        Mark::Warning => "warning",
        Mark::Error => "error",
    };
    let place = finding
        .endpoint
        .strip_prefix(subject.whose())
        .map_or(finding.endpoint.as_str(), |rest| rest.trim_start_matches('/'));
    html! {
        tr {
            td class=(mark.class()) {
                @match source.matters.number_of(finding) {
                    Some(number) => (see(number, verdict)),
                    None => (verdict),
                }
            }
            td { code { (value(&finding.requirement)) } }
            td { (value(place)) }
            td {
                (message(&finding.message))
                @for (label, side) in [("expected ", &finding.expected), ("observed ", &finding.observed)] {
                    @if !side.is_empty() { span.sub { (label) (value(&side.join("; "))) } }
                }
            }
        }
    }
}
