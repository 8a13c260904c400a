//! `crl-reachable`

use std::sync::Arc;

use super::lists::{because, judge_lists, network, of_unreached};
use crate::certificate::Facts;
use crate::certificate::distribution_point::DistributionPoint;
use crate::certificate::ocsp_response::Status;
use crate::certificate::revocation_list::Scheme;
use crate::observation::bounds::{LONGEST_URL, MOST_URLS};
use crate::observation::failure::{Failure, Stop};
use crate::requirement::reachability::name_resolves::in_the_server;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::site::vantage::Network;
use crate::trust::lists::checked::Checked;
use crate::trust::lists::fault::Unreached;
use crate::trust::lists::ocsp::{self, Answered, Responder};
use crate::trust::lists::store::Asked;
use crate::verdict::cause::{Cause, Culprit};
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
    judge_lists(of, |one| reachable(one, network))
}

/// Whether a certificate's list is had at one of the URLs it names, for those who stand in this network.
pub fn reachable(one: &Checked<'_>, network: Network) -> Verdict {
    if one.sources.is_empty() {
        return Verdict::NotApplicable("the certificate names no revocation list");
    }
    let tried = || one.sources.iter().map(|source| source.words());
    if one.has_content() {
        return Verdict::Pass(tried().collect());
    }
    let who = one.who();
    let http = || one.sources.iter().filter(|source| source.scheme == Scheme::Http);
    if http().next().is_none() {
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
            return because(evidence, Some("directory-only")).fail();
        }
        if one.sources.iter().all(|source| source.scheme == Scheme::Https) {
            let evidence = Evidence::new(format!("The revocation list of {who} is named over https alone."))
                .expected("a list published over http")
                .observed_all(tried())
                .cause("Windows fetches no lists over https.");
            return because(evidence, Some("https-only")).fail();
        }
        return Verdict::unknown(
            format!("{who} names no http URL, and directories and shares are not asked"),
            "certutil -verify -urlfetch on a member of the forest",
        );
    }
    let not_asked = || http().filter(|source| source.fetched.is_none());
    if let Some(long) = not_asked().find(|source| source.url.len() > LONGEST_URL) {
        let octets = long.url.len();
        return Verdict::unknown(
            format!(
                "the URL of the revocation list of {who} has {octets} octets, and none longer than {LONGEST_URL} is asked"
            ),
            "certutil -verify -urlfetch on a client",
        );
    }
    if not_asked().next().is_some() {
        return Verdict::unknown(format!("the revocation list of {who} was not asked for"), "a run that fetches lists");
    }
    let mut why = http().filter_map(|source| Some((source, source.unreached()?)));
    let Some((source, why)) = why.clone().find(|(_, why)| *why != Unreached::Ours) else {
        let words = why.next().map_or_else(|| "nothing was sent".to_owned(), |(source, _)| source.words());
        return Verdict::unknown(
            format!("the revocation list of {who} was not had, by a limit of this program's: {words}"),
            "certutil -verify -urlfetch on a client",
        );
    };
    let named = one.facts.distribution_points.iter().flat_map(DistributionPoint::urls).count();
    if named > MOST_URLS {
        return Verdict::unknown(
            format!(
                "none of the first {MOST_URLS} URLs of the revocation list of {who} gave it, and of its {named} no more are asked"
            ),
            "certutil -verify -urlfetch on a client",
        );
    }
    let evidence = of_unreached(format!("The revocation list of {who} cannot be fetched from here."), source.url, why)
        .expected("the list, from one of the URLs at least")
        .observed_all(tried())
        .observed_all(good_by_ocsp(one));
    let failure = source.fetched.as_ref().and_then(|fetched| fetched.failure.as_ref());
    match failure.and_then(|failure| name_server(one, source.from.as_deref(), failure)) {
        Some((cause, culprit)) => evidence.because(cause).culprit(culprit).fail(),
        None => evidence.fail(),
    }
}

/// Who says by OCSP that the certificate is good: who asks there first needs no list; who does not, and what else the list
/// is for, does.
fn good_by_ocsp(one: &Checked<'_>) -> Option<String> {
    let stapled = one.staple.and_then(|staple| ocsp::said(staple, one).ok()) == Some(Status::Good);
    let says_good = |responder: &Responder| matches!(responder.answered(one), Answered::Said(Status::Good));
    let who = match one.responders().into_iter().find(says_good) {
        Some(responder) => format!("the OCSP responder {}", responder.url),
        None if stapled => "the OCSP response the server stapled".to_owned(),
        None => return None,
    };
    Some(format!("{who}: good; clients that ask by OCSP first get in"))
}

/// The name server that knows no answer, where that keeps something from being had, at the vantage where one is named, else
/// from where lists are asked for: it is to be put right, not the URL.
pub(in crate::requirement) fn name_server(
    one: &Checked<'_>,
    from: Option<&str>,
    failure: &Failure,
) -> Option<(&'static Cause, Culprit)> {
    let Stop::Resolve(kind) = failure.stop else { return None };
    let cause = in_the_server(kind)?;
    let name = match (from, one.asked) {
        (Some(from), _) => from,
        (None, Asked::From(vantage)) => vantage,
        (None, Asked::Anywhere) => return None,
    };
    let vantage = one.basis.site.vantages.iter().find(|vantage| *vantage.name == *name)?;
    let servers: Vec<String> = vantage.dns.iter().map(ToString::to_string).collect();
    let server = if servers.is_empty() { "this machine's own".to_owned() } else { servers.join(", ") };
    Some((cause, Culprit::Resolver { vantage: Arc::clone(&vantage.name), server: server.into() }))
}

#[cfg(test)]
mod cases {
    use super::{MOST_URLS, Stop};
    use crate::lab::pki::OcspRecipe;
    use crate::observation::failure::{ConnectFailure, ExchangeFailure, ResolveFailure};
    use crate::requirement::case::{Case, NOW, World, lab};
    use crate::rule::usage::Use;
    use crate::trust::basis::RevocationMode;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let healthy = || World::of(of, |r| r).healthy_crls();
        let issuing = lab().issuing_crl_url();
        let missing = |kind: Stop, words| healthy().crl_failed(&issuing, kind, words);
        let ldap = || World::of(of, |r| r.cdp(&["ldap:///CN=Contoso%20Issuing%20CA,CN=CDP"])).healthy_crls();
        let dead = |count: usize| {
            let urls: Vec<String> = (0..count).map(|n| format!("http://crl{n}.contoso.com/a.crl")).collect();
            let named: Vec<&str> = urls.iter().map(String::as_str).collect();
            let world = World::of(of, |r| r.cdp(&named)).healthy_crls();
            let asked = urls.iter().take(MOST_URLS);
            asked.fold(world, |world, url| world.crl_failed(url, ExchangeFailure::HttpError, "the server answered 404"))
        };
        let two = |r: crate::lab::pki::Recipe| r.also_cdp(&["http://crl.contoso.com/second.crl"]);
        vec![
            Case::passes("both lists", healthy()),
            Case::passes("from the Internet", World::of(of, |r| r).from_internet().healthy_crls()),
            Case::passes(
                "one URL of two",
                World::of(of, two).healthy_crls().crl_failed(
                    "http://crl.contoso.com/second.crl",
                    ConnectFailure::Refused,
                    "refused",
                ),
            ),
            Case::fails(
                "no list, and a responder that says good",
                World::asking(OcspRecipe::at(NOW.0)).healthy_crls().crl_failed(
                    &issuing,
                    ExchangeFailure::HttpError,
                    "the server answered 404",
                ),
                "clients that ask by OCSP first get in",
            ),
            Case::unknown(
                "a URL longer than any that is asked",
                World::of(of, |r| r.cdp(&[&format!("http://pki.contoso.com/{}.crl", "a".repeat(2048))])).healthy_crls(),
            ),
            Case::unknown("more URLs than are asked, and nothing at the first", dead(MOST_URLS + 1)),
            Case::fails("as many as are asked, and nothing there", dead(MOST_URLS), "answered 404"),
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
            Case::fails(
                "a name server that says nothing",
                missing(ResolveFailure::Timeout.into(), "it did not answer in time"),
                "did not answer in time",
            ),
            Case::fails("a server that hangs", healthy().crl_silent(&issuing), "Cause(list-host-silent)"),
            Case::fails(
                "an answer that does not end",
                missing(ExchangeFailure::Timeout.into(), "the answer did not end, 20 octets came within 20s"),
                "Cause(list-never-ends)",
            ),
            Case::fails(
                "the authority's own list",
                healthy().crl_failed(&lab().root_crl_url(), ExchangeFailure::HttpError, "the server answered 404"),
                "The revocation list of the authority CN=Contoso Issuing CA",
            ),
            Case::fails("a directory, from the Internet", ldap().from_internet(), "ldap:///"),
            Case::unknown("a directory, from inside", ldap()),
            Case::unknown("nobody asked", World::of(of, |r| r)),
            Case::not_applicable("no list is named at all", World::rooted(|r| r.no_cdp())),
            Case::fails(
                "judged softly",
                missing(ExchangeFailure::HttpError.into(), "the server answered 404").revocation(RevocationMode::Soft),
                "404",
            ),
            Case::fails(
                "over https alone",
                World::of(of, |r| r.cdp(&["https://pki.contoso.com/a.crl"])).healthy_crls(),
                "over HTTPS",
            ),
            Case::unknown(
                "a limit of ours",
                missing(ExchangeFailure::LocalLimit.into(), "4096 other lists were before"),
            ),
            Case::fails(
                "a web proxy wants a user",
                missing(ExchangeFailure::HttpError.into(), "the server answered 407").crl_status(&issuing, 407),
                "credentials",
            ),
            Case::fails(
                "forbidden, beside a directory",
                missing(ExchangeFailure::HttpError.into(), "the server answered 403").crl_status(&issuing, 403),
                "does not give the list to everybody",
            ),
            Case::not_applicable(
                "clients do not check",
                missing(ExchangeFailure::HttpError.into(), "404").site(|site| site.clients_check_revocation = false),
            ),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let healthy = || World::of(of, |r| r).healthy_crls();
        let url = lab().issuing_crl_url();
        let dead = || healthy().crl_failed(&url, ConnectFailure::Refused, "nobody there");
        vec![
            Case::passes("both lists", healthy()),
            Case::fails("the issuing authority's cannot be had", dead(), "nobody there"),
            Case::not_applicable("not judged", dead().revocation(RevocationMode::Off)),
        ]
    }
}
