//! What the company publishes over HTTP: its revocation lists and its authorities' certificates.

use super::http::Asked;
use super::pace::Pace;
use super::pages::{self, Page};
use crate::lab::pki::Published;

/// The answer to a request for one of these files.
pub fn answer(files: &[Published], asked: &Asked) -> Page {
    match files.iter().find(|file| path_of(&file.url).eq_ignore_ascii_case(&asked.path)) {
        Some(file) => Page {
            status: 200,
            reason: "OK",
            media_type: file.media_type,
            headers: Vec::new(),
            body: file.bytes.clone(),
        },
        None => pages::not_found(),
    }
}

/// How the answer comes, at a URL or below it.
pub fn pace(paces: &[(String, Pace)], asked: &Asked) -> Pace {
    let found = paces.iter().find(|(url, _)| {
        let (at, below) = asked.path.split_at_checked(path_of(url).len()).unwrap_or((&asked.path, ""));
        path_of(url).eq_ignore_ascii_case(at) && (below.is_empty() || below.starts_with('/'))
    });
    found.map_or(Pace::AtOnce, |(_, pace)| *pace)
}

/// The path of an http URL.
fn path_of(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    after.find('/').map_or("/", |slash| &after[slash..])
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::lab::site::http::Reserved;

    #[tokio::test]
    async fn files_are_served_by_path_and_everything_else_is_not_there() {
        let reserved = Reserved::at(Ipv4Addr::LOCALHOST.into()).await.unwrap();
        let address = reserved.address().unwrap();
        let url = format!("http://pki.contoso.com:{}/CertEnroll/Contoso%20Issuing%20CA.crl", address.port());
        let files = vec![Published { url, media_type: "application/pkix-crl", bytes: vec![0x30, 3, 1] }];
        let server = reserved.serve(move |asked| answer(&files, asked));
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
        let paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
        assert_eq!(paths, ["/CertEnroll/Contoso%20Issuing%20CA.crl", "/CertEnroll/other.crl"]);
    }
}
