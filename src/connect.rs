//! Opens TCP connections as a vantage would: from its source address, through its proxy, in bounded time. What stops a
//! connection is told apart: the peer's refusal, the network's silence, this machine's limits.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use data_encoding::BASE64;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use crate::observation::failure::{ConnectFailure, Failure, ProxyFailure, ResolveFailure, Stop};
use crate::wire::text::beginning;

/// How much of a proxy's answer is read before giving up.
const PROXY_HEAD_LIMIT: usize = 16 * 1024;

/// The way a connection takes.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// The local address it starts from; `None`: the machine's choice.
    pub source: Option<IpAddr>,
    /// The proxy on the way, already resolved.
    pub proxy: Option<(SocketAddr, Arc<Proxy>)>,
    /// The name the proxy is asked for in the address's place, where it resolves names itself.
    pub name: Option<Arc<str>>,
}

/// Who resolves names that are reached through a proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyResolve {
    /// The proxy: it is given the name. So do clients of Windows.
    #[default]
    Remote,
    /// The vantage's resolver: the proxy is given each address.
    Local,
}

/// An HTTP proxy that is asked to CONNECT.
#[derive(Debug)]
pub struct Proxy {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What it is told of us; never shown.
    credentials: Option<Credentials>,
}

/// A user and a password for a proxy. They show in no `Debug`, error or log.
#[derive(Clone)]
pub struct Credentials(Zeroizing<String>);

impl Credentials {
    /// `user:password`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl Proxy {
    /// Reads `http://host:port` (the scheme may be left out; without a port, 8080). Credentials come beside, never inside.
    ///
    /// # Errors
    /// What is wrong with the text, without quoting what could be a secret.
    pub fn new(text: &str, credentials: Option<Credentials>) -> Result<Self, String> {
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            Some((scheme, _)) => return Err(format!("a proxy is reached over http://, not {scheme}://")),
            None => text,
        };
        if rest.contains('@') {
            return Err("a proxy's credentials do not belong in its address".into());
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let in_brackets = rest.strip_prefix('[').map(|rest| rest.split_once(']').unwrap_or((rest, "")).0);
        if let Some(inside) = in_brackets.filter(|inside| inside.parse::<std::net::Ipv6Addr>().is_err()) {
            return Err(match inside.contains('%') {
                true => "a proxy's address has a zone (after %), and zones are not taken".into(),
                false => "in brackets stands a proxy's IPv6 address: http://[2001:db8::1]:8080".to_owned(),
            });
        }
        let (host, port) = match rest.parse::<SocketAddr>() {
            Ok(address) => (address.ip().to_string(), Some(address.port())),
            Err(_) => match rest.rsplit_once(':') {
                Some((host, port)) if !host.contains(':') => {
                    let port = port.parse().map_err(|_| "a proxy's port is a number up to 65535".to_owned())?;
                    (host.to_owned(), Some(port))
                }
                _ => (rest.trim_start_matches('[').trim_end_matches(']').to_owned(), None),
            },
        };
        if host.is_empty() || host.contains(['/', '?', '#', ' ']) {
            return Err("a proxy is written http://HOST:PORT".into());
        }
        Ok(Self { host, port: port.unwrap_or(8080), credentials })
    }
}

/// Opens a connection to `address` by `route`, until `deadline`. A proxy that resolves names itself is asked for the route's
/// name in place of the address, at the same port.
///
/// # Errors
/// A failure of the connect phase.
pub async fn connect(address: SocketAddr, route: &Route, deadline: Instant) -> Result<TcpStream, Failure> {
    match &route.proxy {
        None => open(address, route.source, deadline).await,
        Some((at, proxy)) => {
            let stream = open(*at, route.source, deadline).await.map_err(|failure| of_proxy(proxy, failure))?;
            let target = match &route.name {
                Some(name) => named(name, address.port())?,
                None => address.to_string(),
            };
            match timeout_at(deadline, tunnel(stream, &target, proxy)).await {
                Ok(tunnelled) => tunnelled,
                Err(_) => {
                    let words = format!("the proxy {}:{} did not answer CONNECT in time", proxy.host, proxy.port);
                    Err(failure(ProxyFailure::Silent, words))
                }
            }
        }
    }
}

/// Opens a connection to the proxy of a route alone, to be asked for what is not encrypted; `None`: there is none.
///
/// # Errors
/// A failure of the connect phase.
pub async fn reach_proxy(route: &Route, deadline: Instant) -> Result<Option<TcpStream>, Failure> {
    match &route.proxy {
        None => Ok(None),
        Some((at, proxy)) => {
            open(*at, route.source, deadline).await.map(Some).map_err(|failure| of_proxy(proxy, failure))
        }
    }
}

/// A name as a proxy is asked for it. What could be more than a name in a request is refused.
fn named(name: &str, port: u16) -> Result<String, Failure> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && !b"/?#@:[]".contains(&byte)) {
        let words = format!("a proxy cannot be asked for \u{201c}{}\u{201d}", crate::wire::text::quotable(name));
        return Err(failure(ResolveFailure::NameUnusable, words));
    }
    Ok(format!("{name}:{port}"))
}

/// A connection that did not get as far as the proxy, told as the proxy's; what this machine cannot do is no fault of it.
fn of_proxy(proxy: &Proxy, failed: Failure) -> Failure {
    let detail = format!("the proxy {}:{}: {}", proxy.host, proxy.port, failed.detail);
    match failed.stop {
        Stop::Connect(ConnectFailure::LocalLimit | ConnectFailure::SourceAddressUnusable) => {
            Failure { detail, ..failed }
        }
        Stop::Connect(ConnectFailure::Refused) => failure(ProxyFailure::NotListening, detail),
        Stop::Connect(ConnectFailure::Timeout | ConnectFailure::Deadline) => {
            failure(ProxyFailure::ConnectTimeout, detail)
        }
        Stop::Connect(ConnectFailure::Reset) => failure(ProxyFailure::Refused, detail),
        _ => failure(ProxyFailure::Unreachable, detail),
    }
}

/// Opens a connection with nothing on the way.
async fn open(address: SocketAddr, source: Option<IpAddr>, deadline: Instant) -> Result<TcpStream, Failure> {
    let opened = async {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }
        .map_err(|error| local(&error))?;
        if let SocketAddr::V6(at) = address
            && at.ip().is_unicast_link_local()
            && at.scope_id() == 0
        {
            let words = format!(
                "{} is a link-local address: only with its link (a zone) is it one, and zones are not taken",
                at.ip()
            );
            return Err(failure(ConnectFailure::LocalLimit, words));
        }
        if let Some(source) = source {
            if source.is_ipv4() != address.is_ipv4() {
                let words = format!("the source address {source} cannot reach {address}: not the same address family");
                return Err(failure(ConnectFailure::SourceAddressUnusable, words));
            }
            socket.bind(SocketAddr::new(source, 0)).map_err(|error| from_source(source, &error))?;
        }
        // The request follows the handshake's last message at once; Nagle's algorithm would hold it back.
        socket.set_nodelay(true).map_err(|error| local(&error))?;
        socket.connect(address).await.map_err(|error| classify(&error))
    };
    timeout_at(deadline, opened)
        .await
        .unwrap_or_else(|_| Err(failure(ConnectFailure::Timeout, "the peer did not answer in time")))
}

/// Asks a proxy to connect, and reads the head of its answer.
async fn tunnel(mut stream: TcpStream, target: &str, proxy: &Proxy) -> Result<TcpStream, Failure> {
    let told =
        |stop: ProxyFailure, words: String| failure(stop, format!("the proxy {}:{} {words}", proxy.host, proxy.port));
    let refused = |words: String| told(ProxyFailure::Refused, words);
    let mut question = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
    if let Some(credentials) = &proxy.credentials {
        let encoded = Zeroizing::new(BASE64.encode(credentials.0.as_bytes()));
        question.push_str("Proxy-Authorization: Basic ");
        question.push_str(&encoded);
        question.push_str("\r\n");
    }
    question.push_str("\r\n");
    let broken = |error: &io::Error| refused(format!("broke off: {error}"));
    stream.write_all(question.as_bytes()).await.map_err(|error| broken(&error))?;
    let mut head = Vec::with_capacity(256);
    let mut bytes = 0;
    // Byte by byte, so that nothing of what follows the head is taken from the peer behind the proxy.
    loop {
        if is_whole(&head) {
            // What is only said on the way to the answer is read past (RFC 9110, 15.2).
            if !matches!(status(&head), Some(100 | 102..=199)) {
                break;
            }
            head.clear();
        }
        bytes += 1;
        if bytes > PROXY_HEAD_LIMIT {
            return Err(refused(format!("answered with a head of more than {PROXY_HEAD_LIMIT} bytes")));
        }
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(refused(match status(&head) {
                    None if !head.is_empty() => otherwise(&head),
                    Some(_) | None => "closed the connection before it answered".into(),
                }));
            }
            Err(error) => return Err(broken(&error)),
        }
    }
    let line = head.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    match status(line) {
        Some(200..=299) => Ok(stream),
        Some(407) => Err(told(ProxyFailure::WantsCredentials, "wants credentials (407)".into())),
        Some(status) => {
            let stop = match status {
                300..=399 | 511 => ProxyFailure::Redirects,
                403 | 405 => ProxyFailure::Forbids,
                408 | 502..=504 => ProxyFailure::CannotReach,
                429 => ProxyFailure::Limits,
                500 => ProxyFailure::Fails,
                _ => ProxyFailure::Refused,
            };
            Err(told(stop, format!("answered \u{201c}{}\u{201d}", line.get(..80).unwrap_or(line).escape_ascii())))
        }
        None => Err(refused(otherwise(line))),
    }
}

/// Whether a head has come to its empty line; a line may end by LF alone (RFC 9112, 2.2).
fn is_whole(head: &[u8]) -> bool {
    head.ends_with(b"\n\r\n") || head.ends_with(b"\n\n")
}

/// What answers in no HTTP, by how it begins.
fn otherwise(head: &[u8]) -> String {
    format!("does not answer in HTTP; it begins {}", beginning(head))
}

/// The status in an HTTP status line.
fn status(line: &[u8]) -> Option<u16> {
    let rest = line.strip_prefix(b"HTTP/1.")?.get(1..)?.strip_prefix(b" ")?;
    std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()
}

/// What this machine could not do.
fn local(error: &io::Error) -> Failure {
    failure(ConnectFailure::LocalLimit, format!("this machine cannot open the connection: {error}"))
}

/// Why nothing can start from a local address; that it is none of this machine is told before a run, and may change in it.
fn from_source(source: IpAddr, error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::AddrNotAvailable | ErrorKind::InvalidInput => {
            let words = format!("no connection can start from the source address {source}: {error}");
            failure(ConnectFailure::SourceAddressUnusable, words)
        }
        _ => local(error),
    }
}

/// What connecting ended with.
fn classify(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::ConnectionRefused => failure(ConnectFailure::Refused, "the peer refused the connection"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
            failure(ConnectFailure::Reset, "the peer reset the connection before it was open")
        }
        ErrorKind::TimedOut => failure(ConnectFailure::Timeout, "the peer did not answer in time"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            failure(ConnectFailure::Unreachable, format!("there is no way to the peer: {error}"))
        }
        _ => local(error),
    }
}

fn failure(kind: impl Into<Stop>, words: impl Into<String>) -> Failure {
    Failure::new(kind, words)
}

#[cfg(test)]
mod tests;
