//! Everything that ends, soonest first: certificates of endpoints, proxies and files, every authority met or declared,
//! revocation lists, waivers. A certificate is one entry, wherever it was seen.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::{Duration, Time};

use super::certificate::CertificateReport;
use super::circumstances::{Circumstances, DeclaredAs, TableKind};
use super::endpoint::EndpointReport;
use super::file::FileReport;
use super::list::ListReport;
use crate::site::role::Role;
use crate::wire::timestamp::Timestamp;

/// Something that ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndReport {
    /// Its last moment.
    pub ends: Timestamp,
    /// Whole days left, as of when it was judged; negative: it has ended.
    pub days: i64,
    /// Since when it holds; `null`: it does not say.
    pub since: Option<Timestamp>,
    /// What kind of thing it is.
    pub kind: EndKind,
    /// What it is, in words: `SUP01 web server certificate`.
    pub what: String,
    /// Of a certificate: SHA-256 over its bytes, an object of `certificates[]`.
    pub fingerprint: Option<String>,
    /// What it is relied on for: `web-server`, `proxy`, `client`, `authority` …; of a list `base` or `delta`; of a
    /// waiver the requirement.
    #[serde(rename = "use")]
    pub used_for: String,
    /// The systems, clusters and proxies concerned.
    pub systems: Vec<String>,
    /// Where it was seen: endpoints, files, URLs.
    pub places: Vec<String>,
    /// Whose certificate or list it is; `null`: nobody's.
    pub subject: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// A later one seen for the same use and names, by fingerprint: it was renewed, and the new one is not bound here.
    pub renewed_by: Option<String>,
}

/// Kinds of things that end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EndKind {
    /// A certificate that is presented, or lies in a file.
    Certificate,
    /// An authority's certificate.
    Authority,
    /// A revocation list.
    RevocationList,
    /// An accepted deviation.
    Waiver,
}

/// Where a certificate was seen, and as what.
#[derive(Default)]
struct Seen<'a> {
    used_for: &'a str,
    systems: Vec<&'a str>,
    places: Vec<&'a str>,
}

/// Certificates by fingerprint, each with where it was seen; in the order in which they were first seen.
#[derive(Default)]
struct Sightings<'a> {
    order: Vec<&'a str>,
    seen: HashMap<&'a str, Seen<'a>>,
}

impl<'a> Sightings<'a> {
    fn add(&mut self, fingerprint: &'a str, used_for: &'a str, system: Option<&'a str>, place: Option<&'a str>) {
        let seen = self.seen.entry(fingerprint).or_insert_with(|| {
            self.order.push(fingerprint);
            Seen { used_for, ..Seen::default() }
        });
        for (known, new) in [(&mut seen.systems, system), (&mut seen.places, place)] {
            if let Some(new) = new.filter(|new| known.last() != Some(new)) {
                known.push(new);
            }
        }
    }
}

/// What a run's calendar is made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// As of when it was judged.
    pub judged_at: Timestamp,
    /// The definition's waivers, and the authorities it declares.
    pub circumstances: &'a Circumstances,
    /// Every endpoint.
    pub endpoints: &'a [EndpointReport],
    /// Every file.
    pub files: &'a [FileReport],
    /// Every certificate.
    pub certificates: &'a [std::sync::Arc<CertificateReport>],
    /// Every list.
    pub lists: &'a [ListReport],
}

/// Everything that ends, soonest first.
pub fn of(material: &Material<'_>) -> Vec<EndReport> {
    let mut ends = certificates(material);
    ends.extend(lists(material));
    ends.extend(waivers(material));
    ends.sort_by(|one, other| {
        (one.ends, &one.what, &one.fingerprint).cmp(&(other.ends, &other.what, &other.fingerprint))
    });
    ends
}

fn certificates(material: &Material<'_>) -> Vec<EndReport> {
    let by_print: HashMap<&str, &CertificateReport> =
        material.certificates.iter().map(|one| (one.fingerprint_sha256.as_str(), &**one)).collect();
    let mut sightings = Sightings::default();
    for endpoint in material.endpoints {
        let leaf = if endpoint.role == Some(Role::Proxy) { "proxy" } else { "web-server" };
        for (at, print) in endpoint.received_certificate_chain.iter().enumerate() {
            let used_for = if at == 0 { leaf } else { AUTHORITY };
            sightings.add(print, used_for, Some(&endpoint.system), Some(&endpoint.id));
        }
    }
    for file in material.files {
        let used_for = if file.kind == "root" { AUTHORITY } else { &file.kind };
        let own = file.certificate.iter().map(|print| (print, used_for));
        for (print, used_for) in own.chain(file.others.iter().map(|print| (print, AUTHORITY))) {
            sightings.add(print, used_for, None, Some(&file.id));
        }
    }
    for authority in &material.circumstances.authorities {
        let place = match authority.declared_as {
            DeclaredAs::Root => "trust.roots",
            DeclaredAs::ClientRoot => "trust.client_roots",
            DeclaredAs::PublicRoot => "trust.public_roots",
            DeclaredAs::Intermediate => "trust.intermediates",
        };
        sightings.add(&authority.fingerprint_sha256, AUTHORITY, None, Some(place));
    }
    let later = renewals(&sightings, &by_print);
    let told = |print: &&str| {
        let (certificate, seen) = (by_print.get(print)?, sightings.seen.get(print)?);
        let ends = certificate.not_after?;
        let subject = certificate.subject.clone().filter(|subject| !subject.is_empty());
        let is_authority = seen.used_for == AUTHORITY;
        let systems: BTreeSet<&str> = seen.systems.iter().copied().collect();
        let whose = if is_authority || systems.is_empty() {
            let named = || names(certificate).first().cloned().unwrap_or_else(|| "no name".into());
            subject.as_deref().map_or_else(named, |subject| common_name(subject).to_owned())
        } else {
            several(&systems)
        };
        Some(EndReport {
            ends,
            days: material.judged_at.days_until(ends),
            since: certificate.not_before,
            kind: if is_authority { EndKind::Authority } else { EndKind::Certificate },
            what: format!("{whose} {}", words(seen.used_for)),
            fingerprint: Some((*print).to_owned()),
            used_for: seen.used_for.to_owned(),
            systems: systems.into_iter().map(str::to_owned).collect(),
            places: seen.places.iter().map(|place| (*place).to_owned()).collect(),
            subject,
            issuer: certificate.issuer.clone(),
            renewed_by: later.get(print).map(|print| (*print).to_owned()),
        })
    };
    sightings.order.iter().filter_map(told).collect()
}

const AUTHORITY: &str = "authority";

/// The common name of a distinguished name that begins with one; else all of it.
pub(super) fn common_name(name: &str) -> &str {
    let value = name.strip_prefix("CN=").unwrap_or(name);
    value.split_once(", ").map_or(value, |(first, _)| first)
}

/// What a certificate's use is called in a sentence.
fn words(used_for: &str) -> String {
    match used_for {
        AUTHORITY => "authority certificate".to_owned(),
        "site-server" => "site server signing certificate".to_owned(),
        used_for => format!("{} certificate", used_for.replace('-', " ")),
    }
}

/// Up to three names, and how many more.
fn several(names: &BTreeSet<&str>) -> String {
    const NAMED: usize = 3;
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        count if count > NAMED => format!("{named} and {} more:", count - NAMED),
        _ => named,
    }
}

/// What a certificate is for: its alternative names, without them its subject.
fn names(certificate: &CertificateReport) -> Vec<String> {
    let mut names = certificate.subject_alternative_names.clone().unwrap_or_default();
    if names.is_empty() {
        names.extend(certificate.subject.clone());
    }
    names.sort();
    names.dedup();
    names
}

/// For certificates that have a later one of the same use and names: the latest.
fn renewals<'a>(sightings: &Sightings<'a>, by_print: &HashMap<&str, &CertificateReport>) -> HashMap<&'a str, &'a str> {
    /// When a certificate ends and begins, and which it is.
    type Span<'a> = (Timestamp, Timestamp, &'a str);
    let mut alike: BTreeMap<(&str, Vec<String>), Vec<Span<'_>>> = BTreeMap::new();
    for print in &sightings.order {
        if let (Some(certificate), Some(seen)) = (by_print.get(print), sightings.seen.get(print))
            && let (Some(from), Some(until)) = (certificate.not_before, certificate.not_after)
        {
            let names = names(certificate);
            if !names.is_empty() {
                alike.entry((seen.used_for, names)).or_default().push((until, from, print));
            }
        }
    }
    let mut later = HashMap::new();
    for group in alike.into_values() {
        let Some(&(until, from, latest)) = group.iter().max() else { continue };
        let earlier = group.iter().filter(|(ends, begins, _)| *ends < until && *begins < from);
        later.extend(earlier.map(|(_, _, print)| (*print, latest)));
    }
    later
}

/// Each list once, wherever it was had.
fn lists(material: &Material<'_>) -> Vec<EndReport> {
    let mut found: BTreeMap<(Timestamp, bool, &str, Option<Timestamp>), Vec<&str>> = BTreeMap::new();
    for list in material.lists {
        if let (Some(ends), Some(delta), Some(issuer)) = (list.next_update, list.delta, list.issuer.as_deref()) {
            let places = found.entry((ends, delta, issuer, list.this_update)).or_default();
            if !places.contains(&list.url.as_str()) {
                places.push(&list.url);
            }
        }
    }
    let told = |((ends, delta, issuer, since), places): ((Timestamp, bool, &str, Option<Timestamp>), Vec<&str>)| {
        let list = if delta { "delta revocation list" } else { "revocation list" };
        EndReport {
            ends,
            days: material.judged_at.days_until(ends),
            since,
            kind: EndKind::RevocationList,
            what: format!("{} {list}", common_name(issuer)),
            fingerprint: None,
            used_for: if delta { "delta" } else { "base" }.to_owned(),
            systems: Vec::new(),
            places: places.into_iter().map(str::to_owned).collect(),
            subject: None,
            issuer: Some(issuer.to_owned()),
            renewed_by: None,
        }
    };
    found.into_iter().map(told).collect()
}

/// Waivers that have an end: the moment after the last day on which they hold.
fn waivers(material: &Material<'_>) -> Vec<EndReport> {
    let tables = material.circumstances.definition.iter().flat_map(|definition| &definition.tables);
    let waivers = tables.filter(|table| table.kind == TableKind::Waiver);
    let told = |table: &super::circumstances::TableReport| {
        let last = table.until?;
        let ends = Timestamp::from(last.with_time(Time::MIDNIGHT).assume_utc() + Duration::days(1));
        let whose = table.leads_to.first().map_or_else(|| "every system".to_owned(), Clone::clone);
        Some(EndReport {
            ends,
            days: material.judged_at.days_until(ends),
            since: None,
            kind: EndKind::Waiver,
            what: format!("{whose} waiver of {}", table.name),
            fingerprint: None,
            used_for: table.name.clone(),
            systems: table.leads_to.clone(),
            places: Vec::new(),
            subject: table.reason.clone(),
            issuer: None,
            renewed_by: None,
        })
    };
    waivers.filter_map(told).collect()
}
