//! Peers on loopback that follow a script of raw bytes: everything that is not a TLS server, or only half of one.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::interval;

/// How often a peer that drips lets a byte go.
const DRIP: Duration = Duration::from_millis(20);

/// One step of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Waits until the client has said something.
    Listen,
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes again and again, as fast as they are taken.
    Flood(Vec<u8>),
    /// Sends these bytes again and again, one at a time, slowly.
    Drip(Vec<u8>),
    /// Resets the connection.
    Reset,
    /// Closes the connection.
    Close,
    /// Leaves it open, and says no more, until the client closes it.
    Hold,
}

/// What a peer does with each connection.
pub type Script = Vec<Step>;

/// Accepts and says nothing.
pub fn silent() -> Script {
    vec![Step::Hold]
}

/// Resets the connection as soon as the client has spoken.
pub fn resets() -> Script {
    vec![Step::Listen, Step::Reset]
}

/// Closes the connection as soon as the client has spoken.
pub fn closes() -> Script {
    vec![Step::Listen, Step::Close]
}

/// Answers with HTTP.
pub fn plain_http() -> Script {
    let page = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 11\r\nConnection: close\r\n\r\nBad Request";
    vec![Step::Listen, Step::Send(page.into()), Step::Close]
}

/// Answers with bytes that mean nothing.
pub fn garbage() -> Script {
    vec![Step::Listen, Step::Send((0..64).map(|n: u8| n.wrapping_mul(37) ^ 0xa5).collect()), Step::Hold]
}

/// Answers with the beginning of a ServerHello, byte by byte, and no end.
pub fn drips() -> Script {
    let mut record = vec![22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xf0, 3, 3];
    record.resize(0x4005, 7);
    vec![Step::Listen, Step::Drip(record)]
}

/// Answers with a fatal alert.
pub fn alerts(description: u8) -> Script {
    vec![Step::Listen, Step::Send(vec![21, 3, 3, 0, 2, 2, description]), Step::Close]
}

/// Begins a handshake of TLS 1.2 with these certificates, and closes the connection.
pub fn begins_only(chain: &[Vec<u8>]) -> Script {
    let sized = |octets: usize, body: &[u8]| [&body.len().to_be_bytes()[size_of::<usize>() - octets..], body].concat();
    let message = |kind: u8, body: &[u8]| [&[kind][..], &sized(3, body)].concat();
    // The only extension is that of RFC 5746.
    let hello = [&[3, 3][..], &[9; 32], &[0], &[0xc0, 0x2f], &[0], &[0, 5, 0xff, 1, 0, 1, 0]].concat();
    let certificates: Vec<u8> = chain.iter().flat_map(|one| sized(3, one)).collect();
    let flight = [message(2, &hello), message(11, &sized(3, &certificates))].concat();
    let records = flight.chunks(0x4000).flat_map(|part| [&[22, 3, 3][..], &sized(2, part)].concat()).collect();
    vec![Step::Listen, Step::Send(records), Step::Close]
}

/// Sends half a record, and then nothing.
pub fn half_a_record() -> Script {
    vec![Step::Listen, Step::Send(vec![22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3]), Step::Hold]
}

/// Begins a handshake message of 16 MiB, and goes on with it.
pub fn huge_message() -> Script {
    let mut record = vec![22, 3, 3, 0x40, 0];
    record.extend([2, 0xff, 0xff, 0xff]);
    record.resize(0x4005, 7);
    vec![Step::Listen, Step::Flood(record)]
}

/// Sends warnings without end.
pub fn endless_warnings() -> Script {
    vec![Step::Listen, Step::Flood(vec![21, 3, 3, 0, 2, 1, 112])]
}

/// Chooses a version and a suite in a ServerHello, then waits.
pub fn chooses(version: u16, suite: u16) -> Script {
    let mut hello = vec![2, 0, 0, 38];
    hello.extend(version.to_be_bytes());
    hello.extend([9; 32]);
    hello.push(0);
    hello.extend(suite.to_be_bytes());
    hello.push(0);
    let mut record = vec![22, 3, 1, 0, 42];
    record.extend(hello);
    vec![Step::Listen, Step::Send(record), Step::Hold]
}

/// A port at which nothing listens, for as long as this is kept.
#[derive(Debug)]
pub struct ClosedPort {
    address: SocketAddr,
    /// Bound, so that nobody else takes the port; not listening, so that connections are refused.
    _socket: TcpSocket,
}

impl ClosedPort {
    /// Takes the port; 0 takes a free one.
    ///
    /// # Errors
    /// It cannot be had.
    pub fn take(at: SocketAddr) -> io::Result<Self> {
        let socket = if at.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind(at)?;
        Ok(Self { address: socket.local_addr()?, _socket: socket })
    }

    /// Where nothing listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// A running peer; it ends when dropped.
#[derive(Debug)]
pub struct ScriptedPeer {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl ScriptedPeer {
    /// Starts a peer on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(script: Script) -> io::Result<Self> {
        Self::start_at(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), script).await
    }

    /// Starts a peer at an address; port 0 takes a free one.
    ///
    /// # Errors
    /// The port cannot be had.
    pub async fn start_at(at: SocketAddr, script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind(at).await?;
        let address = listener.local_addr()?;
        let connections = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, script.into(), Arc::clone(&connections)));
        Ok(Self { address, connections, _tasks: tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections it accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Acquire)
    }
}

async fn accept(listener: TcpListener, script: Arc<[Step]>, count: Arc<AtomicUsize>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        count.fetch_add(1, Ordering::AcqRel);
        let script = Arc::clone(&script);
        connections.spawn(async move {
            // A client that goes away ends the script.
            let _ = follow(stream, &script).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Follows a script on one connection.
///
/// # Errors
/// The client went away.
pub async fn follow(mut stream: TcpStream, script: &[Step]) -> io::Result<()> {
    let mut heard = [0; 4096];
    for step in script {
        match step {
            Step::Listen => {
                if stream.read(&mut heard).await? == 0 {
                    return Ok(());
                }
            }
            Step::Send(bytes) => stream.write_all(bytes).await?,
            Step::Flood(bytes) => loop {
                stream.write_all(bytes).await?;
            },
            Step::Drip(bytes) => {
                let mut ticks = interval(DRIP);
                for byte in bytes.iter().cycle() {
                    ticks.tick().await;
                    stream.write_u8(*byte).await?;
                }
            }
            Step::Reset => return stream.set_zero_linger(),
            Step::Close => {
                // What the client still says is read, because a close with unread data would be a reset.
                stream.shutdown().await?;
                while stream.read(&mut heard).await? > 0 {}
                return Ok(());
            }
            Step::Hold => {
                while stream.read(&mut heard).await? > 0 {}
                return Ok(());
            }
        }
    }
    Ok(())
}
