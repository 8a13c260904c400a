//! From a site to what will be probed. Every rule that decides what is dialled from where, and what is asked there,
//! stands here; nothing is decided later.

mod offers;
mod subjects;

use std::collections::HashSet;
use std::sync::Arc;

use super::fetch;
use super::{LeftOut, Lookup, Plan, Question, Target, TargetId};
use crate::plan::engine::EngineId;
use crate::plan::expectation::Expectation;
use crate::site::name::HostName;
use crate::site::profile::Profile;
use crate::site::role::Role;
use crate::site::vantage::{Network, Vantage};
use crate::site::{ClientConnections, Site};
use offers::Asked;
use offers::is_address;
pub(crate) use offers::update_point_twin;
pub use offers::{Offers, declared_windows};
use subjects::{Index, Subject, cluster_ports, subjects};

/// What the command line narrows or adds.
#[derive(Clone, Debug)]
pub struct Options {
    /// Vantages to stand at, by name; empty: all.
    pub vantages: Vec<String>,
    /// Roles or systems to probe, by name; empty: all.
    pub only: Vec<String>,
    /// Whether requests are made after handshakes.
    pub http: bool,
    /// Whether a stranger's certificate is presented.
    pub stranger: bool,
    /// Whether each protocol version is offered by itself.
    pub tls_versions: bool,
    /// Whether what tells that a certificate is revoked is fetched.
    pub revocation: bool,
    /// The only engine to use.
    pub engine: Option<EngineId>,
    /// Another server name than the one dialled, or none.
    pub server_name: ServerName,
}

/// The server name sent with every offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ServerName {
    /// The name dialled.
    #[default]
    Dialled,
    /// None.
    Off,
    /// This one.
    Other(String),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            vantages: Vec::new(),
            only: Vec::new(),
            http: true,
            stranger: true,
            tls_versions: true,
            revocation: true,
            engine: None,
            server_name: ServerName::Dialled,
        }
    }
}

impl Plan {
    /// Everything to probe of a site, in the order of vantages, then of the definition.
    pub fn of(site: &Site, options: &Options) -> Self {
        let mut plan = Self::default();
        let offers = Offers::new(site, options);
        let index = Index::of(site);
        let mut ids = HashSet::new();
        for vantage in &site.vantages {
            if !chosen(&options.vantages, &vantage.name) {
                plan.left_out.push(LeftOut {
                    what: format!("vantage {}", vantage.name),
                    why: "not among the vantages chosen".into(),
                });
                continue;
            }
            for subject in subjects(&index, vantage) {
                plan.add(vantage, &subject, &offers, options, &mut ids);
            }
            plan.add_hidden_names(site, vantage, options);
            plan.add_service_records(site, vantage, options);
        }
        plan.note_not_dialled(site);
        plan.note_unreached(site);
        if options.revocation {
            plan.fetches = fetch::of(site, &plan.targets);
        }
        plan
    }

    fn add(
        &mut self,
        vantage: &Vantage,
        subject: &Subject<'_>,
        offers: &Offers,
        options: &Options,
        ids: &mut HashSet<TargetId>,
    ) {
        // What a proxy publishes is seen where its own name leads.
        let proxy = subject.expectation.proxy.as_ref().map(|proxy| &*proxy.name);
        let names = [Some(subject.system), Some(subject.role.name()), proxy];
        if !names.into_iter().flatten().any(|name| chosen(&options.only, name)) {
            return;
        }
        let mut expectation = subject.expectation.clone();
        expectation.private_addresses = vantage.private_addresses;
        let Subject { system, role, name, port, .. } = subject;
        let id = |name: String| TargetId::new(*system, role.name(), name, Arc::clone(&vantage.name));
        // One proxy can listen on several ports under one name.
        let Some(id) =
            [id(name.to_string()), id(format!("{name}:{port}"))].into_iter().find(|id| ids.insert(id.clone()))
        else {
            return;
        };
        self.targets.push(Arc::new(Target {
            id,
            system: subject.system.into(),
            role: Some(subject.role),
            vantage: Arc::clone(&vantage.name),
            network: vantage.network,
            name: subject.name.clone(),
            name_kind: subject.name_kind,
            port: subject.port,
            http_port: subject.http_port,
            expectation: Arc::new(expectation),
            offers: offers.of(
                subject.role,
                Asked {
                    role: subject.asked_role,
                    proxied: subject.expectation.proxy.is_some(),
                    twin: subject.has_twin,
                    package: subject.package,
                },
                subject.name,
            ),
            connections: subject.connections,
            why: subject.why.as_str().into(),
        }));
    }

    /// Intranet names that should not be known outside.
    fn add_hidden_names(&mut self, site: &Site, vantage: &Vantage, options: &Options) {
        if vantage.network != Network::Internet {
            return;
        }
        let systems = site.systems.iter().map(|one| (&one.name, &one.intranet_fqdn, &one.internet_fqdn));
        let clusters = site.clusters.iter().map(|one| (&one.name, &one.intranet_fqdn, &one.internet_fqdn));
        for (system, intranet, internet) in systems.chain(clusters) {
            let Some(name) = intranet.as_ref().filter(|name| Some(*name) != internet.as_ref()) else { continue };
            if !chosen(&options.only, system) || is_address(name) {
                continue;
            }
            self.lookups.push(Arc::new(Lookup {
                id: TargetId::new(Arc::clone(system), "hidden-name", name.as_str(), Arc::clone(&vantage.name)),
                system: Arc::clone(system),
                vantage: Arc::clone(&vantage.name),
                network: vantage.network,
                question: Question::HiddenHost(name.clone()),
                expectation: Arc::default(),
                why: format!("{name} is {system}'s intranet name: outside nobody should be able to look it up").into(),
            }));
        }
    }

    /// The service records management points publish inside.
    fn add_service_records(&mut self, site: &Site, vantage: &Vantage, options: &Options) {
        let Some(code) = site.code.as_ref().filter(|_| vantage.network == Network::Intranet) else { return };
        // A record may lead to any management point of its domain, whichever of them are looked at.
        let mut suffixes: Vec<(&str, bool, Vec<HostName>, Vec<u16>)> = Vec::new();
        for (system, role, fqdn, port) in management_points(site) {
            let Some((_, suffix)) = fqdn.as_str().split_once('.').filter(|(_, suffix)| !suffix.is_empty()) else {
                continue;
            };
            if is_address(fqdn) {
                continue;
            }
            let is_chosen = chosen(&options.only, system) || chosen(&options.only, role.name());
            match suffixes.iter_mut().find(|(known, ..)| known.eq_ignore_ascii_case(suffix)) {
                Some((_, is_asked, targets, ports)) => {
                    *is_asked |= is_chosen;
                    targets.push(fqdn.clone());
                    ports.push(port);
                }
                None => suffixes.push((suffix, is_chosen, vec![fqdn.clone()], vec![port])),
            }
        }
        for (suffix, _, targets, ports) in suffixes.into_iter().filter(|(_, is_asked, ..)| *is_asked) {
            let record = format!("_mssms_mp_{}._tcp.{suffix}", code.to_ascii_lowercase());
            self.lookups.push(Arc::new(Lookup {
                id: TargetId::new(code.as_str(), "service-record", record.as_str(), Arc::clone(&vantage.name)),
                system: code.as_str().into(),
                vantage: Arc::clone(&vantage.name),
                network: vantage.network,
                why: format!("clients may look up their management point by {record}").into(),
                question: Question::ManagementPointService { record, targets, ports },
                expectation: Arc::new(Expectation::default()),
            }));
        }
    }

    /// Roles that are not dialled, whatever their system accepts.
    fn note_not_dialled(&mut self, site: &Site) {
        let mut note = |system: &str, role: &str, why: &str| {
            self.left_out.push(LeftOut { what: format!("{system} {role}"), why: why.to_owned() });
        };
        for system in &site.systems {
            for role in &system.roles {
                if !role.uses_https() {
                    note(&system.name, role.name(), "this role speaks plain HTTP only, by design");
                } else if role.only_in() == Some(Profile::CurrentBranch) && site.profile != Profile::CurrentBranch {
                    note(&system.name, role.name(), "what it presents is judged in Current Branch only");
                }
            }
            for role in &system.not_judged {
                note(&system.name, role.name(), &format!("not judged: {}", role.reason()));
            }
        }
    }

    fn note_unreached(&mut self, site: &Site) {
        let systems = site.systems.iter().map(|one| (&one.name, one.client_connections));
        let clusters = site.clusters.iter().filter_map(|one| Some((&one.name, one.client_connections()?)));
        let proxies = site.proxies.iter().map(|one| (&one.name, ClientConnections::Internet));
        for (name, accepts) in systems.chain(clusters).chain(proxies) {
            let networks = [(Network::Intranet, accepts.intranet()), (Network::Internet, accepts.internet())];
            for (network, accepted) in networks {
                if accepted && !site.vantages.iter().any(|vantage| vantage.network == network) {
                    self.left_out.push(LeftOut {
                        what: format!("{name} from the {}", network.name()),
                        why: format!("no [[vantage]] stands on the {}", network.name()),
                    });
                }
            }
        }
    }
}

/// The management points clients inside may be sent to, each with its role, name and port: where they are clustered,
/// the cluster instead of its nodes.
fn management_points(site: &Site) -> Vec<(&str, Role, &HostName, u16)> {
    let clusters = || site.clusters.iter().filter(|cluster| cluster.role == Role::ManagementPoint);
    let mut points = Vec::new();
    for system in site.systems.iter().filter(|system| system.client_connections.intranet()) {
        let roles = [Role::ManagementPoint, Role::ProxyManagementPoint];
        let Some(role) = roles.into_iter().find(|role| system.roles.contains(role)) else { continue };
        if clusters().any(|cluster| cluster.intranet_fqdn.is_some() && cluster.nodes.contains(&system.name)) {
            continue;
        }
        points
            .extend(system.intranet_fqdn.iter().map(|fqdn| (&*system.name, role, fqdn, system.ports.https_for(role))));
    }
    for cluster in clusters() {
        let port = cluster_ports(site, cluster).0;
        points.extend(cluster.intranet_fqdn.iter().map(|fqdn| (&*cluster.name, cluster.role, fqdn, port)));
    }
    points
}

/// Whether a name was chosen; with no choice made, every one is.
fn chosen(wanted: &[String], name: &str) -> bool {
    wanted.is_empty()
        || wanted
            .iter()
            .any(|one| one.eq_ignore_ascii_case(name) || Role::parse(one).is_some_and(|role| role.name() == name))
}

#[cfg(test)]
mod tests;
