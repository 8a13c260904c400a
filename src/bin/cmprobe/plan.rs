//! `plan`: what `check` would do, told without doing it.

use std::path::PathBuf;

use clap::ColorChoice;
use cmprobe::plan::Plan;
use cmprobe::report::json;
use cmprobe::report::plan::{self, PlanDocument};

use crate::args::{PlanArgs, PlanFormat};
use crate::exit::{Error, Outcome};
use crate::output::{self, Sink};
use crate::{load, narrow};

pub(crate) fn run(args: &PlanArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let (site, _) = load::definition(&args.definition)?;
    let options = args.offer.options(&args.narrow);
    Error::all(narrow::unknown(&site, &options))?;
    let made = Plan::of(&site, &options);
    let read = load::files_named(&site);
    let read = std::iter::once(args.definition.as_path()).chain(read.iter().map(PathBuf::as_path));
    Error::all(output::clashes(args.output.as_deref(), read))?;
    let mut out = args.output.as_deref().map_or_else(|| Ok(Sink::standard()), Sink::file).map_err(Error::fault)?;
    let text = match args.format {
        PlanFormat::Text => plan::text(&site, &made, out.wants_color(color)),
        PlanFormat::Json => {
            let document = PlanDocument::new(&site, &made);
            json::indented(&document).map_err(|error| Error::Output(error.to_string()))?
        }
    };
    out.finish(&text)?;
    Ok(Outcome::Passed)
}
