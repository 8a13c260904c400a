//! A distribution point and a software update point of Current Branch, as Apache can imitate them: packages behind
//! client certificates, listed by its own WebDAV and fetched in ranges; update services over HTTPS with a plain HTTP twin.

use cmprobe::lab::pki::{Pki, pem};

use crate::apache;
use crate::judged::{self, Judged};
use crate::management_point;
use crate::servers::{Folder, Server};

const CONTENT: &str = "dp01.corp.contoso.com";
const UPDATES: &str = "sup01.corp.contoso.com";
const DP: &str = "DP01/";
const SUP: &str = "SUP01/";

/// The ways in which the two can be wrong.
#[derive(Clone, Copy)]
struct Ways {
    /// What answers WebDAV for packages.
    webdav: &'static str,
    /// Whether ranges are served, and what else concerns packages.
    packages: &'static str,
    /// What the services do over HTTPS.
    services: &'static str,
    /// What their directories do over plain HTTP.
    directories: &'static str,
    /// What everything else does over plain HTTP.
    twin: &'static str,
}

const RIGHT: Ways =
    Ways { webdav: "Dav on", packages: "", services: "Redirect 200", directories: "Require all denied", twin: "" };

fn start(ways: Ways) -> Server {
    apache::start(3, |folder, address, ports| {
        let pki = Pki::lab().unwrap();
        let [packages, services, twin] = ports else { panic!("three ports") };
        let pair = |name: &str, fqdn: &str| folder.write_pair(name, &pki.issue(&pki.web_server(&[fqdn])).unwrap());
        let (of_packages, of_services) = (pair("dp", CONTENT), pair("sup", UPDATES));
        let roots = folder.write("roots.crt", pem("CERTIFICATE", &pki.root.der));
        std::fs::create_dir_all(folder.path("packages/PRI00012.3")).unwrap();
        folder.write("packages/PRI00012.3/setup.exe", "MZ".repeat(2048));
        folder.write("wusserverversion.xml", "<wusserverversion/>");
        let (root, Ways { webdav, packages: further, services: says, directories, twin: whole }) =
            (folder.arg(""), ways);
        let tls = |pair: &crate::servers::Pair| {
            let (certificate, key) = (&pair.certificate, &pair.key);
            format!(
                "SSLEngine on\nSSLProtocol -all +TLSv1.2\nSSLCertificateFile {certificate}\nSSLCertificateKeyFile {key}\n"
            )
        };
        format!(
            "DavLockDB {root}locks\n\
             Listen {address}:{packages}\n<VirtualHost {address}:{packages}>\n{}SSLCACertificateFile {roots}\n\
             Alias \"/SMS_DP_SMSPKG$/\" \"{root}packages/\"\n\
             <Location \"/SMS_DP_SMSPKG$/\">\nOptions +Indexes\nSSLVerifyClient require\nSSLVerifyDepth 5\n{webdav}\n{further}\n</Location>\n\
             </VirtualHost>\n\
             Listen {address}:{services}\n<VirtualHost {address}:{services}>\n{}\
             Alias /ClientWebService/wusserverversion.xml {root}wusserverversion.xml\n\
             <Location /ClientWebService>\n{says}\n</Location>\n</VirtualHost>\n\
             Listen {address}:{twin}\n<VirtualHost {address}:{twin}>\n\
             <LocationMatch \"^/(ApiRemoting30|ClientWebService|DSSAuthWebService|ServerSyncWebService|SimpleAuthWebService)\">\n\
             {directories}\n</LocationMatch>\n{whole}\n</VirtualHost>\n",
            tls(&of_packages),
            tls(&of_services)
        )
    })
}

fn judge(ways: Ways) -> Judged {
    let server = start(ways);
    let folder = Folder::new();
    let client = management_point::client();
    folder.write("client.crt", client.chain_pem());
    folder.write("client.key", client.key_pem());
    folder.write("root.cer", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    let address = server.address();
    let text = format!(
        "[site]\ncode = \"CB1\"\nname = \"Real servers\"\nprofile = \"current-branch\"\nclients_check_revocation = false\n\
         [trust]\nroots = [\"root.cer\"]\n\
         [[client]]\nname = \"pc\"\ncertificate = \"client.crt\"\nkey = \"client.key\"\n\
         [[vantage]]\nname = \"intranet\"\nnetwork = \"intranet\"\nprivate_addresses = true\n\
         [vantage.hosts]\n\"{CONTENT}\" = [\"{address}\"]\n\"{UPDATES}\" = [\"{address}\"]\n\
         [[system]]\nname = \"DP01\"\nintranet_fqdn = \"{CONTENT}\"\nroles = [\"distribution-point\"]\n\
         package_path = \"PRI00012.3/setup.exe\"\n[system.ports]\nhttps = {}\n\
         [[system]]\nname = \"SUP01\"\nintranet_fqdn = \"{UPDATES}\"\nroles = [\"software-update-point\"]\n\
         [system.ports]\nsoftware-update-point = {}\nsoftware-update-point-http = {}\n",
        server.port(0),
        server.port(1),
        server.port(2)
    );
    judged::check(&folder.write("site.toml", text), &[])
}

#[test]
fn packages_and_updates_served_as_they_should_be_pass() {
    let judged = judge(RIGHT);
    for (requirement, at) in [
        ("distribution-point/content", DP),
        ("distribution-point/listing", DP),
        ("client-authentication/demanded", DP),
        ("client-authentication/accepts-client", DP),
        ("client-authentication/refuses-stranger", DP),
        ("software-update-point/service", SUP),
        ("software-update-point/http-content", SUP),
        ("software-update-point/directories-closed", SUP),
    ] {
        judged.passes(requirement, at);
    }
    judged.nothing_fails();
}

#[test]
fn each_way_in_which_they_are_wrong_is_told_by_its_row_alone() {
    for (ways, requirement, at) in [
        (Ways { webdav: "", ..RIGHT }, "distribution-point/listing", DP),
        (Ways { packages: "MaxRanges none", ..RIGHT }, "distribution-point/content", DP),
        (Ways { packages: "Redirect 404", ..RIGHT }, "distribution-point/content", DP),
        (Ways { services: "Redirect 503", ..RIGHT }, "software-update-point/service", SUP),
        (Ways { directories: "Redirect 200", ..RIGHT }, "software-update-point/directories-closed", SUP),
        (Ways { twin: "Redirect 503 /", ..RIGHT }, "software-update-point/http-content", SUP),
    ] {
        let judged = judge(ways);
        judged.fails(requirement, at);
        let failing: Vec<&str> = judged.failing(DP).into_iter().chain(judged.failing(SUP)).collect();
        assert_eq!(failing, [requirement]);
    }
}
