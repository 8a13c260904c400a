//! What a TLS handshake showed, as the wire had it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::wire::alert::Alert;
use crate::wire::der::Der;
use crate::wire::suite::{CipherSuite, NamedGroup};
use crate::wire::version::ProtocolVersion;

/// What was seen of a handshake, or of several on one connection; whatever it stopped at, what came before is here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Handshake {
    /// Both sides' Finished went through.
    pub completed: bool,
    /// The server name sent; `None`: no such extension.
    pub server_name: Option<String>,
    /// The version the server chose.
    pub version: Option<ProtocolVersion>,
    /// The suite the server chose.
    pub cipher_suite: Option<CipherSuite>,
    /// The group of the key exchange, where it was ephemeral.
    pub key_exchange_group: Option<NamedGroup>,
    /// The length of the prime the server chose for a finite-field Diffie–Hellman exchange, in bits (TLS 1.2 and older).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prime_bits: Option<u32>,
    /// The certificates the server sent, in its order; empty: none was seen.
    pub chain: Vec<Der>,
    /// The certificates of a second handshake on the same connection, where they differ.
    pub later_chain: Option<Vec<Der>>,
    /// The stapled OCSP response.
    pub ocsp_response: Option<Der>,
    /// Whether the server proved that it holds the key: its signature over the handshake.
    pub key_proof: KeyProof,
    /// The server's request for a client certificate.
    pub client_certificate_request: Option<ClientCertificateRequest>,
    /// Whether a client certificate was sent in answer.
    pub client_certificate_sent: bool,
    /// RFC 5746; `None`: not seen (TLS 1.3 has no renegotiation).
    pub secure_renegotiation: Option<bool>,
    /// Alerts the server sent, in order.
    pub alerts: Vec<Alert>,
    /// What followed a completed TLS 1.3 handshake in which a client certificate was asked for.
    pub aftermath: Option<Aftermath>,
    /// Whether the server began a new handshake, or asked for a certificate, after the request, and what came of it.
    #[serde(default, skip_serializing_if = "LaterHandshake::is_not_seen")]
    pub later: LaterHandshake,
    /// How long the ClientHello was, in octets; `None`: none was sent.
    #[serde(default)]
    pub hello_length: Option<u16>,
    /// Whether the hello was a cautious one, TLS 1.2 at most and not of a middling length, because the usual one got no
    /// answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cautious: bool,
    /// How many octets had come when the handshake stopped; `None`: it did not stop.
    #[serde(default)]
    pub received: Option<u64>,
}

/// A demand after the request: a new handshake (TLS 1.2 and older), or post-handshake authentication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LaterHandshake {
    /// There was none.
    #[default]
    NotSeen,
    /// It was asked for, and did not come to its end.
    Asked,
    /// It came to its end.
    Completed,
}

impl LaterHandshake {
    const fn is_not_seen(&self) -> bool {
        matches!(self, Self::NotSeen)
    }
}

impl Handshake {
    /// The length of the server's Certificate message as it was sent, its head included; `None`: none was seen.
    pub fn certificate_message(&self) -> Option<usize> {
        if self.chain.is_empty() {
            return None;
        }
        // Each certificate has its length in three octets before it; in TLS 1.3 the length of its extensions follows, and
        // a request context comes first.
        let is_tls13 = self.version >= Some(ProtocolVersion::TLS1_3);
        let (of_each, of_all) = if is_tls13 { (5, 1) } else { (3, 0) };
        let certificates: usize = self.chain.iter().map(|one| one.as_slice().len() + of_each).sum();
        Some(4 + of_all + 3 + certificates)
    }
}

/// The server's proof of its key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyProof {
    /// The handshake did not come that far, or the key exchange has no such signature.
    #[default]
    NotSeen,
    /// The signature fits the leaf's key.
    Good,
    /// The signature does not fit the leaf's key: whoever answers does not hold it.
    Bad,
    /// The engine cannot tell; why, in words.
    Undecided(String),
}

/// A request for a client certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientCertificateRequest {
    /// When it came.
    pub when: RequestedWhen,
    /// Names of the authorities the server says it accepts, DER; empty is usual on IIS 8 and later.
    pub accepted_issuers: Vec<Der>,
}

impl ClientCertificateRequest {
    /// How many octets the names take in the message, each with the two that say its length.
    pub fn list_length(&self) -> usize {
        self.accepted_issuers.iter().map(|name| name.as_slice().len() + 2).sum()
    }
}

/// When a client certificate was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestedWhen {
    /// In the first handshake.
    Handshake,
    /// After the request, by a new handshake (TLS 1.2 and older).
    Renegotiation,
    /// After the request, by post-handshake authentication (TLS 1.3).
    PostHandshake,
}

impl RequestedWhen {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Handshake => "handshake",
            Self::Renegotiation => "renegotiation",
            Self::PostHandshake => "post-handshake",
        }
    }
}

/// What followed a completed handshake before anything was asked, or in place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Aftermath {
    /// Nothing, for as long as was waited; or a session ticket or an answer, with which a server goes on.
    Silence,
    /// An alert: in TLS 1.3 this is where a missing or unwelcome client certificate shows.
    Alert,
    /// The connection was closed.
    Closed,
    /// The connection was reset.
    Reset,
    /// Application data.
    Data,
}
