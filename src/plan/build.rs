//! From a site to what will be probed. Every rule that decides what is dialled from where, and what is asked there,
//! stands here; nothing is decided later.

mod offers;
mod subjects;

use std::sync::Arc;

use super::{LeftOut, Lookup, Plan, Question, Target, TargetId};
use crate::observation::EngineId;
use crate::plan::expectation::Expectation;
use crate::site::Site;
use crate::site::name::{HostName, NameKind};
use crate::site::role::Role;
use crate::site::vantage::{Network, Vantage};
pub use offers::Offers;
use subjects::{Subject, subjects};

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
            tls_versions: false,
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
        for vantage in &site.vantages {
            if !chosen(&options.vantages, &vantage.name) {
                plan.left_out.push(LeftOut {
                    what: format!("vantage {}", vantage.name),
                    why: "not among the vantages chosen".into(),
                });
                continue;
            }
            for subject in subjects(site, vantage) {
                plan.add(vantage, &subject, &offers, options);
            }
            plan.add_hidden_names(site, vantage, options);
            plan.add_service_records(site, vantage, options);
        }
        plan.note_http_only(site);
        plan.note_unreached(site);
        plan
    }

    fn add(&mut self, vantage: &Vantage, subject: &Subject<'_>, offers: &Offers, options: &Options) {
        if !chosen(&options.only, subject.system) && !chosen(&options.only, subject.role.name()) {
            return;
        }
        let mut expectation = subject.expectation.clone();
        expectation.private_addresses = vantage.private_addresses;
        let id = format!("{}/{}/{}/{}", subject.system, subject.role, subject.name, vantage.name);
        // One proxy can listen on several ports under one name.
        let id = if self.targets.iter().any(|target| *target.id.0 == *id) {
            format!("{}/{}/{}:{}/{}", subject.system, subject.role, subject.name, subject.port, vantage.name)
        } else {
            id
        };
        if self.targets.iter().any(|target| *target.id.0 == *id) {
            return;
        }
        self.targets.push(Arc::new(Target {
            id: TargetId(id.into()),
            system: subject.system.into(),
            role: Some(subject.role),
            vantage: Arc::clone(&vantage.name),
            network: vantage.network,
            name: subject.name.clone(),
            name_kind: subject.name_kind,
            port: subject.port,
            http_port: subject.http_port,
            expectation: Arc::new(expectation),
            offers: offers.of(subject.role, subject.asked_role, subject.name),
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
            if !chosen(&options.only, system) || name.as_str().parse::<std::net::IpAddr>().is_ok() {
                continue;
            }
            self.lookups.push(Arc::new(Lookup {
                id: TargetId(format!("{system}/hidden-name/{name}/{}", vantage.name).into()),
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
        let mut suffixes: Vec<(&str, Vec<HostName>, Vec<u16>)> = Vec::new();
        for system in &site.systems {
            let points = [Role::ManagementPoint, Role::ProxyManagementPoint];
            let Some(role) = points.into_iter().find(|role| system.roles.contains(role)) else { continue };
            let Some(fqdn) = &system.intranet_fqdn else { continue };
            let Some((_, suffix)) = fqdn.as_str().split_once('.') else { continue };
            if !chosen(&options.only, &system.name) && !chosen(&options.only, role.name()) {
                continue;
            }
            let at = suffixes.iter().position(|(known, ..)| known.eq_ignore_ascii_case(suffix));
            let at = at.unwrap_or_else(|| {
                suffixes.push((suffix, Vec::new(), Vec::new()));
                suffixes.len() - 1
            });
            suffixes[at].1.push(fqdn.clone());
            suffixes[at].2.push(system.ports.https_for(role));
        }
        for (suffix, targets, ports) in suffixes {
            let record = format!("_mssms_mp_{}._tcp.{suffix}", code.to_ascii_lowercase());
            self.lookups.push(Arc::new(Lookup {
                id: TargetId(format!("{code}/service-record/{record}/{}", vantage.name).into()),
                system: code.as_str().into(),
                vantage: Arc::clone(&vantage.name),
                network: vantage.network,
                why: format!("clients may look up their management point by {record}").into(),
                question: Question::ManagementPointService { record, targets, ports },
                expectation: Arc::new(Expectation::default()),
            }));
        }
    }

    fn note_http_only(&mut self, site: &Site) {
        for system in &site.systems {
            for role in system.roles.iter().filter(|role| !role.uses_https()) {
                self.left_out.push(LeftOut {
                    what: format!("{} {role}", system.name),
                    why: "this role speaks plain HTTP only, by design".into(),
                });
            }
        }
    }

    fn note_unreached(&mut self, site: &Site) {
        for system in &site.systems {
            let networks = [
                (Network::Intranet, system.client_connections.intranet()),
                (Network::Internet, system.client_connections.internet()),
            ];
            for (network, accepts) in networks {
                if accepts && !site.vantages.iter().any(|vantage| vantage.network == network) {
                    self.left_out.push(LeftOut {
                        what: format!("{} from the {}", system.name, network.name()),
                        why: format!("no [[vantage]] stands on the {}", network.name()),
                    });
                }
            }
        }
    }
}

/// Whether a name was chosen; with no choice made, every one is.
fn chosen(wanted: &[String], name: &str) -> bool {
    wanted.is_empty()
        || wanted
            .iter()
            .any(|one| one.eq_ignore_ascii_case(name) || Role::parse(one).is_some_and(|role| role.name() == name))
}

/// The name clients on a network dial, and which kind it is.
fn dialled<'a>(
    network: Network,
    netbios: &'a HostName,
    intranet: Option<&'a HostName>,
    internet: Option<&'a HostName>,
) -> Option<(&'a HostName, NameKind)> {
    match network {
        Network::Intranet => Some(intranet.map_or((netbios, NameKind::Netbios), |name| (name, NameKind::IntranetFqdn))),
        Network::Internet => internet.map(|name| (name, NameKind::InternetFqdn)),
    }
}
