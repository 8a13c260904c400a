//! What a probe puts in its ClientHello and asks for after it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::plan::engine::EngineId;
use crate::wire::version::ProtocolVersion;
use crate::wire::windows::WindowsClient;

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
    /// What the hello is like.
    pub shape: Shape,
    /// The HTTP request made after the handshake.
    pub request: Option<Request>,
    /// When it is made.
    pub condition: Condition,
    /// Who performs it: the first, and where that one is stopped by something the next can cure, the next.
    pub engines: Arc<[EngineId]>,
}

/// What a probe is for; with the target's id it is the probe's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// What a Windows client of some time offers, in clear text.
    Windows(WindowsClient),
    /// The protected path without a certificate.
    Anonymous,
    /// The protected path with a well-formed certificate of a root nobody trusts.
    Stranger,
    /// The protected path with a certificate of another root that the machine trusts.
    Outsider,
    /// The protected path with the site's own client certificate.
    Client,
    /// A file that is not there, below the protected directory, asked for as a client.
    ClientMissingFile,
    /// The management point's certificate, asked for as a client.
    ManagementPointCertificate,
    /// The site server signing certificate, asked for as a client.
    SiteSigningCertificate,
    /// A second protected path, asked for as a client.
    ClientSecondPath,
    /// The protected directory's content by WebDAV, asked for as a client.
    ClientListing,
    /// The head of a file of a package, asked for as a client.
    ClientPackageHead,
    /// The beginning of that file, asked for as a client that resumes a download.
    ClientPackageRange,
    /// A path that is a known exception, asked without a certificate.
    KnownException,
    /// The role's path over plain HTTP.
    PlainHttp,
    /// The update point's content, which is served over plain HTTP by design.
    PlainContent,
    /// One of the update point's directories that demand TLS, asked for without.
    PlainDirectory,
}

impl OfferLabel {
    /// Every label but those of Windows clients.
    const PLAIN_LABELS: [Self; 22] = [
        Self::Default,
        Self::WithoutServerName,
        Self::OnlySsl3,
        Self::OnlyTls10,
        Self::OnlyTls11,
        Self::OnlyTls12,
        Self::OnlyTls13,
        Self::Anonymous,
        Self::Stranger,
        Self::Outsider,
        Self::Client,
        Self::ClientMissingFile,
        Self::ManagementPointCertificate,
        Self::SiteSigningCertificate,
        Self::ClientSecondPath,
        Self::ClientListing,
        Self::ClientPackageHead,
        Self::ClientPackageRange,
        Self::KnownException,
        Self::PlainHttp,
        Self::PlainContent,
        Self::PlainDirectory,
    ];

    /// Every label, handshakes first.
    pub fn all() -> impl Iterator<Item = Self> {
        let (handshakes, requests) = Self::PLAIN_LABELS.split_at(7);
        let windows = WindowsClient::ALL.into_iter().map(Self::Windows);
        handshakes.iter().copied().chain(windows).chain(requests.iter().copied())
    }

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
            Self::Windows(client) => client.offer_name(),
            Self::Anonymous => "anonymous",
            Self::Stranger => "stranger",
            Self::Outsider => "outsider",
            Self::Client => "client",
            Self::ClientMissingFile => "client-missing-file",
            Self::ManagementPointCertificate => "management-point-certificate",
            Self::SiteSigningCertificate => "site-signing-certificate",
            Self::ClientSecondPath => "client-second-path",
            Self::ClientListing => "client-listing",
            Self::ClientPackageHead => "client-package-head",
            Self::ClientPackageRange => "client-package-range",
            Self::KnownException => "known-exception",
            Self::PlainHttp => "plain-http",
            Self::PlainContent => "plain-content",
            Self::PlainDirectory => "plain-directory",
        }
    }

    /// Whether it is made without TLS, at the target's plain HTTP port.
    pub const fn is_plain(self) -> bool {
        matches!(self, Self::PlainHttp | Self::PlainContent | Self::PlainDirectory)
    }

    /// Why a probe with this label is made.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Default => "capture the certificates and the session a client meets",
            Self::WithoutServerName => "clients before Vista send no server name: they must meet the same certificate",
            Self::OnlySsl3 | Self::OnlyTls10 | Self::OnlyTls11 | Self::OnlyTls12 | Self::OnlyTls13 => {
                "see whether this version alone is accepted"
            }
            Self::Windows(_) => "see whether Windows clients of that time and the server can agree",
            Self::Anonymous => "without a client certificate the protected path must be refused",
            Self::Stranger => "a certificate from a root nobody trusts must be refused",
            Self::Outsider => "a certificate from another root that the server may trust must be refused",
            Self::ClientMissingFile => {
                "a directory that may not be listed: a file that is not there tells whether a client was let in"
            }
            Self::Client => "the site's own client certificate must be accepted and the role answer as it should",
            Self::ManagementPointCertificate => "the certificate the management point signs with",
            Self::SiteSigningCertificate => "the site server signing certificate the management point hands out",
            Self::ClientSecondPath => "a second path of the role, asked for as a client",
            Self::ClientListing => "clients list a package's content by WebDAV",
            Self::ClientPackageHead => "clients ask how long a package's file is before they fetch it",
            Self::ClientPackageRange => "clients fetch a package's file range by range",
            Self::KnownException => "a directory that is open by design, so that it is not mistaken for a hole",
            Self::PlainHttp => "in native mode plain HTTP must not serve clients",
            Self::PlainContent => "updates and licence texts are fetched over plain HTTP by design",
            Self::PlainDirectory => "a directory that demands TLS must refuse plain HTTP",
        }
    }
}

impl Serialize for OfferLabel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for OfferLabel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::all()
            .find(|label| label.name() == name)
            .ok_or_else(|| serde::de::Error::custom(format!("{name:?} is no offer this version knows")))
    }
}

impl schemars::JsonSchema for OfferLabel {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OfferLabel".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<&str> = Self::all().map(Self::name).collect();
        schemars::json_schema!({ "description": "What a probe is for.", "type": "string", "enum": names })
    }
}

impl fmt::Display for OfferLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a ClientHello is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Everything the engine has.
    Usual,
    /// What a Windows client of that time offers.
    Windows(WindowsClient),
}

/// When an offer is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Always.
    Always,
    /// While every answer to the role's paths so far was that nothing is there (404).
    WhileMissing,
    /// Where an earlier answer to the same path, or to the directory it lies in, was that something is there.
    WhereThere,
    /// Where the role's path was refused to the client and nothing says why: it may be the directory that is not to be
    /// listed.
    WhereRefused,
    /// Where the client's certificate was not shown, because of what the server shows.
    WhereWithheld,
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
    /// `GET`, of a range or the whole, `HEAD` or `PROPFIND` (depth 0).
    pub method: Method,
    /// Path and query.
    pub path: Arc<str>,
    /// How much of the answer's body is kept, in octets.
    pub most: usize,
}

/// How much of a body is kept.
pub const BODY_LIMIT: usize = 256 * 1024;
/// How much of a management point's list: it names every management point of a hierarchy, with its capabilities.
pub const LIST_LIMIT: usize = 4 * 1024 * 1024;

/// How much of a file of a package: it is not read, only asked for.
pub const PACKAGE_LIMIT: usize = 4 * 1024;
/// The range that is asked for, as the header has it.
pub const RANGE: &str = "bytes=0-1023";

/// Methods that change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Fetch.
    Get,
    /// Ask for the head only.
    Head,
    /// Fetch the first octets only.
    GetRange,
    /// WebDAV's question for properties, depth 0.
    PropFind,
}

impl Method {
    /// As on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get | Self::GetRange => "GET",
            Self::Head => "HEAD",
            Self::PropFind => "PROPFIND",
        }
    }
}
