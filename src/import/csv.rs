//! Rows of servers and roles, as `Export-Csv`, a query of the site database or somebody's own table has them: the columns
//! in any order, separated by commas, semicolons or tabs.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::inventory::{Found, RoleFact, Scope};
use super::shown::short;
use super::{Export, Kind, MOST_OBJECTS};
use crate::site::ClientConnections;
use crate::site::fault::Wrong;
use crate::wire::counted::counted;

const HEADER: &str = "ServerName,RoleName,SiteCode,InternetFqdn,SslState,Port,ClientConnections";
/// What `Export-Csv` writes for a list.
const LIST_AS_TEXT: &str = "System.Object[]";

/// The columns of a table.
struct Columns {
    server: usize,
    role: usize,
    site: Option<usize>,
    internet: Option<usize>,
    ssl: Option<usize>,
    port: Option<usize>,
    connections: Option<usize>,
}

impl Columns {
    fn of(names: &[String]) -> Option<Self> {
        let place = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        Some(Self {
            server: place(&["servername", "server", "networkospath", "nalpath"])?,
            role: place(&["rolename", "role"])?,
            site: place(&["sitecode"]),
            internet: place(&["internetfqdn"]),
            ssl: place(&["sslstate"]),
            port: place(&["port"]),
            connections: place(&["clientconnections"]),
        })
    }
}

/// The lines of a table, without the line that `Export-Csv` or Excel begins with.
fn table(text: &str) -> &str {
    let text = text.trim_start();
    // Excel writes, and wants, a line that says what separates the cells.
    let is_apart = text.starts_with("#TYPE") || text.get(..4).is_some_and(|first| first.eq_ignore_ascii_case("sep="));
    if is_apart { text.split_once('\n').map_or("", |(_, rest)| rest) } else { text }
}

/// The header's names in small letters, and what separates them.
fn header(text: &str) -> (Vec<String>, u8) {
    let line = table(text).lines().next().unwrap_or_default();
    let count = |separator: char| line.matches(separator).count();
    let separators = [(',', b','), (';', b';'), ('\t', b'\t')];
    let separator = separators.into_iter().max_by_key(|(as_char, byte)| (count(*as_char), *byte == b','));
    let (as_char, separator) = separator.unwrap_or((',', b','));
    let names =
        line.split(as_char).map(|name| name.trim().trim_matches('"').replace([' ', '_'], "").to_ascii_lowercase());
    (names.take(1000).collect(), separator)
}

/// Whether a text begins with the columns that are read, or holds in its first rows what `Export-Csv` writes for a list.
pub(super) fn is_table(text: &str) -> bool {
    const ROWS: usize = 100;
    let (names, separator) = header(text);
    let has_lists = || {
        let cells =
            |line: &str| line.split(char::from(separator)).any(|cell| cell.trim().trim_matches('"') == LIST_AS_TEXT);
        names.len() > 1 && table(text).lines().skip(1).take(ROWS).any(cells)
    };
    Columns::of(&names).is_some() || has_lists()
}

/// What is wrong where lists were written as text.
fn no_lists() -> Wrong {
    Wrong::new(
        "Export-Csv cannot write Props: System.Object[] stands in their place",
        "use ConvertTo-Json, as in the command of `cmprobe init --help`",
    )
}

/// Reads the table.
pub(super) fn read(text: &str) -> Result<Export, Wrong> {
    let (names, separator) = header(text);
    let Some(columns) = Columns::of(&names) else {
        if is_table(text) {
            return Err(no_lists());
        }
        return Err(Wrong::new(
            "the first line names no columns ServerName and RoleName",
            format!("begin with {HEADER}; the first two are needed"),
        ));
    };
    let mut reader =
        ReaderBuilder::new().delimiter(separator).flexible(true).trim(Trim::All).from_reader(table(text).as_bytes());
    let mut found = Vec::new();
    let mut row = StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                let told = format!("the row after {} cannot be read", counted(found.len(), "other"));
                return Err(Wrong::new(told, "quote what holds the separator, and double quotes within"));
            }
        }
        if row.iter().any(|cell| cell == LIST_AS_TEXT) {
            return Err(no_lists());
        }
        if found.len() == MOST_OBJECTS {
            return Err(Wrong::new(
                format!("there are more than {MOST_OBJECTS} rows"),
                "export one site's roles alone",
            ));
        }
        found.extend(role(&row, &columns).map(Found::Role));
    }
    if found.is_empty() {
        return Err(Wrong::new(
            "no site system roles in it: no row has both a server and a role",
            format!("begin with {HEADER}"),
        ));
    }
    let internet_names = columns.internet.is_some();
    Ok(Export { kind: Kind::Csv, found, scope: Scope { every_role: true, internet_names } })
}

fn role(row: &StringRecord, columns: &Columns) -> Option<RoleFact> {
    let cell = |at: usize| row.get(at).map(str::trim).filter(|cell| !cell.is_empty() && *cell != "NULL");
    let at = |column: Option<usize>| column.and_then(cell);
    // A whole NAL path ends with the server between backslashes.
    let server = cell(columns.server)?.rsplit('\\').find(|part| !part.is_empty())?;
    let mut unread = Vec::new();
    let mut not = |column: &str, written: &str, what: &str| {
        unread.push(format!("the {column} in the export is {}, which is {what}", short(written)));
    };
    let ssl_state = at(columns.ssl).and_then(|written| {
        let state = match written.to_ascii_lowercase().as_str() {
            "true" | "yes" | "https" => Some(1),
            "false" | "no" | "http" => Some(0),
            number => number.parse().ok(),
        };
        if state.is_none() {
            not("SslState", written, "no number");
        }
        state
    });
    let port = at(columns.port).and_then(|written| {
        let port = written.parse().ok();
        if port.is_none() {
            not("Port", written, "no port up to 65535");
        }
        port
    });
    let connections = at(columns.connections).and_then(|written| match written.to_ascii_lowercase().as_str() {
        "intranet" => Some(ClientConnections::Intranet),
        "internet" => Some(ClientConnections::Internet),
        "both" => Some(ClientConnections::Both),
        _ => {
            not("ClientConnections", written, "none of intranet, internet and both");
            None
        }
    });
    Some(RoleFact {
        role: cell(columns.role)?.to_owned(),
        server: Some(server.to_owned()),
        site: at(columns.site).map(str::to_owned),
        ssl_state,
        internet_fqdn: at(columns.internet).map(str::to_owned),
        port,
        connections,
        unread,
        ..RoleFact::default()
    })
}
