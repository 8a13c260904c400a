//! What a vantage's resolver, and the places a certificate names, gave back.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::timing::Milliseconds;
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

/// A certificate revocation list, or a responder's answer about one certificate, asked for from a vantage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CrlObservation {
    /// The vantage it was asked from.
    pub vantage: String,
    /// The URL; a responder's has the question in it.
    pub url: String,
    /// Which of the two was asked for.
    #[serde(default)]
    pub sought: Sought,
    /// When.
    pub at: Timestamp,
    /// The bytes that came back, bounded.
    pub body: Option<Der>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long it took.
    pub took: Option<Milliseconds>,
    /// Why there are no bytes.
    pub failure: Option<Failure>,
}

/// What is fetched to learn who is revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sought {
    /// An authority's revocation list.
    #[default]
    List,
    /// An OCSP responder's answer about one certificate.
    OcspAnswer,
}
