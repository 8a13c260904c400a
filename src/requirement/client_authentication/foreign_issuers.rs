//! `client-authentication/foreign-issuers`

use super::ASKING;
use super::accepted_issuers::{name_text, not_requested, ours, request};
use crate::certificate::is_same_name;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;
use crate::wire::der::Der;

/// How many foreign authorities a finding names.
const NAMED: usize = 10;

requirement! {
    /// The authorities the server names in its request for a client certificate are those of the site's clients, and no
    /// others.
    ///
    /// Who is hurt: the site of 2007: a server that names others has no certificate trust list for its web site, and lets in
    /// whoever has a certificate from any root it trusts. In Current Branch the management point checks the issuer by
    /// itself, and the list is no more than a hint; there it is worth knowing.
    ///
    /// How it is seen: the names in the request, whenever it came, against the definition's client roots and intermediates, the
    /// authorities in the clients' own files, and those between the site's roots and the certificate met here. An empty list says nothing and passes.
    FOREIGN_ISSUERS {
        id: "client-authentication/foreign-issuers",
        title: "The server names no authorities but the clients'",
        severity: SeverityByProfile { native_mode_2007: Severity::Warning, current_branch: Severity::Notice },
        citations: ByProfile::each(
            Citation { document: &document::CTL, place: "Root authorities of clients in the certificate trust list" },
            Citation { document: &document::PLAN, place: "PKI trusted root certificates and the certificate issuers list" },
        ),
        scope: ASKING,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Give the web site a certificate trust list with the clients' root authorities alone, and take roots the server does not need out of its Trusted Root store.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(request) = request(subject) else { return not_requested(subject) };
    if request.accepted_issuers.is_empty() {
        return Verdict::pass_with("no authority is named");
    }
    let trust = subject.basis.trust;
    if trust.client_roots.is_empty() {
        return Verdict::unknown(
            "the clients' root authority is not known",
            "[trust] client_roots or roots, or --ca-file",
        );
    }
    // Whoever stands between the site's roots and the certificate that the server presents is the site's, too.
    let path = subject.credential().and_then(|credential| credential.paths().best().ok());
    let above: Vec<_> = path.iter().flat_map(|path| path.above_leaf()).filter_map(|one| one.facts()).collect();
    let is_ours = |name: &Der| {
        let met = above.iter().map(|facts| &facts.subject.der);
        ours(trust).chain(met).any(|own| is_same_name(own, name))
    };
    let foreign: Vec<_> = request.accepted_issuers.iter().filter(|name| !is_ours(name)).collect();
    if foreign.is_empty() {
        return Verdict::pass_with(format!(
            "{}, none but the clients'",
            counted(request.accepted_issuers.len(), "authority")
        ));
    }
    Evidence::new("The server names authorities that are none of the site's clients'.")
        .expected_all(trust.client_roots.iter().map(|root| root.subject_text().to_owned()))
        .observed_all(foreign.iter().take(NAMED).map(|name| name_text(name)))
        .observed_all((foreign.len() > NAMED).then(|| format!("and {} more", foreign.len() - NAMED)))
        .cause("The web site has no certificate trust list: the server names every root it trusts.")
        .because(&causes::FOREIGN_ISSUERS)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::certificate::Certificate;
    use crate::lab::pki::KeyName;
    use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
    use crate::requirement::case::{Case, World, lab};
    use crate::site::role::Role;
    use crate::wire::der::Der;

    /// An authority of the site that no server's certificate leads through.
    fn below_root() -> Der {
        let recipe = lab().issuing.recipe.clone().cn("Clients' CA").key(KeyName::Rsa2048H);
        Der::from(lab().root.issue(&recipe).unwrap().der.as_slice())
    }

    pub(super) fn all() -> Vec<Case> {
        let asking = |issuers: Vec<Der>| {
            World::web_server(|r| r).handshakes(move |handshake| {
                handshake.client_certificate_request = Some(ClientCertificateRequest {
                    when: RequestedWhen::Renegotiation,
                    accepted_issuers: issuers.clone(),
                });
            })
        };
        let subject = |der: &Der| Certificate::read(der).facts().map(|facts| facts.subject.der.clone());
        let own: Vec<Der> = World::web_server(|r| r).roots.first().and_then(subject).into_iter().collect();
        let foreign: Vec<Der> = World::foreign_roots().first().and_then(subject).into_iter().collect();
        vec![
            Case::passes("the clients' alone", asking(own.clone())),
            Case::passes("nobody is named", asking(Vec::new())),
            Case::passes("the issuing authority of the certificate met here", {
                let issuing = lab().issuing.clone();
                asking([own.clone(), subject(&Der::from(issuing.der.as_slice())).into_iter().collect()].concat())
            }),
            Case::passes("the issuing authority in the client's file", {
                let issuing = below_root();
                asking([own.clone(), subject(&issuing).into_iter().collect()].concat()).client_authority(&issuing)
            }),
            Case::fails(
                "an issuing authority nobody has",
                asking([own.clone(), subject(&below_root()).into_iter().collect()].concat()),
                "Clients' CA",
            ),
            Case::fails(
                "an authority in the client's file that leads to no client root",
                asking([own.clone(), foreign.clone()].concat()).client_authority(&World::foreign_roots()[0]),
                "Fabrikam",
            ),
            Case::fails("another beside it", asking([own, foreign].concat()), "Fabrikam"),
            Case::not_applicable("nobody asked", World::web_server(|r| r)),
            Case::not_applicable("update points ask nobody", asking(Vec::new()).role(Role::SoftwareUpdatePoint)),
        ]
    }
}
