//! `purpose`

use crate::certificate::{Facts, oid};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::rule::usage::{Purpose, Use};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// The Enhanced Key Usage of the certificate contains the purpose it is relied on for: Server Authentication
    /// (1.3.6.1.5.5.7.3.1) where a server presents it, Client Authentication (1.3.6.1.5.5.7.3.2) where a client does,
    /// Document Signing (1.3.6.1.4.1.311.10.3.12) where policy is signed with it.
    ///
    /// Who is hurt: whoever relies on it. A client ends the handshake with a server whose certificate is for something else
    /// (CERT_WRONG_USAGE, 0x40); a server takes no client certificate without its purpose (403.7, 403.16); a site whose
    /// signing certificate lacks its purpose cannot be switched to native mode.
    ///
    /// How it is seen: in the certificate. One without the extension at all, or with anyExtendedKeyUsage alone, does not
    /// contain the purpose; the evidence says which of these was met. The usual way to get here is a certificate from the
    /// template of another use.
    PURPOSE {
        slug: slug,
        servers: None,
        title: "{} is for its purpose",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

/// The second part of the id: the purpose.
const fn slug(of: Use) -> &'static str {
    match of.data().purpose {
        Some(Purpose::ServerAuthentication | Purpose::Any) | None => "server-auth-eku",
        Some(Purpose::ClientAuthentication) => "client-auth-eku",
        Some(Purpose::DocumentSigning) => "document-signing-eku",
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    match of.of.data().purpose {
        Some(purpose) => is_for(of, facts, purpose),
        None => Verdict::NotApplicable("no purpose is asked of it"),
    }
}

/// Whether a certificate's Enhanced Key Usage contains a purpose.
pub(crate) fn is_for(of: &Credential<'_>, facts: &Facts, purpose: Purpose) -> Verdict {
    let Some(wanted) = purpose.oid() else { return Verdict::NotApplicable("no purpose is asked of it") };
    if facts.has_extended_key_usage(wanted) {
        return Verdict::pass();
    }
    if let Some(what) = facts.unread(oid::EXTENDED_KEY_USAGE) {
        return Verdict::unknown(what, "a certificate whose Enhanced Key Usage can be read");
    }
    let evidence = of
        .evidence(format!("The certificate is not for {}.", purpose.name()))
        .expected(format!("{} ({wanted})", purpose.name()));
    match facts.extended_key_usage.as_deref() {
        None => evidence.observed("no Enhanced Key Usage extension").because(&cause::NO_PURPOSE_NAMED),
        Some([only]) if only == oid::ANY_EXTENDED_KEY_USAGE => {
            evidence.observed(format!("any purpose only ({only})")).because(&cause::ANY_PURPOSE_ONLY)
        }
        Some(purposes) => evidence.observed_all(purposes.iter().cloned()).because(&cause::OTHER_TEMPLATE),
    }
    .fail()
}

#[cfg(test)]
mod cases {
    use super::oid;
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let right = of.purpose_oid().unwrap_or(oid::SERVER_AUTHENTICATION);
        let other =
            if right == oid::SERVER_AUTHENTICATION { oid::CLIENT_AUTHENTICATION } else { oid::SERVER_AUTHENTICATION };
        let eku = |purposes: &[&'static str]| {
            let purposes = purposes.to_vec();
            World::of(of, move |r| r.eku(&purposes))
        };
        vec![
            Case::passes("its purpose alone", eku(&[right])),
            Case::passes("beside another", eku(&[other, right])),
            Case::fails("no extension", World::of(of, |r| r.no_eku()), "no Enhanced Key Usage extension"),
            Case::fails("any purpose only", eku(&[oid::ANY_EXTENDED_KEY_USAGE]), "any purpose only"),
            Case::fails("another purpose", eku(&[other]), other),
            Case::unknown(
                "the extension cannot be read",
                World::of(of, |r| r.no_eku().extension("2.5.29.37", false, &[0x30, 0x03, 0x06])),
            ),
        ]
    }
}
