//! `session/secure-renegotiation`

use crate::observation::Observation;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::version::ProtocolVersion;

requirement! {
    /// Up to TLS 1.2 the server supports secure renegotiation (RFC 5746). It matters more here than elsewhere, because
    /// IIS asks for the client certificate by renegotiation, after it has read the request.
    ///
    /// Who is hurt: without it somebody in between can put a request of his own in front of a client's, under the
    /// client's certificate. And clients that insist on it (OpenSSL 3 does) cannot connect, or cannot
    /// present their certificate, so that the path answers 403.7.
    ///
    /// How it is seen: the server's hello carries the renegotiation_info extension, or does not. Windows has it since
    /// MS10-049; a server without it has not been patched since 2010. TLS 1.3 has no renegotiation. This program renegotiates
    /// with such a server all the same, or nothing could be said of its client certificates; with one whose first
    /// handshake had the extension it never does so without.
    SECURE_RENEGOTIATION {
        id: "session/secure-renegotiation",
        title: "Secure renegotiation is supported",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "RFC 5746, section 3.6" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Install MS10-049 (KB 980436) or anything later on the server, and leave its registry values AllowInsecureRenegoClients and AllowInsecureRenegoServers at their defaults.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let telling = subject.principal().filter(|seen| tells(seen)).or_else(|| {
        subject.seen.observations.iter().filter(|seen| tells(seen)).max_by_key(|seen| seen.handshake.version)
    });
    match telling.and_then(|seen| Some((seen.handshake.version, seen.handshake.secure_renegotiation?))) {
        Some((_, true)) => Verdict::pass(),
        Some((version, false)) => Evidence::new("The server does not support secure renegotiation.")
            .because(&causes::SCHANNEL_UNPATCHED)
            .expected("the renegotiation_info extension (RFC 5746)")
            .observed(match version {
                Some(version) => format!("a hello of {version} without it"),
                None => "a hello without it".to_owned(),
            })
            .cause("The server's Windows lacks every update to Schannel since August 2010, or a proxy is as old.")
            .fail(),
        None => match subject.principal().and_then(|principal| principal.handshake.version) {
            Some(version) if version >= ProtocolVersion::TLS1_3 => {
                Verdict::NotApplicable("TLS 1.3 has no renegotiation")
            }
            Some(version) => Verdict::unknown(
                format!("the server's hello of {version} was not seen in the clear"),
                "an engine that reads the extension",
            ),
            None => subject.no_session(),
        },
    }
}

/// Whether an observation tells: TLS 1.3 has nothing to tell.
fn tells(seen: &Observation) -> bool {
    seen.handshake.secure_renegotiation.is_some()
        && seen.handshake.version.is_none_or(|version| version < ProtocolVersion::TLS1_3)
}

#[cfg(test)]
mod cases {
    use super::ProtocolVersion;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let telling = |version, supported: Option<bool>| {
            World::web_server(|r| r).handshakes(move |seen| {
                seen.version = Some(version);
                seen.secure_renegotiation = supported;
            })
        };
        let (tls12, tls13) = (ProtocolVersion::TLS1_2, ProtocolVersion::TLS1_3);
        vec![
            Case::passes("supported", telling(tls12, Some(true))),
            Case::passes(
                "TLS 1.3 by choice, supported in TLS 1.2",
                telling(tls13, None).also(OfferLabel::OnlyTls12, |seen| {
                    seen.handshake.version = Some(ProtocolVersion::TLS1_2);
                    seen.handshake.secure_renegotiation = Some(true);
                }),
            ),
            Case::fails("not supported", telling(tls12, Some(false)), "TLSv1.2 without it"),
            Case::fails(
                "TLS 1.3 by choice, not supported in TLS 1.0",
                telling(tls13, None).also(OfferLabel::OnlyTls10, |seen| {
                    seen.handshake.version = Some(ProtocolVersion::TLS1_0);
                    seen.handshake.secure_renegotiation = Some(false);
                }),
                "TLSv1.0 without it",
            ),
            Case::unknown("not seen", telling(tls12, None)),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("TLS 1.3", telling(tls13, None)),
        ]
    }
}
