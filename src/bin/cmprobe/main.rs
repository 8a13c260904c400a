//! The command line: reads arguments, files and the environment, prints, and exits. What it decides is decided in the
//! library.

mod args;
mod assess;
mod check;
mod demo;
mod diff;
mod exit;
mod explain;
mod files;
mod init;
mod inspect;
mod judging;
mod limits;
mod load;
mod narrow;
mod output;
mod plan;
mod progress;
mod reports;
mod request;
mod saved;
mod schema;
mod secret;
mod stream;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::Error;

fn main() -> ExitCode {
    let args = Args::parse();
    exit::code(run(args))
}

/// Does what was asked.
fn run(args: Args) -> Result<exit::Outcome, Error> {
    match args.command {
        Command::Check(check) => check::run(&check, args.color),
        Command::Plan(plan) => plan::run(&plan, args.color),
        Command::Assess(assess) => assess::run(&assess, args.color),
        Command::Diff(diff) => diff::run(&diff, args.color),
        Command::Inspect(inspect) => inspect::run(&inspect, args.color),
        Command::Demo(demo) => demo::run(*demo, args.color),
        Command::Init(init) => init::run(&init),
        Command::Request(request) => request::run(&request),
        Command::Explain(explain) => explain::run(&explain, args.color),
        Command::Schema(schema) => schema::run(&schema),
    }
}
