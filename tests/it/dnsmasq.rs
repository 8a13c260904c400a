//! dnsmasq twice, as the DNS inside and the DNS outside: split views, aliases, names that are not there, service records.

use std::net::Ipv4Addr;
use std::process::Command;

use cmprobe::lab::pki::Pki;
use cmprobe::lab::pki::pem;

use crate::judged::{self, Judged};
use crate::management_point;
use crate::nginx;
use crate::servers::{Folder, Server};

/// A name server with these records, which knows nothing else of `contoso.com` and asks nobody.
fn start(records: &[String]) -> Server {
    Server::start(1, |_, address, ports| {
        let mut command = Command::new("dnsmasq");
        command
            .args(["--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces"])
            .args(["--local=/contoso.com/", &format!("--listen-address={address}"), &format!("--port={}", ports[0])])
            .args(records);
        command
    })
}

/// A web server with the management point's certificate.
fn web_server() -> Server {
    nginx::start(1, |folder, address, ports| {
        let files = management_point::write(folder);
        format!(
            "http {{ server {{ listen {address}:{} ssl; ssl_certificate {}; ssl_certificate_key {}; }} }}",
            ports[0], files.pair.certificate, files.pair.key
        )
    })
}

/// Checks a site by what the two name servers say.
fn judge(port: u16, inside: &[String], outside: &[String]) -> Judged {
    let (inside, outside) = (start(inside), start(outside));
    let folder = Folder::new();
    folder.write("root.cer", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    let dns = |server: &Server| format!("{}:{}", server.address(), server.port(0));
    let text = format!(
        r#"[site]
code = "PRI"
name = "Split DNS"
profile = "native-mode-2007"
clients_check_revocation = false
[trust]
roots = ["root.cer"]
[[vantage]]
name = "intranet"
network = "intranet"
dns = ["{}"]
[[vantage]]
name = "internet"
network = "internet"
private_addresses = true
dns = ["{}"]
[[system]]
name = "MP01"
intranet_fqdn = "mp01.corp.contoso.com"
internet_fqdn = "mp.contoso.com"
client_connections = "both"
roles = ["management-point"]
[system.ports]
https = {port}
"#,
        dns(&inside),
        dns(&outside)
    );
    judged::check(&folder.write("site.toml", text), &["--no-http"])
}

fn host(name: &str, address: Ipv4Addr) -> String {
    format!("--host-record={name},{address}")
}

fn service(port: u16) -> String {
    format!("--srv-host=_mssms_mp_pri._tcp.corp.contoso.com,mp01.corp.contoso.com,{port}")
}

const INSIDE: &str = "MP01/management-point/mp01.corp.contoso.com/intranet";
const OUTSIDE: &str = "MP01/management-point/mp.contoso.com/internet";
const HIDDEN: &str = "MP01/hidden-name/mp01.corp.contoso.com/internet";
const RECORD: &str = "PRI/service-record/";

#[test]
fn each_side_has_its_own_names_and_the_service_record_leads_to_the_port() {
    let web = web_server();
    let (at, port) = (web.address(), web.port(0));
    let judged = judge(
        port,
        &[host("mp01.corp.contoso.com", at), service(port)],
        // The public name is an alias, as hosting makes them.
        &["--cname=mp.contoso.com,edge.contoso.com".to_owned(), host("edge.contoso.com", at)],
    );
    judged.passes("reachability/name-resolves", INSIDE);
    judged.passes("reachability/name-resolves", OUTSIDE);
    judged.passes("reachability/intranet-name-hidden", HIDDEN);
    judged.passes("reachability/service-record", RECORD);
    judged.nothing_fails();
}

#[test]
fn a_name_that_is_not_there_an_intranet_name_outside_and_a_leftover_port_are_told() {
    let web = web_server();
    let (at, port) = (web.address(), web.port(0));
    let judged = judge(
        port,
        &[host("mp01.corp.contoso.com", at), service(80)],
        &[host("mp01.corp.contoso.com", at), host("other.contoso.com", at)],
    );
    judged.passes("reachability/name-resolves", INSIDE);
    judged.fails("reachability/name-resolves", OUTSIDE);
    let missing = judged.finding("reachability/name-resolves", OUTSIDE);
    assert!(missing.observed.concat().contains("NXDOMAIN"), "{missing:#?}");
    judged.fails("reachability/intranet-name-hidden", HIDDEN);
    judged.fails("reachability/service-record", RECORD);
    assert!(judged.finding("reachability/service-record", RECORD).observed.concat().contains("80"));
    judged.fails("session/reaches-old-clients", INSIDE);
    assert_eq!(judged.failures().count(), 3);
}

#[test]
fn an_alias_that_leads_nowhere_is_told_with_its_way() {
    let web = web_server();
    let (at, port) = (web.address(), web.port(0));
    // The alias is known, what it leads to is not here: dnsmasq says so with no address.
    let judged = judge(
        port,
        &[host("mp01.corp.contoso.com", at)],
        &["--cname=mp.contoso.com,edge.contoso.com".to_owned(), "--txt-record=edge.contoso.com,nothing".to_owned()],
    );
    judged.fails("reachability/name-resolves", OUTSIDE);
    judged.passes("reachability/intranet-name-hidden", HIDDEN);
    judged.fails("session/reaches-old-clients", INSIDE);
    assert_eq!(judged.failures().count(), 1);
}
