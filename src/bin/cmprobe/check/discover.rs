//! `--discover`: whom management points' lists name and nobody gave is probed too.

use std::sync::Arc;

use cmprobe::judgement::discovery::members;
use cmprobe::plan::expectation::Expectation;
use cmprobe::plan::{Target, TargetId};
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
        for (called, name) in lists.of(&by.id).map(members).unwrap_or_default() {
            let is_it = |target: &Target| target.vantage == by.vantage && target.name == name;
            if describes(site, &name) || known.iter().any(|target| is_it(target)) || found.targets.iter().any(is_it) {
                continue;
            }
            match found.targets.len() < MOST {
                true => found.targets.push(member(by, &called, &name)),
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

/// A member of a list: asked what the management point that named it is asked, at the same port; what it ought to meet
/// nobody said.
fn member(by: &Target, called: &str, name: &HostName) -> Target {
    let system: Arc<str> = if called.is_empty() { name.as_str().into() } else { called.into() };
    let role = Role::ManagementPoint;
    let private_addresses = by.expectation.private_addresses;
    Target {
        id: TargetId::new(Arc::clone(&system), role.name(), name.as_str(), Arc::clone(&by.vantage)),
        system,
        role: Some(role),
        name: name.clone(),
        name_kind: NameKind::Given,
        expectation: Arc::new(Expectation { private_addresses, ..Expectation::default() }),
        connections: 1,
        why: format!("the list that {} hands out names it", by.system).into(),
        ..by.clone()
    }
}
