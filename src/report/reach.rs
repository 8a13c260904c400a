//! Who reaches whom: each name, from each vantage, with how many of its addresses answered.

use std::borrow::Cow;
use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::circumstances::{DefinitionReport, TableKind, TableReport};
use super::endpoint::EndpointReport;
use crate::site::role::Role;
use crate::site::vantage::Network;

/// A name as it is reached from a vantage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReachReport {
    /// The vantage's name.
    pub vantage: String,
    /// Which clients stand there.
    pub network: Network,
    /// The system, cluster or proxy.
    pub system: String,
    /// The role; `null`: none was given.
    pub role: Option<Role>,
    /// The name dialled.
    pub name: String,
    /// The port dialled.
    pub port: u16,
    /// What stands behind it: what a proxy publishes, a cluster's nodes.
    pub leads_to: Vec<String>,
    /// How many addresses the name led to.
    pub addresses: usize,
    /// How many of them completed a handshake.
    pub reached: usize,
    /// `success`, or the first other word of its endpoints' `probe_status`.
    pub status: Cow<'static, str>,
}

/// Each name once, in the order of the endpoints.
pub fn of(endpoints: &[EndpointReport], definition: Option<&DefinitionReport>) -> Vec<ReachReport> {
    let mut found: Vec<ReachReport> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let tables = definition.into_iter().flat_map(|definition| &definition.tables);
    let in_front: Vec<&TableReport> =
        tables.filter(|table| matches!(table.kind, TableKind::Cluster | TableKind::Proxy)).collect();
    for endpoint in endpoints {
        let place = *places.entry(endpoint.target()).or_insert_with(|| {
            found.push(begun(endpoint, &in_front));
            found.len() - 1
        });
        if let Some(reach) = found.get_mut(place) {
            reach.addresses += usize::from(endpoint.address.is_some());
            reach.reached += usize::from(endpoint.is_up());
            if !endpoint.is_up() && reach.status == "success" {
                reach.status = endpoint.probe_status.clone();
            }
        }
    }
    found
}

/// A name before its addresses are counted; `in_front`: clusters and proxies.
fn begun(endpoint: &EndpointReport, in_front: &[&TableReport]) -> ReachReport {
    let table = in_front.iter().find(|table| table.name.eq_ignore_ascii_case(&endpoint.system));
    ReachReport {
        vantage: endpoint.vantage.clone(),
        network: endpoint.network,
        system: endpoint.system.clone(),
        role: endpoint.role,
        name: endpoint.name.clone(),
        port: endpoint.port,
        leads_to: table.map(|table| table.leads_to.clone()).unwrap_or_default(),
        addresses: 0,
        reached: 0,
        status: "success".into(),
    }
}
