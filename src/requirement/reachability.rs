//! Can a client get there at all: names, addresses, ports.

pub mod completes_handshake;
pub mod connects;
pub mod direct;
pub mod http_closed;
pub mod internet_address;
pub mod intranet_name_hidden;
pub mod name_resolves;
pub mod name_syntax;
pub mod service_record;
pub mod speaks_tls;
pub mod uninspected;

use crate::site::name::HostName;
use crate::verdict::cause::Culprit;

/// The DNS zone a name stands in, as a vantage sees it: what has to be put right where the answer for a name is another
/// than it should be. Zones are cut where nothing here shows it; what counts is that the names of one are put right together.
fn zone(name: &HostName, vantage: &str) -> Culprit {
    let above = name.as_str().split_once('.').map(|(_, above)| above).filter(|above| above.contains('.'));
    let zone = above.unwrap_or(name.as_str()).to_ascii_lowercase();
    Culprit::Definition(format!("zone {zone} at vantage {vantage}").into())
}
