//! `distribution-point/content`

use crate::observation::Observation;
use crate::observation::exchange::Answer;
use crate::plan::OfferLabel;
use crate::requirement::client_authentication::accepts_client::let_in;
use crate::requirement::client_authentication::outcome::{Outcome, not_asked_as_client, status_text, trouble};
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
    /// The distribution point's package directory exists and answers a client: `/SMS_DP_SMSPKG$/` at Current Branch
    /// sites, `/SMS_DP_SMSPKGC$/` (by drive letter) in 2007.
    ///
    /// Who is hurt: clients that download: the job stays at 0 % and tries the next distribution point, if there is one.
    ///
    /// How it is seen: asked as a client, 200 shows it, and so does 403.14, or 403 to a client whose certificate was taken:
    /// the directory is there and may not be listed. 404 shows that it is not. Which drive holds the packages of 2007 is
    /// not known from outside: the letters C to Z are asked for in turn until one is there. Whether the content can be
    /// listed by WebDAV is distribution-point/listing. A failure of the server, a redirect and a gateway's answer fail it by
    /// their own cause. Where the definition names a file of a package (`package_path`), its head and its beginning are
    /// asked for as a client does: it must be there for both, and come in ranges (206), without which BITS gives up.
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

/// What it is where one of the two requests is answered alone.
const ONE_METHOD_ALONE: &str = "BITS asks for a file's head, then for ranges of it, and one of the two is not taken: request filtering or something in front lets other methods through alone.";

/// Where the letters end.
const LAST: &str = "/SMS_DP_SMSPKGZ$/";

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let of_directory = directory(subject);
    match package(subject) {
        Some(of_package) if !matches!(of_directory, Verdict::Fail(_)) => of_package,
        Some(_) | None => of_directory,
    }
}

/// Judges the file of a package that is asked for as clients do; `None`: none is.
fn package(subject: &EndpointSubject<'_>) -> Option<Verdict> {
    let asked = |label| -> Vec<(&str, &Answer)> {
        let exchanges = subject.seen.with_offer(label).filter_map(|seen| seen.exchange.as_ref());
        exchanges.filter_map(|one| Some((one.path.as_str(), one.answer.as_ref()?))).collect()
    };
    let tried = [OfferLabel::ClientPackageHead, OfferLabel::ClientPackageRange];
    let all: Vec<&Observation> = tried.iter().flat_map(|label| subject.seen.with_offer(*label)).collect();
    let last = all.last()?;
    let (heads, ranges) = (asked(tried[0]), asked(tried[1]));
    let words = |method: &str, (path, answer): &(&str, &Answer)| {
        let range = answer.content_range.as_ref().map(|range| format!(", {range}")).unwrap_or_default();
        format!("{method} {path}: {}{range}", status_text(answer))
    };
    let shown = || heads.iter().map(|one| words("HEAD", one)).chain(ranges.iter().map(|one| words("a range of", one)));
    let is_there = |(_, answer): &&(&str, &Answer)| matches!(answer.status, 200..=299);
    let evidence = |message: &str, expected: &str| Evidence::new(message).expected(expected).observed_all(shown());
    if ranges.iter().find(is_there).is_some_and(|(_, answer)| answer.status != 206) {
        return Some(
            evidence("A package's file does not come in ranges.", "206 with the range that was asked for")
                .because(&causes::RANGES_NOT_SERVED)
                .fail(),
        );
    }
    if let (Some(_), Some(_)) = (heads.iter().find(is_there), ranges.iter().find(is_there)) {
        return Some(Verdict::Pass(shown().collect()));
    }
    let answers = || heads.iter().chain(&ranges).map(|(_, answer)| *answer);
    let (message, expected) = ("A package's file cannot be fetched.", "200 to HEAD, and 206 to a range of it");
    if let Some(filter) = answers().find_map(filtered_by) {
        return Some(evidence(message, expected).cause(filter).because(&causes::CONTENT_FILTERED).fail());
    }
    if answers().next().is_some() && answers().all(|answer| answer.status == 404) {
        return Some(evidence(message, expected).because(&causes::PACKAGE_NOT_HERE).fail());
    }
    // Both were answered, and one of them otherwise than a client needs it.
    let refused = [&heads, &ranges].into_iter().find(|of| !of.is_empty() && !of.iter().any(|one| is_there(&one)));
    if let Some((_, answer)) = refused.and_then(|of| of.last())
        && answers().any(|answer| matches!(answer.status, 200..=299))
    {
        // What refuses the method says nothing of the role's program.
        let other = trouble(answer).filter(|of| answer.status != 501 && *of.cause != causes::ANSWERED_OTHERWISE);
        let (words, cause) =
            other.map_or((ONE_METHOD_ALONE, &causes::ANSWERED_OTHERWISE), |trouble| (trouble.words, trouble.cause));
        return Some(evidence(message, expected).cause(words).because(cause).fail());
    }
    Some(match Outcome::of(last) {
        Outcome::Troubled(trouble) => trouble.evidence(message, expected).observed_all(shown()).fail(),
        Outcome::Refused(how) | Outcome::LetIn(how) => Verdict::unknown(
            format!("the client is refused: {how}"),
            "a client certificate the distribution point accepts",
        ),
        Outcome::Served(_) => Verdict::unknown("one of two answers did not come", "another run"),
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    })
}

/// Judges the package directory.
fn directory(subject: &EndpointSubject<'_>) -> Verdict {
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
        if let Some(listed) = listed_otherwise(subject) {
            return Verdict::unknown(
                format!("what answers {path} with {} answers PROPFIND with {}", status_text(answer), listed.status),
                "207 to PROPFIND",
            );
        }
        return Verdict::pass_with(format!("{path}: {}", status_text(answer)));
    }
    if let Some((path, answer, filter)) =
        answers.iter().find_map(|(path, answer)| Some((path, answer, filtered_by(answer)?)))
    {
        return Evidence::new("Request filtering hides the package directory.")
            .expected("a package directory that answers")
            .observed(format!("{path}: {}", status_text(answer)))
            .cause(filter)
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
        // Who asks without a token is refused by a directory that is there.
        Outcome::Refused(how) | Outcome::LetIn(how) if enhanced_http::serves(subject.basis, subject) => {
            Verdict::pass_with(format!("{how} to anybody: it is there"))
        }
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

/// What a listing is answered with: Multi-Status (RFC 4918).
pub(super) const LISTED: u16 = 207;

/// A success by which nothing is listed: whatever gives it is no distribution point's WebDAV, and what it answers to other
/// requests shows nothing of one. `None`: there is none, or a listing beside it.
pub(super) fn listed_otherwise<'a>(subject: &EndpointSubject<'a>) -> Option<&'a Answer> {
    let tried = subject.seen.with_offer(OfferLabel::ClientListing);
    let answers = tried.filter_map(|seen| seen.exchange.as_ref()?.answer.as_ref());
    let successes: Vec<&Answer> = answers.filter(|answer| matches!(answer.status, 200..=299)).collect();
    if successes.iter().any(|answer| answer.status == LISTED) { None } else { successes.last().copied() }
}

/// Which list of request filtering answered, where the sub-status tells it; `None`: request filtering did not, or hides it.
pub(super) fn filtered_by(answer: &Answer) -> Option<&'static str> {
    match (answer.status, answer.sub_status?) {
        (404, 5) => Some("404.5: request filtering refuses a sequence of characters in the path."),
        (404, 6) => Some("404.6: request filtering refuses the method."),
        (404, 7) => Some("404.7: request filtering refuses the file name extension."),
        (404, 8) => Some("404.8: request filtering hides a segment of the path, as it does bin and App_Data."),
        (404, 11) => Some("404.11: request filtering refuses double escaping, a plus sign in the path."),
        (404, 13) => Some("404.13: request filtering finds the request too long."),
        _ => None,
    }
}

#[cfg(test)]
mod cases {
    use super::OfferLabel::{Client, ClientListing, ClientPackageHead, ClientPackageRange, ClientSecondPath};
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
        let package = |world: World, head: u16, range: u16| {
            world.answering(Client, 200, "").answering(ClientPackageHead, head, "").answering(
                ClientPackageRange,
                range,
                "",
            )
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
            Case::unknown(
                "whatever says 200 to everything",
                point().answering(Client, 200, "<html>").answering(ClientListing, 200, "<html>"),
            ),
            Case::passes(
                "a page of the directory",
                point().answering(Client, 200, "<html>").answering(ClientListing, 207, ""),
            ),
            Case::fails("nowhere", at(missing(), super::LAST), "404"),
            Case::fails("nowhere in Current Branch", point().answering(Client, 404, ""), "not there"),
            Case::fails("a hidden segment", point().answering(Client, 404, "HTTP Error 404.8"), "hides a segment"),
            Case::fails("double escaping", point().answering(Client, 404, "HTTP Error 404.11"), "a plus sign"),
            Case::fails(
                "a package with an extension that is refused",
                point().answering(Client, 200, "").answering(ClientPackageHead, 404, "HTTP Error 404.7").answering(
                    ClientPackageRange,
                    404,
                    "HTTP Error 404.7",
                ),
                "file name extension",
            ),
            Case::fails("no worker", point().answering(Client, 503, ""), "application pool"),
            Case::fails("a redirect", point().answering(Client, 301, ""), "redirect"),
            Case::fails(
                "no answer",
                point().also(Client, |seen| {
                    seen.stopped = Some(Failure::new(ExchangeFailure::Timeout, "no answer came in time"));
                }),
                "no answer",
            ),
            Case::passes("a package's file", package(point(), 200, 206)),
            Case::passes("a package's file, on another drive", package(of_2007(), 200, 206)),
            Case::fails("no ranges", package(point(), 200, 200), "ranges-not-served"),
            Case::fails("a file whose head is refused", package(point(), 403, 206), "HEAD"),
            Case::fails("a file whose head is not allowed", package(point(), 405, 206), "answered-otherwise"),
            Case::fails("a file whose head is not implemented", package(point(), 501, 206), "answered-otherwise"),
            Case::fails("a file whose ranges are refused", package(point(), 200, 403), "answered-otherwise"),
            Case::fails("no such file", package(point(), 404, 404), "package-not-here"),
            Case::fails(
                "a file that is filtered",
                point().answering(Client, 200, "").answering(ClientPackageHead, 404, "HTTP Error 404.7").answering(
                    ClientPackageRange,
                    404,
                    "HTTP Error 404.7",
                ),
                "404.7",
            ),
            Case::fails("a file, no worker", package(point(), 503, 503), "application pool"),
            Case::unknown("a file for others", package(point(), 403, 403)),
            Case::unknown("only some letters were asked for", at(missing(), "/SMS_DP_SMSPKGD$/")),
            Case::unknown("the client is refused", point().answering(Client, 403, "")),
            Case::unknown("no identity", point()),
            Case::not_applicable("left out", point().with_client()),
            Case::not_applicable("another role", World::web_server(|r| r)),
        ]
    }
}
