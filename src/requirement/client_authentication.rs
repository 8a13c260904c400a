//! Does the endpoint demand, check and accept client certificates? A property of a virtual directory, not of a port: IIS
//! usually asks only after it has read the request.

pub mod accepted_issuers;
pub mod accepts_client;
pub mod demanded;
pub mod foreign_issuers;
pub mod issuer_list_size;
pub mod late_request;
pub mod outcome;
pub mod page;
pub mod refuses_outsider;
pub mod refuses_stranger;
pub mod update_point_ignores;
pub mod when;

use crate::rule::scope::Scope;
use crate::site::role::Role;

/// Roles whose protected paths only a client of the site may use.
pub const PROTECTED: Scope = Scope::EVERY_ENDPOINT.only_roles(
    &[
        Role::ManagementPoint,
        Role::ProxyManagementPoint,
        Role::DistributionPoint,
        Role::StateMigrationPoint,
        Role::MobileDeviceManagementPoint,
        Role::Proxy,
    ],
    "management points, distribution points, state migration points and bridging proxies",
);

/// The same, and the cloud management gateway, whose paths ask for a client's certificate and are open to tokens beside it.
pub const ASKING: Scope = Scope::EVERY_ENDPOINT.only_roles(
    &[
        Role::ManagementPoint,
        Role::ProxyManagementPoint,
        Role::DistributionPoint,
        Role::StateMigrationPoint,
        Role::MobileDeviceManagementPoint,
        Role::Proxy,
        Role::CloudManagementGateway,
    ],
    "management points, distribution points, state migration points, bridging proxies and cloud management gateways",
);
