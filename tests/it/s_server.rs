//! `openssl s_server`, the machine's own: whatever chain and protocol version it is told.

use std::process::Command;

use crate::servers::Server;

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
