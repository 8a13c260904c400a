//! Reading a code as people write it: hexadecimal with or without 0x, unsigned or signed decimal, WinHTTP's own numbers,
//! names with or without their prefix, `403.16`, `403 16`, `alert 48`, `Sch 36870`, or a whole line of a log.

use super::{CODES, Code, Number};

/// Longer texts are no code and no line of a log.
const LONGEST: usize = 4096;

/// Words around a number that say nothing.
const LABELS: [&str; 24] = [
    "error",
    "errors",
    "code",
    "hresult",
    "hr",
    "result",
    "statuscode",
    "status",
    "substatus",
    "winhttp",
    "http",
    "iis",
    "tls",
    "number",
    "id",
    "flags",
    "ssl",
    "return",
    "returned",
    "win32",
    "last",
    "getlasterror",
    "httperr",
    "reason",
];

/// Prefixes of names that people leave out.
const PREFIXES: [&str; 14] = [
    "winhttp_callback_status_flag_",
    "wu_e_pt_http_status_",
    "error_winhttp_",
    "error_winhttp_secure_",
    "error_internet_",
    "wu_e_pt_",
    "wu_e_",
    "trust_e_",
    "crypt_e_",
    "cert_e_",
    "ccm_e_",
    "sec_e_",
    "bg_e_",
    "error_",
];

/// The codes a text means.
pub(super) fn read(text: &str) -> Vec<&'static Code> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| {
            c.is_whitespace()
                || matches!(c, ',' | ';' | '=' | ':' | '(' | ')' | '[' | ']' | '"' | '\'' | '`' | '/' | '|' | '>' | '<')
        })
        .map(|word| word.trim_matches(['.', '\u{201c}', '\u{201d}']))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = named(&lower);
    if found.is_empty() {
        let told: Vec<&str> = words.iter().copied().filter(|word| !LABELS.contains(word)).collect();
        found = numbered(&told);
        if found.is_empty() && told.len() < words.len() {
            found = named(&told.join(" "));
        }
    }
    if found.is_empty() && words.len() > 1 {
        found = in_line(&words);
    }
    in_order(found)
}

/// Codes by name, with its prefix or without.
fn named(text: &str) -> Vec<&'static Code> {
    let text = text.trim().trim_matches(['"', '\'', '.', '\u{201c}', '\u{201d}']);
    let squeezed = squeeze(text);
    // WinINet's names are WinHTTP's in another coat.
    let squeezed =
        squeezed.strip_prefix("errorinternet").map_or(squeezed.clone(), |rest| format!("errorwinhttp{rest}"));
    if squeezed.is_empty() {
        return Vec::new();
    }
    let is_it = |code: &&&'static Code| {
        let name = code.name.to_ascii_lowercase();
        let bare = PREFIXES.iter().filter_map(|prefix| name.strip_prefix(prefix)).any(|bare| squeeze(bare) == squeezed);
        !name.is_empty() && (squeeze(&name) == squeezed || bare)
    };
    CODES.iter().filter(is_it).copied().collect()
}

/// A name without what people write differently.
fn squeeze(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Codes by number: all of the text is one code, with the words that belong to it.
fn numbered(words: &[&str]) -> Vec<&'static Code> {
    match words {
        ["alert", number] => number.parse().map_or_else(|_| Vec::new(), |number| by(|of| *of == Number::Alert(number))),
        ["sch" | "schannel" | "event" | "eventid" | "httpevent", number] => event(number),
        ["sch" | "schannel" | "httpevent", "event", number] => event(number),
        [one] => match (one.split_once('.'), joined(one)) {
            (Some((status, sub)), _) => with_sub_status(status, sub),
            (None, Some((source, number))) => numbered(&[source, number]),
            (None, None) => number(one),
        },
        // A line of IIS's log: status, sub-status, Windows code.
        [status, sub] => with_sub_status(status, sub),
        [status, sub, windows] => {
            let mut found = with_sub_status(status, sub);
            if !found.is_empty() {
                found.extend(number(windows));
            }
            found
        }
        _ => Vec::new(),
    }
}

/// A source and its number written as one word, as in `HttpEvent15021`.
fn joined(word: &str) -> Option<(&str, &str)> {
    let (source, number) = word.split_at(word.find(|c: char| c.is_ascii_digit())?);
    let is_number = number.bytes().all(|octet| octet.is_ascii_digit());
    (is_number && ["alert", "sch", "schannel", "event", "eventid", "httpevent"].contains(&source))
        .then_some((source, number))
}

fn by(is_it: impl Fn(&Number) -> bool) -> Vec<&'static Code> {
    CODES.iter().copied().filter(|code| is_it(&code.number)).collect()
}

fn event(number: &str) -> Vec<&'static Code> {
    let Ok(number) = number.parse::<u32>() else { return Vec::new() };
    by(|of| matches!(of, Number::Event(_, id) if *id == number))
}

/// A status with its sub-status; where the sub-status is not known, the status alone.
fn with_sub_status(status: &str, sub: &str) -> Vec<&'static Code> {
    let (Ok(status), Ok(sub)) = (status.parse::<u16>(), sub.parse::<u16>()) else { return Vec::new() };
    let sub = u8::try_from(sub).ok();
    let exact = by(|of| sub.is_some() && *of == Number::Status(status, sub));
    if exact.is_empty() { by(|of| *of == Number::Status(status, None)) } else { exact }
}

/// A single number in any spelling. Where it can be read as hexadecimal and as decimal, what is known decides.
fn number(text: &str) -> Vec<&'static Code> {
    let (hexadecimal, marked) = match text.strip_prefix("0x").or_else(|| text.strip_suffix('h')) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let mut found = Vec::new();
    let digits = hexadecimal.len() <= 8 && hexadecimal.chars().all(|c| c.is_ascii_hexdigit());
    if digits && (marked || hexadecimal.len() == 8) {
        found.extend(u32::from_str_radix(hexadecimal, 16).map(result).unwrap_or_default());
        if found.is_empty() && marked {
            found.extend(u32::from_str_radix(hexadecimal, 16).map(flags).unwrap_or_default());
        }
    }
    if found.is_empty() && !marked {
        found.extend(decimal(text));
    }
    found
}

fn decimal(text: &str) -> Vec<&'static Code> {
    let Ok(number) = text.parse::<i64>() else { return Vec::new() };
    let unsigned = u32::try_from(number).ok().or_else(|| i32::try_from(number).ok().map(i32::cast_unsigned));
    let Some(value) = unsigned else { return Vec::new() };
    let found = result(value);
    if !found.is_empty() {
        return found;
    }
    by(|of| match of {
        Number::Status(status, sub) => sub.is_none() && u32::from(*status) == value,
        Number::Event(_, id) => *id == value,
        Number::Flag(flag) => *flag == value && value > 0xffff,
        Number::Windows(_) | Number::Result(_) | Number::Alert(_) | Number::Word => false,
    })
}

/// A result, or a Windows error by itself.
fn result(value: u32) -> Vec<&'static Code> {
    by(|of| match of {
        Number::Windows(number) => value == result_of(*number) || (*number >= 12_000 && value == u32::from(*number)),
        Number::Result(result) => value == *result,
        Number::Flag(_) | Number::Status(..) | Number::Alert(_) | Number::Event(..) | Number::Word => false,
    })
}

/// Flags, each bit of which is known.
fn flags(value: u32) -> Vec<&'static Code> {
    let found = by(|of| matches!(of, Number::Flag(flag) if value & flag != 0));
    let known = found.iter().fold(0, |bits, code| match code.number {
        Number::Flag(flag) => bits | flag,
        Number::Windows(_)
        | Number::Result(_)
        | Number::Status(..)
        | Number::Alert(_)
        | Number::Event(..)
        | Number::Word => bits,
    });
    if known == value { found } else { Vec::new() }
}

/// What a line of a log names: names that are written out, results, and numbers behind a word that says what they are.
fn in_line(words: &[&str]) -> Vec<&'static Code> {
    let mut found = Vec::new();
    for (at, word) in words.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
        if word.contains('_') {
            found.extend(named(word));
        } else if word.starts_with("0x")
            || ["code", "statuscode", "hresult", "hr", "error", "event", "alert"].contains(&before)
        {
            found.extend(if before == "alert" { numbered(&["alert", word]) } else { number(word) });
        } else if word.len() == 8 && (word.starts_with("80") || word.starts_with("87d0")) {
            found.extend(number(word));
        } else if let Some([sub, windows]) = words.get(at + 1..at + 3).filter(|_| is_refusal(word)) {
            // A line of IIS's log has status, sub-status and Windows code in a row.
            if sub.len() <= 2 && windows.chars().all(|c| c.is_ascii_digit()) {
                found.extend(numbered(&[word, sub, windows]));
            }
        } else if let Some((status, sub)) = word.split_once('.')
            && status.len() == 3
        {
            found.extend(with_sub_status(status, sub));
        }
    }
    found
}

fn is_refusal(word: &str) -> bool {
    word.parse::<u16>().is_ok_and(|status| (400..600).contains(&status))
}

/// Each once, in the order of the table.
fn in_order(found: Vec<&'static Code>) -> Vec<&'static Code> {
    CODES.iter().copied().filter(|code| found.iter().any(|of| std::ptr::eq(*of, *code))).collect()
}

/// A Windows error as a result.
pub(super) const fn result_of(number: u16) -> u32 {
    0x8007_0000 | number as u32
}
