//! `client-authentication/accepted-issuers`

use super::ASKING;
use std::sync::Arc;

use crate::certificate::{Certificate, Name, is_same_name};
use crate::observation::Observation;
use crate::observation::handshake::ClientCertificateRequest;
use crate::rule::credential::authority_named;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::trust::store::TrustStore;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;
use crate::wire::der::Der;

/// From this length on, in octets, older servers may have cut the list before the authority that is missed.
const CUT_FROM: usize = 12 * 1024;

requirement! {
    /// If the server's request for a client certificate carries a list of authorities, the clients' root or their
    /// issuing authority is in it. Windows picks a certificate by that list: with none that fits it sends none. An
    /// empty list is usual on IIS 8 and later, and any certificate may then be sent.
    ///
    /// Who is hurt: clients whose authority is missing: they hold the right certificate and never present it, and the
    /// server answers 403.7.
    ///
    /// How it is seen: the list in the request, whenever it came, against the definition's client roots and
    /// intermediates, name by name, octet for octet. A name that is the same by RFC 5280, 7.1 alone is told as that: whether
    /// Windows finds a certificate by it is not documented.
    ACCEPTED_ISSUERS {
        id: "client-authentication/accepted-issuers",
        title: "The authorities the server names include the clients'",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::CTL, place: "Root authorities of clients in the certificate trust list" },
            Citation { document: &document::PLAN, place: "PKI trusted root certificates and the certificate issuers list" },
        ),
        scope: ASKING,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Add the clients' root authority to the server's Trusted Root store or to the web site's certificate trust list; on IIS 8 and later leave SendTrustedIssuerList at 0.",
        check: Check::Endpoint(check),
    }
}

/// Any request for a client certificate seen at the endpoint.
pub(super) fn request<'a>(subject: &EndpointSubject<'a>) -> Option<&'a ClientCertificateRequest> {
    let seen: &'a [_] = &subject.seen.observations;
    seen.iter().find_map(|seen| seen.handshake.client_certificate_request.as_ref())
}

/// The verdict where no request was seen: where the server served or refused without one it has none to judge.
pub(super) fn not_requested(subject: &EndpointSubject<'_>) -> Verdict {
    let seen = &subject.seen.observations;
    let could_ask = |seen: &&Observation| seen.engine.follows_late_requests() && seen.exchange.is_some();
    let answered = |seen: &Observation| seen.exchange.as_ref().is_some_and(|exchange| exchange.answer.is_some());
    let requests = || seen.iter().filter(could_ask);
    if requests().next().is_none() && !seen.iter().any(|seen| seen.exchange.is_some()) {
        return match subject.stopped() {
            Some(_) => subject.no_session(),
            None => Verdict::NotApplicable("no request was made, and servers ask for certificates after it"),
        };
    }
    if requests().any(answered) {
        return Verdict::NotApplicable("the server asked for no certificate");
    }
    Verdict::unknown("no request for a client certificate was seen", "an exchange in which the server asks for one")
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(request) = request(subject) else { return not_requested(subject) };
    if request.accepted_issuers.is_empty() {
        return Verdict::pass_with("an empty list: any authority");
    }
    let trust = subject.basis.trust;
    if trust.client_roots.is_empty() {
        return Verdict::unknown(
            "the clients' root authority is not known",
            "[trust] client_roots or roots, or --ca-file",
        );
    }
    if ours(trust).any(|name| request.accepted_issuers.contains(name)) {
        return Verdict::pass_with(format!(
            "{}, the clients' among them",
            counted(request.accepted_issuers.len(), "authority")
        ));
    }
    let spelled_otherwise = request.accepted_issuers.iter().find_map(|listed| {
        let own = ours(trust).find(|own| is_same_name(own, listed))?;
        Some((Name::read(listed)?, Name::read(own)?))
    });
    if let Some((listed, own)) = spelled_otherwise {
        return Evidence::new("The server's list names the clients' authority by the same text, in another encoding.")
            .expected(format!("octet for octet: {}", own.spelled()))
            .observed(format!("in the list: {}", listed.spelled()))
            .because(&causes::ISSUER_NAME_IN_OTHER_ENCODING)
            .culprit(authority_named(&own.text))
            .fail();
    }
    Evidence::new("The server's list of authorities lacks the clients'.")
        .because(if is_maybe_cut(request) { &causes::ISSUER_LIST_TRUNCATED } else { &causes::ISSUERS_LACK_CLIENT_ROOT })
        .expected_all(trust.client_roots.iter().map(|root| root.subject_text().to_owned()))
        .observed_all(request.accepted_issuers.iter().take(10).map(name_text))
        .observed_all((request.accepted_issuers.len() > 10).then(|| format!("and {} more", request.accepted_issuers.len() - 10)))
        .cause("The clients' root is missing from what the server trusts or from its certificate trust list, or the list was cut because it is too long.")
        .fail()
}

/// Whether the list is so long that older servers may have cut it.
pub(super) fn is_maybe_cut(request: &ClientCertificateRequest) -> bool {
    request.list_length() > CUT_FROM
}

/// The authorities clients' certificates lead to, by name: those declared, and those of the clients' own files that lead to
/// a client root. What is given as a root and is none has one above it, and they lead there as well.
pub(super) fn ours(trust: &TrustStore) -> impl Iterator<Item = &Der> {
    let declared = trust.client_roots.iter().chain(&trust.intermediates);
    let of_clients = trust.client_authorities.iter().filter(|one| leads_to_client_root(one, trust));
    declared.chain(of_clients).filter_map(|one| one.facts()).flat_map(|facts| [&facts.subject.der, &facts.issuer.der])
}

/// Whether an authority of a client's file stands below a client root, by the names in that file and the declared ones.
fn leads_to_client_root(authority: &Certificate, trust: &TrustStore) -> bool {
    /// More authorities above one another than any site has.
    const HIGHEST: usize = 8;
    let Some(mut facts) = authority.facts() else { return false };
    for _ in 0..HIGHEST {
        let is_above = |one: &&Arc<Certificate>| one.facts().is_some_and(|above| above.subject.der == facts.issuer.der);
        if trust.client_roots.iter().any(|root| is_above(&root)) {
            return true;
        }
        let above = trust.client_authorities.iter().chain(&trust.intermediates).find(is_above);
        match above.and_then(|above| above.facts()) {
            Some(above) if above.subject.der != facts.subject.der => facts = above,
            Some(_) | None => return false,
        }
    }
    false
}

/// A distinguished name's DER as text.
pub(super) fn name_text(der: &Der) -> String {
    Name::read(der).map_or_else(|| "(an unreadable name)".to_owned(), |name| name.text)
}

#[cfg(test)]
mod cases {
    use crate::certificate::Certificate;
    use crate::lab::pki::{Minted, Recipe};
    use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        let asking = |issuers: Vec<Der>| {
            World::web_server(|r| r).handshakes(move |handshake| {
                handshake.client_certificate_request = Some(ClientCertificateRequest {
                    when: RequestedWhen::Handshake,
                    accepted_issuers: issuers.clone(),
                });
            })
        };
        let subject = |der: &Der| Certificate::read(der).facts().map(|facts| facts.subject.der.clone());
        let world = World::web_server(|r| r);
        let root: Vec<Der> = world.roots.first().and_then(subject).into_iter().collect();
        let stranger: Vec<Der> = World::foreign_roots().first().and_then(subject).into_iter().collect();
        let capitals = Minted::self_signed(&Recipe::root("CONTOSO ROOT CA")).unwrap();
        let capitals: Vec<Der> = subject(&Der::from(capitals.der.as_slice())).into_iter().collect();
        vec![
            Case::passes("an empty list", asking(Vec::new())),
            Case::passes("the root is listed, and an authority below it is given as one", {
                let issuing = crate::requirement::case::lab().issuing.clone();
                asking(root.clone()).trusting(&[&issuing])
            }),
            Case::passes("the root is listed", asking(root)),
            Case::fails("another root alone", asking(stranger), "Fabrikam"),
            Case::fails("the root's name in capitals", asking(capitals), "another encoding"),
            Case::not_applicable("nobody asked", world),
            Case::not_applicable("update points ask nobody", asking(Vec::new()).role(Role::SoftwareUpdatePoint)),
        ]
    }
}
