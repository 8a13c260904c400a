//! `crl-reachable`

use super::lists::{judge_lists, network};
use crate::certificate::Facts;
use crate::certificate::revocation_list::Scheme;
use crate::observation::failure::FailureKind;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::site::vantage::Network;
use crate::trust::lists::checked::Checked;
use crate::verdict::{Evidence, Verdict};

quality! {
    /// From where the clients stand, by the resolver they ask, the revocation list of the certificate and of every
    /// authority below the root can be fetched.
    ///
    /// Who is hurt: clients that check revocation. A list that cannot be found counts as revoked for the whole chain:
    /// the client drops every connection to the site system (0x80092013, CRYPT_E_REVOCATION_OFFLINE, in its logs) and
    /// becomes unmanaged. It fetches as the computer, so a proxy that wants a user to sign in is in the way.
    ///
    /// How it is seen: every http URL the certificates name is asked for once from each vantage, redirects followed. A
    /// directory or a share is not asked; on the Internet nobody reaches one.
    CRL_REACHABLE {
        slug: |_| "crl-reachable",
        servers: Some("revocation/reachable"),
        title: "The revocation lists for {} can be fetched from where they are checked",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File, EvidenceSource::RevocationList],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, _: &Facts) -> Verdict {
    let network = network(of);
    judge_lists(of, |one| of_one(one, network))
}

fn of_one(one: &Checked<'_>, network: Network) -> Verdict {
    if one.sources.is_empty() {
        return Verdict::NotApplicable("the certificate names no revocation list");
    }
    let tried = || one.sources.iter().map(|source| source.words());
    if one.has_content() {
        return Verdict::Pass(tried().collect());
    }
    let who = one.who();
    let mut http = one.sources.iter().filter(|source| source.scheme == Scheme::Http).peekable();
    if http.peek().is_none() {
        // A directory without a host is that of the client's own forest.
        let inside_only = one.sources.iter().all(|source| match source.scheme {
            Scheme::Ldap => source.url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("ldap:///")),
            Scheme::File => true,
            Scheme::Http | Scheme::Https | Scheme::Other => false,
        });
        if inside_only && network == Network::Internet {
            let evidence =
                Evidence::new("A certificate's revocation list is where clients on the Internet cannot reach.")
                    .expected("a list published over http")
                    .observed_all(tried())
                    .cause("The certificate names the directory or a share alone.");
            return evidence.fail();
        }
        return Verdict::unknown(
            format!("{who} names no http URL, and directories and shares are not asked"),
            "certutil -verify -urlfetch on a member of the forest",
        );
    }
    if http.any(|source| source.fetched.is_none()) {
        return Verdict::unknown(format!("the revocation list of {who} was not asked for"), "a run that fetches lists");
    }
    let kinds = one.sources.iter().filter_map(|source| source.fetched.as_ref()?.failure.as_ref());
    let cause = kinds.map(|failure| cause(failure.kind)).next().unwrap_or("Nothing was sent.");
    let evidence = Evidence::new(format!("The revocation list of {who} cannot be fetched from here."))
        .expected("the list, from one of the URLs at least")
        .observed_all(tried())
        .cause(cause);
    evidence.fail()
}

/// What usually brings a failure about.
pub(in crate::requirement) const fn cause(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NameNotFound
        | FailureKind::NoData
        | FailureKind::ServerFailure
        | FailureKind::QueryRefused
        | FailureKind::MalformedAnswer
        | FailureKind::AliasLoop
        | FailureKind::ResolveTimeout
        | FailureKind::NameUnusable
        | FailureKind::ResolveError => "The web server's name does not resolve where these clients stand.",
        FailureKind::ConnectionRefused
        | FailureKind::ConnectionTimeout
        | FailureKind::Unreachable
        | FailureKind::ProxyRefused
        | FailureKind::LocalLimit => "Nothing listens there, or something on the way keeps connections from it.",
        FailureKind::HttpError => {
            "The web server has nothing at that path, or does not give it to anybody; on IIS a name with a plus sign (a delta list's) needs double escaping allowed."
        }
        FailureKind::NotFetched => "The list is where clients of this network do not fetch it from.",
        FailureKind::TooLarge => "What is published there is no list, or one no client could load in time.",
        FailureKind::ExchangeTimeout | FailureKind::DeadlineExceeded | FailureKind::HandshakeTimeout => {
            "The web server hangs, or something on the way swallows the answer."
        }
        FailureKind::ConnectionReset
        | FailureKind::ConnectionClosed
        | FailureKind::Alert
        | FailureKind::PlainHttp
        | FailureKind::NotTls
        | FailureKind::ProtocolError
        | FailureKind::EngineLimit
        | FailureKind::IdentityUnusable
        | FailureKind::NotAttempted => "Something there answers, but not as a web server does.",
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::FailureKind;
    use crate::requirement::case::{Case, World, lab};
    use crate::rule::usage::Use;
    use crate::trust::basis::RevocationMode;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let healthy = || World::of(of, |r| r).healthy_crls();
        let issuing = lab().issuing_crl_url();
        let missing = |kind, words| healthy().crl_failed(&issuing, kind, words);
        let ldap = || World::of(of, |r| r.cdp(&["ldap:///CN=Contoso%20Issuing%20CA,CN=CDP"])).healthy_crls();
        let two = |r: crate::lab::pki::Recipe| r.also_cdp(&["http://crl.contoso.com/second.crl"]);
        vec![
            Case::passes("both lists", healthy()),
            Case::passes("from the Internet", World::of(of, |r| r).from_internet().healthy_crls()),
            Case::passes(
                "one URL of two",
                World::of(of, two).healthy_crls().crl_failed(
                    "http://crl.contoso.com/second.crl",
                    FailureKind::ConnectionRefused,
                    "refused",
                ),
            ),
            Case::passes("what is sent is another matter", healthy().crl(&issuing, b"<html>")),
            Case::fails("nothing there", missing(FailureKind::HttpError, "the server answered 404"), "answered 404"),
            Case::fails("no such name", missing(FailureKind::NameNotFound, "no such name"), "does not resolve"),
            Case::fails("a server that hangs", missing(FailureKind::ExchangeTimeout, "no answer in 20 s"), "hangs"),
            Case::fails(
                "the authority's own list",
                healthy().crl_failed(&lab().root_crl_url(), FailureKind::HttpError, "the server answered 404"),
                "The revocation list of the authority CN=Contoso Issuing CA",
            ),
            Case::fails("a directory, from the Internet", ldap().from_internet(), "ldap:///"),
            Case::unknown("a directory, from inside", ldap()),
            Case::unknown("nobody asked", World::of(of, |r| r)),
            Case::not_applicable("no list is named at all", World::rooted(|r| r.no_cdp())),
            Case::fails(
                "judged softly",
                missing(FailureKind::HttpError, "the server answered 404").revocation(RevocationMode::Soft),
                "404",
            ),
            Case::not_applicable(
                "clients do not check",
                missing(FailureKind::HttpError, "404").site(|site| site.clients_check_revocation = false),
            ),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let healthy = || World::of(of, |r| r).healthy_crls();
        let url = lab().issuing_crl_url();
        let dead = || healthy().crl_failed(&url, FailureKind::ConnectionRefused, "nobody there");
        vec![
            Case::passes("both lists", healthy()),
            Case::fails("the issuing authority's cannot be had", dead(), "nobody there"),
            Case::not_applicable("not judged", dead().revocation(RevocationMode::Off)),
        ]
    }
}
