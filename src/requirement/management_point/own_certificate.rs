//! `management-point/own-certificate`

use super::answers::certificate;
use super::{MANAGEMENT_POINTS, answered};
use crate::plan::OfferLabel;
use crate::plan::expectation::Presenter;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::{ByProfile, Profile};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::counted::counted;

requirement! {
    /// `?MPCERT` carries the certificate the management point signs with; in native mode it is the certificate the
    /// management point presents.
    ///
    /// Who is hurt: clients that verify what the management point signed: after a renewal of which only the binding or
    /// only the component learnt, they reject its answers.
    ///
    /// How it is seen: the longest run of hexadecimal digits in the answer, decoded, because the body's shape is not
    /// documented. Behind a bridging proxy the certificate presented is the proxy's, and the two are not compared;
    /// nor are they at Current Branch sites, whose management points sign with a certificate of their own making.
    OWN_CERTIFICATE {
        id: "management-point/own-certificate",
        title: "The management point signs with the certificate it presents",
        severity: SeverityByProfile::both(Severity::Warning),
        citations: ByProfile::each(
            Citation { document: &document::MPT, place: "Testing a management point with its MPCERT address" },
            Citation { document: &document::TOOL, place: "what a management point answers to ?MPCERT" },
        ),
        scope: MANAGEMENT_POINTS,
        evidence: &[EvidenceSource::Exchange, EvidenceSource::Handshake],
        remedy: "Bind one certificate to the web site, remove expired ones from the computer's Personal store, and restart the management point's component (SMS_MP_CONTROL_MANAGER).",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let answer = match answered(subject, OfferLabel::ManagementPointCertificate, "the management point's certificate") {
        Ok(answer) => answer,
        Err(verdict) => return verdict,
    };
    let Some(own) = certificate(&answer.body) else {
        return Evidence::new("The answer carries no certificate.")
            .because(&causes::NO_CERTIFICATE_HANDED_OUT)
            .expected("a certificate in hexadecimal")
            .observed(format!("{} without one", counted(answer.body.len(), "character")))
            .cause("The management point has no certificate to sign with, or something else answers for it.")
            .fail();
    };
    let comparable = subject.basis.site.profile == Profile::NativeMode2007
        && matches!(subject.target.expectation.presenter, Presenter::SiteSystem | Presenter::Unknown);
    let Some(presented) = subject.chain.first().filter(|_| comparable) else {
        return Verdict::pass_with(own.subject_text());
    };
    if **presented == *own {
        return Verdict::pass_with(own.thumbprint_sha1());
    }
    Evidence::new("The management point signs with another certificate than it presents.")
        .because(&causes::SIGNS_WITH_OTHER_CERTIFICATE)
        .expected(format!("{} ({})", presented.thumbprint_sha1(), presented.subject_text()))
        .observed(format!("{} ({})", own.thumbprint_sha1(), own.subject_text()))
        .cause("One was renewed and the other was not, or another certificate of the store was picked.")
        .fail()
}

#[cfg(test)]
mod cases {
    use data_encoding::HEXUPPER;

    use super::OfferLabel::ManagementPointCertificate as MpCert;
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let leaf = |world: &World| {
            let presented = world.seen.endpoints.first().and_then(|endpoint| endpoint.observations.first());
            presented.and_then(|seen| seen.handshake.chain.first()).map_or_else(Vec::new, |der| der.as_slice().to_vec())
        };
        let body = |der: &[u8]| format!("<X509Certificate>{}</X509Certificate>", HEXUPPER.encode(der));
        let own = body(&leaf(&healthy()));
        let other = body(World::foreign_roots().first().map_or(&[], Der::as_slice));
        vec![
            Case::passes("the one presented", healthy().answering(MpCert, 200, &own)),
            Case::passes(
                "another, at a Current Branch site",
                healthy().answering(MpCert, 200, &other).current_branch(),
            ),
            Case::passes("another, behind a bridge", {
                healthy().bridging_proxy().role(Role::ManagementPoint).answering(MpCert, 200, &other)
            }),
            Case::fails("another", healthy().answering(MpCert, 200, &other), "Fabrikam"),
            Case::fails("none", healthy().answering(MpCert, 200, "<html/>"), "without one"),
            Case::unknown("not asked", healthy()),
            Case::not_applicable("another role", healthy().role(Role::DistributionPoint)),
        ]
    }
}
