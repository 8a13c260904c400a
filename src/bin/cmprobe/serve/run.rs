//! One run of a definition: everything is looked at and saved, what others saw is fetched, all of it is judged as `assess`
//! judges it, once for the whole and once for each vantage. So memory does not grow with what was seen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use bytes::Bytes;
use clap::ColorChoice;
use cmprobe::observation::Seen;
use cmprobe::plan::build::Options;
use cmprobe::report::prometheus;
use cmprobe::wire::timestamp::Timestamp;
use tokio::runtime::Handle;

use super::folder::{folder, read};
use super::{Exporter, SHOWN};
use crate::args::OutputArgs;
use crate::assess::{self, Grounds};
use crate::check::{Pending, Work};
use crate::circumstances;
use crate::circumstances::now;
use crate::exit::{Error, Outcome, complain};
use crate::folder::Folder;
use crate::saved::{Saved, Saving};

/// How old what others saw may be, where runs are not farther apart.
const OLDEST: Duration = Duration::from_secs(2 * 3600);

/// A run that ended.
pub(super) struct Finished {
    /// Its verdict.
    pub(super) outcome: Outcome,
    /// When it ended.
    pub(super) ended: Timestamp,
    /// Its metrics.
    pub(super) metrics: Bytes,
    /// The metrics of each vantage by itself.
    pub(super) of_vantages: BTreeMap<String, Bytes>,
    /// Its report, for browsers.
    pub(super) page: Bytes,
    folder: Folder,
}

impl Finished {
    /// What was seen, as `check --save` writes it.
    pub(super) fn observations(&self) -> PathBuf {
        observations(&self.folder)
    }
}

fn observations(folder: &Folder) -> PathBuf {
    folder.path().join("observations.jsonl")
}

/// Runs a definition once.
///
/// # Errors
/// Something could not be written or read back.
pub(super) async fn run(name: &str, work: Arc<Work>, exporter: &Arc<Exporter>) -> Result<Finished, Error> {
    let _underway = exporter.counts.begin();
    let folder = folder()?;
    look(&work, &observations(&folder)).await?;
    let mut files = vec![observations(&folder)];
    for (number, source) in exporter.sources.iter().enumerate() {
        let path = folder.path().join(format!("collected-{number}.jsonl"));
        match source.fetch(name, &path).await {
            Ok(()) => files.push(path),
            Err(why) => complain(&format!("{name}: {source}: {why}; what is seen from there is not looked at")),
        }
    }
    let exporter = Arc::clone(exporter);
    let name = name.to_owned();
    let judged = Handle::current().spawn_blocking(move || judge(&name, &work, &exporter, &files, folder)).await;
    judged.map_err(|_| Error::fault("the run could not be judged"))?
}

/// Looks at everything and saves what is seen.
async fn look(work: &Work, path: &Path) -> Result<(), Error> {
    let mut saving = Saving::begin(path).map_err(Error::fault)?;
    let started_at = now();
    saving.header(started_at, started_at, work.vantages(), circumstances::host(), work.asking_less());
    let pending = Arc::new(Pending::default());
    let (_run, mut seen) = work.begin(&pending);
    while let Some(next) = seen.recv().await {
        match &next {
            Seen::Target(target) => drop(pending.take(&target.target)),
            Seen::Told(_) => continue,
            Seen::Lookup(_) | Seen::Crl(_) | Seen::Run(_) | Seen::End(_) => {}
        }
        saving.line(&next);
    }
    saving.end(Some(now()))
}

/// Judges what was saved.
fn judge(name: &str, work: &Work, exporter: &Exporter, files: &[PathBuf], folder: Folder) -> Result<Finished, Error> {
    let Some(definition) = &work.definition else { return Err(Error::fault("there is no definition")) };
    let mut saved = Vec::new();
    for (number, path) in files.iter().enumerate() {
        match Saved::open(path) {
            Ok(file) if number == 0 || is_fresh(&file, exporter.args.interval) => saved.push(file),
            Ok(file) => complain(&format!(
                "{name}: the other exporter's last run began at {}; it is too old and is not looked at",
                file.run.started_at
            )),
            Err(why) if number == 0 => return Err(Error::fault(why)),
            // What others hand out may be anything.
            Err(_) => complain(&format!("{name}: what was fetched is no file of observations, and is not looked at")),
        }
    }
    let judging = exporter.args.judging();
    // What others saw is of other vantages: with it the whole site is judged.
    let vantages = if exporter.sources.is_empty() { exporter.args.narrow.vantage.clone() } else { Vec::new() };
    let only = exporter.args.narrow.only.clone();
    let grounds = Grounds {
        site: &work.site,
        definition,
        trust: &work.trust,
        files: &work.files,
        narrowed: !vantages.is_empty() || !only.is_empty(),
        options: Options { vantages, only, ..Options::default() },
        judging: &judging,
        baseline: None,
    };
    let file = folder.path().join("report");
    let (taker, taken) = channel();
    let output = OutputArgs::served(SHOWN, file.clone(), Some(taker));
    let outcome = assess::reported(grounds, &saved, Vec::new(), &output, ColorChoice::Never)?;
    drop(output);
    let page = read(file)?.into();
    let report = taken.recv().map_err(|_| Error::fault("the run gave no report"))?;
    let ends = saved.iter().filter_map(|file| file.end.as_ref().map(|end| end.finished_at));
    let ended = ends.max().unwrap_or_else(now);
    let metrics = prometheus::probed(&report, None).into();
    let of_vantages = watched_vantages(work, !exporter.sources.is_empty())
        .into_iter()
        .map(|vantage| {
            let metrics = prometheus::probed(&report, Some(&vantage)).into();
            (vantage, metrics)
        })
        .collect();
    Ok(Finished { outcome, ended, metrics, of_vantages, page, folder })
}

/// Whether what another exporter saw may stand beside what was seen now: an exporter whose runs no longer end still hands
/// out the last.
fn is_fresh(saved: &Saved, interval: Duration) -> bool {
    let most = OLDEST.max(interval * 4);
    let age = now().unix().saturating_sub(saved.run.started_at.unix());
    u64::try_from(age).is_ok_and(|age| age <= most.as_secs()) || age < 0
}

/// The vantages a definition can be asked about: those stood at here, and all where others' observations are fetched.
pub(super) fn watched_vantages(work: &Work, collects: bool) -> Vec<String> {
    if collects { work.site.vantages.iter().map(|vantage| vantage.name.to_string()).collect() } else { work.vantages() }
}
