//! Vantages, systems and roles named on the command line: each must be one of the definition's.

use cmprobe::plan::build::Options;
use cmprobe::site::Site;
use cmprobe::site::role::Role;

/// A complaint for each name the definition does not know.
pub(crate) fn unknown(site: &Site, options: &Options) -> Vec<String> {
    let vantages: Vec<&str> = site.vantages.iter().map(|vantage| &*vantage.name).collect();
    let systems = site.systems.iter().map(|system| &system.name);
    let clusters = site.clusters.iter().map(|cluster| &cluster.name);
    let systems: Vec<&str> =
        systems.chain(clusters).chain(site.proxies.iter().map(|proxy| &proxy.name)).map(|name| &**name).collect();
    let is_among = |name: &str, names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let vantage = options
        .vantages
        .iter()
        .filter(|name| !is_among(name, &vantages))
        .map(|name| format!("--vantage {name}: the definition's vantages are {}", vantages.join(", ")));
    let only =
        options.only.iter().filter(|name| Role::parse(name).is_none() && !is_among(name, &systems)).map(|name| {
            format!(
                "--only {name}: this is no role; the definition's systems, clusters and proxies are {}",
                systems.join(", ")
            )
        });
    vantage.chain(only).collect()
}
