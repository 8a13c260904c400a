//! Real servers for the modules that test against them: each is started in the foreground on an address of its own in
//! loopback's 127.0.0.0/8, is waited for until it accepts connections, and ends with its handle. One that cannot be
//! started fails the test.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use cmprobe::lab::pki::Minted;
use tempfile::TempDir;

/// How often a server is started anew after it found one of its ports taken.
const STARTS: usize = 5;
/// How often a server that has been started is tried, and how long each try waits for something to happen.
const TRIES: usize = 400;
const PAUSE: Duration = Duration::from_millis(50);

/// A folder that servers which give up their rights can read too.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The same as an argument.
    pub(crate) fn arg(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file; its whole path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.arg(name)
    }

    /// Writes a certificate with those above it, root apart, and its key, each into a file and both into one.
    pub(crate) fn write_pair(&self, name: &str, minted: &Minted) -> Pair {
        self.write_pair_as(name, &minted.chain_pem(), minted.key_pem())
    }

    /// The same, with what is sent given.
    pub(crate) fn write_pair_as(&self, name: &str, chain: &str, key: &str) -> Pair {
        Pair {
            certificate: self.write(&format!("{name}.crt"), chain),
            key: self.write(&format!("{name}.key"), key),
            both: self.write(&format!("{name}.pem"), format!("{chain}{key}")),
        }
    }
}

/// The files of a certificate and its key.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) certificate: String,
    pub(crate) key: String,
    /// Both in one file, as HAProxy wants it.
    pub(crate) both: String,
}

/// A running server.
pub(crate) struct Server {
    _process: Process,
    address: Ipv4Addr,
    ports: Vec<u16>,
    _folder: Folder,
}

impl Server {
    /// Starts a server that will listen at so many ports. `command` writes what it needs into the folder and says how
    /// it is started. Servers that tell of taken ports by ending are started again at others.
    pub(crate) fn start(ports: usize, command: impl Fn(&Folder, Ipv4Addr, &[u16]) -> Command) -> Self {
        Self::start_until(ports, None, command)
    }

    /// The same for a server that listens before it is sure that it will run, and writes a file once it is.
    pub(crate) fn start_until(
        ports: usize,
        written: Option<&str>,
        command: impl Fn(&Folder, Ipv4Addr, &[u16]) -> Command,
    ) -> Self {
        let mut said = String::new();
        for _ in 0..STARTS {
            let (folder, address) = (Folder::new(), unused_address());
            let ports = free_ports(address, ports);
            let mut process = Process::start(command(&folder, address, &ports));
            let sure = || written.is_none_or(|name| folder.path(name).exists());
            if process.listens(ports.iter().map(|port| SocketAddr::new(IpAddr::V4(address), *port)), sure) {
                return Self { _process: process, address, ports, _folder: folder };
            }
            said = process.said();
            if !said.to_lowercase().contains("in use") {
                break;
            }
        }
        panic!("a server did not start; it said:\n{said}");
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// One of its ports.
    pub(crate) fn port(&self, which: usize) -> u16 {
        self.ports[which]
    }
}

struct Process {
    child: Child,
    lines: Receiver<String>,
    last: VecDeque<String>,
}

impl Process {
    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
        let program = command.get_program().to_owned();
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{program:?}: {error}; tests/run installs it"));
        let stderr = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
        Self { child, lines, last: VecDeque::new() }
    }

    /// Waits until every address accepts connections and the server is sure; false: the process has ended, or takes
    /// too long.
    fn listens(&mut self, addresses: impl Iterator<Item = SocketAddr>, sure: impl Fn() -> bool) -> bool {
        let mut tries = 0;
        for address in addresses {
            while !sure() || TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
                tries += 1;
                if tries > TRIES || !self.wait_for_a_word() {
                    return false;
                }
            }
        }
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the process says something, or for a moment; false: it has ended.
    fn wait_for_a_word(&mut self) -> bool {
        match self.lines.recv_timeout(PAUSE) {
            Ok(line) => self.keep(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        matches!(self.child.try_wait(), Ok(None))
    }

    fn keep(&mut self, line: String) {
        const LINES: usize = 200;
        self.last.push_back(line);
        if self.last.len() > LINES {
            self.last.pop_front();
        }
    }

    /// The last lines on its standard error.
    fn said(&mut self) -> String {
        while let Ok(line) = self.lines.recv_timeout(PAUSE) {
            self.keep(line);
        }
        self.last.make_contiguous().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address in 127.0.0.0/8 that nothing else of this process uses: neither servers nor the source ports of
/// connections get in each other's way.
fn unused_address() -> Ipv4Addr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let [_, _, high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, 1 + high % 250, low, NEXT.fetch_add(1, Ordering::Relaxed).clamp(1, 254))
}

/// Ports that are free there now.
fn free_ports(address: Ipv4Addr, count: usize) -> Vec<u16> {
    let held: Vec<TcpListener> = (0..count).map(|_| TcpListener::bind((address, 0)).unwrap()).collect();
    held.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}
