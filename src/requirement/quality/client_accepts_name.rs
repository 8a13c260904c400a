//! `client-accepts-name`

use super::names::dialled;
use crate::certificate::{Certificate, Facts};
use crate::requirement::web_server::names;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::met::MetChain;
use crate::rule::quality::{Decider, quality};
use crate::rule::subject::EndpointSubject;
use crate::site::name::HostName;
use crate::trust::path::fault::named;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::{Evidence, Verdict};

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
    let evidence = of.evidence("A client that dials this name refuses the certificate: the name is not on it.");
    let evidence = names::missing(evidence, facts, dialled);
    let cluster = of.endpoint().and_then(|endpoint| endpoint.target.expectation.cluster.as_ref());
    let is_cluster =
        |name: &Option<HostName>| name.as_ref().is_some_and(|name| name.as_str().eq_ignore_ascii_case(dialled));
    if cluster.is_some_and(|cluster| is_cluster(&cluster.intranet_fqdn) || is_cluster(&cluster.internet_fqdn)) {
        return evidence.because(&cause::NODE_LACKS_CLUSTER_NAME).fail();
    }
    if let Some(better) = fitting(of, dialled) {
        let evidence = evidence.because(&cause::WRONG_CERTIFICATE_BOUND).observed(better);
        return Evidence { culprit: None, ..evidence }.fail();
    }
    evidence.fail()
}

/// A certificate met at the same endpoint, or at another address of the name, that has the name, in words.
fn fitting(of: &Credential<'_>, dialled: &str) -> Option<String> {
    let endpoint = of.endpoint()?;
    let has_it = |leaf: &Certificate| leaf.facts().is_some_and(|facts| names::accepts(facts, dialled));
    here(endpoint, dialled).or_else(|| {
        let (address, leaf) = endpoint.elsewhere.iter().find(|(_, leaf)| has_it(leaf))?;
        Some(format!("at {address}: {}, which has the name", named(leaf)))
    })
}

/// A certificate met at the same endpoint that has the name, in words.
fn here(endpoint: &EndpointSubject<'_>, dialled: &str) -> Option<String> {
    let fits = |met: &&MetChain| met.leaf().facts().is_some_and(|facts| names::accepts(facts, dialled));
    let met = endpoint.met.iter().find(fits)?;
    let how = met.on.first().map(|meeting| meeting.words()).unwrap_or_default();
    Some(format!("{how}: {}, which has the name", named(met.leaf())))
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::San;
    use crate::plan::OfferLabel;
    use crate::requirement::case::{ADDRESS, Case, INTERNET, INTRANET, World, lab};
    use crate::rule::usage::Use;
    use crate::site::Site;
    use crate::site::name::HostName;
    use crate::site::profile::Profile;
    use crate::site::windows::WindowsVersion;
    use crate::wire::der::Der;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let dialling = |world: World, name: &str| world.target(|target| target.name = HostName::new(name));
        let by_address =
            |world: World| dialling(world, "10.1.0.21").handshakes(|handshake| handshake.server_name = None);
        let another = lab().issue(&lab().web_server(&["another.contoso.com"])).unwrap();
        let nameless = |bend: fn(&mut Site)| {
            let der = Der::from(another.der.as_slice());
            let world = World::of(of, |r| r).current_branch().site(bend);
            world.also(OfferLabel::WithoutServerName, move |seen| {
                seen.handshake.server_name = None;
                if let Some(first) = seen.handshake.chain.first_mut() {
                    *first = der.clone();
                }
            })
        };
        vec![
            Case::passes("a dNSName", World::of(of, |r| r)),
            Case::passes("the common name alone", World::of(of, |r| r.cn(INTRANET).no_san())),
            Case::passes("the common name, beside other dNSNames", World::of(of, |r| r.cn(INTRANET).dns(&[INTERNET]))),
            Case::passes("another to clients that send no server name, which none does", nameless(|_| ())),
            Case::fails(
                "another to clients that send no server name, and one is declared",
                nameless(|site| site.windows = vec![WindowsVersion::XpSp3]),
                "another.contoso.com",
            ),
            Case::fails(
                "another to clients that send no server name, of 2007",
                nameless(|site| site.profile = Profile::NativeMode2007),
                "another.contoso.com",
            ),
            Case::passes("in capitals", dialling(World::of(of, |r| r), "MP01.Corp.Contoso.COM")),
            Case::passes(
                "a trailing dot on the certificate",
                World::of(of, |r| r.cn("x").dns(&["mp01.corp.contoso.com."])),
            ),
            Case::passes("a wildcard for its first label", World::of(of, |r| r.cn("x").dns(&["*.corp.contoso.com"]))),
            Case::passes("the NetBIOS name dialled", dialling(World::of(of, |r| r.cn("MP01").no_san()), "mp01")),
            Case::passes("an endpoint without a definition", World::of(of, |r| r).given()),
            Case::passes(
                "an address among the alternative names",
                by_address(World::of(of, |r| r.san(San::Ip(ADDRESS.ip())))),
            ),
            Case::passes("an address as common name", by_address(World::of(of, |r| r.cn("10.1.0.21").no_san()))),
            Case::passes(
                "an address dialled, and the name sent on request",
                dialling(World::of(of, |r| r), "10.1.0.21"),
            ),
            Case::fails("another name", World::of(of, |r| r.cn(INTERNET).dns(&[INTERNET])), "dns:mp.contoso.com"),
            Case::fails(
                "names-joined-by-ampersand",
                World::of(of, |r| r.cn("mp01.corp.contoso.com&mp.contoso.com").no_san()),
                "names-joined-by-ampersand",
            ),
            Case::fails(
                "a wildcard two labels up",
                World::of(of, |r| r.cn("x").dns(&["*.contoso.com"])),
                "wildcard-does-not-cover",
            ),
            Case::fails(
                "the FQDN, and the NetBIOS name dialled",
                dialling(World::of(of, |r| r), "MP01"),
                "short-name-configured",
            ),
            Case::fails(
                "an address as dNSName",
                by_address(World::of(of, |r| r.cn("x").dns(&["10.1.0.21"]))),
                "address-dialled",
            ),
            Case::fails("an address dialled", by_address(World::of(of, |r| r)), "address-dialled"),
            Case::fails(
                "a blank behind the name",
                World::of(of, |r| r.cn("x").dns(&["mp01.corp.contoso.com "])),
                "is the name and a blank",
            ),
            Case::fails(
                "a character without a width in the name",
                World::of(of, |r| r.cn("mp01\u{200b}.corp.contoso.com").no_san()),
                "U+200B",
            ),
            Case::fails(
                "a letter of another alphabet",
                World::of(of, |r| r.cn("mp01.c\u{43e}rp.contoso.com").no_san()),
                "(U+043E) where the name has",
            ),
            Case::fails(
                "what a request is written with before the name",
                World::of(of, |r| r.cn("x").dns(&["dns=mp01.corp.contoso.com"])),
                "holds more than the name",
            ),
            Case::fails("no names", World::of(of, |r| r.no_cn().no_san()), "no name at all"),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        vec![
            Case::passes("a dNSName", World::of(of, |r| r.dns(&[World::dialled(of)]))),
            Case::fails(
                "another name",
                World::of(of, |r| r.cn("x").dns(&["other.contoso.com"])),
                "dns:other.contoso.com",
            ),
        ]
    }
}
