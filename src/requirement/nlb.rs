//! Network load balancing clusters of management points or software update points.

pub mod addressed_by_fqdn;
pub mod cluster_name;
pub mod node_name;
pub mod nodes_agree;
pub mod server_auth_eku;

use crate::plan::expectation::ClusterExpectation;
use crate::site::name::HostName;

/// The FQDNs clients know a cluster by.
fn cluster_names(cluster: &ClusterExpectation) -> impl Iterator<Item = &HostName> {
    cluster.intranet_fqdn.iter().chain(&cluster.internet_fqdn)
}
