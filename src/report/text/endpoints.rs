//! How each endpoint stands: a line for each that stands alone, one for all of a role that stand alike at a vantage.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::certificate;
use super::entry::Matters;
use super::moment::date;
use super::ranges::{TOLD, ranges};
use super::state::{Standing, State};
use super::table::{Column, Keeps, Line, Rows, Table};
use crate::observation::timing::{Milliseconds, Timing};
use crate::report::document::ProfileSource;
use crate::report::endpoint::EndpointReport;
use crate::report::finding::FindingReport;
use crate::report::foreign::Foreign;
use crate::report::page::{Ink, Page};
use crate::report::view::{Part, View};
use crate::report::windows::WindowsClientReport;
use crate::site::role::Role;
use crate::wire::counted::counted;

const N: usize = 8;
const SYSTEM: usize = 0;
const ROLE: usize = 1;
const FROM: usize = 2;
const NAME: usize = 3;
const ADDRESS: usize = 4;
const SESSION: usize = 5;
const UNTIL: usize = 6;
const SEE: usize = 7;

const fn column(heading: &'static str, weight: u8, least: usize) -> Column {
    Column { heading, weight, least, keeps: Keeps::Beginning }
}

/// The columns where name and vantage tell endpoints apart.
const COLUMNS: [Column; N] = [
    column("SYSTEM", 9, 8),
    column("ROLE", 6, 5),
    column("FROM", 7, 8),
    column("NAME", 3, 14),
    column("ADDRESS", 1, 13),
    column("SESSION", 2, 8),
    column("UNTIL", 4, 10),
    column("SEE", 8, 4),
];

/// Without a definition, so many endpoints are told one by one: they were asked for by name.
const BY_NAME: usize = 10;
/// So many certificates are told in full where there is no definition.
const IN_FULL: usize = 3;

/// An endpoint and how it stands.
struct Row<'a> {
    endpoint: &'a EndpointReport,
    standing: Standing,
}

/// What endpoints have in common that are told together.
type Likeness<'a> = (Option<Role>, &'a str, &'a Standing);

pub(super) fn write(page: &mut Page, view: &View<'_>, matters: &Matters<'_>, told_rows: Rows) {
    let verbose = told_rows == Rows::Everything;
    let report = view.report;
    if report.endpoints.is_empty() {
        return;
    }
    let rows: Vec<Row<'_>> = report.endpoints.iter().map(|endpoint| row(endpoint, matters)).collect();
    let mut alike: HashMap<Likeness<'_>, Vec<&Row<'_>>> = HashMap::new();
    for row in &rows {
        alike.entry(likeness(row, told_rows)).or_default().push(row);
    }
    let has_definition = report.circumstances.definition.is_some();
    let apart = if has_definition { 1 } else { BY_NAME };
    let mut lines: Vec<(&Row<'_>, Line<N>)> = Vec::new();
    let mut told: HashSet<Likeness<'_>> = HashSet::new();
    for row in &rows {
        let group = alike.get(&likeness(row, told_rows)).map(Vec::as_slice).unwrap_or_default();
        if verbose || group.len() <= apart {
            lines.push((row, Line::Cells(cells(view, row))));
        } else if told.insert(likeness(row, told_rows)) {
            lines.push((row, Line::Spanning(together(view, group, &rows, told_rows))));
        }
    }
    let in_columns: Vec<&EndpointReport> =
        lines.iter().filter(|(_, line)| matches!(line, Line::Cells(_))).map(|(row, _)| row.endpoint).collect();
    let mut columns_of = COLUMNS;
    if address_tells(&in_columns) {
        (columns_of[ADDRESS].weight, columns_of[NAME].weight) = (columns_of[NAME].weight, columns_of[ADDRESS].weight);
    }
    let only: Vec<Line<N>> = lines.iter().map(|(_, line)| line.clone()).collect();
    let table = Table::new(columns_of, wanted(&in_columns), &only, page.width());
    table.headings(page);
    let mut shown: HashSet<&str> = HashSet::new();
    let leaves: HashSet<&String> =
        report.endpoints.iter().filter_map(|endpoint| endpoint.received_certificate_chain.first()).collect();
    let tells_leaf = verbose || (!has_definition && leaves.len() <= IN_FULL);
    for (row, line) in &lines {
        table.write(page, row.standing.state.word(), row.standing.state.ink(), line);
        let leaf = row.endpoint.received_certificate_chain.first();
        if let Some(leaf) = leaf.filter(|leaf| tells_leaf && shown.insert(leaf))
            && let Some(known) = view.certificate(leaf)
        {
            certificate::in_full(page, known, report.run.judged_at);
        }
        if verbose {
            session(page, row.endpoint);
        }
    }
    if !has_definition {
        more(page, view);
    }
}

fn row<'a>(endpoint: &'a EndpointReport, matters: &Matters<'_>) -> Row<'a> {
    let mut standing = matters.standings.of(&[&endpoint.id, endpoint.target()]);
    if endpoint.probe_status == "not-probed" {
        standing.state = standing.state.max(State::Unknown);
    }
    Row { endpoint, standing }
}

fn likeness<'a>(row: &'a Row<'_>, rows: Rows) -> Likeness<'a> {
    (row.endpoint.role.filter(|_| !is_brief(row, rows)), &row.endpoint.vantage, &row.standing)
}

/// Whether a row is one with others of whatever role.
fn is_brief(row: &Row<'_>, rows: Rows) -> bool {
    match rows {
        Rows::Everything | Rows::Alike => false,
        Rows::Wrong => row.standing.state == State::Pass,
        Rows::Fewest => true,
    }
}

/// Whether the address is what tells some of these endpoints apart.
fn address_tells(endpoints: &[&EndpointReport]) -> bool {
    let mut known = HashSet::new();
    !endpoints.iter().all(|one| known.insert((&one.system, one.role, &one.name, &one.vantage)))
}

/// Which columns say something that is not said by another, or by every row.
fn wanted(endpoints: &[&EndpointReport]) -> [bool; N] {
    let mut wanted = [true; N];
    wanted[SYSTEM] = endpoints.iter().any(|one| one.system != one.name);
    wanted[ROLE] = endpoints.iter().any(|one| one.role.is_some());
    let first = endpoints.first().map(|first| &first.vantage);
    wanted[FROM] = wanted[ROLE] || endpoints.iter().any(|one| Some(&one.vantage) != first);
    wanted[ADDRESS] = endpoints.iter().any(|one| one.address.is_none_or(|address| address.to_string() != one.name));
    wanted
}

/// What an endpoint's columns say, escaped.
fn cells(view: &View<'_>, row: &Row<'_>) -> [String; N] {
    let endpoint = row.endpoint;
    let cell = |text: &str| Foreign::value(text).for_terminal();
    let role = endpoint.role.map_or("", |role| role.short().unwrap_or(role.name()));
    let address = match (endpoint.resolved_by(), endpoint.address) {
        (Some(proxy), Some(_)) => format!("via {}", cell(proxy)),
        (None, Some(address)) => address.to_string(),
        (_, None) => format!("port {}", endpoint.port),
    };
    let session = match &endpoint.tls_version {
        Some(version) if endpoint.failure.is_none() => version,
        Some(_) | None => endpoint.probe_status.as_ref(),
    };
    let until = view.first_end([endpoint], Part::Leaf).map(date).unwrap_or_default();
    let mut cells: [String; N] = Default::default();
    cells[SYSTEM] = cell(&endpoint.system);
    role.clone_into(&mut cells[ROLE]);
    cells[FROM] = cell(&endpoint.vantage);
    cells[NAME] = cell(&endpoint.name);
    cells[ADDRESS] = address;
    cells[SESSION] = cell(session);
    cells[UNTIL] = until;
    cells[SEE] = row.standing.see();
    cells
}

/// What is said of endpoints that stand alike, the longest version first: `27 of 30 distribution points, intranet`, or
/// `DP01 … DP03 dp intranet: 1`.
fn together(view: &View<'_>, group: &[&Row<'_>], all: &[Row<'_>], rows: Rows) -> Vec<String> {
    let Some(first) = group.first() else { return Vec::new() };
    let is_brief = is_brief(first, rows);
    let (role, vantage) = (first.endpoint.role.filter(|_| !is_brief), first.endpoint.vantage.as_str());
    let from = Foreign::value(vantage).for_terminal();
    let systems: BTreeSet<&str> = group.iter().map(|row| row.endpoint.system.as_str()).collect();
    if first.standing.state != State::Pass {
        let short = role.map(|role| format!(" {}", role.short().unwrap_or(role.name()))).unwrap_or_default();
        let see = first.standing.see();
        let see = if see.is_empty() { see } else { format!(": {see}") };
        let version = |most| {
            let systems = ranges(systems.iter().copied(), most);
            format!("{}{short} {from}{see}", Foreign::value(&systems).for_terminal())
        };
        return (1..=TOLD).rev().map(version).collect();
    }
    let mut every: BTreeMap<&str, usize> = BTreeMap::new();
    let is_counted = |row: &&Row<'_>| (is_brief || row.endpoint.role == role) && row.endpoint.vantage == vantage;
    for row in all.iter().filter(is_counted) {
        *every.entry(&row.endpoint.system).or_default() += 1;
    }
    let in_all: usize = every.values().sum();
    // Whether all there is of these systems stands here.
    let only_here = systems.iter().filter_map(|system| every.get(system)).sum::<usize>() == group.len();
    let words = match (role, only_here) {
        (Some(role), true) if systems.len() > 1 => {
            format!("{} of {} {}, {from}", systems.len(), every.len(), plural(role))
        }
        (Some(role), true) => {
            let system = ranges(systems.iter().copied(), 1);
            let short = role.short().unwrap_or(role.name());
            format!("{} {short} {from}, {}", Foreign::value(&system).for_terminal(), counted(group.len(), "endpoint"))
        }
        (Some(role), false) => {
            format!("{} of {} of {}, {from}", group.len(), counted(in_all, "endpoint"), plural(role))
        }
        (None, _) => format!("{} of {}, {from}", group.len(), counted(in_all, "endpoint")),
    };
    let ends = view.first_end(group.iter().map(|row| row.endpoint), Part::Leaf).map(date);
    let longer = ends.map(|ends| format!("{words}, first end {ends}"));
    longer.into_iter().chain([words]).collect()
}

/// What several of a role are called.
fn plural(role: Role) -> String {
    if role == Role::Nlb {
        return "clusters".to_owned();
    }
    let name = role.name().replace('-', " ");
    match name.strip_suffix("xy") {
        Some(stem) => format!("{stem}xies"),
        None => format!("{name}s"),
    }
}

/// An endpoint's session in full.
fn session(page: &mut Page, endpoint: &EndpointReport) {
    let mut parts = Vec::new();
    parts.push(("id", endpoint.id.clone()));
    if endpoint.received_certificate_chain.len() > 1 {
        parts.push(("sent", counted(endpoint.received_certificate_chain.len(), "certificate")));
    }
    if let Some(cipher) = &endpoint.cipher {
        let is_static = cipher.starts_with("TLS_RSA_").then_some("no ephemeral key exchange");
        let words = match endpoint.key_exchange_group.as_deref().or(is_static) {
            Some(group) => format!("{cipher}, {group}"),
            None => cipher.clone(),
        };
        parts.push(("suite", words));
    }
    if let Some(request) = &endpoint.client_certificate_request {
        let issuers = counted(request.accepted_issuers.len(), "issuer");
        let words = format!("for a client certificate ({}), naming {issuers}", request.when.name());
        parts.push(("asks", words));
    }
    parts.extend(windows(endpoint));
    if let Some(failure) = &endpoint.failure {
        parts.push(("stopped", failure.detail.clone()));
    }
    parts.extend(took(endpoint.timing_ms).map(|words| ("took", words)));
    for (label, words) in parts {
        page.labelled(certificate::MARGIN, label, Ink::Quiet, certificate::COLUMN, words.trim());
    }
}

/// How long each phase took; `None`: none was reached.
fn took(timing: Timing) -> Option<String> {
    let phases = [
        ("resolve", timing.resolve),
        ("connect", timing.connect),
        ("handshake", timing.handshake),
        ("exchange", timing.exchange),
    ];
    let own = timing.own.filter(|own| own.0 >= Timing::OWN_TOLD);
    let own = own.map(|own| format!(" (at most {} ms of it this machine's own)", own.0)).unwrap_or_default();
    let told = |(phase, took): &(&str, Option<Milliseconds>)| {
        let beside = if *phase == "handshake" { own.as_str() } else { "" };
        Some(format!("{phase} {} ms{beside}", (*took)?.0))
    };
    let took: Vec<_> = phases.iter().filter_map(told).collect();
    (!took.is_empty()).then(|| took.join(", "))
}

/// With which Windows clients it agrees on a session, and which it loses and why.
fn windows(endpoint: &EndpointReport) -> impl Iterator<Item = (&'static str, String)> {
    let told = |gets_in: Option<bool>| {
        endpoint.windows_clients.iter().filter(move |one| one.gets_in == gets_in).collect::<Vec<_>>()
    };
    let named = |of: &[&WindowsClientReport]| of.iter().map(|one| one.windows.as_ref()).collect::<Vec<_>>().join("; ");
    let why = |of: &[&WindowsClientReport]| {
        of.iter().map(|one| format!("{} ({})", one.windows, one.words)).collect::<Vec<_>>().join("; ")
    };
    let (lets_in, loses, open) = (told(Some(true)), told(Some(false)), told(None));
    let parts = [("agrees with", named(&lets_in)), ("loses", why(&loses)), ("open for", why(&open))];
    parts.into_iter().filter(|(_, words)| !words.is_empty())
}

/// Which flags would decide more, where endpoints were given by name.
fn more(page: &mut Page, view: &View<'_>) {
    let report = view.report;
    let is_roleless = report.endpoints.iter().any(|endpoint| endpoint.role.is_none());
    // Where a client was given, or nobody was to be asked as one, nothing waits for another.
    let waits = |finding: &FindingReport, flag: &str| {
        finding.unknown.as_ref().is_some_and(|unknown| unknown.decided_by.contains(flag))
    };
    let lacks_client = report.findings.iter().any(|finding| waits(finding, "--pfx"));
    let is_management_point = |endpoint: &EndpointReport| endpoint.role == Some(Role::ManagementPoint);
    let hands_out_signing = report.findings.iter().any(|finding| finding.requirement == "site-server/site-code");
    let depends_on_site = hands_out_signing || lacks_client && report.endpoints.iter().any(is_management_point);
    let missing = [
        (report.circumstances.authorities.is_empty(), "--ca-file FILE", "whether its chain leads to your root"),
        (is_roleless, "ROLE=HOST", "what its role demands: mp=HOST, dp=HOST, sup=HOST and so on"),
        (lacks_client, "--pfx FILE", "whether it lets your clients in"),
        (report.run.site.code.is_none() && depends_on_site, "--site-code XXX", "what depends on the site"),
        (report.run.site.profile_source == ProfileSource::Assumed, "--profile NAME", "what other documents demand"),
    ];
    if missing.iter().any(|(is_missing, _, _)| *is_missing) {
        page.heading("More would be decided by");
    }
    for (_, flag, what) in missing.iter().filter(|(is_missing, _, _)| *is_missing) {
        page.labelled(2, flag, Ink::Quiet, 20, what);
    }
}

#[cfg(test)]
mod tests {
    use super::{Milliseconds, Timing, took};

    #[test]
    fn a_busy_machines_own_time_is_told_beside_the_handshakes() {
        let of = |own: Option<f64>| {
            let ms = |time: f64| Some(Milliseconds(time));
            let own = own.map(Milliseconds);
            took(Timing { connect: ms(0.5), handshake: ms(2500.0), exchange: ms(3.0), own, ..Timing::default() })
        };
        let usual = "connect 0.5 ms, handshake 2500 ms, exchange 3 ms";
        assert_eq!((of(None).as_deref(), of(Some(Timing::OWN_TOLD - 0.01)).as_deref()), (Some(usual), Some(usual)));
        let busy = "connect 0.5 ms, handshake 2500 ms (at most 100 ms of it this machine's own), exchange 3 ms";
        assert_eq!(of(Some(Timing::OWN_TOLD)).as_deref(), Some(busy));
        assert_eq!(took(Timing::default()), None);
    }
}
