//! nginx, Apache and `openssl s_server` present certificates with one thing wrong: every one gives the findings the
//! requirements name, at its own endpoint, whichever server presents it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::net::Ipv4Addr;

use cmprobe::lab::pki::{KeyName, Minted, Pki, Recipe, oid, pem};
use time::macros::datetime;

use crate::judged::{self, Judged};
use crate::servers::{Folder, Pair, Server};
use crate::{apache, nginx, s_server};

/// One certificate with its chain, and what it brings about where.
struct Case {
    /// Part of the system's name.
    name: &'static str,
    /// Makes chain and key for a system's names: NetBIOS, intranet FQDN, Internet FQDN.
    made: fn(&Names) -> Presented,
    /// What fails inside, in the catalogue's order.
    inside: &'static [&'static str],
    /// What fails outside.
    outside: &'static [&'static str],
}

struct Names {
    netbios: String,
    intranet: String,
    internet: String,
}

/// What a server is given.
struct Presented {
    chain: String,
    key: &'static str,
}

impl Presented {
    fn whole(minted: &Minted) -> Self {
        Self { chain: minted.chain_pem(), key: minted.key_pem() }
    }

    fn of(certificates: &[&[u8]], key: KeyName) -> Self {
        Self { chain: certificates.iter().map(|der| pem("CERTIFICATE", der)).collect(), key: key.pem() }
    }
}

fn issued(names: &Names, bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
    let pki = Pki::lab().unwrap();
    pki.issue(&bend(pki.web_server(&[&names.intranet, &names.internet]))).unwrap()
}

const CASES: &[Case] = &[
    Case { name: "HEALTHY", made: |names| Presented::whole(&issued(names, |r| r)), inside: &[], outside: &[] },
    Case {
        name: "PURPOSE",
        made: |names| Presented::whole(&issued(names, |r| r.eku(&[oid::CLIENT_AUTHENTICATION]))),
        inside: &["web-server/server-auth-eku"],
        outside: &["web-server/server-auth-eku"],
    },
    Case {
        name: "NOINET",
        made: |names| Presented::whole(&issued(names, |r| r.dns(&[&names.intranet]))),
        inside: &["web-server/internet-name"],
        outside: &["web-server/internet-name", "web-server/client-accepts-name"],
    },
    Case {
        name: "EXPIRED",
        made: |names| {
            let dates = (datetime!(2024-01-31 00:00 UTC), datetime!(2026-01-31 00:00 UTC));
            Presented::whole(&issued(names, |r| r.valid(dates.0, dates.1)))
        },
        inside: &["web-server/validity"],
        outside: &["web-server/validity"],
    },
    Case {
        name: "SELF",
        made: |names| {
            let recipe = issued(names, |r| r).recipe;
            Presented::whole(&Minted::self_signed(&recipe).unwrap())
        },
        inside: &["web-server/enterprise-issued", "chain/leads-to-site-root"],
        outside: &["web-server/enterprise-issued", "chain/leads-to-site-root"],
    },
    Case {
        name: "FOREIGN",
        made: |names| {
            let stranger = Pki::stranger().unwrap();
            let recipe = stranger.web_server(&[&names.intranet, &names.internet]);
            Presented::whole(&stranger.issue(&recipe).unwrap())
        },
        inside: &["chain/leads-to-site-root"],
        outside: &["chain/leads-to-site-root"],
    },
    Case {
        name: "NOISSUER",
        made: |names| {
            let leaf = issued(names, |r| r);
            Presented::of(&[&leaf.der], leaf.key)
        },
        inside: &["chain/leads-to-site-root", "chain/complete"],
        outside: &["chain/leads-to-site-root", "chain/complete"],
    },
    Case {
        name: "ORDER",
        made: |names| {
            let leaf = issued(names, |r| r);
            let pki = Pki::lab().unwrap();
            Presented::of(&[&leaf.der, &pki.root.der, &pki.issuing.der], leaf.key)
        },
        inside: &["chain/order"],
        outside: &["chain/order"],
    },
    Case {
        name: "ECDSA",
        made: |names| Presented::whole(&issued(names, |r| r.key(KeyName::P256A))),
        inside: &["web-server/rsa-key"],
        outside: &["web-server/rsa-key"],
    },
    Case {
        name: "AMPERSAND",
        made: |names| {
            let joined = format!("{}&{}", names.intranet, names.internet);
            Presented::whole(&issued(names, |r| r.cn(&joined).dns(&[&joined])))
        },
        inside: &["web-server/client-accepts-name", "web-server/literal-ampersand"],
        outside: &["web-server/client-accepts-name", "web-server/literal-ampersand"],
    },
    Case {
        name: "CNONLY",
        made: |names| Presented::whole(&issued(names, |r| r.no_san())),
        inside: &["web-server/internet-name"],
        outside: &["web-server/internet-name", "web-server/client-accepts-name"],
    },
    Case {
        name: "NETBIOS",
        made: |names| Presented::whole(&issued(names, |r| r.cn(&names.netbios).dns(&[&names.netbios]))),
        inside: &[
            "web-server/intranet-name",
            "web-server/internet-name",
            "web-server/intranet-fqdn-preferred",
            "web-server/client-accepts-name",
        ],
        outside: &[
            "web-server/intranet-name",
            "web-server/internet-name",
            "web-server/intranet-fqdn-preferred",
            "web-server/client-accepts-name",
        ],
    },
];

const SERVERS: [&str; 3] = ["NG", "AP", "OS"];

fn names(server: &str, case: &Case) -> Names {
    let netbios = format!("{server}{}", case.name);
    let host = netbios.to_ascii_lowercase();
    Names { netbios, intranet: format!("{host}.corp.contoso.com"), internet: format!("{host}.contoso.com") }
}

fn pair(folder: &Folder, server: &str, case: &Case) -> Pair {
    let presented = (case.made)(&names(server, case));
    folder.write_pair_as(case.name, &presented.chain, presented.key)
}

fn nginx() -> Server {
    nginx::start(CASES.len(), |folder, address, ports| {
        let servers: String = CASES
            .iter()
            .zip(ports)
            .map(|(case, port)| {
                let Pair { certificate, key, .. } = pair(folder, "NG", case);
                format!("server {{ listen {address}:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key}; }}\n")
            })
            .collect();
        format!("http {{ {servers} }}")
    })
}

fn apache() -> Server {
    apache::start(CASES.len(), |folder, address, ports| {
        CASES
            .iter()
            .zip(ports)
            .map(|(case, port)| {
                let Pair { certificate, key, .. } = pair(folder, "AP", case);
                format!(
                    "Listen {address}:{port}\n<VirtualHost {address}:{port}>\nSSLEngine on\n\
                     SSLCertificateFile {certificate}\nSSLCertificateKeyFile {key}\n</VirtualHost>\n"
                )
            })
            .collect()
    })
}

/// A definition of all of them, on both networks.
fn definition(endpoints: &[(Names, Ipv4Addr, u16)]) -> String {
    let mut text = String::from(
        "[site]\ncode = \"PRI\"\nname = \"Real servers\"\nprofile = \"native-mode-2007\"\nclients_check_revocation = false\n\
         [trust]\nroots = [\"root.cer\"]\n",
    );
    for network in ["intranet", "internet"] {
        let _ = writeln!(text, "[[vantage]]\nname = \"{network}\"\nnetwork = \"{network}\"\nprivate_addresses = true");
        text.push_str("[vantage.hosts]\n");
        for (Names { intranet, internet, .. }, address, _) in endpoints {
            let name = if network == "intranet" { intranet } else { internet };
            let _ = writeln!(text, "\"{name}\" = [\"{address}\"]");
        }
    }
    for (Names { netbios, intranet, internet }, _, port) in endpoints {
        let _ = writeln!(
            text,
            "[[system]]\nname = \"{netbios}\"\nintranet_fqdn = \"{intranet}\"\ninternet_fqdn = \"{internet}\"\n\
             client_connections = \"both\"\nroles = [\"management-point\"]\n[system.ports]\nhttps = {port}"
        );
    }
    text
}

/// Where what fails at an endpoint differs from what should.
fn difference(judged: &Judged, system: &str, network: &str, expected: &[&'static str]) -> Option<String> {
    let subjects: BTreeSet<&str> = judged
        .failures()
        .map(|one| one.endpoint.as_str())
        .filter(|id| id.starts_with(&format!("{system}/")) && id.contains(&format!("/{network}")))
        .collect();
    let found: BTreeSet<&str> = subjects.iter().flat_map(|subject| judged.failing(subject)).collect();
    let expected: BTreeSet<&str> = expected.iter().copied().collect();
    (found != expected).then(|| format!("{system} {network}: {found:?}, not {expected:?}"))
}

#[test]
fn each_fault_of_a_certificate_is_found_whichever_server_presents_it() {
    let (nginx, apache) = (nginx(), apache());
    let s_server = |case: &Case| {
        let Presented { chain, key } = (case.made)(&names("OS", case));
        s_server::start(&chain, key, &[])
    };
    let servers: Vec<Server> = CASES.iter().map(s_server).collect();
    let mut endpoints = Vec::new();
    for (at, case) in CASES.iter().enumerate() {
        endpoints.push((names("NG", case), nginx.address(), nginx.port(at)));
        endpoints.push((names("AP", case), apache.address(), apache.port(at)));
        endpoints.push((names("OS", case), servers[at].address(), servers[at].port(0)));
    }
    let folder = Folder::new();
    folder.write("root.cer", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    // Handshakes only: what these servers answer is no management point's, and is judged elsewhere.
    let judged = judged::check(&folder.write("site.toml", definition(&endpoints)), &["--no-http"]);

    assert_eq!(judged.0.endpoints.len(), 2 * SERVERS.len() * CASES.len());
    for endpoint in &judged.0.endpoints {
        assert!(endpoint.failure.is_none(), "{}: {:?}", endpoint.id, endpoint.failure);
    }
    let mut differences = Vec::new();
    for case in CASES {
        for server in SERVERS {
            let system = names(server, case).netbios;
            differences.extend(difference(&judged, &system, "intranet", case.inside));
            differences.extend(difference(&judged, &system, "internet", case.outside));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
