//! Against answers as bytes: what is kept of them, and where reading ends.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::{AUTHENTICATION_SCHEMES, HEAD_LIMIT, HEADER_COUNT, HEADER_LIMIT, TITLE_LIMIT, perform, sub_status, text};
use crate::observation::exchange::Exchange;
use crate::observation::failure::ExchangeFailure;
use crate::plan::offer::{BODY_LIMIT, Method, Request};

/// Long enough for any machine.
const PATIENT: Duration = Duration::from_secs(60);

/// The exchange with a peer that answers these bytes.
async fn answered(bytes: Vec<u8>) -> Exchange {
    let (ours, mut theirs) = duplex(64 * 1024);
    let request = Request { method: Method::Get, path: "/".into(), most: BODY_LIMIT };
    let deadline = tokio::time::Instant::now() + PATIENT;
    let clock = || OffsetDateTime::UNIX_EPOCH.into();
    let asked = perform(Box::new(ours), "mp01", 443, &request, clock, deadline);
    let answering = async move {
        let mut question = [0; 1024];
        let _ = theirs.read(&mut question).await;
        // Whoever has read enough closes.
        let _ = theirs.write_all(&bytes).await;
    };
    tokio::join!(asked, answering).0
}

#[tokio::test]
async fn so_much_of_an_answer_is_kept_and_no_more() {
    let head = format!("HTTP/1.1 401 No\r\nServer: {}\r\n", "s".repeat(2 * HEADER_LIMIT));
    let schemes = "WWW-Authenticate: Basic realm=\"x\"\r\n".repeat(2 * AUTHENTICATION_SCHEMES);
    let body = format!("<html><title>{}</title>{}", "t".repeat(2 * TITLE_LIMIT), "b".repeat(2 * BODY_LIMIT));
    let seen = answered(format!("{head}{schemes}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()).await;
    let answer = seen.answer.unwrap();
    assert_eq!(answer.server.map(|server| server.len()), Some(HEADER_LIMIT));
    assert_eq!(answer.authenticate, vec!["Basic"; AUTHENTICATION_SCHEMES]);
    assert_eq!(answer.title.map(|title| title.len()), Some(TITLE_LIMIT));
    assert_eq!((answer.body.len(), answer.body_cut, seen.failure), (BODY_LIMIT, true, None));
}

#[tokio::test]
async fn a_head_beyond_the_bound_is_no_answer() {
    let long = format!("HTTP/1.1 200 OK\r\nServer: {}\r\n\r\n", "s".repeat(8 * HEAD_LIMIT));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(HEADER_COUNT + 1));
    for head in [long, many] {
        let seen = answered(head.into_bytes()).await;
        let failure = seen.failure.unwrap();
        assert!(seen.answer.is_none() && failure.is(ExchangeFailure::HttpError));
        assert!(failure.detail.contains("head is longer"), "{failure:?}");
    }
    let seen = answered(b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec()).await;
    assert_eq!(seen.failure.unwrap().detail, "the answer is not HTTP");
}

#[tokio::test]
async fn interim_answers_are_passed_over_and_not_without_end() {
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let seen = answered([&interim.repeat(3)[..], answer].concat()).await;
    assert_eq!((seen.answer.unwrap().body.as_str(), seen.failure), ("ok", None));
    let seen = answered([&interim.repeat(8 * HEAD_LIMIT / interim.len())[..], answer].concat()).await;
    let failure = seen.failure.unwrap();
    assert!(seen.answer.is_none() && failure.is(ExchangeFailure::HttpError), "{failure:?}");
    assert!(failure.detail.contains("interim answers"), "{failure:?}");
}

#[tokio::test]
async fn a_head_as_long_as_it_may_be_is_read_with_a_long_body_behind_it() {
    let server = "s".repeat(HEAD_LIMIT - 200);
    let body = "b".repeat(BODY_LIMIT);
    let answer = format!("HTTP/1.1 200 OK\r\nServer: {server}\r\nContent-Length: {BODY_LIMIT}\r\n\r\n{body}");
    let seen = answered(answer.into_bytes()).await;
    assert_eq!((seen.answer.unwrap().body.len(), seen.failure), (BODY_LIMIT, None));
}

#[tokio::test]
async fn a_body_in_pieces_of_one_octet_is_read_as_text_once() {
    let octets = [&b"\xff\xfe"[..], &b"<\0".repeat(BODY_LIMIT / 2)].concat();
    let pieces = octets.iter().flat_map(|octet| [b'1', b'\r', b'\n', *octet, b'\r', b'\n']);
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let seen = answered(head.iter().copied().chain(pieces).collect()).await;
    let answer = seen.answer.unwrap();
    assert_eq!((answer.body.len(), answer.body_cut), (BODY_LIMIT / 2 - 1, true));
}

#[tokio::test]
async fn chunks_that_are_none_are_no_http_and_a_body_cut_short_is_a_closed_connection() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for body in ["zz\r\n<a/>\r\n", "ffffffffffffffffff\r\n<a/>\r\n", "4\r\n<a/>zz"] {
        let seen = answered(format!("{head}{body}").into_bytes()).await;
        let failure = seen.failure.unwrap();
        assert!(seen.answer.is_some() && failure.is(ExchangeFailure::HttpError), "{body}: {failure:?}");
        assert!(!failure.detail.to_lowercase().contains("chunk size"), "{failure:?}");
    }
    let seen = answered(format!("{head}9\r\n<a/>").into_bytes()).await;
    let failure = seen.failure.unwrap();
    assert!(seen.answer.is_some() && failure.is(ExchangeFailure::Closed), "{failure:?}");
}

#[test]
fn the_sub_status_is_read_where_the_page_shows_it() {
    assert_eq!(sub_status(403, "<h2>HTTP Error 403.7 - Forbidden: SSL client certificate is required.</h2>"), Some(7));
    assert_eq!(sub_status(403, "HTTP Error 403.16 - Forbidden"), Some(16));
    assert_eq!(sub_status(403, "version 10.403.7"), None);
    assert_eq!(sub_status(403, "403 Forbidden"), None);
    assert_eq!(sub_status(500, "HTTP Error 403.7"), None);
}

#[test]
fn bodies_in_utf_16_are_read() {
    assert_eq!(text(b"\xff\xfe<\0M\0>\0"), "<M>");
    assert_eq!(text(b"<\0M\0>\0"), "<M>");
    assert_eq!(text("<M\u{e9}>".as_bytes()), "<M\u{e9}>");
    assert_eq!(text(b"\xff\xfe<\0M"), "<");
}
