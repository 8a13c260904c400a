//! What a run says, as a document: stable, versioned structures of their own, and one file for each format that writes
//! them. Pure: everything here takes data and gives data or text; who reads the text is the caller's business.

pub mod calendar;
pub mod catalogue;
pub mod cause;
pub mod certificate;
pub mod change;
pub mod checkmk;
pub mod circumstances;
pub mod csv;
pub mod diagnosis;
pub mod difference;
pub mod document;
pub mod endpoint;
pub mod file;
pub mod finding;
pub mod flat;
mod foreign;
pub mod html;
pub mod ics;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod left_out;
pub mod list;
pub mod matrix;
pub mod nagios;
mod page;
pub mod plan;
pub mod prometheus;
pub mod prtg;
pub mod reach;
pub mod read;
pub mod roles;
pub mod sarif;
pub mod schema;
pub mod text;
mod told;
mod tool;
mod view;
pub mod waived;
pub mod windows;
mod xml;
pub mod zabbix;

pub use page::{escape, wrapped};
pub use view::first;

use crate::judgement::Finding;
use crate::verdict::Verdict;

/// The formats a report can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people.
    Text,
    /// For people: one page to mail and to keep.
    Html,
    /// The whole document.
    Json,
    /// A line for each endpoint as it finishes, then a summary; or flat events.
    Jsonl,
    /// For build servers: JUnit's XML.
    Junit,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For Nagios, Icinga, Naemon, Centreon: a plug-in's output.
    Nagios,
    /// For Prometheus: the text format 0.0.4.
    Prometheus,
    /// For spreadsheets.
    Csv,
    /// For PRTG's EXE/Script Advanced sensor.
    Prtg,
    /// For Checkmk: a local check.
    Checkmk,
    /// For Zabbix: one JSON object for a master item.
    Zabbix,
    /// For calendars: what ends.
    Ics,
}

impl Format {
    /// Every format, in the order help shows them.
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::Html,
        Self::Json,
        Self::Jsonl,
        Self::Junit,
        Self::Sarif,
        Self::Nagios,
        Self::Prometheus,
        Self::Csv,
        Self::Prtg,
        Self::Checkmk,
        Self::Zabbix,
        Self::Ics,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Nagios => "nagios",
            Self::Prometheus => "prometheus",
            Self::Csv => "csv",
            Self::Prtg => "prtg",
            Self::Checkmk => "checkmk",
            Self::Zabbix => "zabbix",
            Self::Ics => "ics",
        }
    }

    /// Whether it tells what is met too, whichever findings are listed.
    pub const fn wants_passes(self) -> bool {
        match self {
            Self::Html | Self::Junit => true,
            Self::Text
            | Self::Json
            | Self::Jsonl
            | Self::Sarif
            | Self::Nagios
            | Self::Prometheus
            | Self::Csv
            | Self::Prtg
            | Self::Checkmk
            | Self::Zabbix
            | Self::Ics => false,
        }
    }

    /// Whether it counts what follows from a diagnosis finding by finding.
    pub const fn wants_consequences(self) -> bool {
        match self {
            Self::Json | Self::Ics => false,
            Self::Text
            | Self::Html
            | Self::Jsonl
            | Self::Junit
            | Self::Sarif
            | Self::Nagios
            | Self::Prometheus
            | Self::Csv
            | Self::Prtg
            | Self::Checkmk
            | Self::Zabbix => true,
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == text)
    }
}

/// Which findings a report lists. All are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Failures, waived ones too, and what could not be decided.
    #[default]
    Failures,
    /// Every finding.
    All,
    /// The same findings as `Failures`, and for people everything that ends, by date.
    Calendar,
}

impl Show {
    /// Whether a finding is listed.
    pub const fn lists(self, finding: &Finding) -> bool {
        match (self, &finding.verdict) {
            (Self::All, _) | (Self::Failures | Self::Calendar, Verdict::Fail(_) | Verdict::Unknown(_)) => true,
            (Self::Failures | Self::Calendar, Verdict::Pass(_) | Verdict::NotApplicable(_)) => false,
        }
    }
}
