//! Puts facts together: the site that is meant, its servers each once, their roles by what the console says of HTTPS.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CHECKS_REVOCATION, CONTROL_MANAGER, ComponentFact, ENHANCED_HTTP, Found, Idle, Inventory, ListedFact, Release,
    RoleFact, SITE_COMPONENT_MANAGER, Scope, SiteType, System,
};
use crate::certificate::Certificate;
use crate::import::Export;
use crate::import::role::{Becomes, CONSOLE, becomes, of_definition};
use crate::import::shown::short;
use crate::site::ClientConnections;
use crate::site::fault::Wrong;
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::suggestion::nearest;
use crate::site::vantage::Network;
use crate::wire::der::Der;

/// How many things are told of an export as a whole.
const MOST_REMARKS: usize = 50;
/// The shortest role's name that another is compared with: of two or three letters each is near to the next.
const SHORTEST: usize = 5;
/// How many names that are no host's are told.
const UNNAMED: usize = 3;

/// How long a computer's name may be.
const LONGEST_NETBIOS: usize = 15;
pub(super) fn merge(exports: Vec<Export>, source: &str, wanted: Option<&str>) -> Result<Inventory, Wrong> {
    let mut scope = Scope { every_role: false, internet_names: false };
    let mut facts = Vec::new();
    for export in exports {
        scope.every_role |= export.scope.every_role;
        scope.internet_names |= export.scope.internet_names;
        facts.extend(export.found);
    }
    let code = chosen(&facts, wanted)?;
    let mut inventory = Inventory {
        source: source.to_owned(),
        code: code.clone(),
        site_type: None,
        release: None,
        only_in_2007: only_in_2007(&facts),
        checks_revocation: None,
        enhanced_http: false,
        systems: Vec::new(),
        others: Vec::new(),
        remarks: Vec::new(),
        roles: 0,
        scope,
    };
    let mut servers = Servers::default();
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    let mut site_port = None;
    let is_of_site = |site: &Option<String>| match (site, &code) {
        (Some(site), Some(code)) => site.eq_ignore_ascii_case(code),
        (None, _) | (_, None) => true,
    };
    for fact in &facts {
        match fact {
            Found::Component(component) if is_of_site(&component.site) => {
                take_component(component, &mut inventory, &mut site_port);
            }
            Found::Role(role) if is_of_site(&role.site) => {
                take_site_type(role, &mut inventory);
                take_role(role, &mut servers, &mut inventory, &mut others);
            }
            Found::Listed(listed) if is_of_site(&listed.site) => take_listed(listed, &mut servers, &mut inventory),
            Found::Component(_) | Found::Role(_) | Found::Listed(_) => {}
        }
    }
    if inventory.site_type == Some(SiteType::Central) {
        return Err(Wrong::new(
            format!("site {} is a central administration site: it has no clients", code.unwrap_or_default()),
            "export a primary site, or choose one by --site-code",
        ));
    }
    if servers.unnamed > 0 {
        let mut words = match servers.unnamed {
            1 => "1 role is left out: its server has no name that could be a host's".to_owned(),
            several => format!("{several} roles are left out: their servers have no names that could be hosts'"),
        };
        if !servers.names.is_empty() {
            words.push_str(&format!(": {}", servers.names.join(", ")));
        }
        inventory.remarks.push(words);
    }
    inventory.others = others.into_iter().collect();
    inventory.systems = servers.finish(&inventory, site_port);
    if !inventory.systems.iter().any(System::is_judged) {
        let idle: BTreeSet<&str> =
            inventory.systems.iter().flat_map(|system| &system.idle).map(|idle| idle.why.as_str()).take(3).collect();
        let told = if let (true, Some(remark)) = (idle.is_empty(), inventory.remarks.last()) {
            format!("no role in it can be judged: {remark}")
        } else if idle.is_empty() {
            "no role in it is one cmprobe judges".to_owned()
        } else {
            format!("no role in it can be judged: {}", idle.into_iter().collect::<Vec<_>>().join("; "))
        };
        return Err(Wrong::new(told, "export SMS_SCI_SysResUse of a site whose roles use HTTPS"));
    }
    Ok(inventory)
}

/// The code of the site that is meant; `None`: nothing names one, and none was given.
fn chosen(facts: &[Found], wanted: Option<&str>) -> Result<Option<String>, Wrong> {
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    let mut central = BTreeSet::new();
    for fact in facts {
        let site = match fact {
            Found::Role(role) => &role.site,
            Found::Listed(listed) => &listed.site,
            Found::Component(_) => &None,
        };
        let Some(site) = site.as_deref().filter(|site| is_code(site)) else { continue };
        *codes.entry(site.to_owned()).or_default() += 1;
        if matches!(fact, Found::Role(role) if role.site_type == Some(4)) {
            central.insert(site.to_owned());
        }
    }
    let listed = |codes: &BTreeMap<String, usize>| {
        let each = codes.iter().take(50).map(|(code, count)| format!("{code} ({count})"));
        each.collect::<Vec<_>>().join(", ")
    };
    if let Some(wanted) = wanted {
        let found = codes.keys().find(|code| code.as_str() == wanted);
        let found = found.or_else(|| codes.keys().find(|code| code.eq_ignore_ascii_case(wanted)));
        return match found {
            Some(code) => Ok(Some(code.clone())),
            None if codes.is_empty() => Ok(Some(wanted.to_owned())),
            None => Err(Wrong::new(
                format!("there is nothing of site {wanted} in it"),
                format!("its sites and their roles: {}", listed(&codes)),
            )),
        };
    }
    let with_clients: BTreeMap<String, usize> =
        codes.iter().filter(|(code, _)| !central.contains(*code)).map(|(code, count)| (code.clone(), *count)).collect();
    match with_clients.len() {
        0 => Ok(codes.into_keys().next()),
        1 => Ok(with_clients.into_keys().next()),
        _ => Err(Wrong::new(
            format!("it is of several sites: {}", listed(&with_clients)),
            "choose one by --site-code; each is a definition of its own",
        )),
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn take_component(component: &ComponentFact, inventory: &mut Inventory, site_port: &mut Option<u16>) {
    let is = |name: &str| component.name.eq_ignore_ascii_case(name);
    if is(CONTROL_MANAGER)
        && let Some(list) = component.properties.text("IISSSLPortsList")
    {
        let ports: Vec<u16> = list.split([',', ';', ' ']).filter_map(|port| port.trim().parse().ok()).collect();
        if let Some(first) = ports.first().filter(|port| **port != 0) {
            *site_port = Some(*first);
        }
        if ports.len() > 1 {
            let more = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
            inventory.remarks.push(format!("clients are told the HTTPS ports {more}; the first is taken"));
        }
    }
    if is(SITE_COMPONENT_MANAGER)
        && let Some(state) = component.properties.number("IISSSLState")
    {
        inventory.checks_revocation = Some(state & CHECKS_REVOCATION != 0);
        inventory.enhanced_http = state & ENHANCED_HTTP != 0;
    }
}

/// A role that sites of 2007 alone have, where the export has one.
fn only_in_2007(facts: &[Found]) -> Option<Role> {
    facts.iter().find_map(|fact| match fact {
        Found::Role(role) => {
            let role = becomes(&role.role).and_then(Becomes::role_name).and_then(of_definition)?;
            (role.only_in() == Some(Profile::NativeMode2007)).then_some(role)
        }
        Found::Component(_) | Found::Listed(_) => None,
    })
}

/// The role that a name nothing is known of is nearest to.
fn misspelt(role: &str) -> Option<&'static str> {
    let of_console = CONSOLE.iter().filter_map(|(console, becomes)| Some((*console, becomes.role_name()?)));
    let shown = of_console.flat_map(|(console, word)| [Some(console), console.strip_prefix("SMS "), Some(word)]);
    let of_definition = Role::ALL.into_iter().map(Role::name);
    nearest(&role.to_ascii_lowercase(), shown.flatten().chain(of_definition).filter(|name| name.len() > SHORTEST))
}

fn take_site_type(role: &RoleFact, inventory: &mut Inventory) {
    let said = match role.site_type {
        Some(1) => SiteType::Secondary,
        Some(2) => SiteType::Primary,
        Some(4) => SiteType::Central,
        Some(_) | None => return,
    };
    inventory.site_type.get_or_insert(said);
}

fn take_role(fact: &RoleFact, servers: &mut Servers, inventory: &mut Inventory, others: &mut BTreeMap<String, usize>) {
    let Some(known) = becomes(&fact.role) else {
        // A role's name is the product's, but only if it is written as one.
        let is_name = fact.role.len() <= 64 && fact.role.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
        // A misspelt role would lose its server.
        if let Some(meant) = misspelt(&fact.role) {
            let server = short(fact.server.as_deref().unwrap_or_default().trim().trim_matches('\\'));
            let words = format!(
                "TODO {server} is a {}, which is no role; if {meant} is meant, write its table",
                short(&fact.role)
            );
            if inventory.remarks.len() < MOST_REMARKS && !inventory.remarks.contains(&words) {
                inventory.remarks.push(words);
            }
        }
        *others.entry(if is_name { fact.role.clone() } else { "unnamed".to_owned() }).or_default() += 1;
        return;
    };
    let Some(server) = servers.find(fact.server.as_deref()) else { return };
    let public = fact.properties.text("Server Remote Public Name").or(fact.internet_fqdn.as_deref());
    if let Some(public) = public.filter(|name| !name.is_empty()) {
        server.internet(public);
    }
    let mut judge = |word: &'static str, https: Https| {
        inventory.roles += 1;
        server.role(word, https, fact);
    };
    match known {
        Becomes::Server => {}
        Becomes::Plain(word) | Becomes::Always(word) => judge(word, Https::Yes),
        Becomes::Judged(word) => {
            let https = https_of(word, fact);
            judge(word, https);
        }
        Becomes::Comment(why) => {
            inventory.roles += 1;
            server.idle(why);
        }
        Becomes::Unjudged(role) => {
            inventory.roles += 1;
            server.idle(&format!("{}, not judged: {}", role.name(), role.reason()));
        }
    }
}

/// Whether a role uses HTTPS.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Https {
    Yes,
    /// With what says so.
    No(String),
    Unsaid,
}

fn https_of(word: &str, fact: &RoleFact) -> Https {
    let of_update_point = fact.properties.number("SSLWSUS").filter(|_| word == Role::SoftwareUpdatePoint.name());
    let of_distribution_point = fact.properties.number("SslState").filter(|_| word == Role::DistributionPoint.name());
    match (of_update_point, of_distribution_point) {
        (Some(0), _) => return Https::No("SSLWSUS 0".into()),
        (Some(_), _) => return Https::Yes,
        (None, Some(0)) => return Https::No("SslState 0".into()),
        (None, Some(bits)) if has_https(bits) => return Https::Yes,
        (None, Some(_) | None) => {}
    }
    match fact.ssl_state {
        Some(1 | 3) => Https::Yes,
        Some(state @ (0 | 4)) => Https::No(format!("SslState {state}")),
        Some(bits) if has_https(bits) => Https::Yes,
        Some(_) | None => Https::Unsaid,
    }
}

/// Whether an `SslState` that is made of bits has that of HTTPS: 63 has all of them, 31 all but the one of revocation
/// lists; 32 or 1024 by itself says nothing of HTTPS.
const fn has_https(bits: i64) -> bool {
    bits > 0 && bits & 1 != 0
}

/// Which clients a role says connect to it.
fn connections_of(fact: &RoleFact) -> Option<ClientConnections> {
    let flag = |name: &str| fact.properties.number(name).map(|value| value != 0);
    let facing = flag("MPInternetFacing").or_else(|| flag("IsINF"));
    let inside = flag("MPIntranetFacing").or_else(|| flag("IsIntranet"));
    match (inside, facing) {
        (None, None) => fact.connections,
        (inside, Some(true)) if inside.unwrap_or(false) => Some(ClientConnections::Both),
        (_, Some(true)) => Some(ClientConnections::Internet),
        (_, Some(false) | None) => Some(ClientConnections::Intranet),
    }
}

fn take_listed(fact: &ListedFact, servers: &mut Servers, inventory: &mut Inventory) {
    if let Some(build) = fact.build {
        let newer = inventory.release.is_none_or(|known| known.build < build);
        if inventory.release.is_some_and(|known| known.profile() != (Release { build }).profile()) {
            let words = "management points of different releases are named; the newest decides the profile";
            if !inventory.remarks.iter().any(|remark| remark == words) {
                inventory.remarks.push(words.into());
            }
        }
        if newer {
            inventory.release = Some(Release { build });
        }
    }
    inventory.roles += 1;
    let https = match fact.uses_https {
        Some(true) => Https::Yes,
        Some(false) => Https::No("SSLState 0".into()),
        None => Https::Unsaid,
    };
    let role = RoleFact { port: fact.port, ..RoleFact::default() };
    if let Some(server) = servers.find(fact.server.as_deref()) {
        server.role(Role::ManagementPoint.name(), https, &role);
    }
    if let Some(name) = &fact.fallback_status_point
        && let Some(server) = servers.find(Some(name))
    {
        server.role(Role::FallbackStatusPoint.name(), Https::Yes, &RoleFact::default());
    }
    if let Some(der) = &fact.signing_certificate {
        let certificate = Certificate::read(&Der::from(der.as_slice()));
        if let Some(facts) = certificate.facts() {
            // The directory is read by everybody in the forest, but it is written by few; all the same, no line breaks.
            let subject: String = certificate.subject_text().chars().filter(|c| !c.is_control()).take(200).collect();
            let words =
                format!("the site signs with the certificate {subject}, which ends on {}", facts.not_after.0.date());
            if !inventory.remarks.contains(&words) {
                inventory.remarks.push(words);
            }
        }
    }
}

/// The servers met so far.
#[derive(Default)]
struct Servers {
    by_key: BTreeMap<String, Server>,
    unnamed: usize,
    /// Some of what they are called.
    names: Vec<String>,
}

impl Servers {
    /// The server of this name: an FQDN, or a computer's name alone, which is that of an FQDN seen before or later.
    fn find(&mut self, written: Option<&str>) -> Option<&mut Server> {
        let written = written.map(|name| name.trim().trim_matches('\\').trim_end_matches('.')).unwrap_or_default();
        let is_name = !written.is_empty()
            && written.len() <= 253
            && written.split('.').all(|label| !label.is_empty())
            && written.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if !is_name {
            self.unnamed += 1;
            if self.names.len() < UNNAMED && !written.is_empty() {
                add(&mut self.names, short(written));
            }
            return None;
        }
        let key = written.to_ascii_lowercase();
        Some(self.by_key.entry(key.clone()).or_insert_with(|| Server { written: key, ..Server::default() }))
    }

    fn finish(mut self, inventory: &Inventory, site_port: Option<u16>) -> Vec<System> {
        let short: Vec<String> = self.by_key.keys().filter(|key| !key.contains('.')).cloned().collect();
        for key in short {
            let start = format!("{key}.");
            let after = self.by_key.range(start.clone()..).map(|(other, _)| other);
            let full: Vec<String> = after.take_while(|other| other.starts_with(&start)).take(2).cloned().collect();
            if let [one] = full.as_slice()
                && let (Some(alone), Some(full)) = (self.by_key.remove(&key), self.by_key.get_mut(one))
            {
                full.join(alone);
            }
        }
        let mut taken = BTreeMap::new();
        let servers = self.by_key.into_values().filter(|server| !server.roles.is_empty() || !server.idle.is_empty());
        servers.map(|server| server.finish(inventory, site_port, &mut taken)).collect()
    }
}

/// A server in the making.
#[derive(Default)]
struct Server {
    written: String,
    internet: Vec<String>,
    roles: Vec<Held>,
    idle: Vec<Idle>,
    /// What was written of it and could not be read.
    unread: Vec<String>,
}

/// A role it holds, by all that is said of it.
struct Held {
    word: &'static str,
    https: Vec<Https>,
    connections: Vec<ClientConnections>,
    ports: Vec<u16>,
}

impl Server {
    fn internet(&mut self, name: &str) {
        let written = name;
        let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
        if HostName::new(&name).syntax_fault().is_some() {
            let words = format!("the Internet FQDN in the export is {}, which is no name", short(written));
            add(&mut self.unread, words);
        } else if !self.internet.contains(&name) {
            self.internet.push(name);
        }
    }

    fn role(&mut self, word: &'static str, https: Https, fact: &RoleFact) {
        let at = match self.roles.iter().position(|held| held.word == word) {
            Some(at) => at,
            None => {
                self.roles.push(Held { word, https: Vec::new(), connections: Vec::new(), ports: Vec::new() });
                self.roles.len() - 1
            }
        };
        let Some(held) = self.roles.get_mut(at) else { return };
        add(&mut held.https, https);
        if let Some(connections) = connections_of(fact) {
            add(&mut held.connections, connections);
        }
        fact.unread.iter().for_each(|words| add(&mut self.unread, words.clone()));
        let written = fact.properties.number("WSUSIISSSLPort");
        let own = written.and_then(|port| u16::try_from(port).ok());
        if let (Some(written), None) = (written, own) {
            let words = format!("the WSUSIISSSLPort in the export is {written}, which is no port up to 65535");
            add(&mut self.unread, words);
        }
        if let Some(port) =
            own.filter(|_| word == Role::SoftwareUpdatePoint.name()).or(fact.port).filter(|port| *port != 0)
        {
            add(&mut held.ports, port);
        }
    }

    fn idle(&mut self, why: &str) {
        add(&mut self.idle, Idle { role: None, why: why.to_owned() });
    }

    /// Takes in what was said of the same computer under its short name.
    fn join(&mut self, other: Self) {
        self.internet.extend(other.internet);
        for held in other.roles {
            match self.roles.iter_mut().find(|own| own.word == held.word) {
                Some(own) => {
                    held.https.into_iter().for_each(|one| add(&mut own.https, one));
                    held.connections.into_iter().for_each(|one| add(&mut own.connections, one));
                    held.ports.into_iter().for_each(|one| add(&mut own.ports, one));
                }
                None => self.roles.push(held),
            }
        }
        other.idle.into_iter().for_each(|one| add(&mut self.idle, one));
        other.unread.into_iter().for_each(|one| add(&mut self.unread, one));
    }

    fn finish(mut self, inventory: &Inventory, site_port: Option<u16>, taken: &mut BTreeMap<String, usize>) -> System {
        let mut remarks: Vec<String> = self.unread.iter().map(|words| format!("TODO {words}")).collect();
        let intranet_fqdn = self.written.contains('.').then(|| HostName::new(&self.written));
        if intranet_fqdn.is_none() {
            remarks.push(
                "no FQDN in the export: clients dial the computer's name. TODO intranet_fqdn, if it has one".into(),
            );
        }
        let name = self.name(&mut remarks, taken);
        let internet_fqdn = self.internet.first().map(|name| HostName::new(name));
        if self.internet.len() > 1 {
            remarks.push(format!("TODO the exports name two Internet FQDNs: {}", self.internet.join(", ")));
        }
        let (mut roles, mut said, mut unsaid) = (Vec::new(), Vec::new(), Vec::new());
        let (mut https_port, mut update_port) = (None, None);
        for held in std::mem::take(&mut self.roles) {
            let Some(role) = held.role(inventory) else {
                add(&mut self.idle, Idle { role: None, why: format!("{}: not judged by this version", held.word) });
                continue;
            };
            if let Some(other) = role.only_in().filter(|only| *only != inventory.profile()) {
                add(
                    &mut self.idle,
                    Idle { role: None, why: format!("{}, judged in {} only", held.word, other.name()) },
                );
                continue;
            }
            // With enhanced HTTP the console says HTTP, and port 443 has a certificate the site makes.
            let enhanced = inventory.enhanced_http && matches!(role, Role::ManagementPoint | Role::DistributionPoint);
            match held.https() {
                Https::No(why) if enhanced => {
                    remarks.push(format!("{}: {why} in the console; enhanced HTTP", held.word));
                }
                Https::No(why) => {
                    let words = format!("{}, HTTP only ({why})", held.word);
                    add(&mut self.idle, Idle { role: Some(role.name()), why: words });
                    continue;
                }
                Https::Unsaid => {
                    remarks.push(format!("TODO the export does not say whether the {} uses HTTPS", held.word));
                }
                Https::Yes => {}
            }
            if !enhanced && held.https.iter().any(|one| matches!(one, Https::No(_))) {
                remarks.push(format!("TODO the exports disagree on whether the {} uses HTTPS", held.word));
            }
            if role.uses_https() && role.serves(Network::Internet) {
                match held.connections.first() {
                    Some(first) => said.push((role, *first)),
                    None => unsaid.push(role),
                }
                if held.connections.len() > 1 {
                    remarks.push(format!("TODO the exports disagree on which clients the {} accepts", held.word));
                }
            }
            match (role, held.ports.first()) {
                (Role::SoftwareUpdatePoint, port) => update_port = port.copied(),
                (_, Some(port)) => https_port = https_port.or(Some(*port)),
                (_, None) => {}
            }
            if held.ports.len() > 1 {
                remarks.push(format!("TODO the exports name several ports of the {}", held.word));
            }
            roles.push(role);
        }
        roles.sort_unstable();
        let uses_site_port =
            roles.iter().any(|role| role.presents_web_server_certificate() && *role != Role::SoftwareUpdatePoint);
        let connections = connections(&said, &unsaid, internet_fqdn.is_some(), &mut remarks);
        System {
            name,
            intranet_fqdn,
            internet_fqdn,
            connections,
            roles,
            https_port: https_port.or(site_port).filter(|_| uses_site_port),
            update_port,
            idle: self.idle,
            remarks,
        }
    }

    /// The computer's name: the first label, as NetBIOS has it, and no other's.
    fn name(&self, remarks: &mut Vec<String>, taken: &mut BTreeMap<String, usize>) -> String {
        let is_address = self.written.parse::<std::net::Ipv4Addr>().is_ok();
        if is_address {
            remarks.push("TODO its name and FQDN: the export has an address in their place".into());
        }
        let label = if is_address { Some(self.written.as_str()) } else { self.written.split('.').next() };
        let label = label.unwrap_or_default().to_ascii_uppercase();
        let mut name: String = label.chars().take(LONGEST_NETBIOS).collect();
        if let Some(others) = taken.get(&name).copied() {
            remarks.push(format!("TODO its NetBIOS name: another system has {name} already"));
            // Room for five more characters: there are 20,000 of one name at the most.
            let stem: String = name.chars().take(LONGEST_NETBIOS - 6).collect();
            let free = (others + 1..).map(|n| (n, format!("{stem}-{n}"))).find(|(_, name)| !taken.contains_key(name));
            if let Some((n, free)) = free {
                taken.insert(name, n);
                name = free;
            }
        } else if label.len() > LONGEST_NETBIOS {
            remarks.push("TODO its NetBIOS name: the FQDN's first label is longer than one".into());
        }
        taken.entry(name.clone()).or_insert(1);
        name
    }
}

impl Held {
    /// What is said of HTTPS: that it is used, where any export says so.
    fn https(&self) -> Https {
        let says = |one: &Https| self.https.contains(one);
        if says(&Https::Yes) {
            return Https::Yes;
        }
        self.https.iter().find(|one| matches!(one, Https::No(_))).cloned().unwrap_or(Https::Unsaid)
    }

    /// The definition's role.
    fn role(&self, inventory: &Inventory) -> Option<Role> {
        let role = of_definition(self.word)?;
        let of_2007 = inventory.profile() == Profile::NativeMode2007;
        let is_proxy = role == Role::ManagementPoint && of_2007 && inventory.site_type == Some(SiteType::Secondary);
        Some(if is_proxy { Role::ProxyManagementPoint } else { role })
    }
}

/// Which clients a system accepts, by what its roles say: a definition has it once for all of them.
fn connections(
    said: &[(Role, ClientConnections)],
    unsaid: &[Role],
    has_internet_fqdn: bool,
    remarks: &mut Vec<String>,
) -> Option<ClientConnections> {
    let (_, first) = said.first()?;
    if said.iter().all(|(_, one)| one == first) {
        if !unsaid.is_empty() && *first != ClientConnections::Both && has_internet_fqdn {
            let names: Vec<&str> = unsaid.iter().map(|role| role.name()).collect();
            remarks.push(format!("TODO the export does not say which clients the {} accepts", names.join(", ")));
        }
        return Some(*first);
    }
    let each: Vec<String> = said.iter().map(|(role, one)| format!("{role} {}", word(*one))).collect();
    remarks.push(format!("TODO its roles accept different clients: {}", each.join(", ")));
    Some(ClientConnections::Both)
}

/// The definition's word.
pub(in crate::import) const fn word(connections: ClientConnections) -> &'static str {
    match connections {
        ClientConnections::Intranet => "intranet",
        ClientConnections::Internet => "internet",
        ClientConnections::Both => "both",
    }
}

/// Adds what is not there yet.
fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
