//! What a run fetches of what certificates name, and whom it may ask.

use std::sync::Arc;

use cmprobe::judgement::run::CertificateFile;
use cmprobe::prober::{Fetching, Settings};
use cmprobe::revocation::Bounds;
use cmprobe::revocation::allowed::{Allowed, Hosts};
use cmprobe::rule::usage::Use;
use cmprobe::site::Site;
use cmprobe::site::name::HostName;
use cmprobe::trust::basis::RevocationMode;
use cmprobe::trust::lists::trusted::leads_to_roots;
use cmprobe::trust::store::TrustStore;
use cmprobe::wire::der::Der;

/// Lets a prober fetch: lists for endpoints where clients check them, for files because servers always do, and issuers that
/// nobody sent.
pub(crate) fn set(settings: &mut Settings, site: &Site, trust: &TrustStore, mode: RevocationMode, hosts: Hosts) {
    let judged = mode != RevocationMode::Off;
    settings.fetching = Fetching {
        lists_of_endpoints: judged && site.clients_check_revocation,
        lists_of_files: judged,
        issuers: true,
        allowed: Allowed { hosts, domains: domains(site) },
        bounds: Bounds::default(),
        leads_to_roots: Some(Arc::new(leads_to_roots(trust))),
    };
    settings.further = trust.intermediates.iter().map(|certificate| certificate.der.clone()).collect();
    settings.roots = trust.roots.iter().chain(&trust.client_roots).map(|root| root.der.clone()).collect();
}

/// The chains of files whose certificates somebody looks up in lists.
pub(crate) fn chains(files: &[CertificateFile]) -> Vec<Vec<Der>> {
    let mut chains: Vec<Vec<Der>> = Vec::new();
    for file in files.iter().filter(|file| is_looked_up(file.of)) {
        let held = file.facts.certificate.iter().chain(&file.facts.others);
        let chain: Vec<Der> = held.map(|certificate| certificate.der.clone()).collect();
        if !chain.is_empty() && !chains.contains(&chain) {
            chains.push(chain);
        }
    }
    chains
}

/// Whether anybody looks a certificate of this use up in lists: no list names a root, nobody is known to check the site
/// server's signing certificate, and no text names a checker of the rest.
pub(crate) const fn is_looked_up(of: Use) -> bool {
    match of {
        Use::WebServer
        | Use::Proxy
        | Use::ProxyClient
        | Use::Client
        | Use::MobileDevice
        | Use::Deployment
        | Use::Monitoring
        | Use::DistributionPointClient
        | Use::CloudManagementGateway => true,
        Use::SiteServer | Use::Root | Use::SmsProvider | Use::ReportingPoint | Use::SqlServer => false,
    }
}

/// The domains of the names a definition gives.
fn domains(site: &Site) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names(site) {
        let name = name.as_str().trim_end_matches('.').to_ascii_lowercase();
        let domain = match name.split_once('.') {
            Some((_, domain)) if domain.contains('.') => domain.to_owned(),
            Some(_) | None => name,
        };
        if domain.contains('.') && !found.contains(&domain) {
            found.push(domain);
        }
    }
    found
}

/// The names a definition has clients dial.
pub(crate) fn names(site: &Site) -> impl Iterator<Item = &HostName> {
    let of_systems = site.systems.iter().flat_map(|system| system.intranet_fqdn.iter().chain(&system.internet_fqdn));
    let of_clusters = site.clusters.iter().flat_map(|one| one.intranet_fqdn.iter().chain(&one.internet_fqdn));
    let of_proxies = site.proxies.iter().map(|proxy| &proxy.internet_fqdn);
    of_systems.chain(of_clusters).chain(of_proxies)
}
