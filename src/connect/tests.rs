//! Against closed ports and proxies that answer by script.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::{Credentials, Proxy, Route, connect};
use crate::lab::peer::{ClosedPort, ScriptedPeer, Step};
use crate::observation::failure::{ConnectFailure, Failure, Phase, ProxyFailure, ResolveFailure};

const PATIENT: Duration = Duration::from_secs(20);
const ANYWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
const BEHIND: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)), 443);

async fn dial(address: SocketAddr, route: &Route, patience: Duration) -> Result<TcpStream, Failure> {
    let result = connect(address, route, Instant::now() + patience).await;
    if let Err(failure) = &result {
        assert_eq!(failure.phase(), Phase::Connect);
    }
    result
}

fn through(at: SocketAddr, credentials: Option<&str>) -> Route {
    let proxy = Proxy::new(&format!("http://{at}"), credentials.map(Credentials::new)).unwrap();
    Route { proxy: Some((at, Arc::new(proxy))), ..Route::default() }
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let closed = ClosedPort::take(ANYWHERE).unwrap();
    let failure = dial(closed.address(), &Route::default(), PATIENT).await.unwrap_err();
    assert_eq!(failure.stop, ConnectFailure::Refused.into());
    let failure = dial(BEHIND, &through(closed.address(), None), PATIENT).await.unwrap_err();
    assert_eq!(failure.stop, ProxyFailure::NotListening.into());
    assert!(failure.detail.contains("the proxy 127.0.0.1"), "{}", failure.detail);
}

#[tokio::test]
async fn connections_start_from_the_source_address_or_not_at_all() {
    let listener = TcpListener::bind(ANYWHERE).await.unwrap();
    let from = |source: &str| Route { source: source.parse().ok(), ..Route::default() };
    let stream = dial(listener.local_addr().unwrap(), &from("127.0.0.9"), PATIENT).await.unwrap();
    assert_eq!(stream.local_addr().unwrap().ip(), IpAddr::V4(Ipv4Addr::new(127, 0, 0, 9)));
    assert!(stream.nodelay().unwrap());
    for source in ["192.0.2.9", "::1"] {
        let failure = dial(listener.local_addr().unwrap(), &from(source), PATIENT).await.unwrap_err();
        assert_eq!(failure.stop, ConnectFailure::SourceAddressUnusable.into(), "{source}");
        assert!(failure.detail.contains(&format!("the source address {source}")), "{failure:?}");
    }
    let link_local = "[fe80::1]:443".parse().unwrap();
    let failure = dial(link_local, &Route::default(), PATIENT).await.unwrap_err();
    assert_eq!(failure.stop, ConnectFailure::LocalLimit.into());
    assert!(failure.detail.contains("zones are not taken"), "{failure:?}");
}

#[tokio::test]
async fn a_proxy_is_asked_to_connect_and_then_out_of_the_way() {
    let listener = TcpListener::bind(ANYWHERE).await.unwrap();
    let at = listener.local_addr().unwrap();
    let proxy = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        // What follows the head in the same segment belongs to the peer behind.
        stream.write_all(b"HTTP/1.1 200 Connection established\r\nVia: here\r\n\r\nhello").await.unwrap();
        (String::from_utf8(head).unwrap(), stream)
    });
    let mut stream = dial(BEHIND, &through(at, Some("user:pa:ss")), PATIENT).await.unwrap();
    let mut said = [0; 5];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"hello");
    let (head, _stream) = proxy.await.unwrap();
    assert!(head.starts_with("CONNECT 192.0.2.7:443 HTTP/1.1\r\nHost: 192.0.2.7:443\r\n"), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic dXNlcjpwYTpzcw==\r\n"), "{head}");
}

#[tokio::test]
async fn interim_answers_are_read_past_and_lines_may_end_by_lf() {
    let says = |text: &str| vec![Step::Listen, Step::Send(text.into()), Step::Close];
    for text in [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\n\nhello",
        "HTTP/1.0 200 OK\nVia: here\n\nhello",
        "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\r\n\r\nhello",
    ] {
        let proxy = ScriptedPeer::start(says(text)).await.unwrap();
        let mut stream = dial(BEHIND, &through(proxy.address(), None), PATIENT).await.unwrap();
        let mut said = [0; 5];
        stream.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"hello", "{text:?}");
    }
    for (script, words) in [
        (says("HTTP/1.1 100 Continue\r\n\r\n"), "closed"),
        (says("HTTP/1.1 101 Switching Protocols\r\n\r\n"), "101"),
        (says("HTTP/1.1 100 Continue\n\nHTTP/1.1 400 No\n\n"), "400 No"),
        (vec![Step::Listen, Step::Flood(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec())], "16384"),
    ] {
        let proxy = ScriptedPeer::start(script).await.unwrap();
        let failure = dial(BEHIND, &through(proxy.address(), None), PATIENT).await.unwrap_err();
        assert_eq!(failure.stop, ProxyFailure::Refused.into(), "{failure:?}");
        assert!(failure.detail.contains(words), "{failure:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_will_not_is_quoted() {
    let says = |text: &str| vec![Step::Listen, Step::Send(text.into()), Step::Close];
    for (script, kind, word) in [
        (says("HTTP/1.1 403 Forbidden\r\n\r\n"), ProxyFailure::Forbids, "403 Forbidden"),
        (
            says("HTTP/1.0 407 Proxy Authentication Required\r\n\r\n"),
            ProxyFailure::WantsCredentials,
            "credentials (407)",
        ),
        (says("HTTP/1.1 504 Gateway Time-out\r\n\r\n"), ProxyFailure::CannotReach, "504"),
        (says("HTTP/1.1 408 Request Timeout\r\n\r\n"), ProxyFailure::CannotReach, "408"),
        (says("HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n"), ProxyFailure::Redirects, "302 Found"),
        (says("HTTP/1.1 511 Network Authentication Required\r\n\r\n"), ProxyFailure::Redirects, "511"),
        (says("HTTP/1.1 429 Too Many Requests\r\n\r\n"), ProxyFailure::Limits, "429"),
        (says("HTTP/1.1 500 Internal Server Error\r\n\r\n"), ProxyFailure::Fails, "500"),
        (says("HTTP/1.1 501 Unsupported method\r\n\r\n"), ProxyFailure::Refused, "501"),
        (says("HTTP/1.1 404 Not Found\r\n\r\n"), ProxyFailure::Refused, "404"),
        (says("SSH-2.0-OpenSSH\r\n\r\n"), ProxyFailure::Refused, "in HTTP; it begins \u{201c}SSH-2.0-OpenSSH\u{201d}"),
        (says("SSH-2.0-OpenSSH\r\n"), ProxyFailure::Refused, "in HTTP; it begins \u{201c}SSH-2.0-OpenSSH"),
        (says("HTTP/1.1 200 OK\r\n"), ProxyFailure::Refused, "closed"),
        (vec![Step::Listen, Step::Reset], ProxyFailure::Refused, "broke off"),
        (vec![Step::Listen, Step::Flood(b"HTTP/1.1 200 OK\r\n".to_vec())], ProxyFailure::Refused, "16384"),
    ] {
        let proxy = ScriptedPeer::start(script).await.unwrap();
        let route = through(proxy.address(), Some("user:secret"));
        let failure = dial(BEHIND, &route, PATIENT).await.unwrap_err();
        assert_eq!(failure.stop, kind.into(), "{failure:?}");
        assert!(failure.detail.contains(word), "{failure:?}");
        assert!(!format!("{failure:?} {route:?}").contains("secret"));
    }
    let silent = ScriptedPeer::start(vec![Step::Hold]).await.unwrap();
    let failure = dial(BEHIND, &through(silent.address(), None), Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(failure.stop, ProxyFailure::Silent.into());
}

#[test]
fn a_proxy_is_written_as_host_and_port() {
    for (text, host, port) in [
        ("http://proxy.contoso.com:3128", "proxy.contoso.com", 3128),
        ("HTTP://proxy/", "proxy", 8080),
        ("10.1.2.3:80", "10.1.2.3", 80),
        ("http://[2001:db8::1]:8080", "2001:db8::1", 8080),
        ("http://[2001:db8::1]", "2001:db8::1", 8080),
    ] {
        let proxy = Proxy::new(text, None).unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), (host, port), "{text}");
    }
    for (text, words) in [
        ("http://[fe80::1%25lo]:1", "zones are not taken"),
        ("http://[fe80::1%lo]", "zones are not taken"),
        ("http://[proxy]:8080", "IPv6 address"),
    ] {
        let told = Proxy::new(text, None).unwrap_err();
        assert!(told.contains(words), "{text}: {told}");
    }
    for text in ["https://proxy:443", "http://", "http://user:secret@proxy", "http://proxy:99999", "http://proxy/path"]
    {
        let words = Proxy::new(text, None).unwrap_err();
        assert!(!words.contains("secret"), "{words}");
    }
}

#[tokio::test]
async fn a_proxy_is_given_the_name_and_no_name_is_more_than_one() {
    let listener = TcpListener::bind(ANYWHERE).await.unwrap();
    let at = listener.local_addr().unwrap();
    let proxy = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        String::from_utf8(head).unwrap()
    });
    let by_name = |name: &str| Route { name: Some(name.into()), ..through(at, None) };
    dial(BEHIND, &by_name("mp.contoso.com"), PATIENT).await.unwrap();
    assert_eq!(proxy.await.unwrap(), "CONNECT mp.contoso.com:443 HTTP/1.1\r\nHost: mp.contoso.com:443\r\n\r\n");
    let deaf = ScriptedPeer::start(vec![Step::Hold]).await.unwrap();
    for name in ["", "mp\r\nHost: x", "mp 01", "mp/x", "user@mp", "m\u{fc}nchen"] {
        let route = Route { name: Some(name.into()), ..through(deaf.address(), None) };
        let failure = connect(BEHIND, &route, Instant::now() + PATIENT).await.unwrap_err();
        assert_eq!(failure.stop, ResolveFailure::NameUnusable.into(), "{name}");
    }
}
