//! `man`: the manual, a page for each command, from the types that parse them.

use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::args::{Args, ManArgs};
use crate::exit::{Error, Outcome};
use crate::output::Sink;

pub(crate) fn run(args: &ManArgs) -> Result<Outcome, Error> {
    // Built, a command's page has the flags all commands share, and its whole name.
    let mut program = Args::command().disable_help_subcommand(true);
    program.build();
    let mut out = Sink::standard();
    let text = match args.what.as_deref() {
        None => page(&program)?,
        Some(what) => match program.find_subcommand(what) {
            Some(command) => page(command)?,
            None if Path::new(what).is_dir() => into(Path::new(what), &program)?,
            None => return Err(neither(what)),
        },
    };
    out.finish(&text)?;
    Ok(Outcome::Passed)
}

/// Writes a page for the program and for each command into a folder, and says which.
fn into(folder: &Path, program: &Command) -> Result<String, Error> {
    let mut names = String::new();
    for command in std::iter::once(program).chain(program.get_subcommands()) {
        let name = format!("{}.1", command.get_display_name().unwrap_or_else(|| command.get_name()));
        Sink::file(&folder.join(&name)).map_err(Error::fault)?.finish(&page(command)?)?;
        names += &name;
        names.push('\n');
    }
    Ok(names)
}

fn page(command: &Command) -> Result<String, Error> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page).map_err(|error| Error::Output(error.to_string()))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn neither(what: &str) -> Error {
    Error::fault(format!(
        "{what}: neither a command nor a folder; \u{201c}cmprobe help\u{201d} lists the commands, and a folder must be there \
         before pages are written into it"
    ))
}
