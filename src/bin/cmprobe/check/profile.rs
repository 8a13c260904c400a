//! Which documents are the law where nobody says: a management point is asked for its list first, and the version in it
//! decides.

use std::sync::Arc;

use cmprobe::observation::Seen;
use cmprobe::plan::{Lookup, Offer, OfferLabel, Target};
use cmprobe::prober::{Fetching, Prober, Settings};
use cmprobe::requirement::management_point::answers::Told;
use cmprobe::site::role::Role;
use tokio::sync::mpsc;

/// How many management points are asked, one after the other, until one tells.
pub(super) const MOST: usize = 3;

/// A target with nothing but the question for its list; `None`: it is not asked for one.
pub(super) fn question(target: &Target) -> Option<Target> {
    let is_asked = |offer: &&Offer| offer.request.as_ref().is_some_and(|request| request.path.ends_with("?MPLIST"));
    // As a client where the probe can be one.
    let by = |label: OfferLabel| target.offers.iter().filter(is_asked).find(|offer| offer.label == label);
    let offer = by(OfferLabel::Client).or_else(|| by(OfferLabel::Anonymous))?;
    let is_management_point =
        matches!(target.role, Some(Role::ManagementPoint | Role::ProxyManagementPoint | Role::Nlb) | None);
    is_management_point.then(|| Target { offers: [offer.clone()].into(), connections: 1, ..target.clone() })
}

/// What the first of some management points that answers tells of its site.
pub(super) async fn ask(questions: Vec<Target>, settings: &Settings) -> Option<Told> {
    let settings = Settings { fetching: Fetching::default(), files: Vec::new(), ..settings.clone() };
    let prober = Prober::new(settings);
    tokio::select! {
        told = first(questions, prober) => told,
        () = crate::stop::wanted() => None,
    }
}

async fn first(questions: Vec<Target>, prober: Prober) -> Option<Told> {
    for target in questions {
        let (sink, mut seen) = mpsc::channel(4);
        let prober = prober.clone();
        let asking = tokio::spawn(async move { prober.run([Arc::new(target)], Vec::<Arc<Lookup>>::new(), sink).await });
        let mut told = None;
        while let Some(one) = seen.recv().await {
            if let Seen::Target(target) = one {
                told = Told::by(&target);
            }
        }
        asking.abort();
        if told.is_some() {
            return told;
        }
    }
    None
}
