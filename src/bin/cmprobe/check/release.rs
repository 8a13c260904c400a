//! Asks management points, before anything else, of which release they are.

use std::sync::Arc;

use cmprobe::judgement::release::named_by;
use cmprobe::observation::Seen;
use cmprobe::plan::{Offer, OfferLabel, Target};
use cmprobe::prober::{self, Fetching, Settings};
use cmprobe::site::profile::{Profile, ProfileSource};
use cmprobe::site::role::Role;
use tokio::sync::mpsc;

/// How many management points are asked; one that answers is enough.
const MOST_ASKED: usize = 3;

/// The profile of the release that one of the first management points among the targets names; `None`: none does.
pub(super) async fn named(
    targets: impl Iterator<Item = Arc<Target>>,
    settings: &Settings,
) -> Option<(Profile, ProfileSource)> {
    let is_point =
        |target: &Arc<Target>| matches!(target.role, Some(Role::ManagementPoint | Role::ProxyManagementPoint));
    let asked: Vec<Arc<Target>> = targets.filter(is_point).take(MOST_ASKED).map(|target| list_alone(&target)).collect();
    if asked.is_empty() {
        return None;
    }
    let order: Vec<_> = asked.iter().map(|target| target.id.clone()).collect();
    let settings = Settings { fetching: Fetching::default(), ..settings.clone() };
    let (sink, mut seen) = mpsc::channel(8);
    let run = tokio::spawn(async move { prober::run(asked, Vec::new(), &settings, sink).await });
    let mut stop = std::pin::pin!(super::stop());
    let mut named = Vec::new();
    loop {
        tokio::select! {
            next = seen.recv() => match next {
                Some(Seen::Target(target)) => {
                    let at = order.iter().position(|id| *id == target.target);
                    named.extend(named_by(&target).map(|found| (at, found)));
                }
                Some(Seen::Lookup(_) | Seen::Crl(_) | Seen::Told(_) | Seen::Run(_) | Seen::End(_)) => {}
                None => break,
            },
            () = &mut stop => break,
        }
    }
    run.abort();
    // The first of them, whichever answered first.
    named.into_iter().min_by_key(|(at, _)| *at).map(|(_, found)| found)
}

/// The target, asked for its list and for nothing else.
fn list_alone(target: &Target) -> Arc<Target> {
    let is_list = |offer: &&Offer| matches!(offer.label, OfferLabel::Client | OfferLabel::Anonymous);
    let offers: Vec<Offer> = target.offers.iter().filter(is_list).cloned().collect();
    Arc::new(Target { offers: offers.into(), connections: 1, ..target.clone() })
}
