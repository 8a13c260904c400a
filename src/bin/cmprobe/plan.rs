//! `plan`: what `check` would do, told without doing it.

use clap::ColorChoice;
use cmprobe::plan::Plan;
use cmprobe::report::plan::{self, PlanDocument};

use crate::args::{PlanArgs, PlanFormat};
use crate::exit::{Error, Outcome};
use crate::output::Sink;
use crate::{load, narrow};

pub(crate) fn run(args: &PlanArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let (site, _) = load::definition(&args.definition)?;
    let options = args.offer.options(&args.narrow);
    Error::all(narrow::unknown(&site, &options))?;
    let made = Plan::of(&site, &options);
    let mut out = args.output.as_deref().map_or_else(|| Ok(Sink::standard()), Sink::file).map_err(Error::fault)?;
    let text = match args.format {
        PlanFormat::Text => plan::text(&site, &made, out.wants_color(color)),
        PlanFormat::Json => {
            let document = PlanDocument::new(&site, &made);
            serde_json::to_string_pretty(&document).map_err(|error| Error::Output(error.to_string()))? + "\n"
        }
    };
    out.finish(&text)?;
    Ok(Outcome::Passed)
}
