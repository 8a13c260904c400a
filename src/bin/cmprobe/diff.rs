//! `diff`: what changed between two reports.

use clap::ColorChoice;
use cmprobe::report::difference::Difference;

use crate::args::{DiffArgs, DiffFormat};
use crate::exit::{Error, Outcome};
use crate::files;
use crate::output::Sink;

pub(crate) fn run(args: &DiffArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let (before, after) = match (files::report(&args.before), files::report(&args.after)) {
        (Ok(before), Ok(after)) => (before, after),
        (before, after) => return Err(Error::Faults(before.err().into_iter().chain(after.err()).collect())),
    };
    let difference = Difference::between(&before, &after);
    let mut out = args.output.as_deref().map_or_else(|| Ok(Sink::standard()), Sink::file).map_err(Error::fault)?;
    let text = match args.format {
        DiffFormat::Text => difference.render(out.wants_color(color)),
        DiffFormat::Json => {
            serde_json::to_string_pretty(&difference).map_err(|error| Error::Output(error.to_string()))? + "\n"
        }
    };
    out.finish(&text)?;
    Ok(if after.run.summary.failing(args.fail_on) > 0 {
        Outcome::Failed
    } else if difference.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Changed
    })
}
