//! `session/forward-secrecy`

use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::cause::catalogue as causes;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::registry::KeyExchange;

requirement! {
    /// The session's keys come from an ephemeral key exchange (DHE, ECDHE, or anything in TLS 1.3), not from a secret
    /// that was encrypted with the certificate's RSA key.
    ///
    /// Who is hurt: with RSA key exchange, whoever's traffic was recorded, on the day the server's private key is lost
    /// or sold with an old disk: policies, inventory and task sequence secrets of all those years can be read then.
    ///
    /// How it is seen: in the suite the server chose. Windows Server 2003 has nothing but RSA key exchange; Server 2008
    /// to 2012 R2 have ephemeral suites and order them after RSA ones or before, as they are told.
    FORWARD_SECRECY {
        id: "session/forward-secrecy",
        title: "The key exchange is ephemeral",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "RFC 9325, section 4.1" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Put the ECDHE suites first in the server's SSL cipher suite order (Group Policy: Network, SSL Configuration Settings); Windows Server 2003 has none.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    let Some(suite) = subject.principal().and_then(|principal| principal.handshake.cipher_suite) else {
        return subject.no_session();
    };
    match suite.key_exchange() {
        KeyExchange::Dhe | KeyExchange::Ecdhe | KeyExchange::Tls13 => Verdict::pass(),
        KeyExchange::Rsa => Evidence::new("The session's keys depend on the certificate's RSA key alone.")
            .because(&causes::NO_EPHEMERAL_SUITE)
            .expected("an ephemeral key exchange (ECDHE or DHE)")
            .observed(format!("RSA key exchange: {suite}"))
            .cause("The server has no ephemeral suite in common with today's clients, or prefers RSA key exchange.")
            .fail(),
        KeyExchange::Other => Verdict::unknown(
            format!("how the suite {suite} agrees on keys is not known"),
            "a session with a suite in use",
        ),
    }
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::wire::suite::CipherSuite;

    pub(super) fn all() -> Vec<Case> {
        let choosing =
            |suite| World::web_server(|r| r).handshakes(move |seen| seen.cipher_suite = Some(CipherSuite(suite)));
        vec![
            Case::passes("ECDHE", choosing(0xc02f)),
            Case::passes("DHE", choosing(0x0033)),
            Case::passes("TLS 1.3", choosing(0x1301)),
            Case::fails("RSA", choosing(0x002f), "TLS_RSA_WITH_AES_128_CBC_SHA"),
            Case::fails("RSA with RC4", choosing(0x0005), "RSA key exchange"),
            Case::unknown("a suite nobody knows", choosing(0xabcd)),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
        ]
    }
}
