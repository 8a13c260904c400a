//! The fetcher against web servers that do, and do not, do what web servers do.

use std::net::{IpAddr, Ipv4Addr};

use futures_util::future::join_all;
use time::macros::datetime;

use crate::lab::peer::{ClosedPort, Script, ScriptedPeer, Step};
use crate::lab::pki::Pki;
use crate::lab::site::http::{Reserved, Server};
use crate::lab::site::pages::{self, Page};
use crate::observation::resolution::ResolutionSource;
use crate::revocation::*;

/// Everything is on loopback; `nowhere` has no address, `never` is never resolved.
struct Loopback;

impl Footing for Loopback {
    fn resolve<'a>(&'a self, _: &'a str, host: &'a HostName, _: u16) -> BoxFuture<'a, Arc<Resolution>> {
        Box::pin(async move {
            if host.as_str() == "never" {
                std::future::pending::<()>().await;
            }
            let failure = (host.as_str() == "nowhere")
                .then(|| Failure::new(ResolveFailure::NameNotFound, "the name does not exist"));
            let addresses = if failure.is_some() { vec![] } else { vec![IpAddr::V4(Ipv4Addr::LOCALHOST)] };
            Arc::new(Resolution {
                name: host.as_str().to_owned(),
                source: ResolutionSource::Machine,
                addresses,
                aliases: Vec::new(),
                failure,
                took: None,
            })
        })
    }

    fn route<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Route, Failure>> {
        Box::pin(async { Ok(Route::default()) })
    }
}

fn clock() -> Timestamp {
    Timestamp(datetime!(2026-01-01 00:00 UTC))
}

fn fetcher(bounds: Bounds) -> CrlFetcher {
    CrlFetcher::new(Arc::new(Loopback), clock, bounds)
}

/// Patient enough for a busy machine.
fn patient() -> Bounds {
    Bounds { whole: Duration::from_secs(60), connect: Duration::from_secs(60), ..Bounds::default() }
}

/// For servers that are waited for in vain.
fn short() -> Bounds {
    Bounds { whole: Duration::from_millis(400), ..Bounds::default() }
}

async fn serve(answer: impl Fn(&str) -> Page + Send + Sync + 'static) -> (Server, u16) {
    let reserved = Reserved::at(Ipv4Addr::LOCALHOST.into()).await.unwrap();
    let port = reserved.address().unwrap().port();
    (reserved.serve(move |asked| answer(&asked.path)), port)
}

fn list(body: &[u8]) -> Page {
    Page { status: 200, reason: "OK", media_type: "application/pkix-crl", headers: Vec::new(), body: body.to_vec() }
}

/// What comes of asking a peer that follows a script.
async fn scripted(script: Script, bounds: Bounds) -> CrlObservation {
    let peer = ScriptedPeer::start(script).await.unwrap();
    let url = format!("http://pki:{}/a.crl", peer.address().port());
    CrlObservation::clone(&*fetched(&fetcher(bounds), "inside", &url).await)
}

fn answers(head: &str) -> Script {
    vec![Step::Listen, Step::Send(head.as_bytes().to_vec()), Step::Close]
}

/// What a list at a URL is asked for as.
async fn fetched(fetcher: &CrlFetcher, vantage: &str, url: &str) -> Arc<CrlObservation> {
    fetcher.fetch(vantage, &Wanted::list(url)).await
}

fn kind(seen: &CrlObservation) -> Option<Stop> {
    assert_eq!(seen.body.is_none(), seen.failure.is_some(), "bytes or a reason: {seen:?}");
    seen.failure.as_ref().map(|failure| failure.stop)
}

#[tokio::test]
async fn a_list_is_fetched_once_however_many_ask() {
    let (server, port) = serve(|_| list(b"bytes")).await;
    let (fetcher, url) = (fetcher(patient()), format!("http://pki:{port}/Contoso Issuing CA.crl"));
    let (handed_on, wanted) = (AtomicUsize::new(0), Wanted::list(url.as_str()));
    let ask = |_| {
        fetcher.fetch_then("inside", &wanted, |seen| {
            assert!(seen.body.is_some());
            handed_on.fetch_add(1, Ordering::Relaxed);
            async {}
        })
    };
    let all = join_all((0..50).map(ask)).await;
    assert!(all.iter().all(|seen| seen.body.as_ref().unwrap().as_slice() == b"bytes" && seen.status == Some(200)));
    assert!(all.iter().all(|seen| seen.vantage == "inside" && seen.url == url && seen.took.is_some()));
    assert_eq!(handed_on.load(Ordering::Relaxed), 1);
    let paths = || server.asked().into_iter().map(|asked| asked.path).collect::<Vec<_>>();
    assert_eq!(paths(), ["/Contoso%20Issuing%20CA.crl"]);
    fetched(&fetcher, "outside", &url).await;
    assert_eq!(paths().len(), 2, "another vantage asks for itself");
}

#[tokio::test]
async fn what_is_not_there_is_told_with_its_status() {
    let (_server, port) = serve(|_| pages::not_found()).await;
    let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{port}/a.crl")).await;
    assert_eq!((kind(&seen), seen.status), (Some(ExchangeFailure::HttpError.into()), Some(404)));
    assert_eq!(seen.failure.as_ref().unwrap().detail, "the server answered 404");
    let (_server, port) = serve(|_| list(b"<html>sign in</html>")).await;
    let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{port}/a.crl")).await;
    assert_eq!(kind(&seen), None, "a page is for others to judge");
    let (_server, port) = serve(|_| list(b"")).await;
    let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{port}/a.crl")).await;
    assert_eq!(seen.body.as_ref().unwrap().as_slice(), b"");
}

#[tokio::test]
async fn redirects_are_followed_so_far() {
    let (server, port) = serve(|_| list(b"there")).await;
    let to =
        |location: &str| answers(&format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));
    let seen = scripted(to(&format!("http://other:{port}/b.crl")), patient()).await;
    assert_eq!((kind(&seen), seen.status), (None, Some(200)));
    assert_eq!(server.asked().len(), 1);
    let peer = ScriptedPeer::start(to("/a.crl")).await.unwrap();
    let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{}/a.crl", peer.address().port())).await;
    assert_eq!((kind(&seen), seen.status), (Some(ExchangeFailure::HttpError.into()), Some(302)));
    assert!(seen.failure.as_ref().unwrap().detail.contains("more than 5 times"));
    assert_eq!(peer.connections(), 6, "the question, and five redirects");
    assert_eq!(kind(&scripted(to("https://pki/a.crl"), patient()).await), Some(ExchangeFailure::NotFetched.into()));
    let nowhere = answers("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(kind(&scripted(nowhere, patient()).await), Some(ExchangeFailure::HttpError.into()));
}

#[tokio::test]
async fn servers_that_never_end_cost_their_bound_once() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n0".to_vec();
    let slow: [(Script, &str); 4] = [
        (vec![Step::Hold], "did not answer within"),
        (vec![Step::Listen, Step::Hold], "did not answer within"),
        (vec![Step::Listen, Step::Send(head.clone()), Step::Hold], "did not end, 1 octets came, within"),
        (vec![Step::Listen, Step::Send(head), Step::Drip(vec![0])], "octets came"),
    ];
    for (script, words) in slow {
        let peer = ScriptedPeer::start(script).await.unwrap();
        let (fetcher, url) = (fetcher(short()), format!("http://pki:{}/a.crl", peer.address().port()));
        let all = join_all((0..20).map(|_| fetched(&fetcher, "inside", &url))).await;
        let again = fetched(&fetcher, "inside", &url).await;
        assert_eq!(kind(&again), Some(ExchangeFailure::Timeout.into()));
        let detail = &again.failure.as_ref().unwrap().detail;
        assert!(all.iter().all(|seen| seen.failure == again.failure) && detail.contains("within 400ms"), "{detail}");
        assert!(words.split(", ").all(|part| detail.contains(part)), "{detail}");
        assert_eq!(peer.connections(), 1);
    }
    let seen = fetched(&fetcher(short()), "inside", "http://never/a.crl").await;
    assert_eq!(kind(&seen), Some(ResolveFailure::Timeout.into()));
}

#[tokio::test]
async fn floods_are_cut_off() {
    let small = Bounds { octets: 100_000, ..patient() };
    let announced = answers("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n");
    let endless = vec![Step::Listen, Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), Step::Flood(vec![0x30; 4096])];
    let headers = vec![Step::Listen, Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Flood(b"a: b\r\n".to_vec())];
    for (script, kind_) in [
        (announced, ExchangeFailure::TooLarge),
        (endless, ExchangeFailure::TooLarge),
        (headers, ExchangeFailure::HttpError),
    ] {
        assert_eq!(kind(&scripted(script, small).await), Some(kind_.into()));
    }
    let whole = format!("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{}", "x".repeat(100_000));
    assert_eq!(kind(&scripted(answers(&whole), small).await), None, "the bound itself is within it");
}

#[tokio::test]
async fn broken_answers_have_names() {
    let cases: [(Script, ExchangeFailure); 4] = [
        (answers("SSH-2.0-OpenSSH_9.2\r\n"), ExchangeFailure::HttpError),
        (vec![Step::Listen, Step::Close], ExchangeFailure::Closed),
        (vec![Step::Listen, Step::Reset], ExchangeFailure::Reset),
        (answers("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"), ExchangeFailure::Closed),
    ];
    for (script, expected) in cases {
        assert_eq!(kind(&scripted(script.clone(), patient()).await), Some(expected.into()), "{script:?}");
    }
    let closed = ClosedPort::take((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{}/", closed.address().port())).await;
    assert_eq!(kind(&seen), Some(ConnectFailure::Refused.into()));
    let seen = fetched(&fetcher(patient()), "inside", "http://nowhere/a.crl").await;
    assert_eq!(kind(&seen), Some(ResolveFailure::NameNotFound.into()));
}

#[tokio::test]
async fn what_is_not_http_is_not_asked() {
    for url in ["ldap:///CN=a", "https://pki/a.crl", "file://server/share/a.crl", "pki/a.crl"] {
        let seen = fetched(&fetcher(patient()), "inside", url).await;
        assert_eq!((kind(&seen), seen.took), (Some(ResolveFailure::NotFetched.into()), None), "{url}");
    }
}

#[tokio::test]
async fn a_run_keeps_so_many_lists_and_no_more() {
    let (server, port) = serve(|_| list(&[0; 60])).await;
    let url = |name: &str| format!("http://pki:{port}/{name}.crl");
    let fetcher = fetcher(Bounds { octets_of_all: 100, lists: 2, ..patient() });
    assert_eq!(kind(&*fetched(&fetcher, "inside", &url("a")).await), None);
    assert_eq!(
        kind(&*fetched(&fetcher, "inside", &url("b")).await),
        Some(ExchangeFailure::LocalLimit.into()),
        "no room for its octets"
    );
    assert_eq!(kind(&*fetched(&fetcher, "inside", &url("c")).await), Some(ResolveFailure::LocalLimit.into()));
    assert_eq!(server.asked().len(), 2, "the third is not asked for");
    assert_eq!(kind(&*fetched(&fetcher, "inside", &url("a")).await), None);
}

/// A question to a responder on loopback about some certificate.
fn question(port: u16, about: &str) -> Wanted {
    Wanted { url: format!("http://ocsp:{port}/{about}"), sought: Sought::OcspAnswer }
}

#[tokio::test]
async fn a_responder_that_never_answers_is_not_waited_for_again() {
    let peer = ScriptedPeer::start(vec![Step::Listen, Step::Hold]).await.unwrap();
    let fetcher = fetcher(Bounds { at_once: 1, ..short() });
    let port = peer.address().port();
    let (fetcher, ask) = (&fetcher, |number: usize| question(port, &number.to_string()));
    let all = join_all((0..20).map(|number| async move { fetcher.fetch("inside", &ask(number)).await })).await;
    assert!(all.iter().all(|seen| kind(seen) == Some(ExchangeFailure::Timeout.into())));
    let again =
        all.iter().filter(|seen| seen.failure.as_ref().unwrap().detail.starts_with("not asked again: ")).count();
    assert_eq!((again, peer.connections()), (19, 1));
    assert_eq!(
        kind(&*fetched(fetcher, "inside", &format!("http://ocsp:{port}/a.crl")).await),
        Some(ExchangeFailure::Timeout.into())
    );
    assert_eq!(peer.connections(), 2, "a list there is another matter");
    fetcher.fetch("outside", &ask(0)).await;
    assert_eq!(peer.connections(), 3, "and so is another vantage");
}

#[tokio::test]
async fn a_responder_that_refuses_is_asked_about_others_and_may_not_flood() {
    let (server, port) = serve(|path| if path == "/0" { pages::not_found() } else { list(&[0x30; 100]) }).await;
    let fetcher = fetcher(Bounds { octets_of_answer: 100, answers: 2, lists: 0, ..patient() });
    assert_eq!(kind(&*fetcher.fetch("inside", &question(port, "0")).await), Some(ExchangeFailure::HttpError.into()));
    assert_eq!(kind(&*fetcher.fetch("inside", &question(port, "1")).await), None);
    assert_eq!(kind(&*fetcher.fetch("inside", &question(port, "2")).await), Some(ResolveFailure::LocalLimit.into()));
    assert_eq!(server.asked().len(), 2);
    let small = self::fetcher(Bounds { octets_of_answer: 99, ..patient() });
    assert_eq!(kind(&*small.fetch("inside", &question(port, "1")).await), Some(ExchangeFailure::TooLarge.into()));
}

#[test]
fn a_chain_names_its_lists_once_each_and_the_root_none() {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let der = |bytes: &[u8]| Der::from(bytes);
    let chain = [der(&leaf.der), der(&pki.issuing.der), der(&pki.issuing.der), der(&pki.root.der), der(b"nothing")];
    let wanted = of_chain(&chain, &[]);
    assert!(wanted.iter().all(|one| one.sought == Sought::List));
    let urls: Vec<&String> = wanted.iter().map(|one| &one.url).collect();
    assert_eq!(urls.iter().filter(|url| url.starts_with("ldap:///")).count(), 2);
    assert_eq!(*urls[1], pki.issuing_crl_url());
    assert_eq!(*urls[3], pki.root_crl_url());
    assert_eq!(urls.len(), 4);
    let many: Vec<String> = (0..20).map(|n| format!("http://pki/{n}.crl")).chain(["http://".repeat(400)]).collect();
    let hostile = pki.issue(&pki.web_server(&["a"]).cdp(&many)).unwrap();
    assert_eq!(of_chain(&[der(&hostile.der)], &[]).len(), MOST_URLS);
}

#[test]
fn responders_are_asked_about_certificates_whose_issuer_is_known() {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"]).ocsp("http://ocsp.contoso.com/")).unwrap();
    let der = |bytes: &[u8]| Der::from(bytes);
    let asked = |chain: &[Der], issuers: &[Certificate]| {
        of_chain(chain, issuers).into_iter().filter(|one| one.sought == Sought::OcspAnswer).count()
    };
    assert_eq!(asked(&[der(&leaf.der), der(&pki.issuing.der)], &[]), 1);
    assert_eq!(asked(&[der(&leaf.der)], &[]), 0);
    assert_eq!(asked(&[der(&leaf.der)], &[Certificate::read(&der(&pki.issuing.der))]), 1);
}
