//! `key-usage`

use crate::certificate::{Facts, KeyUsage, oid};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::rule::usage::Use;
use crate::site::profile::Profile;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Evidence, Verdict};
use crate::wire::registry::KeyExchange;

quality! {
    /// Where the certificate has a Key Usage, it allows what is done with the key. Of a server's that is what the session's
    /// key exchange does: digital signature for ephemeral key exchange (DHE, ECDHE, and always in TLS 1.3), key encipherment
    /// for RSA key exchange; a Web Server template gives both (the value a0). Of anything else it is digital signature. A
    /// client's certificate in Current Branch must contain both, by the document's words: one without the extension does not.
    ///
    /// Who is hurt: peers that check it, as OpenSSL and Java do, and only when both sides happen to agree on the key exchange
    /// that is not allowed: the same certificate works with one and not with another, or stops working the day cipher suites
    /// are reordered.
    ///
    /// How it is seen: in the Key Usage of the certificate; of a server's beside the suite of the session. One that allows
    /// both uses passes, and one that allows neither fails, whatever the session. A server's that allows one of them cannot be
    /// judged without a session.
    KEY_USAGE {
        slug: |_| "key-usage",
        servers: None,
        title: "Key Usage of {}, where present, allows what is done with the key",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Session,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    // Current Branch asks for both uses by name, so that a certificate without the extension does not have them.
    let both_demanded = of.of == Use::Client && of.profile() == Profile::CurrentBranch;
    let Some(usage) = facts.key_usage else {
        return match facts.unread(oid::KEY_USAGE) {
            Some(what) => Verdict::unknown(what, "a certificate whose Key Usage can be read"),
            None if both_demanded => of
                .evidence("The certificate does not contain Digital Signature and Key Encipherment.")
                .expected("Key Usage: digital signature, key encipherment (a0)")
                .observed("no Key Usage extension")
                .because(&cause::KEY_USAGE_TOO_NARROW)
                .fail(),
            None => Verdict::pass(),
        };
    };
    if usage.digital_signature && usage.key_encipherment {
        return Verdict::pass();
    }
    if both_demanded {
        return evidence(of, usage).expected("Key Usage: digital signature, key encipherment (a0)").fail();
    }
    if !of.of.is_server() {
        return if usage.digital_signature {
            Verdict::pass()
        } else {
            evidence(of, usage).expected("digital signature").fail()
        };
    }
    if !usage.digital_signature && !usage.key_encipherment {
        return evidence(of, usage).expected("digital signature and key encipherment").fail();
    }
    if of.is_handed_out() {
        return Verdict::NotApplicable("it was met in an answer, and no session was seen that uses its key");
    }
    let Some(suite) = of.session().and_then(|seen| seen.handshake.cipher_suite) else {
        return Verdict::unknown(
            "what the session does with the key was not seen",
            "a handshake that comes as far as the choice of a suite",
        );
    };
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
    evidence(of, usage).expected(format!("{needed}, for the suite {suite}")).fail()
}

fn evidence(of: &Credential<'_>, usage: KeyUsage) -> Evidence {
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
    of.evidence("Key Usage does not allow what is done with the certificate's key.")
        .observed(format!("Key Usage: {}", allowed.join(", ")))
        .because(&cause::KEY_USAGE_TOO_NARROW)
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::KeyUsage;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;
    use crate::wire::suite::CipherSuite;
    use crate::wire::version::ProtocolVersion;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let using = |usage| World::of(of, move |r| r.key_usage(usage));
        let (signing, enciphering) = (KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_ENCIPHERMENT);
        let mut cases = vec![
            Case::passes(
                "both",
                World::of(of, |r| r.key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT)),
            ),
            Case::fails("neither", using(KeyUsage::KEY_CERT_SIGN), "certificate signing"),
            Case::fails("nothing", using(KeyUsage::NONE), "none of the uses"),
            Case::unknown(
                "a Key Usage that cannot be read",
                World::of(of, |r| r.no_key_usage().extension("2.5.29.15", true, &[0x04, 0x01, 0xa0])),
            ),
        ];
        if of == Use::Client {
            cases.extend([
                Case::passes("signature alone, in 2007", using(signing)),
                Case::passes("no Key Usage, in 2007", World::of(of, |r| r.no_key_usage())),
                Case::fails("signature alone, in Current Branch", using(signing).current_branch(), "(a0)"),
                Case::fails(
                    "no Key Usage, in Current Branch",
                    World::of(of, |r| r.no_key_usage()).current_branch(),
                    "no Key Usage extension",
                ),
            ]);
        }
        if !of.is_server() {
            cases.push(Case::fails("encipherment alone", using(enciphering), "digital signature"));
            return cases;
        }
        if !World::is_met_in_handshakes(of) {
            return cases;
        }
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
        cases.extend([
            Case::passes("no Key Usage", World::of(of, |r| r.no_key_usage())),
            Case::passes("signature, with ECDHE", using(signing)),
            Case::passes("signature, with TLS 1.3", tls13(using(signing))),
            Case::passes("encipherment, with RSA key exchange", rsa(using(enciphering))),
            Case::fails("encipherment, with ECDHE", using(enciphering), "digital signature, for the suite"),
            Case::fails("encipherment, with TLS 1.3", tls13(using(enciphering)), "TLS_AES_128_GCM_SHA256"),
            Case::fails("signature, with RSA key exchange", rsa(using(signing)), "key encipherment, for the suite"),
            Case::unknown("signature, without a session", no_suite(using(signing))),
            Case::unknown(
                "a suite nobody knows",
                using(signing).handshakes(|handshake| handshake.cipher_suite = Some(CipherSuite(0xabcd))),
            ),
        ]);
        cases
    }
}
