//! `name-in-san`

use crate::certificate::{Facts};
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Verdict};
use crate::requirement::web_server::names;
use super::names::dialled;

quality! {
    /// Where the certificate has dNSName entries, the dialled name is among them and not in the common name alone. As
    /// soon as one dNSName exists, a client that follows RFC 6125 looks at those entries only and no longer at the
    /// common name.
    ///
    /// Who is hurt: some clients and most things in between. Windows' own policy, proxies and load balancers differ
    /// here: what one accepts, the next refuses with CERT_CN_INVALID (0x10). The usual way to this certificate is a
    /// Windows Server 2003 authority that was given the intranet FQDN as subject and only the Internet FQDN in the
    /// request attribute `SAN:dns=`.
    ///
    /// How it is seen: in the leaf. A certificate without any dNSName is not concerned, because its common name counts
    /// for everybody of that time; nor is one that a client refuses altogether (client-accepts-name). A
    /// bridging ISA Server 2006 goes further on its inner leg: it reads the first entry only, and answers clients
    /// with HTTP 500, "the target principal name is incorrect", if the name it publishes stands second. ISA Server
    /// 2004 reads no entry at all.
    NAME_IN_SAN {
        slug: |_| "name-in-san",
        servers: None,
        title: "The name dialled is among the dNSNames of {}, where there are any",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        causes: &[&cause::NAME_ONLY_IN_COMMON_NAME],
        decided_by: Decider::Name,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    let Some(dialled) = dialled(of) else {
        return Verdict::NotApplicable("no name is given that clients would dial");
    };
    if names::address(dialled).is_some() {
        return Verdict::NotApplicable("an address was dialled, and addresses are no dNSNames");
    }
    if facts.dns_names().next().is_none() {
        return Verdict::NotApplicable("the certificate has no dNSName, so its common name counts");
    }
    if facts.dns_names().any(|name| names::is_taken_for(name, dialled)) {
        return Verdict::pass();
    }
    if !names::accepts(facts, dialled) {
        return Verdict::NotApplicable("the name dialled is nowhere on the certificate");
    }
    of.evidence("The name dialled is the common name only, and the certificate has dNSNames without it.")
        .expected(format!("dns:{dialled}"))
        .observed_all(names::listed(facts))
        .because(&cause::NAME_ONLY_IN_COMMON_NAME)
        .fail()
}

#[cfg(test)]
mod cases {
    use crate::rule::usage::Use;
    use crate::requirement::case::{Case, INTERNET, INTRANET, World};
    use crate::site::name::HostName;

    pub(super) fn all(of: Use) -> Vec<Case> {
        vec![
        ]
    }
}
