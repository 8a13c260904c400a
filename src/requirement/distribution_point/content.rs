//! `distribution-point/content`

use crate::observation::Observation;
use crate::observation::exchange::Answer;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::status_text;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::role::Role;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The distribution point's package directory exists and answers a client: `/SMS_DP_SMSPKG$/` at Current Branch
    /// sites, `/SMS_DP_SMSPKGC$/` (by drive letter) in 2007, with WebDAV's PROPFIND answered too.
    ///
    /// Who is hurt: clients that download: the job stays at 0 % and tries the next distribution point, if there is one.
    /// In 2007 a distribution point that is not BITS-enabled (no WebDAV) serves no Internet client and no mobile device.
    ///
    /// How it is seen: asked as a client, 200 and 207 show it, and so does 403.14, or 403 to a client whose certificate
    /// was taken: the directory is there and may not be listed. 404 shows that it is not. Which drive holds the packages
    /// is not known from outside: the letters C to H are asked for in turn.
    CONTENT {
        id: "distribution-point/content",
        title: "The package directory is there and answers a client",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "the virtual directories of a distribution point" },
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::DistributionPoint], "distribution points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "Enable BITS for the distribution point (2007) so that its virtual directories are made, install WebDAV, and look at distmgr.log for errors.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let labels = [OfferLabel::Client, OfferLabel::ClientSecondPath];
    let tried: Vec<&Observation> = labels.iter().flat_map(|label| subject.seen.with_offer(*label)).collect();
    if tried.is_empty() {
        return Verdict::unknown(
            "the package directory was not asked for",
            "a client identity, and a run without --no-http",
        );
    }
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
    if !answers.is_empty() && answers.len() == tried.len() && answers.iter().all(|(_, answer)| answer.status == 404) {
        return Evidence::new("The package directory is not there.")
            .expected("a package directory that answers")
            .observed_all(answers.iter().map(|(path, answer)| format!("{path}: {}", answer.status)))
            .cause("The distribution point is not BITS-enabled, its content lies on another drive or under another web site, or the role is not installed.")
            .fail();
    }
    match answers.first() {
        Some((path, answer)) => Verdict::unknown(
            format!("{path} answers {}", status_text(answer)),
            "a client certificate the distribution point accepts",
        ),
        None => {
            Verdict::unknown("no request for the package directory was answered", "an exchange that comes to its end")
        }
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Client, ClientSecondPath};
    use super::Role;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::DistributionPoint);
        vec![
            Case::passes("listed", point().answering(Client, 200, "")),
            Case::passes("not to be listed", point().answering(Client, 403, "HTTP Error 403.14")),
            Case::passes("WebDAV answers", point().answering(Client, 404, "").answering(ClientSecondPath, 207, "")),
            Case::fails("nowhere", point().answering(Client, 404, "").answering(ClientSecondPath, 404, ""), "404"),
            Case::unknown("the client is refused", point().answering(Client, 403, "")),
            Case::unknown("not asked", point()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
