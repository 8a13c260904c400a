//! The soak's farm: one process that is every endpoint of the list. Who is connected to is told by the loopback address; one
//! address in a hundred each is hostile in one of the ways of the table, the others are healthy, each with a certificate of
//! its own.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use cmprobe::lab::legacy::{Demand, Identity, Legacy, Pages, Trust, When};
use cmprobe::lab::peer::{self, Script, Step, follow};
use cmprobe::lab::pki::{Attribute, KeyName, Minted, Pki, Recipe, San, Subtree};
use cmprobe::lab::site::pages::{self, Page};
use cmprobe::wire::version::ProtocolVersion;
use futures_util::future::BoxFuture;
use rustls_pki_types::CertificateDer;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::farm::{CertifiedKeySource, address, listen, number_of};
use crate::soak::{organization, say};

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What makes the chain of an endpoint, DER.
type Chain = fn(&Farm, Ipv4Addr) -> Result<Vec<Vec<u8>>, Failed>;

/// A way to be hostile.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// Whether it is a management point that is asked over HTTP.
    pub(crate) asked: bool,
    act: Act,
}

/// What is done with a connection.
enum Act {
    /// These octets.
    Says(fn() -> Script),
    /// A TLS session with this chain.
    Presents(Chain),
    /// A good session, and then this.
    Answers(Answer),
    /// A server of its own, at a port of its own.
    Elsewhere,
}

/// What comes in a session, once a request came.
#[derive(Clone, Copy)]
enum Answer {
    /// This, then the end of the connection.
    Once(&'static [u8]),
    /// This, then the end without TLS's own.
    Cut(&'static [u8]),
    /// This, then nothing more.
    Holds(&'static [u8]),
    /// This, then the other again and again.
    Endless(&'static [u8], &'static [u8]),
    /// So many tickets, before anything is asked.
    Tickets(usize),
    /// New keys, again and again.
    NewKeys,
}

const fn says(name: &'static str, script: fn() -> Script) -> Kind {
    Kind { name, asked: false, act: Act::Says(script) }
}

const fn presents(name: &'static str, chain: Chain) -> Kind {
    Kind { name, asked: false, act: Act::Presents(chain) }
}

const fn answers(name: &'static str, answer: Answer) -> Kind {
    Kind { name, asked: true, act: Act::Answers(answer) }
}

/// Every way.
pub(crate) const KINDS: [Kind; 49] = [
    says("silent after accepting", peer::silent),
    says("reset at once", || vec![Step::Reset]),
    says("reset after the hello", peer::resets),
    says("closed after the hello", peer::closes),
    says("garbage", peer::garbage),
    says("garbage without end", || vec![Step::Flood((0..=255).collect())]),
    says("a ServerHello octet by octet", peer::drips),
    says("half a record", peer::half_a_record),
    says("a message of 16 MiB", peer::huge_message),
    says("a chain without end", || flight(&[], 0x00ff_ffff, true)),
    says("a chain that ends within a record", || flight(&[0x30; 64], 4000, false)),
    says("fragments of one octet without end", || flood(&[22, 3, 3, 0, 1, 2])),
    says("empty records without end", || flood(&[22, 3, 3, 0, 0])),
    says("HelloRequests without end", || flood(&[22, 3, 3, 0, 4, 0, 0, 0, 0])),
    says("ChangeCipherSpecs without end", || flood(&[20, 3, 3, 0, 1, 1])),
    says("warnings without end", peer::endless_warnings),
    says("fatal alerts without end", || flood(&[21, 3, 3, 0, 2, 2, 40])),
    says("a suite nobody has", || peer::chooses(0x0303, 0xdada)),
    says("HelloRetryRequests without end", || flood(&retry())),
    says("plain HTTP", peer::plain_http),
    says("an HTTP head without end", || {
        vec![Step::Listen, Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Flood(b"a: b\r\n".repeat(200))]
    }),
    says("another protocol", || vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Step::Hold]),
    presents("15,000 names under 15,000 constraints", Farm::constrained),
    presents("100,000 names", Farm::many_names),
    presents("a leaf that is not DER", |farm, at| {
        Ok(vec![farm.leaf(at)?.der.into_iter().rev().collect(), farm.pki.issuing.der.clone()])
    }),
    presents("a leaf nested 10,000 deep", |farm, at| {
        farm.shown(farm.recipe(at).extension("2.5.29.17", false, &nested(10_000)))
    }),
    presents("an expired leaf", |farm, at| farm.shown(farm.recipe(at).valid(farm.day(-60), farm.day(-1)))),
    presents("a leaf that ends before it begins", |farm, at| {
        farm.shown(farm.recipe(at).valid(farm.day(20), farm.day(-20)))
    }),
    presents("a forged signature", |farm, at| Ok(farm.leaf(at)?.corrupt_signature().chain())),
    presents("2,000 authorities that lead nowhere", |farm, at| {
        Ok([farm.leaf(at)?.chain(), farm.others.to_vec()].concat())
    }),
    presents("an extension of 60,000 octets of nothing", |farm, at| {
        farm.shown(farm.recipe(at).extension("1.2.3.4", true, &[0x30; 60_000]))
    }),
    presents("40,000 extensions", |farm, at| {
        farm.shown((0..40_000).fold(farm.recipe(at), |recipe, n| recipe.extension(&format!("1.2.3.{n}"), true, &[])))
    }),
    presents("a list from a silent server", |farm, at| farm.shown(farm.recipe(at).cdp(&[farm.url(at, "silent")]))),
    presents("a list octet by octet", |farm, at| farm.shown(farm.recipe(at).cdp(&[farm.url(at, "drip")]))),
    presents("a list without end", |farm, at| farm.shown(farm.recipe(at).cdp(&[farm.url(at, "endless")]))),
    presents("a list behind redirects without end", |farm, at| {
        farm.shown(farm.recipe(at).cdp(&[farm.url(at, "again")]))
    }),
    presents("eight lists from silent servers", |farm, at| {
        let urls: Vec<String> = (0..8).map(|n| farm.url(at, &format!("silent/{n}"))).collect();
        farm.shown(farm.recipe(at).cdp(&urls))
    }),
    presents("a silent responder", |farm, at| {
        farm.shown(farm.recipe(at).cdp(&[farm.url(at, "none")]).ocsp(&farm.url(at, "silent")))
    }),
    presents("issuers above issuers without end", |farm, at| {
        let recipe = farm.recipe(at).issued_by(vec![(Attribute::CommonName, "Loop".into())]);
        Ok(vec![farm.pki.issuing.issue(&recipe.no_authority_information().ca_issuers(&farm.url(at, "above/0")))?.der])
    }),
    answers(
        "an HTTP head without end, in TLS",
        Answer::Endless(b"HTTP/1.1 200 OK\r\n", b"a: bbbbbbbbbbbbbbbbbbbbbbbb\r\n"),
    ),
    answers("a body without end", Answer::Endless(b"HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 4096])),
    answers(
        "chunks of one octet without end",
        Answer::Endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ),
    answers(
        "a packed body without end",
        Answer::Endless(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03",
            &[0x63, 0x60, 0x18, 0x05, 0xa3, 0x60, 0x14, 0x0c],
        ),
    ),
    answers(
        "redirects to itself",
        Answer::Once(b"HTTP/1.1 302 Found\r\nLocation: /SMS_MP/.sms_aut?MPLIST\r\nContent-Length: 0\r\n\r\n"),
    ),
    answers(
        "a length of 2^60 octets",
        Answer::Holds(b"HTTP/1.1 200 OK\r\nContent-Length: 1152921504606846976\r\n\r\nx"),
    ),
    answers("cut within a body", Answer::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n<MPList>")),
    answers("5,000 tickets, then silence", Answer::Tickets(5000)),
    answers("new keys without end", Answer::NewKeys),
    Kind { name: ELSEWHERE, asked: true, act: Act::Elsewhere },
];

/// The way that has a port of its own.
pub(crate) const ELSEWHERE: &str = "a second handshake again and again";

/// The key of every endpoint: RSA, as the documents demand.
const LEAF: KeyName = KeyName::Rsa2048B;

/// How many of a hundred endpoints are hostile in one of the ways, each of them once.
const OF: usize = 100;

/// The way an endpoint is hostile; `None`: it is healthy.
pub(crate) fn kind_of(number: usize) -> Option<&'static Kind> {
    // In no order, so that the hostile ones do not stand in a row.
    KINDS.get(number * 37 % OF)
}

fn flood(octets: &[u8]) -> Script {
    let times = (4096 / octets.len()).max(1);
    vec![Step::Listen, Step::Flood(octets.repeat(times))]
}

/// A flight of TLS 1.2 whose certificate message is said to have so many octets of certificates like this one.
fn flight(certificate: &[u8], length: usize, endless: bool) -> Script {
    let Some(Step::Send(begun)) = peer::begins_only(&[]).into_iter().nth(1) else { return Vec::new() };
    // Without the empty certificate message at its end.
    let mut begun = begun[..begun.len() - 7].to_vec();
    let hello = begun.len() - 5;
    begun[3..5].copy_from_slice(&u16::try_from(hello).unwrap_or_default().to_be_bytes());
    let three = |length: usize| length.to_be_bytes()[5..].to_vec();
    let head = [vec![11], three(length), three(length.saturating_sub(3))].concat();
    let record = |octets: &[u8]| {
        let length = u16::try_from(octets.len()).unwrap_or_default().to_be_bytes();
        [&[22, 3, 3][..], &length, octets].concat()
    };
    let one = [three(1000), vec![0x30; 1000]].concat();
    begun.extend(record(&head));
    if endless {
        vec![Step::Listen, Step::Send(begun), Step::Flood(record(&one))]
    } else {
        begun.extend(record(certificate));
        begun.truncate(begun.len() - 20);
        vec![Step::Listen, Step::Send(begun), Step::Close]
    }
}

/// A HelloRetryRequest of TLS 1.3 that asks for secp521r1.
fn retry() -> Vec<u8> {
    const RANDOM: [u8; 32] = [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2,
        0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];
    let extensions = [0, 0x2b, 0, 2, 3, 4, 0, 0x33, 0, 2, 0, 0x19];
    let body = [&[3, 3][..], &RANDOM, &[0, 0x13, 0x01, 0, 0, 12], &extensions].concat();
    let message = [&[2, 0, 0, u8::try_from(body.len()).unwrap_or_default()][..], &body].concat();
    [&[22, 3, 3, 0, u8::try_from(message.len()).unwrap_or_default()][..], &message].concat()
}

/// SEQUENCEs within one another.
fn nested(deep: usize) -> Vec<u8> {
    (0..deep).fold(Vec::new(), |inner, _| tlv(0x30, &inner))
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..=0x7f => vec![tag, u8::try_from(length).unwrap_or_default()],
        _ => [&[tag, 0x83][..], &length.to_be_bytes()[5..]].concat(),
    };
    [head, content.to_vec()].concat()
}

/// What the farm's process has at hand.
struct Farm {
    pki: Pki,
    key: CertifiedKeySource,
    scripts: Vec<Script>,
    lists: u16,
    others: Vec<Vec<u8>>,
    names: Vec<u8>,
    constraints: Vec<Subtree>,
    constrained_names: Vec<String>,
    published: Vec<(String, Vec<u8>)>,
}

impl Farm {
    fn new(lists: u16) -> Result<Self, Failed> {
        let pki = organization(lists).build()?;
        let other = |n: usize| Minted::self_signed(&Recipe::root(&format!("Other {n}")).key(KeyName::P256B));
        let others = (0..2_000).map(|n| Ok(other(n)?.der)).collect::<Result<_, Failed>>()?;
        let published = pki.published()?.into_iter().map(|file| (file.url, file.bytes)).collect();
        Ok(Self {
            key: CertifiedKeySource::new(LEAF)?,
            scripts: KINDS
                .iter()
                .map(|kind| match kind.act {
                    Act::Says(script) => script(),
                    Act::Presents(_) | Act::Answers(_) | Act::Elsewhere => Vec::new(),
                })
                .collect(),
            lists,
            others,
            names: (0..100_000).flat_map(|n| tlv(0x82, format!("n{n}.x").as_bytes())).collect(),
            constraints: (0..15_000).map(|n| Subtree::Dns(format!("n{n}.c"))).collect(),
            constrained_names: (0..15_000).map(|n| format!("h.n{n}.c")).collect(),
            published,
            pki,
        })
    }

    fn day(&self, days: i64) -> time::OffsetDateTime {
        self.pki.organization.at + time::Duration::days(days)
    }

    fn url(&self, at: Ipv4Addr, path: &str) -> String {
        format!("http://{at}:{}/{path}", self.lists)
    }

    fn recipe(&self, at: Ipv4Addr) -> Recipe {
        let name = format!("host-{at}.farm.test");
        self.pki.web_server(&[&name]).san(San::Ip(at.into())).key(LEAF)
    }

    fn leaf(&self, at: Ipv4Addr) -> Result<Minted, Failed> {
        Ok(self.pki.issue(&self.recipe(at))?)
    }

    fn shown(&self, recipe: Recipe) -> Result<Vec<Vec<u8>>, Failed> {
        Ok(self.pki.issue(&recipe)?.chain())
    }

    /// An authority of this endpoint's own, with more to compare than anybody should.
    fn constrained(&self, at: Ipv4Addr) -> Result<Vec<Vec<u8>>, Failed> {
        let authority = self.pki.issuing.recipe.clone().name_constraints(&self.constraints, &self.constraints);
        let authority = self.pki.root.issue(&authority.serial(&at.octets()))?;
        Ok(authority.issue(&self.recipe(at).dns(&self.constrained_names))?.chain())
    }

    fn many_names(&self, at: Ipv4Addr) -> Result<Vec<Vec<u8>>, Failed> {
        let own = tlv(0x87, &at.octets());
        let names = tlv(0x30, &[&own, &self.names[..]].concat());
        self.shown(self.recipe(at).no_san().extension("2.5.29.17", false, &names))
    }

    async fn serve(&self, mut stream: TcpStream, number: usize) -> Result<(), Failed> {
        let at = address(number);
        let Some((kind, script)) = kind_of(number).map(|kind| (kind, &self.scripts[number * 37 % OF])) else {
            let session = self.session(stream, self.leaf(at)?.chain(), 0).await?;
            wait_for_the_client(session).await;
            return Ok(());
        };
        match &kind.act {
            Act::Says(_) => follow(stream, script).await?,
            Act::Presents(chain) => {
                let session = self.session(stream, chain(self, at)?, 0).await?;
                wait_for_the_client(session).await;
            }
            Act::Answers(answer) => {
                let tickets = if let Answer::Tickets(tickets) = answer { *tickets } else { 0 };
                let session = self.session(stream, self.leaf(at)?.chain(), tickets).await?;
                answer_with(session, *answer).await?;
            }
            Act::Elsewhere => stream.shutdown().await?,
        }
        Ok(())
    }

    async fn session(
        &self,
        stream: TcpStream,
        chain: Vec<Vec<u8>>,
        tickets: usize,
    ) -> Result<TlsStream<TcpStream>, Failed> {
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        let mut config = self.key.presenting(chain)?;
        if tickets > 0 {
            config.send_tls13_tickets = tickets;
            config.session_storage = rustls::server::ServerSessionMemoryCache::new(8);
        }
        Ok(TlsAcceptor::from(Arc::new(config)).accept(stream).await?)
    }

    /// What the farm's web server says.
    async fn lists(&self, mut stream: TcpStream, number: usize) -> Result<(), Failed> {
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            if stream.read_buf(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let url = format!("http://127.0.0.1:{}{path}", self.lists);
        if let Some((_, file)) = self.published.iter().find(|(known, _)| *known == url) {
            return once(&mut stream, file).await;
        }
        let own = address(number);
        if let Some(step) = path.strip_prefix("/above/").and_then(|step| step.parse::<usize>().ok()) {
            let name = |n: usize| if n == 0 { "Loop".to_owned() } else { format!("Loop {n}") };
            let recipe = Recipe::issuing(&name(step)).key(KeyName::P256B).valid(self.day(-9), self.day(900));
            let recipe = recipe.issued_by(vec![(Attribute::CommonName, name(step + 1).as_str().into())]);
            let recipe = recipe.ca_issuers(&self.url(own, &format!("above/{}", step + 1)));
            return once(&mut stream, &self.pki.issuing.issue(&recipe)?.der).await;
        }
        match path.split('/').nth(1) {
            Some("drip") => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n0").await?;
                loop {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    stream.write_u8(0).await?;
                }
            }
            Some("endless") => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n\x30\x84\x7f\xff\xff\xff\x30\x84\x7f\xff\x00\x00").await?;
                loop {
                    stream.write_all(&[0x30; 4096]).await?;
                }
            }
            Some("again") => {
                let there = format!("HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(there.as_bytes()).await?;
                stream.shutdown().await?;
            }
            Some("none") => stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await?,
            _ => {}
        }
        while stream.read(&mut [0; 1024]).await? > 0 {}
        Ok(())
    }
}

/// Listens until the client says something, or goes away.
async fn wait_for_the_client(mut session: TlsStream<TcpStream>) {
    let _ = session.read(&mut [0; 1024]).await;
}

async fn once(stream: &mut TcpStream, body: &[u8]) -> Result<(), Failed> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat()).await?;
    Ok(stream.shutdown().await?)
}

async fn answer_with(mut session: TlsStream<TcpStream>, answer: Answer) -> Result<(), Failed> {
    if let Answer::NewKeys = answer {
        loop {
            let connection = &mut session.get_mut().1;
            connection.refresh_traffic_keys()?;
            session.flush().await?;
        }
    }
    let mut head = [0; 2048];
    if session.read(&mut head).await? == 0 {
        return Ok(());
    }
    match answer {
        Answer::Once(octets) => {
            session.write_all(octets).await?;
            session.shutdown().await?;
        }
        Answer::Cut(octets) => {
            session.write_all(octets).await?;
            session.flush().await?;
            session.get_mut().0.shutdown().await?;
        }
        Answer::Holds(octets) => {
            session.write_all(octets).await?;
            session.flush().await?;
        }
        Answer::Endless(first, then) => {
            session.write_all(first).await?;
            let then = then.repeat((8192 / then.len()).max(1));
            endless(&mut session, &then).await?;
        }
        Answer::Tickets(_) | Answer::NewKeys => {}
    }
    while session.read(&mut head).await? > 0 {}
    Ok(())
}

async fn endless(to: &mut (impl AsyncWrite + Unpin), octets: &[u8]) -> Result<(), Failed> {
    loop {
        to.write_all(octets).await?;
    }
}

/// Every page is for clients with a certificate.
struct Guarded;

impl Pages for Guarded {
    fn protects(&self, _: &str) -> bool {
        true
    }

    fn answer<'a>(&'a self, _: &'a str, _: &'a str, _: bool) -> BoxFuture<'a, Page> {
        Box::pin(std::future::ready(pages::not_found()))
    }
}

/// The farm's own process: says its ports, and serves until it is killed.
pub(crate) fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served: Result<(), Failed> = runtime.block_on(async {
        let (tls, lists, renegotiating) = (listen()?, listen()?, listen()?);
        let ports = [tls.local_addr()?.port(), lists.local_addr()?.port(), renegotiating.local_addr()?.port()];
        let farm: &'static Farm = Box::leak(Box::new(Farm::new(ports[1])?));
        let leaf = farm.leaf(Ipv4Addr::LOCALHOST)?;
        let again =
            Demand { when: When::AgainAndAgain(1000), required: false, trust: Trust::Anybody, names: Vec::new() };
        let legacy = Legacy {
            demand: again,
            pages: Arc::new(Guarded),
            ..Legacy::new(Identity::of(&leaf)?, ProtocolVersion::TLS1_2)
        };
        let _renegotiating = legacy.start(renegotiating)?;
        say(ports)?;
        tokio::spawn(accept(lists, move |stream, number| async move { farm.lists(stream, number).await }));
        accept(tls, move |stream, number| async move { farm.serve(stream, number).await }).await;
        Ok(())
    });
    served.map_err(|error| -> Box<dyn std::error::Error> { error })
}

/// Gives every connection to whoever is connected to.
async fn accept<F: Future<Output = Result<(), Failed>> + Send + 'static>(
    listener: TcpListener,
    serve: impl Fn(TcpStream, usize) -> F,
) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let number = stream.local_addr().ok().and_then(number_of).unwrap_or_default();
        let serving = serve(stream, number);
        tokio::spawn(async move {
            // A client that goes away is no concern of the farm's.
            let _ = serving.await;
        });
    }
}
