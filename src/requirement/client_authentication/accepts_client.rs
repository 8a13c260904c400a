//! `client-authentication/accepts-client`

use super::ASKING;
use super::accepted_issuers::{is_maybe_cut, ours, request};
use super::outcome::{
    INNER_LEG_SHOWS_NOTHING, LATE_REQUEST_NOT_SUPPORTED, Outcome, account_wanted, forbidden_cause, no_answer,
    not_asked_as_client, refuses_certificate,
};
use crate::certificate::is_same_name;
use crate::observation::Observation;
use crate::observation::exchange::Answer;
use crate::observation::failure::{HandshakeFailure, Stop};
use crate::observation::handshake::{ClientCertificateRequest, LaterHandshake};
use crate::plan::OfferLabel;
use crate::plan::expectation::Presenter;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::ByProfile;
use crate::verdict::cause::Cause;
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The role's protected path, asked with the site's own client certificate, lets the client in.
    ///
    /// Who is hurt: every client. It is refused at its management point, `CcmExec.log` and `LocationServices.log` show
    /// status 403 (or WinHTTP's 12044, client certificate needed), and it becomes unmanaged.
    ///
    /// How it is seen: by presenting the definition's client certificate when the server asks for it, in the handshake,
    /// by renegotiation or by post-handshake authentication. Any exchange with that certificate decides: a listing by
    /// WebDAV (207), or a 404 past the certificate, proves what a generic 403 to a directory leaves open. 401, a failure of
    /// the role and a gateway's answer fail it too, for the client got nothing, each by its own cause. IIS hides its
    /// sub-status from remote clients since version 7; where it shows, the cause names it.
    ACCEPTS_CLIENT {
        id: "client-authentication/accepts-client",
        title: "The site's own client certificate is accepted",
        severity: SeverityByProfile::both(Severity::Error),
        citations: ByProfile::each(
            Citation { document: &document::CRNM, place: "Client computers, how the certificate is used" },
            Citation { document: &document::CB, place: "PKI certificates for clients: Windows computers, how the certificate is used" },
        ),
        scope: ASKING,
        evidence: &[EvidenceSource::Exchange],
        remedy: "Look at the status, and where the server names none at the sub-status in its own log (sc-substatus, sc-win32-status): it tells a certificate that is not trusted from one that cannot be checked, and both from a role that fails.",
        check: Check::Endpoint(check),
    }
}

/// The offers that show the site's client certificate.
const AS_CLIENT: [OfferLabel; 8] = [
    OfferLabel::Client,
    OfferLabel::ClientMissingFile,
    OfferLabel::ManagementPointCertificate,
    OfferLabel::SiteSigningCertificate,
    OfferLabel::ClientSecondPath,
    OfferLabel::ClientListing,
    OfferLabel::ClientPackageHead,
    OfferLabel::ClientPackageRange,
];

/// Whether any exchange proves that the site's client was let in; by which answer.
pub(in crate::requirement) fn let_in(subject: &EndpointSubject<'_>) -> Option<String> {
    let seen = AS_CLIENT.iter().flat_map(|label| subject.seen.with_offer(*label));
    seen.map(Outcome::of).find_map(|outcome| match outcome {
        Outcome::Served(status) => Some(status.to_string()),
        Outcome::LetIn(how) => Some(how),
        Outcome::Refused(_) | Outcome::Troubled(_) | Outcome::Undecided(..) => None,
    })
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(seen) = subject.with_offer(OfferLabel::Client) else { return not_asked_as_client(subject) };
    // Where the certificate is withheld, what is answered is answered to anybody.
    let is_withheld = seen.stopped.as_ref().is_some_and(|failure| failure.is(HandshakeFailure::NotPresented));
    if let Some(how) = let_in(subject).filter(|_| !is_withheld) {
        return Verdict::pass_with(how);
    }
    match Outcome::of(seen) {
        Outcome::Served(_) | Outcome::LetIn(_) => Verdict::pass(),
        Outcome::Refused(how) => refused(subject, seen, how),
        Outcome::Troubled(trouble) if trouble.is_elsewhere() => {
            Verdict::unknown(format!("nothing of the role answers: {}", trouble.how), "a path of the role that answers")
        }
        Outcome::Troubled(trouble) => {
            trouble.evidence("A client of the site gets nothing from the role.", "an answer of the role").fail()
        }
        Outcome::Undecided(why, decided_by) => Verdict::unknown(why, decided_by),
    }
}

fn refused(subject: &EndpointSubject<'_>, seen: &Observation, how: String) -> Verdict {
    let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
    let (words, cause) = why(subject, seen, answer);
    Evidence::new("The site's own client certificate is refused.")
        .expected("an answer of the role")
        .observed(how)
        .observed_all(
            answer
                .and_then(|answer| answer.title.as_ref())
                .map(|title| format!("a page titled \u{201c}{title}\u{201d}")),
        )
        .cause(words)
        .because(cause)
        .fail()
}

/// What the refusal comes from: who refused, then how, then why.
fn why(subject: &EndpointSubject<'_>, seen: &Observation, answer: Option<&Answer>) -> (&'static str, &'static Cause) {
    let handshake = &seen.handshake;
    let is_bridged = subject.target.expectation.presenter == Presenter::BridgingProxy;
    if answer.is_some_and(|answer| answer.body.contains(LATE_REQUEST_NOT_SUPPORTED)) {
        return (
            "The server wants the certificate after a TLS 1.3 handshake and cannot ask for it.",
            &causes::LATE_REQUEST_IMPOSSIBLE,
        );
    }
    // An alert about the certificate ends a renegotiation that came through: the certificate arrived.
    let alert = handshake.alerts.last().filter(|alert| answer.is_none() && alert.about_client_certificate());
    if handshake.later == LaterHandshake::Asked && alert.is_none() {
        return (
            "The server asks for the certificate by renegotiation, and the renegotiation does not come through: a load balancer or firewall cuts it off, or the server forbids it.",
            &causes::RENEGOTIATION_BLOCKED,
        );
    }
    match answer.map(|answer| (answer.status, answer)) {
        Some((401, answer)) => {
            return account_wanted(answer);
        }
        Some((403, answer)) if answer.sub_status.is_some_and(|sub| sub != 7) => {
            return forbidden_cause(answer.sub_status);
        }
        Some((403, answer)) if answer.sub_status == Some(7) && is_bridged && handshake.client_certificate_sent => {
            return INNER_LEG_SHOWS_NOTHING;
        }
        Some(_) | None => {}
    }
    if !handshake.client_certificate_sent && alert.is_none() {
        let asked = handshake.client_certificate_request.is_some();
        // Nothing was said of a certificate, neither before the end nor by it.
        let unasked = seen.stopped.as_ref().filter(|_| !asked && answer.is_none() && handshake.alerts.is_empty());
        let cut_off = unasked.and_then(|failure| match failure.stop {
            Stop::Exchange(how) => no_answer(how),
            Stop::Resolve(_) | Stop::Connect(_) | Stop::Handshake(_) => None,
        });
        return if let Some(cut_off) = cut_off {
            cut_off
        } else if asked && lets_ours_be_chosen(subject) {
            (
                "The server asked for a certificate and got none, though its list of authorities allows the clients'.",
                &causes::CERTIFICATE_DID_NOT_ARRIVE,
            )
        } else if asked {
            ("The server asked for a certificate, and got none.", &causes::ISSUERS_LACK_CLIENT_ROOT)
        } else {
            (
                "The server never asked for the certificate on this connection, and refused all the same: its binding does not negotiate client certificates, or something on the way keeps renegotiation from coming about.",
                &causes::RENEGOTIATION_BLOCKED,
            )
        };
    }
    if is_bridged {
        return ("The proxy's listener does not take the client's certificate.", &causes::LISTENER_REFUSES_CLIENT);
    }
    match (answer, handshake.alerts.last().map(|alert| alert.description)) {
        (Some(answer), _) if refuses_certificate(answer) && names_others_alone(subject) => (
            "The server checked the certificate against the authorities it names, and the clients' is not among them.",
            &causes::CLIENT_ROOT_NOT_TRUSTED,
        ),
        (Some(answer), _) if refuses_certificate(answer) => (
            "The server in front names the clients' authority, checked the certificate, and would not have it: it stands on a revocation list there, the list there has ended, or an authority between is missing.",
            &causes::REFUSED_WITHOUT_REASON,
        ),
        (Some(answer), _) if (answer.status, answer.sub_status) == (403, Some(7)) && lets_ours_be_chosen(subject) => (
            "The server says that no certificate arrived, though its list of authorities allows the one that was presented: something in front keeps it, or a certificate trust list at the binding leaves its root out.",
            &causes::CERTIFICATE_DID_NOT_ARRIVE,
        ),
        (Some(answer), _) if answer.status == 403 => forbidden_cause(answer.sub_status),
        (None, Some(48)) => {
            ("The server does not know the client certificate's authority.", &causes::CLIENT_ROOT_NOT_TRUSTED)
        }
        (None, Some(45)) => {
            ("The server finds the client certificate out of its dates.", &causes::CLIENT_CERTIFICATE_ENDED)
        }
        (None, Some(44)) => ("The server finds the client certificate revoked.", &causes::CLIENT_CERTIFICATE_REVOKED),
        (Some(_), _) | (None, _) => (
            "The server looked at the certificate and would not have it: it does not trust its authority, or cannot check it.",
            &causes::REFUSED_WITHOUT_REASON,
        ),
    }
}

/// Whether the server's list of authorities lets the clients' certificates be chosen: it is empty, or has theirs.
fn lets_ours_be_chosen(subject: &EndpointSubject<'_>) -> bool {
    request(subject).is_some_and(|request| request.accepted_issuers.is_empty() || names_ours(request, subject))
}

/// Whether the server's list of authorities is whole, and has none of those the clients' certificates lead to.
fn names_others_alone(subject: &EndpointSubject<'_>) -> bool {
    request(subject).is_some_and(|request| {
        let is_known = !request.accepted_issuers.is_empty() && !subject.basis.trust.client_roots.is_empty();
        is_known && !is_maybe_cut(request) && !names_ours(request, subject)
    })
}

/// Whether a list has an authority that the clients' certificates lead to, names compared as RFC 5280, 7.1 does: what a
/// server makes of another spelling is its own affair, and for the list's own row to tell.
fn names_ours(request: &ClientCertificateRequest, subject: &EndpointSubject<'_>) -> bool {
    ours(subject.basis.trust).any(|own| request.accepted_issuers.iter().any(|name| is_same_name(own, name)))
}

#[cfg(test)]
mod cases {
    use super::LaterHandshake;
    use super::OfferLabel::{Client, ClientListing, ClientMissingFile};
    use crate::certificate::Certificate;
    use crate::lab::pki::{Minted, Recipe};
    use crate::observation::failure::{ExchangeFailure, Failure, HandshakeFailure};
    use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
    use crate::plan::engine::EngineId;
    use crate::requirement::case::{Case, World};
    use crate::site::role::Role;
    use crate::wire::der::Der;

    const NGINX_REFUSES: &str =
        "<title>400 The SSL certificate error</title><center>The SSL certificate error</center>";
    const NGINX_GOT_NONE: &str = "<title>400 No required SSL certificate was sent</title>";

    fn subject(der: &Der) -> Option<Der> {
        Certificate::read(der).facts().map(|facts| facts.subject.der.clone())
    }

    fn own() -> Vec<Der> {
        World::web_server(|r| r).roots.first().and_then(subject).into_iter().collect()
    }

    fn stranger() -> Vec<Der> {
        World::foreign_roots().first().and_then(subject).into_iter().collect()
    }

    /// The clients' authority, spelt otherwise.
    fn capitals() -> Vec<Der> {
        let minted = Minted::self_signed(&Recipe::root("CONTOSO ROOT CA")).unwrap();
        subject(&Der::from(minted.der.as_slice())).into_iter().collect()
    }

    fn asking(world: World, accepted_issuers: Vec<Der>) -> World {
        world.handshakes(move |handshake| {
            handshake.client_certificate_request = Some(ClientCertificateRequest {
                when: RequestedWhen::Handshake,
                accepted_issuers: accepted_issuers.clone(),
            });
        })
    }

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r).with_client();
        let answered = |status, body: &str| healthy().answering(Client, status, body);
        let bend = |world: World, bend: fn(&mut crate::observation::Observation)| {
            world.observations(move |seen| {
                if seen.offer == Client {
                    bend(seen);
                }
            })
        };
        vec![
            Case::passes("200", answered(200, "<MPList/>")),
            Case::passes("let in, listing forbidden", answered(403, "HTTP Error 403.14")),
            Case::passes("404 past the certificate", answered(404, "")),
            Case::passes("a generic 403, and 207 to PROPFIND", answered(403, "").answering(ClientListing, 207, "")),
            Case::passes(
                "a generic 403, and 404 to a file that is not there",
                answered(403, "").answering(ClientMissingFile, 404, ""),
            ),
            Case::fails("403.13", answered(403, "HTTP Error 403.13"), "revocation list"),
            Case::fails(
                "403.7, and its list allows any authority",
                asking(answered(403, "HTTP Error 403.7"), Vec::new()),
                "Cause(certificate-did-not-arrive)",
            ),
            Case::fails(
                "403.7, and its list has another authority alone",
                asking(answered(403, "HTTP Error 403.7"), vec![Der::from(&[0x30, 0x00][..])]),
                "Cause(issuers-lack-client-root)",
            ),
            Case::fails(
                "403.7, and its list has the clients' authority in capitals",
                asking(answered(403, "HTTP Error 403.7"), capitals()),
                "Cause(certificate-did-not-arrive)",
            ),
            Case::fails(
                "nginx found something, and names the clients' authority in capitals",
                asking(answered(400, NGINX_REFUSES), capitals()),
                "refused-without-reason",
            ),
            Case::fails(
                "asked for one of any authority, and got none",
                bend(asking(answered(403, ""), Vec::new()), |seen| seen.handshake.client_certificate_sent = false),
                "got none, though",
            ),
            Case::fails(
                "asked for one of another authority, and got none",
                bend(asking(answered(403, ""), stranger()), |seen| seen.handshake.client_certificate_sent = false),
                "Cause(issuers-lack-client-root)",
            ),
            Case::fails("403 without a reason", answered(403, ""), "does not say why"),
            Case::fails("401", answered(401, ""), "Windows account"),
            Case::fails("the role fails", answered(500, ""), "own program fails"),
            Case::fails("no worker", answered(503, ""), "application pool"),
            Case::fails("a gateway", answered(504, ""), "in front"),
            Case::fails("a proxy that wants a user", answered(407, ""), "sign in"),
            Case::fails("a status of nobody's", answered(418, ""), "418"),
            Case::fails(
                "asked anew, and the session breaks",
                healthy().also(Client, |seen| {
                    seen.engine = EngineId::Openssl;
                    seen.handshake.later = LaterHandshake::Asked;
                    seen.stopped = Some(Failure::new(ExchangeFailure::ProtocolError, "the new handshake did not end"));
                }),
                "renegotiation does not come through",
            ),
            Case::fails(
                "refused and never asked",
                bend(answered(403, ""), |seen| seen.handshake.client_certificate_sent = false),
                "never asked",
            ),
            Case::fails(
                "asked for by renegotiation, which is cut",
                bend(answered(403, ""), |seen| {
                    seen.handshake.later = LaterHandshake::Asked;
                    let failure = Failure::new(ExchangeFailure::Closed, "closed");
                    if let Some(exchange) = &mut seen.exchange {
                        exchange.answer = None;
                        exchange.failure = Some(failure.clone());
                    }
                    seen.stopped = Some(failure);
                }),
                "renegotiation",
            ),
            Case::fails(
                "no answer in time",
                healthy().also(Client, |seen| {
                    seen.stopped = Some(Failure::new(ExchangeFailure::Timeout, "no answer came in time"));
                }),
                "no answer came in time",
            ),
            Case::fails(
                "closed after the request, and never asked",
                healthy().also(Client, |seen| {
                    seen.engine = EngineId::Openssl;
                    seen.stopped = Some(Failure::new(ExchangeFailure::Closed, "closed"));
                }),
                "request-cut-off",
            ),
            Case::fails(
                "a proxy that would not take the name of the server behind it",
                answered(500, "The target principal name is incorrect. (0x80090322)"),
                "inner-name-differs",
            ),
            Case::fails(
                "nginx found something against the certificate",
                asking(answered(400, NGINX_REFUSES), own()),
                "refused-without-reason",
            ),
            Case::fails(
                "nginx does not know the clients' authority",
                asking(answered(400, NGINX_REFUSES), stranger()),
                "client-root-not-trusted",
            ),
            Case::fails(
                "nginx got no certificate",
                bend(asking(answered(400, NGINX_GOT_NONE), stranger()), |seen| {
                    seen.handshake.client_certificate_sent = false;
                }),
                "issuers-lack-client-root",
            ),
            Case::fails(
                "a proxy on nginx refuses the certificate",
                healthy().bridging_proxy().with_client().answering(Client, 400, NGINX_REFUSES),
                "listener-refuses-client",
            ),
            Case::fails("another 400", answered(400, "Bad Request"), "answered-otherwise"),
            Case::unknown("no identity", World::web_server(|r| r)),
            Case::unknown(
                "withheld from a server that is not the site's",
                healthy().also(Client, |seen| {
                    seen.stopped = Some(Failure::new(HandshakeFailure::NotPresented, "it was not presented"));
                }),
            ),
            Case::unknown(
                "no such path, and no certificate asked for",
                bend(answered(404, ""), |seen| {
                    seen.handshake.client_certificate_sent = false;
                }),
            ),
            Case::unknown("a redirect", answered(302, "")),
            Case::not_applicable("left out", healthy()),
            Case::not_applicable("update points ask nobody", healthy().role(Role::SoftwareUpdatePoint)),
        ]
    }
}
