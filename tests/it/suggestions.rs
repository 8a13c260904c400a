//! What a run suggests: never an option that it was given, and none that would decide nothing beside the others it has.

use cmprobe::lab::pki::{Pkcs12, Pki};

use crate::program::run;
use crate::small_site::SmallSite;

/// The options a run can suggest, as it writes them.
const OPTIONS: &[&str] = &[
    "--ca-file",
    "--pfx",
    "--cert",
    "--site-code",
    "--profile",
    "--revocation",
    "--online",
    "--tls-versions",
    "--proxy-resolve",
    "--no-http",
    "--pass-file",
];

/// The options that words name.
fn named(words: &str) -> Vec<&'static str> {
    let is_whole = |option: &str, rest: &str| {
        !rest.starts_with(|next: char| next.is_alphanumeric() || next == '-') && !option.is_empty()
    };
    let names =
        |option: &&str| words.match_indices(*option).any(|(at, _)| is_whole(option, &words[at + option.len()..]));
    OPTIONS.iter().copied().filter(names).collect()
}

/// A client's certificate of the site's authority, and its password's file.
fn client(site: &SmallSite) -> (String, String) {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.client("wks01.corp.contoso.com")).unwrap();
    let pfx = site.write("client.pfx", Pkcs12::export(&leaf, "throw-away").der().unwrap());
    (pfx, site.write("password", "throw-away\n"))
}

/// What a report suggests: the lines under "More would be decided by", and what would decide what is open.
fn suggested(text: &str) -> Vec<&'static str> {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let more = flat.split_once("More would be decided by").map_or("", |(_, after)| after);
    let more = more.split("Ends next").next().unwrap_or_default();
    let open: String =
        flat.split("decided by ").skip(1).map(|part| part.chars().take(160).collect::<String>() + "\n").collect();
    let first: String =
        flat.split("to decide ").skip(1).map(|part| part.chars().take(160).collect::<String>() + "\n").collect();
    named(&format!("{more}\n{open}\n{first}"))
}

#[test]
fn no_run_suggests_what_it_was_given_nor_what_the_others_leave_out() {
    let site = SmallSite::with(|recipe| recipe);
    let root = site.arg("root.cer");
    let (client, password) = client(&site);
    let port = site.address().port();
    let pin = format!("mp01.corp.contoso.com:{port}:127.0.0.1");
    let pfx = ["--pfx", client.as_str(), "--pass-file", password.as_str()];
    let roles = [
        format!("mp=mp01.corp.contoso.com:{port}"),
        format!("mp01.corp.contoso.com:{port}"),
        "mp=127.0.0.1:1".to_owned(),
    ];
    for endpoint in &roles {
        for (options, useless) in [
            (&[][..], &[][..]),
            (&["--no-http"], &["--pfx", "--cert", "--site-code"]),
            (&["--no-http", "--ca-file", &root], &["--pfx", "--cert", "--site-code"]),
            (&["--ca-file", &root], &[]),
            (&["--ca-file", &root, pfx[0], pfx[1], pfx[2], pfx[3]], &["--cert"]),
            (&[pfx[0], pfx[1], pfx[2], pfx[3]], &["--cert"]),
            (&["--no-http", pfx[0], pfx[1], pfx[2], pfx[3]], &["--cert", "--site-code"]),
            (&["--site-code", "PRI", "--profile", "current-branch"], &[]),
            (&["--revocation", "off", "--no-tls-versions"], &["--tls-versions"]),
        ] {
            let fixed = ["check", endpoint.as_str(), "--resolve", &pin, "--connect-timeout", "2s", "--quiet", "-v"];
            let (text, complaints, code) = run(&[&fixed[..], options].concat());
            assert!(code != 2, "{options:?}: {complaints}");
            let told = suggested(&text);
            for option in options.iter().chain(useless) {
                assert!(!told.contains(option), "{endpoint} {options:?} suggests {option}:\n{text}");
            }
        }
    }
}

/// A certificate whose issuer is named and is not to be had: offline, looking for it is suggested; online, nothing is.
#[test]
fn an_inspection_online_does_not_suggest_itself() {
    let site = SmallSite::with(|recipe| recipe);
    let (client, password) = client(&site);
    let root = site.arg("root.cer");
    for online in [&[][..], &["--online"]] {
        let fixed = ["inspect", "--as", "client", &client, "--pass-file", &password, "--ca-file", &root, "-v"];
        let (text, complaints, code) = run(&[&fixed[..], online].concat());
        assert!(code != 2, "{complaints}");
        assert!(online.is_empty() || !named(&text).contains(&"--online"), "{text}");
    }
}
