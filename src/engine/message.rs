//! TLS handshake messages read in clear text, SSL 3.0 to TLS 1.3: what the OpenSSL engine overhears and the hello reader
//! receives. Total on any bytes; nothing is decrypted, verified or judged here.

use crate::wire::der::Der;
use crate::wire::suite::{CipherSuite, NamedGroup};
use crate::wire::version::ProtocolVersion;

/// Handshake message types (IANA: TLS HandshakeType).
pub(super) mod kind {
    pub(in crate::engine) const HELLO_REQUEST: u8 = 0;
    pub(in crate::engine) const CLIENT_HELLO: u8 = 1;
    pub(in crate::engine) const SERVER_HELLO: u8 = 2;
    pub(in crate::engine) const NEW_SESSION_TICKET: u8 = 4;
    pub(in crate::engine) const CERTIFICATE: u8 = 11;
    pub(in crate::engine) const SERVER_KEY_EXCHANGE: u8 = 12;
    pub(in crate::engine) const CERTIFICATE_REQUEST: u8 = 13;
    pub(in crate::engine) const SERVER_HELLO_DONE: u8 = 14;
    pub(in crate::engine) const CLIENT_KEY_EXCHANGE: u8 = 16;
    pub(in crate::engine) const FINISHED: u8 = 20;
    pub(in crate::engine) const CERTIFICATE_STATUS: u8 = 22;
}

/// Extension types (IANA: TLS ExtensionType).
pub(super) mod extension {
    pub(in crate::engine) const SERVER_NAME: u16 = 0;
    pub(in crate::engine) const STATUS_REQUEST: u16 = 5;
    pub(in crate::engine) const SUPPORTED_GROUPS: u16 = 10;
    pub(in crate::engine) const EC_POINT_FORMATS: u16 = 11;
    pub(in crate::engine) const SIGNATURE_ALGORITHMS: u16 = 13;
    pub(in crate::engine) const SUPPORTED_VERSIONS: u16 = 43;
    pub(in crate::engine) const CERTIFICATE_AUTHORITIES: u16 = 47;
    pub(in crate::engine) const KEY_SHARE: u16 = 51;
    pub(in crate::engine) const RENEGOTIATION_INFO: u16 = 0xff01;
}

/// The most certificates and authorities of one message that are kept; the longest lists seen in the field have some hundreds.
const LIST_LIMIT: usize = 4096;

/// Takes fields off the front of bytes; `None` where they are too short, and then nothing is taken.
#[derive(Clone, Copy)]
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        let (taken, rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*taken))
    }

    /// A vector with a length of so many octets in front.
    fn vector(&mut self, octets: usize) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let length = ahead.bytes(octets)?.iter().fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet));
        let taken = ahead.bytes(length)?;
        *self = ahead;
        Some(taken)
    }

    /// The next extension: its type and what it holds.
    fn extension(&mut self) -> Option<(u16, &'a [u8])> {
        let mut ahead = *self;
        let kind = ahead.u16()?;
        let value = ahead.vector(2)?;
        *self = ahead;
        Some((kind, value))
    }
}

/// What a ServerHello settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ServerHello {
    pub(super) version: ProtocolVersion,
    pub(super) cipher_suite: CipherSuite,
    /// Whether it carries the extension of RFC 5746.
    pub(super) secure_renegotiation: bool,
    /// The group of its key share (TLS 1.3).
    pub(super) group: Option<NamedGroup>,
}

impl ServerHello {
    /// Reads the message's body; `None`: cut short before the suite.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let version = ProtocolVersion(fields.u16()?);
        fields.bytes(32)?;
        fields.vector(1)?;
        let cipher_suite = CipherSuite(fields.u16()?);
        let mut hello = Self { version, cipher_suite, secure_renegotiation: false, group: None };
        // Compression, then extensions, if any: old servers end after the compression, some even before it.
        let _ = fields.u8();
        // A block cut short still shows its first extensions.
        let mut extensions = match fields.vector(2) {
            Some(whole) => Fields(whole),
            None => Fields(fields.0.get(2..).unwrap_or_default()),
        };
        while let Some((kind, value)) = extensions.extension() {
            match (kind, value) {
                (extension::RENEGOTIATION_INFO, _) => hello.secure_renegotiation = true,
                (extension::SUPPORTED_VERSIONS, &[major, minor]) => {
                    hello.version = ProtocolVersion(u16::from_be_bytes([major, minor]));
                }
                (extension::KEY_SHARE, &[high, low, ..]) => {
                    hello.group = Some(NamedGroup(u16::from_be_bytes([high, low])));
                }
                _ => {}
            }
        }
        Some(hello)
    }
}

/// The certificates of a Certificate message, as far as they can be read, and the OCSP response TLS 1.3 puts there.
pub(super) fn certificates(body: &[u8], version: ProtocolVersion) -> (Vec<Der>, Option<Der>) {
    let mut fields = Fields(body);
    let is_tls13 = version >= ProtocolVersion::TLS1_3;
    if is_tls13 && fields.vector(1).is_none() {
        return (Vec::new(), None);
    }
    // A list cut short still shows its first certificates.
    let mut list = match fields.vector(3) {
        Some(list) => Fields(list),
        None => Fields(fields.0.get(3..).unwrap_or_default()),
    };
    let mut chain = Vec::new();
    let mut response = None;
    while let Some(certificate) = list.vector(3) {
        if chain.len() < LIST_LIMIT {
            chain.push(Der::from(certificate));
        }
        if !is_tls13 {
            continue;
        }
        let Some(extensions) = list.vector(2) else { break };
        let mut extensions = Fields(extensions);
        while let Some((kind, value)) = extensions.extension() {
            // Only the leaf's is of interest.
            if kind == extension::STATUS_REQUEST && chain.len() == 1 {
                response = ocsp_response(value);
            }
        }
    }
    (chain, response)
}

/// The authorities named in a CertificateRequest, as far as they can be read.
pub(super) fn accepted_issuers(body: &[u8], version: ProtocolVersion) -> Vec<Der> {
    let list = if version >= ProtocolVersion::TLS1_3 { authorities_tls13(body) } else { authorities(body, version) };
    let mut list = Fields(list.unwrap_or_default());
    let mut names = Vec::new();
    while names.len() < LIST_LIMIT
        && let Some(name) = list.vector(2)
    {
        names.push(Der::from(name));
    }
    names
}

/// SSL 3.0 to TLS 1.2: certificate types, in 1.2 signature schemes, then the names.
fn authorities(body: &[u8], version: ProtocolVersion) -> Option<&[u8]> {
    let mut fields = Fields(body);
    fields.vector(1)?;
    if version >= ProtocolVersion::TLS1_2 {
        fields.vector(2)?;
    }
    fields.vector(2)
}

/// TLS 1.3: a context, then extensions, one of which holds the names.
fn authorities_tls13(body: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields(body);
    fields.vector(1)?;
    let mut extensions = Fields(fields.vector(2)?);
    while let Some((kind, value)) = extensions.extension() {
        if kind == extension::CERTIFICATE_AUTHORITIES {
            return Fields(value).vector(2);
        }
    }
    None
}

/// The response in a CertificateStatus (RFC 6066, 8); `None`: not an OCSP response.
pub(super) fn ocsp_response(body: &[u8]) -> Option<Der> {
    let mut fields = Fields(body);
    if fields.u8()? != 1 {
        return None;
    }
    fields.vector(3).filter(|response| !response.is_empty()).map(Der::from)
}

/// The curve of an ECDHE ServerKeyExchange; `None`: not a named one.
pub(super) fn named_curve(body: &[u8]) -> Option<NamedGroup> {
    let mut fields = Fields(body);
    if fields.u8()? != 3 {
        return None;
    }
    fields.u16().map(NamedGroup)
}

/// The length of the prime in a DHE ServerKeyExchange, in bits, leading zeros apart; `None`: there is none to read.
pub(super) fn prime_bits(body: &[u8]) -> Option<u32> {
    let mut fields = Fields(body);
    let prime = fields.vector(2)?;
    let first = prime.iter().position(|octet| *octet != 0)?;
    let octets = u32::try_from(prime.len() - first).ok()?;
    Some(octets * 8 - prime.get(first)?.leading_zeros())
}

#[cfg(test)]
mod tests;
