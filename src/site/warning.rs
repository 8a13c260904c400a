//! What a definition can say and a site cannot be: worth a word with its line, and no fault. What the documents demand of
//! certificates and servers is not here but among the requirements.

use std::collections::HashMap;
use std::sync::Arc;

use super::fault::{Fault, Position, Wrong};
use super::profile::{Profile, ProfileSource};
use super::role::Role;
use super::{ClientKind, Communication, Site, SiteKind, SiteSystem};

/// What a proxy web server may publish to Internet clients.
const PUBLISHED: [Role; 4] =
    [Role::ManagementPoint, Role::DistributionPoint, Role::SoftwareUpdatePoint, Role::MobileDeviceManagementPoint];

impl Site {
    /// Everything in the definition that a site of this profile cannot be, in the order of the text.
    pub fn warnings(&self) -> Vec<Fault> {
        let mut found = Vec::new();
        self.about_the_site(&mut found);
        self.about_systems(&mut found);
        self.about_clusters_and_proxies(&mut found);
        self.about_names(&mut found);
        self.about_clients(&mut found);
        found.sort_by_key(|warning| warning.at);
        found
    }

    /// That the lists of management points say otherwise of how these take clients than the definition does.
    pub fn contradicted(&self, systems: &[Arc<str>]) -> Fault {
        const NAMED: usize = 3;
        let named = systems.iter().take(NAMED).map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
        let named = match systems.len().saturating_sub(NAMED) {
            0 => named,
            more => format!("{named} and {more} more"),
        };
        let https_only = "communication is \"https-only\" (as where it is left out)";
        let (words, hint) = match (self.communication, self.profile) {
            (Communication::EnhancedHttp, _) => (
                format!("communication is \"enhanced-http\", and the list of management points says HTTPS of {named}"),
                "SSLState is not 0: leave communication out if the roles are set to HTTPS",
            ),
            (Communication::HttpsOnly, Profile::CurrentBranch) => (
                format!("{https_only}, and the list of management points says HTTP of {named}"),
                "SSLState 0: set the role to HTTPS in the console, or write communication = \"enhanced-http\" if that is meant",
            ),
            (Communication::HttpsOnly, Profile::NativeMode2007) => (
                format!("a site in native mode takes HTTPS, and the list of management points says HTTP of {named}"),
                "SSLState 0, as in mixed mode: look at the Site Mode tab of the site's properties",
            ),
        };
        warning(self.place("communication"), "site.communication", words, hint.to_owned())
    }

    /// The profile in words, with what to do where it was not declared.
    fn instead(&self, otherwise: &str) -> String {
        match self.profile_source {
            ProfileSource::Declared | ProfileSource::Flag => otherwise.to_owned(),
            ProfileSource::Observed(_) | ProfileSource::Default => {
                let other = match self.profile {
                    Profile::NativeMode2007 => Profile::CurrentBranch,
                    Profile::CurrentBranch => Profile::NativeMode2007,
                };
                format!("{otherwise}, or write profile = \"{}\"", other.name())
            }
        }
    }

    fn about_the_site(&self, found: &mut Vec<Fault>) {
        if self.communication == Communication::EnhancedHttp && self.profile == Profile::NativeMode2007 {
            let words = "enhanced HTTP is of Current Branch; 2007 in native mode knows HTTPS only";
            let hint = self.instead("leave communication out");
            found.push(warning(self.place("communication"), "site.communication", words, hint));
        }
        if self.legacy_clients && self.profile == Profile::CurrentBranch {
            let words = "Current Branch has no clients that cannot read SHA-2: Windows XP and Server 2003 are no longer taken in";
            found.push(warning(
                self.place("legacy_clients"),
                "site.legacy_clients",
                words,
                self.instead("leave legacy_clients out"),
            ));
        }
        let foreign: Vec<&str> = self
            .windows
            .iter()
            .filter(|version| !version.belongs_to(self.profile))
            .map(|version| version.name())
            .collect();
        if !foreign.is_empty() {
            let words = match self.profile {
                Profile::NativeMode2007 => {
                    "Configuration Manager 2007 has no clients newer than Windows 7 and Server 2008 R2"
                }
                Profile::CurrentBranch => "Current Branch no longer has clients older than Windows 7",
            };
            let words = format!("{words}: windows names {}", foreign.join(", "));
            found.push(warning(self.place("windows"), "site.windows", words, self.instead("leave them out")));
        }
    }

    /// One name leads to one server: nobody could tell which of two failed.
    fn about_names(&self, found: &mut Vec<Fault>) {
        let mut first: HashMap<(String, Role), &SiteSystem> = HashMap::new();
        for system in &self.systems {
            let Some(fqdn) = &system.intranet_fqdn else { continue };
            let taken = system.roles.iter().find_map(|role| {
                let other = *first.entry((fqdn.as_str().to_lowercase(), *role)).or_insert(system);
                (other.name != system.name).then_some((other, role))
            });
            if let Some((other, role)) = taken {
                let words = format!(
                    "{} is a {role} at {fqdn}, and so is {}: one name leads to one computer",
                    system.name, other.name
                );
                let hint = "give each its own intranet_fqdn, or leave one of the two tables out";
                found.push(warning(system.defined_at, "system.intranet_fqdn", words, hint.to_owned()));
            }
        }
        for cluster in &self.clusters {
            let Some(fqdn) = &cluster.intranet_fqdn else { continue };
            let node = self
                .systems
                .iter()
                .find(|system| system.intranet_fqdn.as_ref() == Some(fqdn) && cluster.nodes.contains(&system.name));
            if let Some(node) = node {
                let words = format!(
                    "the cluster {} is called {fqdn}, as its node {} is: a cluster has a name of its own",
                    cluster.name, node.name
                );
                let hint = "write the name that clients are to use for the cluster as a whole";
                found.push(warning(cluster.defined_at, "cluster.intranet_fqdn", words, hint.to_owned()));
            }
        }
    }

    fn about_systems(&self, found: &mut Vec<Fault>) {
        for system in &self.systems {
            let name = &system.name;
            let mut about_role = |words: String, hint: String| {
                found.push(warning(system.roles_at, "system.roles", words, hint));
            };
            for role in &system.roles {
                match role.only_in() {
                    Some(Profile::NativeMode2007) if self.profile == Profile::CurrentBranch => about_role(
                        format!("{name} is a {role}, a role of 2007 that does not exist in Current Branch"),
                        self.instead(match role {
                            Role::ProxyManagementPoint => {
                                "at a secondary site of Current Branch write management-point"
                            }
                            Role::BranchDistributionPoint => "leave it out: BranchCache took its place",
                            _ => "leave it out",
                        }),
                    ),
                    Some(Profile::CurrentBranch) if self.profile == Profile::NativeMode2007 => about_role(
                        match role {
                            Role::SmsProvider => {
                                format!("{name} is a {role}: 2007 has no administration service over HTTPS")
                            }
                            Role::ReportingPoint => {
                                format!("{name} is a {role}: in 2007 it is no part of native mode, and is not judged")
                            }
                            _ => format!("{name} is a {role}, which is of Current Branch and did not exist in 2007"),
                        },
                        self.instead("leave it out"),
                    ),
                    _ => {}
                }
                match (role, self.kind, self.profile) {
                    (Role::ProxyManagementPoint, SiteKind::Primary, Profile::NativeMode2007) => about_role(
                        format!("{name} is a {role}, and this is a primary site: only secondary sites have one"),
                        "write management-point, or kind = \"secondary\"".to_owned(),
                    ),
                    (Role::ManagementPoint, SiteKind::Secondary, Profile::NativeMode2007) => about_role(
                        format!("{name} is a {role}, and this is a secondary site: its is a proxy management point"),
                        "write proxy-management-point, or kind = \"primary\"".to_owned(),
                    ),
                    _ => {}
                }
            }
            for role in &system.not_judged {
                if self.profile == Profile::NativeMode2007 {
                    about_role(
                        format!("{name} is a {}, which did not exist in 2007", role.name()),
                        self.instead("leave it out"),
                    );
                }
            }
            if self.serves_nobody_outside() && system.client_connections.internet() {
                found.push(outside(system.defined_at, "system.client_connections", name));
            }
        }
    }

    /// Secondary sites of Current Branch have no Internet clients.
    fn serves_nobody_outside(&self) -> bool {
        self.kind == SiteKind::Secondary && self.profile == Profile::CurrentBranch
    }

    fn about_clusters_and_proxies(&self, found: &mut Vec<Fault>) {
        for cluster in &self.clusters {
            if self.profile == Profile::CurrentBranch {
                let words = format!(
                    "{} is a network load balancing cluster, and Current Branch has none of {}s",
                    cluster.name, cluster.role
                );
                let hint = self.instead("describe its nodes by themselves: clients choose among them");
                found.push(warning(cluster.defined_at, "cluster", words, hint));
            }
            if self.serves_nobody_outside() && cluster.internet_fqdn.is_some() {
                found.push(outside(cluster.defined_at, "cluster.internet_fqdn", &cluster.name));
            }
        }
        for proxy in &self.proxies {
            if self.serves_nobody_outside() {
                found.push(outside(proxy.defined_at, "proxy", &proxy.name));
            }
            let published = self.systems.iter().filter(|system| proxy.publishes.contains(&system.name));
            for system in published {
                let in_cluster = self.clusters.iter().any(|cluster| cluster.nodes.contains(&system.name));
                if !in_cluster && !system.roles.iter().any(|role| PUBLISHED.contains(role)) {
                    let words = format!(
                        "{} publishes {}, which has no role that Internet clients use",
                        proxy.name, system.name
                    );
                    let hint = "management points, distribution points and software update points are published";
                    found.push(warning(proxy.defined_at, "proxy.publishes", words, hint.to_owned()));
                }
            }
        }
    }

    fn about_clients(&self, found: &mut Vec<Fault>) {
        for client in &self.clients {
            if client.kind == ClientKind::DistributionPointClient && self.profile == Profile::NativeMode2007 {
                let words = format!("{} is a distribution point's client certificate: 2007 knows none", client.name);
                found.push(warning(client.defined_at, "client.kind", words, self.instead("leave it out")));
            }
        }
    }
}

fn outside(at: Position, key: &str, name: &str) -> Fault {
    let words = format!("{name} serves Internet clients, and secondary sites of Current Branch serve none");
    warning(at, key, words, "write client_connections = \"intranet\", or kind = \"primary\"".to_owned())
}

fn warning(at: Position, key: &str, words: impl Into<String>, hint: String) -> Fault {
    Fault { at, key: key.to_owned(), wrong: Wrong::new(words, hint) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use crate::site::Site;

    /// The warnings of a definition, each as its line and its words.
    fn warned(site: &str, rest: &str) -> Vec<String> {
        let text = format!("[site]\ncode = \"PRI\"\n{site}\n{rest}\n");
        let site = Site::from_toml(&text, Path::new("")).unwrap_or_else(|faults| panic!("{faults:?}"));
        site.warnings().iter().map(ToString::to_string).collect()
    }

    const CB: &str = "profile = \"current-branch\"";
    const OF_2007: &str = "profile = \"native-mode-2007\"";

    fn system(roles: &str) -> String {
        format!("[[system]]\nname = \"S1\"\nroles = [{roles}]\ninternet_fqdn = \"s1.contoso.com\"")
    }

    #[test]
    fn what_one_profile_does_not_have_is_said_with_its_line_and_the_other_says_nothing() {
        let node = system("\"mp\"");
        let cluster =
            format!("{node}\n[[cluster]]\nname = \"C\"\nrole = \"mp\"\nintranet_fqdn = \"c.corp\"\nnodes = [\"S1\"]");
        let dp_client =
            format!("{node}\n[[client]]\nname = \"dp\"\nkind = \"distribution-point-client\"\npfx = \"dp.pfx\"");
        for (line, words, of_2007, cb) in [
            ("", system("\"slp\""), "", "7:9: S1 is a server-locator-point, a role of 2007 that does not exist in"),
            ("", system("\"branch-distribution-point\""), "", "7:9: S1 is a branch-distribution-point"),
            ("", system("\"dmp\""), "", "7:9: S1 is a mobile-device-management-point"),
            ("kind = \"secondary\"", system("\"pmp\""), "", "7:9: S1 is a proxy-management-point"),
            ("", system("\"cmg\""), "7:9: S1 is a cloud-management-gateway", ""),
            ("", system("\"sms-provider\""), "7:9: S1 is a sms-provider: 2007 has no administration service", ""),
            ("", system("\"reporting-point\""), "7:9: S1 is a reporting-point: in 2007 it is no part", ""),
            ("", system("\"enrollment-point\""), "7:9: S1 is a enrollment-point, which did not exist", ""),
            ("communication = \"enhanced-http\"", node.clone(), "4:17: enhanced HTTP is of Current Branch", ""),
            ("legacy_clients = true", node.clone(), "", "4:18: Current Branch has no clients that cannot read SHA-2"),
            ("windows = [\"xp-sp3\"]", node.clone(), "", "4:11: Current Branch no longer has clients older"),
            (
                "windows = [\"11-24H2\", \"7\"]",
                node.clone(),
                "4:11: Configuration Manager 2007 has no clients newer than Windows 7 and Server 2008 R2: windows names 11-22h2",
                "",
            ),
            ("", cluster, "", "9:1: C is a network load balancing cluster"),
            ("", dp_client, "9:1: dp is a distribution point's client certificate", ""),
        ] {
            for (profile, expected) in [(OF_2007, of_2007), (CB, cb)] {
                let found = warned(&format!("{profile}\n{line}"), &words)
                    .into_iter()
                    .filter(|one| !one.contains("secondary sites"));
                let found: Vec<String> = found.collect();
                let right = if expected.is_empty() {
                    found.is_empty()
                } else {
                    found.len() == 1 && found[0].contains(expected)
                };
                assert!(right, "{profile} {line} {words}: {found:#?}, not {expected}");
            }
        }
    }

    #[test]
    fn kinds_of_sites_have_what_they_have() {
        let secondary = "kind = \"secondary\"";
        for (site, words, expected) in [
            (format!("{OF_2007}\n{secondary}"), system("\"management-point\""), "its is a proxy management point"),
            (OF_2007.to_owned(), system("\"proxy-management-point\""), "only secondary sites have one"),
            (
                format!("{CB}\n{secondary}"),
                system("\"management-point\""),
                "secondary sites of Current Branch serve none",
            ),
            (format!("{CB}\n{secondary}"), system("\"mp\"").replace("internet", "intranet"), ""),
            (format!("{OF_2007}\n{secondary}"), system("\"pmp\""), ""),
            (CB.to_owned(), system("\"mp\", \"dp\", \"sup\", \"smp\", \"fsp\""), ""),
        ] {
            let found = warned(&site, &words);
            let right =
                if expected.is_empty() { found.is_empty() } else { found.len() == 1 && found[0].contains(expected) };
            assert!(right, "{site}: {found:#?}");
        }
    }

    #[test]
    fn proxies_publish_what_internet_clients_use() {
        let proxy =
            "[[proxy]]\nname = \"ISA\"\ninternet_fqdn = \"s1.contoso.com\"\nmode = \"bridging\"\npublishes = [\"S1\"]";
        let found = warned(CB, &format!("{}\n{proxy}", system("\"state-migration-point\"")));
        assert!(found.len() == 1 && found[0].starts_with("8:1: ISA publishes S1"), "{found:#?}");
        assert!(warned(CB, &format!("{}\n{proxy}", system("\"dp\""))).is_empty());
    }

    #[test]
    fn what_lists_say_otherwise_is_told_at_its_line() {
        let said = |lines: &str, systems: &[&str]| {
            let text = format!("[site]\ncode = \"PRI\"\n{lines}\n{}", system("\"mp\""));
            let site = Site::from_toml(&text, Path::new("")).unwrap();
            let systems: Vec<Arc<str>> = systems.iter().map(|one| (*one).into()).collect();
            site.contradicted(&systems).to_string()
        };
        let enhanced = said(&format!("{CB}\ncommunication = \"enhanced-http\""), &["S1"]);
        assert!(enhanced.starts_with("4:17: ") && enhanced.contains("says HTTPS of S1"), "{enhanced}");
        let https = said(CB, &["A", "B", "C", "D", "E"]);
        assert!(https.starts_with("1:") && https.contains("says HTTP of A, B, C and 2 more"), "{https}");
        assert!(https.contains("communication = \"enhanced-http\""), "{https}");
        let native = said(OF_2007, &["S1"]);
        assert!(native.contains("native mode") && !native.contains("enhanced"), "{native}");
    }

    #[test]
    fn one_name_for_two_computers_is_said_with_the_line_of_the_second() {
        let mp = |name: &str, fqdn: &str, roles: &str| {
            format!("[[system]]\nname = \"{name}\"\nintranet_fqdn = \"{fqdn}\"\nroles = [{roles}]\n")
        };
        let two = |fqdn: &str, roles: &str| mp("MP01", "mp01.corp", "\"mp\"") + &mp("MP02", fqdn, roles);
        let said = warned(OF_2007, &two("MP01.corp.", "\"dp\", \"mp\""));
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("8:1: MP02 is a management-point at MP01.corp, and so is MP01"), "{said:?}");
        for other in [two("mp02.corp", "\"mp\""), two("mp01.corp", "\"dp\"")] {
            assert_eq!(warned(OF_2007, &other), Vec::<String>::new());
        }
        let nlb = |fqdn: &str| {
            let nodes = two("mp02.corp", "\"mp\"");
            format!(
                "{nodes}[[cluster]]\nname = \"C\"\nrole = \"mp\"\nintranet_fqdn = \"{fqdn}\"\nnodes = [\"MP01\", \"MP02\"]"
            )
        };
        let said = warned(OF_2007, &nlb("MP02.corp."));
        assert!(
            matches!(said.as_slice(), [one] if one.starts_with("12:1: the cluster C is called MP02.corp, as its node MP02 is")),
            "{said:?}"
        );
        assert_eq!(warned(OF_2007, &nlb("c.corp")), Vec::<String>::new());
    }

    #[test]
    fn an_undeclared_profile_may_be_the_slip() {
        let found = warned("", &system("\"cmg\""));
        assert!(found[0].contains("or write profile = \"current-branch\""), "{found:#?}");
        assert!(!warned(OF_2007, &system("\"cmg\""))[0].contains("write profile"));
    }
}
