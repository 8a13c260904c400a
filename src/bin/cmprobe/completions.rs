//! `completions`: what a shell needs to complete the program's commands and flags, from the types that parse them.

use clap::CommandFactory as _;

use crate::args::{Args, CompletionsArgs};
use crate::exit::{Error, Outcome};
use crate::output::Sink;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Outcome, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "cmprobe", &mut script);
    Sink::standard().finish(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Passed)
}
