//! The table behind the requirements on certificates, told: uses × qualities, every cell a requirement or the reason why
//! there is none; as text, for the README, and as JSON.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::CitationReport;
use super::page::{Ink, Page};
use crate::requirement::catalogue::{catalogue, find};
use crate::requirement::uses::{QualityRow, REASONS, TableCell, citation, qualities};
use crate::rule::quality::{Cell, Half, Reason};
use crate::rule::usage::Use;
use crate::rule::{Check, Citation, Requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::Severity;

/// The table.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MatrixReport {
    /// Its columns: what certificates are relied on for.
    pub uses: Vec<UseReport>,
    /// Its rows: what can be right or wrong with any certificate, or with the path above it.
    pub qualities: Vec<QualityReport>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UseReport {
    /// The name `inspect --as` takes.
    #[serde(rename = "use")]
    pub of: &'static str,
    /// Where such a certificate is met.
    pub met: &'static str,
    /// Who relies on it, and fails with it.
    pub relied_on_by: &'static str,
    /// Who checks its revocation lists.
    pub lists_checked_by: &'static str,
    /// The ids of the requirements asked of this use alone, beside the table.
    pub own: Vec<&'static str>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct QualityReport {
    /// The second part of its requirements' ids: each, where uses have different ones.
    pub names: Vec<&'static str>,
    /// A cell for each use, in the order of `uses`.
    pub cells: Vec<CellReport>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CellReport {
    /// The use.
    #[serde(rename = "use")]
    pub of: &'static str,
    /// The requirement's id; `null`: there is none under either profile.
    pub requirement: Option<String>,
    /// For a site of 2007 in native mode.
    #[serde(rename = "native-mode-2007")]
    pub native_mode_2007: HalfReport,
    /// For a Current Branch site.
    #[serde(rename = "current-branch")]
    pub current_branch: HalfReport,
}

/// A cell under one profile: judged, or not and why.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HalfReport {
    /// How much a failure weighs; `null`: not judged.
    pub severity: Option<Severity>,
    /// The sentence it rests on; `null`: not judged.
    pub citation: Option<CitationReport>,
    /// The number of the reason why it is not judged; `null`: it is.
    pub reason: Option<u8>,
    /// That reason in words.
    pub why: Option<&'static str>,
}

/// The whole table.
pub fn all() -> MatrixReport {
    let uses = Use::ALL.into_iter().map(|of| {
        let data = of.data();
        let own = own(of).map(|requirement| requirement.id).collect();
        let (met, relied_on_by, lists_checked_by) = (data.met, data.relied_on_by, data.lists_checked_by);
        UseReport { of: of.name(), met, relied_on_by, lists_checked_by, own }
    });
    let rows =
        qualities().map(|row| QualityReport { names: row.names(), cells: Use::ALL.map(|of| told(row, of)).to_vec() });
    MatrixReport { uses: uses.collect(), qualities: rows.collect() }
}

fn told(row: &QualityRow, of: Use) -> CellReport {
    let [native_mode_2007, current_branch] = Profile::ALL.map(|profile| match half(row, of, profile) {
        Told::Judged(severity, citation) => {
            HalfReport { severity: Some(severity), citation: Some((&citation).into()), reason: None, why: None }
        }
        Told::Not(reason) => {
            HalfReport { severity: None, citation: None, reason: Some(reason.number), why: Some(reason.words) }
        }
    });
    let requirement = row.cell(of).is_judged().then(|| row.id(of));
    CellReport { of: of.name(), requirement, native_mode_2007, current_branch }
}

/// A cell under one profile.
enum Told {
    Judged(Severity, Citation),
    Not(&'static Reason),
}

fn half(row: &QualityRow, of: Use, profile: Profile) -> Told {
    match row.cell(of) {
        TableCell::Of(Cell(halves)) => match halves.under(profile) {
            half @ Half::Judged(severity, _) => Told::Judged(severity, citation(of, half, profile)),
            Half::Empty(reason) => Told::Not(reason),
        },
        // A requirement with a file of its own, that is asked under both profiles or one.
        TableCell::Told => {
            match find(&row.id(of)).filter(|found| found.scope.profile.is_none_or(|only| only == profile)) {
                Some(found) => Told::Judged(found.severity.under(profile), found.citation.under(profile)),
                None => Told::Not(REASONS[0]),
            }
        }
    }
}

/// What is asked of a use alone, beside the table.
fn own(of: Use) -> impl Iterator<Item = &'static Requirement> {
    catalogue().iter().copied().filter(move |requirement| {
        let in_table = || qualities().any(|row| row.cell(of).is_judged() && row.id(of) == requirement.id);
        requirement.id.split('/').next() == Some(of.name())
            && !matches!(requirement.check, Check::Quality(_))
            && !in_table()
    })
}

/// Two letters for a use, where there is no room for its name.
const fn letters(of: Use) -> &'static str {
    match of {
        Use::WebServer => "WS",
        Use::Proxy => "PX",
        Use::ProxyClient => "PC",
        Use::Client => "CL",
        Use::MobileDevice => "MD",
        Use::Deployment => "DE",
        Use::Monitoring => "MO",
        Use::DistributionPointClient => "DC",
        Use::SiteServer => "SS",
        Use::Root => "RO",
        Use::CloudManagementGateway => "CG",
        Use::SmsProvider => "SP",
        Use::ReportingPoint => "RP",
        Use::SqlServer => "SQ",
    }
}

/// A cell in a few letters: what a failure weighs, or a reason's number; both profiles where they differ and both know the
/// use.
fn short(row: &QualityRow, of: Use) -> String {
    let [old, new] = Profile::ALL.map(|profile| match half(row, of, profile) {
        Told::Judged(severity, _) => severity.name()[..1].to_ascii_uppercase(),
        Told::Not(reason) => reason.number.to_string(),
    });
    if old == new || !of.exists_in(Profile::NativeMode2007) { new } else { format!("{old}/{new}") }
}

/// What the letters and numbers mean.
const KEY: &str = "E error, W warning, N notice: how much a failure weighs; a number: not judged, for the reason below. \
                   Before the stroke for a site of 2007 in native mode, behind it for Current Branch; the uses DC, CG, SP, RP \
                   and SQ exist in Current Branch only. A cell's requirement is USE/ROW; where brackets name another, that is \
                   every server certificate's (WS, PX, CG, SP, RP).";

/// The key, with the requirements that are called otherwise than it says.
fn key() -> String {
    let mut key = KEY.to_owned();
    for row in qualities() {
        for of in Use::ALL.into_iter().filter(|of| matches!(row.cell(*of), TableCell::Told)) {
            let _ = write!(key, " {}'s {} is {}.", letters(of), (row.quality.slug)(of), row.id(of));
        }
    }
    key
}

/// Lines of at most 80 columns: servers and what is not presented in a first table, what clients present in a second.
pub fn text(color: bool) -> String {
    let mut page = Page::new(color);
    let (clients, others): (Vec<Use>, Vec<Use>) = Use::ALL.into_iter().partition(|of| of.is_client());
    for (heading, uses) in [("What servers present, and roots", others), ("What clients present", clients)] {
        page.heading(heading);
        table(&mut page, &uses);
    }
    page.heading("Letters and numbers");
    page.wrapped(2, 2, &key());
    page.heading("Uses");
    for of in Use::ALL {
        page.labelled(2, letters(of), Ink::Quiet, 6, of.name());
    }
    page.heading("Beside the table, asked of one use alone");
    for of in Use::ALL {
        let own: Vec<&str> = own(of).map(|requirement| requirement.id).collect();
        if !own.is_empty() {
            page.labelled(2, letters(of), Ink::Quiet, 6, &own.join(", "));
        }
    }
    page.heading("Rows that servers share");
    for row in qualities() {
        if let Some(shared) = row.quality.servers {
            page.wrapped(2, 6, &format!("{} [{shared}]", row.names().join(", ")));
        }
    }
    page.heading("Reasons");
    for reason in REASONS {
        page.labelled(2, &reason.number.to_string(), Ink::Quiet, 6, reason.words);
    }
    page.into_text()
}

/// Where the first cell begins, and how wide each is.
const LABEL: usize = 24;
const WIDTH: usize = 6;

fn table(page: &mut Page, uses: &[Use]) {
    let line = |label: &str, cells: Vec<String>| {
        cells.into_iter().fold(format!("{:LABEL$}", format!("  {label}")), |mut line, cell| {
            let _ = write!(line, "{cell:WIDTH$}");
            line
        })
    };
    let letters = uses.iter().map(|of| letters(*of).to_owned()).collect();
    let head = page.paint(Ink::Quiet, line("", letters).trim_end());
    page.line(&head);
    for row in qualities() {
        for (at, name) in row.names().into_iter().enumerate() {
            // Where ids differ, each name has its line, and the cells are those that bear it.
            let cells = uses.iter().map(|of| match (row.quality.slug)(*of) {
                slug if slug == name => short(row, *of),
                slug if at == 0 && !row.names().contains(&slug) => short(row, *of),
                _ => String::new(),
            });
            let text = line(name, cells.collect());
            if text.trim_end().len() > LABEL {
                page.line(&text);
            }
        }
    }
}

/// The table of the README.
pub fn markdown() -> String {
    let heads: String = Use::ALL.into_iter().map(|of| format!(" {} |", letters(of))).collect();
    let mut text = format!("| row |{heads}\n|---|{}\n", "---|".repeat(Use::ALL.len()));
    for row in qualities() {
        let names: Vec<String> = row.names().into_iter().map(|name| format!("`{name}`")).collect();
        let shared = row.quality.servers.map(|id| format!(" [`{id}`]")).unwrap_or_default();
        let cells: String = Use::ALL.into_iter().map(|of| format!(" {} |", short(row, of))).collect();
        let _ = writeln!(text, "| {}{shared} |{cells}", names.join(", "));
    }
    let _ = write!(text, "\n{}\n\n", key());
    text.push_str("| | use | asked of it alone, beside the table |\n|---|---|---|\n");
    for of in Use::ALL {
        let own: Vec<String> = own(of).map(|requirement| format!("`{}`", requirement.id)).collect();
        let _ = writeln!(text, "| {} | `{}` | {} |", letters(of), of.name(), own.join(", "));
    }
    text.push_str("\n| reason | |\n|---|---|\n");
    for reason in REASONS {
        let _ = writeln!(text, "| {} | {} |", reason.number, reason.words);
    }
    text
}
