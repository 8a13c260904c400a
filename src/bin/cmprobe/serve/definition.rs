//! A definition that is run again and again: one run at a time, the file read again where it changed, the old one in force
//! where the new one is wrong.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::given::check_args;
use super::run::{self, Finished};
use super::stamp::{Stamp, stamp};
use super::{Exporter, SHOWN};
use crate::args::{OutputArgs, ServeArgs};
use crate::check::Work;
use crate::circumstances::now;
use crate::exit::{Error, complain};

/// A definition by its name.
pub(super) struct Watched {
    /// The file's name without its ending.
    pub(super) name: String,
    path: PathBuf,
    state: watch::Sender<State>,
    loaded: Mutex<Loaded>,
    again: Notify,
}

/// What is known of it.
#[derive(Clone)]
pub(super) struct State {
    /// The last run that ended.
    pub(super) last: Option<Arc<Finished>>,
    /// Whether what is in force is the file as it now is.
    pub(super) is_current: bool,
    /// The vantages it can be asked about.
    pub(super) vantages: Vec<String>,
}

/// What is in force.
struct Loaded {
    work: Arc<Work>,
    /// The files it was read from, as they were.
    stamp: Stamp,
    /// What was wrong with a newer one.
    faults: Vec<String>,
}

impl Watched {
    /// Reads a definition for the first time.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn begin(args: &ServeArgs, path: &Path) -> Result<Self, Error> {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let (work, stamp) = prepare(args, path)?;
        work.notes.iter().for_each(|note| complain(&format!("{name}: {note}")));
        let vantages = run::watched_vantages(&work, !args.collect.is_empty());
        let state = watch::Sender::new(State { last: None, is_current: true, vantages });
        let loaded = Mutex::new(Loaded { work: Arc::new(work), stamp, faults: Vec::new() });
        Ok(Self { name, path: path.to_owned(), state, loaded, again: Notify::new() })
    }

    /// What is known of it now.
    pub(super) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Its last run; where it has none yet, waits for the first. `None`: it was not to be waited for so long.
    pub(super) async fn last(&self, deadline: Instant, mut ending: watch::Receiver<bool>) -> Option<Arc<Finished>> {
        let mut state = self.state.subscribe();
        tokio::select! {
            biased;
            found = state.wait_for(|state| state.last.is_some()) => found.ok().and_then(|state| state.last.clone()),
            () = sleep_until(deadline) => None,
            _ = ending.wait_for(|ending| *ending) => None,
        }
    }

    /// Wishes it to be read again and run.
    pub(super) fn read_again(&self) {
        self.again.notify_one();
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the file again, where it or what it names has changed or is said to have. What is wrong is said once.
    fn reload(&self, args: &ServeArgs, is_wished: bool) {
        let (was, had_faults) = {
            let loaded = self.loaded();
            (loaded.stamp.clone(), !loaded.faults.is_empty())
        };
        let has_changed = stamp(was.iter().map(|(path, _)| path.clone())) != was;
        if !is_wished && !has_changed && !had_faults {
            return;
        }
        match prepare(args, &self.path) {
            Ok((work, stamp)) => {
                work.notes.iter().filter(|_| has_changed).for_each(|note| complain(&format!("{}: {note}", self.name)));
                if had_faults {
                    complain(&format!("{}: what was wrong is put right; the new definition is in force", self.name));
                }
                let vantages = run::watched_vantages(&work, !args.collect.is_empty());
                *self.loaded() = Loaded { work: Arc::new(work), stamp, faults: Vec::new() };
                self.state.send_modify(|state| (state.is_current, state.vantages) = (true, vantages));
            }
            Err(error) => {
                let faults = words(error);
                let mut loaded = self.loaded();
                if is_wished || loaded.faults != faults {
                    faults.iter().for_each(|fault| complain(fault));
                    complain(&format!("{}: the definition that was read before stays in force", self.name));
                }
                loaded.faults = faults;
                drop(loaded);
                self.state.send_modify(|state| state.is_current = false);
            }
        }
    }
}

/// What went wrong, in words.
fn words(error: Error) -> Vec<String> {
    match error {
        Error::Faults(words) | Error::Unwritten { words, .. } => words,
        Error::Output(words) => vec![words],
        Error::OutputClosed => Vec::new(),
    }
}

/// Reads everything a run needs, and notes the files as they were before.
fn prepare(args: &ServeArgs, path: &Path) -> Result<(Work, Stamp), Error> {
    let nowhere = OutputArgs::served(SHOWN, PathBuf::new(), None);
    let what = path.to_str().ok_or_else(|| Error::fault(format!("{}: the name is not UTF-8", path.display())))?;
    if path.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("toml")) {
        return Err(Error::fault(format!("{what}: is no definition; name files that end in .toml")));
    }
    let check = check_args(args, what.to_owned(), nowhere);
    let first = stamp([path.to_owned()]);
    let work = Work::prepare(&check, now())?;
    let named = work.read(&check).into_iter().filter(|named| named != path);
    Ok((work, first.into_iter().chain(stamp(named)).collect()))
}

/// Runs a definition again and again, until it is aborted.
pub(super) async fn keep(watched: Arc<Watched>, exporter: Arc<Exporter>) {
    loop {
        let began = Instant::now();
        let work = Arc::clone(&watched.loaded().work);
        let mut is_wished = false;
        {
            let mut running = std::pin::pin!(run::run(&watched.name, work, &exporter));
            let finished = loop {
                tokio::select! {
                    finished = &mut running => break finished,
                    () = watched.again.notified() => {
                        is_wished = true;
                        reload(&watched, &exporter, true).await;
                    }
                }
            };
            match finished {
                Ok(finished) => {
                    exporter.counts.ended(Some(finished.outcome));
                    watched.state.send_modify(|state| state.last = Some(Arc::new(finished)));
                }
                Err(error) => {
                    exporter.counts.ended(None);
                    words(error).iter().for_each(|fault| complain(&format!("{}: {fault}", watched.name)));
                }
            }
        }
        if !is_wished {
            tokio::select! {
                () = sleep_until(began + jittered(exporter.args.interval)) => {}
                () = watched.again.notified() => is_wished = true,
            }
            reload(&watched, &exporter, is_wished).await;
        }
    }
}

/// Reads files, which may take a while, beside everything else.
async fn reload(watched: &Arc<Watched>, exporter: &Arc<Exporter>, is_wished: bool) {
    let (watched, exporter) = (Arc::clone(watched), Arc::clone(exporter));
    // It panics with the thread alone, and then the old definition stays.
    let _ = tokio::task::spawn_blocking(move || watched.reload(&exporter.args, is_wished)).await;
}

/// Give or take a tenth, so that many exporters do not run at once.
fn jittered(interval: Duration) -> Duration {
    // Keyed anew each time: chance enough for this.
    let chance = RandomState::new().hash_one(0_u8) % 2001;
    interval * (9000 + u32::try_from(chance).unwrap_or(1000)) / 10_000
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::jittered;

    #[test]
    fn intervals_vary_by_a_tenth() {
        let interval = Duration::from_secs(100);
        assert!((0..1000).all(|_| (Duration::from_secs(90)..=Duration::from_secs(110)).contains(&jittered(interval))));
    }
}
