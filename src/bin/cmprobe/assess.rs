//! `assess`: judges saved observations as `check` would have judged them when they were made.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use clap::ColorChoice;
use cmprobe::observation::Seen;
use cmprobe::plan::build::Options;
use cmprobe::plan::{Plan, TargetId};
use cmprobe::report::circumstances::Circumstances;
use cmprobe::report::document::Report;
use cmprobe::requirement::management_point::answers::Told;
use cmprobe::site::Site;
use cmprobe::site::profile::ProfileSource;
use cmprobe::site::vantage::Vantage;
use cmprobe::trust::basis::Basis;
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::trust::store::TrustStore;
use cmprobe::verdict::Unknown;

use crate::args::{AssessArgs, JudgingArgs, OutputArgs};
use crate::exit::{Error, Outcome, complain};
use crate::judging::{self, Handing, Judging};
use crate::load::Definition;
use crate::reports::Reports;
use crate::saved::Saved;
use crate::{circumstances, files, load, narrow};
use cmprobe::judgement::run::{CertificateFile, Extent};

pub(crate) fn run(args: &AssessArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let (site, definition) = load::definition(&args.definition)?;
    let mut faults = Vec::new();
    let given = load::GivenFiles { expected: &args.expect, ..load::GivenFiles::of(&args.judging) };
    let mut trust = load::trust(&site, Some(&definition), given, &mut faults);
    let options = args.narrow.options();
    faults.extend(narrow::unknown(&site, &options));
    let mut files = Vec::new();
    for path in &args.observations {
        match Saved::open(path) {
            Ok(saved) => files.push(saved),
            Err(fault) => faults.push(fault),
        }
    }
    // What was seen more than once counts as it was seen last; of runs that began together, as the first named saw it.
    files.sort_by_key(|file| std::cmp::Reverse(file.run.started_at));
    let baseline =
        args.judging.baseline.as_deref().and_then(|path| files::report(path).map_err(|fault| faults.push(fault)).ok());
    let named = load::files_named(&site);
    let read = args.observations.iter().chain(&args.judging.ca_file).chain(&args.judging.baseline).chain(&named);
    let read = read.chain(std::iter::once(&args.definition)).map(PathBuf::as_path);
    faults.extend(args.output.faults(None, read));
    Error::all(faults)?;
    let mut certificate_files = load::trusted_files(&site, &definition);
    certificate_files.extend(load::given_files(&args.judging.ca_file));
    let (clients, not_judged) = load::client_files(&site, &definition);
    trust.client_authorities = load::client_authorities(&clients);
    certificate_files.extend(clients);
    let grounds = Grounds {
        site: &site,
        definition: &definition,
        trust: &trust,
        files: &certificate_files,
        options,
        narrowed: args.narrow.is_narrowed(),
        judging: &args.judging,
        baseline,
    };
    reported(grounds, &files, not_judged, &args.output, color)
}

/// What saved observations are held against, read and understood.
pub(crate) struct Grounds<'a> {
    pub(crate) site: &'a Site,
    pub(crate) definition: &'a Definition,
    pub(crate) trust: &'a TrustStore,
    /// The certificate files the definition names, to be judged.
    pub(crate) files: &'a [CertificateFile],
    /// Which part of the definition.
    pub(crate) options: Options,
    /// Whether anything of it is left out.
    pub(crate) narrowed: bool,
    pub(crate) judging: &'a JudgingArgs,
    /// What the run is compared with.
    pub(crate) baseline: Option<Report>,
}

/// Judges what files hold and writes the reports. Of what several hold, the first file's counts.
///
/// # Errors
/// A file cannot be read any more, or a report cannot be written.
pub(crate) fn reported(
    grounds: Grounds<'_>,
    files: &[Saved],
    not_judged: Vec<String>,
    output: &OutputArgs,
    color: ColorChoice,
) -> Result<Outcome, Error> {
    let Grounds { site, definition, trust, judging: how, .. } = grounds;
    let mut released = None;
    if site.profile_source == ProfileSource::Default
        && let Some(told) = told(files)?
    {
        let (profile, profile_source) = (told.profile, ProfileSource::Observed(told.build.to_string()));
        released = Some(Site { profile, profile_source, ..site.clone() });
    }
    let site = released.as_ref().unwrap_or(site);
    let (Some(started_at), Some(judged_at)) =
        (files.iter().map(|file| file.run.started_at).min(), files.iter().map(|file| file.run.judged_at).max())
    else {
        return Err(Error::fault("there is nothing to assess"));
    };
    let ended = files.iter().map(|file| file.end.as_ref().map_or(file.run.started_at, |end| end.finished_at));
    let finished_at = ended.max().unwrap_or(started_at);
    let crls = Arc::new(CrlStore::default());
    let basis = Basis {
        site,
        trust,
        now: how.at.unwrap_or(judged_at),
        warn_days: how.warn_days,
        revocation: how.revocation.into(),
        crls: &crls,
    };
    let stood =
        |vantage: &&Vantage| files.iter().any(|file| file.run.vantages.iter().any(|name| **name == *vantage.name));
    let host = files.iter().find_map(|file| file.run.host.clone());
    let about = circumstances::of(site, Some(definition), site.vantages.iter().filter(stood), host, how.warn_days);
    let left: Vec<&[String]> = files.iter().map(|file| file.run.left_out.as_slice()).collect();
    let options = narrow::asked_by(grounds.options, &left);
    let plan = Plan::of(site, &options);
    let left_out = narrow::left_out(site, grounds.narrowed.then_some(&plan), &options, how.revocation.into());
    let about = Circumstances { left_out, ..about };
    let reports = Reports::open(&output.wanted(), output.manner(color))?
        .about(about, trust)
        .with_lists(Arc::clone(&crls))
        .handed_to(output.taker())
        .compared_with(grounds.baseline);
    let mut judging = Judging::new(basis, Handing::new(output.gathered(), site, reports));
    // A file may hold what this narrowed plan leaves out: only what the whole plan does not know is strange.
    let whole = if grounds.narrowed { Plan::of(site, &Options::default()) } else { plan.clone() };
    let (mut notes, complete) = judge(&plan, &whole, files, &mut judging)?;
    judging.files(grounds.files)?;
    notes.extend(not_judged);
    let extent = Extent { whole: !grounds.narrowed, complete };
    if !output.quiet {
        notes.iter().for_each(|note| complain(note));
    }
    let conclusion = judging.finish(extent)?;
    judging::write(conclusion, &basis, (started_at, finished_at), how.fail_on, complete)
}

/// What the first management point whose list was saved tells of the site.
fn told(files: &[Saved]) -> Result<Option<Told>, Error> {
    for file in files {
        for seen in file.seen().map_err(Error::fault)? {
            if let Seen::Target(seen) = seen.map_err(Error::fault)?
                && let Some(told) = Told::by(&seen)
            {
                return Ok(Some(told));
            }
        }
    }
    Ok(None)
}

/// Judges everything the files hold, and says unknown of everything they do not. Gives what the user should know,
/// and whether the files hold everything.
fn judge(plan: &Plan, whole: &Plan, files: &[Saved], judging: &mut Judging<'_>) -> Result<(Vec<String>, bool), Error> {
    let mut targets: HashMap<_, _> =
        plan.targets.iter().enumerate().map(|(at, target)| (&target.id, (at, target))).collect();
    let mut lookups: HashMap<_, _> =
        plan.lookups.iter().enumerate().map(|(at, lookup)| (&lookup.id, (at, lookup))).collect();
    let planned: BTreeSet<_> =
        whole.targets.iter().map(|target| &target.id).chain(whole.lookups.iter().map(|lookup| &lookup.id)).collect();
    let mut notes = Vec::new();
    // A target can stand before what was fetched for it.
    lists(files, judging)?;
    let mut taken: HashMap<TargetId, &Saved> = HashMap::new();
    for file in files {
        let (mut strange, mut again) = (Vec::new(), BTreeMap::<String, Vec<String>>::new());
        for seen in file.as_judged().map_err(Error::fault)? {
            let seen = seen.map_err(Error::fault)?;
            let id = match &seen {
                Seen::Target(seen) => {
                    if let Some((at, target)) = targets.remove(&seen.target) {
                        taken.insert(target.id.clone(), file);
                        judging.target(at, target, seen)?;
                        continue;
                    }
                    &seen.target
                }
                Seen::Lookup(seen) => {
                    if let Some((at, lookup)) = lookups.remove(&seen.lookup) {
                        taken.insert(lookup.id.clone(), file);
                        judging.lookup(at, lookup, seen)?;
                        continue;
                    }
                    &seen.lookup
                }
                Seen::Crl(_) | Seen::Run(_) | Seen::Told(_) | Seen::End(_) => continue,
            };
            if let Some(counts) = taken.get(id) {
                let what = match counts.run.started_at > file.run.started_at {
                    true => format!("seen later in {}, and left out", counts.name()),
                    false => format!("seen in {} too, and left out", counts.name()),
                };
                again.entry(what).or_default().push(id.to_string());
            } else if !planned.contains(id) {
                strange.push(id.to_string());
            }
        }
        notes.extend(note(file, &strange, "not in the definition, and left out"));
        notes.extend(again.iter().filter_map(|(what, ids)| note(file, ids, what)));
        if file.end.is_none() {
            notes.push(format!("{}: the run was cut short; what it saw is judged", file.name()));
        }
    }
    let complete = targets.is_empty() && lookups.is_empty() && files.iter().all(|file| file.end.is_some());
    not_seen(plan, files, targets.into_values().map(|(at, _)| at), lookups.into_values().map(|(at, _)| at), judging)?;
    Ok((notes, complete))
}

/// Takes in the revocation lists that the files hold. What several asked for from one vantage counts as the first has it, had
/// or not had.
fn lists(files: &[Saved], judging: &Judging<'_>) -> Result<(), Error> {
    let stands = |file: &Saved, vantage: &str| file.run.vantages.iter().any(|name| name == vantage);
    let mut first: HashMap<(String, String), usize> = HashMap::new();
    for (number, file) in files.iter().enumerate() {
        for seen in file.seen().map_err(Error::fault)? {
            let Seen::Crl(seen) = seen.map_err(Error::fault)? else { continue };
            let is_shared = files.iter().filter(|file| stands(file, &seen.vantage)).count() > 1;
            if !is_shared || *first.entry((seen.vantage.clone(), seen.url.clone())).or_insert(number) == number {
                judging.revocation_list(&seen);
            }
        }
    }
    Ok(())
}

/// One note about several things of a file, if there are any.
fn note(file: &Saved, ids: &[String], what: &str) -> Option<String> {
    const NAMED: usize = 3;
    let named = ids.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match ids.len() {
        0 => None,
        count if count > NAMED => Some(format!("{}: {what}: {named} and {} more", file.name(), count - NAMED)),
        _ => Some(format!("{}: {what}: {named}", file.name())),
    }
}

/// Says unknown of what no file holds, and what would make it known.
fn not_seen(
    plan: &Plan,
    files: &[Saved],
    targets: impl Iterator<Item = usize>,
    lookups: impl Iterator<Item = usize>,
    judging: &mut Judging<'_>,
) -> Result<(), Error> {
    let why = |vantage: &str| {
        let stood = files.iter().any(|file| file.run.vantages.iter().any(|name| name == vantage));
        let why = if stood {
            format!("the run at vantage {vantage} did not come to this")
        } else {
            format!("no run at vantage {vantage} is among the observations")
        };
        Unknown { why, decided_by: format!("cmprobe check DEFINITION --vantage {vantage} --save FILE, run there") }
    };
    let (mut targets, mut lookups): (Vec<_>, Vec<_>) = (targets.collect(), lookups.collect());
    targets.sort_unstable();
    lookups.sort_unstable();
    for at in targets {
        if let Some(target) = plan.targets.get(at) {
            judging.target_not_seen(at, target, &why(&target.vantage))?;
        }
    }
    for at in lookups {
        if let Some(lookup) = plan.lookups.get(at) {
            judging.lookup_not_seen(at, lookup, &why(&lookup.vantage))?;
        }
    }
    Ok(())
}
