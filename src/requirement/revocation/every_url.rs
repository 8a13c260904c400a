//! `revocation/every-url`

use super::checked::{Checked, judge};
use crate::observation::revocation_list::Scheme;
use crate::requirement::scope::Scope;
use crate::requirement::subject::EndpointSubject;
use crate::requirement::{
    Check, Citation, Evidence, EvidenceSource, Severity, SeverityByProfile, Verdict, document, requirement,
};

requirement! {
    /// Where a certificate names several http URLs for its list, each of them answers.
    ///
    /// Who is hurt: nobody yet. Clients lose time at the URL that does not answer before they try the next, and the day
    /// the other one fails, there is none.
    ///
    /// How it is seen: every http URL is asked, also where the first one answers.
    EVERY_URL {
        id: "revocation/every-url",
        title: "Every http URL a certificate names for its list answers",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "Windows tries the URLs in order, each with a time limit" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Publish the list at this URL too, or take the URL out of the authority's configuration before certificates are issued again.",
        check: Check::Endpoint(|subject: &EndpointSubject<'_>| judge(subject, of_one)),
    }
}

fn of_one(one: &Checked<'_>) -> Verdict {
    let http: Vec<_> = one.sources.iter().filter(|source| source.scheme == Scheme::Http).collect();
    if http.len() < 2 {
        return Verdict::NotApplicable("no certificate names several http URLs");
    }
    if http.iter().any(|source| source.fetched.is_none()) {
        return Verdict::unknown(
            format!("the revocation lists of {} were not asked for", one.who()),
            "a run that fetches lists",
        );
    }
    let (answered, silent): (Vec<_>, Vec<_>) = http.into_iter().partition(|source| source.content().is_some());
    if answered.is_empty() {
        return one.no_list();
    }
    if silent.is_empty() {
        return Verdict::Pass(answered.iter().map(|source| source.words()).collect());
    }
    Evidence::new(format!("Not every URL of the revocation list of {} answers.", one.who()))
        .expected("an answer from each")
        .observed_all(silent.iter().map(|source| source.words()))
        .cause("The list is copied to some of its places only, or one of them is not reachable from here.")
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::FailureKind;
    use crate::requirement::case::{Case, World, issuing_crl, lab};

    const SECOND: &str = "http://crl.contoso.com/second.crl";

    pub(super) fn all() -> Vec<Case> {
        let two = || World::web_server(|r| r.also_cdp(&[SECOND])).healthy_crls();
        let der = lab().issuing.crl(&issuing_crl()).unwrap();
        vec![
            Case::passes("both answer", two().crl(SECOND, &der)),
            Case::fails("one does not", two().crl_failed(SECOND, FailureKind::HttpError, "answered 404"), "second.crl"),
            Case::unknown(
                "none does",
                two().crl_failed(SECOND, FailureKind::HttpError, "404").crl_failed(
                    &lab().issuing_crl_url(),
                    FailureKind::HttpError,
                    "404",
                ),
            ),
            Case::unknown("one was not asked", two()),
            Case::not_applicable("one URL each", World::web_server(|r| r).healthy_crls()),
        ]
    }
}
