//! Whom clients are sent to: the members of the list a management point gave, as far as they can be dialled.

use crate::observation::TargetObservation;
use crate::plan::OfferLabel;
use crate::requirement::management_point::answers::{Listed, management_points};
use crate::site::name::HostName;

/// The members of the list that was seen, each once by the name clients dial, with what the list says of it; empty: no list
/// was had.
pub fn members(seen: &TargetObservation) -> Vec<(HostName, Listed)> {
    let observations = seen.endpoints.iter().flat_map(|endpoint| &endpoint.observations);
    let lists = observations.filter(|seen| matches!(seen.offer, OfferLabel::Client | OfferLabel::Anonymous));
    let answers = lists.filter_map(|seen| seen.exchange.as_ref()?.answer.as_ref()).filter(|one| one.status == 200);
    let mut found: Vec<(HostName, Listed)> = Vec::new();
    for member in answers.filter_map(|answer| management_points(&answer.body).ok()).flatten() {
        let name = member.dialled();
        // What is no name is told of by the requirement on the list, and cannot be dialled.
        if name.syntax_fault().is_none() && !found.iter().any(|(known, _)| *known == name) {
            found.push((name, member));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::case::World;

    #[test]
    fn members_are_those_of_the_list_by_the_names_clients_dial() {
        let of = |status, body: &str| {
            members(&World::web_server(|r| r).answering(OfferLabel::Client, status, body).seen)
                .into_iter()
                .map(|(fqdn, listed)| format!("{} {fqdn}", listed.name))
                .collect::<Vec<_>>()
        };
        let list = "<MPList><MP Name=\"MP01\" FQDN=\"mp01.contoso.com\"/><MP Name=\"MP02\"/>\
                    <MP Name=\"mp01\" FQDN=\"MP01.contoso.com\"/><MP Name=\"x\" FQDN=\"a b\"/></MPList>";
        assert_eq!(of(200, list), ["MP01 mp01.contoso.com", "MP02 MP02"]);
        assert!(of(403, list).is_empty() && of(200, "<html/>").is_empty());
    }
}
