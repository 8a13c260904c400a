//! `diff`: what changed between two reports.

use std::path::Path;

use clap::ColorChoice;
use cmprobe::report::difference::Difference;
use cmprobe::report::json;

use crate::args::{DiffArgs, DiffFormat};
use crate::exit::{Error, Outcome};
use crate::files;
use crate::output::{self, Sink};
use crate::terminal;

pub(crate) fn run(args: &DiffArgs, color: ColorChoice) -> Result<Outcome, Error> {
    if [&args.before, &args.after].iter().all(|path| path.as_path() == Path::new("-")) {
        return Err(Error::fault("standard input can be read once only; name a file for one of the two"));
    }
    let (before, after) = match (files::report(&args.before), files::report(&args.after)) {
        (Ok(before), Ok(after)) => (before, after),
        (before, after) => return Err(Error::Faults(before.err().into_iter().chain(after.err()).collect())),
    };
    let difference = Difference::between(&before, &after);
    Error::all(output::clashes(args.output.as_deref(), [args.before.as_path(), args.after.as_path()]))?;
    let mut out = args.output.as_deref().map_or_else(|| Ok(Sink::standard()), Sink::file).map_err(Error::fault)?;
    let text = match args.format {
        DiffFormat::Text => {
            let terminal = if out.is_standard() { terminal::width(std::io::stdout()) } else { None };
            difference.render(out.wants_color(color), terminal)
        }
        DiffFormat::Json => json::indented(&difference).map_err(|error| Error::Output(error.to_string()))?,
    };
    let outcome = if after.run.summary.failing(args.fail_on) > 0 {
        Outcome::Failed
    } else if difference.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Changed
    };
    out.finish(&text).map_err(|error| error.after(outcome))?;
    Ok(outcome)
}
