//! `revocation/current`

use super::checked::{judge, not_had, of_fault};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::lists::checked::{Checked, Told};
use crate::trust::lists::fitness::{Fitness, Good};
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
        check: Check::Endpoint(|subject: &EndpointSubject<'_>| judge(subject, current)),
    }
}

/// Whether what was sent for a certificate's list is of use: one list, or several that share the reasons out among them.
pub fn current(one: &Checked<'_>) -> Verdict {
    if !one.has_content() {
        return one.no_list();
    }
    let mut passed = Vec::new();
    let mut unknown = None;
    let mut failed: Option<Evidence> = None;
    for (source, fitness) in one.fitness() {
        match fitness {
            Fitness::Good(Good { spelled_otherwise: true, .. }) => {
                passed.push(format!(
                    "{}: its authority's name is written in another way than in the certificate",
                    source.url
                ));
            }
            Fitness::Good(_) => passed.push(source.url.to_owned()),
            Fitness::Undecided(why) => unknown = Some(why),
            Fitness::Outdated(fault) | Fitness::Unfit(fault) => {
                let evidence = failed.take().unwrap_or_else(|| of_fault(one, source.url, &fault));
                failed = Some(evidence.observed(format!("{}: {}", source.url, fault.observed())));
            }
        }
    }
    match (one.told(), failed, unknown) {
        (Told::All, _, _) => Verdict::Pass(passed),
        (_, _, Some(unknown)) => Verdict::Unknown(unknown),
        (Told::Some { missing }, failed, None) => {
            let evidence = Evidence::new("The revocation lists tell of some reasons for revocation only.")
                .observed(one.who())
                .observed_all(passed.iter().map(|url| format!("{url}: of use")))
                .observed_all(failed.into_iter().flat_map(|failed| failed.observed.into_iter().skip(1)))
                .observed(format!("no list tells of: {}", missing.words()))
                .expected("lists that together tell of every reason")
                .cause("The authority shares the reasons out among several lists, and some are missing.");
            not_had(one.basis, evidence)
        }
        (Told::None, Some(evidence), None) => not_had(one.basis, evidence),
        (Told::None, None, None) => one.no_list(),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::{IssuingDistributionPoint, Minted, Pki, pem};
    use crate::observation::failure::FailureKind;
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
        let shared = |kept: &[bool]| {
            use crate::lab::pki::Reason;
            let first = vec![Reason::KeyCompromise, Reason::CaCompromise, Reason::AffiliationChanged];
            let rest = vec![
                Reason::Superseded,
                Reason::CessationOfOperation,
                Reason::CertificateHold,
                Reason::PrivilegeWithdrawn,
                Reason::AaCompromise,
            ];
            let part = |only_reasons| {
                let point = IssuingDistributionPoint { only_reasons, ..IssuingDistributionPoint::default() };
                lab().issuing.crl(&issuing_crl().issuing_distribution_point(point)).unwrap()
            };
            let second = "http://pki.contoso.com/second.crl";
            let world = World::web_server(|r| r.also_cdp(&[second])).healthy_crls().crl(&url, &part(first));
            match kept {
                [_] => world.crl_failed(second, FailureKind::HttpError, "the server answered 404"),
                _ => world.crl(second, &part(rest)),
            }
        };
        let loud = || crate::lab::pki::Name::cn("CONTOSO ISSUING CA");
        let two_algorithms = || {
            let mut der = lab().issuing.crl(&issuing_crl()).unwrap();
            let sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
            let beside = der.windows(9).rposition(|part| part == sha256).unwrap() + 8;
            der[beside] = 13;
            der
        };
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
            Case::passes("two that share the reasons out", shared(&[true, false])),
            Case::fails("one of two that share the reasons out", shared(&[true]), "no list tells of"),
            Case::passes("another authority's name in other letters", list(issuing_crl().issued_by(loud()))),
            Case::fails("two algorithms", bytes(&two_algorithms()), "two signature algorithms"),
            Case::fails("packed", bytes(b"\x1f\x8b\x08\x00"), "gzip"),
            Case::fails("not valid yet: a clock", list(issuing_crl().current(now + second, now + day)), "clock"),
            Case::fails("another list issuer is meant", {
                let point = |mut r: crate::lab::pki::Recipe| {
                    let lister = Some(lab().root.recipe.subject.clone());
                    r.crl_distribution_points.iter_mut().for_each(|point| point.crl_issuer.clone_from(&lister));
                    r
                };
                World::web_server(point).healthy_crls()
            }, "another authority's"),
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
            Case::unknown("nothing could be fetched", healthy().crl_failed(&url, FailureKind::HttpError, "404")),
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
