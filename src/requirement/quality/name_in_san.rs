//! `name-in-san`

use super::names::dialled;
use crate::certificate::Facts;
use crate::requirement::web_server::names;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

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
    use crate::requirement::case::{Case, INTERNET, INTRANET, World};
    use crate::rule::usage::Use;
    use crate::site::name::HostName;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        vec![
            Case::passes("among several", World::of(of, |r| r)),
            Case::passes("beside another common name", World::of(of, |r| r.cn("x").dns(&[INTERNET, INTRANET]))),
            Case::passes("a wildcard", World::of(of, |r| r.cn("x").dns(&["*.corp.contoso.com"]))),
            Case::fails(
                "in the common name only",
                World::of(of, |r| r.cn(INTRANET).dns(&[INTERNET])),
                "dns:mp01.corp.contoso.com",
            ),
            Case::not_applicable("no dNSName", World::of(of, |r| r.cn(INTRANET).no_san())),
            Case::not_applicable("nowhere at all", World::of(of, |r| r.cn(INTERNET).dns(&[INTERNET]))),
            Case::not_applicable(
                "an address dialled",
                World::of(of, |r| r)
                    .target(|target| target.name = HostName::new("10.1.0.21"))
                    .handshakes(|handshake| handshake.server_name = None),
            ),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        vec![
            Case::passes("among several", World::of(of, |r| r.cn("x").dns(&["other.contoso.com", World::dialled(of)]))),
            Case::fails(
                "in the common name only",
                World::of(of, |r| r.cn(World::dialled(of)).dns(&["other.contoso.com"])),
                "dns:other.contoso.com",
            ),
            Case::not_applicable("no dNSName", World::of(of, |r| r.cn(World::dialled(of)).no_san())),
        ]
    }
}
