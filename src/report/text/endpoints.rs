//! One line for each endpoint: how it stands, what it is, what it speaks, when its certificate ends.

use std::collections::HashMap;

use crate::report::document::{Certificates, Report};
use crate::report::endpoint::EndpointReport;
use crate::report::finding::{FindingReport, VerdictWord};
use crate::report::page::{Ink, Page, WIDTH, escape, wrap};
use crate::verdict::severity::Severity;

/// How an endpoint or a file stands, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Pass,
    Notice,
    Unknown,
    Warning,
    Fail,
}

impl State {
    pub(super) fn of(finding: &FindingReport) -> Self {
        match (finding.verdict, finding.severity) {
            (VerdictWord::Pass | VerdictWord::NotApplicable, _) => Self::Pass,
            (VerdictWord::Fail, _) if finding.waived.is_some() => Self::Pass,
            (VerdictWord::Fail, Severity::Error) => Self::Fail,
            (VerdictWord::Fail, Severity::Warning) => Self::Warning,
            (VerdictWord::Fail, Severity::Notice) => Self::Notice,
            (VerdictWord::Unknown, Severity::Error) => Self::Unknown,
            (VerdictWord::Unknown, Severity::Warning | Severity::Notice) => Self::Pass,
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Notice => "note",
            Self::Unknown => "?",
            Self::Warning => "warn",
            Self::Fail => "FAIL",
        }
    }

    pub(super) const fn ink(self) -> Ink {
        match self {
            Self::Pass => Ink::Good,
            Self::Notice => Ink::Notice,
            Self::Unknown | Self::Warning => Ink::Warning,
            Self::Fail => Ink::Error,
        }
    }
}

/// The columns' headings.
const HEADINGS: [&str; COLUMNS] = ["", "SYSTEM", "ROLE", "NAME", "FROM", "ADDRESS", "SESSION, UNTIL"];
const COLUMNS: usize = 7;
/// Where a line begins behind the state.
const INDENT: usize = 5;

/// What an endpoint's line says.
struct Row {
    state: State,
    cells: [String; COLUMNS],
}

pub(super) fn write(page: &mut Page, report: &Report, verbose: bool) {
    let mut states: HashMap<&str, State> = HashMap::new();
    for finding in &report.findings {
        let state = states.entry(&finding.endpoint).or_insert(State::Pass);
        *state = (*state).max(State::of(finding));
    }
    let state_of = |endpoint: &EndpointReport| {
        let about_name = endpoint.address.and_then(|_| states.get(endpoint.target()));
        let own = states.get(endpoint.id.as_str());
        about_name.into_iter().chain(own).max().copied().unwrap_or(State::Pass)
    };
    let certificates = report.certificates_by_fingerprint();
    let rows: Vec<Row> = report
        .endpoints
        .iter()
        .map(|endpoint| {
            let state = state_of(endpoint);
            Row { state, cells: cells(endpoint, &certificates, state) }
        })
        .collect();
    let table = Table::new(&rows);
    if rows.len() > 1 && table.fits() {
        page.inked(
            Ink::Quiet,
            table.aligned(HEADINGS.iter().map(|heading| (heading.len(), (*heading).to_owned()))).trim_end(),
        );
    }
    for (row, endpoint) in rows.iter().zip(&report.endpoints) {
        table.write(page, row);
        if verbose {
            in_full(page, endpoint, &certificates);
        }
    }
}

/// What an endpoint's columns say, escaped.
fn cells(endpoint: &EndpointReport, certificates: &Certificates<'_>, state: State) -> [String; COLUMNS] {
    let cell = |text: &str| if text.is_empty() { "-".to_owned() } else { escape(text).into_owned() };
    let role = endpoint.role.map_or("", |role| role.short().unwrap_or(role.name()));
    let address = endpoint.address.map_or_else(|| format!("port {}", endpoint.port), |address| address.to_string());
    let leaf = endpoint.received_certificate_chain.first().and_then(|leaf| certificates.get(leaf.as_str()));
    let until = leaf.and_then(|leaf| leaf.not_after).map(|until| until.0.date().to_string());
    let session = match (&endpoint.tls_version, until) {
        (Some(version), Some(until)) => format!("{version} {until}"),
        (None, Some(until)) => format!("{} {until}", endpoint.probe_status),
        (Some(version), None) if endpoint.failure.is_none() => version.clone(),
        (_, None) => endpoint.probe_status.clone().into_owned(),
    };
    [
        state.word().to_owned(),
        cell(&endpoint.system),
        cell(role),
        cell(&endpoint.name),
        cell(&endpoint.vantage),
        address,
        cell(&session),
    ]
}

/// How wide each column is; `None`: every row says the same there, or what another column says already.
struct Table {
    widths: [Option<usize>; COLUMNS],
}

impl Table {
    fn new(rows: &[Row]) -> Self {
        let any = |of: &dyn Fn(&[String; COLUMNS]) -> bool| rows.iter().any(|row| of(&row.cells));
        let vantage = rows.first().map(|row| row.cells[4].as_str());
        let shown = [
            true,
            any(&|cells| cells[1] != cells[3]),
            any(&|cells| cells[2] != "-"),
            true,
            any(&|cells| vantage != Some(cells[4].as_str())),
            any(&|cells| cells[5] != cells[3]),
            true,
        ];
        let widths = std::array::from_fn(|column| {
            let longest = rows.iter().map(|row| row.cells[column].chars().count()).max().unwrap_or(0);
            shown[column].then(|| longest.max(if rows.len() > 1 { HEADINGS[column].len() } else { 0 }))
        });
        Self { widths }
    }

    /// Whether every row fits a line with its columns in line.
    fn fits(&self) -> bool {
        self.widths.iter().flatten().map(|width| width + 1).sum::<usize>() <= WIDTH + 1
    }

    /// Pads cells, given with their length in columns, to their columns.
    fn aligned(&self, cells: impl Iterator<Item = (usize, String)>) -> String {
        let mut line = String::new();
        for ((length, cell), width) in cells.zip(&self.widths) {
            if let Some(width) = width {
                line.push_str(&cell);
                line.push_str(&" ".repeat((width + 1).saturating_sub(length)));
            }
        }
        line
    }

    /// Writes a row: in line with the others where all fit, else each as it comes.
    fn write(&self, page: &mut Page, row: &Row) {
        let painted = page.paint(row.state.ink(), &row.cells[0]);
        if self.fits() {
            let cells =
                row.cells.iter().enumerate().map(|(column, cell)| {
                    (cell.chars().count(), if column == 0 { painted.clone() } else { cell.clone() })
                });
            page.line(&self.aligned(cells));
            return;
        }
        let shown = |column: &usize| self.widths[*column].is_some();
        let rest: Vec<&str> = (1..COLUMNS).filter(shown).map(|column| row.cells[column].as_str()).collect();
        let room = WIDTH - INDENT;
        for (at, line) in wrap(&rest.join(" "), room, room).into_iter().enumerate() {
            let state_length = row.cells[0].chars().count();
            match at {
                0 => page.line(&format!("{painted}{:1$}{line}", "", INDENT - state_length)),
                _ => page.line(&format!("{:INDENT$}{line}", "")),
            }
        }
    }
}

/// An endpoint's session in full.
fn in_full(page: &mut Page, endpoint: &EndpointReport, certificates: &Certificates<'_>) {
    let mut parts = Vec::new();
    if let Some(leaf) = endpoint.received_certificate_chain.first().and_then(|leaf| certificates.get(leaf.as_str())) {
        let names = leaf.subject_alternative_names.as_deref().unwrap_or_default().join(" ");
        parts.push(("leaf", format!("{} {names}", leaf.subject.as_deref().unwrap_or("unreadable"))));
        parts.push(("issuer", leaf.issuer.clone().unwrap_or_default()));
        parts.push(("thumbprint", leaf.thumbprint_sha1.clone()));
        parts.push(("sent", format!("{} certificates", endpoint.received_certificate_chain.len())));
    }
    if let Some(cipher) = &endpoint.cipher {
        let group = endpoint.key_exchange_group.as_deref().unwrap_or("no ephemeral key exchange");
        parts.push(("suite", format!("{cipher}, {group}")));
    }
    if let Some(request) = &endpoint.client_certificate_request {
        let authorities = request.accepted_issuers.len();
        parts.push((
            "asks",
            format!("for a client certificate ({}), naming {authorities} issuers", request.when.name()),
        ));
    }
    if let Some(failure) = &endpoint.failure {
        parts.push(("stopped", failure.detail.clone()));
    }
    let timing = endpoint.timing_ms;
    let phases = [
        ("resolve", timing.resolve),
        ("connect", timing.connect),
        ("handshake", timing.handshake),
        ("exchange", timing.exchange),
    ];
    let took: Vec<_> =
        phases.iter().filter_map(|(phase, took)| took.map(|took| format!("{phase} {} ms", took.0))).collect();
    if !took.is_empty() {
        parts.push(("took", took.join(", ")));
    }
    for (label, words) in parts {
        page.labelled(8, label, Ink::Quiet, 20, words.trim());
    }
}
