//! What probes saw: facts only, partial where a probe was stopped, serialisable and versioned so that they can be
//! judged again, elsewhere, later, and together with those of another vantage.
//! Nothing here is called valid, secure or compliant: that is for requirements to say.

pub mod bounds;
pub mod exchange;
pub mod failure;
pub mod file;
pub mod handshake;
pub mod resolution;
pub mod timing;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::plan::{Lookup, OfferLabel, Question, TargetId};
use exchange::Exchange;
use failure::{Failure, HandshakeFailure, ResolveFailure};
use handshake::Handshake;
use resolution::{CrlObservation, Resolution, ResolutionSource};
use timing::Timing;

use crate::plan::engine::EngineId;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// The version of the observation format; additive changes keep the first number.
pub const SCHEMA_VERSION: &str = "1.0";

/// What one planned target gave: its name's resolution and every endpoint behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TargetObservation {
    /// Which target of the plan.
    pub target: TargetId,
    /// What its name resolved to, or why it did not.
    pub resolution: Resolution,
    /// One entry for each address, in the order of the resolution; empty where there was none.
    pub endpoints: Vec<EndpointObservation>,
}

/// What one endpoint (an address and a port) gave to every offer made to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EndpointObservation {
    /// Where it is.
    pub address: SocketAddr,
    /// One entry for each offer and engine, in the order they were made; several of one label where an engine gave
    /// over to the next, or where a cluster's address was connected to more than once.
    pub observations: Vec<Observation>,
}

impl EndpointObservation {
    /// The observations made with one offer, in order.
    pub fn with_offer(&self, label: OfferLabel) -> impl Iterator<Item = &Observation> {
        self.observations.iter().filter(move |seen| seen.offer == label)
    }

    /// The observation that speaks for the endpoint: the first of the default offer that completed its handshake, else
    /// the first of any offer that saw a certificate, else the first.
    pub fn principal(&self) -> Option<&Observation> {
        self.with_offer(OfferLabel::Default)
            .find(|seen| seen.handshake.completed)
            .or_else(|| self.with_offer(OfferLabel::Default).find(|seen| !seen.handshake.chain.is_empty()))
            .or_else(|| self.observations.iter().find(|seen| !seen.handshake.chain.is_empty()))
            .or_else(|| self.observations.first())
    }
}

/// What one probe saw, up to where it was stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Observation {
    /// Which offer was made.
    pub offer: OfferLabel,
    /// Which engine made it.
    pub engine: EngineId,
    /// When it began.
    pub at: Timestamp,
    /// How long each phase took.
    pub timing: Timing,
    /// Whatever was seen of the handshake.
    pub handshake: Handshake,
    /// The HTTP exchange, where one was asked for and the connection got that far.
    pub exchange: Option<Exchange>,
    /// Where and how the probe was stopped; `None`: it ran to its end.
    pub stopped: Option<Failure>,
}

impl Observation {
    /// Whether the peer took the connection and ended it without a word to the hello.
    pub fn is_wordless(&self) -> bool {
        let ended = |failure: &Failure| failure.is(HandshakeFailure::Reset) || failure.is(HandshakeFailure::Closed);
        self.handshake.received == Some(0) && self.stopped.as_ref().is_some_and(ended)
    }

    /// The certificate a management point handed out in its answer, where it was asked for one.
    pub fn handed_out(&self) -> Option<Der> {
        let offers = [OfferLabel::ManagementPointCertificate, OfferLabel::SiteSigningCertificate];
        let answer = self.exchange.as_ref().filter(|_| offers.contains(&self.offer))?.answer.as_ref()?;
        if answer.status == 200 { exchange::hexadecimal(&answer.body) } else { None }
    }
}

/// What a question put to a vantage's resolver gave, beside the names that targets dial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LookupObservation {
    /// Which lookup of the plan.
    pub lookup: TargetId,
    /// When it was asked.
    pub at: Timestamp,
    /// What came back.
    pub answer: LookupAnswer,
}

impl LookupObservation {
    /// What there is of a lookup nobody made.
    pub fn not_made(lookup: &Lookup, at: Timestamp) -> Self {
        let failure = Some(Failure::new(ResolveFailure::NotAttempted, "the question was not asked"));
        let answer = match &lookup.question {
            Question::HiddenHost(name) => LookupAnswer::Host(Resolution {
                name: name.as_str().to_owned(),
                source: ResolutionSource::Servers(Vec::new()),
                addresses: Vec::new(),
                aliases: Vec::new(),
                failure,
                took: None,
            }),
            Question::ManagementPointService { .. } => {
                LookupAnswer::Service(ServiceAnswer { records: Vec::new(), failure })
            }
        };
        Self { lookup: lookup.id.clone(), at, answer }
    }
}

/// The answer to a lookup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LookupAnswer {
    /// A question for a host's addresses.
    Host(Resolution),
    /// A question for service records.
    Service(ServiceAnswer),
}

/// The answer to a question for service records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ServiceAnswer {
    /// The records, in the server's order.
    pub records: Vec<ServiceRecord>,
    /// Why there is none.
    pub failure: Option<Failure>,
}

/// One SRV record, with its target's host record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ServiceRecord {
    /// The host it points to.
    pub target: String,
    /// The port it names.
    pub port: u16,
    /// Its priority.
    pub priority: u16,
    /// Its weight.
    pub weight: u16,
    /// What the host resolved to.
    pub host: Resolution,
}

/// One item of a run, as it finishes; a line of a saved observation file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// The first line: which run this was.
    Run(RunHeader),
    /// A target and its endpoints.
    Target(Box<TargetObservation>),
    /// A lookup.
    Lookup(Box<LookupObservation>),
    /// A CRL fetched, or not, from a vantage.
    Crl(Box<CrlObservation>),
    /// All that is fetched for a target's certificates has come: it can be judged. In a file it stands after its target and
    /// its lists, and says when the target was judged, so that it is judged in the same order again; files of older runs have
    /// none.
    Told(TargetId),
    /// The last line: the run came to its end.
    End(RunEnd),
}

/// The first line of a saved observation file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunHeader {
    /// The version of this format.
    pub schema_version: String,
    /// The program that wrote it.
    pub tool: String,
    /// Its version.
    pub tool_version: String,
    /// When the run began.
    pub started_at: Timestamp,
    /// As of when it was to be judged.
    pub judged_at: Timestamp,
    /// The vantages it stood at.
    pub vantages: Vec<String>,
    /// The name of the machine it ran on; `null`: it has none, or did not tell.
    #[serde(default)]
    pub host: Option<String>,
    /// The options by which it asked less than it could, as they are written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// The last line of a saved observation file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunEnd {
    /// When the run ended.
    pub finished_at: Timestamp,
}
