//! `revocation/every-url`

use super::judge;
use crate::certificate::ocsp_response::Status;
use crate::certificate::revocation_list::Scheme;
use crate::requirement::quality::crl_reachable::name_server;
use crate::requirement::quality::lists::because;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::lists::checked::Checked;
use crate::trust::lists::ocsp::{Answered, Useless};
use crate::verdict::cause::{Culprit, catalogue as causes};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Where a certificate names several http URLs for its list, each of them answers; and where it names an OCSP
    /// responder, the responder gives an answer clients can use.
    ///
    /// Who is hurt: nobody yet. Clients lose time at the URL that does not answer before they try the next, and the day
    /// the other one fails, there is none. Clients since Windows Vista ask the responder before they fetch the list;
    /// those of XP and Server 2003 never do, so that a responder replaces no list.
    ///
    /// How it is seen: every http URL is asked, also where the first one answers. A responder is asked as Windows asks it,
    /// by GET, and its answer must be signed by the authority or a responder it named, be current, and know the
    /// certificate.
    EVERY_URL {
        id: "revocation/every-url",
        title: "Every http URL a certificate names for its list, and its OCSP responder, answers",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "Windows tries the URLs in order, each with a time limit" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Publish the list at this URL too, or put the responder in order; or take the URL out of the authority's configuration before certificates are issued again.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    judge(subject, of_one)
}

fn of_one(one: &Checked<'_>) -> Verdict {
    let http: Vec<_> = one.sources.iter().filter(|source| source.scheme == Scheme::Http).collect();
    let responders = one.responders();
    if http.len() < 2 && responders.is_empty() {
        return Verdict::NotApplicable("no certificate names several http URLs, or a responder that could be asked");
    }
    if http.iter().any(|source| source.fetched.is_none()) {
        return Verdict::unknown(
            format!("the revocation lists of {} were not asked for", one.who()),
            "a run that fetches lists",
        );
    }
    let (answered, silent): (Vec<_>, Vec<_>) = http.into_iter().partition(|source| source.content().is_some());
    // Where no list was had at all, that is what `revocation/reachable` tells.
    let none = answered.is_empty() && !silent.is_empty();
    let silent = if none { Vec::new() } else { silent };
    let mut told: Vec<String> = answered.iter().map(|source| source.words()).collect();
    let (mut useless, mut not_asked) = (Vec::new(), None);
    let mut ours = None;
    for responder in &responders {
        let url = &responder.url;
        match responder.answered(one) {
            Answered::Said(Status::Good) => told.push(format!("the OCSP responder {url}: good")),
            Answered::Said(Status::Revoked(_)) => told.push(format!("the OCSP responder {url}: revoked")),
            Answered::Said(Status::Unknown) => useless.push((url.clone(), Useless::Unknown)),
            Answered::Nothing(why) if why.cause_id().is_none() => ours = Some((url.clone(), why)),
            Answered::Nothing(why) => useless.push((url.clone(), why)),
            Answered::NotAsked => not_asked = Some(url),
        }
    }
    let wrong = silent
        .iter()
        .map(|source| (source.url, source.words()))
        .chain(useless.iter().map(|(url, words)| (url.as_str(), format!("the OCSP responder {url}: {words}"))));
    let wrong: Vec<(&str, String)> = wrong.collect();
    let told_of = |what: &str| {
        Evidence::new(format!("{what} {}.", one.who()))
            .expected("an answer from each")
            .observed_all(wrong.iter().map(|(_, words)| words.as_str()))
    };
    match (silent.first(), useless.first()) {
        (Some(first), _) => {
            return told_of("Not every URL answers that is to tell of")
                .cause("The list is copied to some of its places only, or one of them is not reachable from here.")
                .because(&causes::SOME_URLS_DEAD)
                .culprit(Culprit::Url(first.url.into()))
                .fail();
        }
        (None, Some((url, why))) => {
            let evidence = told_of("No OCSP responder gives an answer of use about");
            return blamed(one, evidence, url, why).fail();
        }
        (None, None) => {}
    }
    match not_asked {
        _ if none => one.no_list(),
        Some(url) => Verdict::unknown(format!("the OCSP responder {url} was not asked"), "a run that fetches lists"),
        None => match ours {
            Some((url, why)) => Verdict::unknown(
                format!("the OCSP responder {url} gave nothing, by a limit of this program's: {why}"),
                "certutil -verify -urlfetch on a client",
            ),
            None => Verdict::Pass(told),
        },
    }
}

/// Evidence that a responder is of no use, with what brings that about: its URL, unless it is the name server or the web
/// proxy on the way.
fn blamed(one: &Checked<'_>, evidence: Evidence, url: &str, why: &Useless) -> Evidence {
    let server = match why {
        Useless::Unreached(_, Some(failure)) => name_server(one, None, failure),
        _ => None,
    };
    let id = why.cause_id();
    match server {
        Some((cause, culprit)) => evidence.because(cause).culprit(culprit),
        None if id.is_some_and(|id| id.starts_with("proxy-")) => because(evidence, id),
        None => because(evidence.culprit(Culprit::Url(url.into())), id),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::{Attribute, IdHash, OcspRecipe, OcspStatus, Organization};
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, NOW, World, issuing_crl, lab};

    const SECOND: &str = "http://crl.contoso.com/second.crl";

    pub(super) fn all() -> Vec<Case> {
        let said = || OcspRecipe::at(NOW.0);
        let two = || World::web_server(|r| r.also_cdp(&[SECOND])).healthy_crls();
        let der = lab().issuing.crl(&issuing_crl()).unwrap();
        vec![
            Case::passes("both answer", two().crl(SECOND, &der)),
            Case::fails(
                "one does not",
                two().crl_failed(SECOND, ExchangeFailure::HttpError, "answered 404"),
                "second.crl",
            ),
            Case::unknown(
                "none does",
                two().crl_failed(SECOND, ExchangeFailure::HttpError, "404").crl_failed(
                    &lab().issuing_crl_url(),
                    ExchangeFailure::HttpError,
                    "404",
                ),
            ),
            Case::unknown("one was not asked", two()),
            Case::not_applicable("one URL each", World::web_server(|r| r).healthy_crls()),
            Case::passes("the responder says good", World::asking(said()).healthy_crls()),
            Case::passes(
                "the responder says revoked",
                World::asking(said().status(OcspStatus::Revoked(NOW.0))).healthy_crls(),
            ),
            Case::passes(
                "the certificate has its issuer's name in capitals",
                World::asking_as(
                    |r| {
                        r.issued_by(vec![
                            (Attribute::DomainComponent, "com".into()),
                            (Attribute::DomainComponent, "contoso".into()),
                            (Attribute::CommonName, "CONTOSO ISSUING CA".into()),
                        ])
                    },
                    said(),
                )
                .healthy_crls(),
            ),
            Case::passes("named with SHA-256", World::asking(said().id_hash(IdHash::Sha256)).healthy_crls()),
            Case::fails(
                "about one another key signed",
                World::asking(said().id_key(&Organization::impostor().build().unwrap().issuing)).healthy_crls(),
                "another certificate",
            ),
            Case::fails(
                "the responder does not know",
                World::asking(said().status(OcspStatus::Unknown)).healthy_crls(),
                "does not know",
            ),
            Case::fails(
                "the answer has expired",
                World::asking(said().current(NOW.0 - Duration::days(2), NOW.0)).healthy_crls(),
                "the next one was due",
            ),
            Case::fails(
                "the answer is to come",
                World::asking(said().current(NOW.0 + Duration::seconds(1), NOW.0 + Duration::days(2))).healthy_crls(),
                "not valid before",
            ),
            Case::fails(
                "somebody else answers",
                World::asking(said().responder(&Organization::impostor().build().unwrap().issuing)).healthy_crls(),
                "signed neither by",
            ),
            Case::fails(
                "the responder will not",
                World::answered(&[0x30, 3, 0x0a, 1, 6]).healthy_crls(),
                "unauthorized",
            ),
            Case::fails("the responder is a web page", World::answered(b"<html>").healthy_crls(), "no OCSP response"),
            Case::fails(
                "the responder does not answer",
                World::unanswered(ExchangeFailure::Timeout, "did not answer within 20s").healthy_crls(),
                "within 20s",
            ),
            Case::fails(
                "neither the responder nor the list",
                World::unanswered(ExchangeFailure::Timeout, "did not answer within 20s").healthy_crls().crl_failed(
                    &lab().issuing_crl_url(),
                    ExchangeFailure::HttpError,
                    "404",
                ),
                "No OCSP responder",
            ),
            Case::unknown(
                "the responder, and no list",
                World::asking(said()).healthy_crls().crl_failed(
                    &lab().issuing_crl_url(),
                    ExchangeFailure::HttpError,
                    "404",
                ),
            ),
            Case::unknown(
                "a limit of this program's",
                World::unanswered(ExchangeFailure::LocalLimit, "too much was fetched").healthy_crls(),
            ),
            Case::unknown(
                "the responder was not asked",
                World::web_server(|r| r.ocsp(World::RESPONDER)).healthy_crls(),
            ),
            Case::not_applicable(
                "the responder is not on http",
                World::web_server(|r| r.ocsp("https://ocsp.contoso.com/")).healthy_crls(),
            ),
        ]
    }
}
