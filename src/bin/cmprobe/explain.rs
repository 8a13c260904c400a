//! `explain`: what a requirement asks, and why.

use clap::ColorChoice;
use cmprobe::report::catalogue::{self, RequirementReport};
use cmprobe::requirement::catalogue::{catalogue, find};

use crate::args::{ExplainArgs, ExplainFormat};
use crate::exit::{Error, Outcome};
use crate::output::Sink;

pub(crate) fn run(args: &ExplainArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let mut out = Sink::standard();
    let color = out.wants_color(color);
    let text = match (&args.id, args.format) {
        (None, ExplainFormat::Text) => catalogue::list(catalogue().iter().copied(), color),
        (None, ExplainFormat::Json) => json(&catalogue::all())?,
        (None, ExplainFormat::Markdown) => catalogue::markdown(),
        (Some(_), ExplainFormat::Markdown) => {
            return Err(Error::fault("--format markdown is the whole table; leave the id out"));
        }
        (Some(id), format) => match (find(id), catalogue::of_subject(id)) {
            (Some(requirement), _) => match format {
                ExplainFormat::Json => json(&RequirementReport::from(requirement))?,
                ExplainFormat::Text | ExplainFormat::Markdown => catalogue::page(requirement, color),
            },
            (None, subject) if !subject.is_empty() => match format {
                ExplainFormat::Json => json(&subject.into_iter().map(RequirementReport::from).collect::<Vec<_>>())?,
                ExplainFormat::Text | ExplainFormat::Markdown => catalogue::list(subject, color),
            },
            (None, _) => return Err(unknown(id)),
        },
    };
    out.finish(&text)?;
    Ok(Outcome::Passed)
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::Output(error.to_string()))?;
    Ok(text + "\n")
}

/// There is no such requirement; perhaps one of these was meant.
fn unknown(id: &str) -> Error {
    let near = catalogue::nearest(id);
    let advice = if near.is_empty() {
        "\u{201c}cmprobe explain\u{201d} lists them all".to_owned()
    } else {
        format!("perhaps {}", near.join(", "))
    };
    Error::fault(format!("there is no requirement \u{201c}{id}\u{201d}; {advice}"))
}
