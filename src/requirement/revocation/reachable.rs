//! `revocation/reachable`

use super::checked::{judge, not_had};
use crate::certificate::revocation_list::Scheme;
use crate::observation::failure::{ConnectFailure, ExchangeFailure, ResolveFailure, Stop};
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::vantage::Network;
use crate::trust::lists::checked::Checked;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// From where the clients stand, by the resolver they ask, the revocation list of the certificate and of every
    /// authority below the root can be fetched.
    ///
    /// Who is hurt: clients that check revocation. A list that cannot be found counts as revoked for the whole chain:
    /// the client drops every connection to the site system (0x80092013, CRYPT_E_REVOCATION_OFFLINE, in its logs) and
    /// becomes unmanaged. It fetches as the computer, so a proxy that wants a user to sign in is in the way.
    ///
    /// How it is seen: every http URL the certificates name is asked for once from each vantage, redirects followed. A
    /// directory or a share is not asked; on the Internet nobody reaches one.
    REACHABLE {
        id: "revocation/reachable",
        title: "Each certificate's revocation list can be fetched from where clients stand",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CRL, place: "What happens if the CRL cannot be located" },
        scope: Scope::EVERY_ENDPOINT,
        evidence: &[EvidenceSource::Handshake, EvidenceSource::RevocationList],
        remedy: "Publish the list at the URL the certificate names, make the name resolve and the port reachable for these clients, and let the computer account through any proxy on the way.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    judge(subject, |one| of_one(one, subject.target.network))
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
            return not_had(one.basis, evidence);
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
    let cause = kinds.map(|failure| cause(failure.stop)).next().unwrap_or("Nothing was sent.");
    let evidence = Evidence::new(format!("The revocation list of {who} cannot be fetched from here."))
        .expected("the list, from one of the URLs at least")
        .observed_all(tried())
        .cause(cause);
    not_had(one.basis, evidence)
}

/// What usually brings a failure about.
pub(in crate::requirement) const fn cause(stop: Stop) -> &'static str {
    match stop {
        Stop::Resolve(ResolveFailure::NotFetched) | Stop::Exchange(ExchangeFailure::NotFetched) => {
            "The list is where clients of this network do not fetch it from."
        }
        Stop::Resolve(_) => "The web server's name does not resolve where these clients stand.",
        Stop::Connect(ConnectFailure::Proxy(_)) => "The web proxy on the way does not get it.",
        Stop::Connect(_) | Stop::Exchange(ExchangeFailure::LocalLimit) => {
            "Nothing listens there, or something on the way keeps connections from it."
        }
        Stop::Exchange(ExchangeFailure::HttpError) => {
            "The web server has nothing at that path, or does not give it to anybody; on IIS a name with a plus sign (a delta list's) needs double escaping allowed."
        }
        Stop::Exchange(ExchangeFailure::TooLarge) => {
            "What is published there is no list, or one no client could load in time."
        }
        Stop::Exchange(ExchangeFailure::Timeout | ExchangeFailure::Deadline) => {
            "The web server hangs, or something on the way swallows the answer."
        }
        Stop::Handshake(_)
        | Stop::Exchange(
            ExchangeFailure::Reset
            | ExchangeFailure::Closed
            | ExchangeFailure::Alert
            | ExchangeFailure::ProtocolError
            | ExchangeFailure::EngineLimit
            | ExchangeFailure::NotAttempted,
        ) => "Something there answers, but not as a web server does.",
    }
}

#[cfg(test)]
mod cases {
    use crate::observation::failure::{ConnectFailure, ExchangeFailure, ResolveFailure, Stop};
    use crate::requirement::case::{Case, World, lab};
    use crate::trust::basis::RevocationMode;

    pub(super) fn all() -> Vec<Case> {
        let healthy = || World::web_server(|r| r).healthy_crls();
        let issuing = lab().issuing_crl_url();
        let missing = |kind: Stop, words| healthy().crl_failed(&issuing, kind, words);
        let ldap = || World::web_server(|r| r.cdp(&["ldap:///CN=Contoso%20Issuing%20CA,CN=CDP"])).healthy_crls();
        let two = |r: crate::lab::pki::Recipe| r.also_cdp(&["http://crl.contoso.com/second.crl"]);
        vec![
            Case::passes("both lists", healthy()),
            Case::passes("from the Internet", World::web_server(|r| r).from_internet().healthy_crls()),
            Case::passes(
                "one URL of two",
                World::web_server(two).healthy_crls().crl_failed(
                    "http://crl.contoso.com/second.crl",
                    ConnectFailure::Refused,
                    "refused",
                ),
            ),
            Case::passes("what is sent is another matter", healthy().crl(&issuing, b"<html>")),
            Case::fails(
                "nothing there",
                missing(ExchangeFailure::HttpError.into(), "the server answered 404"),
                "answered 404",
            ),
            Case::fails(
                "no such name",
                missing(ResolveFailure::NameNotFound.into(), "no such name"),
                "does not resolve",
            ),
            Case::fails("a server that hangs", missing(ExchangeFailure::Timeout.into(), "no answer in 20 s"), "hangs"),
            Case::fails(
                "the authority's own list",
                healthy().crl_failed(&lab().root_crl_url(), ExchangeFailure::HttpError, "the server answered 404"),
                "The revocation list of the authority CN=Contoso Issuing CA",
            ),
            Case::fails("a directory, from the Internet", ldap().from_internet(), "ldap:///"),
            Case::unknown("a directory, from inside", ldap()),
            Case::unknown("nobody asked", World::web_server(|r| r)),
            Case::unknown("no certificate seen", healthy().refused()),
            Case::not_applicable("no list is named at all", World::rooted(|r| r.no_cdp())),
            Case::not_applicable(
                "judged softly",
                missing(ExchangeFailure::HttpError.into(), "the server answered 404").revocation(RevocationMode::Soft),
            ),
            Case::not_applicable(
                "clients do not check",
                missing(ExchangeFailure::HttpError.into(), "404").site(|site| site.clients_check_revocation = false),
            ),
        ]
    }
}
