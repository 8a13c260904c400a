//! A relay as far away as a round trip says: every octet is half of it on its way. The handshake of TCP is the machine's own
//! and costs nothing on loopback, so its round trip is added before the client's first octets.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Relays what comes in to one place, for as long as it is let.
pub(crate) async fn run(listener: TcpListener, onward: SocketAddr, round_trip: Duration) {
    loop {
        let Ok((inner, _)) = listener.accept().await else { continue };
        tokio::spawn(async move {
            let connected = Instant::now() + round_trip;
            let Ok(outer) = TcpStream::connect(onward).await else { return };
            let _ = (inner.set_nodelay(true), outer.set_nodelay(true));
            let ((from_client, to_client), (from_server, to_server)) = (inner.into_split(), outer.into_split());
            tokio::join!(
                pass_on(from_client, to_server, round_trip / 2, connected),
                pass_on(from_server, to_client, round_trip / 2, connected)
            );
        });
    }
}

/// Passes octets on, each so long after it came and none as if it had come before `connected`.
async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration, connected: Instant) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let reading = async move {
        loop {
            let mut octets = Vec::with_capacity(16 * 1024);
            let came = from.read_buf(&mut octets).await.unwrap_or(0);
            // Nothing is the end, and takes as long as anything else.
            if sender.send((Instant::now().max(connected) + delay, octets)).is_err() || came == 0 {
                return;
            }
        }
    };
    let writing = async move {
        while let Some((due, octets)) = receiver.recv().await {
            sleep_until(due).await;
            if octets.is_empty() || to.write_all(&octets).await.is_err() {
                break;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(reading, writing);
}
