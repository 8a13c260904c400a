//! The exporter started on a free port, and asked over sockets of our own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running exporter; it ends with its handle.
pub(super) struct Exporter {
    child: Child,
    pub(super) address: SocketAddr,
    complaints: Mutex<Receiver<String>>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// 0: the connection was closed without one.
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    /// The body of an answer that is one.
    #[track_caller]
    pub(super) fn ok(self) -> String {
        assert_eq!(self.status, 200, "{self:?}");
        self.body
    }

    /// Reads an answer off its octets.
    pub(super) fn read(octets: &[u8]) -> Self {
        let text = String::from_utf8_lossy(octets);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }
}

impl Exporter {
    /// Starts one with these arguments; runs follow each other quickly.
    pub(super) fn start(args: &[&str]) -> Self {
        Self::start_with(&[&["--interval", "1s"], args].concat())
    }

    /// The same, runs as the arguments say.
    pub(super) fn start_with(args: &[&str]) -> Self {
        Self::start_in(&std::env::temp_dir(), args)
    }

    /// The same, with a place of its own for what runs write.
    pub(super) fn start_in(folder: &Path, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
            .args(["serve", "--listen", "0"])
            .args(args)
            .env_clear()
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, complaints) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.trim().trim_end_matches('/').rsplit('/').next().unwrap().parse();
        let address = address
            .unwrap_or_else(|_| panic!("it does not listen: {first}{:?}", complaints.iter().collect::<Vec<String>>()));
        Self { child, address, complaints: Mutex::new(complaints) }
    }

    /// Asks for a path.
    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: exporter\r\n\r\n"))
    }

    /// Sends this and reads until the connection is closed.
    pub(super) fn ask(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        // Whoever does not want to read on closes.
        let _ = stream.write_all(request.as_bytes());
        let mut octets = Vec::new();
        let _ = stream.read_to_end(&mut octets);
        Answer::read(&octets)
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Asks again and again until the answer is as it should be; the asking itself takes the time.
    #[track_caller]
    pub(super) fn get_until(&self, path: &str, is_right: impl Fn(&Answer) -> bool) -> Answer {
        let began = std::time::Instant::now();
        loop {
            let answer = self.get(path);
            if is_right(&answer) {
                return answer;
            }
            assert!(began.elapsed() < PATIENCE, "{path} never became right: {answer:?}");
            // Until something is complained of, or for a moment.
            let _ = self.complaints.lock().unwrap().recv_timeout(Duration::from_millis(50));
        }
    }

    /// Waits until it complains of something.
    #[track_caller]
    pub(super) fn complains(&self, word: &str) -> String {
        let mut heard = Vec::new();
        while let Ok(line) = self.complaints.lock().unwrap().recv_timeout(PATIENCE) {
            if line.contains(word) {
                return line;
            }
            heard.push(line);
        }
        panic!("it never said {word}: {heard:?}");
    }

    pub(super) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Tells it to end; its exit code.
    pub(super) fn ends_when_told(mut self) -> i32 {
        self.signal(Signal::TERM);
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// What it holds of memory, in KiB.
    pub(super) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What promtool says of a text.
pub(super) fn promtool(args: &[&str], text: &str) -> String {
    fed(Command::new("promtool").args(args), text)
}

/// Gives a program a text, and what it says.
pub(super) fn fed(command: &mut Command, text: &str) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let name = command.get_program().to_owned();
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{name:?}: {error}; tests/run installs it"));
    let mut input = child.stdin.take().unwrap();
    let written = text.to_owned();
    let feeding = thread::spawn(move || input.write_all(written.as_bytes()));
    let output = child.wait_with_output().unwrap();
    // A program that reads nothing closes.
    let _ = feeding.join().unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}
