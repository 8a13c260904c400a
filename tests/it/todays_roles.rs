//! A cloud management gateway, an administration service, a reporting point and a state migration point, as nginx can
//! imitate them.

use std::net::Ipv4Addr;

use cmprobe::lab::pki::{Pki, pem};

use crate::judged::{self, Judged};
use crate::management_point;
use crate::nginx;
use crate::servers::{Folder, Server};

const GATEWAY: &str = "cmg.contoso.com";
const PROVIDER: &str = "prv01.corp.contoso.com";

/// A gateway that asks for client certificates in the handshake, and an administration service that answers so.
fn start(status: u16) -> Server {
    behind(status, "")
}

/// The same, with more headers in the service's answers.
fn behind(status: u16, headers: &str) -> Server {
    nginx::start(2, |folder, address, ports| {
        let pki = Pki::lab().unwrap();
        let [gateway, provider] = ports else { panic!("two ports") };
        let pair = |name: &str, fqdn: &str| folder.write_pair(name, &pki.issue(&pki.web_server(&[fqdn])).unwrap());
        let (of_gateway, of_provider) = (pair("gateway", GATEWAY), pair("provider", PROVIDER));
        let roots = folder.write("roots.crt", pem("CERTIFICATE", &pki.root.der));
        format!(
            "http {{\nssl_protocols TLSv1.2 TLSv1.3;\n\
             server {{\nlisten {address}:{gateway} ssl;\nssl_certificate {};\nssl_certificate_key {};\n\
             ssl_verify_client on;\nssl_client_certificate {roots};\nssl_verify_depth 3;\n\
             location = /CCM_Proxy_MutualAuth/ServiceMetadata {{ default_type application/json; return 200 '{{}}'; }}\n}}\n\
             server {{\nlisten {address}:{provider} ssl;\nssl_certificate {};\nssl_certificate_key {};\n\
             location /AdminService/ {{ add_header WWW-Authenticate Negotiate always; {headers} return {status}; }}\n}}\n}}",
            of_gateway.certificate, of_gateway.key, of_provider.certificate, of_provider.key
        )
    })
}

/// A folder with the certificate and key of a client, and the root it leads to.
fn folder_of_a_client() -> Folder {
    let folder = Folder::new();
    let client = management_point::client();
    folder.write("client.crt", client.chain_pem());
    folder.write("client.key", client.key_pem());
    folder.write("root.cer", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    folder
}

fn judge(server: &Server) -> Judged {
    let folder = folder_of_a_client();
    let vantage = |network: &str, name: &str, address: Ipv4Addr| {
        format!(
            "[[vantage]]\nname = \"{network}\"\nnetwork = \"{network}\"\nprivate_addresses = true\n\
             [vantage.hosts]\n\"{name}\" = [\"{address}\"]\n"
        )
    };
    let text = format!(
        "[site]\ncode = \"CB1\"\nname = \"Real servers\"\nprofile = \"current-branch\"\nclients_check_revocation = false\n\
         [trust]\nroots = [\"root.cer\"]\n\
         [[client]]\nname = \"pc\"\ncertificate = \"client.crt\"\nkey = \"client.key\"\n{}{}\
         [[system]]\nname = \"CMG\"\ninternet_fqdn = \"{GATEWAY}\"\nroles = [\"cloud-management-gateway\"]\n\
         [system.ports]\nhttps = {}\n\
         [[system]]\nname = \"PRV01\"\nintranet_fqdn = \"{PROVIDER}\"\nroles = [\"sms-provider\"]\n\
         [system.ports]\nhttps = {}\n",
        vantage("intranet", PROVIDER, server.address()),
        vantage("internet", GATEWAY, server.address()),
        server.port(0),
        server.port(1)
    );
    judged::check(&folder.write("site.toml", text), &[])
}

#[test]
fn a_gateway_and_an_administration_service_pass_what_is_asked_of_them() {
    let judged = judge(&start(401));
    for (requirement, at) in [
        ("cloud-management-gateway/service", "CMG/"),
        ("cloud-management-gateway/service-name", "CMG/"),
        ("cloud-management-gateway/prefix", "CMG/"),
        ("client-authentication/accepts-client", "CMG/"),
        ("client-authentication/accepted-issuers", "CMG/"),
        ("sms-provider/service", "PRV01/"),
        ("sms-provider/client-accepts-name", "PRV01/"),
        ("chain/leads-to-site-root", "PRV01/"),
    ] {
        judged.passes(requirement, at);
    }
    judged.nothing_fails();
}

#[test]
fn an_administration_service_that_asks_nobody_fails() {
    let judged = judge(&start(200));
    judged.fails("sms-provider/service", "PRV01/");
    judged.passes("cloud-management-gateway/service", "CMG/");
}

#[test]
fn what_stands_in_front_of_an_administration_service_undeclared_is_one_diagnosis() {
    let judged = judge(&behind(401, "add_header Via '1.1 edge-7' always;"));
    judged.fails("reachability/direct", "PRV01/");
    judged.passes("reachability/direct", "CMG/");
    let told: Vec<_> = judged.0.diagnoses.iter().filter(|one| one.cause == "gateway-on-the-way").collect();
    assert_eq!(told.len(), 1, "{:#?}", judged.0.diagnoses);
}

const REPORTS: &str = "rep01.corp.contoso.com";
const STATE: &str = "smp01.corp.contoso.com";

/// A reporting point with a certificate for a name, and a state migration point that answers clients so.
fn start_inner(reports: &str, state: u16) -> Server {
    nginx::start(2, |folder, address, ports| {
        let pki = Pki::lab().unwrap();
        let [of_reports, of_state] = ports else { panic!("two ports") };
        let pair = |name: &str, fqdn: &str| folder.write_pair(name, &pki.issue(&pki.web_server(&[fqdn])).unwrap());
        let (reporting, migrating) = (pair("reports", reports), pair("state", STATE));
        let roots = folder.write("roots.crt", pem("CERTIFICATE", &pki.root.der));
        format!(
            "http {{\nssl_protocols TLSv1.2;\n\
             server {{\nlisten {address}:{of_reports} ssl;\nssl_certificate {};\nssl_certificate_key {};\n\
             location /ReportServer {{ add_header WWW-Authenticate Negotiate always; return 401; }}\n}}\n\
             server {{\nlisten {address}:{of_state} ssl;\nssl_certificate {};\nssl_certificate_key {};\n\
             ssl_verify_client on;\nssl_client_certificate {roots};\nssl_verify_depth 3;\n\
             location /SMSSMP/ {{ return {state}; }}\n}}\n}}",
            reporting.certificate, reporting.key, migrating.certificate, migrating.key
        )
    })
}

fn judge_inner(server: &Server) -> Judged {
    let folder = folder_of_a_client();
    let address = server.address();
    let system = |name: &str, fqdn: &str, role: &str, port: u16| {
        format!(
            "[[system]]\nname = \"{name}\"\nintranet_fqdn = \"{fqdn}\"\nroles = [\"{role}\"]\n[system.ports]\nhttps = {port}\n"
        )
    };
    let text = format!(
        "[site]\ncode = \"CB1\"\nname = \"Real servers\"\nprofile = \"current-branch\"\nclients_check_revocation = false\n\
         [trust]\nroots = [\"root.cer\"]\n\
         [[client]]\nname = \"pc\"\ncertificate = \"client.crt\"\nkey = \"client.key\"\n\
         [[vantage]]\nname = \"intranet\"\nnetwork = \"intranet\"\nprivate_addresses = true\n\
         [vantage.hosts]\n\"{REPORTS}\" = [\"{address}\"]\n\"{STATE}\" = [\"{address}\"]\n{}{}",
        system("REP01", REPORTS, "reporting-point", server.port(0)),
        system("SMP01", STATE, "state-migration-point", server.port(1)),
    );
    judged::check(&folder.write("site.toml", text), &[])
}

#[test]
fn a_reporting_point_and_a_state_migration_point_pass_what_is_asked_of_them() {
    let judged = judge_inner(&start_inner(REPORTS, 200));
    for (requirement, at) in [
        ("reporting-point/client-accepts-name", "REP01/"),
        ("reporting-point/server-auth-eku", "REP01/"),
        ("chain/leads-to-site-root", "REP01/"),
        ("state-migration-point/service", "SMP01/"),
        ("client-authentication/demanded", "SMP01/"),
        ("web-server/client-accepts-name", "SMP01/"),
    ] {
        judged.passes(requirement, at);
    }
    judged.nothing_fails();
}

#[test]
fn a_reporting_point_with_another_servers_certificate_and_a_state_migration_point_out_of_work_fail() {
    let judged = judge_inner(&start_inner("sql01.corp.contoso.com", 500));
    judged.fails("reporting-point/client-accepts-name", "REP01/");
    judged.passes("chain/leads-to-site-root", "REP01/");
    judged.fails("state-migration-point/service", "SMP01/");
    judged.passes("web-server/client-accepts-name", "SMP01/");
}
