//! `client-accepts-name`

use crate::certificate::{Facts};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Verdict};
use crate::requirement::web_server::names;
use super::names::dialled;

quality! {
    /// The name that was dialled is on the certificate in the way a client compares: equal to a whole common name or
    /// dNSName, without regard to case and to one trailing dot, or covered by a wildcard that stands for exactly its
    /// left-most label. Whatever the documents say of the certificate's form, this comparison decides whether a client
    /// connects.
    ///
    /// Who is hurt: every client that uses this name. WinHTTP ends the request with error 12175 and the flag
    /// CERT_CN_INVALID (0x10), in newer logs "the host name in the certificate is invalid or does not match";
    /// CryptoAPI's word for it is 0x800B010F.
    ///
    /// How it is seen: the name the probe dialled is held against the common names and dNSName entries of the leaf. Two
    /// names joined by an ampersand are one value, and match neither. Where an address was dialled, the iPAddress
    /// entries count (Windows 10 and later) and a common name that is that address (every Windows), never a dNSName;
    /// if another server name was sent on request, that name is compared instead of the address. Configuration Manager
    /// clients always dial names.
    CLIENT_ACCEPTS_NAME {
        slug: |_| "client-accepts-name",
        servers: None,
        title: "A client finds the name it dialled on {}",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        causes: &[&cause::WRONG_CERTIFICATE_BOUND, &cause::ADDRESS_DIALLED, &cause::NAMES_JOINED_BY_AMPERSAND, &cause::COMPUTER_NAME_ONLY, &cause::SHORT_NAME_CONFIGURED, &cause::NAME_IN_WRONG_FIELD, &cause::WILDCARD_DOES_NOT_COVER, &cause::NO_NAME_AT_ALL, &cause::NODE_LACKS_CLUSTER_NAME, &cause::NAME_NOT_REQUESTED],
        decided_by: Decider::Name,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let Some(dialled) = dialled(of) else {
        return Verdict::NotApplicable("no name is given that clients would dial");
    };
    if names::accepts(facts, dialled) {
        return Verdict::pass();
    }
    of.evidence("A client that dials this name refuses the certificate: the name is not on it.")
        .expected(dialled)
        .observed_all(names::listed(facts))
        .because(names::why_missing(of, facts, dialled))
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::San;
    use crate::rule::usage::Use;
    use crate::requirement::case::{ADDRESS, Case, INTERNET, INTRANET, World};
    use crate::site::name::HostName;

    pub(super) fn all(of: Use) -> Vec<Case> {
        let dialling = |world: World, name: &str| world.target(|target| target.name = HostName::new(name));
        let by_address =
            |world: World| dialling(world, "10.1.0.21").handshakes(|handshake| handshake.server_name = None);
        vec![
        ]
    }
}
