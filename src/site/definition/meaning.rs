//! What a definition's values mean together: names told apart, references followed, contradictions found.

mod parties;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::faults::{Cause, Faults};
use super::keys::FILE;
use super::shape::Row;
use super::words::shown;
use crate::site::fault::{Places, Position, Wrong};
use crate::site::name::HostName;
use crate::site::profile::{Profile, ProfileSource};
use crate::site::vantage::{Network, Vantage};
use crate::site::waiver::Waiver;
use crate::site::windows::WindowsVersion;
use crate::site::{Client, ClientKind, Communication, IdentitySource, SecretSource, Selection, Site, SiteKind, Trust};
use parties::Parties;

/// Understands a definition whose shape has been read. Where there are faults, what it gives is not to be used.
pub(super) fn site(file: &Row<'_>, folder: &Path, text: &str, faults: &mut Faults) -> Site {
    let about = file.row("site");
    let code = about.and_then(|about| about.text("code"));
    if let (Some(about), Some(code)) = (about, code) {
        site_code(about, code, faults);
    }
    let places = places(file, text);
    let Parties { systems, clusters, proxies, names } = parties::read(file, folder, &places, faults);
    if file.has("system") && systems.is_empty() {
        let wrong = Wrong::new("there is no [[system]]", "describe at least one site system");
        faults.add(Cause::Missing, file.place("system"), "system".to_owned(), wrong);
    }
    let path = |row: Option<&Row<'_>>, key: &str| row.and_then(|row| row.text(key)).map(|path| folder.join(path));
    let paths = |key: &str| {
        let listed = file.row("trust").map(|trust| trust.texts(key)).unwrap_or_default();
        listed.iter().map(|path| folder.join(path.value)).collect()
    };
    let declared = about.and_then(|about| about.text("profile")).and_then(Profile::parse);
    let versions = about.map(|about| about.texts("windows")).unwrap_or_default();
    Site {
        code: code.map(str::to_owned),
        name: match about.and_then(|about| about.text("name")) {
            Some(name) => name.to_owned(),
            None => format!("site {}", code.unwrap_or_default()),
        },
        profile: declared.unwrap_or(Profile::NativeMode2007),
        profile_source: declared.map_or(ProfileSource::Default, |_| ProfileSource::Declared),
        kind: match about.and_then(|about| about.text("kind")) {
            Some("secondary") => SiteKind::Secondary,
            _ => SiteKind::Primary,
        },
        communication: match about.and_then(|about| about.text("communication")) {
            Some(name) if name == Communication::EnhancedHttp.name() => Communication::EnhancedHttp,
            _ => Communication::HttpsOnly,
        },
        windows: versions.iter().filter_map(|version| WindowsVersion::parse(version.value)).collect(),
        selection: about.and_then(|about| about.row("selection")).and_then(|row| selection(row, faults)),
        clients_check_revocation: about.and_then(|about| about.flag("clients_check_revocation")).unwrap_or(true),
        legacy_clients: about.and_then(|about| about.flag("legacy_clients")).unwrap_or(false),
        trust: Trust {
            roots: paths("roots"),
            client_roots: paths("client_roots"),
            public_roots: paths("public_roots"),
            intermediates: paths("intermediates"),
        },
        signing_certificate: path(file.row("site_server"), "signing_certificate"),
        clients: clients(file, folder, &places, faults),
        vantages: vantages(file, &places, faults),
        waivers: waivers(file, &places, &names, faults),
        systems,
        clusters,
        proxies,
        places: about.map(|about| of_site(about, &places)).unwrap_or_default(),
    }
}

/// Where things stand that are spoken of after the definition has been understood: each table's heading, the roles of
/// systems, the requirements of waivers, the keys of `[site]`.
fn places(file: &Row<'_>, text: &str) -> Places {
    let tables = ["client", "vantage", "system", "cluster", "proxy", "waiver"];
    let rows = tables.into_iter().flat_map(|table| file.rows(table));
    let offsets = rows.flat_map(|row| {
        let inner = ["roles", "requirement"].into_iter().filter(|key| row.knows(key));
        inner.map(|key| row.place(key).start).chain([row.at.start])
    });
    let about = file.row("site");
    let site =
        about.into_iter().flat_map(|row| row.keys_written().map(|key| row.place(key).start).chain([row.at.start]));
    Places::of(text, offsets.chain(site))
}

fn of_site(about: &Row<'_>, places: &Places) -> Vec<(&'static str, Position)> {
    let keys = about.keys_written().map(|key| (key, places.at(about.place(key).start)));
    keys.chain([("site", places.at(about.at.start))]).collect()
}

fn selection(row: &Row<'_>, faults: &mut Faults) -> Option<Selection> {
    let (contains, attributes) = (row.text("subject_contains"), row.named("subject_attributes"));
    const ONE: &str = "write subject_contains = \"Clients\" or subject_attributes = { OU = \"Clients\" }";
    if row.written("subject_contains") && row.written("subject_attributes") {
        let wrong =
            Wrong::new("[site.selection] has both subject_contains and subject_attributes", "leave one of them");
        faults.add(Cause::Value, row.place("subject_attributes"), row.key("subject_attributes"), wrong);
    }
    if !row.written("subject_contains") && !row.written("subject_attributes") {
        faults.add(
            Cause::Missing,
            row.at.clone(),
            row.key("subject_contains"),
            Wrong::new("[site.selection] selects nothing", ONE),
        );
    }
    if row.has("subject_attributes") && attributes.is_empty() {
        let wrong = Wrong::new("subject_attributes names no attribute", ONE);
        faults.add(Cause::Missing, row.place("subject_attributes"), row.key("subject_attributes"), wrong);
    }
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    match contains {
        Some(text) => Some(Selection::SubjectContains(text.to_owned())),
        None if attributes.is_empty() => None,
        None => Some(Selection::SubjectAttributes(attributes.iter().map(owned).collect())),
    }
}

fn site_code(about: &Row<'_>, code: &str, faults: &mut Faults) {
    let problem = match code.chars().find(|c| !c.is_ascii_alphanumeric()) {
        Some(wrong) => format!("the site code {} holds {}", shown(code), shown(&wrong.to_string())),
        None if code.len() != 3 => format!("the site code {} has {} characters", shown(code), code.len()),
        None => return,
    };
    let wrong = Wrong::new(problem, "a site code is three letters or digits, case as in the console");
    faults.add(Cause::Value, about.place("code"), about.key("code"), wrong);
}

fn clients(file: &Row<'_>, folder: &Path, places: &Places, faults: &mut Faults) -> Vec<Client> {
    let mut taken = Taken::new("client");
    let read = |row: &Row<'_>| {
        let path = |key: &str| row.text(key).map(|path| folder.join(path));
        let name: Arc<str> = taken.take(row, faults);
        let mut against = |key: &str, message: String, hint: &str| {
            faults.add(Cause::Value, row.place(key), row.key(key), Wrong::new(message, hint));
        };
        const EITHER: &str = "give either pfx, or certificate and key";
        if row.written("pfx") {
            for key in ["certificate", "key"].into_iter().filter(|key| row.written(key)) {
                against(key, format!("the client {} has both pfx and {key}", shown(&name)), EITHER);
            }
        } else if !row.written("certificate") {
            if row.written("key") {
                against("key", format!("the client {} has a key without a certificate", shown(&name)), EITHER);
            } else {
                let wrong = Wrong::new(format!("the client {} has no certificate", shown(&name)), EITHER);
                faults.add(Cause::Missing, row.at.clone(), row.key("pfx"), wrong);
            }
        }
        if row.written("password_env") && row.written("password_file") {
            let wrong = Wrong::new(
                format!("the client {} has both password_env and password_file", shown(&name)),
                "leave one of them",
            );
            faults.add(Cause::Value, row.place("password_file"), row.key("password_file"), wrong);
        }
        if row.text("password_env").is_some_and(|variable| variable.contains('=')) {
            // Not shown: it may be the password itself.
            let wrong = Wrong::new(
                format!("password_env of the client {} is no environment variable's name", shown(&name)),
                "give the variable's name alone, as in password_env = \"CMPROBE_WORKSTATION\"; never its value",
            );
            faults.add(Cause::Value, row.place("password_env"), row.key("password_env"), wrong);
        }
        Client {
            name,
            kind: row
                .text("kind")
                .and_then(|name| ClientKind::ALL.into_iter().find(|kind| kind.name() == name))
                .unwrap_or(ClientKind::Computer),
            source: match path("pfx") {
                Some(pfx) => IdentitySource::Pfx(pfx),
                None => IdentitySource::Pair { certificate: path("certificate").unwrap_or_default(), key: path("key") },
            },
            secret: match row.text("password_env") {
                Some(variable) => Some(SecretSource::Environment(variable.to_owned())),
                None => path("password_file").map(SecretSource::File),
            },
            defined_at: places.at(row.at.start),
        }
    };
    file.rows("client").iter().map(read).collect()
}

fn vantages(file: &Row<'_>, places: &Places, faults: &mut Faults) -> Vec<Vantage> {
    let mut taken = Taken::new("vantage");
    let vantages: Vec<Vantage> =
        file.rows("vantage").iter().map(|row| vantage(row, places, &mut taken, faults)).collect();
    if vantages.is_empty() { vec![Vantage::new("intranet", Network::Intranet)] } else { vantages }
}

fn vantage(row: &Row<'_>, places: &Places, taken: &mut Taken, faults: &mut Faults) -> Vantage {
    let name = taken.take(row, faults);
    let network = match row.text("network") {
        Some("internet") => Network::Internet,
        None if name.eq_ignore_ascii_case("internet") => Network::Internet,
        _ => Network::Intranet,
    };
    let mut pinned = HashSet::new();
    let hosts = row.pins("hosts").iter().map(|(host, addresses)| {
        let name = HostName::new(host.value);
        if !pinned.insert(name.clone()) {
            let wrong = Wrong::new(format!("{} is pinned twice", shown(host.value)), "put its addresses into one list");
            faults.add(Cause::Value, host.at.clone(), row.key("hosts"), wrong);
        }
        (name, addresses.clone())
    });
    let hosts = hosts.collect();
    if row.written("no_proxy") && !row.written("proxy") && !row.empty("no_proxy") {
        let wrong = Wrong::new(
            format!("the vantage {} has a no_proxy without a proxy", shown(&name)),
            "name the proxy, or leave no_proxy out",
        );
        faults.add(Cause::Missing, row.place("no_proxy"), row.key("no_proxy"), wrong);
    }
    Vantage {
        dns: row.name_servers("dns").to_vec(),
        private_addresses: row.flag("private_addresses").unwrap_or(false),
        hosts,
        source: row.address("source_ip"),
        proxy: row.http_proxy("proxy").map(str::to_owned),
        no_proxy: row.exceptions("no_proxy").to_vec(),
        defined_at: places.at(row.at.start),
        ..Vantage::new(name, network)
    }
}

fn waivers(file: &Row<'_>, places: &Places, names: &parties::Names, faults: &mut Faults) -> Vec<Waiver> {
    let read = |row: &Row<'_>| {
        let system = row.text("system").map(|system| match names.find(system) {
            Some((_, name)) => name.to_string(),
            None => {
                let message = format!("the waiver is for {}, which is not there", shown(system));
                let wrong = names.unknown(&message, system, faults);
                faults.add(Cause::Missing, row.place("system"), row.key("system"), wrong);
                system.to_owned()
            }
        });
        Waiver {
            requirement: row.text("requirement").unwrap_or_default().to_owned(),
            system,
            reason: row.text("reason").unwrap_or_default().to_owned(),
            until: row.date("until"),
            at: places.at(row.place("requirement").start),
            defined_at: places.at(row.at.start),
        }
    };
    file.rows("waiver").iter().map(read).collect()
}

/// Names of one kind of table, told apart without case.
struct Taken {
    table: &'static str,
    names: HashSet<String>,
}

impl Taken {
    fn new(table: &'static str) -> Self {
        Self { table, names: HashSet::new() }
    }

    /// The row's name, which nothing else of the kind may have.
    fn take(&mut self, row: &Row<'_>, faults: &mut Faults) -> Arc<str> {
        let name = row.text("name").unwrap_or_default();
        if !name.is_empty() && !self.names.insert(name.to_lowercase()) {
            let heading = FILE.key(self.table).map_or(self.table, |key| key.name);
            let wrong = Wrong::new(
                format!("a [[{heading}]] called {} is there already", shown(name)),
                "give each a name of its own; case does not tell them apart",
            );
            faults.add(Cause::Value, row.place("name"), row.key("name"), wrong);
        }
        name.into()
    }
}
