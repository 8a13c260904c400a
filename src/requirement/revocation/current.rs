//! `revocation/current`

use super::checked::judge;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::lists::checked::Checked;
use crate::trust::lists::fitness::Fitness;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// What is published is a revocation list; the certificate's own authority signed it; it is complete, covers the
    /// certificate, has been issued and has not expired.
    ///
    /// Who is hurt: clients that check revocation. A list they cannot use is no list: the chain counts as revoked and
    /// every connection fails, at all sites of the authority at once. An offline root whose list nobody renewed stops
    /// everything below it on a date that can be read months before.
    ///
    /// How it is seen: the list is read, its signature verified with the authority's key, its dates held against now. One
    /// usable list of several is enough.
    CURRENT {
        id: "revocation/current",
        title: "The revocation list is the authority's own, complete and current",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRL, place: "What happens if the CRL cannot be located" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Publish the authority's current list (certutil -crl) and copy it to the web server under the name the certificate gives; let the authority publish there by itself where it can.",
        check: Check::Endpoint(|subject: &EndpointSubject<'_>| judge(subject, of_one)),
    }
}

fn of_one(one: &Checked<'_>) -> Verdict {
    if !one.has_content() {
        return one.no_list();
    }
    let mut passed = Vec::new();
    let mut unknown = None;
    let mut failed: Option<Evidence> = None;
    for (source, fitness) in one.fitness() {
        match fitness {
            Fitness::Good => passed.push(source.url.to_owned()),
            Fitness::Undecided(why) => unknown = Some(why),
            Fitness::Outdated(trouble) | Fitness::Unfit(trouble) => {
                let evidence = failed.take().unwrap_or_else(|| {
                    Evidence::new(trouble.message).observed(one.who()).expected(trouble.expected).cause(trouble.cause)
                });
                failed = Some(evidence.observed(format!("{}: {}", source.url, trouble.observed)));
            }
        }
    }
    match (failed, unknown) {
        _ if !passed.is_empty() => Verdict::Pass(passed),
        (_, Some(unknown)) => Verdict::Unknown(unknown),
        (Some(evidence), None) => evidence.fail(),
        (None, None) => one.no_list(),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::{IssuingDistributionPoint, Minted, Pki, pem};
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, NOW, World, issuing_crl, lab, root_crl};

    pub(super) fn all() -> Vec<Case> {
        let pki = lab();
        let url = pki.issuing_crl_url();
        let healthy = || World::web_server(|r| r).healthy_crls();
        let bytes = |bytes: &[u8]| healthy().crl(&url, bytes);
        let list = |recipe| bytes(&pki.issuing.crl(&recipe).unwrap());
        let now = NOW.0;
        let (day, second) = (Duration::days(1), Duration::seconds(1));
        let point = |bend: fn(&mut IssuingDistributionPoint)| {
            let mut point = IssuingDistributionPoint::default();
            bend(&mut point);
            list(issuing_crl().issuing_distribution_point(point))
        };
        let impostor: Minted = crate::lab::pki::Organization::impostor().build().unwrap().issuing;
        let stranger = Pki::stranger().unwrap().issuing;
        let mut cut = pki.issuing.crl(&issuing_crl()).unwrap();
        cut.truncate(cut.len() - 1);
        vec![
            Case::passes("both current", healthy()),
            Case::passes(
                "PEM is another matter",
                bytes(pem("X509 CRL", &pki.issuing.crl(&issuing_crl()).unwrap()).as_bytes()),
            ),
            Case::passes("until the next second", list(issuing_crl().current(now - day, now + second))),
            Case::passes("since now", list(issuing_crl().current(now, now + day))),
            Case::passes("without an end", list(issuing_crl().no_next_update())),
            Case::passes("a part that covers it", point(|point| point.only_user_certificates = true)),
            Case::passes("its own part", point(|point| point.urls = vec![lab().issuing_crl_url()])),
            Case::fails("expired", list(issuing_crl().current(now - day, now)), "has expired"),
            Case::fails("not valid yet", list(issuing_crl().current(now + second, now + day)), "not valid yet"),
            Case::fails(
                "the root's has expired",
                healthy().crl(&pki.root_crl_url(), &pki.root.crl(&root_crl().current(now - day, now)).unwrap()),
                "the authority CN=Contoso Issuing CA",
            ),
            Case::fails("a page", bytes(b"\r\n<!DOCTYPE html><html>404</html>"), "a web page instead"),
            Case::fails("nothing", bytes(b""), "the answer is empty"),
            Case::fails("a certificate", bytes(&pki.issuing.der), "a certificate instead"),
            Case::fails("cut short", bytes(&cut), "cut short"),
            Case::fails("another authority's", bytes(&stranger.crl(&issuing_crl()).unwrap()), "another authority's"),
            Case::fails("the root's list", bytes(&pki.root.crl(&root_crl()).unwrap()), "a list of CN=Contoso Root CA"),
            Case::fails("another key's", bytes(&impostor.crl(&issuing_crl()).unwrap()), "another key's signature"),
            Case::fails("a delta list", list(issuing_crl().delta_over(1)), "a delta list"),
            Case::fails(
                "the authorities' part",
                point(|point| point.only_ca_certificates = true),
                "authorities' certificates only",
            ),
            Case::fails(
                "some reasons",
                point(|point| point.only_reasons = vec![crate::lab::pki::Reason::KeyCompromise]),
                "some reasons",
            ),
            Case::fails(
                "another's part",
                point(|point| point.urls = vec!["http://pki.contoso.com/2.crl".into()]),
                "another distribution point",
            ),
            Case::fails("a critical extension", list(issuing_crl().extension("1.2.3.4", true, &[5, 0])), "1.2.3.4"),
            Case::unknown("nothing could be fetched", healthy().crl_failed(&url, ExchangeFailure::HttpError, "404")),
            Case::unknown("nobody asked", World::web_server(|r| r)),
            Case::unknown("the root is not known", {
                let mut world = healthy();
                world.roots.clear();
                world
            }),
            Case::not_applicable(
                "clients do not check",
                list(issuing_crl().current(now - day, now)).site(|site| site.clients_check_revocation = false),
            ),
        ]
    }
}
