//! `monitoring/present`

use crate::plan::expectation::Presenter;
use crate::rule::scope::Scope;
use crate::rule::subject::TargetSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::ClientKind;
use crate::site::name::NameKind;
use crate::site::profile::ByProfile;
use crate::site::role::Role;
use crate::site::vantage::Network;
use crate::verdict::cause::{Culprit, catalogue as cause};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

/// The roles that are asked by their own site how they are.
const ASKED: [Role; 3] = [Role::ManagementPoint, Role::ProxyManagementPoint, Role::StateMigrationPoint];

requirement! {
    /// Management points and state migration points have a client certificate in their computer store, with which their own
    /// site asks them how they are, and it is among the certificates that are looked at: the definition names its file, as a
    /// `[[client]]` with `kind = "monitoring"`.
    ///
    /// Who is hurt: whoever watches the site. Without it the site system's own IIS turns the question down (mpcontrol.log:
    /// status code 403 on port 443), and the console shows a management point as failed that serves every client.
    ///
    /// How it is seen: it is not. No connection from outside shows it, so this is a notice and no more: where the
    /// definition names clients' certificates and none is for monitoring, nobody has looked. It does not apply where the
    /// definition names no client's certificate at all.
    PRESENT {
        id: "monitoring/present",
        title: "The monitoring certificate of management points and state migration points is looked at",
        severity: SeverityByProfile::both(Severity::Notice),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Site system monitoring: management points and state migration points" },
            Citation { document: &document::CB, place: "Site system monitoring: management points and state migration points" },
        ),
        scope: Scope::EVERY_ENDPOINT.only_roles(&ASKED, "management points and state migration points, asked for inside").only_on(Network::Intranet, "management points and state migration points, asked for inside"),
        evidence: &[EvidenceSource::Definition],
        remedy: "Name the certificate's file in the definition, as a [[client]] with kind = \"monitoring\"; if mpcontrol.log has status code 403, enrol the server.",
        check: Check::Target(check),
    }
}

fn check(subject: &TargetSubject<'_>) -> Verdict {
    let target = subject.target;
    let clients = &subject.basis.site.clients;
    if target.expectation.presenter == Presenter::Unknown || target.name_kind == NameKind::Given {
        return Verdict::NotApplicable("no definition says what it has");
    }
    if target.expectation.presenter == Presenter::Cluster {
        return Verdict::NotApplicable("a cluster's nodes have one each");
    }
    if clients.iter().any(|client| client.kind == ClientKind::Monitoring) {
        return Verdict::pass_with("the definition names one");
    }
    if clients.is_empty() {
        return Verdict::NotApplicable("the definition names no client's certificate");
    }
    Evidence::new("Whether the site system has a certificate to be monitored with was not looked at.")
        .expected("a [[client]] with kind = \"monitoring\" in the definition")
        .observed_all(clients.iter().map(|client| format!("{}: {}", client.name, client.kind.name())))
        .because(&cause::MONITORING_CERTIFICATE_MISSING)
        .culprit(Culprit::Definition("[[client]]".into()))
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::site::ClientKind;
    use crate::site::role::Role;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r).with_client();
        let given = || healthy().site(|site| site.clients.iter_mut().for_each(|one| one.kind = ClientKind::Monitoring));
        vec![
            Case::passes("named", given()),
            Case::passes("a state migration point's", given().role(Role::StateMigrationPoint)),
            Case::fails("clients', and none for monitoring", healthy(), "workstation: computer"),
            Case::not_applicable("no client's certificate is named", World::web_server(|r| r)),
            Case::not_applicable("another role", healthy().role(Role::DistributionPoint)),
            Case::not_applicable("asked outside", healthy().from_internet()),
            Case::not_applicable("a cluster", healthy().cluster()),
            Case::not_applicable("given on the command line", healthy().given().role(Role::ManagementPoint)),
        ]
    }
}
