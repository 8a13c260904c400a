//! A management point's list over the network: http, https, with a client certificate where one is wanted, and believed only
//! where roots were given to believe by.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use cmprobe::lab::pki::{LAB_EPOCH, Minted, Organization, Pkcs12, Pki};
use cmprobe::lab::server::{Accepts, ClientAuth, Credentials, Options, TlsServer};
use cmprobe::lab::site::http::{self, Reserved};
use cmprobe::lab::site::pages::Page;
use time::OffsetDateTime;
use tokio::runtime::Runtime;

use super::{Folder, planned};
use crate::program::run;

const LIST: &str = r#"<MPList><MP Name="MP01" FQDN="mp01.corp.contoso.com" SiteCode="PRI"><Version>9128</Version><Capabilities><Property Name="SSLState" Value="63"/></Capabilities></MP></MPList>"#;

/// A management point that answers every question alike.
fn serve(runtime: &Runtime, page: Page, client_auth: ClientAuth) -> TlsServer {
    let pki = Pki::lab().unwrap();
    serve_as(runtime, &pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap(), page, client_auth)
}

fn serve_as(runtime: &Runtime, leaf: &Minted, page: Page, client_auth: ClientAuth) -> TlsServer {
    let mut options = Options::presenting(Credentials::of(leaf));
    options.client_auth = client_auth;
    options.serve = Some(Arc::new(move |mut stream| {
        let page = page.clone();
        Box::pin(async move {
            if let Ok(Some(asked)) = http::read(&mut stream).await {
                let _ = http::write(&mut stream, &asked, &page).await;
            }
        })
    }));
    runtime.block_on(TlsServer::start(options)).unwrap()
}

fn page(status: u16, body: &str) -> Page {
    Page { status, reason: "As told", media_type: "text/xml", headers: Vec::new(), body: body.as_bytes().to_vec() }
}

/// A server that wants a client certificate of the lab's authorities in the handshake.
fn wants_client() -> ClientAuth {
    let pki = Pki::lab().unwrap();
    ClientAuth::Required(Accepts { authorities: Vec::new(), roots: Some(vec![pki.root.der.clone()]), at: LAB_EPOCH })
}

/// The flags that lead a name to a server.
fn pin(server: &TlsServer) -> (String, String) {
    let port = server.address().port();
    (format!("https://mp01.corp.contoso.com:{port}"), format!("mp01.corp.contoso.com:{port}:127.0.0.1"))
}

#[test]
fn the_list_is_asked_for_over_https_and_a_bare_server_is_asked_for_it_too() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let server = serve(&runtime, page(200, LIST), ClientAuth::None);
    let (url, pin) = pin(&server);
    for url in [url.clone(), format!("{url}/SMS_MP/.sms_aut?MPLIST")] {
        let (text, complaints, code) = run(&["init", "--from", &url, "--resolve", &pin]);
        assert_eq!((complaints.as_str(), code), ("", 0), "{text}");
        assert!(text.starts_with("# cmprobe init, from https://mp01.corp.contoso.com:"), "{text}");
        assert_eq!(planned(&folder, &text).len(), 1);
    }
}

#[test]
fn a_client_certificate_is_presented_where_one_is_wanted() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let pki = Pki::lab().unwrap();
    let server = serve(&runtime, page(200, LIST), wants_client());
    let (url, pin) = pin(&server);
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let pfx = folder.write("ws01.pfx", Pkcs12::export(&client, "hunter2").der().unwrap());
    let password = folder.write("password", "hunter2");
    let (text, complaints, code) =
        run(&["init", "--from-mplist", &url, "--resolve", &pin, "--pfx", &pfx, "--pass-file", &password]);
    assert_eq!((complaints.as_str(), code), ("", 0), "{text}");
    assert!(text.contains("name = \"MP01\""), "{text}");
    let (_, complaints, code) = run(&["init", "--from", &url, "--resolve", &pin]);
    assert_eq!(code, 2);
    assert!(complaints.contains("wants a client certificate: add --pfx"), "{complaints}");
}

#[test]
fn refusals_and_pages_are_told_with_what_would_help() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let certificate = folder.write("ws01.pem", client.chain_pem() + client.key_pem());
    for (answer, told) in [
        (page(403, "<h2>403.7</h2>"), "answers 403: the management point wants a client certificate: add --pfx"),
        (page(401, ""), "answers 401: the management point wants a client certificate: add --pfx"),
        (page(200, "<!DOCTYPE html><html>sign in</html>"), "answers with a web page"),
        (page(404, ""), "the server answers 404; ask for /SMS_MP/.sms_aut?MPLIST"),
        (page(200, "<Policy/>"), "XML of another kind"),
    ] {
        let server = serve(&runtime, answer, ClientAuth::None);
        let (url, pin) = pin(&server);
        let (out, complaints, code) = run(&["init", "--from", &url, "--resolve", &pin]);
        assert_eq!((out.as_str(), code), ("", 2), "{told}");
        assert!(complaints.contains(told), "{told}: {complaints}");
    }
    let server = serve(&runtime, page(403, ""), ClientAuth::None);
    let (url, pin) = pin(&server);
    let (_, complaints, _) = run(&["init", "--from", &url, "--resolve", &pin, "--cert", &certificate]);
    assert!(complaints.contains("to the client certificate that was presented"), "{complaints}");
    drop(server);
    let (_, complaints, code) = run(&["init", "--from", &url, "--resolve", &pin]);
    assert_eq!(code, 2);
    assert!(complaints.contains("refused"), "{complaints}");
}

#[test]
fn a_server_is_believed_by_the_roots_that_are_given_and_asked_nothing_otherwise() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let other = folder.write("other.cer", Pki::stranger().unwrap().root.pem());
    let pki = Organization::contoso().at(OffsetDateTime::now_utc()).build().unwrap();
    let root_now = folder.write("root-now.cer", pki.root.pem());
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let server = serve_as(&runtime, &leaf, page(200, LIST), ClientAuth::None);
    let (url, pin) = pin(&server);
    let (_, complaints, code) = run(&["init", "--from", &url, "--resolve", &pin, "--ca-file", &other]);
    assert_eq!(code, 2);
    assert!(complaints.contains("leads to none of the roots of --ca-file"), "{complaints}");
    let (text, complaints, code) = run(&["init", "--from", &url, "--resolve", &pin, "--ca-file", &root_now]);
    assert_eq!((complaints.as_str(), code), ("", 0), "{text}");
}

#[test]
fn plain_http_is_asked_too_and_urls_that_are_none_are_told() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let reserved = runtime.block_on(Reserved::at(IpAddr::V4(Ipv4Addr::LOCALHOST))).unwrap();
    let address = reserved.address().unwrap();
    let server = runtime.block_on(async { reserved.serve(|_| page(200, LIST)) });
    let (text, complaints, code) = run(&["init", "--from", &format!("http://{address}/SMS_MP/.sms_aut?MPLIST")]);
    assert_eq!((complaints.as_str(), code), ("", 0), "{text}");
    assert_eq!(planned(&folder, &text).len(), 1);
    assert_eq!(server.asked().len(), 1);
    for (url, more, told) in [
        ("https://jane:hunter2@mp01/x", vec![], "holds credentials"),
        ("https://mp01:99999/x", vec![], "not a port"),
        ("https://:443/x", vec![], "names no host"),
        ("http://mp01/x", vec!["--pfx", "ws01.pfx"], "over https alone"),
    ] {
        let (_, complaints, code) = run(&[&["init", "--from", url], more.as_slice()].concat());
        assert_eq!(code, 2, "{url}");
        assert!(complaints.contains(told) && !complaints.contains("hunter2"), "{told}: {complaints}");
    }
}

#[test]
fn a_server_is_named_by_its_address_and_port_as_well() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let server = serve(&runtime, page(200, LIST), ClientAuth::None);
    let address = server.address();
    for url in [format!("https://{address}"), format!("https://{address}/SMS_MP/.sms_aut?MPLIST")] {
        let (text, complaints, code) = run(&["init", "--from", &url]);
        assert_eq!((complaints.as_str(), code), ("", 0), "{text}");
        assert!(text.starts_with(&format!("# cmprobe init, from https://{address}")), "{text}");
        assert_eq!(planned(&folder, &text).len(), 1);
    }
    // With roots given, the address is believed by them: no name is asked for.
    let pki = Organization::contoso().at(OffsetDateTime::now_utc()).build().unwrap();
    let (root, other) =
        (folder.write("root.cer", pki.root.pem()), folder.write("other.cer", Pki::stranger().unwrap().root.pem()));
    let leaf = pki.issue(&pki.web_server(&["mp01.corp.contoso.com"])).unwrap();
    let server = serve_as(&runtime, &leaf, page(200, LIST), ClientAuth::None);
    let url = format!("https://{}/", server.address());
    for (given, code) in [(&root, 0), (&other, 2)] {
        let (_, complaints, ended) = run(&["init", "--from", &url, "--ca-file", given]);
        assert_eq!(ended, code, "{complaints}");
    }
    // IPv6 stands in brackets; what is no port is told.
    let (_, complaints, code) = run(&["init", "--from", "https://[::1]:99999/"]);
    assert!(code == 2 && complaints.contains("not a port"), "{complaints}");
    drop(server);
}
