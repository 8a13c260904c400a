//! `session/server-name`

use super::versions::is_refusal;
use crate::observation::handshake::Handshake;
use crate::plan::OfferLabel;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The server answers a client that sends no server name as it answers one that does. Windows XP and Server 2003
    /// send none.
    ///
    /// Who is hurt: exactly these clients: the connection is reset (0x80072EFE) or ends with an alert. It comes with IIS
    /// 8 or later when the binding has "Require Server Name Indication" ticked and no default binding stands beside
    /// it, and with proxies and load balancers that choose the certificate, or the server behind them, by name.
    ///
    /// How it is seen: a second handshake without a server name, beside the first. It is answered as the first if it
    /// shows the same leaf or completes as the first does; that both show the same certificate is chain/one-leaf.
    /// Where an address was dialled no server name is ever sent, and there is nothing to compare.
    SERVER_NAME {
        id: "session/server-name",
        title: "Clients that send no server name are answered",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "RFC 6066, section 3; Windows before Vista sends no server name" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Untick \"Require Server Name Indication\" on the HTTPS binding of the site system's web site, or give the address a default certificate (netsh http add sslcert ipport=…); on a proxy set a default server for clients without a name.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(with) = subject.principal().filter(|seen| seen.offer == OfferLabel::Default) else {
        return subject.no_session();
    };
    if !answers(&with.handshake) {
        return subject.no_session();
    }
    if with.handshake.server_name.is_none() {
        return Verdict::NotApplicable("no server name was sent: an address was dialled, or it was switched off");
    }
    let Some(without) = subject.with_offer(OfferLabel::WithoutServerName) else {
        return Verdict::NotApplicable("no handshake without a server name is planned here");
    };
    let same_leaf = with.handshake.chain.first().is_some_and(|leaf| without.handshake.chain.first() == Some(leaf));
    if same_leaf || without.handshake.completed || (!with.handshake.completed && answers(&without.handshake)) {
        return Verdict::pass();
    }
    match &without.stopped {
        Some(failure) if is_refusal(subject, failure) => {
            Evidence::new("A client that sends no server name is not answered, and one that does is.")
                .because(&causes::SERVER_NAME_REQUIRED)
                .expected("the same answer without a server name")
                .observed(failure.detail.clone())
                .cause("The binding requires the server name and there is no default one, or a proxy goes by the name.")
                .fail()
        }
        Some(failure) => Verdict::unknown(
            format!("the handshake without a server name did not come about: {}", failure.detail),
            "a handshake without a server name",
        ),
        None => Verdict::unknown(
            "the handshake without a server name showed no certificate",
            "a handshake without a server name that comes as far as the certificate",
        ),
    }
}

fn answers(handshake: &Handshake) -> bool {
    handshake.completed || !handshake.chain.is_empty()
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{ConnectFailure, Failure, HandshakeFailure, Stop};
    use crate::observation::handshake::Handshake;
    use crate::plan::OfferLabel::WithoutServerName;
    use crate::requirement::case::{Case, World};
    use crate::wire::der::Der;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r);
        let stopped = |stop: Stop| {
            healthy().also(WithoutServerName, move |seen| {
                seen.handshake = Handshake::default();
                seen.stopped = Some(Failure::new(stop, "the peer's words"));
            })
        };
        vec![
            Case::passes("the same", healthy().also(WithoutServerName, |seen| seen.handshake.server_name = None)),
            Case::passes(
                "another certificate, which is chain/one-leaf's matter",
                healthy().also(WithoutServerName, |seen| seen.handshake.chain = vec![Der::from(&b"another"[..])]),
            ),
            Case::passes(
                "the same certificate, and both stopped behind it",
                healthy().also(WithoutServerName, |_| {}).observations(|seen| {
                    seen.handshake.completed = false;
                    seen.stopped = Some(Failure::new(HandshakeFailure::Alert, "the peer's words"));
                }),
            ),
            Case::fails("reset", stopped(HandshakeFailure::Reset.into()), "the peer's words"),
            Case::fails("an alert", stopped(HandshakeFailure::Alert.into()), "the same answer"),
            Case::unknown("no answer in time", stopped(HandshakeFailure::Timeout.into())),
            Case::unknown("no connection", stopped(ConnectFailure::Timeout.into())),
            Case::not_applicable("not asked", healthy()),
            Case::unknown("nothing listens", healthy().also(WithoutServerName, |_| {}).refused()),
            Case::not_applicable("an address was dialled", healthy().handshakes(|seen| seen.server_name = None)),
        ]
    }
}
