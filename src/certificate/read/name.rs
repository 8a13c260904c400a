//! Distinguished names, shown as Windows shows them.

use std::fmt::Write;

use crate::certificate::read::der;
use crate::certificate::read::der::{Element, Reader, dotted, tag};
use crate::certificate::{CommonName, Name};
use crate::wire::der::Der;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];

/// Reads a name; `false`: it could not be read to its end, and what could be is given.
pub(super) fn read(bytes: &[u8]) -> (Name, bool) {
    let mut parts: Vec<String> = Vec::with_capacity(8);
    let mut common_names = Vec::with_capacity(1);
    let whole = collect(bytes, &mut parts, &mut common_names).is_some();
    // Windows puts the most specific part first: the reverse of the encoding.
    parts.reverse();
    (Name { text: parts.join(", "), der: Der::from(bytes), common_names }, whole)
}

/// One text for each relative distinguished name, in the order they are encoded.
fn collect(bytes: &[u8], parts: &mut Vec<String>, common_names: &mut Vec<CommonName>) -> Option<()> {
    let mut name = Reader::only(bytes, tag::SEQUENCE)?;
    while !name.is_at_end() {
        let mut relative = Reader::new(name.take(tag::SET)?);
        let mut part = String::with_capacity(32);
        while !relative.is_at_end() {
            let mut pair = Reader::new(relative.take(tag::SEQUENCE)?);
            let kind = pair.take(tag::OID)?;
            let value = pair.next()?;
            if !part.is_empty() {
                part.push_str(" + ");
            }
            match short_name(kind) {
                Some(short) => part.push_str(short),
                None => {
                    part.push_str("OID.");
                    part.push_str(&dotted(kind));
                }
            }
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
    Some(())
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
        // 1.2.840.113549.1.9.1 and .2
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1] => "E",
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 2] => "UnstructuredName",
        _ => return None,
    })
}
