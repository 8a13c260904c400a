//! `openssl s_server`, the machine's own: whatever chain and protocol version it is told.

use std::process::Command;

use crate::judged;
use crate::management_point::{self, At};
use crate::servers::{Folder, Server};

/// A server that presents exactly this chain, leaf first, with further arguments.
pub(crate) fn start(chain: &str, key: &str, arguments: &[&str]) -> Server {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    // It takes the leaf from one file, and what is sent after it from another.
    let second = chain.match_indices(BEGIN).nth(1).map_or(chain.len(), |(at, _)| at);
    let (leaf, others) = chain.split_at(second);
    Server::start(1, |folder, address, ports| {
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", &format!("{address}:{}", ports[0]), "-www", "-quiet"]);
        command.args(["-cert", &folder.write("leaf.crt", leaf), "-key", &folder.write("leaf.key", key)]);
        if !others.is_empty() {
            command.args(["-cert_chain", &folder.write("others.crt", others)]);
        }
        command.args(arguments);
        command
    })
}

#[test]
fn servers_that_speak_old_versions_only_are_met_by_the_second_engine_and_judged() {
    for (argument, version) in [("-tls1", "TLSv1.0"), ("-tls1_1", "TLSv1.1")] {
        let own = management_point::certificate();
        let server = start(&own.chain_pem(), own.key_pem(), &[argument, "-cipher", "ALL:@SECLEVEL=0"]);
        let folder = Folder::new();
        let at = At { address: server.address(), https: server.port(0), http: 80 };
        let judged = judged::check(&management_point::definition(&folder, at, None, ""), &["--no-http"]);
        let [endpoint] = judged.0.endpoints.as_slice() else { panic!("one endpoint") };
        assert_eq!(endpoint.tls_version.as_deref(), Some(version));
        assert_eq!(endpoint.received_certificate_chain.len(), own.chain().len());
        judged.passes("chain/leads-to-site-root", MP);
        judged.passes("web-server/client-accepts-name", MP);
        judged.fails("session/protocol", MP);
        let failing: Vec<&str> = judged.failures().map(|one| one.requirement.as_ref()).collect();
        assert_eq!(failing, ["session/protocol"], "{version}");
    }
}

#[test]
fn each_version_is_tried_by_itself_when_asked_to() {
    let own = management_point::certificate();
    let server = start(&own.chain_pem(), own.key_pem(), &["-cipher", "ALL:@SECLEVEL=0", "-no_tls1_1"]);
    let folder = Folder::new();
    let at = At { address: server.address(), https: server.port(0), http: 80 };
    let definition = management_point::definition(&folder, at, None, "");
    let judged = judged::check(&definition, &["--no-http", "--tls-versions"]);
    judged.passes("session/protocol", MP);
    // TLS 1.0, and yet none of the suites Windows XP has.
    judged.fails("session/reaches-old-clients", MP);
    judged.passes("session/reaches-clients", MP);

    let newest = start(&own.chain_pem(), own.key_pem(), &["-tls1_3"]);
    let folder = Folder::new();
    let at = At { address: newest.address(), https: newest.port(0), http: 80 };
    let definition = management_point::definition(&folder, at, None, "");
    let judged = judged::check(&definition, &["--no-http", "--tls-versions"]);
    judged.fails("session/reaches-old-clients", MP);
    judged.passes("session/old-versions", MP);
}

const MP: &str = "MP01/";
