//! `crl-current`

use super::lists::{because, judge_lists, of_fault, or_impersonated};
use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::lists::checked::Checked;
use crate::trust::lists::fitness::Told;
use crate::trust::lists::fitness::{Fitness, Good};
use crate::verdict::{Evidence, Verdict};

quality! {
    /// What is published is a revocation list; the certificate's own authority signed it; it is complete, covers the
    /// certificate, has been issued and has not expired.
    ///
    /// Who is hurt: clients that check revocation. A list they cannot use is no list: the chain counts as revoked and
    /// every connection fails, at all sites of the authority at once. An offline root whose list nobody renewed stops
    /// everything below it on a date that can be read months before.
    ///
    /// How it is seen: the list is read, its signature verified with the authority's key, its dates held against now. One
    /// usable list of several is enough.
    CRL_CURRENT {
        slug: |_| "crl-current",
        servers: Some("revocation/current"),
        title: "The revocation lists for {} are the authorities' own, complete and current",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File, EvidenceSource::RevocationList],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    or_impersonated(of, judge_lists(of, current))
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
                .observed(format!("no list tells of: {}", missing.words()))
                .observed(one.who())
                .observed_all(passed.iter().map(|url| format!("{url}: of use")))
                .observed_all(failed.into_iter().flat_map(|failed| failed.observed.into_iter().skip(1)))
                .expected("lists that together tell of every reason")
                .cause("The authority shares the reasons out among several lists, and some are missing.");
            because(evidence, Some("reasons-without-list")).fail()
        }
        (Told::None, Some(evidence), None) => evidence.fail(),
        (Told::None, None, None) => one.no_list(),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::{IssuingDistributionPoint, Minted, Pki, pem};
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, NOW, World, issuing_crl, lab, root_crl};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let pki = lab();
        let url = pki.issuing_crl_url();
        let healthy = || World::of(of, |r| r).healthy_crls();
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
            let world = World::of(of, |r| r.also_cdp(&[second])).healthy_crls().crl(&url, &part(first));
            match kept {
                [_] => world.crl_failed(second, ExchangeFailure::HttpError, "the server answered 404"),
                _ => world.crl(second, &part(rest)),
            }
        };
        let loud = || {
            let mut name = lab().issuing.recipe.subject.clone();
            if let Some((_, text)) = name.last_mut() {
                *text = crate::lab::pki::Text::Utf8("CONTOSO  ISSUING CA".into());
            }
            name
        };
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
            Case::fails(
                "another list issuer is meant",
                {
                    let point = |mut r: crate::lab::pki::Recipe| {
                        let lister = Some(lab().root.recipe.subject.clone());
                        r.crl_distribution_points.iter_mut().for_each(|point| point.crl_issuer.clone_from(&lister));
                        r
                    };
                    World::of(of, point).healthy_crls()
                },
                "another authority's",
            ),
            Case::fails(
                "no list tells of",
                point(|point| point.only_reasons = vec![crate::lab::pki::Reason::KeyCompromise]),
                "no list tells of",
            ),
            Case::fails(
                "another's part",
                point(|point| point.urls = vec!["http://pki.contoso.com/2.crl".into()]),
                "another distribution point",
            ),
            Case::fails("a critical extension", list(issuing_crl().extension("1.2.3.4", true, &[5, 0])), "1.2.3.4"),
            Case::unknown("nothing could be fetched", healthy().crl_failed(&url, ExchangeFailure::HttpError, "404")),
            Case::unknown("nobody asked", World::of(of, |r| r)),
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

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let healthy = || World::of(of, |r| r).healthy_crls();
        let url = lab().issuing_crl_url();
        let ended =
            lab().issuing.crl(&issuing_crl().current(NOW.0 - Duration::days(9), NOW.0 - Duration::DAY)).unwrap();
        vec![
            Case::passes("both current", healthy()),
            Case::fails("the issuing authority's has ended", healthy().crl(&url, &ended), "has expired"),
            Case::fails("a page", healthy().crl(&url, b"<!DOCTYPE html><html>404</html>"), "a web page instead"),
        ]
    }
}
