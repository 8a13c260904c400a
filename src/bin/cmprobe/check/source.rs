//! Addresses probes are to start from: each must be this machine's own, or nothing would be opened at all.

use std::net::{IpAddr, UdpSocket};

use cmprobe::site::Site;

use crate::args::CheckArgs;
use crate::load::Definition;

/// A complaint for each source address that is none of this machine.
pub(super) fn not_here(site: &Site, definition: Option<&Definition>, args: &CheckArgs) -> Vec<String> {
    const RIGHT: &str = "is no address of this machine; give one of its own, or leave the choice to it";
    if let Some(source) = args.probe.way.source_ip {
        return if is_ours(source) { Vec::new() } else { vec![format!("--source-ip {source}: this {RIGHT}")] };
    }
    let chosen = |name: &str| {
        let wanted = &args.narrow.vantage;
        wanted.is_empty() || wanted.iter().any(|one| one.eq_ignore_ascii_case(name))
    };
    let vantages = site.vantages.iter().filter(|vantage| chosen(&vantage.name));
    let foreign = vantages.filter_map(|vantage| Some((vantage, vantage.source.filter(|source| !is_ours(*source))?)));
    foreign
        .map(|(vantage, source)| {
            let place = definition.map_or_else(String::new, |definition| definition.place(vantage.defined_at));
            format!("{place}the vantage {} stands at {source}, which {RIGHT}", vantage.name)
        })
        .collect()
}

/// Whether something can be opened at an address. Nothing is sent.
fn is_ours(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}
