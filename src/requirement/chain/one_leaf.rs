//! `chain/one-leaf`

use crate::certificate::cache::CertificateCache;
use crate::observation::EndpointObservation;
use crate::plan::OfferLabel;
use crate::requirement::catalogue::CATALOGUE;
use crate::rule::scope::Scope;
use crate::rule::subject::{EndpointSubject, TargetSubject};
use crate::rule::{Check, Citation, EvidenceSource, Requirement, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::der::Der;

requirement! {
    /// Every address of a name presents the same certificate, and the same with a server name in the ClientHello as
    /// without; or, where they differ, certificates that pass the same requirements.
    ///
    /// Who is hurt: clients by turns. DNS hands out addresses in rotation, a load balancer picks a node, and a client
    /// before Windows Vista sends no server name (SNI): it works today and not tomorrow, here and not there, and no log
    /// says why. On IIS 8 and later a binding with "Require Server Name Indication" and another one without, or
    /// a certificate replaced on one node only, are the usual ways to get here.
    ///
    /// How it is seen: the first certificate of every address and of both kinds of ClientHello is compared, byte for
    /// byte. Nodes of a cluster rightly present certificates of their own, so different ones are held against every
    /// requirement of severity error about the certificate and its chain; it fails where one passes what another fails.
    /// A difference in warnings (one expires sooner) is left to those. An address that shows no certificate has rows of
    /// its own; where one address was asked in one way, there is nothing to compare.
    ONE_LEAF {
        id: "chain/one-leaf",
        title: "Every address of a name presents the same certificate, or an equally good one",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 6066, 3: what a client gets must not depend on SNI or on the address it picks" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Bind the right certificate on every node and address, and to the binding without a host name as well (netsh http show sslcert lists them all).",
        check: Check::Target(check),
    }
}

/// A certificate, and where it was met.
struct Met {
    leaf: Der,
    places: Vec<String>,
    /// The endpoint as if it had shown this certificate to the plain case.
    seen: EndpointObservation,
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    if subject.seen.endpoints.is_empty() {
        return subject.no_endpoint();
    }
    let (mut tried, mut shown) = (0_usize, 0_usize);
    let mut met: Vec<Met> = Vec::new();
    for endpoint in &subject.seen.endpoints {
        for seen in &endpoint.observations {
            let how = match seen.offer {
                OfferLabel::Default => "",
                OfferLabel::WithoutServerName => " without a server name",
                _ => continue,
            };
            tried += 1;
            let Some(leaf) = seen.handshake.chain.first() else { continue };
            shown += 1;
            let place = format!("{}{how}", endpoint.address);
            if let Some(known) = met.iter_mut().find(|met| met.leaf == *leaf) {
                if !known.places.contains(&place) {
                    known.places.push(place);
                }
                continue;
            }
            let mut seen = seen.clone();
            seen.offer = OfferLabel::Default;
            let seen = EndpointObservation { address: endpoint.address, observations: vec![seen] };
            met.push(Met { leaf: leaf.clone(), places: vec![place], seen });
        }
    }
    match (met.as_slice(), shown, tried) {
        ([], ..) => {
            Verdict::unknown("no address showed a certificate", "a handshake that comes as far as the certificate")
        }
        (_, 1, 1) => Verdict::NotApplicable("one address, asked in one way: nothing to compare"),
        (_, 1, _) => Verdict::unknown(
            "one certificate was seen, and nothing to compare it with",
            "another address, or a handshake without a server name, that shows a certificate",
        ),
        ([_], ..) => Verdict::pass(),
        (several, ..) => compared(subject, several),
    }
}

/// Holds each certificate against what is an error to fail.
fn compared(subject: &TargetSubject<'_>, met: &[Met]) -> Verdict {
    let requirements: Vec<&'static Requirement> =
        CATALOGUE.iter().copied().filter(|requirement| is_about_leaf(requirement, subject)).collect();
    let mut cache = CertificateCache::default();
    let judged: Vec<(Vec<&'static str>, &Met, String)> = met
        .iter()
        .map(|met| {
            let endpoint = EndpointSubject::new(subject.basis, subject.target, &met.seen, &mut cache);
            let verdicts = requirements.iter().map(|requirement| match requirement.check {
                Check::Endpoint(check) => check(&endpoint).name(),
                Check::Target(_) | Check::Lookup(_) | Check::File(_) | Check::Site(_) | Check::Waiver(_) => "",
            });
            let certificate =
                endpoint.chain.first().map(|leaf| crate::trust::path::fault::named(leaf)).unwrap_or_default();
            (verdicts.collect(), met, certificate)
        })
        .collect();
    let certificates = judged.iter().map(|(verdicts, met, certificate)| {
        let failing: Vec<&str> = requirements
            .iter()
            .zip(verdicts)
            .filter(|(_, verdict)| **verdict == "fail")
            .map(|(requirement, _)| requirement.id)
            .collect();
        let failing = if failing.is_empty() { "nothing".to_owned() } else { failing.join(", ") };
        format!("{}: {certificate}, fails {failing}", met.places.join(", "))
    });
    let certificates: Vec<String> = certificates.collect();
    if judged.windows(2).all(|pair| matches!(pair, [(one, ..), (other, ..)] if one == other)) {
        return Verdict::Pass(certificates);
    }
    Evidence::new(format!("{} presents different certificates, and not all are equally good.", subject.target.name))
        .expected("the same certificate everywhere, or certificates that pass the same requirements")
        .observed_all(certificates)
        .cause("A certificate was bound on some nodes, addresses or bindings only.")
        .fail()
}

/// Whether a requirement is about a certificate and its chain, applies here, and is an error to fail.
fn is_about_leaf(requirement: &Requirement, subject: &TargetSubject<'_>) -> bool {
    let (profile, target) = (subject.basis.site.profile, subject.target);
    let about = ["web-server/", "chain/", "nlb/", "proxy/"].iter().any(|about| requirement.id.starts_with(about));
    about
        && matches!(requirement.check, Check::Endpoint(_))
        && requirement.evidence == [EvidenceSource::Handshake]
        && requirement.severity.under(profile) == Severity::Error
        && requirement.scope.excludes(profile, target.role, target.network, &target.expectation).is_none()
}

#[cfg(test)]
mod cases {
    use std::net::{IpAddr, Ipv4Addr, SocketAddr};

    use crate::lab::pki::{KeyName, Minted, Recipe};
    use crate::observation::failure::ResolveFailure;
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, INTERNET, INTRANET, World, lab};
    use crate::wire::der::Der;

    fn leaf(bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
        lab().issue(&bend(lab().web_server(&[INTRANET, INTERNET]))).unwrap()
    }

    fn instead(handshake: &mut Handshake, leaf: &Minted) {
        if let Some(first) = handshake.chain.first_mut() {
            *first = Der::from(leaf.der.as_slice());
        }
    }

    /// A second address, which presents this certificate.
    fn and_at_second_address(world: World, leaf: Option<&Minted>) -> World {
        world.seen(|seen| {
            let mut second = seen.endpoints[0].clone();
            second.address = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 1, 0, 22)), 443);
            let handshake = &mut second.observations[0].handshake;
            match leaf {
                Some(leaf) => instead(handshake, leaf),
                None => *handshake = Handshake::default(),
            }
            seen.endpoints.push(second);
        })
    }

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let (same, renewed) = (leaf(|r| r), leaf(|r| r.key(KeyName::Rsa2048G)));
        let without_internet = leaf(|r| r.dns(&[INTRANET]));
        let without_name = |leaf: Option<&Minted>| {
            let leaf = leaf.cloned();
            healthy().also(OfferLabel::WithoutServerName, move |seen| match &leaf {
                Some(leaf) => instead(&mut seen.handshake, leaf),
                None => seen.handshake = Handshake::default(),
            })
        };
        vec![
            Case::passes("the same at both addresses", and_at_second_address(healthy(), Some(&same))),
            Case::passes("the same without a server name", without_name(Some(&same))),
            Case::passes("another key, equally good", and_at_second_address(healthy(), Some(&renewed))),
            Case::fails(
                "the second address lacks the Internet FQDN",
                and_at_second_address(healthy(), Some(&without_internet)),
                "10.1.0.22:443: CN=mp01.corp.contoso.com (thumbprint",
            ),
            Case::fails(
                "what it fails is named",
                and_at_second_address(healthy(), Some(&without_internet)),
                "fails web-server/internet-name",
            ),
            Case::fails(
                "another purpose without a server name",
                without_name(Some(&leaf(|r| r.eku(&[])))),
                "10.1.0.21:443 without a server name",
            ),
            Case::fails(
                "two nodes behind one address",
                healthy().also_answered_by(&without_internet),
                "web-server/internet-name",
            ),
            Case::passes(
                "a node that expires sooner",
                and_at_second_address(
                    healthy(),
                    Some(&leaf(|r| {
                        let from = r.not_before;
                        r.valid(from, time::macros::datetime!(2026-06-11 0:00 UTC))
                    })),
                ),
            ),
            Case::passes(
                "both addresses, one silent without a server name",
                and_at_second_address(without_name(None), Some(&same)),
            ),
            Case::not_applicable("one address, asked once", healthy()),
            Case::unknown("one of two addresses shows a certificate", and_at_second_address(healthy(), None)),
            Case::unknown("nothing listens", healthy().refused()),
            Case::unknown("the name does not resolve", healthy().unresolved(ResolveFailure::NameNotFound)),
        ]
    }
}
