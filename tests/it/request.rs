//! `request`: for every definition and every system, cluster and proxy, what OpenSSL makes of the request and an authority
//! signs passes `inspect`; certreq's form says the same names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cmprobe::lab::pki::{KeyName, Pki};
use cmprobe::report::document::Report;
use cmprobe::report::finding::VerdictWord;
use cmprobe::request::certificate_use::CertificateUse;
use cmprobe::rule::usage::Use;
use cmprobe::site::{ProxyMode, Site};
use tempfile::TempDir;

use crate::program::run;

const AT: &str = "2026-02-01";

/// Every definition the repository has that is one, and some of this test's own.
fn definitions() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["targets", "testdata/definitions"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                found.extend(fs::read_to_string(&path).ok().map(|text| (name, text)));
            }
        }
    }
    found.retain(|(_, text)| Site::from_toml(text, Path::new("")).is_ok());
    assert!(found.len() >= 8);
    found.push(("example.toml".into(), cmprobe::import::example::TEXT.into()));
    let long = format!("{}.corp.contoso.com", "a-very-long-name".repeat(3));
    found.push((
        "own.toml".into(),
        format!(
            r#"site = {{ code = "PrI" }}
vantage = [{{ name = "intranet" }}, {{ name = "internet" }}]
system = [
    {{ name = "MP01", intranet_fqdn = "{long}", internet_fqdn = "mp.contoso.com", client_connections = "internet", roles = ["management-point"] }},
    {{ name = "MP02", intranet_fqdn = "mp02.{long}", roles = ["management-point", "state-migration-point"] }},
    {{ name = "MP03", roles = ["management-point", "distribution-point", "software-update-point"] }},
]
cluster = [
    {{ name = "CMNLB", role = "management-point", intranet_fqdn = "cm.corp.contoso.com", internet_fqdn = "cm.contoso.com", nodes = ["MP02", "MP03"] }},
    {{ name = "SUPNLB", role = "software-update-point", intranet_fqdn = "sup.corp.contoso.com", nodes = ["MP03"] }},
]
proxy = [
    {{ name = "ISA01", internet_fqdn = "mp.contoso.com", mode = "bridging", publishes = ["MP01", "CMNLB"], client_certificate = "pki/isa.cer" }},
    {{ name = "FW01", internet_fqdn = "cm.contoso.com", mode = "bridging", publishes = ["CMNLB"] }},
]
"#
        ),
    ));
    found
}

/// A definition in a folder of its own, with a certificate wherever it names a file.
struct Place {
    folder: TempDir,
    site: Site,
}

impl Place {
    fn of(text: &str) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("site.toml"), text).unwrap();
        let site = Site::from_toml(text, folder.path()).unwrap();
        let pki = Pki::lab().unwrap();
        let inner = pki.issue(&pki.client("isa01.corp.contoso.com")).unwrap();
        let write = |path: &PathBuf, pem: String| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, pem).unwrap();
        };
        site.trust.roots.iter().chain(&site.trust.client_roots).for_each(|path| write(path, pki.root.pem()));
        site.trust.intermediates.iter().for_each(|path| write(path, pki.issuing.pem()));
        site.signing_certificate.iter().for_each(|path| write(path, pki.issuing.pem()));
        site.proxies
            .iter()
            .filter_map(|proxy| proxy.client_certificate.as_ref())
            .for_each(|path| write(path, inner.pem()));
        write(&folder.path().join("root.pem"), pki.root.pem());
        for named in ["pki/public-root.cer", "pki/cm01.cer"] {
            write(&folder.path().join(named), pki.root.pem());
        }
        write(&folder.path().join("ca.pem"), pki.issuing.pem());
        write(&folder.path().join("ca.key"), pki.issuing.key_pem().to_owned());
        write(&folder.path().join("own.key"), KeyName::Rsa2048G.pem().to_owned());
        write(&folder.path().join("index.txt"), String::new());
        let ca = "[ca]\ndefault_ca=lab\n[lab]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\nemail_in_dn=no\n[any]\ncommonName=optional\n";
        write(&folder.path().join("ca.cnf"), ca.to_owned());
        Self { folder, site }
    }

    fn arg(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn openssl(&self, args: &[&str]) {
        let ran = Command::new("openssl").args(args).current_dir(self.folder.path()).output().unwrap();
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }

    /// Every request of a bearer, one after the other, and the exit code.
    fn requested(&self, bearer: &str, more: &[&str]) -> (String, i32) {
        let (definition, folder) = (self.arg("site.toml"), self.arg(&format!("every-{bearer}")));
        let args = ["request", bearer, "--definition", definition.as_str(), "-o", folder.as_str()];
        let (names, _, code) = run(&[args.as_slice(), more].concat());
        let read = |name: &str| fs::read_to_string(Path::new(&folder).join(name)).unwrap();
        (names.lines().map(read).collect(), code)
    }

    /// Who may be asked for.
    fn bearers(&self) -> Vec<String> {
        let systems = self.site.systems.iter().map(|system| system.name.to_string());
        let clusters = self.site.clusters.iter().map(|cluster| cluster.name.to_string());
        let bridges = self.site.proxies.iter().filter(|proxy| proxy.mode == ProxyMode::Bridging);
        systems.chain(clusters).chain(bridges.map(|proxy| proxy.name.to_string())).collect()
    }

    /// Has a request made and signed; the certificate's file.
    fn signed(&self, folder: &str, file: &str) -> String {
        let stem = file.strip_suffix(".cnf").unwrap();
        let config = format!("{folder}/{file}");
        let (request, certificate) = (format!("{stem}.req"), format!("{stem}.cer"));
        let text = fs::read_to_string(self.folder.path().join(&config)).unwrap();
        let command = text.lines().find(|line| line.contains("openssl req")).unwrap();
        let mut args = vec!["req", "-new", "-config", &config, "-key", "own.key", "-out", &request];
        if command.contains("-subj /") {
            args.extend(["-subj", "/"]);
        }
        self.openssl(&args);
        self.openssl(&[
            "ca",
            "-batch",
            "-notext",
            "-config",
            "ca.cnf",
            "-cert",
            "ca.pem",
            "-keyfile",
            "ca.key",
            "-in",
            &request,
            "-out",
            &certificate,
            "-startdate",
            "20260101000000Z",
            "-enddate",
            "20270101000000Z",
        ]);
        let chain =
            fs::read_to_string(self.folder.path().join(&certificate)).unwrap() + &Pki::lab().unwrap().issuing.pem();
        fs::write(self.folder.path().join(&certificate), chain).unwrap();
        self.arg(&certificate)
    }

    /// The rows about names, purpose and key that the certificate fails, with severity error.
    fn failing(&self, certificate: &str, check: &str) -> Vec<String> {
        let root = self.arg("root.pem");
        // As the request says, but for where the file is; where a file with its key is wanted, it is made first.
        let mut args: Vec<&str> = check.split(' ').collect();
        let (pfx, password) = (certificate.replace(".cer", ".pfx"), self.arg("password"));
        if args[3].ends_with(".pfx") {
            fs::write(&password, "secret").unwrap();
            let export =
                ["pkcs12", "-export", "-in", certificate, "-inkey", "own.key", "-passout", "pass:secret", "-out", &pfx];
            self.openssl(&export);
            args[3] = &pfx;
            args.extend(["--pass-file", &password]);
        } else {
            args[3] = certificate;
        }
        args.extend(["--at", AT, "--ca-file", &root, "--revocation", "off", "-f", "json", "--show", "all"]);
        let (out, complaints, code) = run(&args);
        assert!([0, 1, 3].contains(&code), "{args:?}: {complaints}");
        let report = Report::read(out.as_bytes()).unwrap();
        assert!(report.findings.iter().any(|finding| finding.verdict == VerdictWord::Pass), "{out}");
        let failing = report.findings.iter().filter(|finding| finding.fails());
        failing
            .filter(|finding| finding.severity.name() == "error" || finding.requirement.starts_with("nlb/"))
            .map(|finding| format!("{}: {:?}", finding.requirement, finding.observed))
            .collect()
    }
}

#[test]
fn what_is_asked_for_is_called_as_inspect_calls_it() {
    for name in CertificateUse::ALL.map(CertificateUse::name) {
        assert!(Use::ALL.iter().any(|known| known.name() == name), "{name}");
    }
}

#[test]
fn a_certificate_made_from_any_request_of_any_definition_passes() {
    let mut wrong = Vec::new();
    let mut made = 0;
    for (name, text) in definitions() {
        let place = Place::of(&text);
        let definition = place.arg("site.toml");
        for bearer in place.bearers() {
            let folder = place.arg(&format!("requests-{bearer}"));
            let (out, complaints, code) =
                run(&["request", &bearer.to_lowercase(), "--definition", &definition, "--openssl", "-o", &folder]);
            if code == 2 && complaints.contains("has no role that needs a certificate") {
                continue;
            }
            assert_eq!((complaints.as_str(), code), ("", 0), "{name} {bearer}");
            for file in out.lines() {
                let written = fs::read_to_string(Path::new(&folder).join(file)).unwrap();
                let check = written.lines().find_map(|line| line.strip_prefix("# check: cmprobe ")).unwrap();
                let failing = place.failing(&place.signed(&folder, file), check);
                made += 1;
                wrong.extend(failing.into_iter().map(|failure| format!("{name} {bearer} {file}: {failure}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(made > 40, "{made}");
}

#[test]
fn the_site_servers_certificate_is_the_sentence_with_the_code_of_2007() {
    let (_, text) = definitions().pop().unwrap();
    let place = Place::of(&text);
    let definition = place.arg("site.toml");
    let folder = place.arg("requests");
    for (system, more, file) in
        [("site-server", vec![], "site-server.cnf"), ("MP01", vec!["--use", "site-server"], "MP01-site-server.cnf")]
    {
        let args = [
            &["request", system, "--definition", definition.as_str(), "--openssl", "-o", folder.as_str()],
            more.as_slice(),
        ];
        let (out, complaints, code) = run(&args.concat());
        assert_eq!((out.trim(), complaints.as_str(), code), (file, "", 0));
        let certificate = place.signed(&folder, file);
        let check = format!("inspect --as site-server {certificate} --definition {definition}");
        assert_eq!(place.failing(&certificate, &check), Vec::<String>::new());
    }
    for (from, to, told) in [
        ("code = \"PrI\"", "code = \"PrI\", profile = \"current-branch\"", "a certificate it makes itself"),
        ("code = \"PrI\"", "code = \"PrI\", kind = \"secondary\"", "a secondary site signs no policies"),
    ] {
        fs::write(&definition, text.replace(from, to)).unwrap();
        let (_, complaints, code) = run(&["request", "site-server", "--definition", &definition]);
        assert_eq!(code, 2);
        assert!(complaints.contains(told), "{complaints}");
    }
}

#[test]
fn certreqs_form_has_the_names_of_the_other_one_a_line_each_and_ends_its_lines_as_windows_does() {
    for (name, text) in definitions() {
        let place = Place::of(&text);
        for bearer in place.bearers() {
            let (inf, code) = place.requested(&bearer, &[]);
            let (cnf, other) = place.requested(&bearer, &["--openssl"]);
            assert_eq!(code, other);
            if code == 2 {
                continue;
            }
            assert!(inf.is_ascii() && !inf.replace("\r\n", "").contains('\n'), "{name} {bearer}");
            let of_inf: Vec<&str> = inf
                .lines()
                .filter_map(|line| line.strip_prefix("_continue_ = \"DNS=")?.strip_suffix('"'))
                .map(|name| name.trim_end_matches('&'))
                .collect();
            let of_cnf: Vec<&str> = cnf
                .lines()
                .filter_map(|line| line.strip_prefix("subjectAltName = "))
                .flat_map(|names| names.split(','))
                .filter_map(|name| name.strip_prefix("DNS:"))
                .collect();
            assert_eq!(of_inf, of_cnf, "{name} {bearer}");
            // The ampersand separates; it follows no last name, and is in none.
            for part in inf.split("2.5.29.17 = \"{text}\"\r\n").skip(1) {
                let names: Vec<&str> = part.lines().take_while(|line| line.starts_with("_continue_")).collect();
                let last = names.len() - 1;
                assert!(names.iter().enumerate().all(|(at, line)| line.ends_with("&\"") == (at < last)), "{names:?}");
            }
            let purposes = |text: &str, key: &str| -> Vec<String> {
                let lines = text.lines().filter_map(|line| line.strip_prefix(key));
                lines.map(|value| value.trim_matches('"').replace("{text}", "")).collect()
            };
            assert_eq!(purposes(&inf, "2.5.29.37 = "), purposes(&cnf, "extendedKeyUsage = "), "{name} {bearer}");
            let of_2007 = inf.contains("EDITF_ATTRIBUTESUBJECTALTNAME2");
            assert_eq!(of_2007, place.site.profile.name() == "native-mode-2007", "{name} {bearer}");
            let warned = inf.lines().filter(|line| line.contains("EDITF")).all(|line| line.starts_with(";   WARNING"));
            assert!(warned && inf.lines().all(|line| !line.contains("-attrib") || line.starts_with(';')), "{inf}");
        }
    }
}

#[test]
fn keys_are_rsa_of_2048_bits_and_leave_the_computer_only_where_they_must() {
    let (_, text) = definitions().pop().unwrap();
    let place = Place::of(&text);
    let definition = place.arg("site.toml");
    for (bearer, certificate_use, exportable) in [
        ("MP01", "web-server", false),
        ("MP01", "monitoring", false),
        ("MP01", "deployment", true),
        ("MP03", "distribution-point-client", true),
        ("ISA01", "proxy", true),
        ("ISA01", "proxy-client", true),
        ("MP01", "cloud-management-gateway", true),
    ] {
        let (inf, complaints, code) = run(&["request", bearer, "--definition", &definition, "--use", certificate_use]);
        assert_eq!((complaints.as_str(), code), ("", 0));
        let said = if exportable { "Exportable = TRUE\r\n" } else { "Exportable = FALSE\r\n" };
        for words in [said, "KeyLength = 2048\r\n", "MachineKeySet = TRUE\r\n", "RSA SChannel Cryptographic Provider"] {
            assert!(inf.contains(words), "{certificate_use}: {words}\n{inf}");
        }
    }
    let folder = place.arg("fresh");
    run(&["request", "ISA01", "--definition", &definition, "--use", "proxy", "--openssl", "-o", &folder]);
    place.openssl(&[
        "req",
        "-new",
        "-config",
        "fresh/ISA01.cnf",
        "-nodes",
        "-keyout",
        "fresh.key",
        "-out",
        "fresh.req",
    ]);
    let read = Command::new("openssl")
        .args(["req", "-in", "fresh.req", "-noout", "-text"])
        .current_dir(place.folder.path())
        .output()
        .unwrap();
    let read = String::from_utf8(read.stdout).unwrap();
    assert!(read.contains("(2048 bit)") && read.contains("TLS Web Server Authentication"), "{read}");
}

#[test]
fn who_or_what_is_not_there_is_told_and_files_are_not_written_over() {
    let (_, text) = definitions().pop().unwrap();
    let place = Place::of(&(text + "[[waiver]]\nrequirement = \"web-server/key-length\"\nreason = \"-\"\n"));
    let definition = place.arg("site.toml");
    let tunnel =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("targets/tunneling-proxy.toml")).unwrap();
    let tunnel = Place::of(&tunnel);
    let through = tunnel.site.proxies[0].name.to_string();
    let tunnels = tunnel.arg("site.toml");
    for (bearer, definition, more, told) in [
        ("MP09", &definition, vec![], "there are MP01, MP02, MP03, CMNLB"),
        ("ISA01", &definition, vec!["--use", "monitoring"], "is a proxy, and holds no certificate for monitoring"),
        ("MP01", &definition, vec!["--use", "proxy"], "is a site system, and no proxy"),
        ("MP01", &definition, vec!["--use", "root"], "a root signs itself"),
        ("MP01", &definition, vec!["--use", "mobile-device"], "enrol their certificates themselves"),
        ("site-server", &definition, vec!["--use", "web-server"], "name the [[system]]"),
        (through.as_str(), &tunnels, vec![], "passes TLS on unopened"),
    ] {
        let (out, complaints, code) =
            run(&[&["request", bearer, "--definition", definition.as_str()], more.as_slice()].concat());
        assert_eq!((out.as_str(), code), ("", 2), "{bearer}");
        assert!(complaints.contains(told), "{told}: {complaints}");
    }
    let folder = place.arg("requests");
    let args = ["request", "MP01", "--definition", definition.as_str(), "-o", folder.as_str()];
    let (first, _, code) = run(&args);
    assert_eq!(code, 0);
    assert_eq!(run(&args).0, first, "the same once more is no fault");
    let names: BTreeSet<&str> = first.lines().collect();
    assert_eq!(names, BTreeSet::from(["MP01.inf", "MP01-monitoring.inf"]));
    fs::write(place.folder.path().join("requests/MP01.inf"), "mine").unwrap();
    let (_, complaints, code) = run(&args);
    assert_eq!(code, 2);
    assert!(complaints.contains("MP01.inf: is there already and says something else"), "{complaints}");
    let odd = fs::read_to_string(&definition).unwrap().replace("mp.contoso.com", "mp_01.contoso.com");
    fs::write(&definition, odd).unwrap();
    let (_, complaints, code) = run(&["request", "MP01", "--definition", &definition]);
    assert_eq!(code, 2);
    assert!(complaints.contains("cannot be asked for") && complaints.contains('_'), "{complaints}");
}

#[test]
fn one_output_holds_one_request() {
    let (_, text) = definitions().pop().unwrap();
    let place = Place::of(&text);
    let definition = place.arg("site.toml");
    for form in [vec![], vec!["--openssl"]] {
        for (bearer, told) in [("MP01", "--use monitoring or --use web-server"), ("CMNLB", "MP02, MP03")] {
            let args = [&["request", bearer, "--definition", definition.as_str()], form.as_slice()].concat();
            let (out, complaints, code) = run(&args);
            assert_eq!((out.as_str(), code), ("", 2), "{bearer}");
            assert!(complaints.contains(told) && complaints.contains("-o FOLDER"), "{complaints}");
        }
        let one = ["request", "MP01", "--definition", definition.as_str(), "--use", "web-server"];
        let (out, complaints, code) = run(&[one.as_slice(), &form].concat());
        assert_eq!((complaints.as_str(), code), ("", 0));
        assert_eq!(out.matches("[req]").count() + out.matches("[NewRequest]").count(), 1, "{out}");
    }
}
