//! `--discover`: asks management points for their lists before anything else, so that whom they name and nobody gave is
//! probed too.

use std::sync::Arc;

use cmprobe::judgement::discovery::members;
use cmprobe::observation::Seen;
use cmprobe::plan::expectation::Expectation;
use cmprobe::plan::{Offer, OfferLabel, Target, TargetId};
use cmprobe::prober::{self, Fetching, Settings};
use cmprobe::site::Site;
use cmprobe::site::name::{HostName, NameKind};
use cmprobe::site::role::Role;
use tokio::sync::mpsc;

/// How many management points are asked at the most, and how many that their lists name are probed.
const MOST: usize = 64;

/// Whom lists name and nobody gave.
#[derive(Default)]
pub(super) struct Found {
    /// Each, as it is probed: like the management point that named it.
    pub(super) targets: Vec<Target>,
    /// How many more there are, which are not probed.
    pub(super) left: usize,
}

/// Asks the management points among the targets. Whom the definition describes is known, probed in this run or not.
pub(super) async fn members_of(site: &Site, known: &[Arc<Target>], settings: &Settings) -> Found {
    let is_point =
        |target: &&Arc<Target>| matches!(target.role, Some(Role::ManagementPoint | Role::ProxyManagementPoint));
    let points: Vec<&Arc<Target>> = known.iter().filter(is_point).take(MOST).collect();
    let asked: Vec<Arc<Target>> = points.iter().map(|target| list_alone(target)).collect();
    let settings = Settings { fetching: Fetching::default(), ..settings.clone() };
    let (sink, mut seen) = mpsc::channel(8);
    let run = tokio::spawn(async move { prober::run(asked, Vec::new(), &settings, sink).await });
    let mut stop = std::pin::pin!(crate::stop::wanted());
    let mut lists = Vec::new();
    loop {
        tokio::select! {
            next = seen.recv() => match next {
                Some(Seen::Target(target)) => {
                    let at = points.iter().position(|point| point.id == target.target);
                    lists.extend(at.map(|at| (at, members(&target))));
                }
                Some(Seen::Lookup(_) | Seen::Crl(_) | Seen::Told(_) | Seen::Run(_) | Seen::End(_)) => {}
                None => break,
            },
            () = &mut stop => break,
        }
    }
    run.abort();
    // In the order of those who were asked, whichever answered first.
    lists.sort_by_key(|(at, _)| *at);
    let mut found = Found::default();
    for (by, (called, name)) in lists.into_iter().flat_map(|(at, list)| list.into_iter().map(move |one| (at, one))) {
        let Some(by) = points.get(by) else { continue };
        let is_it = |target: &Target| target.vantage == by.vantage && target.name == name;
        if describes(site, &name) || known.iter().any(|target| is_it(target)) || found.targets.iter().any(is_it) {
            continue;
        }
        match found.targets.len() < MOST {
            true => found.targets.push(member(by, &called, &name)),
            false => found.left += 1,
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

/// The target, asked for its list and for nothing else.
fn list_alone(target: &Target) -> Arc<Target> {
    let is_list = |offer: &&Offer| matches!(offer.label, OfferLabel::Client | OfferLabel::Anonymous);
    let offers: Vec<Offer> = target.offers.iter().filter(is_list).cloned().collect();
    Arc::new(Target { offers: offers.into(), connections: 1, ..target.clone() })
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
