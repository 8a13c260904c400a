//! A site whose profile nobody declares: a management point's version decides, and every report says so.

use std::fs;

use cmprobe::report::document::{ProfileSource, Report};
use cmprobe::site::profile::Profile;
use cmprobe::site::role::Role;

use crate::rows::Up;

/// The site, with a definition that names no profile.
fn up() -> Up {
    let up = Up::with(&["not-a-management-point-of-2007"]);
    let path = up.folder.path().join("site.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("profile = \"native-mode-2007\""), "{text}");
    fs::write(path, text.replace("profile = \"native-mode-2007\"", "")).unwrap();
    up
}

#[test]
fn the_version_of_the_first_management_point_that_answers_is_the_law() {
    let up = up();
    let said = |report: &Report| {
        let site = &report.run.site;
        (site.profile, site.profile_source, site.profile_version.clone())
    };
    for (system, profile, version) in
        [("MP01", Profile::NativeMode2007, "6487"), ("PMP01", Profile::CurrentBranch, "9128")]
    {
        let saved = format!("{system}.jsonl");
        let (report, _) = up.report(&["check", "site.toml", "--only", system, "--save", &saved]);
        let right = (profile, ProfileSource::ManagementPoint, Some(version.to_owned()));
        assert_eq!(said(&report), right, "{system}");
        assert!(report.findings.iter().any(|one| one.requirement == "management-point/profile"));
        // Saved observations tell the same.
        let (assessed, _) = up.report(&["assess", "site.toml", "--only", system, &saved]);
        assert_eq!(said(&assessed), right, "{system}");
        let (text, complaints, _) = up.run(&["check", "site.toml", "--only", system]);
        assert!(complaints.contains(&format!("a management point says version {version}")), "{complaints}");
        assert!(text.lines().next().unwrap().contains(profile.name()), "{text}");
    }
    // What the command line says needs nobody's word.
    let (report, _) = up.report(&["check", "site.toml", "--only", "PMP01", "--profile", "native-mode-2007"]);
    assert_eq!(said(&report), (Profile::NativeMode2007, ProfileSource::Flag, None));
}

#[test]
fn an_endpoint_is_asked_and_the_others_of_its_list_are_told() {
    let up = up();
    let (report, _) = up.report(&["check", "site.toml", "--only", "MP01"]);
    let of = |role| report.endpoints.iter().find(|one| one.role == Some(role)).unwrap();
    let endpoint = of(Role::ManagementPoint);
    let address = endpoint.address.unwrap();
    let pin = format!("{}:{}:{}", endpoint.name, address.port(), address.ip());
    let client =
        ["--ca-file", "pki/contoso-root.cer", "--pfx", "pki/workstation.pfx", "--pass-file", "pki/clients.password"];
    for endpoint in
        [format!("mp={}:{}", endpoint.name, address.port()), format!("{}:{}", endpoint.name, address.port())]
    {
        let (text, complaints, _) = up.run(&[&["check", &endpoint, "--resolve", &pin], &client[..]].concat());
        for part in ["version 6487", "site code is PRI", "cmprobe check mp="] {
            assert!(complaints.contains(part), "{endpoint}: no {part} in {complaints}");
        }
        assert!(text.contains("held against native-mode-2007 (by the\n  management point's version)"), "{text}");
    }
    // Of what gives no list nothing is said.
    let (_, complaints, _) = up.run(&[&["check", "mp=127.0.0.1:1", "--no-stranger"], &client[..]].concat());
    assert_eq!(complaints, "");
}
