//! To whom a client's certificate is presented, and that nothing of this machine's OpenSSL decides what is seen.

use cmprobe::lab::pki::{LAB_EPOCH, Organization, Pki};
use cmprobe::lab::server::{Accepts, ClientAuth, Credentials, Options, TlsServer};

use crate::program::{cmprobe, run};
use crate::small_site::{AT, SmallSite};

/// The one line of a row and what is under it.
fn row<'a>(report: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["requirement"] == id).unwrap_or_else(|| panic!("{id}: {report:#}"))
}

#[test]
fn an_impostor_does_not_see_the_clients_certificate_unless_it_is_always_presented() {
    let site = SmallSite::with(|recipe| recipe);
    let (pki, impostor) = (Pki::lab().unwrap(), Organization::impostor().build().unwrap());
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let (cert, key) = (site.write("ws01.cer", client.pem()), site.write("ws01.key", client.key_pem()));
    let root = site.arg("root.cer");
    let own = |name: &str| Credentials::of(&pki.issue(&pki.web_server(&[name])).unwrap());
    let forged = Credentials::of(&impostor.issue(&impostor.web_server(&["mp01.corp.contoso.com"])).unwrap());
    let named = "mp01.corp.contoso.com";
    let (to_root, to_name) = ("leads to no root of the site", "does not carry the name mp01.corp.contoso.com");
    for (credentials, dialled, flags, withheld) in [
        (own(named), named, &[][..], None),
        (own("elsewhere.contoso.com"), "127.0.0.1", &[], None),
        (own("elsewhere.contoso.com"), named, &[], Some(to_name)),
        (own("elsewhere.contoso.com"), named, &["--present-always"], None),
        (own("elsewhere.contoso.com"), "127.0.0.1", &["--sni", named], Some(to_name)),
        (forged.clone(), named, &[], Some(to_root)),
        (forged.clone(), "127.0.0.1", &[], Some(to_root)),
        (forged, named, &["--present-always"], None),
    ] {
        let accepts = Accepts { authorities: Vec::new(), roots: None, at: LAB_EPOCH };
        let options = Options { client_auth: ClientAuth::Optional(accepts), ..Options::presenting(credentials) };
        let server = site.runtime.block_on(TlsServer::start(options)).unwrap();
        let port = server.address().port();
        let (endpoint, pin) = (format!("mp={dialled}:{port}"), format!("{named}:{port}:127.0.0.1"));
        let mut args = vec!["check", &endpoint, "--ca-file", &root, "--cert", &cert, "--key", &key, "--at", AT];
        args.extend(["--revocation", "off", "--no-stranger", "--no-tls-versions", "--quiet", "--show", "all"]);
        args.extend(["--format", "json"]);
        if dialled == named {
            args.extend(["--resolve", &pin]);
        }
        args.extend(flags);
        let (report, complaints, _) = run(&args);
        let report = serde_json::from_str(&report).unwrap_or_else(|error| panic!("{error}: {complaints}"));
        let presented = server.connections().iter().any(|met| met.client_chain.first() == Some(&client.der));
        assert_eq!(presented, withheld.is_none(), "{dialled} {flags:?} {withheld:?}");
        for id in ["client-authentication/accepts-client", "management-point/site-signing-certificate"] {
            let row = row(&report, id);
            let words = row.to_string();
            let said = words.contains("the client's certificate was not presented: ");
            assert_eq!(said, withheld.is_some(), "{dialled} {flags:?}: {words}");
            if let Some(why) = withheld {
                assert_eq!(row["verdict"], "unknown", "{words}");
                assert!(words.contains(why) && words.contains("--present-always"), "{words}");
            }
        }
    }
}

#[test]
fn no_configuration_of_the_machines_openssl_is_read() {
    let site = SmallSite::with(|recipe| recipe);
    // Nothing but a provider that has nothing, and no suite.
    let hostile = "openssl_conf = all\n[all]\nproviders = none\nssl_conf = ssl\nalg_section = algorithms\n\
                   [none]\nbase = active\n[active]\nactivate = 1\n[ssl]\nsystem_default = strict\n\
                   [strict]\nMinProtocol = TLSv1.3\nCipherString = NONE:@SECLEVEL=5\nCiphersuites =\n\
                   [algorithms]\ndefault_properties = fips=yes\n";
    let hostile = site.write("openssl.cnf", hostile);
    let (endpoint, root) = (site.address().to_string(), site.arg("root.cer"));
    let check = |environment: &[(&str, &str)]| {
        let args = ["check", &endpoint, "--ca-file", &root, "--at", AT, "--revocation", "off", "--show", "all"];
        let mut command = cmprobe(&args);
        command.args(["--engine", "openssl", "--format", "json", "--quiet"]).envs(environment.iter().copied());
        let output = command.output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let told = |row: &serde_json::Value| (row["requirement"].to_string(), row["verdict"].to_string());
        let rows: Vec<(String, String)> = report["findings"].as_array().unwrap().iter().map(told).collect();
        (rows, output.status.code())
    };
    let untouched = check(&[]);
    assert!(untouched.0.contains(&("\"reachability/completes-handshake\"".into(), "\"pass\"".into())), "{untouched:?}");
    let folder = site.path("");
    let folder = folder.to_str().unwrap();
    let variables = [("OPENSSL_CONF", hostile.as_str()), ("OPENSSL_MODULES", folder), ("OPENSSL_ENGINES", folder)];
    assert_eq!(check(&variables), untouched);
}
