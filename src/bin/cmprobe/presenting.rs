//! To whom a run presents the client's certificate: to the site's own servers, unless it is said otherwise.

use std::net::IpAddr;
use std::sync::Arc;

use cmprobe::prober::PresentedTo;
use cmprobe::rule::subject::presented_use;
use cmprobe::rule::usage::Roots;
use cmprobe::site::Site;
use cmprobe::site::name::HostName;
use cmprobe::trust::shown::Shown;
use cmprobe::trust::store::TrustStore;
use cmprobe::wire::der::Der;

use crate::fetching;

/// Where a server's certificate leads to the roots of its use and carries the name that was dialled. Where an address was
/// dialled any name of the definition will do, or the one that is sent; without either the roots alone decide.
pub(crate) fn to_own_servers(site: &Site, trust: &TrustStore, sent: Option<&str>) -> Arc<PresentedTo> {
    let shown = Arc::new(Shown::new(trust));
    let computers = site.systems.iter().map(|system| &system.netbios);
    let of_site: Arc<[HostName]> =
        fetching::names(site).chain(computers).cloned().chain(sent.map(HostName::new)).collect();
    Arc::new(move |target| {
        let shown = Arc::clone(&shown);
        let names = if is_address(&target.name) { Arc::clone(&of_site) } else { [target.name.clone()].into() };
        let may_be_public = presented_use(target).data().roots == Roots::SiteOrPublic;
        Arc::new(move |chain: &[Der]| shown.objection(chain, may_be_public, &names))
    })
}

fn is_address(name: &HostName) -> bool {
    name.as_str().trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}
