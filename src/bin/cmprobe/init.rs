//! `init`: a definition from the site itself: from exports in files, from a management point's list, from answers at the
//! terminal; or a definition held against them.

mod fetch;
mod questions;

use std::fs::{self, File};
use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use cmprobe::import::definition::{self, ByHand};
use cmprobe::import::inventory::Inventory;
use cmprobe::import::update::Comparison;
use cmprobe::import::{self, Export, Kind, example};
use cmprobe::wire;
use cmprobe::wire::text::Encoding;

use crate::args::{InitArgs, SourceArgs};
use crate::exit::{Error, Outcome, complain};
use crate::kind::{self, Wanted};
use crate::output::Sink;
use crate::{files, load};

pub(crate) fn run(args: &InitArgs) -> Result<Outcome, Error> {
    let sources = sources(&args.sources);
    misplaced(args, &sources)?;
    if sources.is_empty() {
        return without_source(args);
    }
    let exports = read_all(args, &sources)?;
    let names: Vec<String> = sources.iter().map(|(name, _)| shown(name)).collect();
    let titles: Vec<&str> = names.iter().map(|name| title(name)).collect();
    let code = match &args.update {
        Some(path) => code_of(path, args.site_code.as_deref())?,
        None => args.site_code.clone(),
    };
    let inventory = Inventory::of(exports, &titles.join(", "), code.as_deref())
        .map_err(|wrong| Error::fault(format!("{}: {wrong}", names.join(", "))))?;
    match &args.update {
        Some(definition) => update(args, definition, &inventory),
        None => write_new(args, &definition::text(&inventory, &ByHand::default())),
    }
}

/// The code of the site that is taken of an export to be compared with a definition: the definition's, where it has one.
fn code_of(path: &Path, wanted: Option<&str>) -> Result<Option<String>, Error> {
    let (site, _) = load::definition(path)?;
    match (wanted, site.code) {
        (Some(wanted), Some(code)) if !wanted.eq_ignore_ascii_case(&code) => {
            let shown = path.display();
            Err(Error::fault(format!(
                "{shown}: describes site {code}, and --site-code chooses {wanted}; leave one out"
            )))
        }
        (wanted, code) => Ok(code.or_else(|| wanted.map(str::to_owned))),
    }
}

/// A source as it was named, and what it is if that was said.
type Source = (String, Option<Kind>);

fn sources(args: &SourceArgs) -> Vec<Source> {
    let kinds = [
        (&args.from, None),
        (&args.from_json, Some(Kind::Json)),
        (&args.from_csv, Some(Kind::Csv)),
        (&args.from_mplist, Some(Kind::Mplist)),
        (&args.from_ad, Some(Kind::Directory)),
    ];
    kinds.into_iter().flat_map(|(names, kind)| names.iter().map(move |name| (name.clone(), kind))).collect()
}

fn is_url(name: &str) -> bool {
    let scheme = name.split_once("://").map(|(scheme, _)| scheme).unwrap_or_default();
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// What makes no sense together.
fn misplaced(args: &InitArgs, sources: &[Source]) -> Result<(), Error> {
    let mut faults = Vec::new();
    if sources.iter().filter(|(name, _)| name == "-").count() > 1 {
        faults.push("standard input can be read once only".to_owned());
    }
    if sources.is_empty() && args.update.is_some() {
        faults.push("--update compares a definition with an export; give it by --from".into());
    }
    if sources.is_empty() && args.site_code.is_some() {
        faults.push("--site-code chooses a site of an export; give one by --from".into());
    }
    let asking = &args.asking;
    let asks = asking.cert.is_some() || asking.pfx.is_some() || !asking.ca_file.is_empty() || asking.way.is_given();
    if asks && !sources.iter().any(|(name, _)| is_url(name)) {
        faults.push("certificates and ways are for asking a management point; give its URL by --from".into());
    }
    for (name, kind) in sources.iter().filter(|(name, _)| is_url(name)) {
        if matches!(kind, Some(Kind::Json | Kind::Csv | Kind::Directory)) {
            faults.push(format!("{}: only a management point's list is fetched; save the rest to a file", shown(name)));
        }
    }
    Error::all(faults)
}

/// A source's name for people: never the credentials a URL may hold.
fn shown(name: &str) -> String {
    if name == "-" {
        return "standard input".into();
    }
    match name.split_once("://") {
        Some((scheme, rest)) if is_url(name) => {
            let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        Some(_) | None => name.to_owned(),
    }
}

/// A source's name without the folder it lies in, for what is written down.
fn title(name: &str) -> &str {
    if is_url(name) { name } else { Path::new(name).file_name().and_then(|file| file.to_str()).unwrap_or(name) }
}

/// Reads every source; everything wrong with any of them is a fault.
fn read_all(args: &InitArgs, sources: &[Source]) -> Result<Vec<Export>, Error> {
    let (mut exports, mut faults) = (Vec::new(), Vec::new());
    for (name, kind) in sources {
        let bytes = if is_url(name) {
            fetch::fetch(name, &args.asking).map_err(|faults| match faults {
                fetch::Failed::Told(why) => vec![format!("{}: {why}", shown(name))],
                fetch::Failed::Faults(faults) => faults,
            })
        } else {
            files::read_export(Path::new(name), import::MOST_OCTETS)
                .map_err(|why| vec![format!("{}: {why}", shown(name))])
        };
        match bytes {
            Ok(bytes) => match import::read(&bytes, *kind) {
                Ok(mut export) => {
                    if let Some((host, port)) = fetch::https(name) {
                        export.answered_at(&host, port);
                    }
                    exports.push(export);
                }
                Err(wrong) => {
                    let words = kind::told(&bytes, Wanted::Export).unwrap_or_else(|| wrong.to_string());
                    faults.push(format!("{}: {words}", shown(name)));
                }
            },
            Err(why) => faults.extend(why),
        }
    }
    Error::all(faults)?;
    Ok(exports)
}

/// Nobody named a source: somebody is asked, or an example shown.
fn without_source(args: &InitArgs) -> Result<Outcome, Error> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return write_new(args, example::TEXT);
    }
    let mut input = std::io::stdin().lock();
    let mut prompts = std::io::stderr().lock();
    let (inventory, by_hand) = questions::ask(&mut input, &mut prompts)
        .map_err(|error| Error::fault(format!("the questions were not answered to their end: {error}")))?;
    write_new(args, &definition::text(&inventory, &by_hand))
}

/// Writes a definition that is new, and says what comes next.
fn write_new(args: &InitArgs, text: &str) -> Result<Outcome, Error> {
    let Some(path) = args.output.as_deref().filter(|path| *path != Path::new("-")) else {
        Sink::standard().finish(text)?;
        return Ok(Outcome::Passed);
    };
    let shown = path.display();
    let opened = File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Error::fault(format!(
            "{shown}: is there already and is not written over; name another file, or compare by --update {shown}"
        )),
        _ => Error::fault(format!("{shown}: cannot be written: {error}")),
    });
    let written = opened.and_then(|mut file| {
        file.write_all(text.as_bytes()).map_err(|error| Error::fault(format!("{shown}: cannot be written: {error}")))
    });
    written?;
    let open = text.matches("TODO").count();
    let places = if open == 1 { "1 place is" } else { &format!("{open} places are") };
    complain(&format!("{shown} is written; {places} marked TODO. Next: cmprobe plan {shown}"));
    Ok(Outcome::Passed)
}

/// Holds a definition against the console, and brings it up to date where that is wanted.
fn update(args: &InitArgs, path: &Path, inventory: &Inventory) -> Result<Outcome, Error> {
    let shown = path.display();
    // Every fault of it is told, those of its waivers too.
    load::definition(path)?;
    let bytes = files::read_definition(path).map_err(|why| Error::fault(format!("{shown}: {why}")))?;
    let text = wire::text::decode(&bytes).map_err(|why| Error::fault(format!("{shown}: {why}")))?;
    let told = |faults: Vec<cmprobe::site::fault::Fault>| {
        Error::Faults(faults.iter().map(|fault| format!("{shown}:{fault}")).collect())
    };
    let comparison = Comparison::of(&text, inventory).map_err(told)?;
    Sink::standard().finish(&comparison.text())?;
    if comparison.is_empty() {
        return Ok(Outcome::Passed);
    }
    if !args.write {
        return Ok(Outcome::Changed);
    }
    let applied = comparison.apply(&text).map_err(|faults| {
        let mut all = vec![format!("{shown}: is not written, because it would then have these faults")];
        all.extend(faults.iter().map(|fault| format!("{shown}:{fault}")));
        Error::Faults(all)
    })?;
    if applied.text != text {
        replace(path, &as_before(&applied.text, &bytes))
            .map_err(|error| Error::fault(format!("{shown}: cannot be written: {error}")))?;
    }
    applied.left.iter().for_each(|left| complain(&format!("{shown}: {left}")));
    Ok(if applied.left.is_empty() { Outcome::Passed } else { Outcome::Changed })
}

/// A text in the encoding, and with the mark, that a file had before.
fn as_before(text: &str, before: &[u8]) -> Vec<u8> {
    let (encoding, mark) = Encoding::of(before).unwrap_or((Encoding::Utf8, 0));
    let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let written = match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Little => units(u16::to_le_bytes),
        Encoding::Utf16Big => units(u16::to_be_bytes),
    };
    [before.get(..mark).unwrap_or_default(), &written].concat()
}

/// Writes a file beside the one it replaces, and gives it that one's name.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // What a link names is replaced, not the link.
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(&path).map_err(|error| error.error)?;
    Ok(())
}
