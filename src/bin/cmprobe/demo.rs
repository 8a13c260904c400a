//! `demo`: starts the lab's site on loopback, checks it the way `check` does, and leaves it up where that is wanted.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use clap::ColorChoice;
use cmprobe::lab::fault::{self, Fault};
use cmprobe::lab::site::LabSite;
use cmprobe::lab::site::blueprint::Edition;

use crate::args::{CheckArgs, DemoArgs, JudgingArgs, LimitArgs, NarrowArgs, OfferArgs, ProbeArgs, Revocation};
use crate::check;
use crate::circumstances::now;
use crate::exit::{Error, Outcome, complain};
use crate::folder::{self, Folder};
use crate::output::Sink;
use crate::stop;

/// On loopback whoever is going to answer answers at once; who takes longer is a fault that was planted.
const HANDSHAKE: Duration = Duration::from_secs(3);

pub(crate) fn run(args: DemoArgs, color: ColorChoice) -> Result<Outcome, Error> {
    if args.list_faults {
        return list(args.site);
    }
    let edition = args.site;
    let faults = chosen(edition, &args.fault)?;
    folder::clean_up();
    let folder =
        Folder::new(folder::DEMO).map_err(|error| Error::fault(format!("no temporary folder can be made: {error}")))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::fault(format!("this machine gives no threads or timers to serve with: {error}")))?;
    let site = runtime
        .block_on(LabSite::start_of(edition, &faults, now().0))
        .map_err(|error| Error::fault(error.to_string()))?;
    let definition = site
        .write_to(folder.path())
        .map_err(|error| Error::fault(format!("{}: cannot be written: {error}", folder.path().display())))?;
    if !args.output.quiet {
        faults.iter().for_each(|fault| complain(&format!("planted {}: {}", fault.name, fault.what)));
    }
    // Before anybody is told how the site is ended: a wish that comes early ends it, too.
    let wish = args.keep.then(|| {
        let _within = runtime.enter();
        stop::Wish::listen()
    });
    let outcome = check::run(&check_args(args, &definition), color)?;
    if let Some(wish) = wish {
        Sink::standard().finish(&invitation(&definition))?;
        runtime.block_on(wish.comes());
    }
    drop(site);
    // A connection that a silent peer still holds open is not waited for.
    runtime.shutdown_background();
    Ok(outcome)
}

/// The faults with these names.
fn chosen(edition: Edition, names: &[String]) -> Result<Vec<&'static Fault>, Error> {
    let mut unknown = Vec::new();
    let mut faults = Vec::new();
    for name in names {
        match fault::of(edition).find(|fault| fault.name == name) {
            Some(fault) => faults.push(fault),
            None => unknown.push(format!(
                "there is no fault \u{201c}{name}\u{201d} in the site of {}; --list-faults names them",
                edition.name()
            )),
        }
    }
    Error::all(unknown)?;
    Ok(faults)
}

/// As if the definition had been given to `check`.
fn check_args(args: DemoArgs, definition: &Path) -> CheckArgs {
    CheckArgs {
        what: vec![definition.to_string_lossy().into_owned()],
        list: None,
        discover: false,
        // Some versions can only be told from others by asking for each; on loopback that costs nothing.
        narrow: NarrowArgs::default(),
        offer: OfferArgs { tls_versions: true, ..OfferArgs::default() },
        probe: ProbeArgs::default(),
        limits: LimitArgs {
            connect_timeout: Some(HANDSHAKE),
            handshake_timeout: Some(HANDSHAKE),
            ..LimitArgs::default()
        },
        expect: Vec::new(),
        judging: JudgingArgs {
            public_ca_file: Vec::new(),
            ca_file: Vec::new(),
            at: None,
            warn_days: 30,
            revocation: Revocation::Hard,
            fail_on: args.fail_on,
            baseline: None,
        },
        output: args.output,
        save: args.save,
    }
}

/// Every fault, with what it plants and where.
fn list(edition: Edition) -> Result<Outcome, Error> {
    let mut text = String::new();
    for (group, faults) in fault::groups(edition) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{group}");
        for fault in *faults {
            let places: Vec<&str> = fault.at.iter().map(|place| place.trim_end_matches('/')).collect();
            let _ = writeln!(text, "  {}", fault.name);
            fold(&mut text, fault.what);
            fold(&mut text, &format!("{}: {}", places.join(", "), fault.plants.join(", ")));
        }
    }
    Sink::standard().finish(&text)?;
    Ok(Outcome::Passed)
}

/// Adds words below a name, in lines of no more than 80 columns.
fn fold(text: &mut String, words: &str) {
    let mut column = usize::MAX;
    for word in words.split(' ') {
        let width = word.chars().count();
        if column.saturating_add(width) >= 80 {
            text.push_str(if column == usize::MAX { "     " } else { "\n     " });
            column = 5;
        }
        text.push(' ');
        text.push_str(word);
        column += 1 + width;
    }
    text.push('\n');
}

/// How a site that was left up can be looked at.
fn invitation(definition: &Path) -> String {
    let folder = definition.parent().unwrap_or(definition).display();
    let path = definition.display();
    format!(
        "\nThe site stays up until Ctrl-C. Its definition and its certificate files are in\n  {folder}\n\n\
         Try, in another terminal:\n  \
         cmprobe check {path}\n  \
         cmprobe check {path} --only MP01 --show all\n  \
         cmprobe plan {path}\n  \
         cmprobe inspect --as client {folder}/pki/workstation.pfx --pass-file {folder}/pki/clients.password --definition {path} --online\n"
    )
}
