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
    /// It does not, or the engine cannot tell; why, in words.
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

/// What followed a completed handshake before anything was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Aftermath {
    /// Nothing, for as long as was waited.
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
