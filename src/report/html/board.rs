//! Systems by areas: what is worst in each, in words, with a link to where it is told.

use std::collections::HashMap;

use maud::{Markup, html};

use super::areas::{Area, Mark};
use super::words::{left_out, section, see, value, wide};
use super::{MOST, Source};
use crate::report::circumstances::TableKind;
use crate::report::text::entry::Matters;
use crate::report::view::{Standing, View};
use crate::site::role::Role;

/// Every system, and how it stands.
pub(super) struct Board<'a> {
    pub(super) rows: Vec<Row<'a>>,
    /// Whether the report lists what is met.
    pub(super) tells_passes: bool,
}

/// A system, a file, or what is about the site.
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    pub(super) roles: Vec<Role>,
    pub(super) leads_to: &'a [String],
    pub(super) cells: [Cell; Area::ALL.len()],
    /// From which vantages the way there is broken.
    pub(super) cut_from: Vec<&'a str>,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    System,
    Cluster,
    Proxy,
    File,
    Site,
}

/// What is worst, how often, and where it is told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) mark: Mark,
    pub(super) count: usize,
    pub(super) number: Option<usize>,
}

impl Cell {
    fn take(&mut self, mark: Mark, number: Option<usize>) {
        if mark > self.mark {
            *self = Self { mark, count: 1, number };
        } else if mark == self.mark {
            self.count += 1;
            self.number = match (self.number, number) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
    }
}

impl Row<'_> {
    /// The worst of it.
    pub(super) fn worst(&self) -> Mark {
        self.cells.iter().map(|cell| cell.mark).max().unwrap_or_default()
    }

    /// What stands below its name.
    pub(super) fn words(&self) -> String {
        let roles = self.roles.iter().map(|role| role.name().replace('-', " ")).collect::<Vec<_>>().join(", ");
        match self.kind {
            Kind::System => roles,
            Kind::Cluster => format!("cluster of {}", self.leads_to.join(", ")),
            Kind::Proxy => format!("proxy before {}", self.leads_to.join(", ")),
            Kind::File => "file".to_owned(),
            Kind::Site => String::new(),
        }
    }
}

impl<'a> Board<'a> {
    /// The row of a system.
    pub(super) fn row(&self, name: &str) -> Option<&Row<'a>> {
        self.rows.iter().find(|row| row.name == name && row.kind != Kind::File)
    }

    pub(super) fn new(view: &View<'a>, matters: &Matters<'_>) -> Self {
        let report = view.report;
        let tables: HashMap<&str, _> = view
            .tables()
            .filter(|table| matches!(table.kind, TableKind::System | TableKind::Cluster | TableKind::Proxy))
            .map(|table| (table.name.as_str(), table))
            .collect();
        let mut rows: Vec<Row<'a>> = Vec::new();
        let row = |name, kind, roles, leads_to| {
            let cells = [Cell::default(); Area::ALL.len()];
            Row { name, kind, roles, leads_to, cells, cut_from: Vec::new() }
        };
        for name in view.systems() {
            rows.push(match tables.get(name) {
                None => row(name, Kind::System, Vec::new(), &[]),
                Some(table) => {
                    let kind = match table.kind {
                        TableKind::Cluster => Kind::Cluster,
                        TableKind::Proxy => Kind::Proxy,
                        TableKind::System | TableKind::Site | TableKind::Client | TableKind::Waiver => Kind::System,
                    };
                    row(name, kind, table.roles.clone(), &table.leads_to)
                }
            });
        }
        let mut places: HashMap<&str, usize> = rows.iter().enumerate().map(|(at, row)| (row.name, at)).collect();
        for endpoint in &report.endpoints {
            let known = places.get(endpoint.system.as_str()).and_then(|at| rows.get_mut(*at));
            if let (Some(row), Some(role)) = (known, endpoint.role)
                && row.kind == Kind::System
                && !row.roles.contains(&role)
            {
                row.roles.push(role);
            }
        }
        for file in &report.files {
            places.entry(&file.id).or_insert_with(|| {
                rows.push(row(&file.id, Kind::File, Vec::new(), &[]));
                rows.len() - 1
            });
        }
        rows.push(row("The site", Kind::Site, Vec::new(), &[]));
        let site = rows.len() - 1;
        for finding in &report.findings {
            let Some(area) = Area::of(&finding.requirement) else { continue };
            let subject = view.subject(&finding.endpoint);
            let standing = view.standing(finding);
            let whose = subject.system.or(subject.file.map(|file| file.id.as_str()));
            let at = whose.and_then(|whose| places.get(whose)).copied().unwrap_or(site);
            let Some(row) = rows.get_mut(at) else { continue };
            let mark = Mark::of(finding, standing);
            if let Some(cell) = Area::ALL.iter().position(|one| *one == area).and_then(|at| row.cells.get_mut(at)) {
                cell.take(mark, matters.number_of(finding));
            }
            if area == Area::Reach
                && matches!(mark, Mark::Error)
                && let Some(vantage) = subject.vantage.filter(|vantage| !row.cut_from.contains(vantage))
            {
                row.cut_from.push(vantage);
            }
        }
        if rows.last().is_some_and(|row| row.worst() == Mark::None) {
            rows.pop();
        }
        let tells_passes = report.findings.iter().any(|finding| view.standing(finding) == Standing::Met);
        Self { rows, tells_passes: tells_passes || report.run.summary.pass == 0 }
    }
}

/// The table. Where there is no room for all, those with something to tell come first.
pub(super) fn write(source: &Source<'_>) -> Markup {
    let board = &source.board;
    if board.rows.is_empty() {
        return html! {};
    }
    let mut rows: Vec<&Row<'_>> = board.rows.iter().collect();
    if rows.len() > MOST {
        rows.sort_by_key(|row| std::cmp::Reverse(row.worst()));
    }
    let table = html! {
        table.board {
            caption {
                "The worst in each area, with a link to where it is told; \u{2013} is nothing"
                @if board.tells_passes { " that concerns it" } @else { " to tell" }
                ", \u{201c}see\u{201d} what follows from another cause."
            }
            thead { tr {
                th scope="col" { "System" }
                @for area in Area::ALL { th scope="col" { (area.name()) } }
            } }
            tbody {
                @for row in rows.iter().take(MOST) {
                    tr {
                        th scope="row" {
                            (value(row.name))
                            @let words = row.words();
                            @if !words.is_empty() { span.sub { (value(&words)) } }
                        }
                        @for cell in &row.cells { (self::cell(*cell)) }
                    }
                }
            }
        }
    };
    let content = html! {
        (wide("Table of systems by areas", table))
        (left_out(rows.len().saturating_sub(MOST), "row"))
    };
    section("systems", "Systems by areas", content)
}

fn cell(cell: Cell) -> Markup {
    let words = match (cell.mark, cell.number) {
        (Mark::Follows, Some(number)) => format!("see {number}"),
        _ => cell.mark.words(cell.count),
    };
    html! {
        td class=(cell.mark.class()) {
            @match cell.number {
                Some(number) => (see(number, &words)),
                None => (words),
            }
        }
    }
}
