//! `not-revoked`

use super::lists::{because, judge_lists};
use crate::certificate::Facts;
use crate::rule::EvidenceSource;
use crate::rule::credential::{Credential, culprit};
use crate::rule::quality::{Decider, quality};
use crate::trust::lists::checked::Checked;
use crate::trust::lists::listed::{Standing, cause_id, standing};
use crate::verdict::{Evidence, Verdict};

quality! {
    /// Neither the certificate nor an authority's below the root is in its issuer's revocation list.
    ///
    /// Who is hurt: every client that checks revocation: it drops the connection (0x80092010, CRYPT_E_REVOKED) and
    /// becomes unmanaged. A certificate on hold is treated the same.
    ///
    /// How it is seen: serial numbers are looked up in the lists that were fetched and found authentic, and in their delta
    /// lists; in expired ones too: who is in them stays revoked, unless a current delta list takes it off. Where a delta
    /// list cannot be had, the complete list alone decides, and says so. A delta list whose number is not above the
    /// complete list's adds nothing (RFC 5280, 5.2.4): it neither revokes nor takes off. A list that could not be had says
    /// nothing, which is not the same as revoked.
    /// What an OCSP responder says counts as well, if it is authentic and current, whether the server staples it to the
    /// handshake or the responder was asked: clients since Windows Vista ask it first.
    NOT_REVOKED {
        slug: |_| "not-revoked",
        servers: Some("revocation/not-revoked"),
        title: "Neither the certificate nor its authorities are revoked: {}",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File, EvidenceSource::RevocationList],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    judge_lists(of, not_revoked)
}

/// Whether a certificate is in no list that can be told by, and no responder says that it is revoked.
pub fn not_revoked(one: &Checked<'_>) -> Verdict {
    let revoked = || Evidence::new(format!("Revoked: {}.", one.who())).culprit(culprit(one.certificate));
    match standing(one) {
        Standing::Listed(listed) => {
            let since = listed.entry.at.map(|at| format!(" since {at}")).unwrap_or_default();
            let (serial, reason) = (&one.facts.serial, listed.entry.reason_in_words());
            let kind = if listed.in_delta { "delta list " } else { "" };
            let evidence = revoked()
                .expected(format!("serial number {serial} in no list"))
                .observed(format!("{kind}{}: {serial} revoked{since}, {reason}", listed.url))
                .cause("The authority's administrator revoked it, or put it on hold; often when a successor was issued and never bound.");
            because(evidence, Some(cause_id(listed.entry, one.is_authority()))).fail()
        }
        Standing::Told { by, entry } => {
            let since = entry.at.map(|at| format!(" since {at}")).unwrap_or_default();
            let reason = entry.reason_in_words();
            let evidence = revoked()
                .expected("an OCSP response that says good")
                .observed(format!("{by}: revoked{since}, {reason}"))
                .cause("The authority's administrator revoked it, or put it on hold; the next revocation list will have it too.");
            because(evidence, Some(cause_id(entry, one.is_authority()))).fail()
        }
        Standing::Free(words) => Verdict::Pass(words),
        Standing::Undecided(why) => Verdict::Unknown(why),
        Standing::Nothing if one.has_content() => {
            let why = format!("no usable revocation list for {} was had", one.who());
            Verdict::unknown(why, "a list of that authority that is whole, in date and signed by it")
        }
        Standing::Nothing if one.sources.is_empty() => Verdict::unknown(
            format!("{} names no revocation list", one.who()),
            "a certificate that names where its list lies",
        ),
        Standing::Nothing => one.no_list(),
    }
}

#[cfg(test)]
mod cases {
    use time::Duration;

    use crate::lab::pki::{
        CrlRecipe, DistributionPoint, IssuingDistributionPoint, KeyName, Minted, OcspRecipe, OcspStatus, Organization,
        Reason, Revoked,
    };
    use crate::observation::failure::ExchangeFailure;
    use crate::requirement::case::{Case, INTERNET, INTRANET, NOW, World, issuing_crl, lab, root_crl};
    use crate::rule::usage::Use;
    use crate::trust::basis::RevocationMode;
    use crate::wire::der::Der;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let pki = lab();
        let (url, root_url) = (pki.issuing_crl_url(), pki.root_crl_url());
        let leaf: Minted = pki.issue(&pki.web_server(&[INTRANET, INTERNET])).unwrap();
        let another = pki.issue(&pki.client("another")).unwrap();
        let healthy = || World::of(of, |r| r).healthy_crls();
        let list = |recipe| healthy().crl(&url, &pki.issuing.crl(&recipe).unwrap());
        let now = NOW.0;
        let impostor = Organization::impostor().build().unwrap().issuing;
        // The leaf's number on a list of the root's, which says that it is about other authorities' certificates, too.
        let indirect = |issuer: &Minted, is_named: bool| {
            let point = IssuingDistributionPoint { indirect: true, ..IssuingDistributionPoint::default() };
            let entry = Revoked {
                serial: vec![0x51],
                at: now,
                reason: None,
                certificate_issuer: Some(issuer.recipe.subject.clone()),
            };
            let list = pki.root.crl(&root_crl().issuing_distribution_point(point).entry(entry)).unwrap();
            let lister = is_named.then(|| pki.root.recipe.subject.clone());
            let leaf = |mut r: crate::lab::pki::Recipe| {
                r.crl_distribution_points.iter_mut().for_each(|point| point.crl_issuer.clone_from(&lister));
                r.serial(&[0x51])
            };
            World::of(of, leaf).healthy_crls().crl(&url, &list)
        };
        let numbered = |serial: &[u8], listed: &[u8]| {
            let entry = Revoked { serial: listed.to_vec(), at: now, reason: None, certificate_issuer: None };
            let list = pki.issuing.crl(&issuing_crl().entry(entry)).unwrap();
            World::of(of, |r| r.serial(serial)).healthy_crls().crl(&url, &list)
        };
        let delta_url = "http://pki.contoso.com/delta.crl";
        let numbers = |complete: u64, number: u64, base: CrlRecipe, delta: CrlRecipe| {
            let mut base = base.number(complete);
            base.freshest_crl = vec![DistributionPoint { urls: vec![delta_url.to_owned()], crl_issuer: None }];
            let delta = pki.issuing.crl(&delta.number(number).delta_over(3)).unwrap();
            list(base).crl(delta_url, &delta)
        };
        let with_delta = |base, delta| numbers(3, 4, base, delta);
        let old = |recipe: CrlRecipe| recipe.current(now - Duration::days(2), now);
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
            Case::passes("an indirect list of another's number", indirect(&pki.root, true)),
            Case::unknown("an indirect list that the certificate does not name", indirect(&pki.issuing, false)),
            Case::passes("-2 is not 254", numbered(&[0xfe], &[0, 0xfe])),
            Case::fails("-2 is -2", numbered(&[0xfe], &[0xff, 0xfe]), "Revoked: the certificate"),
            Case::passes("taken off in a complete list", list(issuing_crl().revoke_for(&leaf, Reason::RemoveFromCrl))),
            Case::passes("in neither list", with_delta(issuing_crl(), issuing_crl().revoke(&another))),
            Case::fails(
                "in the delta list alone",
                with_delta(issuing_crl(), issuing_crl().revoke(&leaf)),
                "delta list",
            ),
            Case::fails(
                "in a delta list that has ended",
                with_delta(issuing_crl(), old(issuing_crl()).revoke(&leaf)),
                "delta list",
            ),
            Case::passes(
                "on hold, and released since",
                with_delta(
                    issuing_crl().revoke_for(&leaf, Reason::CertificateHold),
                    issuing_crl().revoke_for(&leaf, Reason::RemoveFromCrl),
                ),
            ),
            Case::fails(
                "released by a delta list that has ended",
                with_delta(
                    issuing_crl().revoke_for(&leaf, Reason::CertificateHold),
                    old(issuing_crl()).revoke_for(&leaf, Reason::RemoveFromCrl),
                ),
                "certificate hold",
            ),
            Case::fails(
                "released by a delta list older than the complete one",
                numbers(9, 5, issuing_crl().revoke(&leaf), issuing_crl().revoke_for(&leaf, Reason::RemoveFromCrl)),
                "no reason given",
            ),
            Case::fails(
                "released by a delta list of the complete one's number",
                numbers(5, 5, issuing_crl().revoke(&leaf), issuing_crl().revoke_for(&leaf, Reason::RemoveFromCrl)),
                "no reason given",
            ),
            Case::passes(
                "on hold in a delta list older than the complete one",
                numbers(9, 5, issuing_crl(), issuing_crl().revoke_for(&leaf, Reason::CertificateHold)),
            ),
            Case::passes(
                "on hold in one that has ended, older than the complete one",
                numbers(9, 5, issuing_crl(), old(issuing_crl()).revoke_for(&leaf, Reason::CertificateHold)),
            ),
            Case::passes(
                "the delta list cannot be had",
                with_delta(issuing_crl(), issuing_crl()).crl_failed(delta_url, ExchangeFailure::HttpError, "404"),
            ),
            Case::fails("revoked", list(issuing_crl().revoke(&another).revoke(&leaf)), "no reason given"),
            Case::fails("on hold", list(issuing_crl().revoke_for(&leaf, Reason::CertificateHold)), "certificate hold"),
            Case::fails("in an indirect list", indirect(&pki.issuing, true), "Revoked: the certificate"),
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
            Case::fails(
                "stapled as on hold",
                stapled(healthy(), said(OcspStatus::Revoked(now)).reason(6), None),
                "certificate-on-hold",
            ),
            Case::fails(
                "the responder says why",
                World::asking(said(OcspStatus::Revoked(now)).reason(1)).healthy_crls(),
                "key compromise",
            ),
            Case::fails(
                "the responder gives no reason",
                World::asking(said(OcspStatus::Revoked(now))).healthy_crls(),
                "no reason given",
            ),
            Case::passes(
                "revoked in an answer with a critical extension nobody knows, and in no list",
                World::asking(said(OcspStatus::Revoked(now)).extension("1.3.6.1.4.1.55555.1", true)).healthy_crls(),
            ),
            Case::passes(
                "the same of the certificate's part of the answer",
                World::asking(said(OcspStatus::Revoked(now)).single_extension("1.3.6.1.4.1.55555.1", true))
                    .healthy_crls(),
            ),
            Case::unknown(
                "good in such an answer, and no list",
                World::asking(said(OcspStatus::Good).extension("1.3.6.1.4.1.55555.1", true)).healthy_crls().crl_failed(
                    &url,
                    ExchangeFailure::HttpError,
                    "404",
                ),
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
            Case::not_applicable(
                "unavailable, judged softly",
                healthy().crl_failed(&url, ExchangeFailure::HttpError, "404").revocation(RevocationMode::Soft),
            ),
            Case::fails(
                "revoked, judged softly",
                list(issuing_crl().revoke(&leaf)).revocation(RevocationMode::Soft),
                "Revoked",
            ),
            Case::unknown("an expired list without it", list(issuing_crl().current(now - Duration::days(2), now))),
            Case::unknown("no list is named", World::of(of, |r| r.no_cdp()).healthy_crls()),
            Case::unknown("nobody asked", World::of(of, |r| r)),
            Case::not_applicable(
                "clients do not check",
                list(issuing_crl().revoke(&leaf)).site(|site| site.clients_check_revocation = false),
            ),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let minted = lab().issue(&World::recipe_of(of)).expect("a recipe that can be minted");
        let url = lab().issuing_crl_url();
        let world = || World::of_minted(of, &minted).healthy_crls();
        let listing = lab().issuing.crl(&issuing_crl().revoke(&minted)).unwrap();
        let mut base = issuing_crl().number(3);
        let urls = vec!["http://pki.contoso.com/delta.crl".to_owned()];
        base.freshest_crl = vec![DistributionPoint { urls, crl_issuer: None }];
        let naming = lab().issuing.crl(&base).unwrap();
        let delta = lab().issuing.crl(&issuing_crl().number(4).delta_over(3).revoke(&minted)).unwrap();
        let above = lab().root.crl(&root_crl().revoke(&lab().issuing)).unwrap();
        vec![
            Case::passes("in no list", world()),
            Case::fails("in its authority's list", world().crl(&url, &listing), "revoked"),
            Case::fails(
                "in the delta list alone",
                world().crl(&url, &naming).crl("http://pki.contoso.com/delta.crl", &delta),
                "delta list",
            ),
            Case::fails(
                "its authority, in the root's",
                world().crl(&lab().root_crl_url(), &above),
                "Revoked: the authority",
            ),
            Case::unknown("no list was had", world().crl_failed(&url, ExchangeFailure::HttpError, "404")),
        ]
    }
}
