//! `check`: resolves, connects, handshakes, asks, judges, reports. Everything that can be wrong with what was given is
//! found before the first packet is sent.

mod discover;
mod named;
mod pending;
mod source;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ColorChoice;
use cmprobe::observation::Seen;
use cmprobe::prober;
use cmprobe::report::circumstances::{Circumstances, Listed};
use cmprobe::trust::basis::Basis;
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::verdict::Unknown;
use cmprobe::wire::timestamp::Timestamp;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::args::CheckArgs;
use crate::circumstances;
use crate::exit::{Error, Outcome, complain};
use crate::files;
use crate::judging::{self, Handing, Judging};
use crate::progress::{Progress, TICK};
use crate::reports::Reports;
use crate::saved::Saving;
use cmprobe::judgement::run::Extent;
use pending::{Pending, SeenOnly};
use work::Work;

/// What the time is.
pub(crate) fn now() -> Timestamp {
    OffsetDateTime::now_utc().into()
}

pub(crate) fn run(args: &CheckArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let started_at = now();
    let mut work = Work::prepare(args, started_at)?;
    let judged_at = args.judging.at.unwrap_or(started_at);
    Error::all(args.output.faults(args.save.as_deref(), work.read(args).iter().map(PathBuf::as_path)))?;
    let baseline = args.judging.baseline.as_deref().map(files::report).transpose().map_err(Error::fault)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::fault(format!("this machine gives no threads or timers to probe with: {error}")))?;
    if args.discover {
        runtime.block_on(work.discover());
    }
    let crls = Arc::new(CrlStore::default());
    let host = circumstances::host();
    let about =
        circumstances::of(&work.site, work.definition.as_ref(), work.stood_at(), host.clone(), args.judging.warn_days);
    let listed = args.list.as_deref().filter(|list| *list != Path::new("-") && args.output.leads_back());
    let listed = listed.and_then(|list| Some(Listed::new(list, &files::read_list(list).ok()?)));
    let about = Circumstances { listed, ..about };
    let reports = Reports::open(&args.output.wanted(), args.output.manner(color))?
        .about(about, &work.trust)
        .with_lists(Arc::clone(&crls))
        .compared_with(baseline);
    let mut saving = args.save.as_deref().map(Saving::begin).transpose().map_err(Error::fault)?;
    if let Some(saving) = &mut saving {
        saving.header(started_at, judged_at, work.vantages(), host);
    }
    if !args.output.quiet {
        work.notes.iter().for_each(|note| complain(note));
    }
    let basis = Basis {
        site: &work.site,
        trust: &work.trust,
        now: judged_at,
        warn_days: args.judging.warn_days,
        revocation: args.judging.revocation.into(),
        crls: &crls,
    };
    let progress = Progress::new(work.count(), !args.output.quiet && !reports.draws_on_terminal());
    let mut judging = Judging::new(basis, Handing::new(args.output.gathered(), work.site.profile, reports));
    let complete = runtime.block_on(probe(&work, &mut judging, &mut saving, progress))?;
    let finished_at = now();
    let saved = saving.map_or(Ok(()), |saving| saving.end(complete.then_some(finished_at)));
    if !complete && !args.output.quiet {
        complain("ended early; what was seen so far is reported");
    }
    if complete && !args.output.quiet {
        work.unused_pins().for_each(|note| complain(&note));
    }
    judging.files(&work.files)?;
    let extent = Extent { whole: work.is_whole(), complete };
    let conclusion = judging.finish(extent)?;
    let outcome = judging::write(conclusion, &basis, (started_at, finished_at), args.judging.fail_on, complete);
    // What is still under way (a resolver's socket, a probe of an abandoned run) need not be waited for.
    runtime.shutdown_background();
    let outcome = outcome?;
    saved.map_err(|error| error.after(outcome))?;
    Ok(outcome)
}

/// Probes everything and judges it as it comes. Gives whether the run came to its end.
async fn probe(
    work: &Work,
    judging: &mut Judging<'_>,
    saving: &mut Option<Saving>,
    mut progress: Progress,
) -> Result<bool, Error> {
    let pending = Arc::new(Pending::default());
    let targets = work.targets(Arc::clone(&pending));
    let lookups = work.lookups().to_vec();
    let (sink, mut seen) = mpsc::channel(256);
    let settings = work.settings.clone();
    let run = tokio::spawn(async move { prober::run(targets, lookups, &settings, sink).await });
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut stop = std::pin::pin!(stop());
    let mut lookups = vec![false; work.lookups().len()];
    let mut complete = true;
    let mut seen_only = SeenOnly::default();
    loop {
        let next = match seen.try_recv() {
            Ok(next) => next,
            Err(_) => {
                judging.sink().flush()?;
                tokio::select! {
                    next = seen.recv() => match next {
                        Some(next) => next,
                        None => break,
                    },
                    _ = ticks.tick() => {
                        progress.tick();
                        continue;
                    }
                    () = &mut stop => {
                        complete = false;
                        break;
                    }
                }
            }
        };
        if let Some(saving) = saving.as_mut().filter(|_| !matches!(next, Seen::Told(_))) {
            saving.line(&next);
        }
        match next {
            Seen::Target(seen) if work.fetches() => seen_only.put(seen),
            Seen::Target(seen) => {
                if let Some((at, target)) = pending.take(&seen.target) {
                    judging.target(at, &target, &seen)?;
                }
                progress.step();
            }
            Seen::Told(id) => {
                if let Some((seen, (at, target))) = seen_only.take(&id).zip(pending.take(&id)) {
                    judging.target(at, &target, &seen)?;
                }
                progress.step();
            }
            Seen::Lookup(seen) => {
                let found = work.lookups().iter().position(|lookup| lookup.id == seen.lookup);
                if let Some((at, lookup)) = found.and_then(|at| Some((at, work.lookups().get(at)?))) {
                    judging.lookup(at, lookup, &seen)?;
                    if let Some(done) = lookups.get_mut(at) {
                        *done = true;
                    }
                }
            }
            Seen::Crl(seen) => judging.revocation_list(&seen),
            Seen::Run(_) | Seen::End(_) => {}
        }
    }
    run.abort();
    progress.end();
    // What was seen is judged, whatever was still to be fetched for it.
    for seen in seen_only.left() {
        if let Some((at, target)) = pending.take(&seen.target) {
            judging.target(at, &target, &seen)?;
        }
    }
    // A second wish to stop ends the program where it stands.
    tokio::spawn(async {
        self::stop().await;
        std::process::exit(130);
    });
    let why = if complete {
        Unknown { why: "the probe ended without saying what it saw".into(), decided_by: "another run".into() }
    } else {
        Unknown {
            why: "the run was ended before this was probed".into(),
            decided_by: "a run that comes to its end".into(),
        }
    };
    for (at, target) in work.not_seen(&pending) {
        judging.target_not_seen(at, &target, &why)?;
    }
    for (at, (lookup, done)) in work.lookups().iter().zip(lookups).enumerate() {
        if !done {
            judging.lookup_not_seen(at, lookup, &why)?;
        }
    }
    Ok(complete)
}

/// Waits until the user, or whoever runs the program, wants it to stop.
pub(crate) async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        {
            tokio::select! {
                _ = interrupt.recv() => return,
                _ = terminate.recv() => return,
            }
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
