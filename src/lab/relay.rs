//! Passes connections on unopened, to one place or to several in turn: a proxy web server that tunnels, and the shared
//! address of a network load balancing cluster.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A relay; it stops, and its connections with it, when dropped.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    taken: Arc<Mutex<Vec<SocketAddr>>>,
    _tasks: JoinSet<()>,
}

impl Relay {
    /// Relays what comes in on `listener` to these places, one connection each in turn. No places: every connection is closed.
    ///
    /// # Errors
    /// The operating system does not say where the listener is.
    pub fn start(listener: TcpListener, onward: Vec<SocketAddr>) -> io::Result<Self> {
        Self::of(listener, onward, None)
    }

    /// The same; a connection whose first bytes it does not like is held open and goes nowhere.
    ///
    /// # Errors
    /// The operating system does not say where the listener is.
    pub fn choosing(listener: TcpListener, onward: Vec<SocketAddr>, likes: fn(&[u8]) -> bool) -> io::Result<Self> {
        Self::of(listener, onward, Some(likes))
    }

    fn of(listener: TcpListener, onward: Vec<SocketAddr>, likes: Option<fn(&[u8]) -> bool>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let taken = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&taken);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut turns = onward.iter().cycle();
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        let (Ok((inner, _)), Some(&place)) = (accepted, turns.next()) else { continue };
                        log.lock().unwrap_or_else(PoisonError::into_inner).push(place);
                        // Whichever side goes away takes the other with it; that is all a relay has to say about it.
                        connections.spawn(async move { let _ = pass_on(inner, place, likes).await; });
                    }
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Ok(Self { address, taken, _tasks: tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the connections so far were passed on to, in order.
    pub fn taken(&self) -> Vec<SocketAddr> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn pass_on(mut inner: TcpStream, place: SocketAddr, likes: Option<fn(&[u8]) -> bool>) -> io::Result<()> {
    if let Some(likes) = likes {
        let mut first = [0; 2048];
        let heard = inner.peek(&mut first).await?;
        if !likes(&first[..heard]) {
            while inner.read(&mut first).await? > 0 {}
            return Ok(());
        }
    }
    let mut outer = TcpStream::connect(place).await?;
    // A relay that waits to fill its packets would be seen in the times a probe takes.
    inner.set_nodelay(true)?;
    outer.set_nodelay(true)?;
    copy_bidirectional(&mut inner, &mut outer).await.map(drop)
}

/// Whether the first bytes of a connection offer nothing newer than TLS 1.2: no supported_versions extension with TLS 1.3
/// in it (RFC 8446, 4.2.1).
pub fn is_without_tls13(hello: &[u8]) -> bool {
    let versions = hello.windows(4).position(|window| matches!(window, [0, 43, 0, length] if *length < 20));
    let Some(list) = versions.and_then(|at| hello.get(at + 4..)) else { return true };
    !list.iter().take(20).zip(list.iter().skip(1)).any(|pair| pair == (&3, &4))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::AsyncWriteExt;

    use super::*;

    /// Answers every connection with one byte.
    async fn answering(byte: u8) -> (SocketAddr, JoinSet<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                stream.write_all(&[byte]).await.unwrap();
            }
        });
        (address, tasks)
    }

    #[tokio::test]
    async fn connections_go_to_each_place_in_turn() {
        let ((first, _one), (second, _two)) = (answering(b'1').await, answering(b'2').await);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let relay = Relay::start(listener, vec![first, second]).unwrap();
        let mut answers = Vec::new();
        for _ in 0..3 {
            let mut stream = TcpStream::connect(relay.address()).await.unwrap();
            stream.read_to_end(&mut answers).await.unwrap();
        }
        assert_eq!(answers, b"121");
        assert_eq!(relay.taken(), [first, second, first]);
    }

    #[tokio::test]
    async fn a_relay_with_nobody_behind_it_closes() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let relay = Relay::start(listener, Vec::new()).unwrap();
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(stream.read_to_end(&mut Vec::new()).await.unwrap_or(0), 0);
    }
}
