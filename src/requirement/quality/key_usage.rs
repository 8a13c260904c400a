//! `web-server/key-usage`

use crate::certificate::{Facts, KeyUsage, oid};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};
use crate::wire::registry::KeyExchange;

requirement! {
    /// Where the certificate has a Key Usage, it allows what the session's key exchange does with the key: digital
    /// signature for ephemeral key exchange (DHE, ECDHE, and always in TLS 1.3), key encipherment for RSA key
    /// exchange. A Web Server template gives both (the value a0).
    ///
    /// Who is hurt: clients that check it, as OpenSSL and Java do, and only when server and client happen to agree on
    /// the key exchange that is not allowed: the same certificate works for one client and not for another, or stops
    /// working the day cipher suites are reordered.
    ///
    /// How it is seen: in the Key Usage of the leaf, beside the suite of the session. A certificate without the
    /// extension allows everything and passes; one that allows both uses passes, and one that allows neither fails,
    /// whatever the session. One that allows one of them cannot be judged without a session.
    KEY_USAGE {
        id: "web-server/key-usage",
        title: "Key Usage, where present, allows the key exchange used",
        severity: SeverityByProfile::both(Severity::Warning),
        citation: Citation { document: &document::TOOL, place: "RFC 5246, section 7.4.2; RFC 8446, section 4.4.2.2" },
        scope: Scope::WEB_ROLES,
        evidence: &[EvidenceSource::Handshake],
        remedy: "Issue the certificate again with Digital Signature and Key Encipherment in its Key Usage (the template's Extensions tab: \"Allow key exchange only with key encryption\"; its Request Handling tab: purpose \"Signature and encryption\").",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    subject.judge_leaves(|leaf| judge(subject, leaf))
}

fn judge(subject: &EndpointSubject<'_>, leaf: &Facts) -> Verdict {
    let Some(usage) = leaf.key_usage else {
        return match leaf.unread(oid::KEY_USAGE) {
            Some(what) => Verdict::unknown(what, "a certificate whose Key Usage can be read"),
            None => Verdict::pass(),
        };
    };
    if usage.digital_signature && usage.key_encipherment {
        return Verdict::pass();
    }
    if !usage.digital_signature && !usage.key_encipherment {
        return evidence(usage).expected("digital signature and key encipherment").fail();
    }
    let Some(handshake) = subject.principal().map(|principal| &principal.handshake) else {
        return subject.no_session();
    };
    let Some(suite) = handshake.cipher_suite else { return subject.no_session() };
    let (allowed, needed) = match suite.key_exchange() {
        KeyExchange::Dhe | KeyExchange::Ecdhe | KeyExchange::Tls13 => (usage.digital_signature, "digital signature"),
        KeyExchange::Rsa => (usage.key_encipherment, "key encipherment"),
        KeyExchange::Other => {
            return Verdict::unknown(
                format!("what the suite {suite} does with the certificate's key is not known"),
                "a session with a suite in use",
            );
        }
    };
    if allowed {
        return Verdict::pass();
    }
    evidence(usage).expected(format!("{needed}, for the suite {suite}")).fail()
}

fn evidence(usage: KeyUsage) -> Evidence {
    let named = [
        (usage.digital_signature, "digital signature"),
        (usage.key_encipherment, "key encipherment"),
        (usage.key_agreement, "key agreement"),
        (usage.key_cert_sign, "certificate signing"),
        (usage.crl_sign, "CRL signing"),
    ];
    let mut allowed: Vec<&str> = named.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
    if allowed.is_empty() {
        allowed.push("none of the uses TLS knows");
    }
    Evidence::new("Key Usage does not allow what the session does with the certificate's key.")
        .observed(format!("Key Usage: {}", allowed.join(", ")))
        .cause("The template's purpose is signature alone or encryption alone, or the request named its own Key Usage.")
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::KeyUsage;
    use crate::requirement::case::{Case, World};
    use crate::wire::suite::CipherSuite;
    use crate::wire::version::ProtocolVersion;

    pub(super) fn all() -> Vec<Case> {
        let using = |usage| World::web_server(move |r| r.key_usage(usage));
        let rsa = |world: World| world.handshakes(|handshake| handshake.cipher_suite = Some(CipherSuite(0x002f)));
        let tls13 = |world: World| {
            world.handshakes(|handshake| {
                handshake.version = Some(ProtocolVersion::TLS1_3);
                handshake.cipher_suite = Some(CipherSuite(0x1301));
            })
        };
        let no_suite = |world: World| {
            world.handshakes(|handshake| {
                handshake.completed = false;
                handshake.cipher_suite = None;
            })
        };
        let (signing, enciphering) = (KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_ENCIPHERMENT);
        vec![
            Case::passes("both", World::web_server(|r| r)),
            Case::passes("no Key Usage", World::web_server(|r| r.no_key_usage())),
            Case::passes("signature, with ECDHE", using(signing)),
            Case::passes("signature, with TLS 1.3", tls13(using(signing))),
            Case::passes("encipherment, with RSA key exchange", rsa(using(enciphering))),
            Case::passes("both, without a session", no_suite(World::web_server(|r| r))),
            Case::fails("encipherment, with ECDHE", using(enciphering), "digital signature, for the suite"),
            Case::fails("encipherment, with TLS 1.3", tls13(using(enciphering)), "TLS_AES_128_GCM_SHA256"),
            Case::fails("signature, with RSA key exchange", rsa(using(signing)), "key encipherment, for the suite"),
            Case::fails("neither", no_suite(using(KeyUsage::KEY_CERT_SIGN)), "certificate signing"),
            Case::fails("nothing", using(KeyUsage::NONE), "none of the uses"),
            Case::unknown("signature, without a session", no_suite(using(signing))),
            Case::unknown(
                "a suite nobody knows",
                using(signing).handshakes(|handshake| handshake.cipher_suite = Some(CipherSuite(0xabcd))),
            ),
            Case::unknown(
                "a Key Usage that cannot be read",
                World::web_server(|r| r.no_key_usage().extension("2.5.29.15", true, &[0x04, 0x01, 0xa0])),
            ),
            Case::unknown("nothing listens", World::web_server(|r| r).refused()),
            Case::not_applicable("a bridging proxy has its own row", using(enciphering).bridging_proxy()),
        ]
    }
}
