//! What breaks a path is told in the report for people as it is in every other: which field, which value, which name.

use std::fs;

use cmprobe::lab::pki::{Minted, Pki, Recipe, Subtree, oid, pem};
use cmprobe::report::document::Report;
use tempfile::TempDir;

use crate::program::run;
use crate::small_site::AT;

/// An authority below the lab's root, bent.
fn authority(bend: impl FnOnce(Recipe) -> Recipe) -> Minted {
    let pki = Pki::lab().unwrap();
    pki.root.issue(&bend(pki.issuing.recipe.clone())).unwrap()
}

/// Text without its line breaks and margins.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_breaks_a_path_stands_in_the_text_in_so_many_words() {
    let pki = Pki::lab().unwrap();
    let leaf = |bend: fn(Recipe) -> Recipe| bend(pki.web_server(&["mp01.corp.contoso.com"]));
    let by = |authority: &Minted, recipe: &Recipe| (authority.issue(recipe).unwrap(), authority.clone());
    let plain = |bend: fn(Recipe) -> Recipe| by(&authority(bend), &leaf(|recipe| recipe));
    let of_leaf = |bend: fn(Recipe) -> Recipe| by(&pki.issuing, &leaf(bend));
    let below = |bend: fn(Recipe) -> Recipe| {
        let above = authority(bend);
        let issuing = above.issue(&Recipe::issuing("Contoso Issuing CA 7")).unwrap();
        (issuing.issue(&leaf(|recipe| recipe)).unwrap(), issuing, above)
    };
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let root = write("root.cer", &pki.root.der);
    let limited = below(|r| r.basic_constraints(true, Some(0)));
    let mut all = vec![
        (
            "unknown-critical-extension",
            plain(|r| r.unknown_critical_extension("1.3.6.1.4.1.55555.9")),
            "1.3.6.1.4.1.55555.9",
        ),
        (
            "unknown-critical-extension",
            of_leaf(|r| r.unknown_critical_extension("1.3.6.1.4.1.55555.8")),
            "1.3.6.1.4.1.55555.8",
        ),
        ("malformed-certificate", plain(|r| r.extension("2.5.29.30", true, &[0x30, 0x03, 0xA0])), "2.5.29.30"),
        ("name-constraint", plain(|r| r.name_constraints(&[Subtree::Dns("fabrikam.com".into())], &[])), "fabrikam.com"),
        ("authority-for-other-purposes", plain(|r| r.eku(&[oid::CLIENT_AUTHENTICATION])), "1.3.6.1.5.5.7.3.2"),
        ("policy-not-allowed", plain(|r| r.require_explicit_policy(0)), "demands a policy"),
    ];
    all.push(("path-length", (limited.0.clone(), limited.1.clone()), "allows 0 certification authorities"));
    for (cause, (leaf, issuer), words) in all {
        let above = pem("CERTIFICATE", &limited.2.der);
        let above = if cause == "path-length" { above } else { String::new() };
        let chain = pem("CERTIFICATE", &leaf.der) + &pem("CERTIFICATE", &issuer.der) + &above;
        let chain = write("chain.pem", chain.as_bytes());
        let inspect = ["inspect", "--as", "web-server", &chain, "--ca-file", &root, "--at", AT, "--revocation", "off"];
        let (out, complaints, code) = run(&[&inspect[..], &["-f", "json"]].concat());
        let report = Report::read(out.as_bytes()).unwrap_or_else(|_| panic!("{complaints}"));
        let told = report.diagnoses.iter().find(|one| one.cause == cause);
        let told = told.unwrap_or_else(|| panic!("{cause}: {:#?}", report.diagnoses));
        assert!(code == 1 && told.observed.iter().any(|value| value.contains(words)), "{told:#?}");
        for more in [&[][..], &["-v"], &["--show", "all"]] {
            let (text, _, _) = run(&[&inspect[..], more].concat());
            assert!(flat(&text).contains(words), "{cause}, {words}, {more:?}:\n{text}");
        }
    }
}

/// Of several authorities with one fault, `-v` tells what each has.
#[test]
fn what_each_of_several_has_stands_in_the_whole_report() {
    let pki = Pki::lab().unwrap();
    let folder = TempDir::new().unwrap();
    let mut files = Vec::new();
    for (at, extension) in ["1.3.6.1.4.1.55555.21", "1.3.6.1.4.1.55555.22"].into_iter().enumerate() {
        let name = format!("mp0{at}.corp.contoso.com");
        let leaf = pki.issue(&pki.web_server(&[&name]).unknown_critical_extension(extension)).unwrap();
        let path = folder.path().join(format!("{name}.pem"));
        fs::write(&path, pem("CERTIFICATE", &leaf.der) + &pem("CERTIFICATE", &pki.issuing.der)).unwrap();
        files.push(path.to_str().unwrap().to_owned());
    }
    let root = folder.path().join("root.cer");
    fs::write(&root, &pki.root.der).unwrap();
    let (one, other, root) = (files[0].as_str(), files[1].as_str(), root.to_str().unwrap());
    let (text, _, code) = run(&["inspect", "--as", "web-server", one, other, "--ca-file", root, "--at", AT, "-v"]);
    let text = flat(&text);
    assert!(code == 1 && text.contains("55555.21") && text.contains("55555.22"), "{text}");
}

/// What a gateway is called shows in its certificate's file, with and without the service name beside it.
#[test]
fn a_gateways_name_that_azure_does_not_take_is_seen_in_its_file() {
    let pki = Pki::lab().unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("gateway.cer");
    let file = path.to_str().unwrap();
    for (name, dialled, fails) in [
        ("cm.contoso.com", None, true),
        ("contoso-cmg.contoso.com", Some("contoso-cmg.contoso.com"), true),
        ("ContosoCMG.westeurope.cloudapp.azure.com", None, true),
        ("contosocmg.westeurope.cloudapp.azure.com", None, false),
        ("cmg.cloudapp.net", Some("cmg.cloudapp.net"), false),
        ("*.contoso.com", None, false),
        ("*.contoso.com", Some("cm.contoso.com"), true),
    ] {
        fs::write(&path, pki.issue(&pki.web_server(&[name]).cn(name)).unwrap().der).unwrap();
        let named = dialled.map(|name| vec!["--internet-name", name]).unwrap_or_default();
        let (out, complaints, _) = run(&[
            &["inspect", "--as", "cloud-management-gateway", file, "--at", AT, "-f", "json", "--show", "all"],
            named.as_slice(),
        ]
        .concat());
        let report = Report::read(out.as_bytes()).unwrap_or_else(|_| panic!("{complaints}"));
        let found: Vec<_> =
            report.findings.iter().filter(|one| one.requirement == "cloud-management-gateway/prefix").collect();
        assert_eq!(found.iter().any(|one| one.fails()), fails, "{name}, {dialled:?}: {found:#?}");
        assert_eq!(found.len(), usize::from(!name.starts_with('*') || dialled.is_some()), "{name}, {dialled:?}");
    }
}
