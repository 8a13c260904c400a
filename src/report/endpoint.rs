//! An endpoint, as documents have it: what was dialled, what every probe of it came to, what it presented.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate::{CertificateReport, CertificateReports};
use super::windows::WindowsClientReport;
use crate::certificate::Name;
use crate::observation::exchange::Exchange;
use crate::observation::failure::{Failure, HandshakeFailure, Phase, ResolveFailure, Stop};
use crate::observation::handshake::{ClientCertificateRequest, RequestedWhen};
use crate::observation::resolution::{Resolution, ResolutionSource};
use crate::observation::timing::Timing;
use crate::observation::{EndpointObservation, Observation};
use crate::plan::engine::EngineId;
use crate::plan::{OfferLabel, Target};
use crate::rule::subject::EndpointSubject;
use crate::site::name::NameKind;
use crate::site::role::Role;
use crate::site::vantage::Network;
use crate::wire::counted::counted;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// An address and a port reached by a name from a vantage; without address where the name led to none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointReport {
    /// Stable across runs: `system/role/name/vantage/address:port`, without the last part where there is no address.
    pub id: String,
    /// The system, cluster or proxy by its name in the definition; the host where none was given.
    pub system: String,
    /// The role; `null`: none was given.
    pub role: Option<Role>,
    /// The name dialled.
    pub name: String,
    /// Which of the system's names it is.
    pub name_kind: NameKind,
    /// The port dialled.
    pub port: u16,
    /// The vantage's name.
    pub vantage: String,
    /// Which clients stand there.
    pub network: Network,
    /// The address and port connected to; `null`: the name led to none. Where a web proxy on the way was given the name
    /// (`resolution.source`), it is the proxy's.
    pub address: Option<SocketAddr>,
    /// How the name was resolved; `null`: it was not looked at.
    pub resolution: Option<ResolutionReport>,
    /// When its first probe began, to the millisecond; `null`: there was none.
    pub at: Option<Timestamp>,
    /// `success`, or how the probe that speaks for the endpoint was stopped, in zgrab2's words; `not-probed` where the
    /// run did not come to it. A server that ends the handshake because it wants a client certificate was reached.
    pub probe_status: Cow<'static, str>,
    /// Where and how that probe was stopped.
    pub failure: Option<Failure>,
    /// The server name sent; `null`: none.
    pub server_name: Option<String>,
    /// The version the server chose.
    pub tls_version: Option<String>,
    /// The suite the server chose.
    pub cipher: Option<String>,
    /// The group of the key exchange, where it was ephemeral.
    pub key_exchange_group: Option<String>,
    /// Who performed that probe.
    pub engine: Option<EngineId>,
    /// The request for a client certificate; `null`: none was seen in any probe.
    pub client_certificate_request: Option<ClientCertificateRequestReport>,
    /// With which of the site's Windows clients the server agrees on a session, as far as their offers were made; oldest
    /// first. Lines leave it to `handshakes`.
    #[serde(default)]
    pub windows_clients: Vec<WindowsClientReport>,
    /// The certificates the server sent, in its order, each by its SHA-256 in lower-case hexadecimal, an object of
    /// `certificates[]`; empty: none was seen.
    #[serde(default)]
    pub received_certificate_chain: Vec<String>,
    /// How long each phase took, in milliseconds; `null`: not reached.
    pub timing_ms: Timing,
    /// The probes that were handshakes alone: no certificate was presented in them, and nothing asked for after them. Those
    /// that came to just the same stand together.
    #[serde(default)]
    pub handshakes: Vec<HandshakeReport>,
    /// The other probes that were made, in order. Those that came to just the same stand together.
    #[serde(default)]
    pub probes: Vec<ProbeReport>,
    /// The certificates themselves, for whoever keeps each once; not part of the endpoint's JSON.
    #[serde(skip)]
    pub certificates: Vec<Arc<CertificateReport>>,
}

/// How a name was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolutionReport {
    /// Who answered.
    pub source: ResolutionSource,
    /// The aliases (CNAME) followed, in order.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Why there is no address, or why one family's question failed though the other's did not.
    pub failure: Option<Failure>,
}

impl From<&Resolution> for ResolutionReport {
    fn from(resolution: &Resolution) -> Self {
        Self {
            source: resolution.source.clone(),
            aliases: resolution.aliases.clone(),
            failure: resolution.failure.clone(),
        }
    }
}

/// A request for a client certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientCertificateRequestReport {
    /// When it came.
    pub when: RequestedWhen,
    /// Names of the authorities the server says it accepts; an empty list is usual on IIS 8 and later.
    #[serde(default)]
    pub accepted_issuers: Vec<String>,
}

impl From<&ClientCertificateRequest> for ClientCertificateRequestReport {
    fn from(request: &ClientCertificateRequest) -> Self {
        Self { when: request.when, accepted_issuers: request.accepted_issuers.iter().map(name_text).collect() }
    }
}

/// A distinguished name as Windows shows it.
fn name_text(der: &Der) -> String {
    Name::read(der)
        .map_or_else(|| format!("unreadable name of {}", counted(der.as_slice().len(), "byte")), |name| name.text)
}

/// Handshakes that came to the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandshakeReport {
    /// What each was for, in order, each once.
    pub offers: Vec<OfferLabel>,
    /// Who performed them, in order, each once.
    pub engines: Vec<EngineId>,
    /// `success`, or how they were stopped.
    pub probe_status: Cow<'static, str>,
    /// Where and how they were stopped, where that is not what stopped the endpoint's.
    pub failure: Option<Failure>,
    /// The version the server chose. A line of `jsonl` leaves version and suite of what came to its end out where they are
    /// the endpoint's.
    pub tls_version: Option<String>,
    /// The suite the server chose.
    pub cipher: Option<String>,
    /// Alerts the server sent, in order, but the one its failure tells.
    #[serde(default)]
    pub alerts: Vec<String>,
}

/// Probes with a request or a client certificate that came to the same, each over a connection of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeReport {
    /// What each was for, in order, each once.
    pub offers: Vec<OfferLabel>,
    /// Who performed them, in order, each once.
    pub engines: Vec<EngineId>,
    /// `success`, or how they were stopped.
    pub probe_status: Cow<'static, str>,
    /// Where and how they were stopped. A line of `jsonl` leaves it out where that is what stopped the endpoint's.
    pub failure: Option<Failure>,
    /// The version the server chose. A line of `jsonl` leaves version and suite of what came to its end out where they are
    /// the endpoint's.
    pub tls_version: Option<String>,
    /// The suite the server chose.
    pub cipher: Option<String>,
    /// Alerts the server sent, in order, but the one its failure tells.
    #[serde(default)]
    pub alerts: Vec<String>,
    /// Whether a client certificate was presented. A line of `jsonl` leaves `false` out.
    #[serde(default)]
    pub client_certificate_sent: bool,
    /// The `Server` header of the answers.
    pub server: Option<String>,
    /// The HTTP requests and their answers, a connection each; of what has none here, none was made.
    #[serde(default)]
    pub exchanges: Vec<ExchangeReport>,
}

/// An HTTP request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExchangeReport {
    /// What the connection was for, where its probe was for more than that.
    #[serde(default)]
    pub offer: Option<OfferLabel>,
    /// The method.
    pub method: String,
    /// The path and query asked for.
    pub path: String,
    /// The status code; `null`: no answer came.
    pub status: Option<u16>,
    /// IIS's sub-status, where the body shows it.
    pub sub_status: Option<u16>,
    /// Why there is no answer, or no whole one, where that is not what stopped the probe.
    pub failure: Option<Failure>,
}

impl ExchangeReport {
    /// The exchange of a connection.
    fn of(seen: &Observation, exchange: &Exchange) -> Self {
        let answer = exchange.answer.as_ref();
        Self {
            offer: Some(seen.offer),
            method: exchange.method.clone(),
            path: exchange.path.clone(),
            status: answer.map(|answer| answer.status),
            sub_status: answer.and_then(|answer| answer.sub_status),
            failure: exchange.failure.clone().filter(|failure| seen.stopped.as_ref() != Some(failure)),
        }
    }
}

/// Probes that came to the same, together; the first of them says where they stand.
fn together<'a>(seen: impl Iterator<Item = &'a Observation>) -> Vec<ProbeReport> {
    let mut probes: Vec<ProbeReport> = Vec::new();
    for one in seen.map(ProbeReport::from) {
        match probes.iter_mut().find(|known| known.came_to_the_same(&one)) {
            Some(known) => {
                add(&mut known.offers, &one.offers);
                add(&mut known.engines, &one.engines);
                known.exchanges.extend(one.exchanges);
            }
            None => probes.push(one),
        }
    }
    for alone in probes.iter_mut().filter(|probe| probe.offers.len() == 1) {
        alone.exchanges.iter_mut().for_each(|exchange| exchange.offer = None);
    }
    probes
}

/// Adds what is not there yet.
fn add<T: Copy + PartialEq>(known: &mut Vec<T>, more: &[T]) {
    for one in more {
        if !known.contains(one) {
            known.push(*one);
        }
    }
}

impl ProbeReport {
    /// Whether they were stopped before their end.
    pub fn was_stopped(&self) -> bool {
        self.probe_status != EndpointReport::SUCCESS
    }

    /// Whether another differs from it only in what it was for, who performed it and what was asked for.
    fn came_to_the_same(&self, other: &Self) -> bool {
        let same_end = self.probe_status == other.probe_status && self.failure == other.failure;
        let same_session = self.tls_version == other.tls_version && self.cipher == other.cipher;
        let same_sides = self.client_certificate_sent == other.client_certificate_sent && self.server == other.server;
        same_end && same_session && same_sides && self.alerts == other.alerts
    }
}

impl From<ProbeReport> for HandshakeReport {
    fn from(probe: ProbeReport) -> Self {
        let ProbeReport { offers, engines, probe_status, failure, tls_version, cipher, alerts, .. } = probe;
        Self { offers, engines, probe_status, failure, tls_version, cipher, alerts }
    }
}

impl From<&Observation> for ProbeReport {
    fn from(seen: &Observation) -> Self {
        let handshake = &seen.handshake;
        let answer = seen.exchange.as_ref().and_then(|exchange| exchange.answer.as_ref());
        let is_told = |alert: &String| seen.stopped.as_ref().is_some_and(|failure| failure.detail.contains(alert));
        Self {
            offers: vec![seen.offer],
            engines: vec![seen.engine],
            probe_status: status(seen.stopped.as_ref()),
            failure: seen.stopped.clone(),
            tls_version: handshake.version.map(|version| version.to_string()),
            cipher: handshake.cipher_suite.map(|suite| suite.to_string()),
            alerts: handshake.alerts.iter().map(ToString::to_string).filter(|alert| !is_told(alert)).collect(),
            client_certificate_sent: handshake.client_certificate_sent,
            server: answer.and_then(|answer| answer.server.clone()),
            exchanges: seen.exchange.iter().map(|exchange| ExchangeReport::of(seen, exchange)).collect(),
        }
    }
}

/// zgrab2's word for how a probe ended.
fn status(stopped: Option<&Failure>) -> Cow<'static, str> {
    stopped.map_or(EndpointReport::SUCCESS, |failure| failure.stop.probe_status()).into()
}

/// Where and how the probe that speaks for an endpoint was stopped, as far as it tells against the endpoint. A server that
/// asks for a client certificate in the handshake and ends it when none comes was reached, and so was one that lets a
/// client through: what it makes of whom, findings say.
fn speaks_against<'a>(principal: &'a Observation, seen: &EndpointObservation) -> Option<&'a Failure> {
    let stopped = principal.stopped.as_ref().filter(|failure| failure.phase() == Phase::Handshake);
    let request = principal.handshake.client_certificate_request.as_ref();
    let is_asked = request.is_some_and(|request| request.when == RequestedWhen::Handshake);
    let is_ended = [HandshakeFailure::Alert, HandshakeFailure::Closed, HandshakeFailure::Reset]
        .into_iter()
        .any(|end| stopped.is_some_and(|failure| failure.is(Stop::Handshake(end))));
    let gets_in = |one: &Observation| one.handshake.client_certificate_sent && one.handshake.completed;
    if is_ended && (is_asked || seen.observations.iter().any(gets_in)) { None } else { principal.stopped.as_ref() }
}

/// The request for a client certificate that tells most: the principal probe's, else the first of any.
fn client_certificate_request(seen: &EndpointObservation) -> Option<&ClientCertificateRequest> {
    let of = |seen: &'_ Observation| seen.handshake.client_certificate_request.is_some();
    seen.principal()
        .filter(|principal| of(principal))
        .or_else(|| seen.observations.iter().find(|seen| of(seen)))
        .and_then(|seen| seen.handshake.client_certificate_request.as_ref())
}

impl EndpointReport {
    /// zgrab2's word for a probe that came to its end.
    pub const SUCCESS: &str = "success";

    /// The id of the name it was reached by: its own without the address.
    pub fn target(&self) -> &str {
        let own = self.address.and_then(|address| self.id.strip_suffix(&format!("/{address}")));
        own.unwrap_or(&self.id)
    }

    /// Its own address and port; `None`: the name led to none, or to one that only the web proxy on the way knows.
    pub fn own_address(&self) -> Option<SocketAddr> {
        self.address.filter(|_| self.resolved_by().is_none())
    }

    /// The web proxy on the way that was given its name, as `HOST:PORT`; `None`: there is none.
    pub fn resolved_by(&self) -> Option<&str> {
        match &self.resolution.as_ref()?.source {
            ResolutionSource::Proxy(proxy) => Some(proxy),
            ResolutionSource::Servers(_)
            | ResolutionSource::Machine
            | ResolutionSource::Pin
            | ResolutionSource::Literal => None,
        }
    }

    /// Where it stands, in words: its address and port, or who alone knows them; `None`: nowhere.
    pub fn stands_at(&self) -> Option<String> {
        match self.resolved_by() {
            Some(proxy) => self.address.map(|_| format!("where the proxy {proxy} finds it")),
            None => self.address.map(|address| address.to_string()),
        }
    }

    /// Whether it completed a handshake.
    pub fn is_up(&self) -> bool {
        self.tls_version.is_some() && self.failure.as_ref().is_none_or(|failure| failure.phase() == Phase::Exchange)
    }

    /// An endpoint that was reached, or not, at an address.
    pub fn seen(subject: &EndpointSubject<'_>, resolution: &Resolution, certificates: &mut CertificateReports) -> Self {
        let mut report = Self::without_address(subject.target);
        let seen = subject.seen;
        report.id = subject.target.id.endpoint(seen.address);
        report.address = Some(seen.address);
        report.resolution = Some(resolution.into());
        report.certificates = certificates.chain(&subject.chain);
        report.received_certificate_chain =
            report.certificates.iter().map(|one| one.fingerprint_sha256.clone()).collect();
        report.client_certificate_request = client_certificate_request(seen).map(Into::into);
        report.windows_clients = super::windows::of(subject);
        report.at = seen.observations.iter().map(|seen| seen.at.to_the_millisecond()).min();
        // What was not attempted, for what an earlier probe met, was not made.
        let is_made =
            |seen: &&Observation| seen.stopped.as_ref().is_none_or(|failure| !failure.stop.is_not_attempted());
        let (alone, probes): (Vec<&Observation>, Vec<_>) = seen
            .observations
            .iter()
            .filter(is_made)
            .partition(|seen| seen.exchange.is_none() && !seen.handshake.client_certificate_sent);
        report.handshakes = together(alone.into_iter()).into_iter().map(Into::into).collect();
        report.probes = together(probes.into_iter());
        if let Some(principal) = subject.principal() {
            let handshake = &principal.handshake;
            let stopped = speaks_against(principal, seen);
            report.probe_status = status(stopped);
            report.failure = stopped.cloned();
            for handshake in report.handshakes.iter_mut().filter(|one| one.failure.is_some()) {
                handshake.failure = handshake.failure.take().filter(|failure| stopped != Some(failure));
            }
            report.server_name = handshake.server_name.clone();
            report.tls_version = handshake.version.map(|version| version.to_string());
            report.cipher = handshake.cipher_suite.map(|suite| suite.to_string());
            report.key_exchange_group = handshake.key_exchange_group.map(|group| group.to_string());
            report.engine = Some(principal.engine);
            report.timing_ms = principal.timing;
        }
        report
    }

    /// A name that led to no address.
    pub fn nowhere(target: &Target, resolution: &Resolution) -> Self {
        let failure = resolution
            .failure
            .clone()
            .unwrap_or_else(|| Failure::new(ResolveFailure::NoData, format!("{} has no address", resolution.name)));
        Self {
            resolution: Some(resolution.into()),
            probe_status: status(Some(&failure)),
            failure: Some(failure),
            timing_ms: Timing { resolve: resolution.took, ..Timing::default() },
            ..Self::without_address(target)
        }
    }

    /// A name the run did not come to.
    pub fn not_probed(target: &Target) -> Self {
        Self::without_address(target)
    }

    fn without_address(target: &Target) -> Self {
        Self {
            id: target.id.to_string(),
            system: target.system.as_ref().to_owned(),
            role: target.role,
            name: target.name.as_str().to_owned(),
            name_kind: target.name_kind,
            port: target.port,
            vantage: target.vantage.as_ref().to_owned(),
            network: target.network,
            address: None,
            resolution: None,
            at: None,
            probe_status: "not-probed".into(),
            failure: None,
            server_name: None,
            tls_version: None,
            cipher: None,
            key_exchange_group: None,
            engine: None,
            client_certificate_request: None,
            windows_clients: Vec::new(),
            received_certificate_chain: Vec::new(),
            timing_ms: Timing::default(),
            handshakes: Vec::new(),
            probes: Vec::new(),
            certificates: Vec::new(),
        }
    }
}
