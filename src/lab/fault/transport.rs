//! Faults between the address and a TLS session.

use super::Fault;
use crate::certificate::Certificate;
use crate::lab::pki::{KeyName, Organization};
use crate::lab::site::blueprint::{Bridging, Nameless, Node, Peer, Presented, loopback};
use crate::wire::der::Der;

/// What is seen at the bridge when the management point behind it does not answer.
const BEHIND_THE_BRIDGE: &[&str] = &["client-authentication/accepts-client", "proxy/bridges-client"];

/// In the order `--list-faults` shows.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "port-closed",
        what: "Nothing listens at the management point's port.",
        plants: &["reachability/connects"],
        at: &["MP01/"],
        consequences: BEHIND_THE_BRIDGE,
        plant: |site| {
            site.mp01.home.instead = Some(Peer::Closed);
            Ok(())
        },
    },
    Fault {
        name: "silent-peer",
        what: "The distribution point accepts the connection and says nothing.",
        plants: &["reachability/speaks-tls"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.instead = Some(Peer::Silent);
            Ok(())
        },
    },
    Fault {
        name: "reset",
        what: "The state migration point resets the connection as soon as the client has spoken.",
        plants: &["reachability/speaks-tls"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.instead = Some(Peer::Resets);
            Ok(())
        },
    },
    Fault {
        name: "closed-without-a-word",
        what: "The proxy management point closes the connection as soon as the client has spoken.",
        plants: &["reachability/speaks-tls"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            site.pmp01.home.instead = Some(Peer::Closes);
            Ok(())
        },
    },
    Fault {
        name: "plain-http",
        what: "The proxy management point answers its HTTPS port with plain HTTP.",
        plants: &["reachability/speaks-tls"],
        at: &["PMP01/"],
        consequences: &[],
        plant: |site| {
            site.pmp01.home.instead = Some(Peer::PlainHttp);
            Ok(())
        },
    },
    Fault {
        name: "garbage",
        what: "The distribution point answers with bytes that mean nothing.",
        plants: &["reachability/speaks-tls"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.instead = Some(Peer::Garbage);
            Ok(())
        },
    },
    Fault {
        name: "drip",
        what: "The update point answers byte by byte, with no end in sight.",
        plants: &["reachability/speaks-tls"],
        at: &["SUP01/"],
        consequences: &[],
        plant: |site| {
            site.sup01.home.instead = Some(Peer::Drips);
            Ok(())
        },
    },
    Fault {
        name: "tls-alert",
        what: "The update point for Internet clients ends every handshake with an alert.",
        plants: &["reachability/speaks-tls"],
        at: &["SUP02/"],
        consequences: &[],
        plant: |site| {
            site.sup02.home.instead = Some(Peer::Alerts);
            Ok(())
        },
    },
    Fault {
        name: "second-address-closed",
        what: "The distribution point's names lead to a second address, where nothing listens.",
        plants: &["reachability/connects"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let node = Node { address: loopback(123), instead: Some(Peer::Closed), ..site.dp01.home.clone() };
            site.dp01.further.push(node);
            Ok(())
        },
    },
    Fault {
        name: "second-address-other-certificate",
        what: "The distribution point's names lead to a second address, whose certificate lacks the Internet FQDN.",
        plants: &["chain/one-leaf"],
        at: &["DP01/"],
        consequences: &["web-server/internet-name"],
        plant: |site| {
            let mut node = Node { address: loopback(124), ..site.dp01.home.clone() };
            node.web.presented.recipe = node.web.presented.recipe.dns(&["dp01.corp.contoso.com"]);
            site.dp01.further.push(node);
            Ok(())
        },
    },
    Fault {
        name: "renewed-not-bound-at-second-address",
        what: "The distribution point's certificate was renewed, and at its second address the old one is still bound.",
        plants: &["web-server/expected-certificate"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            let old = Node { address: loopback(125), ..site.dp01.home.clone() };
            site.dp01.further.push(old);
            site.dp01.spoil(|recipe| recipe.key(KeyName::Rsa2048G));
            let (renewed, _) = site.dp01.home.web.presented.make()?;
            site.dp01.expected = Some(Certificate::read(&Der::from(renewed.der.as_slice())).thumbprint_sha1());
            Ok(())
        },
    },
    Fault {
        name: "other-certificate-without-server-name",
        what: "The update point presents a machine's default certificate to clients that send no server name.",
        plants: &["chain/one-leaf"],
        at: &["SUP01/"],
        consequences: &["web-server/client-accepts-name", "web-server/internet-name", "web-server/intranet-name"],
        plant: |site| {
            let mut other = site.sup01.home.web.presented.clone();
            other.recipe = other.recipe.cn("default.corp.contoso.com").dns(&["default.corp.contoso.com"]);
            site.sup01.home.web.nameless = Nameless::Other(Box::new(other));
            Ok(())
        },
    },
    Fault {
        name: "refused-without-server-name",
        what: "The update point for Internet clients ends the handshake of clients that send no server name.",
        plants: &["session/server-name"],
        at: &["SUP02/"],
        consequences: &["session/reaches-old-clients"],
        plant: |site| {
            site.sup02.home.web.nameless = Nameless::Refused;
            Ok(())
        },
    },
    Fault {
        name: "handshake-never-ends",
        what: "The state migration point begins every handshake, shows its certificates, and closes the connection.",
        plants: &["reachability/completes-handshake"],
        at: &["SMP01/"],
        consequences: &[],
        plant: |site| {
            site.smp01.home.instead = Some(Peer::BeginsOnly);
            Ok(())
        },
    },
    Fault {
        name: "gateway-in-front",
        what: "Something nobody declared passes requests on to the distribution point.",
        plants: &["reachability/direct"],
        at: &["DP01/"],
        consequences: &[],
        plant: |site| {
            site.dp01.home.web.content.via = Some("1.1 edge-7");
            Ok(())
        },
    },
    Fault {
        name: "inspected-outside",
        what: "On Internet clients' way to the distribution point a device opens TLS and makes certificates of its own.",
        plants: &["reachability/uninspected"],
        at: &["DP01/"],
        consequences: &["proxy/mode", "chain/leads-to-site-root", "web-server/intranet-name", "revocation/reachable"],
        plant: |site| {
            let pki = site.pki.clone();
            let device = Organization::fabrikam().at(site.now).build()?;
            let made = Presented::new(device.web_server(&["dp.contoso.com"]), &device.issuing);
            let mut bridging = Bridging::presenting(made, &pki);
            (bridging.inside, bridging.insists) = (None, false);
            site.fw01.bridges = Some(bridging);
            Ok(())
        },
    },
];
