//! What is asked of a server that may yet refuse the client's certificate: at once, and once more, patiently, where the end of
//! the connection does not say what it was about.

use super::*;
use crate::lab::site::http;
use crate::lab::site::pages::Page;
use crate::observation::failure::ExchangeFailure;

/// A request as a client makes it, with nothing but it.
fn asking(label: OfferLabel, engine: EngineId) -> Offer {
    let request = Some(Request { method: Method::Get, path: "/".into(), most: BODY_LIMIT });
    Offer { request, engines: [engine].into(), ..offer(label) }
}

/// Whom a server takes: anybody, or those with a certificate of the lab's root.
fn accepts(anybody: bool) -> ClientAuth {
    let roots = vec![Pki::lab().unwrap().root.der.clone()];
    let accepts = |roots| Accepts { authorities: Vec::new(), roots, at: crate::lab::pki::LAB_EPOCH };
    if anybody { ClientAuth::Optional(accepts(None)) } else { ClientAuth::Required(accepts(Some(roots))) }
}

/// One that answers, or closes the connection, when it has read the request.
async fn server(client_auth: ClientAuth, sends_tickets: bool, answers: bool) -> TlsServer {
    let serve: crate::lab::server::Serve = Arc::new(move |mut session| {
        Box::pin(async move {
            let Ok(Some(asked)) = http::read(&mut session).await else { return };
            if answers {
                let page =
                    Page { status: 200, reason: "OK", media_type: "", headers: Vec::new(), body: b"here".to_vec() };
                let _ = http::write(&mut session, &asked, &page).await;
            }
        })
    });
    let presenting = presenting("mp01.corp.contoso.com");
    TlsServer::start(Options { client_auth, sends_tickets, serve: Some(serve), ..presenting }).await.unwrap()
}

/// What one request meets, where nothing that is waited for in vain would end before the test does.
async fn ask(server: &TlsServer, engine: EngineId, settle: Duration) -> Observation {
    let at = server.address();
    let settings = Settings { settle, ..settings() };
    let target = target("127.0.0.1", at.port(), vec![asking(OfferLabel::Anonymous, engine)]);
    let seen = probe_one(target, &settings).await;
    let [one] = only(&seen) else { panic!("{seen:?}") };
    one.clone()
}

const ENGINES: [EngineId; 2] = [EngineId::Rustls, EngineId::Openssl];

#[tokio::test]
async fn whoever_answers_is_not_waited_for_before_it_is_asked() {
    for (engine, tickets) in ENGINES.into_iter().flat_map(|engine| [(engine, true), (engine, false)]) {
        let server = server(accepts(true), tickets, true).await;
        // Without a ticket there is nothing that would end the wait but its time.
        let one = ask(&server, engine, PATIENT).await;
        assert_eq!(one.exchange.unwrap().answer.unwrap().status, 200, "{engine:?}, {tickets}");
        assert_eq!((one.handshake.aftermath, one.stopped), (Some(Aftermath::Silence), None));
        assert_eq!(server.connections().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_that_comes_in_place_of_the_answer_is_told_as_what_followed_the_handshake() {
    for engine in ENGINES {
        let server = server(accepts(false), true, true).await;
        let one = ask(&server, engine, PATIENT).await;
        let failure = one.stopped.unwrap();
        assert!(failure.is(ExchangeFailure::Alert), "{engine:?}: {failure:?}");
        assert!(failure.detail.starts_with("after the handshake the peer sent the alert"), "{failure:?}");
        assert_eq!(
            (one.handshake.aftermath, one.exchange, one.handshake.alerts.len()),
            (Some(Aftermath::Alert), None, 1)
        );
        assert_eq!(server.connections().len(), 1, "an alert says what it is about");
    }
}

#[tokio::test]
async fn whoever_hangs_up_without_a_word_is_asked_once_more_and_given_time_to_say_it() {
    for engine in ENGINES {
        // Who has sent a ticket took the certificate, or its absence: it was the request.
        for (tickets, connections) in [(true, 1), (false, 2)] {
            let server = server(accepts(true), tickets, false).await;
            let one = ask(&server, engine, SHORT).await;
            let failure = one.stopped.unwrap();
            assert!(failure.is(ExchangeFailure::Closed), "{engine:?}: {failure:?}");
            assert_eq!(failure.detail, "the peer closed the connection before it answered");
            assert_eq!((one.handshake.aftermath, one.exchange.is_some()), (Some(Aftermath::Silence), true));
            assert_eq!(server.connections().len(), connections, "{engine:?}, {tickets}");
        }
    }
}

#[tokio::test]
async fn what_goes_out_early_to_a_silent_peer_takes_only_places_to_spare() {
    let offers = || [OfferLabel::Default, OfferLabel::WithoutServerName, OfferLabel::OnlyTls12].map(offer).to_vec();
    let few = |per_host, concurrency| Settings {
        handshake_timeout: SHORT,
        per_host: NonZeroUsize::new(per_host).unwrap(),
        concurrency: NonZeroUsize::new(concurrency).unwrap(),
        ..settings()
    };
    for (settings, connections) in [
        // The usual hello, two early ones, and a cautious one.
        (few(10, 1000), 4),
        (few(2, 1000), 3),
        (few(1, 1000), 2),
        // Half of all are kept free.
        (few(10, 4), 3),
        (few(10, 2), 2),
        (Settings { rate: std::num::NonZeroU32::new(1_000_000), ..few(10, 1000) }, 2),
    ] {
        let silent = ScriptedPeer::start(peer::silent()).await.unwrap();
        let seen = probe_one(target("127.0.0.1", silent.address().port(), offers()), &settings).await;
        let timeout = Stop::from(HandshakeFailure::Timeout);
        assert_eq!(kinds(only(&seen)), [Some(timeout), Some(timeout.not_attempted()), Some(timeout.not_attempted())]);
        assert_eq!(silent.connections(), connections);
    }
}
