//! Reads what a server sends for a list while it comes: as DER, or as Base64 text. Says what it is where it is no list.

use sha2::{Digest, Sha256};

use super::parser::Parser;
use super::{Encoding, Extract, NotAList};
use crate::certificate::Certificate;
use crate::certificate::encoded::text;
use crate::certificate::ocsp_response::{NotAnAnswer, OcspResponse};
use crate::wire::der::Der;

/// How many octets of what is sent are kept as they are.
pub const KEPT: usize = 256 * 1024;

/// What came so far.
#[derive(Default)]
pub struct Reading {
    digest: Sha256,
    octets: u64,
    kept: Vec<u8>,
    form: Form,
    parser: Parser,
}

/// How it is written.
#[derive(Default)]
enum Form {
    /// Nothing came that tells.
    #[default]
    Unknown,
    Binary,
    Text(Text),
    /// In no way a list is.
    Foreign,
}

/// Base64 between lines.
#[derive(Default)]
struct Text {
    /// Within the lines around it.
    line: Line,
    /// Digits that are no whole octets yet.
    digits: Vec<u8>,
    damaged: bool,
}

#[derive(Default, PartialEq, Eq)]
enum Line {
    #[default]
    Begin,
    Body,
    End,
}

/// All that came.
#[derive(Debug)]
pub struct Sent {
    /// How many octets it had.
    pub octets: u64,
    /// SHA-256 over it.
    pub digest: [u8; 32],
    /// It, where it was short enough to be kept.
    pub whole: Option<Der>,
    /// The list it is, or what it is instead.
    pub content: Result<Extract, NotAList>,
}

impl Reading {
    /// Takes in what came.
    pub fn push(&mut self, octets: &[u8]) {
        self.digest.update(octets);
        let before = self.octets;
        self.octets += octets.len() as u64;
        if self.octets <= KEPT as u64 {
            self.kept.extend_from_slice(octets);
        } else if before <= KEPT as u64 {
            // What it begins with tells what it is.
            let room = KEPT.saturating_sub(self.kept.len());
            self.kept.extend(octets.iter().take(room));
        }
        if let Form::Unknown = self.form {
            self.form = match text(&self.kept) {
                [] => return,
                // The beginning of a byte order mark.
                [0xef] | [0xef, 0xbb] => return,
                [0x30, ..] => Form::Binary,
                [b'-', ..] => Form::Text(Text::default()),
                [..] => Form::Foreign,
            };
            // What did not fit among what is kept, of a first piece that is longer, follows it.
            let kept = std::mem::take(&mut self.kept);
            self.take(&kept);
            self.kept = kept;
            let room = KEPT.saturating_sub(usize::try_from(before).unwrap_or(KEPT));
            self.take(octets.get(room..).unwrap_or_default());
        } else {
            self.take(octets);
        }
    }

    fn take(&mut self, octets: &[u8]) {
        match &mut self.form {
            Form::Binary => self.parser.push(octets),
            Form::Text(text) => text.push(octets, &mut self.parser),
            Form::Unknown | Form::Foreign => {}
        }
    }

    /// How many octets came.
    pub const fn octets(&self) -> u64 {
        self.octets
    }

    /// Why no more of a list is read, where that is a limit of this program's.
    pub fn beyond(&self) -> Option<&NotAList> {
        self.parser.stopped().filter(|why| matches!(why, NotAList::Beyond(_)))
    }

    /// How many octets a list has by its own head; 0: that has not come.
    pub const fn announced(&self) -> u64 {
        self.parser.announced()
    }

    /// Whether what came so far may be the beginning of a list.
    pub const fn may_be_a_list(&self) -> bool {
        match &self.form {
            Form::Unknown => true,
            Form::Binary => self.parser.stopped().is_none(),
            Form::Text(text) => self.parser.stopped().is_none() && !text.damaged,
            Form::Foreign => false,
        }
    }

    /// That was all.
    pub fn finish(self) -> Sent {
        let whole = (self.octets <= KEPT as u64).then(|| Der::from(self.kept.as_slice()));
        let content = match self.form {
            Form::Unknown | Form::Foreign => Err(NotAList::malformed("it is no DER value")),
            Form::Binary => self.parser.finish(Encoding::Der),
            Form::Text(text) if text.damaged || !text.digits.is_empty() || text.line != Line::End => {
                Err(NotAList::malformed("its Base64 text is damaged"))
            }
            Form::Text(_) => self.parser.finish(Encoding::Pem),
        };
        let content = content.and_then(|extract| {
            // What it says must be readable, too.
            super::RevocationList::of_extract(extract.clone(), None).map(|_| extract)
        });
        let content = content.map_err(|why| instead(&self.kept, whole.as_ref(), why));
        Sent { octets: self.octets, digest: self.digest.finalize().into(), whole, content }
    }
}

impl Text {
    fn push(&mut self, octets: &[u8], parser: &mut Parser) {
        const LINE: &[u8] = b"-----";
        let mut decoded = Vec::with_capacity(octets.len());
        for octet in octets {
            match self.line {
                // The line that begins it ends where the line does.
                Line::Begin if *octet == b'\n' && self.digits.starts_with(LINE) => {
                    self.digits.clear();
                    self.line = Line::Body;
                }
                Line::Begin => {
                    if self.digits.len() < LINE.len() && (!self.digits.is_empty() || *octet == b'-') {
                        self.digits.push(*octet);
                    }
                }
                Line::Body if octet.is_ascii_whitespace() => {}
                Line::Body if *octet == b'-' => self.line = Line::End,
                Line::Body => {
                    self.digits.push(*octet);
                    if self.digits.len() == 4 {
                        match data_encoding::BASE64.decode(&self.digits) {
                            Ok(three) => decoded.extend(three),
                            Err(_) => self.damaged = true,
                        }
                        self.digits.clear();
                    }
                }
                Line::End => {}
            }
        }
        parser.push(&decoded);
    }
}

/// What was sent instead of a list; `why`: where reading it as one stopped.
fn instead(kept: &[u8], whole: Option<&Der>, why: NotAList) -> NotAList {
    let text = text(kept);
    match text {
        [] if whole.is_some() => return NotAList::Empty,
        [b'<', ..] => return NotAList::WebPage,
        [0x1f, 0x8b, ..] => return NotAList::compressed("gzip"),
        [b'P', b'K', 3, 4, ..] => return NotAList::compressed("ZIP"),
        [b'%', b'P', b'D', b'F', ..] => return NotAList::other("a PDF file"),
        [b'M', b'Z', ..] => return NotAList::other("a program"),
        [b'M', b'S', b'C', b'F', ..] => return NotAList::compressed("a cabinet"),
        _ => {}
    }
    match why {
        NotAList::CutShort | NotAList::Malformed(_) => {}
        NotAList::Empty
        | NotAList::WebPage
        | NotAList::Compressed(_)
        | NotAList::Certificate
        | NotAList::Other(_)
        | NotAList::Beyond(_) => return why,
    }
    let Some(whole) = whole else { return why };
    let found = crate::certificate::issuers::read(whole.as_slice());
    if let [one, ..] = found.as_slice() {
        let alone = Certificate::read(whole).facts.is_ok() || one == whole || text.starts_with(b"-");
        return if alone { NotAList::Certificate } else { NotAList::other("a PKCS #7 file of certificates") };
    }
    match OcspResponse::read(whole) {
        Ok(_) | Err(NotAnAnswer::Refused(_)) => return NotAList::other("an OCSP responder's answer"),
        Err(NotAnAnswer::Malformed) => {}
    }
    let is_words = !text.is_empty() && text.iter().all(|octet| octet.is_ascii_graphic() || octet.is_ascii_whitespace());
    if is_words && !text.starts_with(b"-") && !text.starts_with(b"0") {
        return NotAList::other("text");
    }
    why
}
