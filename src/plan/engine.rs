//! Who performs an offer, and what each can do: data, so that nothing elsewhere needs to know an engine by its name.

use serde::{Deserialize, Serialize};

use crate::wire::version::ProtocolVersion;

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

/// What an engine can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The oldest version of TLS it speaks; `None`: it speaks none.
    pub oldest: Option<ProtocolVersion>,
    /// The newest.
    pub newest: Option<ProtocolVersion>,
    /// Whether it goes through with handshakes.
    pub completes_handshakes: bool,
    /// Whether it can be asked for a client certificate after the handshake, by renegotiation and in TLS 1.3.
    pub follows_late_requests: bool,
    /// Whether it offers suites, groups and signatures of every time, and takes keys of any size.
    pub offers_old_suites: bool,
    /// The longest Certificate or CertificateRequest message it takes, in octets.
    pub longest_message: usize,
}

impl EngineId {
    /// All.
    pub const ALL: [Self; 4] = [Self::Rustls, Self::Openssl, Self::HelloReader, Self::Plain];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rustls => "rustls",
            Self::Openssl => "openssl",
            Self::HelloReader => "hello-reader",
            Self::Plain => "plain",
        }
    }

    /// What it can do.
    pub const fn capabilities(self) -> Capabilities {
        match self {
            Self::Rustls => Capabilities {
                oldest: Some(ProtocolVersion::TLS1_2),
                newest: Some(ProtocolVersion::TLS1_3),
                completes_handshakes: true,
                follows_late_requests: false,
                offers_old_suites: false,
                longest_message: 64 * 1024,
            },
            Self::Openssl => Capabilities {
                oldest: Some(ProtocolVersion::SSL3),
                newest: Some(ProtocolVersion::TLS1_3),
                completes_handshakes: true,
                follows_late_requests: true,
                offers_old_suites: true,
                longest_message: 256 * 1024,
            },
            Self::HelloReader => Capabilities {
                oldest: Some(ProtocolVersion::SSL3),
                newest: Some(ProtocolVersion::TLS1_2),
                completes_handshakes: false,
                follows_late_requests: false,
                offers_old_suites: true,
                longest_message: 1024 * 1024,
            },
            Self::Plain => Capabilities {
                oldest: None,
                newest: None,
                completes_handshakes: false,
                follows_late_requests: false,
                offers_old_suites: false,
                longest_message: 0,
            },
        }
    }

    /// Whether it speaks TLS.
    pub const fn speaks_tls(self) -> bool {
        self.capabilities().oldest.is_some()
    }

    /// Whether it can be asked for a client certificate after the handshake, by renegotiation and in TLS 1.3.
    pub const fn follows_late_requests(self) -> bool {
        self.capabilities().follows_late_requests
    }

    /// Whether no handshake that can be gone through with fails for what it offers.
    pub const fn offers_everything(self) -> bool {
        let can = self.capabilities();
        can.completes_handshakes && can.offers_old_suites
    }

    /// The first engine that can do something, as an option of the command line that chooses it.
    pub fn option(able: impl Fn(&Capabilities) -> bool) -> String {
        match Self::ALL.into_iter().find(|engine| able(&engine.capabilities())) {
            Some(engine) => format!("--engine {}", engine.name()),
            None => "another client".into(),
        }
    }
}
