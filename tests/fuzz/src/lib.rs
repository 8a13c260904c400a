//! One function for everything that reads bytes from a network or a file: each takes any bytes and must come back, without
//! a panic and within bounds. It says whether the bytes were taken for what they were read as, so that a test can see that
//! seeds reach what they are for. `cargo fuzz` runs them from here, the ordinary tests from `tests/it/fuzz.rs`.

mod peer;
mod world;

use std::path::Path;
use std::time::Duration;

use cmprobe::certificate::issuers;
use cmprobe::certificate::ocsp_response::OcspResponse;
use cmprobe::certificate::revocation_list::reading::Reading;
use cmprobe::certificate::revocation_list::{NotAList, RevocationList};
use cmprobe::certificate::{Certificate, Name};
use cmprobe::engine::{self, Capture, Hello};
use cmprobe::exchange;
use cmprobe::exporter::allowed::{Pattern, admits};
use cmprobe::exporter::query::{self as queries, Probe, Query};
use cmprobe::exporter::web_config::WebConfig;
use cmprobe::identity::{ClientIdentity, file};
use cmprobe::import::definition::{self as written, ByHand};
use cmprobe::import::inventory::Inventory;
use cmprobe::import::update::Comparison;
use cmprobe::lab::pki::{Minted, Pki, Recipe};
use cmprobe::observation::Seen;
use cmprobe::observation::file::{FileFacts, FileFormat, KeyPresence, Lock};
use cmprobe::plan::build::{Offers, Options};
use cmprobe::plan::endpoint::{Endpoint, Shared};
use cmprobe::plan::engine::EngineId;
use cmprobe::plan::offer::{BODY_LIMIT, Method, Request, Shape, Versions};
use cmprobe::report::difference::Difference;
use cmprobe::report::document::Report;
use cmprobe::requirement::management_point::answers;
use cmprobe::revocation::url::Url;
use cmprobe::site::Site;
use cmprobe::site::definition::unknown_requirement;
use cmprobe::site::profile::Profile;
use cmprobe::wire::der::Der;
use cmprobe::wire::timestamp::Timestamp;
use cmprobe::wire::version::ProtocolVersion;
use tokio::time::Instant;

use peer::Peer;
pub use world::{BASE, World};

/// What reads bytes, and says whether they were taken for what they were read as.
pub type Target = fn(&[u8]) -> bool;

/// Every target with its name: that of its function, its file in `fuzz_targets/` and its folder in `testdata/fuzz/`.
pub const TARGETS: [(&str, Target); 18] = [
    ("answer", answer),
    ("certificate", certificate),
    ("definition", definition),
    ("delta_list", delta_list),
    ("download", download),
    ("endpoints", endpoints),
    ("export", export),
    ("file", file),
    ("hello", hello),
    ("issuer", issuer),
    ("management_point", management_point),
    ("messages", messages),
    ("observations", observations),
    ("ocsp_answer", ocsp_answer),
    ("query", query),
    ("report", report),
    ("revocation_list", revocation_list),
    ("web_config", web_config),
];

/// The password of the files among the seeds.
pub const SECRET: &str = "secret";

/// A web server's answer to a request: from the network, HTTP and all.
pub fn answer(bytes: &[u8]) -> bool {
    let request = Request { method: Method::Get, path: "/SMS_MP/.sms_aut?MPLIST".into(), most: BODY_LIMIT };
    let stream = Box::new(Peer::saying(bytes));
    at_once(async move {
        let seen = exchange::perform(stream, "mp.contoso.com", 443, &request, now, deadline()).await;
        let Some(answer) = seen.answer else { return false };
        assert!(answer.body.len() <= 3 * BODY_LIMIT);
        true
    })
}

/// A certificate: as a server presents it, alone and above a good leaf, trusted as the root above it, and as a file of
/// every kind.
pub fn certificate(bytes: &[u8]) -> bool {
    let der = Der::from(bytes);
    let _ = Name::read(&der);
    let read = Certificate::read(&der);
    let _ = (read.thumbprint_sha1(), read.is_self_issued(), read.subject_text());
    if read.facts.is_err() {
        return false;
    }
    let world = World::shared();
    world.judge_chain(&[der.clone(), world.issuing.clone()]);
    world.judge_chain(&[world.leaf.clone(), der.clone()]);
    world.judge_paths(&der);
    world.judge_file(&FileFacts {
        format: FileFormat::Der,
        lock: Lock::Open,
        certificate: Some(read.into()),
        others: Vec::new(),
        key: KeyPresence::Absent,
        keys: 0,
        provider: None,
    });
    true
}

/// A site definition.
pub fn definition(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    match Site::from_toml(&text, Path::new("site")) {
        Ok(site) => {
            let known = ["web-server/key-length", "chain/order"];
            for waiver in &site.waivers {
                let _ = unknown_requirement(waiver, known.into_iter()).map(|fault| fault.to_string());
            }
            let _ = cmprobe::plan::Plan::of(&site, &Options::default());
            true
        }
        Err(faults) => {
            assert!(!faults.is_empty(), "refused without a reason");
            for fault in faults {
                let _ = fault.to_string();
            }
            false
        }
    }
}

/// A delta list: as what a healthy list names, over the same entries.
pub fn delta_list(bytes: &[u8]) -> bool {
    let der = Der::from(bytes);
    World::shared().judge_delta(&der);
    RevocationList::read(&der).is_ok_and(|list| list.is_delta())
}

/// A web server's answer where a revocation list should be, and where it says that the list is instead.
pub fn download(bytes: &[u8]) -> bool {
    let stream = Peer::saying(bytes);
    at_once(async move {
        let Ok(here) = Url::parse("http://pki.contoso.com/CertEnroll/Contoso Issuing CA.crl") else {
            panic!("a healthy URL is refused")
        };
        let (mut reading, authority) = (Reading::default(), here.authority());
        let sent = exchange::download::download(stream, &authority, &here.path, |_, octets| {
            reading.push(octets);
            Ok(())
        });
        let Ok(sent) = sent.await else { return false };
        let read = reading.finish();
        assert!(read.octets <= bytes.len() as u64);
        if let Some(Ok(there)) = sent.location.map(|location| here.join(&location)) {
            // What can be asked can be written in a request.
            assert!(there.path.starts_with('/') || there.path.contains('/'), "{there:?}");
            assert!(there.path.bytes().all(|byte| byte.is_ascii_graphic()), "{there:?}");
            assert!(!there.host.as_str().is_empty(), "{there:?}");
        }
        true
    })
}

/// A list of endpoints, and the targets they are.
pub fn endpoints(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    match Endpoint::parse_list(&text) {
        Ok(list) => {
            let offers = Offers::new(&Site::nameless(Profile::NativeMode2007), &Options::default());
            let shared = Shared::default();
            for endpoint in list.endpoints.iter().take(64) {
                let _ = endpoint.target(&offers, &shared);
            }
            true
        }
        Err(faults) => {
            let lines = text.lines().count();
            assert!(!faults.is_empty() && faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
            false
        }
    }
}

/// An export of a console, a directory or a management point: what is read becomes a definition without a fault, which
/// agrees with the export; and a definition that knew nothing of it is brought to agree.
pub fn export(bytes: &[u8]) -> bool {
    const OTHER: &str =
        "# by hand\n[site]\ncode = \"PRI\"\n\n[[system]]\nname = \"OLD\"\nroles = [\"management-point\"] # mine\n";
    let read = match cmprobe::import::read(bytes, None) {
        Ok(read) => read,
        Err(wrong) => {
            let _ = wrong.to_string();
            return false;
        }
    };
    let inventory = match Inventory::of(vec![read], "export", None) {
        Ok(inventory) => inventory,
        Err(wrong) => {
            let _ = wrong.to_string();
            return false;
        }
    };
    let text = written::text(&inventory, &ByHand::default());
    let agrees = |text: &str| match Comparison::of(text, &inventory) {
        Ok(comparison) => comparison,
        Err(faults) => panic!("{faults:?}\n{text}"),
    };
    let own = agrees(&text);
    assert!(own.is_empty(), "{}\n{text}", own.text());
    let applied = match agrees(OTHER).apply(OTHER) {
        Ok(applied) => applied,
        Err(faults) => panic!("{faults:?}\n{text}"),
    };
    let then = agrees(&applied.text);
    assert!(then.is_empty() || !applied.left.is_empty(), "{}\n{}", then.text(), applied.text);
    true
}

/// A certificate file of any kind, and a client identity from it, with and without its password.
pub fn file(bytes: &[u8]) -> bool {
    let mut is_read = false;
    for secret in [None, Some(SECRET)] {
        if let Ok(facts) = file::open(bytes, None, secret) {
            is_read = true;
            if secret.is_some() {
                World::shared().judge_file(&facts);
            }
            if facts.format == FileFormat::Pkcs12 {
                let _ = ClientIdentity::from_pkcs12("client", bytes, secret);
            }
        }
        let _ = ClientIdentity::from_pair("client", bytes, None, secret);
        let _ = file::open(&World::shared().leaf.0, Some(bytes), secret);
    }
    is_read
}

/// A server's flight in clear text, as the hello reader meets it.
pub fn hello(bytes: &[u8]) -> bool {
    let stream = Peer::saying(bytes);
    let hello = Hello {
        server_name: Some("mp.contoso.com".into()),
        versions: Versions { oldest: ProtocolVersion::SSL3, newest: ProtocolVersion::TLS1_2 },
        identity: None,
        shape: Shape::Usual,
        cautious: false,
        patience: Duration::from_secs(5),
        objection: None,
        late_authentication: false,
        deadline: deadline(),
    };
    at_once(async move {
        let capture = Capture::default();
        let _ = engine::perform(EngineId::HelloReader, stream, &hello, &capture).await;
        let seen = capture.take();
        let kept: usize = seen.chain.iter().map(|der| der.as_slice().len()).sum();
        assert!(kept <= 1 << 20, "{kept} octets of certificates are kept");
        seen.version.is_some()
    })
}

/// Handshake messages, as the engines overhear them: every version, and later handshakes.
pub fn messages(bytes: &[u8]) -> bool {
    let capture = Capture::default();
    engine::overhear(bytes, &capture);
    capture.take().version.is_some()
}

/// What is published where a certificate names its issuer: certificates, which complete a chain or do not.
pub fn issuer(bytes: &[u8]) -> bool {
    let found = issuers::read(bytes);
    assert!(found.iter().all(|one| Certificate::read(one).facts.is_ok()));
    World::shared().judge_issuer(&Der::from(bytes));
    !found.is_empty()
}

/// What a management point says: its list, and certificates in hexadecimal.
pub fn management_point(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let listed = answers::management_points(&text);
    let shown = answers::certificate(&text);
    let is_read = listed.is_ok_and(|list| !list.is_empty()) || shown.is_some();
    if is_read {
        World::shared().judge_answer(&text);
    }
    is_read
}

/// A file of saved observations, line by line, judged as `assess` judges it.
pub fn observations(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n').take(64);
    let seen: Vec<Seen> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    for one in &seen {
        if let Err(error) = serde_json::to_string(one) {
            panic!("what was read cannot be written again: {error}");
        }
    }
    World::shared().judge(&seen);
    !seen.is_empty()
}

/// An OCSP response: by itself, and as what the responder of a healthy certificate answers, or its server staples.
pub fn ocsp_answer(bytes: &[u8]) -> bool {
    let der = Der::from(bytes);
    match OcspResponse::read(&der) {
        Ok(_) => {
            World::shared().judge_ocsp_answer(&der);
            true
        }
        Err(why) => {
            assert!(!why.to_string().is_empty());
            false
        }
    }
}

/// The query of a scrape, and a pattern of allowed targets after its first blank.
pub fn query(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let (query, pattern) = text.split_once(' ').unwrap_or((&text, "0.0.0.0/0"));
    let of_report = Query::parse(query).and_then(Query::definition);
    match Query::parse(query).and_then(Query::probe) {
        Ok(Probe::Definition { name, vantage }) => {
            // What was read is written as what is read as the same.
            let written = queries::of_definition(&name, vantage.as_deref());
            let again = Query::parse(&written).and_then(Query::probe);
            assert_eq!(again, Ok(Probe::Definition { name: name.clone(), vantage: vantage.clone() }));
            assert!(vantage.is_some() || of_report == Ok(Some(name)));
            true
        }
        Ok(Probe::Target(endpoint)) => {
            let host = endpoint.host.as_str();
            assert!(endpoint.port > 0 && host.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/'), "{host}");
            let Ok(pattern) = pattern.parse::<Pattern>() else { return true };
            let _ = admits(&[pattern], &endpoint.host, &[[169, 254, 169, 254].into()]);
            true
        }
        Err(_) => false,
    }
}

/// A report of an earlier run, compared with itself and with nothing.
pub fn report(bytes: &[u8]) -> bool {
    let read = match Report::read(bytes) {
        Ok(read) => read,
        Err(why) => {
            let _ = why.to_string();
            return false;
        }
    };
    assert!(Difference::between(&read, &read).is_empty(), "a report differs from itself");
    let mut none = read.clone();
    none.endpoints.clear();
    none.findings.clear();
    for (before, after) in [(&read, &none), (&none, &read)] {
        let _ = Difference::between(before, after).render(false, None);
    }
    true
}

/// The web configuration of an exporter.
pub fn web_config(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    match WebConfig::read(&text, Path::new("etc")) {
        Ok(config) => config.files().all(|file| !file.as_os_str().is_empty()),
        Err(faults) => {
            assert!(!faults.is_empty(), "refused without a reason");
            false
        }
    }
}

/// A revocation list: by itself, and as what the healthy chain's distribution point gave.
pub fn revocation_list(bytes: &[u8]) -> bool {
    let der = Der::from(bytes);
    let world = World::shared();
    let list = RevocationList::read(&der);
    if let Ok(list) = &list {
        for (issuer, serial) in &world.serials {
            let _ = list.revoked(issuer, serial);
        }
        let _ = (list.len(), list.is_empty());
        // What is kept of it is the same list, however it came.
        let again = RevocationList::of_extract(list.extract.clone(), None);
        assert!(again.is_ok_and(|again| again.len() == list.len() && again.malformed == list.malformed));
    }
    let mut reading = Reading::default();
    bytes.chunks(7).for_each(|octets| reading.push(octets));
    let piecemeal: Result<_, NotAList> = reading.finish().content;
    assert_eq!(piecemeal.ok(), list.as_ref().ok().map(|list| list.extract.clone()));
    world.judge_list(&der);
    list.is_ok()
}

/// Runs what never waits for long, and says what it says.
fn at_once(work: impl Future<Output = bool>) -> bool {
    thread_local! {
        static RUNTIME: Option<tokio::runtime::Runtime> =
            tokio::runtime::Builder::new_current_thread().enable_time().build().ok();
    }
    RUNTIME.with(|runtime| match runtime {
        Some(runtime) => runtime.block_on(work),
        None => panic!("no runtime"),
    })
}

fn now() -> Timestamp {
    Timestamp(cmprobe::lab::pki::LAB_EPOCH)
}

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

/// The simulated site's PKI.
pub fn pki() -> &'static Pki {
    match Pki::lab() {
        Ok(pki) => pki,
        Err(error) => panic!("the lab's PKI cannot be minted: {error}"),
    }
}

/// A certificate of the lab's issuing authority for the management point.
pub fn web_server() -> Minted {
    issued(&pki().web_server(&["mp01.corp.contoso.com", "mp.contoso.com"]))
}

/// The same, naming an OCSP responder.
pub fn asked_about() -> Minted {
    issued(&pki().web_server(&["mp01.corp.contoso.com", "mp.contoso.com"]).ocsp("http://ocsp.contoso.com/"))
}

fn issued(recipe: &Recipe) -> Minted {
    match pki().issue(recipe) {
        Ok(minted) => minted,
        Err(error) => panic!("the leaf cannot be minted: {error}"),
    }
}
