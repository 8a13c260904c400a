use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{CAUSES, SECTIONS, find};
use crate::site::profile::Profile;
use crate::verdict::cause::host::Host;
use crate::verdict::cause::symptom::SYMPTOMS;
use crate::verdict::cause::{Cause, first_sentence};

/// Fails with everything that was found.
fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Every remedy: the cause, the profile, the text.
fn remedies() -> impl Iterator<Item = (&'static Cause, Profile, &'static str)> {
    let elsewhere = CAUSES.iter().flat_map(|cause| {
        let local = Host::ELSEWHERE.into_iter().filter_map(|host| cause.local(host));
        local.map(|remedy| (*cause, Profile::CurrentBranch, remedy))
    });
    let own = |cause: &'static Cause| Profile::ALL.map(|profile| (cause, profile, cause.remedy.under(profile)));
    CAUSES.iter().flat_map(move |cause| own(cause)).chain(elsewhere)
}

#[test]
fn the_catalogue_is_what_the_files_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/verdict/cause/catalogue");
    let mut on_disk = BTreeMap::new();
    for file in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut name = "";
        for line in text.lines().skip_while(|line| !line.starts_with("causes! {")) {
            if let Some(opened) = line.strip_prefix("    ").and_then(|line| line.strip_suffix(" {")) {
                name = opened.trim();
            }
            if let Some(id) = line.trim().strip_prefix("id: \"").and_then(|rest| rest.strip_suffix("\",")) {
                on_disk.insert(id.to_owned(), name.to_owned());
            }
        }
    }
    assert!(on_disk.len() > 200);
    let listed: BTreeSet<String> = CAUSES.iter().map(|cause| cause.id.to_owned()).collect();
    assert_eq!(listed.len(), CAUSES.len(), "an id is listed twice");
    assert_eq!(listed, on_disk.keys().cloned().collect());
    for (id, name) in on_disk {
        assert_eq!(id.replace('-', "_").to_uppercase(), name);
    }
}

#[test]
fn ids_are_kebab_case_and_found() {
    for cause in CAUSES.iter() {
        let letters = cause.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(letters && !cause.id.starts_with('-') && !cause.id.ends_with('-'), "{}", cause.id);
        assert_eq!(find(cause.id), Some(*cause));
    }
    assert_eq!(find("no-such-cause"), None);
    let titles: BTreeSet<&str> = SECTIONS.iter().map(|section| section.title).collect();
    assert_eq!(titles.len(), SECTIONS.len());
    let keys: BTreeSet<&str> = SYMPTOMS.iter().map(|symptom| symptom.key).collect();
    assert_eq!(keys.len(), SYMPTOMS.len());
}

#[test]
fn every_cause_says_what_a_reader_needs() {
    let mut found = Vec::new();
    for cause in CAUSES.iter() {
        for (what, text) in [
            ("words", cause.words),
            ("known_by", cause.known_by),
            ("2007", cause.remedy.native_mode_2007),
            ("Current Branch", cause.remedy.current_branch),
        ] {
            let whole =
                text.len() > 20 && text.ends_with('.') && text.starts_with(|c: char| c.is_uppercase() || c == '`');
            if !whole || text.contains("  ") || text.contains("\\\\") {
                found.push(format!("{}: {what}: no whole sentence: {text}", cause.id));
            }
        }
        if cause.symptoms.is_empty() && cause.shows.is_empty() {
            found.push(format!("{}: nothing says how it shows, nor why it does not", cause.id));
        }
        if !cause.shows.is_empty() && !cause.shows.ends_with(['.', '\u{201d}']) {
            found.push(format!("{}: shows: {}", cause.id, cause.shows));
        }
        if cause.rows.is_empty() {
            found.push(format!("{}: fails no requirement", cause.id));
        }
        if cause.words.len() > 140 {
            found.push(format!("{}: words of {} characters", cause.id, cause.words.len()));
        }
    }
    nothing(found);
}

/// What a first screen has room for.
#[test]
fn the_first_step_of_every_remedy_stands_for_itself() {
    let mut found = Vec::new();
    for (cause, profile, remedy) in remedies() {
        let first = first_sentence(remedy);
        if first.len() < 20 || first.len() > 240 || remedy.len() > 1100 {
            found.push(format!("{} ({}): {} of {}: {first}", cause.id, profile.name(), first.len(), remedy.len()));
        }
    }
    nothing(found);
    assert_eq!(first_sentence("Do it (IIS 8.5). Then that."), "Do it (IIS 8.5).");
    assert_eq!(first_sentence("Do it."), "Do it.");
}

/// The last lines of a report have the first sentence alone.
#[test]
fn the_first_step_of_every_remedy_is_something_to_do() {
    let no_acts = ["If", "The", "A", "An", "Nothing", "This", "That", "Its", "It", "There", "Usually", "`netstat"];
    let mut found = Vec::new();
    for (cause, profile, remedy) in remedies() {
        let first = first_sentence(remedy);
        let begins = first.split([' ', ',']).next().unwrap_or_default();
        // What it is the template of, the next sentence would have to say.
        // It stands alone there: what it speaks of, it names.
        let speaks_of = first.split_whitespace().nth(1).unwrap_or_default().trim_end_matches(',');
        let is_pronoun = ["it", "them"].contains(&speaks_of);
        if is_pronoun || no_acts.contains(&begins) || first.ends_with("of this use.") || first.ends_with("of its use.")
        {
            found.push(format!("{} ({}): {first}", cause.id, profile.name()));
        }
    }
    nothing(found);
}

/// What no remedy may say, for whom, and what lets it say so all the same: `None`, nothing.
struct Never {
    rule: &'static str,
    profile: Option<Profile>,
    says: &'static [&'static str],
    unless: Option<&'static [&'static str]>,
    but: &'static [&'static str],
}

const NEVER: &[Never] = &[
    Never {
        rule: "no authority is trusted or declared because a server sent it",
        profile: None,
        says: &["addstore Root", "RootCA", "[trust]", "Trusted Root Certification Authorities, Import"],
        unless: Some(&["thumbprint", "from the authority itself"]),
        but: &[],
    },
    Never {
        rule: "only a root goes into Trusted Root",
        profile: None,
        says: &["addstore Root issuing", "into Trusted Root."],
        unless: Some(&["does not belong into Trusted Root."]),
        but: &[],
    },
    Never {
        rule: "revocation checking is never switched off as the remedy",
        profile: None,
        says: &["revocation off", "NoCRLCheck", "CertCheckMode: 1", "CRL checking off", "disable revocation"],
        unless: None,
        // An option of this program's own run, not of the site.
        but: &["judged-as-of"],
    },
    Never {
        rule: "EDITF_ATTRIBUTESUBJECTALTNAME2 never stays set",
        profile: None,
        says: &["EDITF_"],
        unless: Some(&["EDITF_ATTRIBUTESUBJECTALTNAME2 off again at once"]),
        but: &[],
    },
    Never {
        rule: "no template of 2003 in Current Branch",
        profile: Some(Profile::CurrentBranch),
        says: &["version 2", "Server 2003", "Native Mode", "native mode", "Site Mode", "IIS 6", "Windows XP"],
        unless: None,
        but: &[],
    },
    Never {
        rule: "no Key Storage Provider in 2007",
        profile: Some(Profile::NativeMode2007),
        says: &["Key Storage Provider", "KSP", "Communication Security", "Set-CM", "Administration, "],
        unless: None,
        // Roles that a site of 2007 cannot have.
        but: &["service", "service-name", "prefix", "gateway-name-no-alias", "key-length-not-allowed"],
    },
    Never {
        rule: "no switch that hides unclean stores",
        profile: None,
        says: &["SendTrustedIssuerList=1", "ClientAuthTrustMode"],
        unless: None,
        but: &[],
    },
    Never {
        rule: "no WebDAV Publishing in Current Branch",
        profile: Some(Profile::CurrentBranch),
        says: &["install WebDAV", "WebDAV, Allow", "WebDAV module"],
        unless: None,
        but: &[],
    },
    Never {
        rule: "old TLS is not switched off in 2007 without saying who is lost",
        profile: Some(Profile::NativeMode2007),
        says: &["Enabled=0"],
        unless: Some(&["SSL 3.0 off", "lost"]),
        but: &[],
    },
];

#[test]
fn no_remedy_says_what_none_may() {
    let mut found = Vec::new();
    for (cause, profile, remedy) in remedies() {
        for never in NEVER.iter().filter(|never| never.profile.is_none_or(|of| of == profile)) {
            let says = never.says.iter().find(|phrase| remedy.contains(**phrase));
            let excused = never.but.contains(&cause.id)
                || never.unless.is_some_and(|words| words.iter().any(|word| remedy.contains(word)));
            if let Some(phrase) = says.filter(|_| !excused) {
                found.push(format!("{} ({}): {:?}: {}", cause.id, profile.name(), phrase, never.rule));
            }
        }
    }
    nothing(found);
}

/// Where a signature did not fit, or a proxy answered, some advice is out of place altogether.
#[test]
fn causes_of_others_never_lead_to_trust_and_a_device_never_to_the_server() {
    let mut found = Vec::new();
    for (cause, profile, remedy) in remedies() {
        let forged = ["possible-impersonation", "signature-broken", "key-does-not-fit", "intercepted-on-the-way"];
        let trusting = ["addstore", "[trust]", "Trusted Root", "import", "Import", "declare", "roots"];
        if forged.contains(&cause.id) {
            found.extend(
                trusting
                    .iter()
                    .filter(|phrase| remedy.contains(**phrase))
                    .map(|phrase| format!("{} ({}): {phrase}", cause.id, profile.name())),
            );
        }
        let device = cause.culprit == crate::verdict::cause::CulpritKind::Device;
        let server = ["IIS Manager", "Bindings", "SSL Settings", "Application Pools", "iisreset"];
        if device {
            found.extend(
                server
                    .iter()
                    .filter(|phrase| remedy.contains(**phrase))
                    .map(|phrase| format!("{} ({}): {phrase}", cause.id, profile.name())),
            );
        }
    }
    nothing(found);
}

/// Steps by a phrase that gives them away, and the causes whose steps they are.
const STEPS: &[(&str, &[&str])] = &[
    ("clientcertnegotiation=enable", &["renegotiation-blocked", "late-request-impossible", "late-request"]),
    ("DisableRenegoOnServer", &["renegotiation-blocked"]),
    ("Disable TLS 1.3", &["late-request-impossible", "late-request"]),
    ("ouble escaping", &["delta-list-blocked-by-request-filtering", "content-filtered"]),
    ("SendTrustedIssuerList", &["issuer-list-too-long", "issuer-list-truncated", "issuers-lack-client-root"]),
    ("repairstore", &["no-usable-certificate-bound", "server-fails-in-handshake"]),
    ("Manage Private Keys", &["no-usable-certificate-bound"]),
    ("Require Server Name Indication", &["server-name-required"]),
    ("configuressl", &["update-point-lacks-inner-name", "wsus-not-on-https"]),
    ("HashAlgorithm", &["broken-hash", "sha1"]),
    ("AlternateSignatureAlgorithm", &["pss-signature"]),
    ("w32tm", &["clock-wrong", "server-clock-wrong", "certificate-not-yet-valid"]),
    ("CRLPeriod", &["offline-root-list-ended"]),
    ("-crl delta", &["delta-missing", "delta-ended", "full-list-where-delta-belongs"]),
    ("addstore Root", &["client-root-not-trusted", "issuers-lack-client-root"]),
    (
        "addstore CA",
        &[
            "issuer-not-sent",
            "issuer-fetchable",
            "authority-ended",
            "old-authority-still-sent",
            "authority-renewed-with-new-key",
            "client-root-not-trusted",
            "client-issuer-unknown-to-server",
            "unreadable-authority",
        ],
    ),
    ("Renew CA Certificate", &["authority-ended", "root-ended", "authority-key-too-short"]),
    ("Renew Certificate with New Key", &["certificate-ended", "certificate-ends-soon"]),
    ("Automatic Rebind", &["certificate-ended-renewed-not-bound"]),
    (
        "[trust]",
        &[
            "root-not-declared",
            "unknown-root",
            "root-ended",
            "root-is-no-authority",
            "client-of-foreign-hierarchy",
            "client-issuer-not-at-hand",
            "authority-above-unknown",
            "issuer-not-sent",
        ],
    ),
    ("Application Pools", &["application-pool-stopped"]),
    ("smsdbrole_MP", &["site-database-unreachable"]),
    ("WebDAV", &["webdav-publishing-installed", "webdav-missing"]),
    (
        "winhttp",
        &[
            "proxy-wants-credentials",
            "proxy-unresolved",
            "proxy-not-listening",
            "proxy-without-route",
            "proxy-silent",
            "proxy-redirects",
            "proxy-fails",
            "proxy-is-none",
        ],
    ),
    ("--revocation", &["judged-as-of"]),
    ("Specify Root CA Certificates", &["deployment-root-missing"]),
    ("MTU", &["handshake-silent"]),
    (
        "firewall",
        &[
            "ocsp-host-unreachable",
            "name-server-refuses",
            "packets-dropped",
            "connection-cut-off",
            "address-without-answer",
            "proxy-silent",
            "list-host-unreachable",
            "proxy-cannot-reach",
            "private-address-outside",
            "answer-leads-nowhere",
            "intolerant-of-new-hello",
            "intercepted-on-the-way",
            "site-database-unreachable",
        ],
    ),
    ("SMSWEB", &["role-not-here"]),
    ("--resolver", &["name-misspelt-here"]),
    ("private_addresses", &["private-address-outside"]),
    ("enhanced-http", &["enhanced-http", "http-still-open", "list-state"]),
    ("Client certificates: Ignore", &["update-point-asks-for-certificate"]),
    ("Client certificates: Require", &["certificate-not-required", "http-still-open"]),
    ("psexec", &["client-list-out-of-reach"]),
    ("certutil -revoke", &["certificate-on-hold"]),
    (
        "ChainCacheResync",
        &[
            "list-too-large",
            "reasons-without-list",
            "delta-without-its-base",
            "list-not-there",
            "list-empty",
            "list-is-other-file",
            "list-cut-short",
            "list-malformed",
            "list-of-other-authority",
            "list-signed-by-old-key",
            "list-signed-by-unknown-key",
            "delta-where-base-belongs",
            "list-ended",
            "offline-root-list-ended",
            "certificate-on-hold",
            "list-ends-soon",
        ],
    ),
    ("compression", &["list-compressed", "answer-compressed"]),
    ("Include in the CDP extension", &["no-distribution-point", "directory-only", "https-only"]),
    ("Publish Delta CRLs", &["delta-list-blocked-by-request-filtering", "delta-missing"]),
    ("PathLength", &["path-length"]),
    ("Issuance Policies", &["policy-not-allowed"]),
    ("Application Policies", &["policies-disagree"]),
    ("Signature and encryption", &["key-usage-too-narrow"]),
    (
        "Cipher Suite Order",
        &["nothing-in-common", "new-suites-alone", "old-suites-alone", "foreign-suites-alone", "no-ephemeral-suite"],
    ),
    ("Get-ChildItem", &["intermediate-in-trusted-root"]),
    ("SMS_MP_CONTROL_MANAGER", &["signs-with-other-certificate", "not-in-list"]),
    ("forwarders", &["name-server-fails", "name-server-silent"]),
    ("netstat", &["nothing-listens", "other-service-on-port", "list-host-speaks-no-http"]),
    ("W3SVC", &["nothing-listens"]),
    (
        "EDITF_",
        &[
            "name-not-a-host-name",
            "names-joined-by-ampersand",
            "computer-name-only",
            "name-in-wrong-field",
            "wildcard-does-not-cover",
            "no-name-at-all",
            "name-only-in-common-name",
            "update-point-lacks-inner-name",
            "node-lacks-cluster-name",
            "published-name-missing",
            "name-not-requested",
            "wildcard-used",
            "several-common-names",
            "node-name-missing",
        ],
    ),
];

#[test]
fn no_remedy_holds_a_step_of_another_cause() {
    let mut found = Vec::new();
    for (phrase, owners) in STEPS {
        for owner in *owners {
            if find(owner).is_none() {
                found.push(format!("{phrase}: there is no cause {owner}"));
            }
        }
        if !remedies().any(|(cause, _, remedy)| owners.contains(&cause.id) && remedy.contains(phrase)) {
            found.push(format!("{phrase}: no remedy says it"));
        }
        for (cause, profile, remedy) in remedies() {
            if remedy.contains(phrase) && !owners.contains(&cause.id) {
                found.push(format!("{} ({}): {phrase}", cause.id, profile.name()));
            }
        }
    }
    nothing(found);
}
