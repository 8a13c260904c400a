//! `serve`: an exporter for Prometheus, after the pattern of blackbox_exporter. Runs are not tied to scrapes: each definition
//! is run by itself, and what it last came to is handed out at once. Everything a stranger can spend is bounded.

mod answer;
mod body;
mod collect;
mod definition;
mod folder;
mod given;
mod listen;
mod page;
mod run;
mod signals;
mod stamp;
mod target;
mod web;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use cmprobe::report::Format;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::args::ServeArgs;
use crate::exit::{Error, Outcome, complain};
use crate::output::Sink;
use collect::Source;
use definition::Watched;
use signals::{Signals, Wish};
use web::Web;

/// The format of the report that browsers are shown, with its media type.
const SHOWN: Format = Format::Html;
/// How many ad hoc probes are under way at once.
const TARGETS: usize = 8;
/// How long is waited for connections to end, once there is to be an end.
const DRAIN: Duration = Duration::from_secs(10);

/// Everything an answer is made of.
struct Exporter {
    args: ServeArgs,
    definitions: Vec<Arc<Watched>>,
    sources: Vec<Source>,
    web: Web,
    counts: Counts,
    /// Turns for ad hoc probes.
    turns: Semaphore,
    /// Whether there is to be an end.
    ending: watch::Sender<bool>,
}

pub(crate) fn run(args: ServeArgs) -> Result<Outcome, Error> {
    let mut faults = Vec::new();
    let mut also = |error| match error {
        Error::Faults(words) => faults.extend(words),
        Error::Output(words) => faults.push(words),
        Error::OutputClosed | Error::Unwritten { .. } => {}
    };
    let mut names = HashSet::new();
    let mut definitions = Vec::new();
    for path in &args.definitions {
        let loaded = Watched::begin(&args, path).map_err(&mut also).ok();
        if let Some(watched) = &loaded
            && !names.insert(watched.name.clone())
        {
            let words = format!("{}: another definition is called {}, too; rename one", path.display(), watched.name);
            also(Error::fault(words));
        }
        definitions.extend(loaded.map(Arc::new));
    }
    let sources = collect::sources(&args).map_err(&mut also).unwrap_or_default();
    let web = Web::open(args.web_config_file.clone()).map_err(&mut also).ok();
    also(Error::Faults(args.way.faults()));
    Error::all(faults)?;
    crate::folder::clean_up();
    let Some(web) = web else { return Err(Error::fault("the web configuration cannot be used")) };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::fault(format!("this machine gives no threads or timers to serve with: {error}")))?;
    let exporter = Exporter {
        args,
        definitions,
        sources,
        web,
        counts: Counts::default(),
        turns: Semaphore::new(TARGETS),
        ending: watch::Sender::new(false),
    };
    let outcome = runtime.block_on(serve(Arc::new(exporter)));
    // What is being judged need not be waited for longer; its folder goes with it.
    runtime.shutdown_timeout(DRAIN);
    outcome
}

/// Listens, runs and answers until it is told to end.
async fn serve(exporter: Arc<Exporter>) -> Result<Outcome, Error> {
    let wanted = exporter.args.listen;
    let cannot = |error| Error::fault(format!("--listen {wanted}: cannot be listened at: {error}"));
    let listener = TcpListener::bind(wanted).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    // Before anybody is told that it listens: a signal that comes early is not lost, nor does it end the program.
    let mut signals = Signals::listen()?;
    tell(&exporter, address)?;
    let mut tasks = JoinSet::new();
    for watched in &exporter.definitions {
        tasks.spawn(definition::keep(Arc::clone(watched), Arc::clone(&exporter)));
    }
    let connections = Arc::new(Semaphore::new(listen::CONNECTIONS));
    tasks.spawn(listen::accept(listener, Arc::clone(&exporter), Arc::clone(&connections)));
    while matches!(signals.next().await, Wish::ReadAgain) {
        exporter.web.reload();
        exporter.definitions.iter().for_each(|watched| watched.read_again());
    }
    exporter.ending.send_replace(true);
    // Runs leave nothing behind.
    tasks.shutdown().await;
    // Whoever was being answered gets the answer; who takes too long, or another wish to end, is not waited for.
    let all = u32::try_from(listen::CONNECTIONS).unwrap_or(u32::MAX);
    tokio::select! {
        drained = timeout(DRAIN, connections.acquire_many(all)) => {
            if drained.is_err() {
                complain("ended while some answers were still being read");
            }
        }
        () = signals.end() => complain("ended at once"),
    }
    Ok(Outcome::Passed)
}

/// Says where it listens, on standard output; and what is dangerous, on standard error.
fn tell(exporter: &Exporter, address: SocketAddr) -> Result<(), Error> {
    let (encrypted, guarded) = (exporter.web.speaks_tls(), exporter.web.asks_for_passwords());
    let is_safe = address.ip().is_loopback() || encrypted && guarded;
    if !is_safe {
        let lacks = match (encrypted, guarded) {
            (false, false) => "without TLS and without passwords",
            (false, true) => "without TLS: passwords can be read on the way",
            (true, _) => "without passwords",
        };
        complain(&format!(
            "anybody who reaches {address} is answered {lacks}; reports name servers; see --web.config.file"
        ));
    }
    let scheme = if encrypted { "https" } else { "http" };
    Sink::standard().finish(&format!("listening on {scheme}://{address}/\n"))
}

/// How probes ended, and how many are under way.
#[derive(Default)]
struct Counts {
    passed: AtomicU64,
    failed: AtomicU64,
    undecided: AtomicU64,
    errors: AtomicU64,
    in_flight: AtomicUsize,
}

impl Counts {
    /// One begins; it is under way until what is given is dropped.
    fn begin(&self) -> Underway<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Underway(self)
    }

    /// One ended.
    fn ended(&self, outcome: Option<Outcome>) {
        let count = match outcome {
            Some(Outcome::Passed | Outcome::Changed) => &self.passed,
            Some(Outcome::Failed | Outcome::Plugin(_)) => &self.failed,
            Some(Outcome::Undecided) => &self.undecided,
            None => &self.errors,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

struct Underway<'a>(&'a Counts);

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
