//! No secret leaves: planted ones (a password, a private key, what a server inside the network answers where a certificate
//! names a list or a responder) are looked for in everything a run prints, writes and saves, in every spelling.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use cmprobe::lab::pki::{Pkcs12, Pki};
use data_encoding::{BASE64, HEXLOWER, HEXUPPER};

use crate::program::run;
use crate::small_site::{AT, SmallSite};

const PASSWORD: &str = "Planted-Passw0rd/of+the=file";
const WRONG: &str = "Planted-wr0ng/Passw+rd=twice";
const INSIDE: &str = "planted: the wages of everybody, as the intranet answers them";
/// Every format.
pub(crate) const FORMATS: [&str; 13] = [
    "text",
    "html",
    "json",
    "jsonl",
    "junit",
    "sarif",
    "nagios",
    "prometheus",
    "csv",
    "prtg",
    "checkmk",
    "zabbix",
    "ics",
];

/// A web server that gives the same answer to everybody.
fn inside() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", INSIDE.len());
            let _ = stream.write_all((head + INSIDE).as_bytes());
        }
    });
    address
}

/// What would show a secret: itself, and itself encoded, whatever stands before it.
fn spellings(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![secret.to_vec(), HEXLOWER.encode(secret).into_bytes(), HEXUPPER.encode(secret).into_bytes()];
    all.push(secret.iter().flat_map(|octet| [*octet, 0]).collect());
    for before in 0..3 {
        let shifted = [&b"   "[..before], secret].concat();
        // Without what depends on the octets around it.
        let encoded = BASE64.encode(&shifted);
        all.push(encoded.as_bytes()[4..encoded.len() - 4].to_vec());
    }
    let percent = secret.iter().map(|octet| match octet {
        b'/' | b'+' | b'=' | b':' | b' ' | b',' => format!("%{octet:02X}"),
        other => char::from(*other).to_string(),
    });
    all.push(percent.collect::<String>().into_bytes());
    all
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[test]
fn nothing_that_is_printed_written_or_saved_holds_a_secret() {
    let address = inside();
    let url = |path: &str| format!("http://{address}/{path}");
    let site = SmallSite::with(|recipe| recipe.cdp(&[url("list.crl")]).no_authority_information().ocsp(&url("ocsp")));
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let pfx = site.write("ws01.pfx", Pkcs12::export(&client, PASSWORD).der().unwrap());
    let (right, wrong) = (site.write("right.txt", PASSWORD), site.write("wrong.txt", WRONG));
    let (pem, root) = (site.write("ws01.cer", client.pem()), site.arg("root.cer"));
    let endpoint = format!("mp=127.0.0.1:{}", site.address().port());
    let mut written = vec![site.arg("saved.json")];
    let reports: Vec<String> = FORMATS
        .iter()
        .map(|format| {
            written.push(site.arg(&format!("report.{format}")));
            format!("{format}={}", site.arg(&format!("report.{format}")))
        })
        .collect();
    let mut check = vec!["check", &endpoint, "--ca-file", &root, "--pfx", &pfx, "--pass-file", &right, "--at", AT];
    check.extend(["--verbose", "--show", "all", "--save", &written[0]]);
    check.extend(reports.iter().flat_map(|report| ["--report", report.as_str()]));
    let proxy = format!("http://user:{PASSWORD}@127.0.0.1:1");
    let wrongly = ["check", &endpoint, "--ca-file", &root, "--pfx", &pfx, "--pass-file", &wrong];
    let runs: [(&[&str], Option<i32>); 8] = [
        (&check, None),
        (&["assess", &site.arg("site.toml"), &written[0], "--show", "all"], None),
        (&["inspect", &pfx, "--pass-file", &right, "--ca-file", &root, "--at", AT], None),
        (&["inspect", &pfx, "--pass-file", &wrong], None),
        (&wrongly, Some(2)),
        (&["check", &endpoint, "--cert", &pem, "--key", &right], Some(2)),
        (&["check", &endpoint, "--proxy", &proxy], Some(2)),
        (&["check", &format!("https://user:{PASSWORD}@mp01.corp.contoso.com")], Some(2)),
    ];
    let mut said = Vec::new();
    for (arguments, code) in runs {
        let (out, complaints, ended) = run(arguments);
        assert!(code.is_none_or(|code| code == ended), "{arguments:?} ended with {ended}: {complaints}");
        assert!(!out.is_empty() || !complaints.is_empty(), "{arguments:?} says nothing");
        said.push((format!("what {arguments:?} prints"), out.into_bytes()));
        said.push((format!("what {arguments:?} complains of"), complaints.into_bytes()));
    }
    said.extend(written.iter().map(|file| (file.clone(), std::fs::read(file).unwrap())));
    let saved = &said[said.len() - written.len()].1;
    for asked in ["/list.crl", "/ocsp/"] {
        assert!(holds(saved, asked.as_bytes()), "{asked} was not asked for");
    }
    let key = client.private_key().unwrap().private_key_to_pkcs8().unwrap();
    // Of the key a part is enough, and not the part that says what kind it is.
    let secrets: [(&str, &[u8]); 4] = [
        ("the password", PASSWORD.as_bytes()),
        ("a wrong one", WRONG.as_bytes()),
        ("an answer", INSIDE.as_bytes()),
        ("the key", &key[200..240]),
    ];
    for (place, text) in &said {
        for (name, secret) in secrets {
            for spelling in spellings(secret) {
                assert!(!holds(text, &spelling), "{place} holds {name} as {}", spelling.escape_ascii());
            }
        }
    }
    // That a secret would be found, had it been there.
    for (_, secret) in secrets {
        for before in 0..3 {
            let leak = BASE64.encode(&[&b"xyz"[..before], secret, b"and more"].concat());
            assert!(spellings(secret).iter().any(|spelling| holds(leak.as_bytes(), spelling)));
        }
    }
}
