//! A whole file over HTTP/1.1, bounded in size: what certificates point to. One question, no redirect followed.

use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::LOCATION;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{converse, failure, header};
use crate::observation::failure::{ExchangeFailure, Failure};

/// What was sent in answer.
#[derive(Debug)]
pub struct Download {
    /// The HTTP status.
    pub status: u16,
    /// Where it says the file is instead.
    pub location: Option<String>,
    /// The body of an answer that is no redirect and no failure.
    pub body: Vec<u8>,
}

/// Asks for a path, and tells of every piece of the body how much there is so far.
///
/// # Errors
/// The answer is none, breaks off, or is larger than `most` octets.
pub async fn download<S>(
    stream: S,
    authority: &str,
    path: &str,
    most: usize,
    mut so_far: impl FnMut(u16, usize),
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
        so_far(status, 0);
        let mut download = Download { status, location: header(answer.headers(), &LOCATION), body: Vec::new() };
        let mut body = answer.into_body();
        if !answer_holds_file(status) {
            return Ok(download);
        }
        let too_large = || {
            let words = format!("what is sent is larger than {most} octets");
            Err(Failure::new(ExchangeFailure::TooLarge, words))
        };
        if hyper::body::Body::size_hint(&body).lower() > most as u64 {
            return too_large();
        }
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.map_err(|error| failure(&error))?.into_data() {
                if data.len() > most - download.body.len() {
                    return too_large();
                }
                download.body.extend_from_slice(&data);
                so_far(status, download.body.len());
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
