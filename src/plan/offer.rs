//! What a probe puts in its ClientHello and asks for after it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::plan::engine::EngineId;
use crate::wire::version::ProtocolVersion;

/// One planned probe of an endpoint: one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is for.
    pub label: OfferLabel,
    /// The server name sent.
    pub sni: Sni,
    /// The oldest and the newest version offered.
    pub versions: Versions,
    /// The certificate presented if asked.
    pub identity: Identity,
    /// The HTTP request made after the handshake.
    pub request: Option<Request>,
    /// Who performs it: the first, and where that one is stopped by something the next can cure, the next.
    pub engines: Arc<[EngineId]>,
}

/// What a probe is for; with the target's id it is the probe's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OfferLabel {
    /// The plain case: the name dialled as server name, every version, no client certificate.
    Default,
    /// Without a server name: clients before Vista send none.
    WithoutServerName,
    /// One version alone: SSL 3.0.
    OnlySsl3,
    /// One version alone: TLS 1.0.
    OnlyTls10,
    /// One version alone: TLS 1.1.
    OnlyTls11,
    /// One version alone: TLS 1.2.
    OnlyTls12,
    /// One version alone: TLS 1.3.
    OnlyTls13,
    /// The protected path without a certificate.
    Anonymous,
    /// The protected path with a well-formed certificate of a root nobody trusts.
    Stranger,
    /// The protected path with the site's own client certificate.
    Client,
    /// The management point's certificate, asked for as a client.
    ManagementPointCertificate,
    /// The site server signing certificate, asked for as a client.
    SiteSigningCertificate,
    /// A second protected path, asked for as a client.
    ClientSecondPath,
    /// A path that is a known exception, asked without a certificate.
    KnownException,
    /// The management point's list over plain HTTP.
    PlainHttp,
}

impl OfferLabel {
    /// Every label.
    pub const ALL: [Self; 15] = [
        Self::Default,
        Self::WithoutServerName,
        Self::OnlySsl3,
        Self::OnlyTls10,
        Self::OnlyTls11,
        Self::OnlyTls12,
        Self::OnlyTls13,
        Self::Anonymous,
        Self::Stranger,
        Self::Client,
        Self::ManagementPointCertificate,
        Self::SiteSigningCertificate,
        Self::ClientSecondPath,
        Self::KnownException,
        Self::PlainHttp,
    ];

    /// The name in plans and observations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::WithoutServerName => "without-server-name",
            Self::OnlySsl3 => "only-ssl3",
            Self::OnlyTls10 => "only-tls10",
            Self::OnlyTls11 => "only-tls11",
            Self::OnlyTls12 => "only-tls12",
            Self::OnlyTls13 => "only-tls13",
            Self::Anonymous => "anonymous",
            Self::Stranger => "stranger",
            Self::Client => "client",
            Self::ManagementPointCertificate => "management-point-certificate",
            Self::SiteSigningCertificate => "site-signing-certificate",
            Self::ClientSecondPath => "client-second-path",
            Self::KnownException => "known-exception",
            Self::PlainHttp => "plain-http",
        }
    }

    /// Whether it is made without TLS, at the target's plain HTTP port.
    pub const fn is_plain(self) -> bool {
        matches!(self, Self::PlainHttp)
    }

    /// Why a probe with this label is made.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Default => "capture the certificates and the session a client meets",
            Self::WithoutServerName => "clients before Vista send no server name: they must meet the same certificate",
            Self::OnlySsl3 | Self::OnlyTls10 | Self::OnlyTls11 | Self::OnlyTls12 | Self::OnlyTls13 => {
                "see whether this version alone is accepted"
            }
            Self::Anonymous => "without a client certificate the protected path must be refused",
            Self::Stranger => "a certificate from a root nobody trusts must be refused",
            Self::Client => "the site's own client certificate must be accepted and the role answer as it should",
            Self::ManagementPointCertificate => "the certificate the management point signs with",
            Self::SiteSigningCertificate => "the site server signing certificate the management point hands out",
            Self::ClientSecondPath => "a second path of the role, asked for as a client",
            Self::KnownException => "a directory that is open by design, so that it is not mistaken for a hole",
            Self::PlainHttp => "in native mode plain HTTP must not serve clients",
        }
    }
}

impl fmt::Display for OfferLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The server name extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sni {
    /// The name dialled; none where an address was dialled.
    Dialled,
    /// No such extension.
    Off,
    /// Another name.
    Other(String),
}

/// A range of versions, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The oldest.
    pub oldest: ProtocolVersion,
    /// The newest.
    pub newest: ProtocolVersion,
}

impl Versions {
    /// Everything an engine can do.
    pub const ANY: Self = Self { oldest: ProtocolVersion::SSL3, newest: ProtocolVersion::TLS1_3 };

    /// One version alone.
    pub const fn only(version: ProtocolVersion) -> Self {
        Self { oldest: version, newest: version }
    }

    /// Whether a version is in the range.
    pub fn contains(self, version: ProtocolVersion) -> bool {
        self.oldest <= version && version <= self.newest
    }
}

/// The client certificate presented if the server asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// None: an empty answer.
    None,
    /// One minted on the spot, of a root nobody trusts.
    Stranger,
    /// One of the definition's clients, by name.
    Client(Arc<str>),
}

/// An HTTP request; it only ever reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD` or `PROPFIND` (depth 0).
    pub method: Method,
    /// Path and query.
    pub path: Arc<str>,
}

/// Methods that change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Fetch.
    Get,
    /// Ask for the head only.
    Head,
    /// WebDAV's question for properties, depth 0.
    PropFind,
}

impl Method {
    /// As on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::PropFind => "PROPFIND",
        }
    }
}
