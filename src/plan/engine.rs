//! Who performs an offer.

use serde::{Deserialize, Serialize};

/// Who performs an offer on a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EngineId {
    /// TLS 1.2 and 1.3, modern suites.
    Rustls,
    /// SSL 3.0 to TLS 1.3, old suites and keys, client certificates asked for after the request.
    Openssl,
    /// Reads the server's hello in clear text, TLS 1.2 and older, and does not finish the handshake.
    HelloReader,
    /// No TLS: plain HTTP.
    Plain,
}

impl EngineId {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rustls => "rustls",
            Self::Openssl => "openssl",
            Self::HelloReader => "hello-reader",
            Self::Plain => "plain",
        }
    }

    /// Whether it can be asked for a client certificate after the handshake, by renegotiation and in TLS 1.3.
    pub const fn follows_late_requests(self) -> bool {
        match self {
            Self::Openssl => true,
            Self::Rustls | Self::HelloReader | Self::Plain => false,
        }
    }
}
