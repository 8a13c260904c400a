//! `request`: what to ask the authority for, one request on standard output, or a file each in a folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use cmprobe::request::{Form, Request, requests};

use crate::args::RequestArgs;
use crate::exit::{Error, Outcome};
use crate::load;
use crate::output::Sink;

pub(crate) fn run(args: &RequestArgs) -> Result<Outcome, Error> {
    let (site, _) = load::definition(&args.definition)?;
    let shown = args.definition.display().to_string();
    let found = requests(&site, &args.system, args.certificate_use)
        .map_err(|faults| Error::Faults(faults.iter().map(ToString::to_string).collect()))?;
    let form = if args.openssl { Form::OpenSsl } else { Form::Inf };
    let texts: Vec<(String, String)> = found
        .iter()
        .map(|request| (format!("{}.{}", request.stem(), form.extension()), request.text(form, &shown)))
        .collect();
    match &args.output {
        Some(folder) => into(folder, &texts)?,
        None => match texts.as_slice() {
            [(_, text)] => Sink::standard().finish(text)?,
            _ => return Err(Error::fault(too_many(args, &found))),
        },
    }
    Ok(Outcome::Passed)
}

/// Why several requests are not written into one output, of which the last would be taken for all, and what is written
/// instead.
fn too_many(args: &RequestArgs, found: &[Request]) -> String {
    let uses: BTreeSet<&str> = found.iter().map(|request| request.certificate_use.name()).collect();
    let bearers: BTreeSet<&str> = found.iter().map(|request| request.bearer.as_str()).collect();
    let one = match (uses.len(), bearers.len()) {
        (0 | 1, _) => format!("name one of {}", Vec::from_iter(bearers).join(", ")),
        (_, 0 | 1) => format!("choose one by --use {}", Vec::from_iter(uses).join(" or --use ")),
        _ => format!(
            "name one of {} with --use {}",
            Vec::from_iter(bearers).join(", "),
            Vec::from_iter(uses).join(" or ")
        ),
    };
    format!(
        "{} needs {} certificates, each by a request of its own, and one output holds one: {one}, or give -o FOLDER for a \
         file each",
        args.system,
        found.len()
    )
}

/// Writes the files, if none would replace another that says something else.
fn into(folder: &Path, texts: &[(String, String)]) -> Result<(), Error> {
    let told = |path: &Path, why: &std::io::Error| format!("{}: cannot be written: {why}", path.display());
    let mut taken = Vec::new();
    for (name, text) in texts {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(bytes) if bytes != text.as_bytes() => taken.push(format!(
                "{}: is there already and says something else; move it away, or name another folder by -o",
                path.display()
            )),
            Ok(_) | Err(_) => {}
        }
    }
    Error::all(taken)?;
    fs::create_dir_all(folder).map_err(|why| Error::fault(told(folder, &why)))?;
    for (name, text) in texts {
        let path = folder.join(name);
        let written = match File::create_new(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            opened => opened.and_then(|mut file| file.write_all(text.as_bytes())),
        };
        written.map_err(|why| Error::fault(told(&path, &why)))?;
    }
    let names: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    Sink::standard().finish(&(names.join("\n") + "\n"))
}
