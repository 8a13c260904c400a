//! `distribution-point`

use super::lists::{because, judge_lists, outside};
use crate::certificate::Facts;
use crate::certificate::oid;
use crate::certificate::revocation_list::Scheme;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::trust::lists::checked::Checked;
use crate::verdict::{Evidence, Verdict};

quality! {
    /// The certificate and every authority's below the root say where their revocation list is; where clients on the
    /// Internet connect, over http at least once. The places are written into a certificate when it is issued: one
    /// that names Active Directory alone (`ldap:///…`, what an authority does by default) can only be replaced.
    ///
    /// What a client presents is checked by servers, and a server outside the forest cannot ask the directory: there a
    /// certificate that names the directory alone fails, too, as a warning.
    ///
    /// Who is hurt: clients that check revocation. Those outside cannot ask the directory; no list counts as revoked
    /// for the whole chain, and every connection to management points, distribution points, software update points and
    /// state migration points fails.
    ///
    /// How it is seen: the CRL Distribution Points extension of the certificates in the handshake.
    DISTRIBUTION_POINT {
        slug: |_| "distribution-point",
        servers: Some("revocation/distribution-point"),
        title: "{} and its authorities say where their revocation lists are",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let asked_by = if outside(of) {
        AskedBy::InternetClients
    } else if of.of.is_client() {
        AskedBy::Servers
    } else {
        AskedBy::Members
    };
    judge_lists(of, |one| distribution_point(one, asked_by))
}

/// Who has to fetch the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// Clients on the Internet.
    InternetClients,
    /// Servers a client shows the certificate to, which may stand outside its forest.
    Servers,
    /// Members of the forest alone.
    Members,
}

/// Whether a certificate says where its list is; where those who check may stand outside the forest, over http.
pub fn distribution_point(one: &Checked<'_>, asked_by: AskedBy) -> Verdict {
    let who = one.who();
    if let Some(what) = one.facts.unread(oid::CRL_DISTRIBUTION_POINTS) {
        return Verdict::unknown(format!("{who}: {what}"), "a certificate whose extension can be read");
    }
    if one.sources.is_empty() {
        let cause = if one.facts.ocsp_responders.is_empty() {
            "The authority has no CRL distribution point configured for the certificates it issues."
        } else {
            "The authority names an OCSP responder alone, which clients before Windows Vista do not ask."
        };
        let evidence = Evidence::new("A certificate names no revocation list.")
            .expected("an http:// CRL distribution point")
            .observed(format!("{who}: no CRL distribution point"))
            .cause(cause);
        return because(evidence, Some("no-distribution-point")).fail();
    }
    let http = one.sources.iter().filter(|source| source.scheme == Scheme::Http).map(|source| source.url);
    let http: Vec<&str> = http.collect();
    if let Some(first) = http.first() {
        return Verdict::pass_with(*first);
    }
    if one.sources.iter().all(|source| source.scheme == Scheme::Other) {
        let quoted = |url: &str| format!("{who}: \u{201c}{url}\u{201d}");
        let evidence = Evidence::new("A certificate names no place that Windows fetches a revocation list from.")
            .expected("an http:// CRL distribution point")
            .observed_all(one.sources.iter().map(|source| quoted(source.url)))
            .cause(
                "What the authority writes into the certificates it issues is no URL of http, a directory or a file.",
            );
        return because(evidence, Some("no-distribution-point")).fail();
    }
    let message = match asked_by {
        AskedBy::Members => return Verdict::pass_with(format!("{who}: inside the forest only")),
        AskedBy::InternetClients => "A certificate names no revocation list that clients on the Internet can fetch.",
        AskedBy::Servers => "A certificate names no revocation list that a server outside the forest can fetch.",
    };
    let evidence = Evidence::new(message)
        .expected("an http:// CRL distribution point")
        .observed_all(one.sources.iter().map(|source| format!("{who}: {}", source.url)))
        .cause("The authority writes Active Directory's location alone into the certificates it issues, which is the default.");
    let https = one.sources.iter().all(|source| source.scheme == Scheme::Https);
    because(evidence, Some(if https { "https-only" } else { "directory-only" })).fail()
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;
    use crate::site::ClientConnections;
    use crate::trust::basis::RevocationMode;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let inside = |world: World| world.expecting(|of| of.client_connections = Some(ClientConnections::Intranet));
        let ldap = || World::of(of, |r| r.cdp(&["ldap:///CN=Contoso%20Issuing%20CA,CN=PKI01,CN=CDP"]));
        vec![
            Case::passes("ldap, then http", World::of(of, |r| r)),
            Case::passes("ldap alone, inside", inside(ldap())),
            Case::fails("ldap alone, where Internet clients connect", ldap(), "ldap:///CN=Contoso"),
            Case::fails("ldap alone, seen outside", inside(ldap()).from_internet(), "ldap:///CN=Contoso"),
            Case::fails("https alone", World::of(of, |r| r.cdp(&["https://pki.contoso.com/a.crl"])), "https://pki"),
            Case::fails(
                "a path without a scheme, inside",
                inside(World::of(of, |r| r.cdp(&["pki/a.crl"]))),
                "pki/a.crl",
            ),
            Case::fails("an empty URL, inside", inside(World::of(of, |r| r.cdp(&[""]))), "no place that Windows"),
            Case::passes("a share, inside", inside(World::of(of, |r| r.cdp(&["file://pki/cdp/a.crl"])))),
            Case::fails("none at all", World::of(of, |r| r.no_cdp()), "no CRL distribution point"),
            Case::fails("none at all, inside", inside(World::of(of, |r| r.no_cdp())), "no CRL distribution point"),
            Case::fails(
                "an OCSP responder alone",
                World::of(of, |r| r.no_cdp().ocsp("http://ocsp.contoso.com")),
                "before Windows Vista",
            ),
            Case::fails(
                "the authority has none",
                World::issuing_authority(|r| r.no_cdp()),
                "the authority CN=Contoso Issuing",
            ),
            Case::not_applicable(
                "clients do not check",
                World::of(of, |r| r.no_cdp()).site(|site| site.clients_check_revocation = false),
            ),
            Case::not_applicable("not judged", World::of(of, |r| r.no_cdp()).revocation(RevocationMode::Off)),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let ldap_alone =
            World::of(of, |r| r.cdp(&["ldap:///CN=Contoso%20Issuing%20CA,CN=PKI01,CN=CDP"])).from_internet();
        vec![
            Case::passes("http", World::of(of, |r| r)),
            Case::fails("ldap alone", ldap_alone, "ldap:///CN=Contoso"),
            Case::fails("none", World::of(of, |r| r.no_cdp()), "no CRL distribution point"),
            Case::not_applicable("not judged", World::of(of, |r| r.no_cdp()).revocation(RevocationMode::Off)),
        ]
    }
}
