//! `check`: resolves, connects, handshakes, asks, judges, reports. Everything that can be wrong with what was given is
//! found before the first packet is sent.

mod discover;
mod listing;
mod lists;
mod named;
mod pending;
mod source;
mod work;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ColorChoice;
use cmprobe::observation::Seen;
use cmprobe::report::circumstances::{Circumstances, Listed};
use cmprobe::trust::basis::Basis;
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::verdict::Unknown;
use cmprobe::wire::timestamp::Timestamp;
use tokio::runtime::Handle;
use tokio::time::{MissedTickBehavior, interval};

use crate::args::CheckArgs;
use crate::circumstances::{self, now};
use crate::exit::{Error, Outcome, complain};
use crate::files;
use crate::judging::{self, Handing, Judging};
use crate::progress::{Progress, TICK};
use crate::reports::Reports;
use crate::saved::Saving;
use crate::stop;
use crate::untold::Untold;
use cmprobe::judgement::run::Extent;
pub(crate) use pending::Pending;
pub(crate) use work::Work;

pub(crate) fn run(args: &CheckArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let started_at = now();
    let mut work = Work::prepare(args, started_at)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::fault(format!("this machine gives no threads or timers to probe with: {error}")))?;
    // A second wish to stop ends the program where it stands.
    let ended = || {
        runtime.spawn(async {
            stop::wanted().await;
            std::process::exit(130);
        });
    };
    let outcome = perform(args, &mut work, started_at, color, (runtime.handle(), stop::wanted(), ended));
    // What is still under way (a resolver's socket, a probe of an abandoned run) need not be waited for.
    runtime.shutdown_background();
    outcome
}

/// Looks at everything there is to look at, until it is told to stop, judges it and reports. `ended` is called once
/// nothing more is looked at.
///
/// # Errors
/// What is written would spoil what is read, or cannot be written.
pub(crate) fn perform(
    args: &CheckArgs,
    work: &mut Work,
    started_at: Timestamp,
    color: ColorChoice,
    (runtime, stop, ended): (&Handle, impl Future<Output = ()>, impl FnOnce()),
) -> Result<Outcome, Error> {
    let judged_at = args.judging.at.unwrap_or(started_at);
    Error::all(args.output.faults(args.save.as_deref(), work.read(args).iter().map(PathBuf::as_path)))?;
    let baseline = args.judging.baseline.as_deref().map(files::report).transpose().map_err(Error::fault)?;
    let mut stop = std::pin::pin!(stop);
    let asked = runtime.block_on(async {
        tokio::select! {
            () = work.ask(args, started_at) => true,
            () = stop.as_mut() => false,
        }
    });
    let is_stopped = !asked;
    let stop = async move {
        if !is_stopped {
            stop.await;
        }
    };
    let work = &*work;
    let crls = Arc::new(CrlStore::default());
    let host = circumstances::host();
    let about =
        circumstances::of(&work.site, work.definition.as_ref(), work.stood_at(), host.clone(), args.judging.warn_days);
    let listed = args.list.as_deref().filter(|list| *list != Path::new("-") && args.output.leads_back());
    let listed = listed.and_then(|list| Some(Listed::new(list, &files::read_list(list).ok()?)));
    let about = Circumstances { listed, left_out: work.left_out(args), ..about };
    let reports = Reports::open(&args.output.wanted(), args.output.manner(color))?
        .about(about, &work.trust)
        .with_lists(Arc::clone(&crls))
        .handed_to(args.output.taker())
        .compared_with(baseline);
    let mut saving = args.save.as_deref().map(Saving::begin).transpose().map_err(Error::fault)?;
    if let Some(saving) = &mut saving {
        saving.header(started_at, judged_at, work.vantages(), host, work.asking_less());
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
    let mut judging = Judging::new(basis, Handing::new(args.output.gathered(), &work.site, reports));
    let complete = runtime.block_on(probe(work, &mut judging, &mut saving, progress, stop))?;
    ended();
    let changed = work.changed();
    changed.iter().for_each(|note| complain(note));
    let complete = complete && changed.is_none();
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
    let mut conclusion = judging.finish(extent)?;
    if !complete {
        conclusion.sink.ended_early();
    }
    let outcome = judging::write(conclusion, &basis, (started_at, finished_at), args.judging.fail_on, complete)?;
    saved.map_err(|error| error.after(outcome))?;
    Ok(outcome)
}

/// Probes everything and judges it as it comes. Gives whether the run came to its end.
async fn probe(
    work: &Work,
    judging: &mut Judging<'_>,
    saving: &mut Option<Saving>,
    mut progress: Progress,
    stop: impl Future<Output = ()>,
) -> Result<bool, Error> {
    let pending = Arc::new(Pending::default());
    let (run, mut seen) = work.begin(&pending);
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut stop = std::pin::pin!(stop);
    let mut lookups: HashMap<_, _> = work.lookups().iter().enumerate().map(|(at, one)| (&one.id, (at, one))).collect();
    let mut complete = true;
    let mut untold = Untold::default();
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
        if let Some(saving) = saving {
            saving.line(&next);
        }
        match next {
            Seen::Target(seen) if work.fetches() => untold.put(seen.target.clone(), seen),
            Seen::Target(seen) => {
                if let Some((at, target)) = pending.take(&seen.target) {
                    judging.target(at, &target, &seen)?;
                }
                progress.step();
            }
            Seen::Told(id) => {
                if let Some((seen, (at, target))) = untold.take(&id).zip(pending.take(&id)) {
                    judging.target(at, &target, &seen)?;
                }
                progress.step();
            }
            Seen::Lookup(seen) => {
                if let Some((at, lookup)) = lookups.remove(&seen.lookup) {
                    judging.lookup(at, lookup, &seen)?;
                }
            }
            Seen::Crl(seen) => judging.revocation_list(&seen),
            Seen::Run(_) | Seen::End(_) => {}
        }
    }
    drop(run);
    progress.end();
    // What was seen is judged, whatever was still to be fetched for it.
    for seen in untold.left() {
        if let Some((at, target)) = pending.take(&seen.target) {
            judging.target(at, &target, &seen)?;
        }
    }
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
    let mut not_made: Vec<_> = lookups.into_values().collect();
    not_made.sort_unstable_by_key(|(at, _)| *at);
    for (at, lookup) in not_made {
        judging.lookup_not_seen(at, lookup, &why)?;
    }
    Ok(complete)
}
