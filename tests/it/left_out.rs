//! What an option, a waiver or an export leaves out decides nothing: such runs over a healthy site end with 0, and say so.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::program::run;

/// The demo's site, kept up until the test is over.
struct Kept {
    process: Child,
    definition: PathBuf,
}

impl Kept {
    fn with(faults: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_cmprobe"))
            .args(["demo", "--keep", "--quiet"])
            .args(faults.iter().flat_map(|fault| ["--fault", fault]))
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let command = lines.find(|line| line.trim_start().starts_with("cmprobe check ")).unwrap();
        let definition = command.split_whitespace().nth(2).unwrap().into();
        Self { process, definition }
    }

    fn definition(&self) -> &str {
        self.definition.to_str().unwrap()
    }

    /// A file beside the definition, as an argument.
    fn file(&self, name: &str) -> String {
        self.definition.with_file_name(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        self.process.wait().unwrap();
    }
}

/// A run that must end with 0 and say that everything was decided.
fn ends_well(args: &[&str]) {
    let (out, complaints, code) = run(&[&["check", "--quiet"], args].concat());
    assert_eq!(code, 0, "{args:?}: {complaints}{out}");
    assert!(out.contains("everything was decided and nothing failed"), "{args:?}: {out}");
    assert!(out.contains(" 0 errors, 0 warnings, ") && !out.contains("not decided"), "{args:?}: {out}");
}

fn openssl(folder: &Path, args: &str) {
    let output = Command::new("openssl").args(args.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_healthy_site_ends_with_0_whatever_is_left_out() {
    let site = Kept::with(&[]);
    for flags in [&["--no-stranger"][..], &["--no-http"], &["--no-http", "--no-stranger"], &["--revocation", "soft"]] {
        ends_well(&[&[site.definition()], flags].concat());
    }
    // By hand: no site code, and the client's file as OpenSSL writes it, which names no provider.
    let text = std::fs::read_to_string(&site.definition).unwrap();
    let definition: toml::Table = text.parse().unwrap();
    let system = &definition["system"].as_array().unwrap()[0];
    let (name, port) = (system["intranet_fqdn"].as_str().unwrap(), &system["ports"]["https"]);
    let resolver = definition["vantage"][0]["dns"][0].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (password, root) = (site.file("pki/clients.password"), site.file("pki/contoso-root.cer"));
    let theirs = site.file("pki/workstation.pfx");
    openssl(folder.path(), &format!("pkcs12 -in {theirs} -passin file:{password} -nodes -out client.pem"));
    openssl(folder.path(), &format!("pkcs12 -export -in client.pem -passout file:{password} -out client.pfx"));
    let ours = folder.path().join("client.pfx");
    let endpoint = format!("mp={name}:{port}");
    for pfx in [theirs.as_str(), ours.to_str().unwrap()] {
        let given = ["--resolver", resolver, "--ca-file", &root, "--pfx", pfx, "--pass-file", &password];
        ends_well(&[&[endpoint.as_str(), "--profile", "native-mode-2007"], given.as_slice()].concat());
    }
}

#[test]
fn with_soft_revocation_what_cannot_be_had_or_is_stale_is_a_warning_in_every_use() {
    let site = Kept::with(&["crl-not-found", "crl-expired", "crl-html", "device-crl-expired", "delta-ended"]);
    let findings = |mode: &str| -> (Vec<Value>, i32) {
        let (out, _, code) =
            run(&["check", site.definition(), "--revocation", mode, "-q", "-f", "json", "--show", "all"]);
        let report: Value = serde_json::from_str(&out).unwrap();
        (report["findings"].as_array().unwrap().clone(), code)
    };
    let failing = |findings: &[Value]| -> Vec<(String, String)> {
        let failing = findings.iter().filter(|one| one["verdict"] == "fail");
        let mut failing: Vec<_> =
            failing.map(|one| (one["requirement"].to_string(), one["endpoint"].to_string())).collect();
        failing.sort();
        failing
    };
    let ((hard, of_hard), (soft, of_soft)) = (findings("hard"), findings("soft"));
    assert_eq!((of_hard, of_soft), (1, 0));
    assert_eq!(failing(&soft), failing(&hard), "told all the same");
    assert!(failing(&soft).iter().any(|(id, _)| id.contains("mobile-device/crl-current")), "{:?}", failing(&soft));
    for one in &soft {
        assert!(one["verdict"] != "fail" || one["severity"] == "warning", "{one:#}");
        assert_ne!(one["verdict"], "unknown", "{one:#}");
    }
    let places: Vec<&Value> =
        hard.iter().filter(|one| one["verdict"] == "unknown").map(|one| &one["endpoint"]).collect();
    let is_not_revoked = |one: &&Value| one["requirement"].as_str().unwrap().ends_with("/not-revoked");
    let open = soft.iter().filter(is_not_revoked).filter(|one| places.contains(&&one["endpoint"]));
    assert!(open.clone().count() > 0 && open.clone().all(|one| one["verdict"] == "not-applicable"), "{places:?}");
}
