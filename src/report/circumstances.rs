//! From where and on what grounds a run looked: the definition it was given, the vantages it stood at, the machine it
//! ran on, the authorities the site was said to trust.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

use super::left_out::LeftOutReport;
use crate::plan::endpoint::Endpoint;
use crate::site::definition::outline::{Heading, HeadingKind};
use crate::site::fault::{Fault, Position};
use crate::site::role::Role;
use crate::site::vantage::{Network, Vantage};
use crate::site::{IdentitySource, Site};

/// From where and on what grounds a run looked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Circumstances {
    /// The definition; `null`: endpoints or files were given without one.
    pub definition: Option<DefinitionReport>,
    /// What the definition says that cannot be, though it can be read.
    pub definition_warnings: Vec<DefinitionWarningReport>,
    /// Where the run stood.
    pub vantages: Vec<VantageReport>,
    /// The name of the machine it ran on; `null`: it has none.
    pub probe_host: Option<String>,
    /// Within how many days an end is warned of.
    pub warn_days: u32,
    /// Authorities the site's parties were said to trust, or to have at hand.
    pub authorities: Vec<AuthorityReport>,
    /// What the run left out by its options.
    #[serde(default)]
    pub left_out: LeftOutReport,
    /// Where endpoints stand in a list, for formats that lead back to it; not part of any JSON.
    #[serde(skip)]
    pub listed: Option<Listed>,
}

/// A list of endpoints, and where each stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its path, as given.
    pub path: String,
    lines: HashMap<(Option<Role>, String, u16), Span>,
}

/// A place in a line, counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub at: PositionReport,
    /// The column behind its end.
    pub end: usize,
}

impl Listed {
    /// A list that can be read, and where its endpoints are first named.
    pub fn new(path: &Path, text: &str) -> Self {
        let mut lines = HashMap::new();
        for (number, line) in text.lines().enumerate() {
            let content = line.split('#').next().unwrap_or_default();
            let column = content.chars().take_while(|c| c.is_whitespace() || *c == '\u{feff}').count() + 1;
            let content = content.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if let Ok(endpoint) = Endpoint::parse(content) {
                let at = PositionReport { line: number + 1, column };
                let span = Span { at, end: column + content.chars().count() };
                lines.entry((endpoint.role, endpoint.host.to_string(), endpoint.port)).or_insert(span);
            }
        }
        Self { path: path.to_string_lossy().into_owned(), lines }
    }

    /// Where an endpoint stands.
    pub fn line(&self, role: Option<Role>, name: &str, port: u16) -> Option<Span> {
        self.lines.get(&(role, name.to_owned(), port)).copied()
    }
}

/// A definition and where it says what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DefinitionReport {
    /// Its path, as given.
    pub path: String,
    /// The site, its systems, clusters, proxies, clients and waivers, each kind in the order of the text.
    pub tables: Vec<TableReport>,
}

impl DefinitionReport {
    /// A definition, and what it was understood as.
    pub fn new(path: &Path, site: &Site, headings: &[Heading]) -> Self {
        let folder = path.parent().unwrap_or(Path::new(""));
        let tables = headings.iter().map(|heading| TableReport::new(heading, site, folder)).collect();
        Self { path: path.to_string_lossy().into_owned(), tables }
    }
}

/// A table of a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TableReport {
    /// What it describes.
    pub kind: TableKind,
    /// Its name; of a waiver, the requirement.
    pub name: String,
    /// Of a system or cluster: its roles.
    pub roles: Vec<Role>,
    /// Of a proxy: what it publishes. Of a cluster: its nodes. Of a client: its files. Of a waiver: the system it is for,
    /// none being all.
    pub leads_to: Vec<String>,
    /// Of a waiver: why the deviation is accepted.
    pub reason: Option<String>,
    /// Of a waiver: the last day it holds; `null`: no end.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// Where its heading stands.
    pub defined_at: PositionReport,
}

/// Kinds of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TableKind {
    /// The site.
    Site,
    /// A site system.
    System,
    /// A network load balancing cluster.
    Cluster,
    /// A proxy web server.
    Proxy,
    /// An identity the probe may present.
    Client,
    /// An accepted deviation.
    Waiver,
}

impl From<HeadingKind> for TableKind {
    fn from(kind: HeadingKind) -> Self {
        match kind {
            HeadingKind::Site => Self::Site,
            HeadingKind::System => Self::System,
            HeadingKind::Cluster => Self::Cluster,
            HeadingKind::Proxy => Self::Proxy,
            HeadingKind::Client => Self::Client,
            HeadingKind::Waiver => Self::Waiver,
        }
    }
}

impl TableKind {
    /// Its heading, as a definition has it.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Site => "[site]",
            Self::System => "[[system]]",
            Self::Cluster => "[[cluster]]",
            Self::Proxy => "[[proxy]]",
            Self::Client => "[[client]]",
            Self::Waiver => "[[waiver]]",
        }
    }
}

/// A place in a text, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PositionReport {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl From<Position> for PositionReport {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column }
    }
}

impl TableReport {
    fn new(heading: &Heading, site: &Site, folder: &Path) -> Self {
        let texts = |names: &[std::sync::Arc<str>]| names.iter().map(ToString::to_string).collect();
        let mut table = Self {
            kind: heading.kind.into(),
            name: heading.name.clone(),
            roles: Vec::new(),
            leads_to: Vec::new(),
            reason: None,
            until: None,
            defined_at: heading.at.into(),
        };
        let nth = heading.place;
        match heading.kind {
            HeadingKind::System => {
                table.roles = site.systems.get(nth).map(|system| system.roles.clone()).unwrap_or_default();
            }
            HeadingKind::Cluster => {
                if let Some(cluster) = site.clusters.get(nth) {
                    table.roles = vec![cluster.role];
                    table.leads_to = texts(&cluster.nodes);
                }
            }
            HeadingKind::Proxy => {
                table.leads_to = site.proxies.get(nth).map(|proxy| texts(&proxy.publishes)).unwrap_or_default();
            }
            HeadingKind::Site => {}
            HeadingKind::Client => {
                let files = site.clients.get(nth).map(|client| match &client.source {
                    IdentitySource::Pfx(pfx) => vec![pfx],
                    IdentitySource::Pair { certificate, key } => std::iter::once(certificate).chain(key).collect(),
                });
                let shown = |file: &PathBuf| file.strip_prefix(folder).unwrap_or(file).to_string_lossy().into_owned();
                table.leads_to = files.into_iter().flatten().map(shown).collect();
            }
            HeadingKind::Waiver => {
                if let Some(waiver) = site.waivers.get(nth) {
                    table.leads_to = waiver.system.iter().cloned().collect();
                    table.reason = Some(waiver.reason.clone());
                    table.until = waiver.until;
                }
            }
        }
        table
    }
}

/// Something a definition says that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DefinitionWarningReport {
    /// Where it stands.
    pub defined_at: PositionReport,
    /// The key, from the top; empty where there is none.
    pub key: String,
    /// What cannot be.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl From<&Fault> for DefinitionWarningReport {
    fn from(fault: &Fault) -> Self {
        Self {
            defined_at: fault.at.into(),
            key: fault.key.clone(),
            message: fault.wrong.message.clone(),
            hint: fault.wrong.hint.clone(),
        }
    }
}

/// A place the run stood at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VantageReport {
    /// Its name in the definition.
    pub name: String,
    /// Which clients stand there.
    pub network: Network,
    /// The name servers asked, in order; empty: the machine's own.
    pub resolvers: Vec<String>,
    /// The HTTP proxy on the way, never with credentials; `null`: none.
    pub proxy: Option<String>,
}

impl From<&Vantage> for VantageReport {
    fn from(vantage: &Vantage) -> Self {
        Self {
            name: vantage.name.to_string(),
            network: vantage.network,
            resolvers: vantage.dns.iter().map(ToString::to_string).collect(),
            proxy: vantage.proxy.clone(),
        }
    }
}

/// An authority that was declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuthorityReport {
    /// Its certificate, an object of `certificates[]`.
    pub fingerprint_sha256: String,
    /// As what it was declared.
    pub declared_as: DeclaredAs,
}

/// What an authority was declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeclaredAs {
    /// What clients trust.
    Root,
    /// What client certificates chain to.
    ClientRoot,
    /// What those trust whose certificate may be a public authority's.
    PublicRoot,
    /// Present on clients, not sent by servers.
    Intermediate,
}
