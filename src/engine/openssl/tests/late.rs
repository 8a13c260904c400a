//! Client certificates, asked for in the handshake and later.

use futures_util::future::BoxFuture;

use super::*;
use crate::engine::tap::HANDSHAKE_LIMIT;
use crate::lab::legacy::Pages;
use crate::lab::site::pages::Page;
use crate::plan::offer::LIST_LIMIT;

/// What a demand for a client certificate gives: versions, the demand's time, what it is seen as.
const DEMANDS: [(ProtocolVersion, When, RequestedWhen); 9] = [
    (SSL3, When::Handshake, RequestedWhen::Handshake),
    (TLS1_0, When::Handshake, RequestedWhen::Handshake),
    (TLS1_2, When::Handshake, RequestedWhen::Handshake),
    (TLS1_3, When::Handshake, RequestedWhen::Handshake),
    (SSL3, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_0, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_1, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_2, When::AfterRequest, RequestedWhen::Renegotiation),
    (TLS1_3, When::AfterRequest, RequestedWhen::PostHandshake),
];

#[tokio::test]
async fn the_sites_own_client_is_let_in_wherever_it_is_asked() {
    for (version, when, seen_as) in DEMANDS {
        for required in [true, false] {
            let mut server = legacy(version);
            server.demand = Demand { required, ..Demand::required(when, &roots()) };
            let hello = Hello { identity: own_client(), ..hello() };
            let seen = probe(server, &hello, "/protected/list").await;
            let case = format!("{version} {when:?} {required}: {:?} {:?}", seen.stopped, seen.visit);
            assert_eq!(seen.status(), Some(200), "{case}");
            assert_eq!(seen.when(), Some(seen_as), "{case}");
            assert!(seen.handshake.client_certificate_sent, "{case}");
            assert_eq!(seen.handshake.later_chain, None, "{case}");
            let presented = hello.identity.as_ref().map(|identity| identity.chain[0].as_slice().to_vec());
            assert_eq!(seen.visit.client_certificate, presented, "{case}");
        }
    }
}

/// Pages that are longer than a handshake may be.
struct Long;

const LONG: usize = HANDSHAKE_LIMIT + HANDSHAKE_LIMIT / 2;

impl Pages for Long {
    fn protects(&self, _: &str) -> bool {
        true
    }

    fn answer<'a>(&'a self, _: &'a str, _: &'a str, _: bool) -> BoxFuture<'a, Page> {
        let body = "x".repeat(LONG).into();
        let page = Page { status: 200, reason: "OK", media_type: "text/plain", headers: Vec::new(), body };
        Box::pin(std::future::ready(page))
    }
}

#[tokio::test]
async fn an_answer_longer_than_a_handshake_may_be_is_read_whole_wherever_the_client_is_asked() {
    for (version, when, _) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand::required(when, &roots());
        server.pages = Arc::new(Long);
        let server = start(server).await;
        let hello = Hello { identity: own_client(), ..hello() };
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let Performed::Session(session) = perform(stream, &hello, &Capture::default()).await else {
            panic!("{version} {when:?}: no session")
        };
        let request = Request { method: Method::Get, path: "/list".into(), most: LIST_LIMIT };
        let seen = exchange::perform(session, "mp01.contoso.com", 443, &request, clock, hello.deadline).await;
        let came = seen.answer.map(|answer| answer.body.len());
        assert_eq!((came, seen.failure), (Some(LONG), None), "{version} {when:?}");
    }
}

#[tokio::test]
async fn without_a_certificate_or_with_a_strangers_a_demanding_server_sends_an_alert() {
    for (version, when, seen_as) in DEMANDS {
        for identity in [None, stranger()] {
            let mut server = legacy(version);
            server.demand = Demand::required(when, &roots());
            let hello = Hello { identity: identity.clone(), ..hello() };
            let seen = probe(server, &hello, "/protected/list").await;
            let case = format!(
                "{version} {when:?} {}: {:?} {:?} {:?}",
                identity.is_some(),
                seen.stopped,
                seen.exchange,
                seen.visit
            );
            assert_eq!(seen.status(), None, "{case}");
            let alerted =
                [Stop::from(HandshakeFailure::Alert), ExchangeFailure::Alert.into()].map(Some).contains(&seen.ended());
            assert!(alerted, "{case}");
            assert_eq!(seen.when(), Some(seen_as), "{case}");
            assert_eq!(seen.handshake.client_certificate_sent, identity.is_some(), "{case}");
            let expected = match (identity.is_some(), version) {
                // SSL 3.0 has no alert for an authority it does not know.
                (true, SSL3) => &[42][..],
                (true, _) => &[48],
                (false, TLS1_3) => &[116],
                (false, _) => &[40],
            };
            let last = seen.handshake.alerts.last().copied();
            assert!(last.is_some_and(|alert| expected.contains(&alert.description)), "{case} {last:?}");
            assert_eq!(last.and_then(|alert: Alert| alert.level), Some(2), "{case}");
            let late = version == TLS1_3 && when == When::Handshake;
            assert_eq!(seen.handshake.aftermath, late.then_some(Aftermath::Alert), "{case}");
            assert_eq!(seen.handshake.chain.len(), 2, "{case}");
        }
    }
}

#[tokio::test]
async fn a_server_that_only_asks_answers_by_itself() {
    for (version, when, seen_as) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand::optional(when, &roots());
        let seen = probe(server, &hello(), "/protected/list").await;
        let case = format!("{version} {when:?}: {:?} {:?}", seen.stopped, seen.visit);
        assert_eq!(seen.status(), Some(403), "{case}");
        assert_eq!(seen.when(), Some(seen_as), "{case}");
        assert!(!seen.handshake.client_certificate_sent, "{case}");
    }
}

#[tokio::test]
async fn a_session_ticket_ends_the_wait_for_a_refusal() {
    for identity in [None, own_client()] {
        let mut server = legacy(TLS1_3);
        server.demand = Demand::optional(When::Handshake, &roots());
        let server = start(server).await;
        let hello = Hello { identity, ..hello() };
        let capture = Capture::default();
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let Performed::Session(session) = perform(stream, &hello, &capture).await else { panic!("{capture:?}") };
        let until = Instant::now() + Duration::from_secs(60);
        settle(session, &capture, until).await;
        assert_eq!(capture.lock().aftermath, Some(Aftermath::Silence));
        assert!(Instant::now() < until);
    }
}

#[tokio::test]
async fn a_server_that_takes_anybody_lets_the_stranger_in() {
    for (version, when, seen_as) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand { when, required: true, trust: Trust::Anybody, names: Vec::new() };
        let seen = probe(server, &Hello { identity: stranger(), ..hello() }, "/protected/list").await;
        assert_eq!((seen.status(), seen.when()), (Some(200), Some(seen_as)), "{version} {when:?}");
    }
}

#[tokio::test]
async fn the_authorities_a_server_names_are_kept_whenever_it_asks() {
    let pki = Pki::lab().unwrap();
    let named = [&pki.root, &pki.issuing].map(|one| one.der.clone());
    for (version, when, _) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand { names: named.to_vec(), ..Demand::optional(when, &roots()) };
        let seen = probe(server, &hello(), "/protected/list").await;
        let request = seen.handshake.client_certificate_request.unwrap();
        let names: Vec<String> =
            request.accepted_issuers.iter().map(|name| crate::certificate::Name::read(name).unwrap().text).collect();
        assert_eq!(names, ["CN=Contoso Root CA", "CN=Contoso Issuing CA, DC=contoso, DC=com"], "{version} {when:?}");
    }
}

#[tokio::test]
async fn a_path_that_is_not_protected_asks_for_nothing() {
    for version in [SSL3, TLS1_2, TLS1_3] {
        let mut server = legacy(version);
        server.demand = Demand::required(When::AfterRequest, &roots());
        let seen = probe(server, &hello(), "/").await;
        assert_eq!((seen.status(), seen.when()), (Some(200), None), "{version}");
    }
}

#[tokio::test]
async fn another_certificate_in_the_second_handshake_is_kept_apart() {
    let pki = Pki::lab().unwrap();
    let other = pki.issue(&pki.web_server(&["other.contoso.com"])).unwrap();
    for version in [SSL3, TLS1_0, TLS1_2] {
        let mut server = legacy(version);
        server.demand = Demand::optional(When::AfterRequest, &roots());
        server.presented_later = Some(Identity::of(&other).unwrap());
        let seen = probe(server, &hello(), "/protected").await;
        assert_eq!(seen.handshake.chain[0].as_slice(), web_server().der, "{version}");
        let later = seen.handshake.later_chain.unwrap_or_default();
        assert_eq!(later.first().map(Der::as_slice), Some(other.der.as_slice()), "{version}");
    }
}

#[tokio::test]
async fn a_server_that_asks_again_and_again_is_followed_so_far_and_no_further() {
    for version in [TLS1_0, TLS1_2, TLS1_3] {
        for (times, status) in [(3, Some(403)), (4, None), (50, None)] {
            let mut server = legacy(version);
            server.demand = Demand::optional(When::AgainAndAgain(times), &roots());
            let seen = probe(server, &hello(), "/protected").await;
            assert_eq!(seen.status(), status, "{version} {times}: {:?} {:?}", seen.exchange, seen.visit);
            if status.is_none() {
                assert_eq!(seen.ended(), Some(ExchangeFailure::ProtocolError.into()), "{version} {times}");
            }
        }
    }
}

#[tokio::test]
async fn without_an_offer_of_late_authentication_a_tls_1_3_server_cannot_ask() {
    let mut server = legacy(TLS1_3);
    server.demand = Demand::required(When::AfterRequest, &roots());
    let seen = probe(server, &Hello { late_authentication: false, ..hello() }, "/protected").await;
    assert_eq!((seen.status(), seen.when()), (None, None));
}

#[tokio::test]
async fn a_weak_client_key_that_rustls_cannot_load_is_presented() {
    let pki = Pki::lab().unwrap();
    for (key, signature) in [(KeyName::Rsa1024, Signature::Sha1), (KeyName::P521, Signature::Sha256)] {
        let weak = pki.issue(&Recipe::client("ws01").key(key).signed_with(signature)).unwrap();
        for version in [TLS1_0, TLS1_2] {
            let mut server = legacy(version);
            server.demand = Demand::required(When::AfterRequest, &roots());
            let seen = probe(server, &Hello { identity: client(&weak), ..hello() }, "/protected").await;
            assert_eq!(seen.status(), Some(200), "{key:?} {version}: {:?} {:?}", seen.exchange, seen.visit);
        }
    }
}

/// Probes a server that knows nothing of RFC 5746.
async fn probe_unpatched(version: ProtocolVersion, asks: bool, hello: &Hello, path: &str) -> Seen {
    let presented = Identity::of(&web_server()).unwrap();
    let server = Unpatched { presented, version, asks, pages: Arc::new(Greeting) };
    let server = server.start(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
    visit(server.address(), || server.visits().pop(), hello, path).await
}

#[tokio::test]
async fn a_server_without_rfc_5746_is_met_and_followed_into_its_second_handshake() {
    for version in [SSL3, TLS1_0] {
        let plain = probe_unpatched(version, true, &hello(), "/").await;
        assert_eq!(plain.status(), Some(200), "{version}: {:?} {:?}", plain.stopped, plain.visit);
        assert_eq!(plain.handshake.secure_renegotiation, Some(false));
        assert_eq!((plain.when(), plain.handshake.version), (None, Some(version)));
        for (identity, status) in [(own_client(), 200), (None, 403)] {
            let hello = Hello { identity: identity.clone(), ..hello() };
            let seen = probe_unpatched(version, true, &hello, "/protected").await;
            let case = format!("{version} {status}: {:?} {:?}", seen.exchange, seen.visit);
            assert_eq!(seen.status(), Some(status), "{case}");
            assert_eq!(seen.when(), Some(RequestedWhen::Renegotiation), "{case}");
            assert_eq!(seen.handshake.client_certificate_sent, identity.is_some(), "{case}");
            let presented = identity.map(|identity| identity.chain[0].as_slice().to_vec());
            assert_eq!(seen.visit.client_certificate, presented, "{case}");
            assert_eq!(seen.handshake.later_chain, None, "{case}");
        }
    }
}

#[tokio::test]
async fn nobody_to_whom_there_is_an_objection_sees_the_clients_certificate() {
    for (version, when, _) in DEMANDS {
        let mut server = legacy(version);
        server.demand = Demand::optional(when, &roots());
        let objection: Option<Arc<Objection>> = Some(Arc::new(|chain| Some(format!("{} of an impostor", chain.len()))));
        let seen = probe(server, &Hello { identity: own_client(), objection, ..hello() }, "/protected/list").await;
        let case = format!("{version} {when:?}: {:?} {:?}", seen.stopped, seen.visit);
        let stopped = seen.stopped.as_ref().unwrap();
        assert!(stopped.is(HandshakeFailure::NotPresented), "{case}");
        assert!(stopped.detail.contains("was not presented: 2 of an impostor"), "{case}");
        assert_eq!(seen.visit.client_certificate, None, "{case}");
        assert!(!seen.handshake.client_certificate_sent && !seen.handshake.completed, "{case}");
        assert_eq!(seen.handshake.chain.len(), 2, "{case}");

        let mut server = legacy(version);
        server.demand = Demand::required(when, &roots());
        let objection: Option<Arc<Objection>> = Some(Arc::new(|_| None));
        let seen = probe(server, &Hello { identity: own_client(), objection, ..hello() }, "/protected/list").await;
        assert_eq!((seen.status(), seen.handshake.client_certificate_sent), (Some(200), true), "{version} {when:?}");
    }
}

#[tokio::test]
async fn who_speaks_rfc_5746_once_is_not_let_off_later() {
    let hello = hello();
    let mut ssl = prepare(&hello, &Arc::new(Listener::new(Capture::default(), &hello))).unwrap();
    let left = ffi::clear_options(&mut ssl, context::WITHOUT_RFC_5746);
    assert_eq!(left & context::WITHOUT_RFC_5746, 0);
    let mut server = legacy(TLS1_2);
    server.demand = Demand::required(When::AfterRequest, &roots());
    let seen = probe(server, &Hello { identity: own_client(), ..hello }, "/protected/list").await;
    assert_eq!((seen.handshake.secure_renegotiation, seen.status()), (Some(true), Some(200)));
}
