use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{CAUSES, SECTIONS, find};
use crate::site::profile::Profile;
use crate::verdict::cause::symptom::SYMPTOMS;
use crate::verdict::cause::{Cause, first_sentence};

/// Fails with everything that was found.
fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Every remedy: the cause, the profile, the text.
fn remedies() -> impl Iterator<Item = (&'static Cause, Profile, &'static str)> {
    CAUSES.iter().flat_map(|cause| Profile::ALL.map(|profile| (*cause, profile, cause.remedy.under(profile))))
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
        if first.len() < 20 || first.len() > 400 || remedy.len() > 1100 {
            found.push(format!("{} ({}): {} of {}: {first}", cause.id, profile.name(), first.len(), remedy.len()));
        }
    }
    nothing(found);
    assert_eq!(first_sentence("Do it (IIS 8.5). Then that."), "Do it (IIS 8.5).");
    assert_eq!(first_sentence("Do it."), "Do it.");
}
