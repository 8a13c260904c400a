//! Which documents are the law where nobody says so: those of the release that a management point's own list names.

use crate::observation::TargetObservation;
use crate::plan::OfferLabel;
use crate::requirement::management_point::answers::management_points;
use crate::site::profile::{Profile, ProfileSource};

/// The profile of the release that a management point says it is of; `None`: it says nothing, or nothing that is known.
pub fn named_by(seen: &TargetObservation) -> Option<(Profile, ProfileSource)> {
    let observations = seen.endpoints.iter().flat_map(|endpoint| &endpoint.observations);
    let lists = observations.filter(|seen| matches!(seen.offer, OfferLabel::Client | OfferLabel::Anonymous));
    let answers = lists.filter_map(|seen| seen.exchange.as_ref()?.answer.as_ref()).filter(|one| one.status == 200);
    answers.filter_map(|answer| management_points(&answer.body).ok()).flatten().find_map(|one| {
        let build = one.version?;
        let profile = match build {
            5931..=6487 => Profile::NativeMode2007,
            8000..=9999 => Profile::CurrentBranch,
            _ => return None,
        };

        Some((profile, ProfileSource::Observed(build.to_string())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::case::World;

    fn of(status: u16, body: &str) -> Option<Profile> {
        let world = World::web_server(|recipe| recipe).answering(OfferLabel::Client, status, body);
        named_by(&world.seen).map(|(profile, _)| profile)
    }

    #[test]
    fn the_list_says_which_release_it_is() {
        let list = |build: &str| format!("<MPList><MP Name=\"MP01\"><Version>{build}</Version></MP></MPList>");
        assert_eq!(of(200, &list("9122")), Some(Profile::CurrentBranch));
        assert_eq!(of(200, &list("6487")), Some(Profile::NativeMode2007));
        for (status, body) in [(200, list("7804")), (403, list("9122")), (200, list("")), (200, "<html>".into())] {
            assert_eq!(of(status, &body), None, "{status} {body}");
        }
    }
}
