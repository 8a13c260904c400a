//! `explain`: what a requirement asks and why, what a cause is and what to do about it, what a code means.

use clap::ColorChoice;
use cmprobe::report;
use cmprobe::report::catalogue::{self, RequirementReport};
use cmprobe::report::cause::{self, CauseReport};
use cmprobe::report::matrix;
use cmprobe::requirement::catalogue::{catalogue as requirements, find};
use cmprobe::rule::Requirement;
use cmprobe::verdict::cause::code::{self, Code};
use cmprobe::verdict::cause::{Cause, catalogue as causes};

use crate::args::{ExplainArgs, ExplainFormat};
use crate::exit::{Error, Outcome};
use crate::output::Sink;

/// What is asked about.
enum Asked {
    Requirements,
    Causes,
    Codes,
    Matrix,
    Requirement(&'static Requirement),
    Subject(Vec<&'static Requirement>),
    Cause(&'static Cause),
    Code(Vec<&'static Code>),
}

pub(crate) fn run(args: &ExplainArgs, color: ColorChoice) -> Result<Outcome, Error> {
    let asked = asked(args)?;
    let mut out = Sink::standard();
    let color = out.wants_color(color);
    let text = match args.format {
        ExplainFormat::Text => text(&asked, color),
        ExplainFormat::Json => json(&asked)?,
        ExplainFormat::Markdown => markdown(&asked),
    };
    out.finish(&text)?;
    Ok(Outcome::Passed)
}

fn asked(args: &ExplainArgs) -> Result<Asked, Error> {
    if args.causes {
        return Ok(Asked::Causes);
    }
    if args.codes {
        return Ok(Asked::Codes);
    }
    if args.matrix {
        return Ok(Asked::Matrix);
    }
    // `explain 403 16` and `explain alert 48` are one code.
    let what = args.what.join(" ");
    let what = what.trim();
    if args.what.is_empty() {
        return Ok(Asked::Requirements);
    }
    // Ids are in small letters, whatever people type.
    let id = what.to_ascii_lowercase();
    if let Some(requirement) = find(&id) {
        return Ok(Asked::Requirement(requirement));
    }
    let subject = catalogue::of_subject(&id);
    if !subject.is_empty() {
        return Ok(Asked::Subject(subject));
    }
    if let Some(cause) = causes::find(&id.replace(['_', ' '], "-")) {
        return Ok(Asked::Cause(cause));
    }
    let codes = code::find(what);
    if codes.is_empty() { Err(unknown(what)) } else { Ok(Asked::Code(codes)) }
}

fn text(asked: &Asked, color: bool) -> String {
    match asked {
        Asked::Requirements => catalogue::list(requirements().iter().copied(), color),
        Asked::Causes => cause::list(color),
        Asked::Codes => cause::list_codes(color),
        Asked::Matrix => matrix::text(color),
        Asked::Requirement(requirement) => catalogue::page(requirement, color),
        Asked::Subject(requirements) => catalogue::list(requirements.iter().copied(), color),
        Asked::Cause(of) => cause::page(of, color),
        Asked::Code(codes) => cause::code_page(codes, color),
    }
}

fn markdown(asked: &Asked) -> String {
    match asked {
        Asked::Requirements => catalogue::markdown(),
        Asked::Causes => cause::markdown(),
        Asked::Codes => cause::markdown_codes(),
        Asked::Matrix => matrix::markdown(),
        Asked::Requirement(requirement) => catalogue::page_markdown(requirement),
        Asked::Subject(requirements) => {
            requirements.iter().map(|of| catalogue::page_markdown(of)).collect::<Vec<_>>().join("\n")
        }
        Asked::Cause(of) => cause::page_markdown(of),
        Asked::Code(codes) => cause::code_page_markdown(codes),
    }
}

fn json(asked: &Asked) -> Result<String, Error> {
    match asked {
        Asked::Requirements => written(&catalogue::all()),
        Asked::Causes => written(&cause::all()),
        Asked::Codes => written(&cause::all_codes()),
        Asked::Matrix => written(&matrix::all()),
        Asked::Requirement(requirement) => written(&RequirementReport::from(*requirement)),
        Asked::Subject(requirements) => {
            written(&requirements.iter().map(|of| RequirementReport::from(*of)).collect::<Vec<_>>())
        }
        Asked::Cause(of) => written(&CauseReport::from(*of)),
        Asked::Code(codes) => written(&cause::of_codes(codes)),
    }
}

fn written(value: &impl serde::Serialize) -> Result<String, Error> {
    report::json::indented(value).map_err(|error| Error::Output(error.to_string()))
}

/// There is nothing of that name; perhaps one of these was meant.
fn unknown(what: &str) -> Error {
    let mut near: Vec<String> = catalogue::nearest(what).into_iter().map(str::to_owned).collect();
    near.extend(cause::nearest(what));
    near.truncate(6);
    let advice = if near.is_empty() {
        "\u{201c}cmprobe explain\u{201d} lists the requirements, --causes the causes, --codes the codes".to_owned()
    } else {
        format!("perhaps {}", near.join(", "))
    };
    Error::fault(format!("there is no requirement, cause or code \u{201c}{what}\u{201d}; {advice}"))
}
