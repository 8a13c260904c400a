//! The web server the company publishes its revocation lists and authorities' certificates on: plain HTTP, whole files, no keep-alive.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::http;
use super::pages::{self, Page};
use crate::lab::pki::Published;

/// A listener that does not serve yet: its port is known before there is anything to publish.
#[derive(Debug)]
pub struct Reserved(TcpListener);

/// The web server; it stops when dropped.
#[derive(Debug)]
pub struct Publication {
    asked: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl Reserved {
    /// Takes a port.
    ///
    /// # Errors
    /// The address is not this machine's, or has no free port.
    pub async fn at(address: std::net::IpAddr) -> io::Result<Self> {
        TcpListener::bind((address, 0)).await.map(Self)
    }

    /// Where it will be.
    ///
    /// # Errors
    /// The operating system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Serves these files.
    pub fn serve(self, files: Vec<Published>) -> Publication {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let files: Arc<[Published]> = files.into();
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = self.0.accept() => {
                        let Ok((stream, _)) = accepted else { continue };
                        let (files, log) = (Arc::clone(&files), Arc::clone(&log));
                        // A client that goes away is no concern of the server's.
                        connections.spawn(async move { let _ = answer(stream, &files, &log).await; });
                    }
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Publication { asked, _tasks: tasks }
    }
}

impl Publication {
    /// The paths asked for so far, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(mut stream: TcpStream, files: &[Published], log: &Mutex<Vec<String>>) -> io::Result<()> {
    let Some(asked) = http::read(&mut stream).await? else { return Ok(()) };
    log.lock().unwrap_or_else(PoisonError::into_inner).push(asked.path.clone());
    let page = match files.iter().find(|file| path_of(&file.url).eq_ignore_ascii_case(&asked.path)) {
        Some(file) => Page { status: 200, reason: "OK", media_type: file.media_type, body: file.bytes.clone() },
        None => pages::not_found(),
    };
    http::write(&mut stream, &asked, &page).await
}

/// The path of an http URL.
fn path_of(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    after.find('/').map_or("/", |slash| &after[slash..])
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn files_are_served_by_path_and_everything_else_is_not_there() {
        let reserved = Reserved::at(std::net::Ipv4Addr::LOCALHOST.into()).await.unwrap();
        let address = reserved.address().unwrap();
        let url = format!("http://pki.contoso.com:{}/CertEnroll/Contoso%20Issuing%20CA.crl", address.port());
        let server =
            reserved.serve(vec![Published { url, media_type: "application/pkix-crl", bytes: vec![0x30, 3, 1] }]);
        let ask = async |path: &str| {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: pki\r\n\r\n").as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            answer
        };
        let there = ask("/CertEnroll/Contoso%20Issuing%20CA.crl").await;
        assert!(there.starts_with(b"HTTP/1.1 200 OK\r\n") && there.ends_with(b"\r\n\r\n\x30\x03\x01"));
        assert!(ask("/CertEnroll/other.crl").await.starts_with(b"HTTP/1.1 404"));
        assert_eq!(server.asked(), ["/CertEnroll/Contoso%20Issuing%20CA.crl", "/CertEnroll/other.crl"]);
    }
}
