//! The report as a page, looked at by what people have: the Nu Html Checker and axe take it, in Chromium it loads nothing
//! and runs nothing, fits a telephone and a desk, light and dark, and prints. What was found stands where one looks first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use cmprobe::report::circumstances::{PositionReport, TableKind, TableReport};
use cmprobe::report::difference::Difference;
use cmprobe::report::document::{Parts, Report};
use cmprobe::report::finding::{FindingReport, UnknownReport, VerdictWord};
use cmprobe::report::waived::WaivedReport;
use cmprobe::report::{Show, html};

use crate::program::run;
use crate::small_site::{AT, SmallSite};

/// Faults of several kinds, at several systems.
const FAULTS: [&str; 6] =
    ["internet-name-missing", "silent-peer", "expires-soon", "node-down", "crl-not-found", "optional-only"];

/// What would act on whoever opens a page, if it were more than text.
const HOSTILE: [&str; 4] =
    ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "a\u{202e}b\u{85}&lt;c"];

/// The page and the document of one run of the demo.
fn demo(faults: &[&str], show: &str) -> (String, Report) {
    let folder = tempfile::TempDir::new().unwrap();
    let json = folder.path().join("report.json");
    let beside = format!("json={}", json.display());
    let mut args = vec!["demo", "-q", "-f", "html", "--show", show, "--report", &beside];
    args.extend(faults.iter().flat_map(|fault| ["--fault", fault]));
    let (page, complaints, code) = run(&args);
    assert_eq!(code, i32::from(!faults.is_empty()), "{complaints}");
    (page, Report::read(&fs::read(json).unwrap()).unwrap())
}

/// Where what checks pages was installed.
fn checkers() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/checkers/node_modules");
    assert!(folder.exists(), "{} is missing; tests/run installs it", folder.display());
    folder
}

/// The report with what a peer and a definition say replaced.
fn hostile(report: &Report, text: &str) -> Report {
    let mut report = report.clone();
    report.run.site.name = text.to_owned();
    for certificate in &mut report.certificates {
        let certificate = Arc::make_mut(certificate);
        certificate.subject = Some(format!("CN={text}"));
        certificate.subject_alternative_names = Some(vec![text.to_owned()]);
        certificate.serial = Some(text.to_owned());
    }
    for finding in &mut report.findings {
        finding.message = text.to_owned().into();
        finding.observed = vec![text.to_owned()];
    }
    for diagnosis in &mut report.diagnoses {
        diagnosis.title = text.to_owned();
        diagnosis.culprit.name = text.to_owned();
        diagnosis.observed = vec![text.to_owned()];
    }
    for table in report.circumstances.definition.iter_mut().flat_map(|definition| &mut definition.tables) {
        table.leads_to.push(text.to_owned());
    }
    again(report)
}

/// A report with what follows from its parts.
fn again(report: Report) -> Report {
    let Report { run, circumstances, diagnoses, endpoints, files, certificates, lists, findings, .. } = report;
    Report::of(run, Parts { circumstances, endpoints, files, certificates, lists, findings, diagnoses })
}

/// A report so many times over, each time with other systems, addresses and certificates.
fn times(report: &Report, times: usize) -> Report {
    let mut all = report.clone();
    for time in 1..times {
        let name = |name: &str| format!("{name}-{time}");
        for endpoint in &report.endpoints {
            let mut endpoint = endpoint.clone();
            endpoint.id = endpoint.id.replacen(&endpoint.system, &name(&endpoint.system), 1);
            endpoint.system = name(&endpoint.system);
            if let Some(leaf) = endpoint.received_certificate_chain.first_mut() {
                let known = report.certificates.iter().find(|one| one.fingerprint_sha256 == *leaf).unwrap();
                let mut certificate = (**known).clone();
                certificate.fingerprint_sha256 = format!("{time:04x}{}", &leaf[4..]);
                leaf.clone_from(&certificate.fingerprint_sha256);
                all.certificates.push(certificate.into());
            }
            all.endpoints.push(endpoint);
        }
        for finding in &report.findings {
            let mut finding = finding.clone();
            if let Some((system, rest)) = finding.endpoint.split_once('/') {
                finding.endpoint = format!("{}/{rest}", name(system));
                all.findings.push(finding);
            }
        }
    }
    again(all)
}

/// Opens each page as a telephone and a desk show it, light and dark, with every fold open; then prints it.
const LOOK: &str = r#"
import puppeteer from 'puppeteer-core';
import { readFileSync } from 'node:fs';
const axe = readFileSync('axe-core/axe.min.js', 'utf8');
const flags = ['--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync'];
if (process.getuid() === 0) flags.push('--no-sandbox');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await puppeteer.launch({ executablePath, args: flags });
const faults = [];
for (const path of process.argv.slice(1)) {
  const url = 'file://' + path;
  for (const scheme of ['light', 'dark']) {
    const page = await browser.newPage();
    const note = (what) => faults.push(`${path}, ${scheme}: ${what}`);
    page.on('request', (request) => { if (request.url() !== url) note(`loads ${request.url()}`); });
    page.on('console', (message) => note(`console: ${message.text()}`));
    page.on('pageerror', (error) => note(`error: ${error}`));
    page.on('dialog', async (dialog) => { note(`dialog: ${dialog.message()}`); await dialog.dismiss(); });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(url);
    await page.evaluate(axe);
    const shown = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = Number(shown.match(/\d+/)[0]) > 127;
    if (light !== (scheme === 'light')) note(`its background is ${shown}`);
    for (const width of [360, 1280]) {
      await page.setViewport({ width, height: 900 });
      const folded = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; }));
      const [wide, high] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
      if (wide > width) note(`is ${wide} px wide at ${width}`);
      if (high < folded) note(`${folded} px high folded, ${high} px open`);
      // The page with the most on it is looked at in every way, the others in two.
      if (!path.endsWith('faults.html') && (width === 360) !== (scheme === 'dark')) continue;
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      for (const one of found.violations)
        if (one.impact !== 'minor') note(`${width} px: ${one.impact}: ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(' | ')}`);
    }
    if (scheme === 'dark') {
      const pdf = Buffer.from(await page.pdf({ format: 'A4' }));
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
      if (!pdf.subarray(0, 5).equals(Buffer.from('%PDF-')) || pages.length < 2) note(`printed: ${pdf.length} octets, ${pages.length} pages`);
    }
    await page.close();
  }
}
await browser.close();
for (const fault of faults) console.log(fault);
"#;

#[test]
fn a_page_is_valid_loads_nothing_and_can_be_read_by_everybody() {
    let folder = tempfile::TempDir::new().unwrap();
    let (_, report) = demo(&FAULTS, "all");
    let pages = [
        ("healthy", demo(&[], "failures").0),
        ("faults", html::render(&report, Show::Failures)),
        ("hostile", html::render(&hostile(&report, &HOSTILE.concat()), Show::Failures)),
    ];
    let paths = pages.map(|(name, page)| {
        let path = folder.path().join(format!("{name}.html"));
        fs::write(&path, page).unwrap();
        path
    });
    let checkers = checkers();
    let nu = Command::new("java")
        // It knows no hash of a style; Chromium's console below says whether the policy lets it through.
        .args([
            "-jar",
            "vnu-jar/build/dist/vnu.jar",
            "--filterpattern",
            "Inline style violates Content Security Policy.*",
        ])
        .args(&paths)
        .current_dir(&checkers)
        .output()
        .expect("java; tests/run installs it");
    let said = String::from_utf8_lossy(&[nu.stdout, nu.stderr].concat()).into_owned();
    assert!(nu.status.success() && said.is_empty(), "the Nu Html Checker: {said}");
    let looked = Command::new("node")
        .args(["--input-type=module", "-e", LOOK, "--"])
        .args(&paths)
        .current_dir(&checkers)
        .output()
        .expect("node; tests/run installs it");
    let (faults, complaints) = (String::from_utf8_lossy(&looked.stdout), String::from_utf8_lossy(&looked.stderr));
    assert!(looked.status.success() && faults.is_empty(), "{faults}\n{complaints}");
}

#[test]
fn a_page_tells_first_what_is_to_be_done_and_then_everything() {
    let (page, report) = demo(&FAULTS, "failures");
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("the page does not say {what:?}"));
    let headings = [
        "Do first",
        "Ends next",
        "The site",
        "Systems by areas",
        "Who reaches whom",
        "What is wrong",
        "What ends",
        "Certificates",
        "Row by row",
        "All findings",
    ];
    let order: Vec<usize> = std::iter::once(at("<strong>Fails</strong>"))
        .chain(headings.iter().map(|heading| at(&format!(">{heading}</h2>"))))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    // Each cause is there once, with what to do; each system, certificate and row of the document too.
    for diagnosis in &report.diagnoses {
        let words =
            diagnosis.words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        at(&words);
        at(&format!("<code>{}</code>", diagnosis.cause));
    }
    for table in &report.circumstances.definition.as_ref().unwrap().tables {
        if table.kind != TableKind::Client {
            at(&table.name);
        }
    }
    for certificate in &report.certificates {
        assert_eq!(page.matches(&format!("<code>{}</code>", certificate.thumbprint_sha1)).count(), 1);
    }
    for row in [
        "Primary site server",
        "Network load balancing cluster",
        "Mobile device clients",
        "Monitoring of management points and state migration points",
    ] {
        at(&format!("scope=\"rowgroup\">{row}</th>"));
    }
    at("proxy before MP01");
    // What is met is counted, unless it is asked for.
    let lists_what_is_met = |page: &str| page.split_once("id=\"findings\"").unwrap().1.contains(">met</td>");
    assert!(!lists_what_is_met(&page), "what is met is listed");
    assert!(lists_what_is_met(&demo(&FAULTS, "all").0), "what is met is not listed");
}

#[test]
fn waivers_and_changes_are_told() {
    let (_, healthy) = demo(&[], "all");
    let (_, mut report) = demo(&FAULTS, "all");
    let failing = report.findings.iter_mut().find(|one| one.requirement == "web-server/expiry" && one.fails()).unwrap();
    let waived = WaivedReport { reason: "replaced in the May change window".to_owned(), until: None };
    failing.waived = Some(waived);
    let unused = TableReport {
        kind: TableKind::Waiver,
        name: "session/protocol".to_owned(),
        roles: Vec::new(),
        leads_to: vec!["MP01".to_owned()],
        reason: Some("old clients until they are gone".to_owned()),
        until: None,
        defined_at: PositionReport { line: 1, column: 1 },
    };
    report.circumstances.definition.as_mut().unwrap().tables.push(unused);
    report.difference = Some(Difference::between(&healthy, &report));
    let page = html::render(&report, Show::Failures);
    let section = |id: &str| {
        let (_, after) = page.split_once(&format!("<section id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}"));
        after.split("</section>").next().unwrap().to_owned()
    };
    let waivers = section("waivers");
    assert!(
        waivers.contains("<td>replaced in the May change window</td><td>no end</td><td>1 finding</td>"),
        "{waivers}"
    );
    assert!(waivers.contains("<td>old clients until they are gone</td><td>no end</td><td>nothing</td>"), "{waivers}");
    let changes = section("changes");
    assert!(changes.contains("<h3>New diagnoses</h3>") && changes.contains("web-server/internet-name"), "{changes}");
    assert!(changes.contains("<h3>Reached</h3>"), "{changes}");
}

#[test]
fn names_that_would_act_are_text() {
    let site = SmallSite::with(|recipe| recipe.cn("<script>alert(1)</script>").no_eku());
    let definition = site.arg("site.toml");
    let named = site.read("site.toml").replace("\"A small site\"", "'\"><img src=x onerror=alert(1)>'");
    site.write("site.toml", named);
    let (page, complaints, code) =
        run(&["check", &definition, "-q", "-f", "html", "--no-http", "--no-stranger", "--at", AT]);
    assert_eq!(code, 1, "{complaints}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(page.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"), "{page}");
    let (_, report) = demo(&FAULTS[..1], "failures");
    for text in HOSTILE {
        let page = html::render(&hostile(&report, text), Show::All);
        let (_, shown) = page.split_once("</style>").unwrap();
        assert!(!shown.contains("<script") && !shown.contains("<img"), "{text}");
        assert!(!shown.contains(['\u{202e}', '\u{85}']), "{text}");
    }
    let page = html::render(&hostile(&report, HOSTILE[3]), Show::All);
    assert!(page.contains("a\\u{202e}b\\u{85}&amp;lt;c"), "what deceives the eye is not visible");
}

#[test]
fn a_hundred_endpoints_fit_a_mail() {
    let (_, report) = demo(&FAULTS, "all");
    let report = times(&report, 8);
    assert!(report.endpoints.len() >= 100, "{}", report.endpoints.len());
    let page = html::render(&report, Show::Failures);
    assert!(page.len() < 1_500_000, "{} octets", page.len());
    let rows = page.matches("<th scope=\"row\">").count();
    assert!(rows > 80, "{rows} rows");
}

/// What nothing decides has a section of its own, with what would decide it; without such a thing there is none.
#[test]
fn what_is_not_decided_has_a_section_that_goes_with_the_last_of_it() {
    let (page, report) = demo(&[], "failures");
    let has_section = |page: &str| (page.contains("<section id=\"open\""), page.contains("href=\"#open\""));
    assert_eq!(has_section(&page), (false, false));
    let mut open = report.clone();
    let all = Report::read(program_json(&["demo", "-q", "-f", "json", "--show", "all"]).as_bytes()).unwrap();
    let passed = all.findings.iter().find(|one| one.requirement == "web-server/expiry").unwrap().clone();
    open.findings.push(FindingReport {
        verdict: VerdictWord::Unknown,
        message: "the clock stood still".into(),
        observed: Vec::new(),
        unknown: Some(UnknownReport { why: "the clock stood still".into(), decided_by: "a clock that goes".into() }),
        ..passed
    });
    let page = html::render(&open, Show::Failures);
    assert_eq!(has_section(&page), (true, true));
    let section = page.split("<section id=\"open\"").nth(1).unwrap().split("</section>").next().unwrap();
    for words in ["Not decided", "the clock stood still", "a clock that goes", "web-server/expiry"] {
        assert!(section.contains(words), "{words}: {section}");
    }
    // What a diagnosis explains is told there.
    open.findings.last_mut().unwrap().diagnosis = Some("0123456789abcdef".into());
    assert_eq!(has_section(&html::render(&open, Show::Failures)), (false, false));
}

fn program_json(args: &[&str]) -> String {
    let (out, complaints, code) = run(args);
    assert_eq!((complaints.as_str(), code), ("", 0));
    out
}
