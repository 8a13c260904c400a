//! The ClientHello, written by hand.

use openssl::rand::rand_bytes;

use crate::engine::Hello;
use crate::engine::failure::failure;
use crate::engine::message::{extension, kind};
use crate::observation::failure::{Failure, HandshakeFailure};
use crate::plan::offer::Shape;
use crate::wire::version::ProtocolVersion;
use crate::wire::windows::Row;

/// The longest server name sent: DNS has none longer.
const SERVER_NAME_LIMIT: usize = 255;
const HANDSHAKE: u8 = 22;
const X25519: u16 = 0x001d;

/// A ClientHello in its record.
#[derive(Debug)]
pub(in crate::engine) struct Greeting {
    pub(super) record: Vec<u8>,
    /// SSL 3.0 has none: no server name is sent then.
    pub(super) has_extensions: bool,
}

/// Every suite with a certificate that was ever in use below TLS 1.3: what today's libraries have in the order servers
/// prefer, then what only old servers have, the export suites last. The signal of RFC 5746 ends the list.
pub(super) const SUITES: &[u16] = &[
    0xc02b,
    0xc02f,
    0xc02c,
    0xc030,
    0xcca9,
    0xcca8,
    0xc009,
    0xc013,
    0xc00a,
    0xc014,
    0xc023,
    0xc027,
    0xc024,
    0xc028,
    0x009e,
    0x009f,
    0xccaa,
    0x0033,
    0x0039,
    0x0067,
    0x006b,
    0x009c,
    0x009d,
    0x002f,
    0x0035,
    0x003c,
    0x003d,
    0xc0ac,
    0xc0ad,
    0xc09c,
    0xc09d,
    0x0041,
    0x0084,
    0x0045,
    0x0088,
    0x0096,
    0x009a,
    0x00a2,
    0x00a3,
    0x0032,
    0x0038,
    0x0040,
    0x006a,
    0xc008,
    0xc012,
    0x000a,
    0x0016,
    0x0013,
    0xc007,
    0xc011,
    0x0005,
    0x0004,
    0x0007,
    0x0009,
    0x0015,
    0x0012,
    0x0062,
    0x0064,
    0x0003,
    0x0006,
    0x0008,
    0x0014,
    0x0011,
    0x0002,
    0x0001,
    RENEGOTIATION_SIGNAL,
];
const RENEGOTIATION_SIGNAL: u16 = 0x00ff;

/// X25519 and the NIST curves in use, then what only few have: secp256k1, brainpool, P-224, P-192, X448.
const GROUPS: &[u16] = &[0x001d, 0x0017, 0x0018, 0x0019, 0x0016, 0x001a, 0x001b, 0x001c, 0x0015, 0x0013, 0x001e];

/// Everything a server may sign with, the weak last: RSA-PSS, ECDSA, RSA, Edwards curves, DSA, SHA-224, SHA-1, MD5.
const SIGNATURES: &[u16] = &[
    0x0804, 0x0403, 0x0401, 0x0805, 0x0503, 0x0501, 0x0806, 0x0603, 0x0601, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b,
    0x0402, 0x0502, 0x0602, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0x0101,
];

/// The ClientHello for an offer.
pub(super) fn client_hello(hello: &Hello) -> Result<Greeting, Failure> {
    match hello.shape {
        Shape::Usual => usual(hello),
        Shape::Windows(client) => of_windows(hello, client.row()),
    }
}

/// Everything there was below TLS 1.3.
fn usual(hello: &Hello) -> Result<Greeting, Failure> {
    let newest = hello.versions.newest.min(ProtocolVersion::TLS1_2);
    if newest < hello.versions.oldest || newest < ProtocolVersion::SSL3 {
        let words = format!("the hello reader speaks SSLv3 to TLSv1.2, not {} alone", hello.versions.newest);
        return Err(failure(HandshakeFailure::EngineLimit, words));
    }
    let mut extensions = Vec::new();
    if newest > ProtocolVersion::SSL3 {
        if let Some(name) = hello.server_name.as_deref() {
            push_server_name(&mut extensions, name)?;
        }
        push_extension(&mut extensions, extension::STATUS_REQUEST, &[1, 0, 0, 0, 0]);
        push_extension(&mut extensions, extension::SUPPORTED_GROUPS, &vector(2, &numbers(GROUPS)));
        push_extension(&mut extensions, extension::EC_POINT_FORMATS, &[1, 0]);
        if newest >= ProtocolVersion::TLS1_2 {
            push_extension(&mut extensions, extension::SIGNATURE_ALGORITHMS, &vector(2, &numbers(SIGNATURES)));
        }
    }
    let suites = numbers(SUITES);
    Ok(Greeting { record: record(newest, &[], &suites, &extensions)?, has_extensions: !extensions.is_empty() })
}

/// As a Windows client says it. XP and Server 2003 send no extensions at all.
fn of_windows(hello: &Hello, row: &Row) -> Result<Greeting, Failure> {
    let mut extensions = Vec::new();
    if row.sends_server_name {
        if let Some(name) = hello.server_name.as_deref() {
            push_server_name(&mut extensions, name)?;
        }
        push_extension(&mut extensions, extension::STATUS_REQUEST, &[1, 0, 0, 0, 0]);
        push_extension(&mut extensions, extension::SUPPORTED_GROUPS, &vector(2, &numbers(row.groups)));
        push_extension(&mut extensions, extension::EC_POINT_FORMATS, &[1, 0]);
        if !row.signatures.is_empty() {
            push_extension(&mut extensions, extension::SIGNATURE_ALGORITHMS, &vector(2, &numbers(row.signatures)));
        }
    }
    let is_tls13 = row.speaks(ProtocolVersion::TLS1_3);
    let mut session = [0; 32];
    if is_tls13 {
        // Any 32 octets are a share on X25519, and a session id is not looked at.
        let mut share = [0; 32];
        random(&mut share)?;
        random(&mut session)?;
        let offered = ProtocolVersion::ALL.into_iter().rev().filter(|version| row.speaks(*version));
        let offered: Vec<u16> = offered.map(|version| version.0).collect();
        push_extension(&mut extensions, extension::SUPPORTED_VERSIONS, &vector(1, &numbers(&offered)));
        let mut entry = X25519.to_be_bytes().to_vec();
        push_vector(&mut entry, 2, &share);
        push_extension(&mut extensions, extension::KEY_SHARE, &vector(2, &entry));
    }
    let mut suites: Vec<u16> = row.all_suites().collect();
    if extensions.is_empty() {
        suites.push(RENEGOTIATION_SIGNAL);
    } else {
        push_extension(&mut extensions, extension::RENEGOTIATION_INFO, &[0]);
    }
    let newest = row.newest.min(ProtocolVersion::TLS1_2);
    let session = if is_tls13 { session.as_slice() } else { &[] };
    let record = record(newest, session, &numbers(&suites), &extensions)?;
    Ok(Greeting { record, has_extensions: !extensions.is_empty() })
}

/// A hello in its record.
fn record(version: ProtocolVersion, session: &[u8], suites: &[u8], extensions: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut body = version.0.to_be_bytes().to_vec();
    let mut of_client = [0; 32];
    random(&mut of_client)?;
    body.extend(of_client);
    push_vector(&mut body, 1, session);
    push_vector(&mut body, 2, suites);
    // No compression.
    push_vector(&mut body, 1, &[0]);
    if !extensions.is_empty() {
        push_vector(&mut body, 2, extensions);
    }
    let mut message = vec![kind::CLIENT_HELLO];
    push_vector(&mut message, 3, &body);
    // Old servers look at the record's version too: it says the oldest that could be meant (RFC 5246, E.1).
    let outer = if version > ProtocolVersion::SSL3 { ProtocolVersion::TLS1_0 } else { ProtocolVersion::SSL3 };
    let mut record = vec![HANDSHAKE];
    record.extend(outer.0.to_be_bytes());
    push_vector(&mut record, 2, &message);
    Ok(record)
}

fn random(bytes: &mut [u8]) -> Result<(), Failure> {
    rand_bytes(bytes).map_err(|_| failure(HandshakeFailure::EngineLimit, "this machine gives no random numbers"))
}

fn push_server_name(out: &mut Vec<u8>, name: &str) -> Result<(), Failure> {
    if name.is_empty() || name.len() > SERVER_NAME_LIMIT {
        let words = format!("the hello reader cannot send a server name of {} bytes", name.len());
        return Err(failure(HandshakeFailure::EngineLimit, words));
    }
    let mut entry = vec![0];
    push_vector(&mut entry, 2, name.as_bytes());
    push_extension(out, extension::SERVER_NAME, &vector(2, &entry));
    Ok(())
}

fn numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn push_extension(out: &mut Vec<u8>, kind: u16, value: &[u8]) {
    out.extend(kind.to_be_bytes());
    push_vector(out, 2, value);
}

fn vector(octets: usize, contents: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets + contents.len());
    push_vector(&mut out, octets, contents);
    out
}

/// Contents with their length in so many octets in front. Everything written here is far shorter than that can say.
fn push_vector(out: &mut Vec<u8>, octets: usize, contents: &[u8]) {
    let length = contents.len().to_be_bytes();
    out.extend_from_slice(&length[length.len() - octets..]);
    out.extend_from_slice(contents);
}
