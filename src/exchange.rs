//! One HTTP/1.1 request over an engine's stream, and what came back: bounded, no redirect followed, nothing ever sent but
//! questions (GET, of a range or the whole, HEAD, PROPFIND of depth 0).

pub mod download;
mod head;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{
    CONTENT_RANGE, CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION, SERVER, VIA, WWW_AUTHENTICATE,
};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout_at};

use crate::engine::{self, Stream};
use crate::observation::exchange::{Answer, Exchange};
use crate::observation::failure::{ExchangeFailure, Failure, Stop};
use crate::plan::offer::{Method, RANGE, Request};
use crate::wire::counted::counted;
use crate::wire::timestamp::Timestamp;

/// How much of a header's value is kept.
const HEADER_LIMIT: usize = 1024;
/// How much of the answer's head is read before giving up, and how many headers.
const HEAD_LIMIT: usize = 64 * 1024;
const HEADER_COUNT: usize = 128;
/// How many ways to authenticate are kept.
const AUTHENTICATION_SCHEMES: usize = 8;
/// How much of a page its title is looked for in, in octets, and how much of a title is kept, in characters.
const HEAD_OF_PAGE: usize = 16 * 1024;
const TITLE_LIMIT: usize = 200;

/// Makes the request and reads the answer, until `deadline`. `clock` says when the answer's head came.
pub async fn perform(
    stream: Box<dyn Stream>,
    host: &str,
    port: u16,
    request: &Request,
    clock: fn() -> Timestamp,
    deadline: Instant,
) -> Exchange {
    let mut exchange =
        Exchange { method: request.method.name().into(), path: request.path.to_string(), answer: None, failure: None };
    // Kept outside, so that a body that never ends is still seen as far as it came; read as text once, at the end.
    let mut body = Vec::new();
    let asked = async {
        let question = question(host, port, request)?;
        let kept = (&mut exchange.answer, &mut body);
        converse(stream, question, |answer| read(answer, request.most, clock, kept)).await
    };
    let ended = timeout_at(deadline, asked).await;
    exchange.failure = match ended {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => Some(failure),
        Err(_) => Some(Failure::new(
            ExchangeFailure::Timeout,
            if exchange.answer.is_some() { "the answer did not end in time" } else { "no answer came in time" },
        )),
    };
    if let Some(answer) = &mut exchange.answer {
        answer.body = text(&body);
        answer.sub_status = sub_status(answer.status, &answer.body);
        answer.title = title(&answer.body);
        exchange.failure = exchange.failure.take().map(|failure| within_body(failure, body.len()));
    }
    exchange
}

/// A failure that came after the answer's head, when so many octets of its body had come.
fn within_body(failure: Failure, octets: usize) -> Failure {
    let how = match failure.stop {
        // It did answer: what was seen is the end of the connection.
        Stop::Exchange(ExchangeFailure::Closed) => "the peer closed the connection before the answer's end",
        Stop::Exchange(ExchangeFailure::Reset) => "the peer reset the connection before the answer's end",
        _ => failure.detail.as_str(),
    };
    let detail = format!("the body was cut short after {}: {how}", counted(octets, "octet"));
    Failure { detail, ..failure }
}

/// Sends a question over a stream of its own, and has the answer read. Connection and question run side by side on this
/// task: when one is dropped, so is the other.
async fn converse<S, F, T>(
    stream: S,
    question: hyper::Request<Empty<Bytes>>,
    read: impl FnOnce(hyper::Response<Incoming>) -> F,
) -> Result<T, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Result<T, Failure>>,
{
    let (stream, awaited) = head::Bounded::new(stream);
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .max_buf_size(HEAD_LIMIT)
        .max_headers(HEADER_COUNT)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failure(&error))?;
    let asked = async {
        let answer = sender.send_request(question).await.map_err(|error| failure(&error))?;
        awaited.came();
        read(answer).await
    };
    tokio::pin!(connection);
    tokio::pin!(asked);
    let mut connected = true;
    loop {
        tokio::select! {
            biased;
            ended = &mut asked => return ended,
            _ = &mut connection, if connected => connected = false,
        }
    }
}

/// The request as it goes out.
fn question(host: &str, port: u16, request: &Request) -> Result<hyper::Request<Empty<Bytes>>, Failure> {
    let authority = if port == 443 || port == 80 { host.to_owned() } else { format!("{host}:{port}") };
    let mut builder = hyper::Request::builder()
        .method(request.method.name())
        .uri(request.path.as_ref())
        .header("Host", authority)
        .header("User-Agent", concat!("cmprobe/", env!("CARGO_PKG_VERSION")))
        .header("Accept", "*/*")
        .header("Connection", "close");
    builder = match request.method {
        Method::PropFind => builder.header("Depth", "0").header("Content-Length", "0"),
        Method::GetRange => builder.header("Range", RANGE),
        Method::Get | Method::Head => builder,
    };
    builder
        .body(Empty::new())
        .map_err(|error| Failure::new(ExchangeFailure::HttpError, format!("the request cannot be written: {error}")))
}

/// Reads status, headers and a bounded body. What was read is kept if the rest fails.
async fn read(
    answer: hyper::Response<Incoming>,
    most: usize,
    clock: fn() -> Timestamp,
    (kept, bytes): (&mut Option<Answer>, &mut Vec<u8>),
) -> Result<(), Failure> {
    let headers = answer.headers();
    let authenticate = headers.get_all(WWW_AUTHENTICATE).iter().take(AUTHENTICATION_SCHEMES);
    let kept = kept.insert(Answer {
        status: answer.status().as_u16(),
        server: header(headers, &SERVER),
        via: header(headers, &VIA),
        location: header(headers, &LOCATION),
        content_type: header(headers, &CONTENT_TYPE),
        content_range: header(headers, &CONTENT_RANGE),
        authenticate: authenticate.map(|value| shown(value.as_bytes())).filter_map(scheme).collect(),
        date: header(headers, &DATE),
        at: Some(clock()),
        ..Answer::default()
    });
    let mut body = answer.into_body();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|error| failure(&error))?.into_data() {
            let room = most - bytes.len();
            bytes.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                kept.body_cut = true;
                break;
            }
        }
    }
    Ok(())
}

/// The scheme of a challenge: what follows it is for whoever answers it.
fn scheme(challenge: String) -> Option<String> {
    challenge.split_whitespace().next().map(str::to_owned)
}

/// The title of a page.
fn title(body: &str) -> Option<String> {
    let start = find_ignoring_case(body, "<title>")? + "<title>".len();
    let rest = body.get(start..)?;
    let title = rest.get(..find_ignoring_case(rest, "</title>")?)?.trim();
    (!title.is_empty()).then(|| title.chars().take(TITLE_LIMIT).collect())
}

/// Where a tag begins, however it is written; looked for in the beginning of a body alone.
fn find_ignoring_case(body: &str, tag: &str) -> Option<usize> {
    let head = body.as_bytes();
    let head = &head[..head.len().min(HEAD_OF_PAGE)];
    head.windows(tag.len()).position(|window| window.eq_ignore_ascii_case(tag.as_bytes()))
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| shown(value.as_bytes()))
}

fn shown(value: &[u8]) -> String {
    String::from_utf8_lossy(&value[..value.len().min(HEADER_LIMIT)]).into_owned()
}

/// A body as text: UTF-16 as Windows sometimes writes it, else UTF-8, else byte by byte with what cannot be read replaced.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// IIS's sub-status, where its error page shows it: `HTTP Error 403.7` (IIS 6 and the detailed pages of later versions).
fn sub_status(status: u16, body: &str) -> Option<u16> {
    let marker = format!("{status}.");
    body.match_indices(&marker).find_map(|(at, _)| {
        let before = body[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_digit() || c == '.') {
            return None;
        }
        let digits: String = body[at + marker.len()..].chars().take_while(char::is_ascii_digit).take(4).collect();
        digits.parse().ok().filter(|sub| (1..=99).contains(sub))
    })
}

/// An HTTP failure in words. What lies under it (a reset, an alert, an early end) is looked up in the error's sources.
fn failure(error: &hyper::Error) -> Failure {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            return io_failure(io);
        }
        source = inner.source();
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        return Failure::new(ExchangeFailure::Closed, "the peer closed the connection before it answered");
    }
    let what = match (error.is_parse_too_large(), error.is_parse()) {
        (true, _) => {
            format!("the answer's head is longer than {HEAD_LIMIT} octets, or has more than {HEADER_COUNT} headers")
        }
        (false, true) => "the answer is not HTTP".to_owned(),
        (false, false) => "the answer could not be read".to_owned(),
    };
    Failure::new(ExchangeFailure::HttpError, what)
}

/// An input or output failure of the stream under the exchange.
fn io_failure(error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    if let Some(alert) = engine::alert_in(error) {
        let words = format!("the peer sent the alert {alert}: {}", alert.in_words());
        return Failure::new(ExchangeFailure::Alert, words);
    }
    if let Some(endless) = head::Endless::in_error(error) {
        return Failure::new(ExchangeFailure::HttpError, endless.to_string());
    }
    let inner = || error.get_ref().map(ToString::to_string).unwrap_or_default();
    match error.kind() {
        // What the HTTP library says of chunks; no engine says it of its session.
        ErrorKind::InvalidInput | ErrorKind::InvalidData if inner().to_ascii_lowercase().contains("chunk") => {
            Failure::new(ExchangeFailure::HttpError, "what follows is not in the chunks its head announces")
        }
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted => {
            Failure::new(ExchangeFailure::Reset, "the peer reset the connection after the request")
        }
        ErrorKind::UnexpectedEof => {
            Failure::new(ExchangeFailure::Closed, "the peer closed the connection before it answered")
        }
        _ => Failure::new(ExchangeFailure::ProtocolError, format!("the session broke: {error}")),
    }
}

#[cfg(test)]
mod tests;
