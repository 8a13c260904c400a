//! `--discover`: whom management points' lists name and nobody gave is probed too.

use std::sync::Arc;

use cmprobe::judgement::discovery::members;
use cmprobe::plan::expectation::Expectation;
use cmprobe::plan::{Target, TargetId};
use cmprobe::requirement::management_point::answers::Listed;
use cmprobe::site::Site;
use cmprobe::site::name::{HostName, NameKind};
use cmprobe::site::role::Role;

use super::lists::Lists;

/// How many management points are asked at the most, and how many that their lists name are probed.
pub(super) const MOST: usize = 64;

/// Whom lists name and nobody gave.
#[derive(Default)]
pub(super) struct Found {
    /// Each, as it is probed: like the management point that named it.
    pub(super) targets: Vec<Target>,
    /// How many more there are, which are not probed.
    pub(super) left: usize,
}

/// Whom the lists of some management points name. Whom the definition describes is known, probed in this run or not.
pub(super) fn members_of(site: &Site, points: &[Target], known: &[Arc<Target>], lists: &Lists) -> Found {
    let mut found = Found::default();
    for by in points {
        for (name, listed) in lists.of(&by.id).map(members).unwrap_or_default() {
            let is_it = |target: &Target| target.vantage == by.vantage && target.name == name;
            if describes(site, &name) || known.iter().any(|target| is_it(target)) || found.targets.iter().any(is_it) {
                continue;
            }
            match found.targets.len() < MOST {
                true => found.targets.push(member(by, &listed, &name)),
                false => found.left += 1,
            }
        }
    }
    found
}

/// Whether a name is a system's or a cluster's of the definition.
fn describes(site: &Site, name: &HostName) -> bool {
    let of_systems = site.systems.iter().flat_map(|one| {
        [Some(&one.netbios), one.intranet_fqdn.as_ref(), one.internet_fqdn.as_ref()].into_iter().flatten()
    });
    let of_clusters = site.clusters.iter().flat_map(|one| one.intranet_fqdn.iter().chain(&one.internet_fqdn));
    of_systems.chain(of_clusters).any(|known| known == name)
}

/// A member of a list: asked what the management point that named it is asked, at the port the list says, else at the same;
/// what it ought to meet nobody said.
fn member(by: &Target, listed: &Listed, name: &HostName) -> Target {
    let system: Arc<str> = if listed.name.is_empty() { name.as_str().into() } else { listed.name.as_str().into() };
    let role = Role::ManagementPoint;
    let private_addresses = by.expectation.private_addresses;
    Target {
        id: TargetId::new(Arc::clone(&system), role.name(), name.as_str(), Arc::clone(&by.vantage)),
        system,
        role: Some(role),
        name: name.clone(),
        name_kind: NameKind::Given,
        port: listed.https_port.unwrap_or(by.port),
        expectation: Arc::new(Expectation { private_addresses, ..Expectation::default() }),
        connections: 1,
        why: format!("the list that {} hands out names it", by.system).into(),
        ..by.clone()
    }
}

#[cfg(test)]
mod tests {
    use cmprobe::plan::build::{Offers, Options};
    use cmprobe::plan::endpoint::{Endpoint, Shared};
    use cmprobe::site::profile::Profile;

    use super::*;

    #[test]
    fn a_member_is_dialled_at_the_port_the_list_says_else_where_the_list_was_had() {
        let offers = Offers::new(&Site::nameless(Profile::CurrentBranch), &Options::default());
        let by = Endpoint::parse("mp=mp01.contoso.com:444").unwrap().target(&offers, &Shared::default());
        let port = |https_port| {
            let listed =
                Listed { name: "MP02".into(), fqdn: None, site_code: None, version: None, ssl_state: None, https_port };
            member(&by, &listed, &listed.dialled()).port
        };
        assert_eq!((port(Some(8443)), port(None)), (8443, 444));
    }
}
