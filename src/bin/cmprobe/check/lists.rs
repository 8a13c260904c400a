//! The question for the lists of management points, put before anything else is asked: the version in one says which
//! documents are the law where nobody says, and `--discover` probes whom they name. Who has answered is not asked again.

use std::sync::Arc;

use cmprobe::observation::{Seen, TargetObservation};
use cmprobe::plan::{Lookup, Offer, OfferLabel, Target, TargetId};
use cmprobe::prober::{Fetching, Prober, Settings};
use cmprobe::requirement::management_point::answers::Told;
use cmprobe::site::role::Role;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// How many management points are asked for their version, one after the other, until one tells.
pub(super) const MOST: usize = 3;

/// What management points answered.
#[derive(Default)]
pub(super) struct Lists(Vec<(TargetId, TargetObservation)>);

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

impl Lists {
    /// What the first of some management points that answers tells of its site.
    pub(super) async fn first_told(&mut self, questions: Vec<Target>, settings: &Settings) -> Option<Told> {
        for target in questions {
            let id = target.id.clone();
            self.ask(vec![target], settings).await;
            if let Some(told) = self.of(&id).and_then(Told::by) {
                return Some(told);
            }
        }
        None
    }

    /// Asks all of some that have not been asked.
    pub(super) async fn ask(&mut self, questions: Vec<Target>, settings: &Settings) {
        let asked: Vec<_> =
            questions.into_iter().filter(|target| self.of(&target.id).is_none()).map(Arc::new).collect();
        if asked.is_empty() {
            return;
        }
        let prober = Prober::new(Settings { fetching: Fetching::default(), files: Vec::new(), ..settings.clone() });
        let (sink, mut seen) = mpsc::channel(8);
        // Ends with its handle, should nobody wait for the answers any more.
        let mut run = JoinSet::new();
        run.spawn(async move { prober.run(asked, Vec::<Arc<Lookup>>::new(), sink).await });
        while let Some(one) = seen.recv().await {
            if let Seen::Target(target) = one {
                self.0.push((target.target.clone(), *target));
            }
        }
    }

    /// What one answered.
    pub(super) fn of(&self, id: &TargetId) -> Option<&TargetObservation> {
        self.0.iter().find(|(known, _)| known == id).map(|(_, seen)| seen)
    }
}
