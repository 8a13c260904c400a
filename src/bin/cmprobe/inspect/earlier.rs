//! Chains that endpoints presented in an earlier run, out of its observations (`--save`) or its report (`json`, `jsonl`).

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use cmprobe::certificate::Certificate;
use cmprobe::judgement::presented::as_if_seen;
use cmprobe::judgement::run::Known;
use cmprobe::observation::file::{FileFacts, FileFormat, KeyPresence, Lock};
use cmprobe::observation::resolution::CrlObservation;
use cmprobe::observation::{EndpointObservation, Seen, TargetObservation};
use cmprobe::plan::Target;
use cmprobe::plan::TargetId;
use cmprobe::plan::build::{Offers, Options};
use cmprobe::plan::endpoint::{Endpoint, Shared};
use cmprobe::rule::usage::Use;
use cmprobe::site::Site;
use cmprobe::site::name::HostName;
use cmprobe::site::role::Role;
use cmprobe::wire::der::Der;

use crate::files;
use crate::kind::{self, Wanted};
use crate::saved::Saved;
use crate::stream::Utf8;

/// What an earlier run saw.
#[derive(Default)]
pub(super) struct Earlier {
    /// Every chain, in the file's order.
    pub(super) chains: Vec<Met>,
    /// What it fetched to learn who is revoked; a report does not keep it.
    pub(super) lists: Vec<CrlObservation>,
}

/// A chain, and where it was met.
pub(super) struct Met {
    /// The endpoint.
    pub(super) endpoint: String,
    /// The target it is an endpoint of.
    pub(super) target: TargetId,
    /// What was seen of it.
    pub(super) seen: EndpointObservation,
    /// How much of that is known.
    pub(super) known: Known,
}

/// Whether a file is what a run saved: JSON, which no certificate file begins as, and of no other kind.
pub(super) fn is_saved(path: &Path) -> bool {
    let mut start = [0; 64];
    let read =
        crate::opened::open(path).ok().and_then(|file| Utf8::new(file).read(&mut start).ok()).unwrap_or_default();
    let begins = |start: &[u8]| {
        let after = start.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        after.is_some_and(|after| matches!(after, [] | [b'"' | b'}', ..]))
    };
    begins(start.get(..read).unwrap_or_default())
        && (kind::instead(path, Wanted::Report).is_none() || kind::instead(path, Wanted::Observations).is_none())
}

/// Reads the chains of endpoints whose ids begin so.
///
/// # Errors
/// What is wrong with the file, with its name, or that no such endpoint presented a certificate.
pub(super) fn read(path: &Path, beginning: Option<&str>) -> Result<Earlier, String> {
    let shown = path.display();
    let mut earlier =
        if Saved::begins(path) { observed(&Saved::open(path)?)? } else { reported(&files::report(path)?) };
    if earlier.chains.is_empty() {
        return Err(format!("{shown}: no endpoint in it presented a certificate"));
    }
    if let Some(beginning) = beginning {
        let known: Vec<String> = earlier.chains.iter().take(3).map(|met| met.endpoint.clone()).collect();
        earlier.chains.retain(|met| starts_with(&met.endpoint, beginning));
        if earlier.chains.is_empty() {
            let known = known.join(", ");
            return Err(format!(
                "{shown}: --endpoint {beginning}: no endpoint's id begins so; there are {known} \u{2026}"
            ));
        }
    }
    Ok(earlier)
}

fn starts_with(id: &str, beginning: &str) -> bool {
    id.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

fn observed(saved: &Saved) -> Result<Earlier, String> {
    let mut earlier = Earlier::default();
    for seen in saved.seen()? {
        match seen? {
            Seen::Target(seen) => {
                let TargetObservation { target, endpoints, .. } = *seen;
                let presented = endpoints.into_iter().filter(|endpoint| !chain(endpoint).is_empty());
                earlier.chains.extend(presented.map(|seen| Met {
                    endpoint: target.endpoint(seen.address),
                    target: target.clone(),
                    seen,
                    known: Known::All,
                }));
            }
            Seen::Crl(list) => earlier.lists.push(*list),
            Seen::Run(_) | Seen::Lookup(_) | Seen::Told(_) | Seen::End(_) => {}
        }
    }
    Ok(earlier)
}

fn reported(report: &cmprobe::report::document::Report) -> Earlier {
    let certificates = report.certificates_by_fingerprint();
    let met = |endpoint: &cmprobe::report::endpoint::EndpointReport| {
        let met = endpoint.received_certificate_chain.iter().map_while(|one| certificates.get(one.as_str()));
        let chain: Vec<Der> = met.map(|one| one.der.clone()).collect();
        let address = endpoint.address.filter(|_| !chain.is_empty())?;
        let role = endpoint.role.map_or("endpoint", Role::name);
        let target = TargetId::new(endpoint.system.as_str(), role, endpoint.name.as_str(), endpoint.vantage.as_str());
        let at = endpoint.at.unwrap_or(report.run.started_at);
        let seen = as_if_seen(&target.name, address, &chain, at);
        Some(Met { endpoint: endpoint.id.clone(), target, seen, known: Known::Certificates })
    };
    Earlier { chains: report.endpoints.iter().filter_map(met).collect(), lists: Vec::new() }
}

/// What the observation that speaks for an endpoint was presented with, the leaf first.
fn chain(of: &EndpointObservation) -> &[Der] {
    of.principal().map_or(&[], |seen| &seen.handshake.chain)
}

impl Met {
    /// What was presented, the leaf first.
    pub(super) fn chain(&self) -> &[Der] {
        chain(&self.seen)
    }

    /// What was presented, as a file would hold it.
    pub(super) fn facts(&self) -> FileFacts {
        let mut certificates = self.chain().iter().map(|der| Arc::new(Certificate::read(der)));
        FileFacts {
            format: FileFormat::Saved,
            lock: Lock::Open,
            certificate: certificates.next(),
            others: certificates.collect(),
            key: KeyPresence::Absent,
            keys: 0,
            provider: None,
        }
    }

    /// Where it is judged as being met, by its id alone: as `check` would meet ROLE=HOST:PORT, from the same vantage.
    pub(super) fn target(&self, kind: Use, site: &Site) -> Target {
        let (role, name) = (&self.target.what, &self.target.name);
        let role = if kind == Use::Proxy { Some(Role::Proxy) } else { Role::parse(role) };
        let named =
            Endpoint::parse(name).unwrap_or_else(|_| Endpoint { role: None, host: HostName::new(""), port: 443 });
        let endpoint = Endpoint { role: role.filter(|role| role.uses_https() || *role == Role::Proxy), ..named };
        let mut target = endpoint.target(&Offers::new(site, &Options::default()), &Shared::default());
        target.vantage = Arc::clone(&self.target.vantage);
        target
    }
}
