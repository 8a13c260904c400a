//! A plan, told before anything is done: every target, what is offered to it and by which engine, every lookup, what is
//! left out, and why each. As text of 80 columns, and as a document.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::page::{Ink, Page};
use crate::plan::fetch::{Fetch, Kind, NamedBy};
use crate::plan::offer::{Identity, Offer, Sni, Versions};
use crate::plan::{Lookup, OfferLabel, Plan, Question, Target};
use crate::site::fault::Fault;
use crate::site::name::NameKind;
use crate::site::profile::ProfileSource;
use crate::site::vantage::Vantage;
use crate::site::{Communication, Site};
use crate::wire::counted::counted;

/// A plan as `plan --format json` writes it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlanDocument {
    /// The version of this document's form.
    pub schema_version: &'static str,
    /// The site.
    pub site: PlannedSite,
    /// What the definition describes and a site cannot be.
    pub definition_warnings: Vec<PlannedWarning>,
    /// What is dialled, in order.
    pub targets: Vec<PlannedTarget>,
    /// What resolvers are asked beside those names.
    pub lookups: Vec<PlannedLookup>,
    /// What is fetched over http of what certificates name.
    pub fetches: Vec<PlannedFetch>,
    /// What a reader would expect and is not probed.
    pub left_out: Vec<PlannedLeftOut>,
    /// How much it is.
    pub summary: PlanSummary,
}

/// The site a plan is of.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedSite {
    /// The site code.
    pub code: Option<String>,
    /// What people call it.
    pub name: String,
    /// Which documents are the law.
    pub profile: &'static str,
    /// Whence that is known: `declared`, `flag`, `observed` or `default`.
    pub profile_source: &'static str,
    /// How clients speak with management and distribution points.
    pub communication: &'static str,
}

/// Something the definition says that a site cannot be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedWarning {
    /// The line of the definition, counted from 1.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The key it is about.
    pub key: String,
    /// What cannot be.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

/// A name that is dialled.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedTarget {
    /// Its id, stable across runs.
    pub id: String,
    /// The system, cluster or proxy.
    pub system: String,
    /// The role.
    pub role: Option<&'static str>,
    /// Where the probe stands.
    pub vantage: String,
    /// Which clients stand there.
    pub network: &'static str,
    /// The name dialled.
    pub name: String,
    /// Which of the system's names it is.
    pub name_kind: &'static str,
    /// The port.
    pub port: u16,
    /// How often each address is connected to with the default offer.
    pub connections: u8,
    /// Why it is dialled.
    pub why: String,
    /// What is offered to each of its addresses, in order.
    pub offers: Vec<PlannedOffer>,
}

/// One offer: one connection to each address.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedOffer {
    /// What it is for, in a word.
    pub label: &'static str,
    /// Why it is made.
    pub why: &'static str,
    /// The server name sent; `None`: none.
    pub server_name: Option<String>,
    /// The oldest version offered.
    pub oldest_version: String,
    /// The newest version offered.
    pub newest_version: String,
    /// The certificate presented if asked for one: a client of the definition, or `stranger`; `None`: none.
    pub client_certificate: Option<String>,
    /// What is asked for after the handshake; `None`: nothing.
    pub request: Option<PlannedRequest>,
    /// Who performs it: the first, and where it is stopped by something the next can cure, the next.
    pub engines: Vec<&'static str>,
}

/// An HTTP request; it only ever reads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedRequest {
    /// `GET`, `HEAD` or `PROPFIND`.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// The port it is sent to.
    pub port: u16,
}

/// A question to a resolver.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedLookup {
    /// Its id, stable across runs.
    pub id: String,
    /// Where it is asked.
    pub vantage: String,
    /// `addresses` or `service-record`.
    pub asks: &'static str,
    /// The name asked for.
    pub name: String,
    /// Why it is asked.
    pub why: String,
}

/// Something fetched over http of what certificates name; where, only the certificates tell.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedFetch {
    /// Where it is fetched from.
    pub vantage: String,
    /// `revocation-list`, `delta-list`, `ocsp-answer` or `issuer`.
    pub fetches: &'static str,
    /// Whose certificates name it: `endpoints` or `files`.
    pub named_by: &'static str,
    /// The clients and proxies whose files these are.
    pub files: Vec<String>,
    /// Why it is fetched.
    pub why: &'static str,
}

/// What is not probed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedLeftOut {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

/// How much a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlanSummary {
    /// Names dialled, each at a port, for a role, from a vantage.
    pub targets: usize,
    /// Vantages stood at.
    pub vantages: usize,
    /// Connections, where every name leads to one address and the first engine is enough.
    pub probes: usize,
    /// Questions to resolvers beside the names dialled.
    pub lookups: usize,
}

impl PlanSummary {
    fn of(plan: &Plan) -> Self {
        let vantages = plan.targets.iter().map(|target| &target.vantage);
        let vantages: BTreeSet<_> = vantages.chain(plan.lookups.iter().map(|lookup| &lookup.vantage)).collect();
        let probes = plan.targets.iter().map(|target| target.offers.len() + usize::from(target.connections) - 1);
        Self {
            targets: plan.targets.len(),
            vantages: vantages.len(),
            probes: probes.sum(),
            lookups: plan.lookups.len(),
        }
    }
}

impl PlanDocument {
    /// The document of a site's plan.
    pub fn new(site: &Site, plan: &Plan) -> Self {
        Self {
            schema_version: "1.0",
            site: PlannedSite {
                code: site.code.clone(),
                name: site.name.clone(),
                profile: site.profile.name(),
                profile_source: site.profile_source.name(),
                communication: site.communication.name(),
            },
            definition_warnings: site.warnings().into_iter().map(PlannedWarning::new).collect(),
            targets: plan.targets.iter().map(|target| PlannedTarget::new(target)).collect(),
            lookups: plan.lookups.iter().map(|lookup| PlannedLookup::new(lookup)).collect(),
            fetches: plan.fetches.iter().map(PlannedFetch::new).collect(),
            left_out: plan
                .left_out
                .iter()
                .map(|left_out| PlannedLeftOut { what: left_out.what.clone(), why: left_out.why.clone() })
                .collect(),
            summary: PlanSummary::of(plan),
        }
    }
}

impl PlannedWarning {
    fn new(warning: Fault) -> Self {
        let Fault { at, key, wrong } = warning;
        Self { line: at.line, column: at.column, key, message: wrong.message, hint: wrong.hint }
    }
}

impl PlannedTarget {
    fn new(target: &Target) -> Self {
        Self {
            id: target.id.to_string(),
            system: target.system.to_string(),
            role: target.role.map(|role| role.name()),
            vantage: target.vantage.to_string(),
            network: target.network.name(),
            name: target.name.to_string(),
            name_kind: target.name_kind.name(),
            port: target.port,
            connections: target.connections,
            why: target.why.to_string(),
            offers: target.offers.iter().map(|offer| PlannedOffer::new(target, offer)).collect(),
        }
    }
}

impl PlannedOffer {
    fn new(target: &Target, offer: &Offer) -> Self {
        let plain = offer.label.is_plain();
        let is_address = target.name.as_str().parse::<std::net::IpAddr>().is_ok();
        Self {
            label: offer.label.name(),
            why: offer.label.why(),
            server_name: match &offer.sni {
                _ if plain => None,
                Sni::Dialled => Some(target.name.to_string()).filter(|_| !is_address),
                Sni::Off => None,
                Sni::Other(name) => Some(name.clone()),
            },
            oldest_version: offer.versions.oldest.to_string(),
            newest_version: offer.versions.newest.to_string(),
            client_certificate: match &offer.identity {
                Identity::None => None,
                Identity::Stranger => Some("stranger".to_owned()),
                Identity::Client(name) => Some(name.to_string()),
            },
            request: offer.request.as_ref().map(|request| PlannedRequest {
                method: request.method.name(),
                path: request.path.to_string(),
                port: if plain { target.http_port } else { target.port },
            }),
            engines: offer.engines.iter().map(|engine| engine.name()).collect(),
        }
    }

    /// What is offered, in a few words, engines last.
    fn in_words(&self, offer: &Offer) -> String {
        let mut words = Vec::new();
        if let Some(request) = &self.request {
            words.push(format!("{} {}", request.method, request.path));
            if offer.label.is_plain() {
                words.push(format!("on port {}", request.port));
            }
        }
        match &offer.identity {
            Identity::None => {}
            Identity::Stranger => words.push("as a stranger".to_owned()),
            Identity::Client(name) => words.push(format!("as {name}")),
        }
        if offer.versions != Versions::ANY {
            words.push(if offer.versions.oldest == offer.versions.newest {
                format!("{} alone", self.newest_version)
            } else {
                format!("{} to {}", self.oldest_version, self.newest_version)
            });
        }
        match &offer.sni {
            Sni::Other(name) => words.push(format!("with server name {name}")),
            Sni::Off | Sni::Dialled => {}
        }
        words.push(if offer.label.is_plain() {
            "without TLS".to_owned()
        } else {
            format!("by {}", self.engines.join(", else "))
        });
        words.join(" ")
    }
}

impl PlannedLookup {
    fn new(lookup: &Lookup) -> Self {
        let (asks, name) = match &lookup.question {
            Question::HiddenHost(name) => ("addresses", name.to_string()),
            Question::ManagementPointService { record, .. } => ("service-record", record.clone()),
        };
        Self { id: lookup.id.to_string(), vantage: lookup.vantage.to_string(), asks, name, why: lookup.why.to_string() }
    }
}

impl PlannedFetch {
    fn new(fetch: &Fetch) -> Self {
        let (named_by, files) = match &fetch.named_by {
            NamedBy::Endpoints => ("endpoints", Vec::new()),
            NamedBy::Files(files) => ("files", files.iter().map(ToString::to_string).collect()),
        };
        let (kind, vantage) = (fetch.kind, fetch.vantage.to_string());
        Self { vantage, fetches: kind.name(), named_by, files, why: kind.why() }
    }
}

/// Where an offer's words begin.
const WORDS: usize = 24;

/// Writes the plan for people.
pub fn text(site: &Site, plan: &Plan, color: bool) -> String {
    let mut page = Page::new(color);
    let code = site.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    let source = match &site.profile_source {
        ProfileSource::Declared | ProfileSource::Flag => String::new(),
        ProfileSource::Observed(version) => format!(" (a management point says version {version})"),
        ProfileSource::Default => " (the definition declares no profile)".to_owned(),
    };
    let communication = match site.communication {
        Communication::HttpsOnly => "",
        Communication::EnhancedHttp => ", enhanced HTTP",
    };
    page.wrapped(0, 2, &format!("{}{code}, held against {}{source}{communication}", site.name, site.profile.name()));
    let warnings = site.warnings();
    if !warnings.is_empty() {
        page.heading("The definition describes what cannot be");
        for warning in &warnings {
            page.wrapped(2, 4, &format!("line {}: {}", warning.at.line, warning.wrong));
        }
    }
    for vantage in &site.vantages {
        write_vantage(&mut page, plan, vantage);
    }
    write_fetches(&mut page, plan);
    if !plan.left_out.is_empty() {
        page.heading("Left out");
        for left_out in &plan.left_out {
            page.wrapped(2, 4, &format!("{}: {}", left_out.what, left_out.why));
        }
    }
    write_reasons(&mut page, plan);
    page.gap();
    let PlanSummary { targets, vantages, probes, lookups } = PlanSummary::of(plan);
    let mut counts = vec![
        format!("{} at {}", counted(targets, "target"), counted(vantages, "vantage")),
        format!("{} where every name has one address", counted(probes, "probe")),
    ];
    if lookups > 0 {
        counts.push(counted(lookups, "lookup"));
    }
    if !plan.left_out.is_empty() {
        counts.push(format!("{} left out", plan.left_out.len()));
    }
    page.wrapped(0, 2, &counts.join(", "));
    page.into_text()
}

fn write_vantage(page: &mut Page, plan: &Plan, vantage: &Vantage) {
    let mut targets = plan.targets.iter().filter(|target| target.vantage == vantage.name).peekable();
    let mut lookups = plan.lookups.iter().filter(|lookup| lookup.vantage == vantage.name).peekable();
    if targets.peek().is_none() && lookups.peek().is_none() {
        return;
    }
    page.gap();
    let servers: Vec<String> = vantage.dns.iter().map(ToString::to_string).collect();
    let resolver = match servers.as_slice() {
        [] => "the machine's own resolver".to_owned(),
        servers => format!("resolver {}", servers.join(", ")),
    };
    let proxy = vantage
        .proxy
        .as_ref()
        .map(|proxy| format!(", through {proxy}, which resolves names itself"))
        .unwrap_or_default();
    let from = vantage.source.map(|source| format!(", from {source}")).unwrap_or_default();
    let stand = format!("{}, where {} clients stand: {resolver}{from}{proxy}", vantage.name, vantage.network.name());
    page.labelled(0, "At vantage", Ink::Heading, 2, &stand);
    for target in targets {
        page.gap();
        write_target(page, target);
    }
    if lookups.peek().is_some() {
        page.gap();
        page.inked(Ink::Heading, "  Looked up");
    }
    for lookup in lookups {
        page.wrapped(2, 4, &lookup.id.text());
        page.wrapped(4, 4, &lookup.why);
    }
}

fn write_target(page: &mut Page, target: &Target) {
    let kind = match target.name_kind {
        NameKind::IntranetFqdn => "its intranet FQDN",
        NameKind::InternetFqdn => "its Internet FQDN",
        NameKind::Netbios => "its NetBIOS name",
        NameKind::Given => "as given",
    };
    page.wrapped(2, 4, &target.id.text());
    let address = match target.name.as_str() {
        v6 if v6.parse::<std::net::Ipv6Addr>().is_ok() => format!("[{v6}]:{}", target.port),
        name => format!("{name}:{}", target.port),
    };
    let times = if target.connections > 1 {
        format!(", {} with the default offer", counted(target.connections, "time"))
    } else {
        String::new()
    };
    page.labelled(4, "dials", Ink::Quiet, WORDS, &format!("{address}, {kind}{times}"));
    page.labelled(4, "because", Ink::Quiet, WORDS, &target.why);
    for offer in &*target.offers {
        let words = PlannedOffer::new(target, offer).in_words(offer);
        page.labelled(4, offer.label.name(), Ink::Notice, WORDS, &words);
    }
}

/// What is fetched of what certificates name, each kind once.
fn write_fetches(page: &mut Page, plan: &Plan) {
    if plan.fetches.is_empty() {
        return;
    }
    page.heading("Fetched over http (port 80, unless a URL says otherwise), redirects followed");
    for kind in Kind::ALL {
        let of_kind: Vec<&Fetch> = plan.fetches.iter().filter(|fetch| fetch.kind == kind).collect();
        let from: BTreeSet<&str> = of_kind.iter().map(|fetch| &*fetch.vantage).collect();
        let mut named_by: Vec<String> = Vec::new();
        for fetch in &of_kind {
            let words = match &fetch.named_by {
                NamedBy::Endpoints => "of endpoints".to_owned(),
                NamedBy::Files(files) => format!("in the files of {}", files.join(", ")),
            };
            if !named_by.contains(&words) {
                named_by.push(words);
            }
        }
        if named_by.is_empty() {
            continue;
        }
        let from = from.into_iter().collect::<Vec<_>>().join(", ");
        let words = format!(
            "{}, as certificates {} name them; from {from}, because {}",
            kind.words(),
            named_by.join(" and "),
            kind.why()
        );
        page.wrapped(2, 4, &words);
    }
}

/// Why each kind of probe is made, once for all targets.
fn write_reasons(page: &mut Page, plan: &Plan) {
    let made: BTreeSet<usize> = plan
        .targets
        .iter()
        .flat_map(|target| target.offers.iter())
        .filter_map(|offer| OfferLabel::all().position(|label| label == offer.label))
        .collect();
    if made.is_empty() {
        return;
    }
    page.heading("Why each probe is made");
    for label in made.into_iter().filter_map(|place| OfferLabel::all().nth(place)) {
        page.labelled(2, label.name(), Ink::Notice, WORDS, label.why());
    }
}
