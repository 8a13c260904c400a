//! What will be probed and why: a site turned into ordered targets and lookups. Pure: what will run can be shown
//! first, without the network.

pub mod build;
pub mod endpoint;
pub mod engine;
pub mod expectation;
pub mod fetch;
pub mod offer;
pub mod presented;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::site::name::{HostName, NameKind};
use crate::site::role::Role;
use crate::site::vantage::Network;
use expectation::Expectation;
use fetch::Fetch;
pub use offer::{Offer, OfferLabel};

/// Everything `check` would do, in order.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Names to dial, each with its offers.
    pub targets: Vec<Arc<Target>>,
    /// Questions to put to resolvers beside those.
    pub lookups: Vec<Arc<Lookup>>,
    /// What is fetched of what certificates name.
    pub fetches: Vec<Fetch>,
    /// What is deliberately not probed, and why.
    pub left_out: Vec<LeftOut>,
}

/// What tells a target or lookup from every other, and stays the same from run to run. Each part is kept by itself: no
/// name is refused for a character it holds, and nothing is ever cut out of the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TargetId {
    /// The system, cluster, proxy or site code; for an endpoint given on the command line, its host.
    pub system: Arc<str>,
    /// The role, or what is asked.
    pub what: Arc<str>,
    /// The name dialled, or asked for; with its port where that is not the role's.
    pub name: Arc<str>,
    /// The vantage.
    pub vantage: Arc<str>,
}

impl TargetId {
    /// An id of its parts.
    pub fn new(
        system: impl Into<Arc<str>>,
        what: impl Into<Arc<str>>,
        name: impl Into<Arc<str>>,
        vantage: impl Into<Arc<str>>,
    ) -> Self {
        Self { system: system.into(), what: what.into(), name: name.into(), vantage: vantage.into() }
    }

    /// As reports write it: `system/role/name/vantage`.
    pub fn text(&self) -> String {
        self.to_string()
    }

    /// The id of one of its endpoints, as reports write it.
    pub fn endpoint(&self, address: std::net::SocketAddr) -> String {
        format!("{self}/{address}")
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.system, self.what, self.name, self.vantage)
    }
}

/// A name dialled at a port from a vantage, for one role of one system: what findings are about.
#[derive(Clone, Debug)]
pub struct Target {
    /// Stable across runs.
    pub id: TargetId,
    /// The system, cluster or proxy, by its name in the definition; for an endpoint given on the command line, its host.
    pub system: Arc<str>,
    /// The role; `None`: given on the command line without one.
    pub role: Option<Role>,
    /// The vantage's name.
    pub vantage: Arc<str>,
    /// Which clients stand at that vantage.
    pub network: Network,
    /// The name dialled; an address as text where one was given.
    pub name: HostName,
    /// Which of the system's names it is.
    pub name_kind: NameKind,
    /// The port.
    pub port: u16,
    /// Where plain HTTP would be, for the offers made over it.
    pub http_port: u16,
    /// What the definition says this target ought to meet.
    pub expectation: Arc<Expectation>,
    /// What is offered to each of its endpoints, in order.
    pub offers: Arc<[Offer]>,
    /// How often each endpoint is connected to with the default offer: more than once where nodes answer in turn.
    pub connections: u8,
    /// Why the target exists, in a sentence.
    pub why: Arc<str>,
}

/// A question to a vantage's resolver whose answer is judged by itself.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Stable across runs.
    pub id: TargetId,
    /// The system it is about; the site code where it is about the site.
    pub system: Arc<str>,
    /// The vantage's name.
    pub vantage: Arc<str>,
    /// Which clients stand there.
    pub network: Network,
    /// What is asked.
    pub question: Question,
    /// What the definition says about the system, for service records.
    pub expectation: Arc<Expectation>,
    /// Why it is asked, in a sentence.
    pub why: Arc<str>,
}

/// What a lookup asks.
#[derive(Clone, Debug)]
pub enum Question {
    /// A host's addresses, which should not be there: an intranet name asked for outside.
    HiddenHost(HostName),
    /// The SRV record a management point publishes: `_mssms_mp_<sitecode>._tcp.<suffix>`.
    ManagementPointService {
        /// The whole record name.
        record: String,
        /// The intranet FQDNs of the site's management points.
        targets: Vec<HostName>,
        /// Their HTTPS ports, in the same order.
        ports: Vec<u16>,
    },
}

/// Something a reader would expect to be probed and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}
