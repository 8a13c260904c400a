//! Just enough of HTTP/1.1 to be asked by a probe: one request without a body, one whole answer, then the end.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::pages::Page;

/// How much of a request is read.
const REQUEST_LIMIT: usize = 16 * 1024;

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// `GET` and the like.
    pub method: String,
    /// Path and query.
    pub path: String,
}

/// Reads a request's head; `None`: the client went away first, or goes on without end.
///
/// # Errors
/// The connection broke.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Asked>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        if head.len() >= REQUEST_LIMIT || stream.read_buf(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    let head = String::from_utf8_lossy(&head);
    let mut words = head.split_ascii_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    Ok(Some(Asked { method: method.to_owned(), path: path.to_owned() }))
}

/// Answers, and ends the connection.
///
/// # Errors
/// The connection broke.
pub async fn write(stream: &mut (impl AsyncWrite + Unpin), asked: &Asked, page: &Page) -> io::Result<()> {
    let mut answer = format!(
        "HTTP/1.1 {} {}\r\nServer: Microsoft-IIS/7.5\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.status,
        page.reason,
        page.media_type,
        page.body.len()
    )
    .into_bytes();
    if asked.method != "HEAD" {
        answer.extend_from_slice(&page.body);
    }
    stream.write_all(&answer).await?;
    stream.flush().await?;
    stream.shutdown().await
}
