//! `distribution-point/content`

use crate::observation::Observation;
use crate::observation::exchange::Answer;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::accepts_client::let_in;
use crate::requirement::client_authentication::outcome::{Outcome, not_asked_as_client, status_text};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The distribution point's package directory exists and answers a client: `/SMS_DP_SMSPKG$/` at Current Branch
    /// sites, `/SMS_DP_SMSPKGC$/` (by drive letter) in 2007.
    ///
    /// Who is hurt: clients that download: the job stays at 0 % and tries the next distribution point, if there is one.
    ///
    /// How it is seen: asked as a client, 200 shows it, and so does 403.14, or 403 to a client whose certificate was taken:
    /// the directory is there and may not be listed. 404 shows that it is not. Which drive holds the packages of 2007 is
    /// not known from outside: the letters C to Z are asked for in turn until one is there. Whether the content can be
    /// listed by WebDAV is distribution-point/listing. A failure of the server, a redirect and a gateway's answer fail it by
    /// their own cause.
    CONTENT {
        id: "distribution-point/content",
        title: "The package directory is there and answers a client",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "the virtual directories of a distribution point" },
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::DistributionPoint], "distribution points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "Enable BITS for the distribution point (2007) so that its virtual directories are made, and look at distmgr.log for errors.",
        check: Check::Endpoint(check),
    }
}

/// Where the letters end.
const LAST: &str = "/SMS_DP_SMSPKGZ$/";

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let labels = [OfferLabel::Client, OfferLabel::ClientSecondPath];
    let tried: Vec<&Observation> = labels.iter().flat_map(|label| subject.seen.with_offer(*label)).collect();
    let Some(last) = tried.last() else { return not_asked_as_client(subject) };
    let answers: Vec<(&str, &Answer)> = tried
        .iter()
        .filter_map(|seen| seen.exchange.as_ref())
        .filter_map(|exchange| exchange.answer.as_ref().map(|answer| (exchange.path.as_str(), answer)))
        .collect();
    let there = answers.iter().find(|(_, answer)| {
        matches!(answer.status, 200..=299) || (answer.status == 403 && answer.sub_status == Some(14))
    });
    if let Some((path, answer)) = there {
        return Verdict::pass_with(format!("{path}: {}", status_text(answer)));
    }
    if let Some((path, answer)) = answers.iter().find(|(_, answer)| is_filtered(answer)) {
        return Evidence::new("Request filtering hides the package directory.")
            .expected("a package directory that answers")
            .observed(format!("{path}: {}", status_text(answer)))
            .cause("Request filtering of the web site does not let the path through.")
            .because(&causes::CONTENT_FILTERED)
            .fail();
    }
    if !answers.is_empty() && answers.len() == tried.len() && answers.iter().all(|(_, answer)| answer.status == 404) {
        let asked = |path: &str| answers.iter().any(|(at, _)| *at == path);
        if subject.basis.site.profile == Profile::NativeMode2007 && !asked(LAST) {
            return Verdict::unknown(
                "not every drive letter was asked for",
                "a run that asks for the package directories of all drives",
            );
        }
        return Evidence::new("The package directory is not there.")
            .expected("a package directory that answers")
            .observed_all(answers.iter().take(4).map(|(path, answer)| format!("{path}: {}", status_text(answer))))
            .observed_all((answers.len() > 4).then(|| format!("and so on for {} more", answers.len() - 4)))
            .cause("The distribution point is not BITS-enabled, its content lies under another web site, or the role is not installed.")
            .because(&causes::CONTENT_NOT_HERE)
            .fail();
    }
    match Outcome::of(last) {
        Outcome::Troubled(trouble) => trouble
            .evidence("The package directory does not answer as it should.", "a package directory that answers")
            .fail(),
        Outcome::Refused(_) if let_in(subject).is_some() => {
            Verdict::pass_with("there, and not to be listed by a client that is let in")
        }
        Outcome::Refused(how) | Outcome::LetIn(how) => Verdict::unknown(
            format!("the client is refused: {how}"),
            "a client certificate the distribution point accepts",
        ),
        Outcome::Served(_) => Verdict::pass(),
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    }
}

/// Whether request filtering answered: 404.5 to .8, .11, .13.
pub(super) fn is_filtered(answer: &Answer) -> bool {
    answer.status == 404 && answer.sub_status.is_some_and(|sub| matches!(sub, 5..=8 | 11 | 13))
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Client, ClientListing, ClientSecondPath};
    use super::Role;
    use crate::observation::failure::{ExchangeFailure, Failure};
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::DistributionPoint).current_branch();
        let of_2007 = || World::web_server(|r| r).role(Role::DistributionPoint);
        let at = |world: World, path: &'static str| {
            world.observations(move |seen| {
                if let (ClientSecondPath, Some(exchange)) = (seen.offer, &mut seen.exchange) {
                    exchange.path = path.into();
                }
            })
        };
        let missing = || of_2007().answering(Client, 404, "").answering(ClientSecondPath, 404, "");
        vec![
            Case::passes("listed", point().answering(Client, 200, "")),
            Case::passes("not to be listed", point().answering(Client, 403, "HTTP Error 403.14")),
            Case::passes(
                "refused, and a listing by WebDAV",
                point().answering(Client, 403, "").answering(ClientListing, 207, ""),
            ),
            Case::passes("on another drive", of_2007().answering(Client, 404, "").answering(ClientSecondPath, 200, "")),
            Case::fails("nowhere", at(missing(), super::LAST), "404"),
            Case::fails("nowhere in Current Branch", point().answering(Client, 404, ""), "not there"),
            Case::fails("filtered", point().answering(Client, 404, "HTTP Error 404.8"), "404.8"),
            Case::fails("no worker", point().answering(Client, 503, ""), "application pool"),
            Case::fails("a redirect", point().answering(Client, 301, ""), "redirect"),
            Case::fails(
                "no answer",
                point().also(Client, |seen| {
                    seen.stopped = Some(Failure::new(ExchangeFailure::Timeout, "no answer came in time"));
                }),
                "no answer",
            ),
            Case::unknown("only some letters were asked for", at(missing(), "/SMS_DP_SMSPKGD$/")),
            Case::unknown("the client is refused", point().answering(Client, 403, "")),
            Case::unknown("no identity", point()),
            Case::not_applicable("left out", point().with_client()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
