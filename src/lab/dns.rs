//! A name server on loopback, UDP and TCP on one port, that says what it is told to, wrong things included.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use hickory_resolver::proto::op::{Message, Query, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, NS, SOA, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

/// What a name server says when asked for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These addresses, each to the question for its family.
    Addresses(Vec<IpAddr>),
    /// An alias. Where the zone knows its target, that is said in the same answer, as a recursive server does.
    Alias(String),
    /// An alias, and nothing of its target: the client has to ask again.
    BareAlias(String),
    /// Service records.
    Services(Vec<Service>),
    /// There is no such name (NXDOMAIN).
    NoSuchName,
    /// The name is there, and has no record of any kind asked for.
    NoData,
    /// Ask others: no answer, and the name servers of the zone, as a server says that does not recurse.
    Referral,
    /// The server failed (SERVFAIL).
    Failure,
    /// The server refuses to answer (REFUSED).
    Refusal,
    /// Any other response code.
    Code(u16),
    /// Nothing at all.
    Silence,
    /// An answer whose header fits and whose rest cannot be read.
    Malformed,
    /// First what somebody who guesses the id would send, then this.
    AfterForgery(Box<Answer>),
    /// By UDP only that the answer does not fit; by TCP this.
    Truncated(Box<Answer>),
    /// This to the question for IPv4 addresses, that to the one for IPv6.
    ByFamily(Box<Answer>, Box<Answer>),
}

/// A service record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The priority.
    pub priority: u16,
    /// The weight.
    pub weight: u16,
    /// The port.
    pub port: u16,
    /// The host.
    pub target: String,
}

/// What one name server says. Of a name it was told nothing of it says that there is none.
#[derive(Debug, Clone, Default)]
pub struct View(HashMap<String, Answer>);

impl View {
    /// Says this of a name from now on; the name's case does not matter.
    pub fn say(&mut self, name: &str, answer: Answer) -> &mut Self {
        self.0.insert(key(name), answer);
        self
    }

    /// Gives a name its addresses.
    pub fn addresses(&mut self, name: &str, addresses: &[IpAddr]) -> &mut Self {
        self.say(name, Answer::Addresses(addresses.to_vec()))
    }

    fn answer(&self, name: &Name) -> &Answer {
        self.0.get(&key(&name.to_ascii())).unwrap_or(&Answer::NoSuchName)
    }
}

fn key(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// A question as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The name, with its trailing dot if it had one.
    pub name: String,
    /// The record type: `A`, `AAAA`, `SRV`.
    pub kind: String,
    /// Whether it came by TCP.
    pub by_tcp: bool,
}

/// A running name server; it ends when dropped.
#[derive(Debug)]
pub struct DnsServer {
    address: SocketAddr,
    state: Arc<State>,
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct State {
    view: View,
    asked: Mutex<Vec<Asked>>,
}

impl DnsServer {
    /// Starts a name server on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn start(view: View) -> io::Result<Self> {
        // The port is free for UDP; that it is for TCP too is likely, not certain.
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..16 {
            let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let address = udp.local_addr()?;
            match TcpListener::bind(address).await {
                Ok(tcp) => return Ok(Self::serving(view, address, udp, tcp)),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn serving(view: View, address: SocketAddr, udp: UdpSocket, tcp: TcpListener) -> Self {
        let state = Arc::new(State { view, asked: Mutex::default() });
        let mut tasks = JoinSet::new();
        tasks.spawn(serve_udp(Arc::clone(&state), udp));
        tasks.spawn(serve_tcp(Arc::clone(&state), tcp));
        Self { address, state, _tasks: tasks }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve_udp(state: Arc<State>, socket: UdpSocket) {
    let mut buffer = [0; 4096];
    while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
        let question = buffer.get(..length).unwrap_or_default();
        for reply in state.replies(question, false) {
            // A client that is gone is no fault of the server's.
            let _ = socket.send_to(&reply, from).await;
        }
    }
}

async fn serve_tcp(state: Arc<State>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve_connection(Arc::clone(&state), stream));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_connection(state: Arc<State>, mut stream: TcpStream) {
    while let Ok(length) = stream.read_u16().await {
        let mut question = vec![0; usize::from(length)];
        if stream.read_exact(&mut question).await.is_err() {
            return;
        }
        for reply in state.replies(&question, true) {
            let Ok(length) = u16::try_from(reply.len()) else { return };
            if stream.write_u16(length).await.is_err() || stream.write_all(&reply).await.is_err() {
                return;
            }
        }
    }
}

impl State {
    /// What is sent in answer to a question, in order.
    fn replies(&self, question: &[u8], by_tcp: bool) -> Vec<Vec<u8>> {
        let Ok(message) = Message::from_vec(question) else { return Vec::new() };
        let Some(query) = message.queries.first().cloned() else { return Vec::new() };
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(Asked {
            name: query.name().to_ascii(),
            kind: query.query_type().to_string(),
            by_tcp,
        });
        let mut replies = Vec::new();
        self.reply(self.view.answer(query.name()), &message, &query, by_tcp, &mut replies);
        replies
    }

    fn reply(&self, answer: &Answer, question: &Message, query: &Query, by_tcp: bool, replies: &mut Vec<Vec<u8>>) {
        let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
        reply.metadata.recursion_desired = question.metadata.recursion_desired;
        reply.metadata.recursion_available = true;
        reply.add_query(query.clone());
        match answer {
            Answer::Silence => return,
            Answer::Malformed => {
                // The header promises an answer that the rest does not hold.
                let mut bytes = reply.to_vec().unwrap_or_default();
                if let Some(count) = bytes.get_mut(7) {
                    *count = 3;
                }
                bytes.extend([0xc0, 0xff, 0xff, 0x00]);
                replies.push(bytes);
                return;
            }
            Answer::AfterForgery(then) => {
                let mut forged = reply.clone();
                forged.metadata.id = forged.metadata.id.wrapping_add(1);
                if let Some(address) = record(query.name(), IpAddr::from([192, 0, 2, 66]), query.query_type()) {
                    forged.add_answer(address);
                }
                replies.extend(forged.to_vec());
                return self.reply(then, question, query, by_tcp, replies);
            }
            Answer::Truncated(then) if by_tcp => return self.reply(then, question, query, by_tcp, replies),
            Answer::Truncated(_) => reply.metadata.truncation = true,
            Answer::ByFamily(v4, v6) => {
                let chosen = if query.query_type() == RecordType::AAAA { v6 } else { v4 };
                return self.reply(chosen, question, query, by_tcp, replies);
            }
            plain => self.fill(plain, query.name(), query.query_type(), &mut reply, 0),
        }
        replies.extend(reply.to_vec());
    }

    /// What is said of one name, in a whole answer.
    fn fill(&self, answer: &Answer, name: &Name, kind: RecordType, reply: &mut Message, depth: usize) {
        /// After so many aliases a recursive server stops, and says what it has.
        const ALIASES: usize = 32;
        let before = reply.answers.len();
        match answer {
            Answer::Addresses(addresses) => {
                reply.answers.extend(addresses.iter().filter_map(|address| record(name, *address, kind)));
            }
            Answer::Services(services) if kind == RecordType::SRV => {
                for service in services {
                    let Ok(target) = absolute(&service.target) else { continue };
                    let data = SRV::new(service.priority, service.weight, service.port, target);
                    reply.add_answer(Record::from_rdata(name.clone(), 60, RData::SRV(data)));
                }
            }
            Answer::Alias(target) | Answer::BareAlias(target) => {
                let Ok(target) = absolute(target) else { return };
                let alias = RData::CNAME(CNAME(target.clone()));
                reply.add_answer(Record::from_rdata(name.clone(), 60, alias));
                if matches!(answer, Answer::Alias(_)) && depth < ALIASES {
                    self.fill(self.view.answer(&target), &target, kind, reply, depth + 1);
                }
                return;
            }
            Answer::NoSuchName => reply.metadata.response_code = ResponseCode::NXDomain,
            Answer::Referral => {
                let zone = name.base_name();
                reply.metadata.authoritative = false;
                reply.metadata.recursion_available = false;
                reply.add_authority(Record::from_rdata(zone.clone(), 60, RData::NS(NS(zone))));
                return;
            }
            Answer::Failure => reply.metadata.response_code = ResponseCode::ServFail,
            Answer::Refusal => reply.metadata.response_code = ResponseCode::Refused,
            Answer::Code(code) => {
                let [high, low] = code.to_be_bytes();
                reply.metadata.response_code = ResponseCode::from(high, low);
            }
            Answer::Services(_)
            | Answer::NoData
            | Answer::Silence
            | Answer::Malformed
            | Answer::AfterForgery(_)
            | Answer::Truncated(_)
            | Answer::ByFamily(..) => {}
        }
        let code = reply.metadata.response_code;
        if reply.answers.len() == before && matches!(code, ResponseCode::NoError | ResponseCode::NXDomain) {
            let zone = name.base_name();
            let soa = SOA::new(zone.clone(), zone.clone(), 1, 3600, 600, 86_400, 60);
            reply.add_authority(Record::from_rdata(zone, 60, RData::SOA(soa)));
        }
    }
}

fn absolute(name: &str) -> Result<Name, hickory_resolver::proto::ProtoError> {
    let mut name = Name::from_ascii(name)?;
    name.set_fqdn(true);
    Ok(name)
}

fn record(name: &Name, address: IpAddr, kind: RecordType) -> Option<Record> {
    let data = match (address, kind) {
        (IpAddr::V4(address), RecordType::A) => RData::A(A(address)),
        (IpAddr::V6(address), RecordType::AAAA) => RData::AAAA(AAAA(address)),
        _ => return None,
    };
    Some(Record::from_rdata(name.clone(), 60, data))
}
