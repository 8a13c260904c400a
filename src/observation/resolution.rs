//! What a vantage's resolver, and the places a certificate names, gave back.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::timing::Milliseconds;
use crate::certificate::revocation_list::{Extract, NotAList};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// What a name resolved to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Resolution {
    /// The name asked for.
    pub name: String,
    /// Who answered.
    pub source: ResolutionSource,
    /// Every A and AAAA address, in the order given, without repeats.
    pub addresses: Vec<IpAddr>,
    /// The aliases (CNAME) followed, in order.
    pub aliases: Vec<String>,
    /// Why there is no address, or why one family's question failed though the other's did not.
    pub failure: Option<Failure>,
    /// How long it took.
    pub took: Option<Milliseconds>,
}

/// Who gave a resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResolutionSource {
    /// The vantage's own name servers, as `ADDR:PORT`.
    Servers(Vec<String>),
    /// The machine's resolver.
    Machine,
    /// A pin in the definition or on the command line.
    Pin,
    /// The name is itself an address.
    Literal,
}

/// A certificate revocation list, a responder's answer about one certificate, or an issuer's certificate, asked for from a
/// vantage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CrlObservation {
    /// The vantage it was asked from.
    pub vantage: String,
    /// The URL; a responder's has the question in it.
    pub url: String,
    /// Which of them was asked for.
    #[serde(default)]
    pub sought: Sought,
    /// When.
    pub at: Timestamp,
    /// The bytes that came back, where they are what was asked for, and not too many to be kept.
    pub body: Option<Der>,
    /// What is kept of a list that is too long to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extract: Option<Box<Extract>>,
    /// What came back instead of what was asked for: nothing of it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
    /// How many octets came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub octets: Option<u64>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long it took.
    pub took: Option<Milliseconds>,
    /// Why there are no bytes.
    pub failure: Option<Failure>,
}

impl CrlObservation {
    /// Something asked for, of which nothing is known yet.
    pub fn asked(vantage: impl Into<String>, url: impl Into<String>, sought: Sought, at: Timestamp) -> Self {
        Self {
            vantage: vantage.into(),
            url: url.into(),
            sought,
            at,
            body: None,
            extract: None,
            instead: None,
            octets: None,
            status: None,
            took: None,
            failure: None,
        }
    }
}

/// Something that came back and is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Instead {
    /// What it is.
    pub what: NotAList,
    /// SHA-256 over it, in hexadecimal.
    pub sha256: String,
}

/// What is fetched to learn who is revoked, and who issued a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sought {
    /// An authority's revocation list, complete or delta.
    #[default]
    List,
    /// An OCSP responder's answer about one certificate.
    OcspAnswer,
    /// The certificate of a certificate's issuer.
    Issuer,
}
