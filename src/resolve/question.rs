//! One question put to the servers in turn, its aliases followed here, so that nothing of what came back is hidden.

use std::io::ErrorKind;

use hickory_resolver::net::xfer::{DnsHandle, FirstAnswer};
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::{DnsRequestOptions, DnsResponse, Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::time::{Instant, timeout_at};

use super::{Resolver, Server, failure, text};
use crate::observation::failure::{Failure, ResolveFailure, Stop};

/// How many aliases are followed.
pub(super) const ALIASES: usize = 16;

/// What one question found.
#[derive(Default)]
pub(super) struct Found {
    /// The records of the type asked for.
    pub(super) records: Vec<RData>,
    /// The aliases on the way, in order.
    pub(super) aliases: Vec<String>,
    /// Why there are no records.
    pub(super) failure: Option<Failure>,
}

impl Resolver {
    /// Asks for records of one type, following aliases.
    pub(super) async fn question(&self, name: &Name, kind: RecordType) -> Found {
        let mut found = Found::default();
        if let Err(failure) = self.follow(name, kind, &mut found).await {
            found.failure = Some(failure);
        }
        found
    }

    async fn follow(&self, name: &Name, kind: RecordType, found: &mut Found) -> Result<(), Failure> {
        let deadline = Instant::now() + self.timeout;
        let mut path = vec![name.clone()];
        let mut current = name.clone();
        loop {
            let response = self.ask(&current, kind, deadline).await?;
            let asked = current.clone();
            loop {
                let here = || response.answers.iter().filter(|record| record.name == current);
                found.records = here().filter(|one| one.record_type() == kind).map(|one| one.data.clone()).collect();
                if !found.records.is_empty() {
                    return Ok(());
                }
                let alias = here().find_map(|record| match &record.data {
                    RData::CNAME(alias) => Some(alias.0.clone()),
                    _ => None,
                });
                let Some(target) = alias else { break };
                found.aliases.push(text(&target));
                let back = path.contains(&target);
                path.push(target.clone());
                if back {
                    let circle: Vec<String> = path.iter().map(text).collect();
                    let words = format!("the aliases lead in a circle: {}", circle.join(" \u{2192} "));
                    return Err(failure(ResolveFailure::AliasLoop, words));
                }
                if path.len() > ALIASES + 1 {
                    let words = format!("more than {ALIASES} aliases follow one another");
                    return Err(failure(ResolveFailure::AliasLoop, words));
                }
                current = target;
            }
            if response.response_code == ResponseCode::NXDomain {
                return Err(not_found(&current));
            }
            // A negative answer carries the zone's SOA (RFC 2308); without it the server only did not go on by itself.
            if current == asked || response.soa().is_some() {
                let words = format!("{} exists, but has no {kind} record", text(&current));
                return Err(failure(ResolveFailure::NoData, words));
            }
        }
    }

    /// Puts a question to the servers in turn, until one says something conclusive.
    async fn ask(&self, name: &Name, kind: RecordType, deadline: Instant) -> Result<DnsResponse, Failure> {
        let mut told: Option<Failure> = None;
        for (turn, (at, server)) in self.in_order().enumerate() {
            match self.ask_one(server, name, kind, deadline).await {
                Ok(response) => {
                    if turn > 0 {
                        self.first.store(at, std::sync::atomic::Ordering::Relaxed);
                    }
                    return Ok(response);
                }
                Err(failure)
                    if matches!(failure.stop, Stop::Resolve(ResolveFailure::NameNotFound | ResolveFailure::NoData)) =>
                {
                    return Err(failure);
                }
                // What a server said tells more than that another said nothing.
                Err(failure) => match &told {
                    Some(before) if !before.is(ResolveFailure::Timeout) => {}
                    _ => told = Some(failure),
                },
            }
        }
        Err(told.unwrap_or_else(|| {
            let words = self.unusable.clone().unwrap_or_else(|| "there is no name server to ask".to_owned());
            failure(ResolveFailure::Error, words)
        }))
    }

    async fn ask_one(
        &self,
        server: &Server,
        name: &Name,
        kind: RecordType,
        deadline: Instant,
    ) -> Result<DnsResponse, Failure> {
        // No EDNS: name servers of the time answer FORMERR to it, and a long answer comes by TCP all the same.
        let mut options = DnsRequestOptions::default();
        options.use_edns = false;
        let asked = server.pool.lookup(Query::query(name.clone(), kind), options).first_answer();
        let label = &server.label;
        match timeout_at(deadline, asked).await {
            Ok(Ok(response)) => match response.response_code {
                ResponseCode::NoError if is_referral(&response) => Err(no_recursion(label, name)),
                ResponseCode::NoError | ResponseCode::NXDomain => Ok(response),
                code => Err(failure(ResolveFailure::Error, format!("{label} answered with an error: {code}"))),
            },
            Ok(Err(error)) => Err(classify(&error, label, name, kind)),
            Err(_) => Err(silent(label)),
        }
    }
}

/// Whether an answer only names other servers: no data, no SOA, name servers alone. A referral is no word on whether the
/// name has the record (RFC 2308, 2.2).
fn is_referral(response: &DnsResponse) -> bool {
    response.response_code == ResponseCode::NoError
        && response.answers.is_empty()
        && response.soa().is_none()
        && response.authorities.iter().any(|record| record.record_type() == RecordType::NS)
}

fn no_recursion(server: &str, name: &Name) -> Failure {
    let words =
        format!("{server} only refers to other name servers for {}: it does not ask them for its clients", text(name));
    failure(ResolveFailure::Error, words)
}

fn not_found(name: &Name) -> Failure {
    failure(ResolveFailure::NameNotFound, format!("{} does not exist (NXDOMAIN)", text(name)))
}

fn silent(server: &str) -> Failure {
    failure(ResolveFailure::Timeout, format!("{server} did not answer in time"))
}

/// What asking a server ended with.
fn classify(error: &NetError, server: &str, name: &Name, kind: RecordType) -> Failure {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NXDomain => {
            not_found(name)
        }
        NetError::Dns(DnsError::NoRecordsFound(none))
            if none.soa.is_none() && none.ns.as_ref().is_some_and(|servers| !servers.is_empty()) =>
        {
            no_recursion(server, name)
        }
        NetError::Dns(DnsError::NoRecordsFound(_)) => {
            failure(ResolveFailure::NoData, format!("{} exists, but has no {kind} record", text(name)))
        }
        NetError::Dns(DnsError::ResponseCode(ResponseCode::ServFail)) => {
            failure(ResolveFailure::ServerFailure, format!("{server} failed to answer (SERVFAIL)"))
        }
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => {
            failure(ResolveFailure::QueryRefused, format!("{server} refuses to answer (REFUSED)"))
        }
        NetError::Dns(DnsError::ResponseCode(code)) => {
            failure(ResolveFailure::Error, format!("{server} answered with an error: {code}"))
        }
        NetError::Timeout => silent(server),
        NetError::Proto(_) => {
            failure(ResolveFailure::MalformedAnswer, format!("the answer of {server} cannot be read as DNS"))
        }
        NetError::ForeignClassRecord { .. } => failure(
            ResolveFailure::MalformedAnswer,
            format!("the answer of {server} cannot be used: a record in it is of another class than the Internet's"),
        ),
        NetError::Truncated => failure(
            ResolveFailure::MalformedAnswer,
            format!("the answer of {server} cannot be used: it is cut off, by TCP as well"),
        ),
        NetError::Io(io) if io.kind() == ErrorKind::ConnectionRefused => {
            failure(ResolveFailure::Error, format!("no name server listens at {server}"))
        }
        other => failure(ResolveFailure::Error, format!("{server} cannot be asked: {other}")),
    }
}
