//! Endpoints that a scrape names, probed there and then: only where they are allowed, at the addresses that were found to
//! be, and never with any client certificate.

use bytes::Bytes;
use clap::ColorChoice;
use cmprobe::exporter::allowed;
use cmprobe::plan::endpoint::Endpoint;
use cmprobe::report::prometheus;
use cmprobe::resolve::{Family, Options, Resolver};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::folder::folder;
use super::given::check_args;
use super::{Exporter, SHOWN};
use crate::args::{NarrowArgs, OfferArgs, OutputArgs, Pinned, RevocationHosts, WayArgs};
use crate::check::{self, Work};
use crate::circumstances::now;
use crate::exit::{Error, Outcome};

/// How long a name's resolution may take.
const RESOLVE: Duration = Duration::from_secs(5);
/// How long an endpoint may take where nobody says.
const ENDPOINT: Duration = Duration::from_secs(15);

/// Why there are no metrics.
pub(super) enum Refused {
    /// It must not be probed.
    NotAllowed,
    /// There was no time, or no turn.
    TooLate,
    /// It could not be done.
    Failed,
}

/// The metrics of an endpoint.
///
/// # Errors
/// Why there are none.
pub(super) async fn probe(exporter: &Arc<Exporter>, endpoint: Endpoint, deadline: Instant) -> Result<Bytes, Refused> {
    let patterns = &exporter.args.allow_target;
    if patterns.is_empty() {
        return Err(Refused::NotAllowed);
    }
    let turn = timeout_at(deadline, exporter.turns.acquire()).await;
    let _turn = turn.map_err(|_| Refused::TooLate)?.map_err(|_| Refused::TooLate)?;
    let resolver = Resolver::new(options(&exporter.args.way));
    let found = timeout_at(deadline, resolver.host(&endpoint.host, endpoint.port)).await;
    let addresses = found.map_err(|_| Refused::TooLate)?.addresses.clone();
    if !allowed::admits(patterns, &endpoint.host, &addresses) {
        return Err(Refused::NotAllowed);
    }
    let _underway = exporter.counts.begin();
    let also = Arc::clone(exporter);
    let handle = Handle::current();
    let probing = handle.clone().spawn_blocking(move || {
        let pin = Pinned { name: endpoint.host.clone(), port: endpoint.port, addresses };
        perform(&also, &endpoint, pin, deadline, &handle)
    });
    let ended = probing.await.unwrap_or_else(|_| Err(Error::fault("the probe could not be made")));
    exporter.counts.ended(ended.as_ref().ok().map(|(outcome, _)| *outcome));
    ended.map(|(_, metrics)| metrics).map_err(|_| Refused::Failed)
}

/// Probes and judges.
fn perform(
    exporter: &Exporter,
    endpoint: &Endpoint,
    pin: Pinned,
    deadline: Instant,
    runtime: &Handle,
) -> Result<(Outcome, Bytes), Error> {
    let folder = folder()?;
    let (taker, taken) = channel();
    let output = OutputArgs::served(SHOWN, folder.path().join("report"), Some(taker));
    let mut args = check_args(&exporter.args, text(endpoint), output);
    args.narrow = NarrowArgs::default();
    // Nobody's certificate, not even a stranger's; and nothing is fetched because a certificate says so.
    args.offer = OfferArgs { no_stranger: true, present_always: false, ..args.offer };
    args.probe.way.revocation_hosts = RevocationHosts::Site;
    if !pin.addresses.is_empty() {
        // The address was looked up with what is given for the name.
        args.probe.way.resolve.retain(|given| !given.is_among(std::slice::from_ref(&pin)));
        args.probe.way.resolve.push(pin);
    }
    // It may be asked for its version first, and all of it is to be over in time.
    let left = deadline.saturating_duration_since(Instant::now());
    args.limits.timeout = Some(args.limits.timeout.unwrap_or(ENDPOINT).min(left));
    let started_at = now();
    let mut work = Work::prepare(&args, started_at)?;
    let limits = (runtime, sleep_until(deadline), || {});
    let outcome = check::perform(&args, &mut work, started_at, ColorChoice::Never, limits)?;
    drop(args);
    let report = taken.recv().map_err(|_| Error::fault("the probe gave no report"))?;
    Ok((outcome, prometheus::probed(&report, None).into()))
}

/// An endpoint as `check` is given it; its port keeps it from being taken for a file.
fn text(endpoint: &Endpoint) -> String {
    let role = endpoint.role.map(|role| format!("{}=", role.name())).unwrap_or_default();
    let host = endpoint.host.as_str();
    if host.contains(':') && !host.starts_with('[') {
        format!("{role}[{host}]:{}", endpoint.port)
    } else {
        format!("{role}{host}:{}", endpoint.port)
    }
}

/// The resolver the probe itself would ask.
fn options(way: &WayArgs) -> Options {
    Options {
        servers: way.resolver.clone(),
        pins: way.pins(),
        family: match (way.ipv4, way.ipv6) {
            (true, _) => Family::V4,
            (false, true) => Family::V6,
            (false, false) => Family::Any,
        },
        source: way.source_ip,
        timeout: RESOLVE,
        ..Options::default()
    }
}
