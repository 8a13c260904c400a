//! Just enough of HTTP/1.1 to be asked by a probe: one request without a body, one whole answer, then the end.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::pace::Pace;
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

/// The head of an answer; what says its length comes from outside.
fn head(page: &Page, length: &str) -> String {
    let mut head = format!("HTTP/1.1 {} {}\r\n", page.status, page.reason);
    if !page.headers.iter().any(|line| line.starts_with("Server:")) {
        head.push_str("Server: Microsoft-IIS/7.5\r\n");
    }
    if !page.media_type.is_empty() {
        head.push_str(&format!("Content-Type: {}\r\n", page.media_type));
    }
    for line in &page.headers {
        head.push_str(&format!("{line}\r\n"));
    }
    head + length + "Connection: close\r\n\r\n"
}

/// Answers, and ends the connection.
///
/// # Errors
/// The connection broke.
pub async fn write(stream: &mut (impl AsyncWrite + Unpin), asked: &Asked, page: &Page) -> io::Result<()> {
    write_at(stream, asked, page, Pace::AtOnce).await
}

async fn write_at(stream: &mut (impl AsyncWrite + Unpin), asked: &Asked, page: &Page, pace: Pace) -> io::Result<()> {
    if let Pace::After(delay) = pace {
        tokio::time::sleep(delay).await;
    }
    let length = match pace {
        Pace::Flood => String::new(),
        Pace::AtOnce | Pace::After(_) | Pace::Drip => format!("Content-Length: {}\r\n", page.body.len()),
    };
    let mut answer = head(page, &length).into_bytes();
    let body: &[u8] = if asked.method == "HEAD" { &[] } else { &page.body };
    match pace {
        Pace::AtOnce | Pace::After(_) => {
            answer.extend_from_slice(body);
            stream.write_all(&answer).await?;
        }
        Pace::Drip => {
            stream.write_all(&answer).await?;
            for octet in body {
                stream.write_all(&[*octet]).await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        Pace::Flood => {
            stream.write_all(&answer).await?;
            while !body.is_empty() {
                stream.write_all(body).await?;
            }
        }
    }
    stream.flush().await?;
    stream.shutdown().await
}

/// A port taken for a server that does not serve yet: where it will be is known before what it will say.
#[derive(Debug)]
pub struct Reserved(TcpListener);

impl Reserved {
    /// Takes a free port.
    ///
    /// # Errors
    /// The address is not this machine's, or has no free port.
    pub async fn at(address: IpAddr) -> io::Result<Self> {
        TcpListener::bind((address, 0)).await.map(Self)
    }

    /// Where it will be.
    ///
    /// # Errors
    /// The operating system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Answers every request with what this says of it, without TLS.
    pub fn serve(self, answer: impl Fn(&Asked) -> Page + Send + Sync + 'static) -> Server {
        self.serve_at(answer, |_| Pace::AtOnce)
    }

    /// The same, each answer at the pace this says.
    pub fn serve_at(
        self,
        answer: impl Fn(&Asked) -> Page + Send + Sync + 'static,
        pace: impl Fn(&Asked) -> Pace + Send + Sync + 'static,
    ) -> Server {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let answer = Arc::new((answer, pace));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = self.0.accept().await {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                connections.spawn(async move {
                    // A client that goes away is no concern of the server's.
                    let _ = converse(stream, &answer.0, &answer.1, &log).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Server { asked, _tasks: tasks }
    }
}

/// A running web server without TLS; it ends when dropped.
pub struct Server {
    asked: Arc<Mutex<Vec<Asked>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// What it was asked for so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("asked", &self.asked().len()).finish_non_exhaustive()
    }
}

async fn converse(
    mut stream: TcpStream,
    answer: &impl Fn(&Asked) -> Page,
    pace: &impl Fn(&Asked) -> Pace,
    log: &Mutex<Vec<Asked>>,
) -> io::Result<()> {
    let Some(asked) = read(&mut stream).await? else { return Ok(()) };
    log.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
    write_at(&mut stream, &asked, &answer(&asked), pace(&asked)).await
}
