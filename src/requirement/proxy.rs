//! Proxy web servers for Internet-based client management.

pub mod bridges_client;
pub mod client_auth_eku;
pub mod internet_name;
pub mod mode;
pub mod no_plain_http;
pub mod tunnel_needs_none;
pub mod verbs;

use crate::plan::Target;
use crate::plan::expectation::ProxyExpectation;
#[cfg(test)]
use crate::requirement::case::World;
use crate::rule::subject::SiteSubject;
use crate::site::vantage::Network;
#[cfg(test)]
use crate::site::vantage::Vantage;

/// Why what has to be compared with the inside does not apply to a run that leaves it out.
const INSIDE_LEFT_OUT: &str =
    "what the proxy publishes was not to be looked at inside: `cmprobe assess` puts a run there beside this one";

/// Whether the site has a vantage inside, and what the proxy publishes was not to be looked at from there.
fn is_inside_left_out(site: &SiteSubject<'_>, proxy: &ProxyExpectation) -> bool {
    let has_inside = site.basis.site.vantages.iter().any(|vantage| vantage.network == Network::Intranet);
    let is_inside = |target: &Target| target.network == Network::Intranet && proxy.is_for(&target.system);
    has_inside && !site.targets.iter().any(|target| is_inside(target.target))
}

/// A world whose site has a vantage inside.
#[cfg(test)]
fn with_inside(world: World) -> World {
    world.site(|site| site.vantages.push(Vantage::new("intranet", Network::Intranet)))
}
