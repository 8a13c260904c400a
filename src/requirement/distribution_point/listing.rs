//! `distribution-point/listing`

use super::content::{LISTED, filtered_by, listed_otherwise};
use crate::observation::exchange::Answer;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::outcome::{Outcome, not_asked_as_client, status_text};
use crate::requirement::client_authentication::page;
use crate::requirement::enhanced_http;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The package directory's content can be listed by WebDAV's PROPFIND with a client's authentication: before a client
    /// downloads a package it asks what is in it.
    ///
    /// Who is hurt: every client that downloads: the job never gets beyond 0 %, with 0x87D0027E (bad HTTP status) or
    /// 0x800705B4 (timed out). In 2007 it comes with a distribution point without WebDAV, or whose WebDAV is not allowed in
    /// IIS. In Current Branch it is the other way round: the distribution point answers PROPFIND itself, and where the
    /// feature WebDAV Publishing is installed that takes the request away and answers 405 or 501.
    ///
    /// How it is seen: PROPFIND, depth 0, for the package directory as a client. 207 passes; another success is of something
    /// else that answers there, a sign-in page for example. What is answered to somebody
    /// without authentication decides nothing.
    LISTING {
        id: "distribution-point/listing",
        title: "The package directory can be listed by WebDAV",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::TOOL, place: "how clients ask a distribution point for a package's content" },
        scope: Scope::EVERY_ENDPOINT.only_roles(&[Role::DistributionPoint], "distribution points"),
        evidence: &[EvidenceSource::Exchange],
        remedy: "Give clients an answer to PROPFIND: see that exactly one of the web server's own WebDAV and the distribution point's handler takes it, whichever the site's version needs.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let tried: Vec<_> = subject.seen.with_offer(OfferLabel::ClientListing).collect();
    let Some(last) = tried.last() else {
        return match subject.with_offer(OfferLabel::Client) {
            Some(_) => Verdict::NotApplicable("no package directory was met: distribution-point/content tells"),
            None => not_asked_as_client(subject),
        };
    };
    let answer = |seen: &&crate::observation::Observation| -> Option<Answer> { seen.exchange.as_ref()?.answer.clone() };
    let answers: Vec<Answer> = tried.iter().filter_map(answer).collect();
    if answers.iter().any(|answer| answer.status == LISTED) {
        return Verdict::pass_with(LISTED.to_string());
    }
    if let Some(answer) = listed_otherwise(subject) {
        let message = "What answers for the package directory does not list it.";
        return page::evidence(message, "207 to PROPFIND", "PROPFIND", answer).fail();
    }
    let Some(answer) = answers.last() else {
        return match Outcome::of(last) {
            Outcome::Troubled(trouble) => failed(&trouble),
            Outcome::Refused(how) | Outcome::LetIn(how) => Verdict::unknown(how, "a client that is let in"),
            Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
            Outcome::Served(_) => Verdict::unknown("no answer was recorded", "207 to PROPFIND"),
        };
    };
    let status = status_text(answer);
    let evidence = || {
        Evidence::new("A client cannot list the content of packages.")
            .expected("207 to PROPFIND")
            .observed(format!("{status} to PROPFIND"))
    };
    // Whoever may read the directory and not list it meets no WebDAV either.
    let read = subject.with_offer(OfferLabel::Client).map(Outcome::of);
    let is_read = matches!(read, Some(Outcome::Served(_)));
    if let Some(filter) = filtered_by(answer) {
        return evidence().cause(filter).because(&causes::CONTENT_FILTERED).fail();
    }
    match (answer.status, subject.basis.site.profile) {
        (405 | 501, Profile::CurrentBranch) => evidence()
            .cause("The Windows feature WebDAV Publishing is installed and takes the request the distribution point would answer.")
            .because(&causes::WEBDAV_PUBLISHING_INSTALLED)
            .fail(),
        (405 | 501, Profile::NativeMode2007) => evidence()
            .cause("WebDAV is not installed, not allowed in IIS, or not enabled for the directory.")
            .because(&causes::WEBDAV_MISSING)
            .fail(),
        (403, Profile::NativeMode2007) if is_read && answer.sub_status.is_none() => evidence()
            .cause("WebDAV is there and does not allow this directory to be listed.")
            .because(&causes::WEBDAV_MISSING)
            .fail(),
        (404, _) => Verdict::NotApplicable("no package directory was met: distribution-point/content tells"),
        _ => match Outcome::of(last) {
            Outcome::Troubled(trouble) => failed(&trouble),
            Outcome::Refused(_) if enhanced_http::serves(subject.basis, subject) => {
                Verdict::NotApplicable("with enhanced HTTP clients list content with a token, and anybody else is refused")
            }
            Outcome::Refused(how) => Verdict::unknown(format!("the client is refused: {how}"), "a client that is let in"),
            Outcome::Served(_) | Outcome::LetIn(_) => Verdict::unknown(format!("PROPFIND is answered with {status}"), "207"),
            Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
        },
    }
}

fn failed(trouble: &crate::requirement::client_authentication::outcome::Trouble) -> Verdict {
    trouble.evidence("A client cannot list the content of packages.", "207 to PROPFIND").fail()
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Client, ClientListing};
    use super::Role;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let point = || World::web_server(|r| r).role(Role::DistributionPoint).answering(Client, 200, "");
        let listing = |status| point().answering(ClientListing, status, "");
        vec![
            Case::passes("207", listing(207)),
            Case::fails("a page that says 200 to everything", listing(200), "something-else-answers"),
            Case::fails("any other success", listing(204).current_branch(), "PROPFIND: 204"),
            Case::fails("405 in 2007", listing(405), "WebDAV is not installed"),
            Case::fails("501 in Current Branch", listing(501).current_branch(), "WebDAV Publishing is installed"),
            Case::fails("403 where the directory is read, in 2007", listing(403), "does not allow"),
            Case::fails("no worker", listing(503), "application pool"),
            Case::unknown("403 in Current Branch", listing(403).current_branch()),
            Case::unknown("no identity", World::web_server(|r| r).role(Role::DistributionPoint)),
            Case::not_applicable("nothing there", listing(404)),
            Case::not_applicable("not asked, because nothing is there", point()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
