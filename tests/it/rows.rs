//! The README's walk-through: every command it gives for a row of the document, run on the demo's site as it says, decides
//! what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cmprobe::lab::fault::{self, Fault};
use cmprobe::lab::site::LabSite;
use cmprobe::report::document::Report;
use cmprobe::report::finding::VerdictWord;
use cmprobe::requirement::catalogue::{self, catalogue};
use cmprobe::rule::document::CRNM;
use tempfile::TempDir;
use time::OffsetDateTime;

/// What the README says: a row, its command's words, and the requirements it decides.
fn rows() -> Vec<(String, Vec<String>, Vec<String>)> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, after) = readme.split_once("<!-- rows").unwrap();
    let (table, _) = after.split_once("<!-- end of rows -->").unwrap();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let lines = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    lines
        .map(|line| {
            let [row, command, ids] = cells(line).try_into().unwrap();
            let words = quoted(&command)[0].split(' ').map(str::to_owned).collect();
            (row, words, quoted(&ids))
        })
        .collect()
}

/// A site that is up, and the folder of its definition.
pub(crate) struct Up {
    pub(crate) folder: TempDir,
    _site: LabSite,
    _runtime: tokio::runtime::Runtime,
}

impl Up {
    pub(crate) fn healthy() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(faults: &[&str]) -> Self {
        let faults: Vec<&Fault> = faults.iter().map(|name| fault::find(name).unwrap()).collect();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let site = runtime.block_on(LabSite::start(&faults, OffsetDateTime::now_utc())).unwrap();
        let folder = TempDir::new().unwrap();
        site.write_to(folder.path()).unwrap();
        Self { folder, _site: site, _runtime: runtime }
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, words: &[&str]) -> (String, String, i32) {
        let ran = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_cmprobe")))
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(ran.stdout), text(ran.stderr), ran.status.code().unwrap())
    }

    /// The report of a run that lists everything.
    pub(crate) fn report(&self, words: &[&str]) -> (Report, i32) {
        let (out, complaints, code) = self.run(&[words, &["-f", "json", "--show", "all", "--quiet"]].concat());
        assert_eq!(complaints, "", "{words:?}");
        (Report::read(out.as_bytes()).unwrap(), code)
    }
}

#[test]
fn every_command_of_the_readme_decides_what_it_says() {
    let (up, rows) = (Up::healthy(), rows());
    assert_eq!(rows.len(), 13);
    for (row, words, ids) in rows {
        let (program, words) = words.split_first().unwrap();
        assert_eq!(program, "cmprobe", "{row}");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (report, code) = up.report(&words);
        // Beside the rows it is about, something may be undecided: lists are fetched where it is asked for.
        assert!([0, 3].contains(&code), "{row}: {words:?}: {code}");
        let mut verdicts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for finding in &report.findings {
            let verdict = match finding.verdict {
                VerdictWord::Pass => "pass",
                VerdictWord::Fail => "fail",
                VerdictWord::NotApplicable => "not applicable",
                VerdictWord::Unknown => "unknown",
            };
            verdicts.entry(&finding.requirement).or_default().insert(verdict);
        }
        assert!(!ids.is_empty(), "{row}");
        for id in ids {
            let of = verdicts.get(id.as_str()).unwrap_or_else(|| panic!("{row}: {words:?} says nothing of {id}"));
            assert!(of.contains("pass") && !of.contains("fail") && !of.contains("unknown"), "{row}: {id}: {of:?}");
        }
    }
}

#[test]
fn every_requirement_of_the_document_is_in_a_row() {
    let told: BTreeSet<String> = rows().into_iter().flat_map(|(_, _, ids)| ids).collect();
    for requirement in catalogue().iter().filter(|one| one.citation.native_mode_2007.document.short == CRNM.short) {
        // The demonstration's monitoring certificate is in a file that holds no key, as is the proxy's for its inner leg.
        let is_without = ["monitoring/cng-provider", "proxy-client/", "deployment/cng-provider"];
        if is_without.iter().any(|start| requirement.id.starts_with(start)) {
            continue;
        }
        assert!(told.contains(requirement.id), "{} is in no row of the README's walk-through", requirement.id);
    }
    for id in told {
        assert!(catalogue::find(&id).is_some(), "there is no requirement {id}");
    }
}
