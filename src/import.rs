//! Where definitions come from: what a console, an Active Directory or a management point exports of its site is read into
//! an inventory of site systems, and that is written as a definition, or compared with one. Pure: bytes in, text out.
//!
//! Exports hold secrets beside what is wanted (passwords, accounts, keys): what is not listed in `role` and `json` is
//! dropped while it is read, and no complaint quotes a value.

mod csv;
pub mod definition;
mod directory;
pub mod example;
pub mod inventory;
mod json;
mod mplist;
mod properties;
pub mod role;
mod shown;
pub mod update;

use crate::site::fault::Wrong;
use crate::wire::text;
use inventory::{Found, Scope};

/// The PowerShell commands by which a console exports what is read, and nothing else: no secret leaves it.
pub const EXPORT_SCRIPT: &str = include_str!("import/export.ps1");
/// The most octets of an export.
pub const MOST_OCTETS: u64 = 64 * 1024 * 1024;
/// The most roles, management points or rows of an export.
pub const MOST_OBJECTS: usize = 20_000;

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON of `SMS_SCI_SysResUse` and `SMS_SCI_Component`, or of the directory's objects.
    Json,
    /// Rows of servers and roles.
    Csv,
    /// A management point's list of management points.
    Mplist,
    /// LDIF, or JSON of the directory's `mSSMSManagementPoint` objects.
    Directory,
}

impl Kind {
    /// What it is, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Json => "JSON of the console's roles",
            Self::Csv => "CSV with ServerName and RoleName",
            Self::Mplist => "a management point's MPList",
            Self::Directory => "LDIF of mSSMSManagementPoint objects",
        }
    }
}

/// What an export says, and what it can say at all.
#[derive(Clone, Debug)]
pub struct Export {
    /// How it was written.
    pub kind: Kind,
    /// Servers, roles and what holds for the site, one by one.
    pub found: Vec<Found>,
    /// What such an export tells; of the rest its silence means nothing.
    pub scope: Scope,
}

impl Export {
    /// Takes in that a list was answered over HTTPS at a host and port: the management point of that name, or the only one
    /// it names, takes HTTPS there, unless the list says otherwise.
    pub fn answered_at(&mut self, host: &str, port: u16) {
        let is_alone = self.found.len() == 1;
        let listed = self.found.iter_mut().filter_map(|found| match found {
            Found::Listed(listed) => Some(listed),
            Found::Role(_) | Found::Component(_) => None,
        });
        for listed in listed {
            let is_it = is_alone || listed.server.as_deref().is_some_and(|server| server.eq_ignore_ascii_case(host));
            if is_it && listed.uses_https != Some(false) {
                listed.uses_https = Some(true);
                listed.port = listed.port.or(Some(port));
            }
        }
    }
}

/// Reads an export: of the kind that is forced, else of the kind its content shows.
///
/// # Errors
/// It is none, or broken; what it is, and what would be right. Never with a value it holds.
pub fn read(bytes: &[u8], forced: Option<Kind>) -> Result<Export, Wrong> {
    if bytes.len() as u64 > MOST_OCTETS {
        return Err(Wrong::new("the export is larger than 64 MiB", "export the site system roles alone"));
    }
    let text = text::decode(bytes).map_err(|error| Wrong::new("the export is no text", error.to_string()))?;
    if text.trim().is_empty() {
        return Err(Wrong::new("the export is empty", RIGHT));
    }
    let shown = shown_kind(&text);
    let kind = match (forced, shown) {
        (None, None) => return Err(Wrong::new("this is no export cmprobe reads", RIGHT)),
        (None, Some(shown)) => shown,
        // The directory's objects may come as JSON too.
        (Some(Kind::Directory), Some(Kind::Json)) => Kind::Json,
        (Some(forced), Some(shown)) if forced != shown => {
            let told = format!("this looks like {}, not {}", shown.in_words(), forced.in_words());
            return Err(Wrong::new(told, "give it by --from, which tells by content"));
        }
        (Some(forced), _) => forced,
    };
    match kind {
        Kind::Json => json::read(&text, forced == Some(Kind::Directory)),
        Kind::Csv => csv::read(&text),
        Kind::Mplist => mplist::read(&text),
        Kind::Directory => directory::read(&text),
    }
}

/// What may be given.
const RIGHT: &str =
    "give JSON of SMS_SCI_SysResUse, CSV, a management point's MPList or LDIF; `cmprobe init --help` has the commands";

/// What a text looks like by how it begins; JSON and XML may be anything.
pub fn shown_kind(text: &str) -> Option<Kind> {
    let text = text.trim_start();
    match text.as_bytes().first()? {
        b'{' | b'[' => return Some(Kind::Json),
        b'<' => return Some(Kind::Mplist),
        _ => {}
    }
    let is_ldif = |line: &str| {
        let (name, _) = line.split_once(':').unwrap_or_default();
        ["dn", "version"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let first = text.lines().find(|line| !line.starts_with('#'));
    if first.is_some_and(is_ldif) {
        return Some(Kind::Directory);
    }
    csv::is_table(text).then_some(Kind::Csv)
}
