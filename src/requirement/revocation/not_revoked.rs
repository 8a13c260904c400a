//! `revocation/not-revoked`

use super::checked::judge;
use crate::certificate::ocsp_response::Status;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::trust::lists::checked::{Answered, Checked};
use crate::trust::lists::fitness::Fitness;
use crate::trust::lists::ocsp;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Neither the certificate nor an authority's below the root is in its issuer's revocation list.
    ///
    /// Who is hurt: every client that checks revocation: it drops the connection (0x80092010, CRYPT_E_REVOKED) and
    /// becomes unmanaged. A certificate on hold is treated the same.
    ///
    /// How it is seen: serial numbers are looked up in the lists that were fetched and found authentic, expired ones
    /// too: who is in them stays revoked. A list that could not be had says nothing, which is not the same as revoked.
    /// What an OCSP responder says counts as well, if it is authentic and current, whether the server staples it to the
    /// handshake or the responder was asked: clients since Windows Vista ask it first.
    NOT_REVOKED {
        id: "revocation/not-revoked",
        title: "Neither the certificate nor its authorities are revoked",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRL, place: "Certificate revocation checking for native mode" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Request a new certificate and bind it in IIS. One on hold can be released (certutil -revoke SERIAL Unrevoke); any other revocation is final.",
        check: Check::Endpoint(|subject: &EndpointSubject<'_>| judge(subject, of_one)),
    }
}

fn of_one(one: &Checked<'_>) -> Verdict {
    let mut searched = false;
    let mut unknown = None;
    for (source, fitness) in one.fitness() {
        match &fitness {
            Fitness::Good | Fitness::Outdated(_) => {
                let Some(Ok(known)) = source.content() else { continue };
                if let Some(revoked) = known.list.revoked(&one.facts.issuer.der, &one.facts.serial) {
                    let since = revoked.at.map(|at| format!(" since {at}")).unwrap_or_default();
                    let reason = revoked.reason_in_words();
                    return Evidence::new(format!("Revoked: {}.", one.who()))
                        .expected(format!("serial number {} in no list", one.facts.serial))
                        .observed(format!("{}: {} revoked{since}, {reason}", source.url, one.facts.serial))
                        .cause("The authority's administrator revoked it, or put it on hold; often when a successor was issued and never bound.")
                        .fail();
                }
                searched |= fitness == Fitness::Good;
            }
            Fitness::Undecided(why) => unknown = Some(why.clone()),
            Fitness::Unfit(_) => {}
        }
    }
    let stapled = one.staple.and_then(|staple| ocsp::said(staple, one).ok());
    let asked = one.responders().into_iter().filter_map(|responder| match responder.answered(one) {
        Answered::Said(status) => Some((format!("the OCSP responder {}", responder.url), status)),
        Answered::NotAsked | Answered::Nothing(_) => None,
    });
    let said = stapled.map(|status| ("the OCSP response the server stapled".to_owned(), status));
    let mut good = None;
    for (who, status) in said.into_iter().chain(asked) {
        match status {
            Status::Revoked(at) => {
                let since = at.map(|at| format!(" since {at}")).unwrap_or_default();
                return Evidence::new(format!("Revoked: {}.", one.who()))
                    .expected("an OCSP response that says good")
                    .observed(format!("{who}: revoked{since}"))
                    .cause("The authority's administrator revoked it; the next revocation list will have it too.")
                    .fail();
            }
            Status::Good => good = good.or(Some(who)),
            Status::Unknown => {}
        }
    }
    if searched {
        return Verdict::pass();
    }
    if let Some(who) = good {
        return Verdict::pass_with(format!("good, says {who}"));
    }
    match unknown {
        Some(unknown) => Verdict::Unknown(unknown),
        None if one.has_content() => Verdict::unknown(
            format!("no usable revocation list for {} was had", one.who()),
            "what revocation/current asks for",
        ),
        None if one.sources.is_empty() => Verdict::unknown(
            format!("{} names no revocation list", one.who()),
            "what revocation/distribution-point asks for",
        ),
        None => one.no_list(),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::{
        IssuingDistributionPoint, KeyName, Minted, OcspRecipe, OcspStatus, Organization, Reason, Revoked,
    };
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, INTERNET, INTRANET, NOW, World, issuing_crl, lab, root_crl};
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        let pki = lab();
        let (url, root_url) = (pki.issuing_crl_url(), pki.root_crl_url());
        let leaf: Minted = pki.issue(&pki.web_server(&[INTRANET, INTERNET])).unwrap();
        let another = pki.issue(&pki.client("another")).unwrap();
        let healthy = || World::web_server(|r| r).healthy_crls();
        let list = |recipe| healthy().crl(&url, &pki.issuing.crl(&recipe).unwrap());
        let now = NOW.0;
        let impostor = Organization::impostor().build().unwrap().issuing;
        let indirect = |issuer: &Minted| {
            let point = IssuingDistributionPoint { indirect: true, ..IssuingDistributionPoint::default() };
            let entry = Revoked {
                serial: leaf.serial.clone(),
                at: now,
                reason: None,
                certificate_issuer: Some(issuer.recipe.subject.clone()),
            };
            healthy().crl(&url, &pki.root.crl(&root_crl().issuing_distribution_point(point).entry(entry)).unwrap())
        };
        let said = |status| OcspRecipe::at(now).status(status);
        let responder =
            |purposes: &[&str]| pki.issue(&pki.client("ocsp").eku(purposes).key(KeyName::Rsa2048G)).unwrap();
        let stapled = |world: World, recipe: OcspRecipe, responder: Option<Minted>| {
            let recipe = responder.iter().fold(recipe, |recipe, responder| recipe.responder(responder));
            let staple = Der::from(pki.issuing.ocsp(&leaf, &recipe).unwrap().as_slice());
            world.handshakes(move |handshake| handshake.ocsp_response = Some(staple.clone()))
        };
        vec![
            Case::passes("empty lists", healthy()),
            Case::passes("another is revoked", list(issuing_crl().revoke(&another))),
            Case::passes("an indirect list of another's number", indirect(&pki.root)),
            Case::fails("revoked", list(issuing_crl().revoke(&another).revoke(&leaf)), "no reason given"),
            Case::fails("on hold", list(issuing_crl().revoke_for(&leaf, Reason::CertificateHold)), "certificate hold"),
            Case::fails("in an indirect list", indirect(&pki.issuing), "Revoked: the certificate"),
            Case::fails(
                "in an expired list",
                list(issuing_crl().current(now - Duration::days(2), now - Duration::days(1)).revoke(&leaf)),
                "Revoked: the certificate",
            ),
            Case::fails(
                "the authority",
                healthy()
                    .crl(&root_url, &pki.root.crl(&root_crl().revoke_for(&pki.issuing, Reason::CaCompromise)).unwrap()),
                "Revoked: the authority CN=Contoso Issuing CA",
            ),
            Case::unknown(
                "said by somebody else",
                healthy().crl(&url, &impostor.crl(&issuing_crl().revoke(&leaf)).unwrap()),
            ),
            Case::fails(
                "stapled as revoked",
                stapled(healthy(), said(OcspStatus::Revoked(now)), None),
                "stapled: revoked",
            ),
            Case::fails(
                "stapled by a named responder",
                stapled(healthy(), said(OcspStatus::Revoked(now)), Some(responder(&["1.3.6.1.5.5.7.3.9"]))),
                "stapled: revoked",
            ),
            Case::passes(
                "stapled by one nobody named",
                stapled(healthy(), said(OcspStatus::Revoked(now)), Some(responder(&["1.3.6.1.5.5.7.3.2"]))),
            ),
            Case::passes("stapled as unknown", stapled(healthy(), said(OcspStatus::Unknown), None)),
            Case::passes(
                "an old staple",
                stapled(healthy(), said(OcspStatus::Revoked(now)).current(now - Duration::days(2), now), None),
            ),
            Case::passes(
                "no list, but a staple",
                stapled(healthy().crl_failed(&url, ExchangeFailure::HttpError, "404"), said(OcspStatus::Good), None),
            ),
            Case::unknown(
                "no list, and an old staple",
                stapled(
                    healthy().crl_failed(&url, ExchangeFailure::HttpError, "404"),
                    said(OcspStatus::Good).current(now - Duration::days(2), now),
                    None,
                ),
            ),
            Case::fails(
                "the responder says revoked",
                World::asking(said(OcspStatus::Revoked(now))).healthy_crls(),
                "the OCSP responder http://ocsp.contoso.com/: revoked",
            ),
            Case::passes(
                "somebody else says revoked",
                World::asking(said(OcspStatus::Revoked(now)).responder(&impostor)).healthy_crls(),
            ),
            Case::passes(
                "no list, but the responder's word",
                World::asking(said(OcspStatus::Good)).healthy_crls().crl_failed(
                    &url,
                    ExchangeFailure::HttpError,
                    "404",
                ),
            ),
            Case::unknown(
                "no list, and the responder does not know",
                World::asking(said(OcspStatus::Unknown)).healthy_crls().crl_failed(
                    &url,
                    ExchangeFailure::HttpError,
                    "404",
                ),
            ),
            Case::unknown("unavailable is not revoked", healthy().crl_failed(&url, ExchangeFailure::HttpError, "404")),
            Case::unknown("an expired list without it", list(issuing_crl().current(now - Duration::days(2), now))),
            Case::unknown("no list is named", World::web_server(|r| r.no_cdp()).healthy_crls()),
            Case::unknown("nobody asked", World::web_server(|r| r)),
            Case::not_applicable(
                "clients do not check",
                list(issuing_crl().revoke(&leaf)).site(|site| site.clients_check_revocation = false),
            ),
        ]
    }
}
