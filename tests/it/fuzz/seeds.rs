//! The seeds the lab mints: a healthy input of each kind, and one of each kind of oddity, so that spoiling begins close to
//! where readers branch.

use std::net::IpAddr;

use cmprobe::lab::pki::{
    Attribute, CrlRecipe, IssuingDistributionPoint, KeyName, Minted, Name, OcspRecipe, OcspStatus, Pkcs12, Protection,
    Reason, Recipe, Revoked, San, Signature, Subtree, Text, pem, pkcs7,
};
use data_encoding::HEXUPPER;

use super::targets::{BASE, SECRET, World, asked_about, pki, web_server};

/// The most a seed may have: the smaller, the more of it is spoiled.
const LONGEST: usize = 16 * 1024;

/// Seeds of one target, by name.
type Seeds = Vec<(&'static str, Vec<u8>)>;

/// Target, name and bytes of every seed.
pub(super) fn minted() -> Vec<(&'static str, String, Vec<u8>)> {
    let kinds: [(&str, Seeds); 18] = [
        ("answer", answers()),
        ("certificate", certificates()),
        ("definition", definitions()),
        ("delta_list", deltas()),
        ("download", downloads()),
        ("endpoints", endpoints()),
        ("export", exports()),
        ("file", files()),
        ("hello", hellos()),
        ("issuer", issuers()),
        ("management_point", pages()),
        ("messages", messages()),
        ("observations", observations()),
        ("ocsp_answer", ocsp_answers()),
        ("query", queries()),
        ("report", reports()),
        ("revocation_list", lists()),
        ("web_config", web_configs()),
    ];
    let mut seeds = Vec::new();
    for (target, of_kind) in kinds {
        for (name, bytes) in of_kind {
            assert!(bytes.len() <= LONGEST, "{target}/{name} has {} octets", bytes.len());
            seeds.push((target, name.to_owned(), bytes));
        }
    }
    seeds
}

fn issue(recipe: &Recipe) -> Minted {
    pki().issue(recipe).unwrap()
}

/// What consoles, directories and management points say of a site.
fn exports() -> Seeds {
    let role = |role: &str, server: &str, ssl: u8, properties: &str| {
        format!(
            r#"{{"RoleName":"{role}","SiteCode":"PRI","NetworkOSPath":"\\\\{server}.corp.contoso.com","SslState":{ssl},"Type":2,"Props":[{properties}]}}"#
        )
    };
    let public = r#"{"PropertyName":"Server Remote Public Name","Value1":"mp.contoso.com"}"#;
    let facing =
        r#"{"PropertyName":"MPInternetFacing","Value":1},{"PropertyName":"MPIntranetFacing","Value":1,"Value2":"x"}"#;
    let updates = r#"{"PropertyName":"SSLWSUS","Value":1},{"PropertyName":"WSUSIISSSLPort","Value":443}"#;
    let all = [
        role("SMS Site System", "MP01", 2, public),
        role("SMS Management Point", "MP01", 1, facing),
        role("SMS Site System", "MP02", 2, public),
        role("SMS Management Point", "MP02", 3, facing),
        role("SMS Distribution Point", "DP01", 0, r#"{"PropertyName":"SslState","Value":63}"#),
        role("SMS Software Update Point", "SUP01", 0, updates),
        role("SMS Provider", "MP01", 0, ""),
        role("SMS Server Locator Point", "MP01", 0, ""),
        r#"{"ComponentName":"SMS_MP_CONTROL_MANAGER","SiteCode":"PRI","Props":[{"PropertyName":"IISSSLPortsList","Value1":"8443"}]}"#.into(),
        r#"{"ItemName":"SMS_SITE_COMPONENT_MANAGER|X","SiteCode":"PRI","Props":[{"PropertyName":"IISSSLState","Value":1056}]}"#.into(),
    ];
    let page = format!("{{\"value\":[{}],\"@odata.nextLink\":null}}", all[..7].join(","));
    let pages = page.clone() + &all[7..].join("\n");
    let unicode: Vec<u8> = "\u{feff}".encode_utf16().chain(page.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let list = r#"<MPList><MP Name="MP01" FQDN="MP01.corp.contoso.com" SiteCode="PRI"><Version>6487</Version><Capabilities SchemaVersion="1.0"><Property Name="SSLState" Value="63"/></Capabilities></MP></MPList>"#;
    let table = "ServerName;RoleName;SiteCode;InternetFqdn;SslState;Port;ClientConnections\nMP01.corp.contoso.com;mp;PRI;mp.contoso.com;1;8443;both\nDP01;\"SMS Distribution Point\";PRI;;0;;\n";
    let ldif = "dn: CN=SMS-MP-PRI-MP01\nmSSMSMPName: MP01\ndNSHostName: MP01.corp.\n contoso.com\nmSSMSSiteCode: PRI\nmSSMSCapabilities: <a><HTTPSPort>8443</HTTPSPort><FSPServer>F&01</FSPServer></a>\n\n";
    vec![
        ("array", format!("[{}]", all.join(",")).into_bytes()),
        ("pages", pages.into_bytes()),
        ("unicode", unicode),
        ("list", list.into()),
        ("table", table.into()),
        ("directory", ldif.into()),
    ]
}

fn certificates() -> Seeds {
    let pki = pki();
    let odd = pki
        .web_server(&["mp01.corp.contoso.com"])
        .san(San::Ip(IpAddr::from([10, 1, 0, 21])))
        .san(San::Upn("ann@contoso.com".into()))
        .attribute(Attribute::Organization, Text::Bmp("Cont\u{f6}so".into()));
    let loose = pki.web_server(&["*.corp.contoso.com"]).unknown_critical_extension("1.2.3.4").extension(
        "2.5.29.17",
        false,
        &[0x30, 0x80],
    );
    // In the issuing authority's place, so that the good leaf leads to it.
    let constrained = pki
        .issuing
        .recipe
        .clone()
        .name_constraints(
            &[
                Subtree::Dns("contoso.com".into()),
                Subtree::Ip(IpAddr::from([10, 0, 0, 0]), 8),
                Subtree::Directory(vec![(Attribute::CommonName, "mp01".into())]),
            ],
            &[Subtree::Email("contoso.com".into()), Subtree::Uri(".contoso.com".into())],
        )
        .certificate_policies(&["1.2.3.4", "2.5.29.32.0"])
        .map_policy("1.2.3.4", "1.2.3.5")
        .require_explicit_policy(0)
        .inhibit_any_policy(1);
    vec![
        ("constrained", Minted::self_signed(&constrained).unwrap().der),
        ("web-server", web_server().der),
        ("client", issue(&pki.client("ws01.corp.contoso.com")).der),
        ("mobile-device", issue(&pki.mobile_device("ann")).der),
        ("site-signing", issue(&pki.site_signing("PRI")).der),
        ("proxy", issue(&pki.bridging_proxy(&["mp.contoso.com"])).der),
        ("root", pki.root.der.clone()),
        ("issuing", pki.issuing.der.clone()),
        ("odd-names", issue(&odd).der),
        ("odd-extensions", issue(&loose).der),
        ("version-1", issue(&Recipe::leaf("mp01").version_1()).der),
        ("curve", issue(&pki.web_server(&["mp01.corp.contoso.com"]).key(KeyName::P256A)).der),
        ("no-name", issue(&Recipe::leaf("").no_cn().no_eku().no_key_usage()).der),
    ]
}

fn lists() -> Seeds {
    let pki = pki();
    let leaf = web_server();
    let list = |recipe: &CrlRecipe| pki.issuing.crl(recipe).unwrap();
    let healthy = pki.issuing_crl();
    let foreign = Revoked {
        serial: vec![0, 0x81, 7],
        at: pki.organization.at,
        reason: Some(Reason::CertificateHold),
        certificate_issuer: Some(Name::from([(Attribute::CommonName, Text::from("Another CA"))])),
    };
    let part = IssuingDistributionPoint {
        urls: vec![pki.issuing_crl_url()],
        only_user_certificates: true,
        only_reasons: vec![Reason::KeyCompromise],
        indirect: true,
        ..IssuingDistributionPoint::default()
    };
    vec![
        ("empty", list(&healthy)),
        ("of-the-root", pki.root.crl(&pki.root_crl()).unwrap()),
        ("revoked", list(&healthy.clone().revoke_for(&leaf, Reason::KeyCompromise))),
        ("indirect", list(&healthy.clone().entry(foreign).revoke(&leaf).issuing_distribution_point(part))),
        ("delta", list(&healthy.clone().number(12).delta_over(10))),
        ("without-end", list(&healthy.clone().no_next_update())),
        ("weakly-signed", list(&healthy.clone().signed_with(Signature::Md5))),
        ("pem", pem("X509 CRL", &list(&healthy)).into_bytes()),
        ("web-page", b"<html><body>404</body></html>".to_vec()),
    ]
}

/// Deltas over the list of the world, and over others.
fn deltas() -> Seeds {
    let pki = pki();
    let leaf = web_server();
    let list = |recipe: CrlRecipe| pki.issuing.crl(&recipe).unwrap();
    let over = |base| pki.issuing_crl().number(BASE + 1).delta_over(base);
    let removed = Revoked {
        serial: leaf.serial.clone(),
        at: pki.organization.at,
        reason: Some(Reason::RemoveFromCrl),
        certificate_issuer: None,
    };
    vec![
        ("empty", list(over(BASE))),
        ("revoked", list(over(BASE).revoke_for(&leaf, Reason::KeyCompromise))),
        ("removed", list(over(BASE).entry(removed))),
        ("over-a-later-one", list(over(BASE + 5))),
        ("complete", list(pki.issuing_crl().number(BASE + 1))),
        ("of-another", pki.root.crl(&over(BASE)).unwrap()),
    ]
}

/// What stands where certificates name their issuers.
fn issuers() -> Seeds {
    let pki = pki();
    let (one, other) = (&pki.issuing.der, &pki.root.der);
    let renamed = pki.root.issue(&pki.issuing.recipe.clone().key(KeyName::Rsa2048G)).unwrap();
    let message = pkcs7(&[one, other]).unwrap();
    vec![
        ("one", one.clone()),
        ("base64", pem("CERTIFICATE", one).into_bytes()),
        ("message-base64", pem("PKCS7", &message).into_bytes()),
        ("message", message),
        ("another-key", renamed.der),
        ("another", other.clone()),
        ("web-page", b"<html><body>404</body></html>".to_vec()),
    ]
}

fn files() -> Seeds {
    let pki = pki();
    let client = issue(&pki.client("ws01.corp.contoso.com"));
    let export = Pkcs12::export(&client, SECRET).leaf_only();
    vec![
        ("der", client.der.clone()),
        ("pem", client.chain_pem().into_bytes()),
        ("pem-with-key", [client.pem(), client.key_pem().to_owned()].concat().into_bytes()),
        ("pkcs7", pkcs7(&client.chain()).unwrap()),
        ("pkcs7-pem", pem("PKCS7", &pkcs7(&client.chain()).unwrap()).into_bytes()),
        ("pkcs12", export.der().unwrap()),
        ("pkcs12-legacy", export.clone().protection(Protection::Legacy).der().unwrap()),
        ("pkcs12-3des", export.clone().protection(Protection::TripleDes).provider("Another").der().unwrap()),
        ("pkcs12-no-password", Pkcs12::export(&client, "").der().unwrap()),
        ("pkcs12-no-key", export.keys(&[]).der().unwrap()),
        ("utf-16", b"\xff\xfe-\0-\0-\0-\0-\0B\0E\0G\0I\0N\0".to_vec()),
    ]
}

fn definitions() -> Seeds {
    let everything = "\u{feff}[site]\ncode=\"PRI\"\n[[system]]\nname=\"MP01\"\nintranet_fqdn=\"mp01.contoso.com\"\nroles=[\"management-point\"]\n\n[[waiver]]\nrequirement=\"web-server/key-length\"\nsystem=\"MP01\"\nreason=\"\\u00e4\"\nuntil=2027-01-01\n";
    vec![("waiver", everything.into()), ("nothing", Vec::new())]
}

fn endpoints() -> Seeds {
    let every_form = "\u{feff}# all forms\r\nmp01.contoso.com\nmp=mp01:443 # comment\n[2001:db8::1]:8443\ndp=[::1]\nhttps://sup.contoso.com:8531/\n10.0.0.1:444\n\u{a0}\u{fc}mlaut.contoso.com\n";
    vec![
        ("every-form", every_form.into()),
        ("faults", b"xy=host\nfsp=host\nhttp://host\nhttps://user@host\nhost:0\n[::1\na:b:c\n".to_vec()),
        ("long", [&b"a".repeat(1025)[..], b"\n", "\u{e9}".repeat(600).as_bytes()].concat()),
    ]
}

fn queries() -> Seeds {
    vec![
        ("definition", b"definition=site".to_vec()),
        ("vantage", b"definition=M%C3%BCnchen+1&vantage=inter%20net".to_vec()),
        ("path", b"definition=../../etc/passwd".to_vec()),
        ("target", b"target=mp01.corp.contoso.com:8443&role=mp .corp.contoso.com".to_vec()),
        ("address", b"target=%5B2001:db8::1%5D:443 2001:db8::/32".to_vec()),
        ("twice", b"target=a&target=b&role=&vantage=%00".to_vec()),
    ]
}

fn web_configs() -> Seeds {
    let hash = "$2y$04$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";
    let tls = "tls_server_config:\n  cert_file: a.crt\n  key_file: a.key\n  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n  client_allowed_sans: [prometheus.contoso.com]\n  min_version: TLS13\n";
    vec![
        ("whole", format!("# ours\n{tls}basic_auth_users:\n  alice: {hash}\n  bob: '{hash}'\n").into()),
        ("flow", format!("{{basic_auth_users: {{alice: \"{hash}\"}}}}").into()),
        ("anchors", b"a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n".to_vec()),
        ("unknown", b"http_server_config:\n  http2: true\n".to_vec()),
    ]
}

fn pages() -> Seeds {
    let of_2007 = r#"<MPList><MP Name="MP01" FQDN="mp01.corp.contoso.com" SiteCode="PRI"><Version>6487</Version><Capabilities SchemaVersion="1.0"/></MP></MPList>"#;
    let current = "\u{feff}<?xml version=\"1.0\"?><!-- a --><MPList><MP Name=\"CM01\" FQDN=\"cm01.contoso.com\"><Version>9128</Version></MP><MP Name=\"&#x41;&amp;\" FQDN=\"\"/></MPList>";
    let entities = "<!DOCTYPE MPList [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><MPList><MP Name=\"x\">&b;</MP></MPList>";
    let certificate = format!("<MPCertificate>{}</MPCertificate>", HEXUPPER.encode(&web_server().der));
    let signing = HEXUPPER.encode(&issue(&pki().site_signing("PRI")).der);
    vec![
        ("list-2007", of_2007.into()),
        ("list-current", current.into()),
        ("entities", entities.into()),
        ("certificate", certificate.into()),
        ("signing-certificate", signing.into()),
        ("web-page", b"<html><body>HTTP Error 403.7</body></html>".to_vec()),
    ]
}

fn answers() -> Seeds {
    let whole = "HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/7.5\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: 9\r\n\r\n<MPList/>";
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n4;a=b\r\n<MPL\r\n5\r\nist/>\r\n0\r\nA: b\r\n\r\n";
    let refused = "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<h2>HTTP Error 403.7 - Forbidden: SSL client certificate is required.</h2>";
    let moved = "HTTP/1.0 302 Found\r\nLocation: https://elsewhere/\r\n\r\n";
    let wide = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 x\r\nWWW-Authenticate: NTLM\r\nContent-Type: text/html; charset=utf-16\r\n\r\n\u{0}<\u{0}h";
    vec![
        ("whole", whole.into()),
        ("chunked", chunked.into()),
        ("refused", refused.into()),
        ("moved", moved.into()),
        ("wide", wide.into()),
    ]
}

fn downloads() -> Seeds {
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\n";
    let list = pki().issuing.crl(&pki().issuing_crl()).unwrap();
    let moved = |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes();
    vec![
        ("whole", [format!("{ok}Content-Length: {}\r\n\r\n", list.len()).as_bytes(), &list].concat()),
        ("chunked", format!("{ok}Transfer-Encoding: chunked\r\n\r\n3\r\n0\u{3}a\r\n0\r\n\r\n").into()),
        ("too-large", format!("{ok}Content-Length: 4097\r\n\r\n").into()),
        ("not-found", b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno".to_vec()),
        ("moved", moved("http://elsewhere:81/a b.crl#c")),
        ("moved-near", moved("../b.crl?x=http://y")),
        ("moved-beside", moved("//elsewhere\\a.crl")),
        ("moved-away", moved("file:///etc/passwd")),
    ]
}

fn ocsp_answers() -> Seeds {
    let pki = pki();
    let leaf = asked_about();
    let answer = |recipe: &OcspRecipe| pki.issuing.ocsp(&leaf, recipe).unwrap();
    let healthy = OcspRecipe::at(pki.organization.at);
    let responder = issue(&pki.client("ocsp").eku(&["1.3.6.1.5.5.7.3.9"]).key(KeyName::Rsa2048G));
    vec![
        ("good", answer(&healthy)),
        ("revoked", answer(&healthy.clone().status(OcspStatus::Revoked(pki.organization.at)))),
        ("unknown", answer(&healthy.clone().status(OcspStatus::Unknown))),
        ("delegated", answer(&healthy.responder(&responder))),
        ("refused", vec![0x30, 3, 0x0a, 1, 6]),
        ("web-page", b"<html><body>404</body></html>".to_vec()),
    ]
}

/// Reports on one endpoint, as `json` and `jsonl` write them.
fn reports() -> Seeds {
    let [whole, lines] = World::shared().reports();
    vec![("whole", whole.into_bytes()), ("lines", lines.into_bytes()), ("empty", b"{}".to_vec())]
}

/// A number of so many octets in front of the bytes: how many they are.
fn counted(octets: usize, bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len().to_be_bytes();
    [&length[length.len() - octets..], bytes].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &counted(3, body)].concat()
}

fn record(content: u8, version: u8, fragment: &[u8]) -> Vec<u8> {
    [&[content, 3, version][..], &counted(2, fragment)].concat()
}

fn server_hello(version: u8, suite: [u8; 2], extensions: &[u8]) -> Vec<u8> {
    let block = if extensions.is_empty() { Vec::new() } else { counted(2, extensions) };
    message(2, &[&[3, version][..], &[0x5a; 32], &[0], &suite, &[0], &block].concat())
}

/// The messages of a server's first flight: a leaf, its issuer, a staple, a demand with two authorities.
fn flight(version: u8) -> Vec<u8> {
    let pki = pki();
    let leaf = web_server();
    let chain: Vec<u8> = leaf.chain().iter().flat_map(|der| counted(3, der)).collect();
    let staple = pki.issuing.ocsp(&leaf, &OcspRecipe::at(pki.organization.at)).unwrap();
    let status = message(22, &[&[1][..], &counted(3, &staple)].concat());
    let names: Vec<u8> = [&pki.root, &pki.issuing]
        .into_iter()
        .filter_map(|authority| {
            let der = cmprobe::wire::der::Der::from(authority.der.as_slice());
            let facts = cmprobe::certificate::Certificate::read(&der).facts.ok()?;
            Some(counted(2, facts.subject.der.as_slice()))
        })
        .flatten()
        .collect();
    let schemes: &[u8] = if version >= 3 { &[0, 4, 4, 1, 2, 1] } else { &[] };
    let demand = message(13, &[&[2, 1, 64][..], schemes, &counted(2, &names)].concat());
    let exchange = message(12, &[&[3, 0, 23, 65, 4][..], &[7; 64], &[4, 1, 0, 4, 1, 2, 3, 4]].concat());
    let renegotiation = [0xff, 1, 0, 1, 0, 0, 5, 0, 0];
    let hello = match version {
        0 => server_hello(0, [0, 5], &[]),
        _ => server_hello(version, [0xc0, 0x2f], &renegotiation),
    };
    [hello, message(11, &counted(3, &chain)), status, exchange, demand, message(14, &[])].concat()
}

/// What comes after the hello of TLS 1.3, where it is read in clear text.
fn flight_of_tls13() -> Vec<u8> {
    let hello = server_hello(3, [0x13, 1], &[&[0, 43, 0, 2, 3, 4, 0, 51, 0, 6, 0, 29, 0, 2, 9, 9][..]].concat());
    let leaf = web_server();
    let staple = pki().issuing.ocsp(&leaf, &OcspRecipe::at(pki().organization.at)).unwrap();
    let staple = [&[0, 5][..], &counted(2, &[&[1][..], &counted(3, &staple)].concat())].concat();
    let entry = [counted(3, &leaf.der), counted(2, &staple)].concat();
    let name = [0x30, 13, 0x31, 11, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2, b'C', b'A'];
    let authorities = [&[0, 47][..], &counted(2, &counted(2, &counted(2, &name)))].concat();
    let demand = message(13, &[&[0][..], &counted(2, &authorities)].concat());
    let certificate = message(11, &[&[0][..], &counted(3, &entry)].concat());
    [hello, demand.clone(), certificate, message(20, &[1; 32]), demand].concat()
}

fn messages() -> Seeds {
    let later = [flight(3), message(20, &[1; 12]), message(0, &[]), flight(3)].concat();
    vec![
        ("ssl3", flight(0)),
        ("tls10", flight(1)),
        ("tls12", flight(3)),
        ("tls12-again", later),
        ("tls13", flight_of_tls13()),
    ]
}

fn hellos() -> Seeds {
    let crumbs: Vec<u8> = flight(3).chunks(100).flat_map(|crumb| record(22, 3, crumb)).collect();
    let warned = [record(21, 1, &[1, 112]), record(22, 1, &flight(1))].concat();
    vec![
        ("ssl3", record(22, 0, &flight(0))),
        ("tls10-warned", warned),
        ("tls12", record(22, 3, &flight(3))),
        ("tls12-crumbs", crumbs),
        ("tls13", record(22, 3, &flight_of_tls13())),
        ("refused", record(21, 1, &[2, 40])),
        ("closed", record(21, 1, &[1, 0])),
        ("plain", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
    ]
}

fn observations() -> Seeds {
    let lines: Vec<String> = World::shared().lines().iter().map(|seen| serde_json::to_string(seen).unwrap()).collect();
    let mut seeds = vec![("run", lines.join("\n").into_bytes())];
    seeds.push(("target", lines[0].clone().into_bytes()));
    seeds.push(("rest", lines[1..].join("\n").into_bytes()));
    seeds
}
