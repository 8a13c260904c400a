//! `man`: the manual, a page for each command, from the types that parse them.

use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

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

/// A command's page: what clap_mangen makes of its flags, then what stands below them in its help, laid out as it stands.
fn page(command: &Command) -> Result<String, Error> {
    let man = Man::new(command.clone()).source(concat!("cmprobe ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    let written = man
        .render_title(&mut page)
        // Long words, as ids and URLs are, would tear justified lines apart.
        .and_then(|()| Roff::new().control("ad", ["l"]).control("nh", []).to_writer(&mut page))
        .and_then(|()| man.render_name_section(&mut page))
        .and_then(|()| man.render_synopsis_section(&mut page))
        .and_then(|()| man.render_description_section(&mut page))
        .and_then(|()| man.render_options_section(&mut page))
        .and_then(|()| match command.has_subcommands() {
            true => man.render_subcommands_section(&mut page),
            false => Ok(()),
        })
        .and_then(|()| below(command).to_writer(&mut page));
    written.map_err(|error| Error::Output(error.to_string()))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Exit codes are a list; all else, examples and scripts, keeps its lines.
fn below(command: &Command) -> Roff {
    let mut roff = Roff::new();
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for part in text.split("\n\n") {
        let (heading, lines) = part.split_once(":\n").unwrap_or((part, ""));
        roff.control("SH", [heading.to_uppercase().as_str()]);
        if heading != "Exit codes" {
            roff.control("nf", []);
            for line in lines.lines() {
                roff.text([roman(line)]);
            }
            roff.control("fi", []);
            continue;
        }
        for line in lines.lines() {
            match line.trim_start().split_once("  ") {
                Some((code, meaning)) => roff.control("TP", []).text([roman(code)]).text([roman(meaning.trim())]),
                None => roff.control("PP", []).text([roman(line)]),
            };
        }
    }
    roff
}

fn neither(what: &str) -> Error {
    Error::fault(format!(
        "{what}: neither a command nor a folder; \u{201c}cmprobe help\u{201d} lists the commands, and a folder must be there \
         before pages are written into it"
    ))
}
