//! A whole file over HTTP/1.1, handed on as it comes: what certificates point to. One question, no redirect followed.

use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, LOCATION};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{converse, failure, header, within_body};
use crate::observation::failure::{ExchangeFailure, Failure};

/// How much of a page that tells of a failure is looked at.
const MOST_OF_PAGE: usize = 8 * 1024;

/// What was sent in answer.
#[derive(Debug)]
pub struct Download {
    /// The HTTP status.
    pub status: u16,
    /// Where it says the file is instead.
    pub location: Option<String>,
    /// How the file is packed, where it says so.
    pub packed: Option<String>,
    /// Whether the page that tells of a failure says that IIS refuses what the URL escapes (404.11).
    pub double_escape: bool,
}

/// Asks for a path; `take` is given the status, and then every piece of the body of an answer that holds the file.
///
/// # Errors
/// The answer is none, breaks off, or `take` will not have more of it.
pub async fn download<S>(
    stream: S,
    authority: &str,
    path: &str,
    mut take: impl FnMut(u16, &[u8]) -> Result<(), Failure>,
) -> Result<Download, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let question = hyper::Request::get(path)
        .header("Host", authority)
        .header("User-Agent", concat!("cmprobe/", env!("CARGO_PKG_VERSION")))
        .header("Accept", "*/*")
        .header("Connection", "close")
        .body(Empty::new())
        .map_err(|_| Failure::new(ExchangeFailure::HttpError, "the URL cannot be written as a request"))?;
    let read = async |answer: hyper::Response<Incoming>| {
        let status = answer.status().as_u16();
        take(status, &[])?;
        let packed = header(answer.headers(), &CONTENT_ENCODING).filter(|how| !how.eq_ignore_ascii_case("identity"));
        let mut download =
            Download { status, location: header(answer.headers(), &LOCATION), packed, double_escape: false };
        let mut body = answer.into_body();
        if !answer_holds_file(status) {
            download.double_escape = status == 404 && tells_of_double_escape(body).await;
            return Ok(download);
        }
        let mut came = 0;
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.map_err(|error| within_body(failure(&error), came))?.into_data() {
                came += data.len();
                take(status, &data)?;
            }
        }
        Ok(download)
    };
    converse(stream, question, read).await
}

/// Whether the body of an answer is the file asked for.
const fn answer_holds_file(status: u16) -> bool {
    matches!(status, 200..=299)
}

/// Whether a page names the sub-status, as IIS' detailed ones do.
async fn tells_of_double_escape(mut body: Incoming) -> bool {
    let mut page = Vec::new();
    while page.len() < MOST_OF_PAGE
        && let Some(Ok(frame)) = body.frame().await
    {
        if let Ok(data) = frame.into_data() {
            page.extend_from_slice(&data);
        }
    }
    page.windows(6).any(|part| part == b"404.11")
}
