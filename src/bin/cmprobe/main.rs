//! The command line: reads arguments, files and the environment, prints, and exits. What it decides is decided in the
//! library.

mod args;
mod assess;
mod check;
mod circumstances;
mod completions;
#[cfg(feature = "demo")]
mod demo;
mod diff;
mod exit;
mod explain;
mod extra;
mod fetching;
mod files;
mod folder;
mod init;
mod inspect;
mod judging;
mod kind;
mod limits;
mod load;
mod man;
mod narrow;
mod opened;
mod output;
mod plan;
mod presenting;
mod progress;
mod reports;
mod request;
mod saved;
mod schema;
mod secret;
mod serve;
mod stop;
mod stream;
mod terminal;
mod untold;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use cmprobe::report::Format;
use exit::{Error, Outcome};

/// A long list is many small things, made by one thread and let go by another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cmprobe::engine::read_no_configuration();
    limits::outlive_the_size_of_files();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(wrong) => return misread(&wrong),
    };
    let format = args.command.format();
    exit::code(run(args), format)
}

/// What clap has to say: help, the version, or what is wrong with the arguments. A monitoring system is told on standard
/// output, the only place it reads.
fn misread(wrong: &clap::Error) -> ExitCode {
    if !wrong.use_stderr() {
        let printed = wrong.print().map(|()| Outcome::Passed);
        return exit::code(printed.map_err(|error| output::standard(&error)), None);
    }
    let text = wrong.to_string();
    let format = wanted_by(std::env::args_os().skip(1));
    match format {
        Some(format) => {
            let first = text.lines().next().unwrap_or_default();
            exit::complain(&text);
            exit::faulty(&[first.trim_start_matches("error: ").to_owned()], Some(format))
        }
        None => wrong.exit(),
    }
}

/// The monitoring format arguments ask for, though they cannot be understood as a whole.
fn wanted_by(args: impl Iterator<Item = std::ffi::OsString>) -> Option<Format> {
    let monitored = |name: &str| Format::parse(name).filter(|format| matches!(format, Format::Nagios | Format::Prtg));
    let mut before = String::new();
    for arg in args {
        let arg = arg.to_string_lossy().into_owned();
        let value = match arg.strip_prefix("--format=").or_else(|| arg.strip_prefix("-f")) {
            Some(value) if !value.is_empty() => value.trim_start_matches('='),
            _ if before == "-f" || before == "--format" => &arg,
            _ => "",
        };
        if let Some(format) = monitored(value) {
            return Some(format);
        }
        before = arg;
    }
    None
}

/// Does what was asked.
fn run(args: Args) -> Result<Outcome, Error> {
    match args.command {
        Command::Check(check) => check::run(&check, args.color),
        Command::Plan(plan) => plan::run(&plan, args.color),
        Command::Assess(assess) => assess::run(&assess, args.color),
        Command::Diff(diff) => diff::run(&diff, args.color),
        Command::Inspect(inspect) => inspect::run(&inspect, args.color),
        #[cfg(feature = "demo")]
        Command::Demo(demo) => demo::run(*demo, args.color),
        Command::Init(init) => init::run(&init),
        Command::Request(request) => request::run(&request),
        Command::Explain(explain) => explain::run(&explain, args.color),
        Command::Serve(serve) => serve::run(*serve),
        Command::Schema(schema) => schema::run(&schema),
        Command::Completions(completions) => completions::run(&completions),
        Command::Man(man) => man::run(&man),
        Command::Extra(extra) => extra::run(&extra),
    }
}
