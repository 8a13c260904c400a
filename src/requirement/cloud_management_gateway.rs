//! The cloud management gateway: what its service name has to be, and what it answers there.

pub mod prefix;
pub mod service;
pub mod service_name;

use crate::rule::scope::Scope;
use crate::site::profile::Profile;
use crate::site::role::Role;

/// Cloud management gateways, which sites of 2007 do not have.
pub const GATEWAYS: Scope = Scope::EVERY_ENDPOINT
    .only_in(Profile::CurrentBranch)
    .only_roles(&[Role::CloudManagementGateway], "cloud management gateways");
