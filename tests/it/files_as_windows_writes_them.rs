//! Files as programs on Windows write them: every text in UTF-8 with a byte order mark, in UTF-16 and with CRLF, and
//! certificates in every layout `certutil`, `certreq`, OpenSSL and mail programs give them, is what it is elsewhere.

use cmprobe::identity::{ClientIdentity, file};
use cmprobe::lab::pki::{CRYPTOGRAPHIC_SERVICE_PROVIDER, Pkcs12, Pki, pem, pkcs7};
use cmprobe::observation::file::{FileFormat, KeyPresence, Lock};
use data_encoding::BASE64;
use openssl::symm::Cipher;

use crate::program::{cmprobe, run};
use crate::small_site::{AT, SmallSite};

/// A text in every way Windows writes it, each with a name.
fn written(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    vec![
        ("crlf", text.clone().into_bytes()),
        ("utf8-bom", format!("\u{feff}{text}").into_bytes()),
        ("utf16le-bom", little(&format!("\u{feff}{text}"))),
        ("utf16be-bom", big(&format!("\u{feff}{text}"))),
        ("utf16le", little(&text)),
        ("utf16be", big(&text)),
    ]
}

/// Writes a file into a folder, and where it is.
fn file_in(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn definitions_are_read_and_their_faults_placed() {
    let site = SmallSite::with(|recipe| recipe);
    let text = site.read("site.toml");
    let (plain, _, _) = run(&["plan", &site.arg("site.toml")]);
    let wrong = text.replace("kind", "kynd").replace("code = \"PRI\"", "code = \"PRIM\"");
    for (name, bytes) in written(&text) {
        let definition = site.write("site.toml", bytes);
        let (out, complaints, code) = run(&["plan", &definition]);
        assert_eq!((out.as_str(), complaints.as_str(), code), (plain.as_str(), "", 0), "{name}");
    }
    for (name, bytes) in written(&wrong) {
        let definition = site.write("wrong.toml", bytes);
        let (_, complaints, code) = run(&["plan", &definition]);
        assert_eq!(code, 2);
        assert!(complaints.contains(&format!("{definition}:2:8: the site code")), "{name}: {complaints}");
    }
}

#[test]
fn a_text_in_no_encoding_known_is_told_with_its_line_and_what_to_do() {
    let site = SmallSite::with(|recipe| recipe);
    for (bytes, words) in [
        (&b"[site]\nname = \"M\xfcnchen\"\n"[..], "line 2 is not UTF-8 text"),
        (b"\xff\xfe[\0s", "damaged or cut off in line 1"),
        (b"\xff\xfe\0\0[\0\0\0", "UTF-32"),
    ] {
        let definition = site.write("bad.toml", bytes);
        let (_, complaints, code) = run(&["plan", &definition]);
        assert_eq!(code, 2);
        assert!(complaints.contains(words) && complaints.contains("UTF-8"), "{complaints}");
    }
}

#[test]
fn lists_are_read_from_a_file_and_from_a_stream() {
    let site = SmallSite::with(|recipe| recipe);
    let root = site.arg("root.cer");
    let list = format!("# endpoints\n127.0.0.1:{}\n", site.address().port());
    for (name, bytes) in written(&list) {
        let file = site.write("list.txt", &bytes);
        let arguments = ["check", "--ca-file", &root, "--at", AT, "--revocation", "off", "--no-stranger", "--list"];
        let (out, complaints, _) = run(&[&arguments[..], &[&file, "-f", "json"]].concat());
        assert!(out.contains("\"endpoints\": 1,"), "{name}: {complaints}{out}");
        let mut piped = cmprobe(&[&arguments[..], &["-", "-f", "json"]].concat());
        let output = piped.write_stdin(bytes).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(out.contains("\"endpoints\": 1,"), "{name}: {out}");
    }
    for (name, bytes) in written("mp01.contoso.com\nmp02:x\n") {
        let file = site.write("list.txt", bytes);
        let (_, complaints, code) = run(&["check", "--list", &file]);
        assert_eq!(code, 2);
        assert!(complaints.contains(&format!("{file}:2:6: ")), "{name}: {complaints}");
    }
}

#[test]
fn what_runs_wrote_is_read_after_powershell_wrote_it_anew() {
    let site = SmallSite::with(|recipe| recipe);
    let (definition, saved) = (site.arg("site.toml"), site.arg("saved.json"));
    let base = ["check", &definition, "--at", AT, "--no-stranger"];
    let (json, complaints, _) = run(&[&base[..], &["-f", "json", "--save", &saved]].concat());
    assert_eq!(complaints, "");
    let (lines, _, _) = run(&[&base[..], &["-f", "jsonl"]].concat());
    let (first, _, _) = run(&["assess", &definition, &saved, "-f", "json"]);
    for (name, bytes) in written(&site.read("saved.json")) {
        let file = site.write("saved.json", bytes);
        let (again, complaints, _) = run(&["assess", &definition, &file, "-f", "json"]);
        assert_eq!((again == first, complaints.as_str()), (true, ""), "{name}");
        let (_, complaints, code) =
            run(&["inspect", "--as", "web-server", "--definition", &definition, &file, "--at", AT]);
        assert_eq!((complaints.as_str(), code != 2), ("", true), "{name}");
    }
    let before = site.write("before.json", &json);
    for report in [json, lines] {
        for (name, bytes) in written(&report) {
            let after = site.write("after.json", bytes);
            let (_, complaints, code) = run(&["diff", &before, &after]);
            assert_eq!((complaints.as_str(), code != 2), ("", true), "{name}");
        }
    }
}

#[test]
fn passwords_are_read_without_their_mark_and_their_line_end() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let password = "p\u{e4}ss\u{20ac} word";
    let pfx = Pkcs12::export(&client, password).provider(CRYPTOGRAPHIC_SERVICE_PROVIDER).der().unwrap();
    let (pfx, root) = (site.write("client.pfx", pfx), site.arg("root.cer"));
    for (name, bytes) in written(&format!("{password}\nsecond line\n")) {
        let file = site.write("password.txt", bytes);
        let (_, complaints, code) =
            run(&["inspect", "--as", "client", &pfx, "--pass-file", &file, "--ca-file", &root, "--at", AT]);
        assert_eq!((complaints.as_str(), code), ("", 0), "{name}");
    }
    // Windows-1252: told without a word of the secret.
    let file = site.write("password.txt", b"p\xe4ssword\n");
    let (_, complaints, code) = run(&["inspect", "--as", "client", &pfx, "--pass-file", &file, "--ca-file", &root]);
    assert_eq!(code, 2);
    assert!(complaints.contains("UTF-8") && !complaints.contains("ssword\n"), "{complaints}");
}

#[test]
fn certificates_are_read_in_every_layout() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let plain = leaf.pem();
    let wrapped = |width: usize| {
        let digits = BASE64.encode(&leaf.der);
        digits
            .as_bytes()
            .chunks(width)
            .map(|line| format!("{}\r\n", std::str::from_utf8(line).unwrap()))
            .collect::<String>()
    };
    // OpenSSL's BEGIN TRUSTED CERTIFICATE: what it is trusted for follows the certificate (X509_CERT_AUX).
    let trusted = pem(
        "TRUSTED CERTIFICATE",
        &[leaf.der.as_slice(), b"\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"].concat(),
    );
    let quoted: String = plain.lines().map(|line| format!("> {line}\n")).collect();
    let indented: String = plain.lines().map(|line| format!("\t  {line}  \n")).collect();
    let spoken = format!("Certificate:\n    Data:\n        Version: 3 (0x2)\n{plain}trailing words\n");
    let seven = pkcs7(&[&leaf.der, &pki.issuing.der]).unwrap();
    let mut layouts: Vec<(String, Vec<u8>)> = [
        ("indented", indented),
        ("quoted in a mail", quoted),
        ("with words around it", spoken),
        ("TRUSTED CERTIFICATE", trusted),
        ("X509 CERTIFICATE", plain.replace("CERTIFICATE", "X509 CERTIFICATE")),
        ("bare Base64", wrapped(64)),
        ("bare Base64 in one line", wrapped(100_000)),
        ("PKCS7", pem("PKCS7", &seven)),
        ("PKCS #7 called a certificate, as certreq and certutil do", pem("CERTIFICATE", &seven)),
        ("bare PKCS #7", BASE64.encode(&seven)),
        ("two without a line end between", format!("{}{}", plain.trim_end(), pki.issuing.pem())),
    ]
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .into();
    let every = layouts.iter().map(|(name, text)| (name.clone(), String::from_utf8(text.clone()).unwrap()));
    let rewritten: Vec<_> = every
        .chain([("plain".to_owned(), plain)])
        .flat_map(|(name, text)| written(&text).into_iter().map(move |(way, bytes)| (format!("{name}, {way}"), bytes)))
        .collect();
    layouts.extend(rewritten);
    for (name, bytes) in layouts {
        let facts = file::open(&bytes, None, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_ne!(facts.format, FileFormat::Der, "{name}: text is not binary, whatever it holds");
        assert_eq!(facts.certificate.map(|read| read.der.as_slice() == leaf.der), Some(true), "{name}");
    }
    assert_eq!(file::open(&leaf.der, None, None).map(|facts| facts.format), Ok(FileFormat::Der));
    for (name, bytes) in written(&pki.root.pem()) {
        let root = site.write("root.cer", bytes);
        let file = site.write("client.cer", format!("{}{}", leaf.pem(), pki.issuing.pem()));
        let given = ["--ca-file", &root, "--at", AT];
        let (out, complaints, code) = run(&[&["inspect", "--as", "client", &file][..], &given].concat());
        assert_eq!((complaints.as_str(), code), ("", 0), "{name}: {out}");
    }
}

#[test]
fn keys_and_pkcs_12_are_read_in_every_layout() {
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
    let key = leaf.private_key().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let locked = text(key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret").unwrap());
    let old = text(key.rsa().unwrap().private_key_to_pem_passphrase(Cipher::aes_128_cbc(), b"secret").unwrap());
    let open =
        |bytes: &[u8], key: Option<&[u8]>| file::open(bytes, key, Some("secret")).map(|facts| (facts.lock, facts.key));
    for pem in [leaf.key_pem(), &locked, &old] {
        let indented: String = pem.lines().map(|line| format!("    {line}\n")).collect();
        for (name, bytes) in written(pem).into_iter().chain(written(&indented)) {
            let opened = open(leaf.pem().as_bytes(), Some(&bytes));
            assert_eq!(opened, Ok((Lock::Open, KeyPresence::Fits)), "{name}: {pem}");
            let identity = ClientIdentity::from_pair("ws01", leaf.pem().as_bytes(), Some(&bytes), Some("secret"));
            assert!(identity.is_ok(), "{name}: {identity:?}");
        }
    }
    let seven = pkcs7(&[&leaf.der, &pki.issuing.der]).unwrap();
    for (what, bytes) in [("DER", seven.clone()), ("Base64", BASE64.encode(&seven).into_bytes())] {
        let identity = ClientIdentity::from_pair("ws01", &bytes, Some(leaf.key_pem().as_bytes()), None);
        assert_eq!(identity.map(|identity| identity.chain.len()), Ok(2), "{what}");
    }
    let pfx = Pkcs12::export(&leaf, "secret").provider(CRYPTOGRAPHIC_SERVICE_PROVIDER).der().unwrap();
    for text in [pem("CERTIFICATE", &pfx), BASE64.encode(&pfx)] {
        for (name, bytes) in written(&text) {
            assert_eq!(open(&bytes, None), Ok((Lock::Open, KeyPresence::Fits)), "{name}: {text}");
            let identity = ClientIdentity::from_pkcs12("ws01", &bytes, Some("secret"));
            assert!(identity.is_ok(), "{name}: {identity:?}");
        }
    }
}

#[test]
fn a_file_of_several_certificates_with_a_damaged_one_is_refused_with_its_line() {
    let site = SmallSite::with(|recipe| recipe);
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap().pem();
    let line = leaf.lines().count() + 1;
    let file = site.write("chain.pem", format!("{leaf}{}", pki.issuing.pem().replace("M", "!")));
    let (_, complaints, code) = run(&["inspect", "--as", "client", &file, "--ca-file", &site.arg("root.cer")]);
    assert_eq!(code, 2);
    assert!(
        complaints.contains(&format!("1 of its 2 certificates is cut off or damaged (line {line})")),
        "{complaints}"
    );
}

/// Of a pair, the file that is wrong is named; what a file is that is no certificate is said where it can be told; text around
/// a certificate may be in the encoding of some Windows.
#[test]
fn the_file_that_is_wrong_is_named_and_what_it_looks_like_is_said() {
    let folder = tempfile::TempDir::new().unwrap();
    let at = |name: &str, bytes: &[u8]| file_in(&folder, name, bytes);
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.client("pc1.corp.contoso.com")).unwrap();
    let certificate = leaf.pem();
    let key = at("leaf.key", leaf.key_pem().as_bytes());
    let good = at("leaf.cer", certificate.as_bytes());
    let pfx = at("leaf.pfx", &Pkcs12::export(&leaf, "secret").der().unwrap());
    let refused = |arguments: &[&str]| {
        let (out, complaints, code) = run(&[&["check", "127.0.0.1:1", "-q"], arguments].concat());
        assert_eq!((out.as_str(), code), ("", 2), "{arguments:?}: {complaints}");
        complaints
    };
    for (name, bytes, words) in [
        (
            "text.cer",
            b"hello there\n".to_vec(),
            "this is no certificate file (DER, PEM, PKCS #7 or PKCS #12): it looks like text",
        ),
        ("key.cer", leaf.key_pem().into(), "this PEM file holds no certificate, only: PRIVATE KEY"),
    ] {
        let complaints = refused(&["--cert", &at(name, &bytes), "--key", &key]);
        assert!(complaints.contains(&format!("{name}: {words}")) && !complaints.contains("leaf.key"), "{complaints}");
    }
    for (file, words) in [
        (&pfx, "is a PKCS #12 file, a certificate with its key, and a private key is wanted"),
        (&at("site.toml", b"[site]\ncode = \"PRI\"\n"), "is a site definition, and a private key is wanted"),
        (&good, "it holds no private key"),
    ] {
        let complaints = refused(&["--cert", &good, "--key", file]);
        assert!(complaints.contains(words), "{complaints}");
    }
    let inspect = |name: &str, bytes: &[u8]| {
        let file = at(name, bytes);
        let (_, complaints, code) = run(&["inspect", "--as", "client", &file, "-q"]);
        (complaints, code)
    };
    let rich = format!("{{\\rtf1\\ansi {}}}", certificate.replace('\n', "\\par\n"));
    for (name, bytes, words) in [
        ("rich.cer", rich.into_bytes(), "it looks like Rich Text"),
        (
            "dashes.cer",
            certificate.replace("-----", "\u{2013}\u{2013}\u{2013}").into_bytes(),
            "five hyphens stand on either side",
        ),
        ("four.cer", certificate.replace("-----", "----").into_bytes(), "five hyphens stand on either side"),
        ("umlauts.cer", "Gr\u{fc}\u{df}e\n".into(), "it looks like text"),
        ("book.cer", b"PK\x03\x04\x14\0".to_vec(), "Excel"),
        ("store.cer", b"\0\0\0\0CERT\x03".to_vec(), "certificate store (.sst)"),
        ("squeezed.cer", b"\x1f\x8b\x08\0".to_vec(), "compressed (gzip)"),
    ] {
        let (complaints, code) = inspect(name, &bytes);
        assert!(code == 2 && complaints.contains(words), "{name}: {complaints}");
    }
    let ansi = [b"Zertifikat f\xfcr den Rechner\r\n", certificate.as_bytes()].concat();
    for (name, bytes) in
        [("ansi.cer", ansi), ("small.cer", certificate.replace("CERTIFICATE", "Certificate").into_bytes())]
    {
        let (complaints, code) = inspect(name, &bytes);
        assert!(code != 2, "{name}: {complaints}");
    }
}

/// No password has a NUL in it; white space and quotes around one, as Windows programs write them, are said where it opens
/// nothing.
#[test]
fn what_is_odd_about_a_password_is_said_and_nothing_of_it_is_shown() {
    let folder = tempfile::TempDir::new().unwrap();
    let at = |name: &str, bytes: &[u8]| file_in(&folder, name, bytes);
    let pki = Pki::lab().unwrap();
    let leaf = pki.issue(&pki.client("pc1.corp.contoso.com")).unwrap();
    let export = Pkcs12::export(&leaf, "Canary1").der().unwrap();
    let pfx = at("leaf.pfx", &export);
    for bytes in [&b"Canary1\0\0\0"[..], b"Can\0ary1\n", b"\0"] {
        let password = at("password.txt", bytes);
        for arguments in [&["check", "127.0.0.1:1", "--pfx"][..], &["inspect", "--as", "client"]] {
            let (out, complaints, code) = run(&[arguments, &[pfx.as_str(), "--pass-file", &password, "-q"]].concat());
            assert_eq!((out.as_str(), code), ("", 2), "{complaints}");
            assert!(complaints.contains("holds a NUL character"), "{complaints}");
            assert!(!complaints.contains("Can") && !complaints.contains("67, 97"), "{complaints}");
        }
    }
    for (bytes, words) in [
        (&b"Canary1 \r\n"[..], "ends with white space, which counts"),
        (b"\"Canary1\"\n", "stands in quotes, which count"),
        (b"\nCanary1\n", "has an empty first line"),
        (b"Canary2\n", "the password does not open it\n"),
    ] {
        let password = at("password.txt", bytes);
        let (_, complaints, code) = run(&["check", "127.0.0.1:1", "--pfx", &pfx, "--pass-file", &password, "-q"]);
        assert!(code == 2 && complaints.contains(words) && !complaints.contains("Canary"), "{complaints}");
    }
    let old_mac = at("password.txt", b"Canary1\r");
    assert_ne!(run(&["check", "127.0.0.1:1", "--pfx", &pfx, "--pass-file", &old_mac, "-q"]).2, 2);
    let refused = ClientIdentity::from_pkcs12("pc1", &export, Some("Canary1\0"));
    assert_eq!(refused.unwrap_err(), cmprobe::identity::IdentityError::WrongSecret);
}
