//! What a definition's values mean together: names told apart, references followed, contradictions found.

mod parties;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::faults::{Cause, Faults};
use super::keys::FILE;
use super::shape::{At, Row, shown};
use crate::site::fault::{Ruler, Wrong};
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::vantage::{Network, Vantage};
use crate::site::waiver::Waiver;
use crate::site::{Client, ClientKind, IdentitySource, SecretSource, Site, SiteKind, Trust};
use parties::Parties;

/// Understands a definition whose shape has been read. Where there are faults, what it gives is not to be used.
pub(super) fn site(file: &Row<'_>, folder: &Path, text: &str, faults: &mut Faults) -> Site {
    let about = file.row("site");
    let code = about.and_then(|about| about.text("code"));
    if let (Some(about), Some(code)) = (about, code) {
        site_code(about, code, faults);
    }
    let Parties { systems, clusters, proxies, names } = parties::read(file, folder, faults);
    if file.has("system") && systems.is_empty() {
        let wrong = Wrong::new("there is no [[system]]", "describe at least one site system");
        faults.add(Cause::Missing, file.place("system"), "system".to_owned(), wrong);
    }
    let path = |row: Option<&Row<'_>>, key: &str| row.and_then(|row| row.text(key)).map(|path| folder.join(path));
    let paths = |key: &str| {
        let listed = file.row("trust").map(|trust| trust.texts(key)).unwrap_or_default();
        listed.iter().map(|path| folder.join(path.value)).collect()
    };
    Site {
        code: code.map(str::to_owned),
        name: match about.and_then(|about| about.text("name")) {
            Some(name) => name.to_owned(),
            None => format!("site {}", code.unwrap_or_default()),
        },
        profile: match about.and_then(|about| about.text("profile")) {
            Some(name) if name == Profile::CurrentBranch.name() => Profile::CurrentBranch,
            _ => Profile::NativeMode2007,
        },
        kind: match about.and_then(|about| about.text("kind")) {
            Some("secondary") => SiteKind::Secondary,
            _ => SiteKind::Primary,
        },
        clients_check_revocation: about.and_then(|about| about.flag("clients_check_revocation")).unwrap_or(true),
        legacy_clients: about.and_then(|about| about.flag("legacy_clients")).unwrap_or(false),
        trust: Trust {
            roots: paths("roots"),
            client_roots: paths("client_roots"),
            intermediates: paths("intermediates"),
        },
        signing_certificate: path(file.row("site_server"), "signing_certificate"),
        clients: clients(file, folder, faults),
        vantages: vantages(file, faults),
        waivers: waivers(file, text, &names, faults),
        systems,
        clusters,
        proxies,
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

fn clients(file: &Row<'_>, folder: &Path, faults: &mut Faults) -> Vec<Client> {
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
            kind: match row.text("kind") {
                Some("mobile-device") => ClientKind::MobileDevice,
                Some("deployment") => ClientKind::Deployment,
                _ => ClientKind::Computer,
            },
            source: match path("pfx") {
                Some(pfx) => IdentitySource::Pfx(pfx),
                None => IdentitySource::Pair { certificate: path("certificate").unwrap_or_default(), key: path("key") },
            },
            secret: match row.text("password_env") {
                Some(variable) => Some(SecretSource::Environment(variable.to_owned())),
                None => path("password_file").map(SecretSource::File),
            },
        }
    };
    file.rows("client").iter().map(read).collect()
}

fn vantages(file: &Row<'_>, faults: &mut Faults) -> Vec<Vantage> {
    let mut taken = Taken::new("vantage");
    let vantages: Vec<Vantage> = file.rows("vantage").iter().map(|row| vantage(row, &mut taken, faults)).collect();
    if vantages.is_empty() { vec![Vantage::new("intranet", Network::Intranet)] } else { vantages }
}

fn vantage(row: &Row<'_>, taken: &mut Taken, faults: &mut Faults) -> Vantage {
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
    Vantage {
        dns: row.name_servers("dns").to_vec(),
        private_addresses: row.flag("private_addresses").unwrap_or(false),
        hosts,
        source: row.address("source_ip"),
        proxy: row.http_proxy("proxy").map(str::to_owned),
        ..Vantage::new(name, network)
    }
}

fn waivers(file: &Row<'_>, text: &str, names: &parties::Names, faults: &mut Faults) -> Vec<Waiver> {
    let mut ruler = Ruler::new(text);
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
            at: ruler.position(row.place("requirement").start),
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

/// The items of a list that stand there a second time.
fn repeated<'a, 'd>(items: &'a [At<&'d str>]) -> impl Iterator<Item = &'a At<&'d str>> {
    let mut seen = HashSet::new();
    items.iter().filter(move |item| !seen.insert(item.value.to_lowercase()))
}
