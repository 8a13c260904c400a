//! Distinguished names, shown as Windows shows them, and compared as RFC 5280, 7.1 says.

use std::fmt;
use std::fmt::Write;

use crate::certificate::read::der;
use crate::certificate::read::der::{Element, Reader, dotted, tag};
use crate::certificate::{CommonName, Name};
use crate::wire::der::Der;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
/// 1.2.840.113549.1.9.1
const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];

/// Whether a name could be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// It could.
    Yes,
    /// It could, and some of its parts hold nothing.
    WithEmptyParts,
    /// It could not; what could be is given.
    No,
}

/// Reads a name.
pub(super) fn read(bytes: &[u8]) -> (Name, Whole) {
    let mut parts: Vec<String> = Vec::with_capacity(8);
    let mut common_names = Vec::with_capacity(1);
    let whole = match collect(bytes, &mut parts, &mut common_names) {
        Some(false) => Whole::Yes,
        Some(true) => Whole::WithEmptyParts,
        None => Whole::No,
    };
    // Windows puts the most specific part first: the reverse of the encoding.
    parts.reverse();
    (Name { text: parts.join(", "), der: Der::from(bytes), common_names }, whole)
}

/// One text for each relative distinguished name, in the order they are encoded; whether any of them is empty.
fn collect(bytes: &[u8], parts: &mut Vec<String>, common_names: &mut Vec<CommonName>) -> Option<bool> {
    let mut name = Reader::only(bytes, tag::SEQUENCE)?;
    let mut has_empty = false;
    while !name.is_at_end() {
        let mut relative = Reader::new(name.take(tag::SET)?);
        if relative.is_at_end() {
            has_empty = true;
            continue;
        }
        let mut part = String::with_capacity(32);
        while !relative.is_at_end() {
            let (kind, value) = attribute(&mut relative)?;
            if !part.is_empty() {
                part.push_str(" + ");
            }
            push_kind(&mut part, kind);
            part.push('=');
            match der::text(value) {
                Some(text) => {
                    push_quoted(&mut part, &text);
                    if kind == COMMON_NAME {
                        common_names.push(CommonName { is_ascii: text.is_ascii(), text });
                    }
                }
                None => push_hexadecimal(&mut part, value)?,
            }
        }
        parts.push(part);
    }
    Some(has_empty)
}

/// The next attribute of a relative name: its kind and its value.
fn attribute<'a>(relative: &mut Reader<'a>) -> Option<(&'a [u8], Element<'a>)> {
    let mut pair = Reader::new(relative.take(tag::SEQUENCE)?);
    let kind = pair.take(tag::OID)?;
    Some((kind, pair.next()?))
}

/// How two names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::certificate) enum Likeness {
    /// The same octets.
    Octets,
    /// Not the same octets, and the same name by RFC 5280, 7.1.
    Rfc5280,
    /// Other names.
    None,
}

/// Compares two names, DER.
pub(super) fn likeness(one: &[u8], other: &[u8]) -> Likeness {
    if one == other {
        return Likeness::Octets;
    }
    match (relative_names(one), relative_names(other)) {
        // The innermost first: it is where names differ.
        (Some(one), Some(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(&other).rev();
            let alike = pairs.all(|(one, other)| {
                one == other || folded_part(one).is_some_and(|part| folded_part(other).is_some_and(|same| part == same))
            });
            if alike { Likeness::Rfc5280 } else { Likeness::None }
        }
        _ => Likeness::None,
    }
}

/// What each relative name holds; `None`: the name cannot be read.
fn relative_names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut name = Reader::only(bytes, tag::SEQUENCE)?;
    let mut parts = Vec::with_capacity(8);
    while !name.is_at_end() {
        parts.push(name.take(tag::SET)?);
    }
    Some(parts)
}

/// Each relative name in the form it is compared in: case and white space folded, string types forgotten, attributes
/// in order; `None`: it cannot be read.
pub(super) fn folded(bytes: &[u8]) -> Option<Vec<String>> {
    relative_names(bytes)?.into_iter().map(folded_part).collect()
}

/// One relative name in that form.
fn folded_part(contents: &[u8]) -> Option<String> {
    let mut relative = Reader::new(contents);
    let mut attributes: Vec<String> = Vec::with_capacity(1);
    while !relative.is_at_end() {
        let (kind, value) = attribute(&mut relative)?;
        let mut out = dotted(kind);
        out.push('=');
        match der::text(value) {
            Some(text) => fold(&mut out, &text),
            None => push_hexadecimal(&mut out, value)?,
        }
        attributes.push(out);
    }
    attributes.sort();
    // No text holds it: it is a control character, folded away.
    Some(attributes.join("\u{1f}"))
}

/// RFC 4518 as far as it matters: white space at the ends dropped, inside one space for many, letters in lower case,
/// control characters dropped.
fn fold(out: &mut String, text: &str) {
    for (at, word) in text.split_whitespace().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !c.is_control()).flat_map(char::to_lowercase));
    }
}

/// The e-mail addresses among a name's attributes.
pub(super) fn email_addresses(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let Some(mut name) = Reader::only(bytes, tag::SEQUENCE) else { return found };
    while let Some(relative) = name.take(tag::SET) {
        let mut relative = Reader::new(relative);
        while let Some((kind, value)) = attribute(&mut relative) {
            if kind == EMAIL_ADDRESS {
                found.extend(der::text(value));
            }
        }
    }
    found
}

/// A name with the string type of each value: what two names that are the same differ in.
pub(in crate::certificate) struct Spelled<'a>(pub(super) &'a [u8]);

impl fmt::Display for Spelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let mut name = Reader::only(self.0, tag::SEQUENCE).unwrap_or(Reader::new(&[]));
        while let Some(relative) = name.take(tag::SET) {
            let mut relative = Reader::new(relative);
            while let Some((kind, value)) = attribute(&mut relative) {
                let mut part = String::new();
                push_kind(&mut part, kind);
                part.push('=');
                match der::text(value) {
                    Some(text) => {
                        // In quotation marks always: white space counts here.
                        write!(part, "\"{}\"", text.escape_debug())?;
                    }
                    None => push_hexadecimal(&mut part, value).ok_or(fmt::Error)?,
                }
                write!(part, " ({})", der::string_type(value.tag))?;
                parts.push(part);
            }
        }
        parts.reverse();
        f.write_str(&parts.join(", "))
    }
}

fn push_kind(out: &mut String, kind: &[u8]) {
    match short_name(kind) {
        Some(short) => out.push_str(short),
        None => {
            out.push_str("OID.");
            out.push_str(&dotted(kind));
        }
    }
}

/// Windows' rule: a value with a separator in it, or white space at an end, stands in quotation marks, its own doubled.
/// Control characters are written as escapes, so that no name can draw on a terminal.
fn push_quoted(out: &mut String, text: &str) {
    let is_special = |c: char| matches!(c, ',' | '+' | '=' | '"' | '<' | '>' | '#' | ';' | '\n');
    let quoted = text.is_empty() || text.contains(is_special) || text.trim() != text;
    if quoted {
        out.push('"');
    }
    for c in text.chars() {
        if c == '"' {
            out.push_str("\"\"");
        } else if c.is_control() {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    if quoted {
        out.push('"');
    }
}

fn push_hexadecimal(out: &mut String, value: Element<'_>) -> Option<()> {
    write!(out, "#{:02x}:{}", value.tag, data_encoding::HEXLOWER.encode(value.contents)).ok()
}

/// Windows' short names.
fn short_name(kind: &[u8]) -> Option<&'static str> {
    Some(match kind {
        [0x55, 4, 3] => "CN",
        [0x55, 4, 4] => "SN",
        [0x55, 4, 5] => "SERIALNUMBER",
        [0x55, 4, 6] => "C",
        [0x55, 4, 7] => "L",
        [0x55, 4, 8] => "S",
        [0x55, 4, 9] => "STREET",
        [0x55, 4, 10] => "O",
        [0x55, 4, 11] => "OU",
        [0x55, 4, 12] => "T",
        [0x55, 4, 13] => "Description",
        [0x55, 4, 17] => "PostalCode",
        [0x55, 4, 18] => "POBox",
        [0x55, 4, 20] => "Phone",
        [0x55, 4, 42] => "G",
        [0x55, 4, 43] => "I",
        [0x55, 4, 46] => "dnQualifier",
        // 0.9.2342.19200300.100.1.25 and .1
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25] => "DC",
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1] => "UID",
        EMAIL_ADDRESS => "E",
        // 1.2.840.113549.1.9.2
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 2] => "UnstructuredName",
        _ => return None,
    })
}
