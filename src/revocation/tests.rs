//! The fetcher against web servers that do, and do not, do what web servers do.

use std::net::{IpAddr, Ipv4Addr};

use futures_util::future::join_all;
use time::macros::datetime;

use crate::certificate::Certificate;
use crate::lab::peer::{ClosedPort, Script, ScriptedPeer, Step};
use crate::lab::pki::Pki;
use crate::lab::pki::{CrlRecipe, Minted, Revoked};
use crate::lab::site::http::{Reserved, Server};
use crate::lab::site::pace::Pace;
use crate::lab::site::pages::{self, Page};
use crate::observation::bounds::{KEPT, LONGEST_URL, MOST_ISSUER_URLS, MOST_URLS};
use crate::observation::resolution::ResolutionSource;
use crate::revocation::allowed::Hosts;
use crate::revocation::wanted::{MOST_ABOVE, above, issuers_of, of_certificate};
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

    fn route<'a>(&'a self, _: &'a str, _: &'a HostName, _: u16) -> BoxFuture<'a, Result<Route, Failure>> {
        Box::pin(async { Ok(Route::default()) })
    }
}

fn clock() -> Timestamp {
    Timestamp(datetime!(2026-01-01 00:00 UTC))
}

fn fetcher(bounds: Bounds) -> Arc<CrlFetcher> {
    Arc::new(CrlFetcher::new(Arc::new(Loopback), clock, bounds, Allowed::default()))
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
    fetched(&fetcher(bounds), "inside", &url).await
}

fn answers(head: &str) -> Script {
    vec![Step::Listen, Step::Send(head.as_bytes().to_vec()), Step::Close]
}

/// What a list at a URL is asked for as, the first time.
async fn fetched(fetcher: &Arc<CrlFetcher>, vantage: &str, url: &str) -> CrlObservation {
    asked(fetcher, vantage, &Wanted::list(url), &Asker::trusted()).await.expect("asked for before")
}

/// What is handed on of something asked for; `None`: it was before.
async fn asked(fetcher: &Arc<CrlFetcher>, vantage: &str, wanted: &Wanted, asker: &Asker) -> Option<CrlObservation> {
    let (sink, mut source) = mpsc::channel(8);
    fetcher.fetch(&vantage.into(), wanted, asker, &sink).await;
    drop(sink);
    match source.recv().await {
        Some(Seen::Crl(seen)) => Some(*seen),
        other => {
            assert!(other.is_none(), "{other:?}");
            None
        }
    }
}

fn kind(seen: &CrlObservation) -> Option<Stop> {
    let had = [seen.body.is_some(), seen.extract.is_some(), seen.instead.is_some(), seen.failure.is_some()];
    assert_eq!(had.into_iter().filter(|had| *had).count(), 1, "one of all: {seen:?}");
    seen.failure.as_ref().map(|failure| failure.stop)
}

fn detail(seen: &CrlObservation) -> &str {
    &seen.failure.as_ref().expect("a failure").detail
}

fn a_list() -> Vec<u8> {
    let pki = Pki::lab().unwrap();
    pki.issuing.crl(&pki.issuing_crl()).unwrap()
}

#[tokio::test]
async fn a_list_is_fetched_once_however_many_ask() {
    let (server, port) = serve(|_| list(&a_list())).await;
    let (fetcher, wanted) = (fetcher(patient()), Wanted::list(format!("http://pki:{port}/Contoso Issuing CA.crl")));
    let (fetcher, wanted) = (&fetcher, &wanted);
    let all = join_all((0..50).map(|_| async move { asked(fetcher, "inside", wanted, &Asker::trusted()).await })).await;
    let handed_on: Vec<CrlObservation> = all.into_iter().flatten().collect();
    let [seen] = handed_on.as_slice() else { panic!("handed on {} times", handed_on.len()) };
    assert_eq!((seen.body.as_ref().unwrap().as_slice(), seen.status), (&a_list()[..], Some(200)));
    assert_eq!((seen.vantage.as_str(), &seen.url, seen.octets), ("inside", &wanted.url, Some(a_list().len() as u64)));
    let paths = || server.asked().into_iter().map(|asked| asked.path).collect::<Vec<_>>();
    assert_eq!(paths(), ["/Contoso%20Issuing%20CA.crl"]);
    fetched(fetcher, "outside", &wanted.url).await;
    assert_eq!(paths().len(), 2, "another vantage asks for itself");
}

#[tokio::test]
async fn whoever_stops_waiting_ends_nothing_for_the_others() {
    let (server, port) = serve(|_| list(&a_list())).await;
    let (fetcher, wanted) = (fetcher(patient()), Wanted::list(format!("http://pki:{port}/a.crl")));
    let (sink, mut source) = mpsc::channel(8);
    let (vantage, asker) = ("inside".into(), Asker::trusted());
    let mut first = Box::pin(fetcher.fetch(&vantage, &wanted, &asker, &sink));
    assert!(futures_util::poll!(&mut first).is_pending());
    drop(first);
    fetcher.fetch(&vantage, &wanted, &asker, &sink).await;
    assert!(matches!(source.try_recv(), Ok(Seen::Crl(seen)) if seen.body.is_some()));
    assert!(source.try_recv().is_err() && server.asked().len() == 1);
}

#[tokio::test]
async fn what_is_not_there_is_told_with_its_status() {
    let (_server, port) = serve(|_| pages::not_found()).await;
    let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{port}/a.crl")).await;
    assert_eq!((kind(&seen), seen.status), (Some(ExchangeFailure::HttpError.into()), Some(404)));
    assert_eq!(detail(&seen), "the server answered 404");
    let detailed = "HTTP/1.1 404 Not Found\r\nContent-Length: 27\r\n\r\n<h2>HTTP Error 404.11 - </h2>";
    let seen = scripted(answers(detailed), patient()).await;
    assert!(detail(&seen).starts_with("the server answered 404.11"), "{seen:?}");
}

#[tokio::test]
async fn of_what_is_no_list_nothing_is_kept_but_what_it_is() {
    for (body, what) in [
        (&b"<html>a secret of the network's</html>"[..], NotAList::WebPage),
        (b"", NotAList::Empty),
        (b"\x1f\x8b\x08 packed", NotAList::Compressed("gzip".into())),
        (b"root:x:0:0", NotAList::Other("text".into())),
    ] {
        let body: &'static [u8] = body;
        let (_server, port) = serve(move |_| list(body)).await;
        let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{port}/a.crl")).await;
        assert_eq!(kind(&seen), None, "what it is, is for others to judge");
        let instead = seen.instead.as_ref().unwrap();
        assert_eq!((&instead.what, instead.sha256.len(), seen.octets), (&what, 64, Some(body.len() as u64)));
        let written = serde_json::to_string(&seen).unwrap();
        assert!(!written.contains("secret") && !written.contains("c2VjcmV0"), "{written}");
    }
    let packed = "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc";
    let seen = scripted(answers(packed), patient()).await;
    assert_eq!(seen.instead.unwrap().what, NotAList::Compressed("br".into()));
}

#[tokio::test]
async fn issuers_and_answers_are_kept_where_they_are_that_and_not_otherwise() {
    let pki = Pki::lab().unwrap();
    let der = pki.issuing.der.clone();
    let (_server, port) = serve(move |path| list(if path == "/ca.crt" { &der } else { b"<html>" })).await;
    let fetcher = fetcher(patient());
    let issuer = |path: &str| Wanted::issuer(format!("http://pki:{port}/{path}"));
    let seen = asked(&fetcher, "inside", &issuer("ca.crt"), &Asker::trusted()).await.unwrap();
    assert_eq!(seen.body.unwrap().as_slice(), pki.issuing.der);
    let seen = asked(&fetcher, "inside", &issuer("page"), &Asker::trusted()).await.unwrap();
    assert_eq!(seen.instead.unwrap().what, NotAList::WebPage);
    let seen = asked(&fetcher, "inside", &question(port, "ocsp"), &Asker::trusted()).await.unwrap();
    assert_eq!(seen.instead.unwrap().what, NotAList::WebPage);
    let (sink, _source) = mpsc::channel(8);
    let had = fetcher.fetch(&"outside".into(), &issuer("ca.crt"), &Asker::trusted(), &sink).await;
    assert_eq!(had.issuers.len(), 1);
}

#[tokio::test]
async fn a_long_list_is_read_as_it_comes_and_its_extract_handed_on() {
    let pki = Pki::lab().unwrap();
    let entry = |number: u32| Revoked {
        serial: number.to_be_bytes().to_vec(),
        at: pki.issuing_crl().this_update,
        reason: None,
        certificate_issuer: None,
    };
    let recipe = (0..20_000).map(entry).fold(pki.issuing_crl(), CrlRecipe::entry);
    let long = pki.issuing.crl(&recipe).unwrap();
    assert!(long.len() > KEPT);
    let sent = long.clone();
    let (_server, port) = serve(move |_| list(&sent)).await;
    let seen = fetched(&fetcher(patient()), "inside", &format!("http://pki:{port}/a.crl")).await;
    let list = RevocationList::of_extract(*seen.extract.unwrap(), None).unwrap();
    assert_eq!((list.len(), seen.octets), (20_000, Some(long.len() as u64)));
}

#[tokio::test]
async fn redirects_are_followed_so_far() {
    let (server, port) = serve(|_| list(&a_list())).await;
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
        (vec![Step::Hold], "no answer within"),
        (vec![Step::Listen, Step::Hold], "no answer within"),
        (vec![Step::Listen, Step::Send(head.clone()), Step::Hold], "did not end, 1 octet came, within"),
        (vec![Step::Listen, Step::Send(head), Step::Drip(vec![0])], "came within"),
    ];
    for (script, words) in slow {
        let peer = ScriptedPeer::start(script).await.unwrap();
        let (fetcher, url) = (fetcher(short()), format!("http://pki:{}/a.crl", peer.address().port()));
        let (fetcher, wanted) = (&fetcher, &Wanted::list(url.as_str()));
        let all = join_all((0..20).map(|_| async move { asked(fetcher, "inside", wanted, &Asker::trusted()).await }));
        let told: Vec<CrlObservation> = all.await.into_iter().flatten().collect();
        let [seen] = told.as_slice() else { panic!("told {} times", told.len()) };
        assert_eq!(kind(seen), Some(ExchangeFailure::Timeout.into()));
        let detail = detail(seen);
        assert!(detail.contains("within 400 ms") && words.split(", ").all(|part| detail.contains(part)), "{detail}");
        assert_eq!(peer.connections(), 1);
    }
    let seen = fetched(&fetcher(short()), "inside", "http://never/a.crl").await;
    assert_eq!(kind(&seen), Some(ResolveFailure::Timeout.into()));
}

#[tokio::test]
async fn floods_are_cut_off() {
    let small = Bounds { octets: 100_000, octets_of_other: 1000, ..patient() };
    // A list that is all entries, and so many.
    let entry =
        [0x30, 18, 2, 1, 1, 0x17, 13, b'2', b'6', b'0', b'1', b'0', b'1', b'0', b'0', b'0', b'0', b'0', b'0', b'Z'];
    let name = [0x30, 13, 0x31, 11, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2, b'C', b'A'];
    let algorithm = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0];
    let date = &entry[5..];
    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n\x30\x84\x7f\xff\xff\xff\x30\x84\x7f\xff\x00\x00".to_vec();
    endless.extend([&[2, 1, 1][..], &algorithm, &name, date, b"\x30\x84\x7f\xfe\x00\x00"].concat());
    let endless = vec![Step::Listen, Step::Send(endless), Step::Flood(entry.repeat(200))];
    let seen = scripted(endless, small).await;
    assert_eq!(
        (kind(&seen), detail(&seen)),
        (
            Some(ExchangeFailure::TooLarge.into()),
            "what is sent has 2147483653 octets by its own head, and is larger than 100000"
        )
    );
    // One that is no longer than it may be, and has beside its entries more than is kept: our limit, and not the server's.
    let value = |tag: u8, content: &[u8]| {
        let [_, high, middle, low] = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x83, high, middle, low][..], content].concat()
    };
    let signed = value(0x30, &[&[2, 1, 1][..], &algorithm, &name, date].concat());
    let crowded = value(0x30, &[&signed[..], &algorithm, &value(3, &[0; 1000]).repeat(400)].concat());
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", crowded.len()).into_bytes();
    let seen = scripted(vec![Step::Listen, Step::Send([head, crowded].concat())], patient()).await;
    assert_eq!(kind(&seen), Some(ExchangeFailure::LocalLimit.into()));
    assert!(detail(&seen).contains("beyond what this program reads"), "{}", detail(&seen));
    let junk = vec![Step::Listen, Step::Send(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()), Step::Flood(vec![0x31; 400])];
    let seen = scripted(junk, small).await;
    assert_eq!(kind(&seen), Some(ExchangeFailure::TooLarge.into()));
    assert!(detail(&seen).contains("is no list, and is larger than 1000 octets"), "{}", detail(&seen));
    let headers = vec![Step::Listen, Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Flood(b"a: b\r\n".to_vec())];
    assert_eq!(kind(&scripted(headers, small).await), Some(ExchangeFailure::HttpError.into()));
    let whole = format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", "x".repeat(1000));
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
    let cut = answers("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort");
    let seen = scripted(cut, patient()).await;
    assert_eq!(
        detail(&seen),
        "the body was cut short after 5 octets: the peer closed the connection before the answer's end"
    );
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
async fn a_run_asks_for_so_much_and_no_more() {
    let (server, port) = serve(|_| list(&a_list())).await;
    let url = |name: &str| format!("http://pki:{port}/{name}.crl");
    let one = a_list().len() as u64;
    let fetcher = fetcher(Bounds { octets_of_all: one + one / 2, lists: 2, ..patient() });
    assert_eq!(kind(&fetched(&fetcher, "inside", &url("a")).await), None);
    assert_eq!(
        kind(&fetched(&fetcher, "inside", &url("b")).await),
        Some(ExchangeFailure::LocalLimit.into()),
        "too many octets"
    );
    assert_eq!(
        kind(&fetched(&fetcher, "inside", &url("c")).await),
        Some(ResolveFailure::LocalLimit.into()),
        "too many lists"
    );
    assert_eq!(server.asked().len(), 2, "the third is not asked for");
    assert!(asked(&fetcher, "inside", &Wanted::list(url("a")), &Asker::trusted()).await.is_none(), "told before");
}

/// A question to a responder on loopback about some certificate.
fn question(port: u16, about: &str) -> Wanted {
    Wanted { url: format!("http://ocsp:{port}/{about}"), sought: Sought::OcspAnswer }
}

#[tokio::test]
async fn a_server_that_never_answers_anything_is_not_waited_for_again() {
    let peer = ScriptedPeer::start(vec![Step::Listen, Step::Hold]).await.unwrap();
    let port = peer.address().port();
    let fetcher = fetcher(Bounds { at_once: 1, ..short() });
    let fetcher = &fetcher;
    let about = |number: usize| {
        if number.is_multiple_of(2) {
            question(port, &number.to_string())
        } else {
            Wanted::list(format!("http://ocsp:{port}/{number}"))
        }
    };
    let all = (0..20).map(|number| async move { asked(fetcher, "inside", &about(number), &Asker::trusted()).await });
    let all: Vec<CrlObservation> = join_all(all).await.into_iter().flatten().collect();
    assert!(all.len() == 20 && all.iter().all(|seen| kind(seen) == Some(ExchangeFailure::Timeout.into())));
    let again = all.iter().filter(|seen| detail(seen).starts_with("not asked again: ")).count();
    assert_eq!((again, peer.connections()), (19, 1));
    asked(fetcher, "outside", &about(0), &Asker::trusted()).await;
    assert_eq!(peer.connections(), 2, "another vantage asks for itself");
}

#[tokio::test]
async fn a_server_that_answers_something_is_asked_again_whatever_it_lets_hang() {
    let reserved = Reserved::at(Ipv4Addr::LOCALHOST.into()).await.unwrap();
    let port = reserved.address().unwrap().port();
    let hangs = |path: &str| path.starts_with("/hangs").then_some(Pace::After(Duration::from_secs(3600)));
    let server = reserved.serve_at(|_| list(&a_list()), move |asked| hangs(&asked.path).unwrap_or(Pace::AtOnce));
    let fetcher = fetcher(short());
    let url = |name: &str| format!("http://pki:{port}/{name}");
    assert_eq!(kind(&fetched(&fetcher, "inside", &url("a")).await), None);
    assert_eq!(kind(&fetched(&fetcher, "inside", &url("hangs1")).await), Some(ExchangeFailure::Timeout.into()));
    assert_eq!(kind(&fetched(&fetcher, "inside", &url("hangs2")).await), Some(ExchangeFailure::Timeout.into()));
    assert_eq!(kind(&fetched(&fetcher, "inside", &url("b")).await), None);
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn what_comes_to_nothing_has_a_budget_and_who_answered_is_asked_beyond_it() {
    let (server, port) = serve(|_| list(&a_list())).await;
    let silent =
        [ScriptedPeer::start(vec![Step::Hold]).await.unwrap(), ScriptedPeer::start(vec![Step::Hold]).await.unwrap()];
    let fetcher = fetcher(Bounds { in_vain_untrusted: Duration::from_millis(300), ..short() });
    let met = Asker { trusted: false, met_at: vec![Ipv4Addr::LOCALHOST.into()] };
    let at = |port: u16, name: &str| Wanted::list(format!("http://pki:{port}/{name}"));
    assert_eq!(kind(&asked(&fetcher, "inside", &at(port, "a"), &met).await.unwrap()), None);
    let [first, second] = silent.each_ref().map(|peer| at(peer.address().port(), "a"));
    assert_eq!(kind(&asked(&fetcher, "inside", &first, &met).await.unwrap()), Some(ExchangeFailure::Timeout.into()));
    let seen = asked(&fetcher, "inside", &second, &met).await.unwrap();
    assert_eq!(kind(&seen), Some(ConnectFailure::LocalLimit.into()));
    assert!(detail(&seen).contains("has waited 300ms in vain"), "{}", detail(&seen));
    assert_eq!(silent[1].connections(), 0);
    assert_eq!(kind(&asked(&fetcher, "inside", &at(port, "b"), &met).await.unwrap()), None);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_stranger_has_nobody_near_asked_and_spoils_it_for_no_one() {
    let (server, port) = serve(|_| list(&a_list())).await;
    let fetcher = fetcher(patient());
    let wanted = Wanted::list(format!("http://pki:{port}/a.crl"));
    let stranger = Asker { trusted: false, met_at: vec![Ipv4Addr::new(192, 0, 2, 1).into()] };
    let seen = asked(&fetcher, "inside", &wanted, &stranger).await.unwrap();
    assert_eq!(kind(&seen), Some(ExchangeFailure::NotFetched.into()));
    assert!(detail(&seen).starts_with("not asked: 127.0.0.1 is this machine's own"), "{}", detail(&seen));
    assert!(server.asked().is_empty());
    assert_eq!(kind(&asked(&fetcher, "inside", &wanted, &Asker::trusted()).await.unwrap()), None);
    // By a redirect neither, and by a name of the site's alone where that is wanted.
    let to = format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/b\r\nContent-Length: 0\r\n\r\n");
    let peer = ScriptedPeer::start(answers(&to)).await.unwrap();
    let site = Allowed { hosts: Hosts::Site, domains: vec!["contoso.com".into()] };
    let careful = Arc::new(CrlFetcher::new(Arc::new(Loopback), clock, patient(), site));
    let here = Asker { trusted: false, met_at: vec![Ipv4Addr::LOCALHOST.into()] };
    let at = |host: &str| Wanted::list(format!("http://{host}:{}/a", peer.address().port()));
    let seen = asked(&careful, "inside", &at("pki.fabrikam.com"), &here).await.unwrap();
    assert!(detail(&seen).contains("--revocation-hosts site") && peer.connections() == 0);
    let seen = asked(&careful, "inside", &at("pki.contoso.com"), &here).await.unwrap();
    assert!(detail(&seen).contains("--revocation-hosts site") && peer.connections() == 1, "redirected elsewhere");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_responder_that_refuses_is_asked_about_others_and_may_not_flood() {
    let (server, port) = serve(|path| if path == "/0" { pages::not_found() } else { list(&[0x30; 100]) }).await;
    let fetcher = fetcher(Bounds { octets_of_answer: 100, answers: 2, lists: 0, ..patient() });
    let ask = async |fetcher, about| asked(fetcher, "inside", &question(port, about), &Asker::trusted()).await.unwrap();
    assert_eq!(kind(&ask(&fetcher, "0").await), Some(ExchangeFailure::HttpError.into()));
    assert_eq!(kind(&ask(&fetcher, "1").await), None);
    assert_eq!(kind(&ask(&fetcher, "2").await), Some(ResolveFailure::LocalLimit.into()));
    assert_eq!(server.asked().len(), 2);
    let small = self::fetcher(Bounds { octets_of_answer: 99, ..patient() });
    assert_eq!(kind(&ask(&small, "1").await), Some(ExchangeFailure::TooLarge.into()));
}

#[test]
fn a_certificate_names_its_lists_once_each_and_a_root_none() {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let read = |bytes: &[u8]| Certificate::read(&Der::from(bytes));
    let urls = |of: &[u8]| of_certificate(&read(of), &[]).into_iter().map(|one| one.url).collect::<Vec<_>>();
    assert_eq!(urls(&leaf.der).len(), 2);
    assert!(urls(&leaf.der)[0].starts_with("ldap:///") && urls(&leaf.der)[1] == pki.issuing_crl_url());
    assert_eq!(urls(&pki.issuing.der)[1], pki.root_crl_url());
    assert!(urls(&pki.root.der).is_empty() && urls(b"nothing").is_empty());
    let many: Vec<String> = (0..20).map(|n| format!("http://pki/{n}.crl")).chain(["http://".repeat(400)]).collect();
    let hostile = pki.issue(&pki.web_server(&["a"]).cdp(&many)).unwrap();
    assert_eq!(urls(&hostile.der).len(), MOST_URLS);
}

#[test]
fn issuers_are_looked_for_at_so_many_urls_and_no_more() {
    let pki = Pki::lab().unwrap();
    let named = |urls: &[String]| {
        let recipe = pki.web_server(&["a"]).no_authority_information();
        let leaf = pki.issue(&urls.iter().fold(recipe, |recipe, url| recipe.ca_issuers(url))).unwrap();
        issuers_of(&Certificate::read(&Der::from(leaf.der.as_slice()))).len()
    };
    let many: Vec<String> = (0..=MOST_ISSUER_URLS).map(|n| format!("http://pki/{n}.crt")).collect();
    assert_eq!(
        (named(&many[..1]), named(&many[..MOST_ISSUER_URLS]), named(&many)),
        (1, MOST_ISSUER_URLS, MOST_ISSUER_URLS)
    );
    let long = |length: usize| format!("http://pki/{}", "a".repeat(length - 11));
    assert_eq!((named(&[long(LONGEST_URL)]), named(&[long(LONGEST_URL + 1)])), (1, 0));
    let lists = |length: usize| {
        let leaf = pki.issue(&pki.web_server(&["a"]).cdp(&[long(length)])).unwrap();
        of_certificate(&Certificate::read(&Der::from(leaf.der.as_slice())), &[]).len()
    };
    assert_eq!((lists(LONGEST_URL), lists(LONGEST_URL + 1)), (1, 0));
}

#[test]
fn so_many_certificates_above_one_another_are_looked_at() {
    let pki = Pki::lab().unwrap();
    let read = |minted: &Minted| Certificate::read(&Der::from(minted.der.as_slice()));
    // One authority's certificate, renewed again and again.
    let renewed = |n: usize| read(&pki.root.issue(&pki.issuing.recipe.clone().serial(&n.to_be_bytes())).unwrap());
    let many: Vec<Certificate> = (0..=MOST_ABOVE).map(renewed).collect();
    let chain = [read(&pki.issue(&pki.web_server(&["a"])).unwrap())];
    // The first is the certificate itself.
    assert_eq!(above(&chain, &many[..MOST_ABOVE - 1]).len(), MOST_ABOVE);
    assert_eq!(above(&chain, &many).len(), MOST_ABOVE);
}

#[test]
fn responders_are_asked_about_certificates_whose_issuer_is_known() {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"]).ocsp("http://ocsp.contoso.com/")).unwrap();
    let read = |bytes: &[u8]| Certificate::read(&Der::from(bytes));
    let asked = |issuers: &[Certificate]| {
        of_certificate(&read(&leaf.der), issuers).into_iter().filter(|one| one.sought == Sought::OcspAnswer).count()
    };
    assert_eq!((asked(&[read(&pki.issuing.der)]), asked(&[])), (1, 0));
}
