//! What a TLS handshake showed, as the wire had it.

use std::fmt;
use std::sync::Arc;

use data_encoding::BASE64;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

/// An alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// 1 warning, 2 fatal; `None`: the engine does not say.
    pub level: Option<u8>,
    /// The description's number.
    pub description: u8,
}

/// A protocol version as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ProtocolVersion(pub u16);

impl ProtocolVersion {
    /// SSL 3.0.
    pub const SSL3: Self = Self(0x0300);
    /// TLS 1.0.
    pub const TLS1_0: Self = Self(0x0301);
    /// TLS 1.1.
    pub const TLS1_1: Self = Self(0x0302);
    /// TLS 1.2.
    pub const TLS1_2: Self = Self(0x0303);
    /// TLS 1.3.
    pub const TLS1_3: Self = Self(0x0304);
    /// Every version that can be offered, oldest first.
    pub const ALL: [Self; 5] = [Self::SSL3, Self::TLS1_0, Self::TLS1_1, Self::TLS1_2, Self::TLS1_3];
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::SSL3 => f.write_str("SSLv3"),
            Self::TLS1_0 => f.write_str("TLSv1.0"),
            Self::TLS1_1 => f.write_str("TLSv1.1"),
            Self::TLS1_2 => f.write_str("TLSv1.2"),
            Self::TLS1_3 => f.write_str("TLSv1.3"),
            Self(other) => write!(f, "0x{other:04x}"),
        }
    }
}

/// Bytes of a DER structure, shared; Base64 in JSON.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Der(pub Arc<[u8]>);

impl Der {
    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for Der {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<Vec<u8>> for Der {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Debug for Der {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Der({} bytes)", self.0.len())
    }
}

impl Serialize for Der {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&BASE64.encode_display(&self.0))
    }
}

impl<'de> Deserialize<'de> for Der {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map(Self::from).map_err(|e| serde::de::Error::custom(format!("not Base64: {e}")))
    }
}

impl JsonSchema for Der {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Der".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "contentEncoding": "base64" })
    }
}

/// A cipher suite's number in IANA's registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CipherSuite(pub u16);

/// A named group's number in IANA's registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct NamedGroup(pub u16);

pub mod registry;
