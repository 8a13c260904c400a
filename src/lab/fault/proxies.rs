//! Faults of clusters, of proxies that bridge or tunnel, and of where names lead from outside.

use time::Duration;

use super::Fault;
use crate::lab::dns::Answer;
use crate::lab::pki::oid;
use crate::lab::site::blueprint::{Bridging, Peer, Presented, Trusts};
use crate::site::ProxyMode;

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "node-without-cluster-name",
        what: "One node's certificate lacks the cluster's name.",
        plants: &["nlb/cluster-name"],
        at: &["MP03/", "CMNLB/"],
        consequences: &[
            "web-server/intranet-name",
            "web-server/client-accepts-name",
            "chain/one-leaf",
            "nlb/nodes-agree",
        ],
        plant: |site| {
            site.mp03.spoil(|recipe| recipe.cn("mp03.corp.contoso.com").dns(&["mp03.corp.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "proxy-turns-verbs-down",
        what: "The proxy before the distribution point bridges, as it is declared to, and its filter turns HEAD down.",
        plants: &["proxy/verbs"],
        at: &["FW01/"],
        consequences: &[],
        plant: |site| {
            let pki = site.pki.clone();
            site.fw01.declared = ProxyMode::Bridging;
            site.fw01.bridging(&pki).turns_down = &["HEAD"];
            Ok(())
        },
    },
    Fault {
        name: "node-without-own-name",
        what: "One node's certificate has the cluster's name and not its own.",
        plants: &["nlb/node-name"],
        at: &["MP02/"],
        consequences: &["web-server/intranet-name", "web-server/client-accepts-name"],
        plant: |site| {
            site.mp02.spoil(|recipe| recipe.dns(&["cm.corp.contoso.com"]));
            Ok(())
        },
    },
    Fault {
        name: "node-for-clients-only",
        what: "One node presents a certificate from the Workstation template.",
        plants: &["nlb/server-auth-eku"],
        at: &["MP03/", "CMNLB/"],
        consequences: &["web-server/server-auth-eku", "chain/one-leaf"],
        plant: |site| {
            site.mp03.spoil(|recipe| recipe.eku(&[oid::CLIENT_AUTHENTICATION]));
            Ok(())
        },
    },
    Fault {
        name: "node-down",
        what: "Nothing listens at one of the cluster's nodes.",
        plants: &["reachability/connects"],
        at: &["MP02/"],
        consequences: &[],
        plant: |site| {
            site.mp02.home.instead = Some(Peer::Closed);
            Ok(())
        },
    },
    Fault {
        name: "bridge-without-client-purpose",
        what: "The bridging proxy's one certificate is for servers only, and so the site system takes it for no client.",
        plants: &["proxy/client-auth-eku"],
        at: &["ISA01/"],
        consequences: &["proxy/bridges-client", "client-authentication/accepts-client"],
        plant: |site| {
            let recipe = site.pki.web_server(&["mp.contoso.com"]);
            let outside = Presented::new(recipe, &site.pki.issuing);
            site.isa01.bridges = Some(Bridging::presenting(outside, &site.pki));
            Ok(())
        },
    },
    Fault {
        name: "bridge-client-certificate-expires-soon",
        what: "The separate certificate the bridging proxy shows to the management point ends in ten days.",
        plants: &["proxy-client/expiry"],
        at: &["pki/isa01-client.cer"],
        consequences: &[],
        plant: |site| {
            let (from, to) = (site.now - Duration::days(355), site.now + Duration::days(10));
            let separate = Presented::new(site.pki.client("isa01.contoso.com").valid(from, to), &site.pki.issuing);
            let mut bridging = Bridging::presenting(
                Presented::new(site.pki.web_server(&["mp.contoso.com"]), &site.pki.issuing),
                &site.pki,
            );
            bridging.inside = Some(separate.clone());
            site.isa01.bridges = Some(bridging);
            site.isa01.client_certificate = Some(separate);
            Ok(())
        },
    },
    Fault {
        name: "bridge-without-server-purpose",
        what: "The bridging proxy presents a client's certificate to clients.",
        plants: &["proxy/server-auth-eku"],
        at: &["ISA01/"],
        consequences: &[],
        plant: |site| {
            let recipe = site.pki.bridging_proxy(&["mp.contoso.com"]).eku(&[oid::CLIENT_AUTHENTICATION]);
            let outside = Presented::new(recipe, &site.pki.issuing);
            site.isa01.bridges = Some(Bridging::presenting(outside, &site.pki));
            Ok(())
        },
    },
    Fault {
        name: "bridge-without-internet-name",
        what: "The bridging proxy's certificate names the proxy, and not what it publishes.",
        plants: &["proxy/internet-name"],
        at: &["ISA01/"],
        consequences: &["proxy/client-accepts-name"],
        plant: |site| {
            let recipe = site.pki.bridging_proxy(&["isa01.contoso.com"]);
            let outside = Presented::new(recipe, &site.pki.issuing);
            site.isa01.bridges = Some(Bridging::presenting(outside, &site.pki));
            Ok(())
        },
    },
    Fault {
        name: "bridge-shows-nothing",
        what: "The bridging proxy shows the site system no certificate.",
        plants: &["proxy/bridges-client"],
        at: &["ISA01/"],
        consequences: &["client-authentication/accepts-client"],
        plant: |site| {
            site.isa01.bridging(&site.pki).inside = None;
            Ok(())
        },
    },
    Fault {
        name: "bridge-lets-anybody-through",
        what: "The bridging proxy asks clients for a certificate, and lets those without one through.",
        plants: &["proxy/bridges-client", "client-authentication/demanded"],
        at: &["ISA01/"],
        consequences: &[],
        plant: |site| {
            site.isa01.bridging(&site.pki).insists = false;
            Ok(())
        },
    },
    Fault {
        name: "bridge-trusts-anybody",
        what: "The bridging proxy takes client certificates of any authority.",
        plants: &["client-authentication/refuses-stranger"],
        at: &["ISA01/"],
        consequences: &["client-authentication/refuses-outsider"],
        plant: |site| {
            site.isa01.bridging(&site.pki).trusts = Trusts::Anybody;
            Ok(())
        },
    },
    Fault {
        name: "bridge-that-tunnels",
        what: "The proxy said to bridge passes packets on unopened.",
        plants: &["proxy/mode"],
        at: &["ISA01/"],
        consequences: &["proxy/client-auth-eku"],
        plant: |site| {
            site.isa01.bridges = None;
            Ok(())
        },
    },
    Fault {
        name: "tunnel-that-terminates",
        what: "The proxy said to tunnel ends clients' TLS with a certificate of its own.",
        plants: &["proxy/mode"],
        at: &["FW01/"],
        consequences: &[],
        plant: |site| {
            let recipe = site.pki.bridging_proxy(&["dp01.corp.contoso.com", "dp.contoso.com"]);
            let outside = Presented::new(recipe, &site.pki.issuing);
            site.fw01.bridges = Some(Bridging::presenting(outside, &site.pki));
            Ok(())
        },
    },
    Fault {
        name: "tunnel-closed",
        what: "Nothing listens at the proxy in front of the update point.",
        plants: &["reachability/connects"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.fw02.instead = Some(Peer::Closed);
            Ok(())
        },
    },
    Fault {
        name: "bridge-silent",
        what: "The bridging proxy accepts connections and says nothing.",
        plants: &["reachability/speaks-tls"],
        at: &["ISA01/"],
        consequences: &[],
        plant: |site| {
            site.isa01.instead = Some(Peer::Silent);
            Ok(())
        },
    },
    Fault {
        name: "published-name-leads-inside",
        what: "Outside DNS leads the published name past the proxy, to the management point itself.",
        plants: &["reachability/connects"],
        at: &["ISA01/"],
        consequences: &[],
        plant: |site| {
            site.outside.say("mp.contoso.com", Answer::Addresses(vec![site.mp01.home.address.into()]));
            Ok(())
        },
    },
];
