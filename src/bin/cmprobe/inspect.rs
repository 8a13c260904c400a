//! `inspect`: judges certificate files as what they are to be used for.

mod earlier;
mod online;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ColorChoice;
use cmprobe::identity::file;
use cmprobe::observation::file::{FileFacts, FileFormat, Lock};
use cmprobe::observation::resolution::CrlObservation;
use cmprobe::plan::build::Options;
use cmprobe::plan::presented::Presentation;
use cmprobe::plan::{Plan, Target};
use cmprobe::rule::subject::presented_use;
use cmprobe::rule::usage::Use;
use cmprobe::site::name::HostName;
use cmprobe::site::profile::{Profile, ProfileSource};
use cmprobe::site::role::Role;
use cmprobe::site::{SecretSource, Site};
use cmprobe::trust::basis::Basis;
use cmprobe::trust::lists::store::CrlStore;
use cmprobe::wire::der::Der;
use zeroize::Zeroizing;

use crate::args::{InspectArgs, Revocation};
use crate::circumstances::now;
use crate::exit::{Error, Outcome, complain};
use crate::judging::{self, Handing, Judging};
use crate::kind::{self, Wanted};
use crate::load;
use crate::reports::Reports;
use crate::{circumstances, fetching, files, narrow, secret};
use cmprobe::judgement::run::{CertificateFile, Presented};
use cmprobe::judgement::selection;
use earlier::{Earlier, Met};

pub(crate) fn run(args: &InspectArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let started_at = now();
    let (mut site, definition) = match &args.definition {
        Some(path) => load::definition(path).map(|(site, definition)| (site, Some(definition)))?,
        None => (nameless(args), None),
    };
    // Who says nothing of the profile means one that has such a certificate.
    if site.profile_source == ProfileSource::Default {
        site.profile = known_by(args.kind, site.profile);
    }
    let site = site;
    let mut faults = misplaced(args);
    faults.extend(unknown_use(args, &site));
    faults.extend(args.way.faults());
    faults.extend(narrow::unknown(&site, &Options { vantages: args.vantage.clone(), ..Options::default() }));
    let trust = load::trust(&site, definition.as_ref(), load::GivenFiles::of(&args.judging), &mut faults);
    let targets = targets(args, &site).unwrap_or_else(|fault| {
        faults.push(fault);
        Vec::new()
    });
    let opened = open_all(args, &site, &targets, &mut faults);
    let baseline =
        args.judging.baseline.as_deref().and_then(|path| files::report(path).map_err(|fault| faults.push(fault)).ok());
    let named = load::files_named(&site);
    let given = [&args.definition, &args.key, &args.pass_file, &args.judging.baseline].into_iter().flatten();
    let read = args.files.iter().chain(&args.judging.ca_file).chain(given).chain(&named).map(PathBuf::as_path);
    faults.extend(args.output.faults(None, read));
    Error::all(faults)?;
    if !args.output.quiet {
        args.way.replaced_pins().for_each(|note| complain(&note));
    }
    let crls = Arc::new(CrlStore::default());
    let (mut opened, lists) = opened;
    lists.iter().for_each(|list| crls.add(list));
    if args.online && args.judging.revocation != Revocation::Off {
        online::fetch(args, &site, &trust, &opened, &crls)?;
    }
    let basis = Basis {
        site: &site,
        trust: &trust,
        now: args.judging.at.unwrap_or(started_at),
        warn_days: args.judging.warn_days,
        revocation: args.judging.revocation.into(),
        crls: &crls,
    };
    let about = circumstances::of(&site, definition.as_ref(), &[], circumstances::host(), args.judging.warn_days);
    let reports = Reports::open(&args.output.wanted(), args.output.manner(color))?
        .about(about, &trust)
        .with_lists(Arc::clone(&crls))
        .compared_with(baseline);
    let mut handing = Handing::new(args.output.gathered(), &site, reports);
    if args.select {
        handing = handing.telling(selection::by_name(&basis, &opened));
    }
    let mut judging = Judging::new(basis, handing);
    if !args.online {
        judging = judging.offline();
    }
    if args.select {
        judging = judging.of_one_computer();
    }
    opened.extend(load::given_files(&args.judging.ca_file));
    judging.files(&opened)?;
    judging::write(judging.conclude(), &basis, (started_at, now()), args.judging.fail_on, true)
}

/// The site that files given without a definition belong to.
fn nameless(args: &InspectArgs) -> Site {
    let mut site = Site::nameless(args.profile.unwrap_or(Profile::NativeMode2007));
    site.name = "files given on the command line".into();
    site.code.clone_from(&args.site_code);
    if args.profile.is_some() {
        site.profile_source = ProfileSource::Flag;
    }
    site
}

/// The profile itself where it has certificates of a use, else the other one, which has.
fn known_by(of: Use, profile: Profile) -> Profile {
    let mut others = Profile::ALL.into_iter().filter(|other| of.exists_in(*other));
    if of.exists_in(profile) { profile } else { others.next().unwrap_or(profile) }
}

/// Why nothing could be judged: the profile that was given has no such certificate.
fn unknown_use(args: &InspectArgs, site: &Site) -> Option<String> {
    let (kind, given) = (args.kind.name(), site.profile.name());
    if args.kind.exists_in(site.profile) {
        return None;
    }
    let other = known_by(args.kind, site.profile).name();
    let hint = match &args.definition {
        Some(path) => format!("[site] of {} says profile = \"{given}\"", path.display()),
        None => format!("give --profile {other}"),
    };
    Some(format!("--as {kind}: sites of {given} have no such certificate, those of {other} have; {hint}"))
}

/// Flags that say nothing of files of this kind.
fn misplaced(args: &InspectArgs) -> Vec<String> {
    let kind = args.kind.name();
    let only = |flag: &str, of: &str| format!("{flag} is for {of}; {kind} files are not presented under a name");
    let is_outside = matches!(args.kind, Use::Proxy | Use::CloudManagementGateway);
    let is_inside = matches!(args.kind, Use::SmsProvider | Use::ReportingPoint | Use::SqlServer);
    let mut faults = Vec::new();
    if args.role.is_some() && args.kind != Use::WebServer {
        faults.push(only("--role", "--as web-server"));
    }
    if args.name.is_some() && args.kind != Use::WebServer && !is_inside {
        let words =
            format!("--name is for what is dialled inside; the Internet clients of a {kind} dial --internet-name");
        faults.push(if is_outside { words } else { only("--name", "--as web-server and other servers") });
    }
    if args.internet_name.is_some() && args.kind != Use::WebServer && !is_outside {
        faults.push(only("--internet-name", "--as web-server, proxy and cloud-management-gateway"));
    }
    if args.system.is_some() && !args.kind.is_server() {
        faults.push(only("--system", "--as web-server and other servers"));
    }
    if args.cluster && args.kind != Use::SqlServer {
        faults.push("--cluster is for --as sql-server".into());
    }
    if args.system.is_some() && args.definition.is_none() {
        faults.push("--system names what a definition defines; give it by --definition".into());
    }
    if args.online && !fetching::is_looked_up(args.kind) {
        faults.push(format!("--online is not for --as {kind}; nobody looks {kind} files up in lists"));
    }
    if args.way.is_given() && !args.online {
        faults.push("flags about names and connections go with --online; nothing else is asked of the network".into());
    }
    if args.select && args.kind != Use::Client {
        faults.push(format!("--select is for --as client; of {kind} files none is chosen from"));
    }
    if args.key.is_some() && args.files.len() > 1 {
        faults.push("--key belongs to one certificate; give one FILE with it".into());
    }
    faults
}

/// Where the files would be presented; none for files that are not.
fn targets(args: &InspectArgs, site: &Site) -> Result<Vec<Target>, String> {
    let role = match args.kind {
        Use::Proxy => Some(Role::Proxy),
        Use::CloudManagementGateway => Some(Role::CloudManagementGateway),
        Use::SmsProvider => Some(Role::SmsProvider),
        Use::ReportingPoint => Some(Role::ReportingPoint),
        _ => args.role,
    };
    if let Some(system) = args.system.as_deref().filter(|_| args.definition.is_some()) {
        let options = Options { vantages: args.vantage.clone(), ..Options::default() };
        let found = Plan::of(site, &options).presented_by(system, args.role);
        if found.is_empty() {
            let systems = site.systems.iter().map(|system| &*system.name);
            let others = site.clusters.iter().map(|cluster| &*cluster.name);
            let all = systems.chain(others).chain(site.proxies.iter().map(|proxy| &*proxy.name));
            let known = all.collect::<Vec<_>>().join(", ");
            return Err(format!("--system {system}: nothing of this name presents a certificate; there are {known}"));
        }
        return Ok(found);
    }
    let name = |text: &Option<String>| text.as_deref().map(HostName::new);
    let targets = Presentation { role, name: name(&args.name), internet_name: name(&args.internet_name) }.targets();
    Ok(online::stood_at(targets, site, &args.vantage))
}

/// Opens every file; everything wrong with any of them is a fault. Gives what earlier runs fetched, too.
fn open_all(
    args: &InspectArgs,
    site: &Site,
    targets: &[Target],
    faults: &mut Vec<String>,
) -> (Vec<CertificateFile>, Vec<CrlObservation>) {
    let key = args.key.as_deref().and_then(|path| {
        files::read_secret(path).map_err(|why| faults.push(format!("{}: {why}", path.display()))).ok()
    });
    let environment = args.pass_env.clone().map(SecretSource::Environment);
    let source = environment.or_else(|| args.pass_file.clone().map(SecretSource::File));
    let mut password = match source.as_ref().map(|source| secret::secret(source, "")).transpose() {
        Ok(password) => password,
        Err(why) => {
            faults.push(format!("the files {why}"));
            return (Vec::new(), Vec::new());
        }
    };
    let (mut opened, mut lists) = (Vec::new(), Vec::new());
    let mut plan = None;
    for path in &args.files {
        if earlier::is_saved(path) {
            match open_earlier(args, path) {
                Ok(earlier) => {
                    let planned = || args.definition.as_ref().map(|_| Plan::of(site, &Options::default()));
                    let plan = plan.get_or_insert_with(planned).as_ref();
                    let met =
                        earlier.chains.into_iter().filter_map(|met| of_earlier(args, path, met, site, plan, targets));
                    opened.extend(met);
                    lists.extend(earlier.lists);
                }
                Err(why) => faults.push(why),
            }
            continue;
        }
        match open(args.kind, path, key.as_ref().map(|key| key.as_slice()), &mut password, source.as_ref()) {
            Ok((facts, chain)) => {
                let presented =
                    args.kind.is_server().then(|| Presented::Would { chain, targets: targets.to_vec(), sent: false });
                opened.push(CertificateFile {
                    of: args.kind,
                    name: path.display().to_string(),
                    facts,
                    dialled: args.name.clone().or_else(|| args.internet_name.clone()),
                    is_clusters: args.cluster,
                    presented,
                });
            }
            Err((file, why)) => {
                let file = file.unwrap_or(path.clone());
                let why = kind::instead(&file, Wanted::Certificate).unwrap_or(why);
                faults.push(format!("{}: {why}", file.display()));
            }
        }
    }
    if args.endpoint.is_some() && !args.files.iter().any(|path| earlier::is_saved(path)) {
        faults.push("--endpoint chooses from what an earlier run saved; no such file is given".into());
    }
    (opened, lists)
}

/// Reads what an earlier run saw, if it can be judged as what is asked.
fn open_earlier(args: &InspectArgs, path: &Path) -> Result<Earlier, String> {
    if !args.kind.is_server() {
        let kind = args.kind.name();
        let words = format!(
            "was saved by a run: what endpoints presented is inspected --as web-server, or as what else servers present, not {kind}"
        );
        return Err(format!("{}: {words}", path.display()));
    }
    earlier::read(path, args.endpoint.as_deref())
}

/// A chain an endpoint presented: judged as the command line says, else as the definition plans it, else as it was met;
/// `None`: it was met at a vantage that is not wanted.
fn of_earlier(
    args: &InspectArgs,
    path: &Path,
    met: Met,
    site: &Site,
    plan: Option<&Plan>,
    given: &[Target],
) -> Option<CertificateFile> {
    let is_told = args.role.is_some() || args.name.is_some() || args.internet_name.is_some() || args.system.is_some();
    let is_wanted = |target: &Target| {
        args.vantage.is_empty() || args.vantage.iter().any(|name| name.eq_ignore_ascii_case(&target.vantage))
    };
    let name = format!("{}: {}", path.display(), met.endpoint);
    let facts = met.facts();
    let (of, presented) = if is_told {
        let targets: Vec<Target> = given.iter().filter(|target| is_wanted(target)).cloned().collect();
        let chain = met.chain().to_vec();
        (args.kind, (!targets.is_empty()).then_some(Presented::Would { chain, targets, sent: true })?)
    } else {
        let planned = plan.and_then(|plan| plan.targets.iter().find(|target| target.id == met.target));
        let target = planned.map_or_else(|| met.target(args.kind, site), |target| Target::clone(target));
        let of = presented_use(&target);
        let target = Some(target).filter(is_wanted)?;
        (of, Presented::Did { target: Box::new(target), seen: Box::new(met.seen), known: met.known })
    };
    Some(CertificateFile { of, name, facts, dialled: None, is_clusters: false, presented: Some(presented) })
}

type Opened = (FileFacts, Vec<Der>);

/// Opens a file, asking for its password where one is needed and somebody is there. Gives the certificates in the order
/// a server would send them, too.
fn open(
    kind: Use,
    path: &Path,
    key: Option<&[u8]>,
    password: &mut Option<Zeroizing<String>>,
    source: Option<&SecretSource>,
) -> Result<Opened, (Option<PathBuf>, String)> {
    let at_file = |why: String| (None, why);
    let bytes = files::read_secret(path).map_err(at_file)?;
    let read = |password: &Option<Zeroizing<String>>| {
        file::open(&bytes, key, password.as_ref().map(|password| password.as_str()))
            .map_err(|error| at_file(error.to_string()))
    };
    let mut facts = read(password)?;
    if facts.lock == Lock::SecretMissing && secret::can_ask() {
        *password = Some(secret::ask(&path.display().to_string()).map_err(at_file)?);
        facts = read(password)?;
    }
    match facts.lock {
        Lock::Open => {}
        Lock::SecretMissing => {
            return Err(at_file("is protected by a password; name it by --pass-env or --pass-file".into()));
        }
        // Of a file for deployment, that its password opens it is a requirement.
        Lock::WrongSecret if kind == Use::Deployment => {}
        Lock::WrongSecret => {
            let odd = source.zip(password.as_deref()).and_then(|(source, password)| secret::odd(source, password));
            let odd = odd.map(|odd| format!(": {odd}")).unwrap_or_default();
            return Err(at_file(format!("the password does not open it{odd}")));
        }
    }
    let in_order = if facts.format == FileFormat::Pem {
        file::in_order(&bytes)
    } else {
        facts.certificate.iter().chain(&facts.others).map(|one| one.der.clone()).collect()
    };
    Ok((facts, in_order))
}
