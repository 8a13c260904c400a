//! Reads what a run needs from files: definitions, certificates, secrets, keys. Bounded, and every complaint names the
//! file and says what would be right.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmprobe::certificate::Certificate;
use cmprobe::identity::file;
use cmprobe::observation::bounds;
use cmprobe::observation::file::FileFormat;
use cmprobe::report::document::Report;
use cmprobe::report::read::{Lines, ReadError};
use cmprobe::site::suggestion::nearest;
use cmprobe::wire::text;
use zeroize::Zeroizing;

use crate::kind::{self, Wanted};
use crate::opened::{open, opening};
use crate::stream::Utf8;

/// The most that is read of a definition, a list's line, or a file of certificates or keys.
pub(crate) const LIMIT: u64 = 1024 * 1024;

/// Reads a whole file of at most a mebibyte.
///
/// # Errors
/// What is wrong with it, and what would be right; the caller names the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    read_into(path, LIMIT, &mut bytes)?;
    Ok(bytes)
}

/// Reads a whole file that may hold a key or a password; what was read is wiped after use.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_secret(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let bytes = read_password(path)?;
    not_empty(&bytes)?;
    Ok(bytes)
}

/// The same of a password's file, which may be empty: so may a password.
///
/// # Errors
/// What is wrong with it; the caller names the file.
pub(crate) fn read_password(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    // Room for all there may be, so that no copy is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT as usize + 2));
    read_all(path, LIMIT, &mut bytes)?;
    Ok(bytes)
}

fn read_into(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> Result<(), String> {
    read_all(path, limit, bytes)?;
    not_empty(bytes)
}

fn not_empty(bytes: &[u8]) -> Result<(), String> {
    if bytes.is_empty() { Err("is empty".into()) } else { Ok(()) }
}

fn read_all(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> Result<(), String> {
    let file = open(path)?;
    file.take(limit + 1).read_to_end(bytes).map_err(|error| opening(path, &error))?;
    if bytes.len() as u64 > limit {
        return Err(format!("is larger than {} MiB; is it the right file?", limit / (1024 * 1024)));
    }
    Ok(())
}

/// A file that may have been meant by a name that is none: with the other slash, with another ending, or a slip away.
pub(crate) fn near(path: &Path) -> Option<PathBuf> {
    let slashed = PathBuf::from(path.to_str()?.replace('\\', "/"));
    if slashed != path && slashed.exists() {
        return Some(slashed);
    }
    let folder = slashed.parent().filter(|folder| !folder.as_os_str().is_empty());
    let wanted = slashed.file_name()?.to_str()?;
    let stem = |name: &str| {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".txt").unwrap_or(&name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
    };
    let is_near = |name: &str| {
        let kind = [".toml", ".tml", ".toml.txt"].iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
        kind && stem(name) == stem(wanted)
    };
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?.take(10_000);
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let found = names.iter().find(|name| is_near(name)).map(String::as_str);
    let found = found.or_else(|| nearest(wanted, names.iter().map(String::as_str)))?;
    Some(folder.map_or_else(|| PathBuf::from(found), |folder| folder.join(found)))
}

/// The largest definition: twenty thousand systems, as many as `init` writes, need a third of it.
const DEFINITION_LIMIT: u64 = 8 * 1024 * 1024;

/// Reads a definition's bytes.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_definition(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    read_into(path, DEFINITION_LIMIT, &mut bytes)?;
    Ok(bytes)
}

/// Reads a definition's text.
///
/// # Errors
/// As [`read`], or it is no text.
pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    text(&read_definition(path)?)
}

/// The largest list of endpoints: about a million.
const LIST_LIMIT: u64 = 64 * 1024 * 1024;

/// Reads a list of endpoints, or standard input where the path is `-`.
///
/// # Errors
/// As [`read_text`].
pub(crate) fn read_list(path: &Path) -> Result<String, String> {
    let bytes = read_or_standard_input(path, LIST_LIMIT)?;
    text(&bytes).map_err(|why| kind::told(&bytes, Wanted::List).unwrap_or(why))
}

/// A list that can be read once more after it was read; `None`: it comes in through a pipe, or [`read_list`] has a word on
/// it.
pub(crate) fn list_to_be_read_twice(path: &Path) -> Option<File> {
    let is_one = |metadata: &Metadata| metadata.is_file() && (1..=LIST_LIMIT).contains(&metadata.len());
    let is_file = path != Path::new("-") && path.metadata().is_ok_and(|metadata| is_one(&metadata));
    if is_file { open(path).ok() } else { None }
}

/// The largest report in one document, which is read whole: some ten thousand endpoints.
const DOCUMENT_LIMIT: u64 = 256 * 1024 * 1024;
/// The largest report in lines, which are read one by one.
const LINES_LIMIT: u64 = 1024 * 1024 * 1024;
/// The longest of its lines; a line of saved observations may be no longer.
const LONGEST_LINE: u64 = bounds::LONGEST_LINE as u64;

/// Reads a report, or standard input where the path is `-`.
///
/// # Errors
/// What is wrong with it, with the file's name.
pub(crate) fn report(path: &Path) -> Result<Report, String> {
    let named = |why: String| format!("{}: {why}", path.display());
    let is_file = path != Path::new("-");
    let mut source: Box<dyn Read> =
        if is_file { Box::new(open(path).map_err(named)?) } else { Box::new(std::io::stdin().lock()) };
    let mut beginning = Vec::new();
    let read = (&mut source).take(kind::HEAD).read_to_end(&mut beginning);
    read.map_err(|error| named(opening(path, &error)))?;
    if is_file {
        not_empty(&beginning).map_err(named)?;
    }
    let read = if is_another(&beginning) {
        Report::read(&beginning).map_err(|why| why.to_string())
    } else {
        report_from(beginning.as_slice().chain(source), [DOCUMENT_LIMIT, LINES_LIMIT, LONGEST_LINE]).map_err(|error| {
            match error {
                Unread::Source(error) if error.kind() == ErrorKind::InvalidData => format!("is no report: {error}"),
                Unread::Source(error) => opening(path, &error),
                Unread::Content(why) => why,
            }
        })
    };
    read.map_err(|why| named(kind::told(&beginning, Wanted::Report).unwrap_or(why)))
}

/// Why a report was not read.
enum Unread {
    /// The file or the pipe cannot be read.
    Source(std::io::Error),
    /// What is in it is no report.
    Content(String),
}

/// Reads a report from its beginning: a document whole, lines one by one. `limits`: of a document, of all lines, of a line.
fn report_from(source: impl Read, limits: [u64; 3]) -> Result<Report, Unread> {
    let [of_document, of_lines, of_line] = limits;
    let content = |why: ReadError| Unread::Content(why.to_string());
    let larger = |limit: u64, further: &str| -> Result<Report, Unread> {
        Err(Unread::Content(format!("is larger than {} MiB{further}", limit / (1024 * 1024))))
    };
    let mut reader = BufReader::new(Utf8::new(source));
    let mut text = Vec::new();
    (&mut reader).take(of_document + 1).read_until(b'\n', &mut text).map_err(Unread::Source)?;
    if !Lines::begin_so(&text) {
        let room = (of_document + 1).saturating_sub(text.len() as u64);
        reader.take(room).read_to_end(&mut text).map_err(Unread::Source)?;
        if text.len() as u64 > of_document {
            return larger(of_document, "; a run over so many endpoints is to be written in lines, by `-f jsonl`");
        }
        return Report::read(&text).map_err(content);
    }
    let (mut lines, mut octets, mut number) = (Lines::default(), 0, 1_usize);
    while !text.is_empty() {
        octets += text.len() as u64;
        if text.len() as u64 > of_line {
            return Err(Unread::Content(format!("line {number} is longer than any line cmprobe writes")));
        }
        if octets > of_lines {
            return larger(of_lines, "; compare runs over parts of the list");
        }
        lines.push(text.strip_suffix(b"\n").unwrap_or(&text)).map_err(content)?;
        text.clear();
        number += 1;
        (&mut reader).take(of_line + 1).read_until(b'\n', &mut text).map_err(Unread::Source)?;
    }
    lines.end().map_err(content)
}

/// Whether what a long file begins with is no report's beginning, whatever follows: it is refused by that, and not read
/// whole.
fn is_another(beginning: &[u8]) -> bool {
    let is_marked = [b"\xff\xfe".as_slice(), b"\xfe\xff"].iter().any(|mark| beginning.starts_with(mark));
    let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
    // UTF-16 without a mark has an empty byte before or behind each letter.
    let first = text.iter().find(|byte| **byte != 0 && !byte.is_ascii_whitespace());
    beginning.len() as u64 == kind::HEAD && !is_marked && first.is_none_or(|byte| *byte != b'{')
}

/// Reads an export of at most `limit` octets, or standard input where the path is `-`.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_export(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    read_or_standard_input(path, limit)
}

fn read_or_standard_input(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    if path != Path::new("-") {
        read_into(path, limit, &mut bytes)?;
        return Ok(bytes);
    }
    std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).map_err(|error| opening(path, &error))?;
    if bytes.len() as u64 > limit {
        return Err(format!("is larger than {} MiB", limit / (1024 * 1024)));
    }
    Ok(bytes)
}

fn text(bytes: &[u8]) -> Result<String, String> {
    text::decode(bytes).map(Cow::into_owned).map_err(|error| error.to_string())
}

/// Reads every certificate of a file: PEM, DER or PKCS #7, told by content; the one it is about comes first.
///
/// # Errors
/// As [`read`], or there is no certificate in it, or one that cannot be read.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Arc<Certificate>>, String> {
    const RIGHT: &str =
        "export the certificate as \u{201c}Base-64 encoded X.509\u{201d} or \u{201c}DER encoded binary X.509\u{201d}";
    let bytes = read(path).map_err(|why| kind::instead(path, Wanted::Certificate).unwrap_or(why))?;
    let file = file::open(&bytes, None, None)
        .map_err(|error| kind::told(&bytes, Wanted::Certificate).unwrap_or_else(|| format!("{error}; {RIGHT}")))?;
    if file.format == FileFormat::Pkcs12 {
        return Err(format!("this is a PKCS #12 file, a certificate with its key; {RIGHT}"));
    }
    let found: Vec<_> = file.certificate.into_iter().chain(file.others).collect();
    if let Some(why) = found.iter().find_map(|certificate| certificate.facts.as_ref().err()) {
        return Err(format!("a certificate in it cannot be read: {why}"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_file_that_is_no_report_only_the_beginning_is_read() {
        let long = |text: &[u8]| -> Vec<u8> {
            text.iter().copied().chain(std::iter::repeat(b'0')).take(usize::try_from(kind::HEAD).unwrap()).collect()
        };
        for other in [b"\0\0".as_slice(), b"<html>", b"  [", b"\xef\xbb\xbf[", b"\x1f\x8b"] {
            assert!(is_another(&long(other)), "{other:?}");
        }
        for report in [b"{".as_slice(), b" \n{", b"\xef\xbb\xbf{", b"\xff\xfe{\0", b"\xfe\xff\0{", b"\0{\0\r"] {
            assert!(!is_another(&long(report)), "{report:?}");
        }
        assert!(!is_another(b"[]"), "a short file is read");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("long");
        std::fs::write(&file, long(b"\0")).unwrap();
        let words = report(&file).unwrap_err();
        assert!(words.contains("this must be what `check --format json` wrote"), "{words}");
    }

    #[test]
    fn a_report_may_be_so_long_and_no_longer() {
        let why = |text: &str, limits: [u64; 3]| match report_from(text.as_bytes(), limits) {
            Ok(_) => "read".to_owned(),
            Err(Unread::Content(why)) => why,
            Err(Unread::Source(error)) => error.to_string(),
        };
        const MEBIBYTE: u64 = 1024 * 1024;
        let document = "{}".to_owned() + &" ".repeat(1024 * 1024 - 2);
        assert!(why(&document, [MEBIBYTE, 0, 0]).contains("no schema_version"));
        assert!(why(&(document.clone() + " "), [MEBIBYTE, 0, 0]).contains("is larger than 1 MiB; a run over so many"));
        // Of lines none is kept: they may be longer together.
        let line = "{\"type\":\"findings\",\"id\":\"MP01\",\"findings\":[]}\n";
        let (one, three) = (line.len() as u64, line.repeat(3));
        let small = [MEBIBYTE, 3 * one, one];
        assert!(why(&three, small).contains("has no summary"));
        assert!(why(&(three.clone() + "\n"), small).contains("is larger than 0 MiB; compare runs"));
        let long = line.replace("MP01", "MP001");
        assert!(why(&(line.to_owned() + &long), small).contains("line 2 is longer than any line cmprobe writes"));
        assert!(why(&long, small).contains("line 1 is longer"));
        let utf_16: Vec<u8> = three.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(
            matches!(report_from(utf_16.as_slice(), small), Err(Unread::Content(why)) if why.contains("no summary"))
        );
    }

    #[test]
    fn a_file_may_be_so_long_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("long");
        // Spaces: text, and of nothing.
        let of = |length: u64| std::fs::write(&file, vec![b' '; usize::try_from(length).unwrap()]).unwrap();
        let is_too_long = |read: Result<(), String>| read.is_err_and(|why| why.contains("larger than"));
        for (limit, read) in [
            (LIMIT, (|file| read(file).map(drop)) as fn(&Path) -> Result<(), String>),
            (LIMIT, |file| read_secret(file).map(drop)),
            (DEFINITION_LIMIT, |file| read_definition(file).map(drop)),
            (LIST_LIMIT, |file| read_list(file).map(drop)),
            (LIMIT, |file| read_or_standard_input(file, LIMIT).map(drop)),
        ] {
            of(limit);
            assert!(!is_too_long(read(&file)), "{limit}");
            of(limit + 1);
            assert!(is_too_long(read(&file)), "{limit}");
        }
    }
}
