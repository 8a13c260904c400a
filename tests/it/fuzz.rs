//! Everything that reads bytes from a network or a file, run on seeds and on seeds spoiled in the same way every time: it
//! must come back, without a panic. The functions are those `cargo fuzz` runs (`tests/fuzz/`).
//!
//! `CMPROBE_FUZZ_SECONDS=600 cargo test --test it fuzz::hello` goes on for that long instead of a fixed number of inputs, and
//! says what came of it; what it finds belongs into `testdata/fuzz/hello/` as `found-….bin`, with what it found fixed.
//! `CMPROBE_UPDATE=1` writes the seeds the lab mints anew.

mod mutate;
mod seeds;
#[expect(unreachable_pub, reason = "shared with the crate that cargo fuzz builds")]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::FileExt;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mutate::{Dice, mutated};
use targets::{TARGETS, Target};

/// The longest input made of a seed.
const LONGEST: u64 = mutate::LONGEST as u64;

/// How many octets the process may have held at once, after hours of hostile input.
const MEMORY_LIMIT: u64 = 1 << 30;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A target's seeds: the repository's files that are such input anyway, and its own.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let own = format!("testdata/fuzz/{target}");
    let folders: &[(&str, &str)] = match target {
        "definition" => &[("targets", "toml"), ("testdata/definitions", "toml"), (&own, "bin")],
        "observations" => &[("testdata/captures", "jsonl"), (&own, "bin")],
        _ => &[(&own, "bin")],
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for (folder, extension) in folders {
        let Ok(entries) = fs::read_dir(root().join(folder)) else { continue };
        let found = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths.extend(found.filter(|path| path.extension().is_some_and(|found| found == *extension)));
    }
    // What is longer than what is made of it would only be cut.
    paths.retain(|path| fs::metadata(path).is_ok_and(|file| file.len() <= LONGEST / 2));
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.strip_prefix(root()).unwrap_or(&path).display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

/// Runs a target on its seeds, and on so many inputs made of them; or, where told to, for so many seconds.
fn run(name: &str, inputs: usize) {
    let target = TARGETS.iter().find(|(known, _)| *known == name).unwrap().1;
    let corpus = corpus(name);
    assert!(corpus.len() > 2, "{name} has no seeds");
    let mut readable = 0;
    for (path, seed) in &corpus {
        let is_read = catch_unwind(|| target(seed));
        assert!(is_read.is_ok(), "{path}: the seed itself");
        readable += usize::from(is_read.unwrap_or_default());
    }
    assert!(readable > 0, "{name}: no seed gets past its reader's first refusal");
    match std::env::var("CMPROBE_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()) {
        Some(seconds) => run_for(name, target, &corpus, Duration::from_secs(seconds)),
        None => {
            let mut dice = Dice::named(name);
            for number in 0..inputs {
                let (path, bytes) = made(&corpus, number, &mut dice);
                let came_back = catch_unwind(|| target(&bytes)).is_ok();
                assert!(
                    came_back,
                    "{name}, input {number}, made of {path}:\n{}",
                    data_encoding::HEXLOWER.encode(&bytes)
                );
            }
        }
    }
}

fn made<'a>(corpus: &'a [(String, Vec<u8>)], number: usize, dice: &mut Dice) -> (&'a str, Vec<u8>) {
    let (path, seed) = &corpus[number % corpus.len()];
    let other = &corpus[dice.below(corpus.len())].1;
    (path, mutated(seed, other, dice))
}

/// Goes on until the time is up; the input at hand lies in a file, behind its length in eight octets, in case nothing comes
/// back. Fails with everything found.
fn run_for(name: &str, target: Target, corpus: &[(String, Vec<u8>)], time: Duration) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    fs::create_dir_all(&folder).unwrap();
    // Kept open: making it anew for each input costs more than most inputs do.
    let at_hand = fs::File::create(folder.join(format!("{name}.at-hand"))).unwrap();
    let (began, mut dice) = (Instant::now(), Dice::named(name));
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    let (mut number, mut slowest) = (0, Duration::ZERO);
    while began.elapsed() < time && found.len() < 20 {
        let (_, bytes) = made(corpus, number, &mut dice);
        at_hand.write_all_at(&[&bytes.len().to_be_bytes()[..], &bytes].concat(), 0).unwrap();
        let started = Instant::now();
        if let Err(panic) = catch_unwind(|| target(&bytes)) {
            let words = panic.downcast_ref::<String>().cloned();
            let words =
                words.or_else(|| panic.downcast_ref::<&str>().map(|&words| words.to_owned())).unwrap_or_default();
            let path = folder.join(format!("{name}.found-{number}"));
            fs::write(&path, &bytes).unwrap();
            found.entry(words).or_insert(path);
        }
        if started.elapsed() > slowest {
            slowest = started.elapsed();
            fs::write(folder.join(format!("{name}.slowest")), &bytes).unwrap();
        }
        number += 1;
    }
    let peak = peak_memory();
    let mut told = format!("{name}: {number} inputs in {:.0} s", began.elapsed().as_secs_f64());
    let _ = write!(told, ", the slowest {:.0} ms, at most {} MiB held", slowest.as_secs_f64() * 1e3, peak >> 20);
    fs::write(folder.join(format!("{name}.told")), format!("{told}\n{found:#?}\n")).unwrap();
    assert!(found.is_empty(), "{told}\n{found:#?}");
    assert!(slowest < Duration::from_secs(10), "{told}: an input costs too much time");
    assert!(peak < MEMORY_LIMIT, "{told}: too much");
}

/// The most the process has held, in octets, as Linux counts it.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
}

#[test]
fn answer() {
    run("answer", 5000);
}

#[test]
fn certificate() {
    run("certificate", 4000);
}

#[test]
fn definition() {
    run("definition", 6000);
}

#[test]
fn delta_list() {
    run("delta_list", 3000);
}

#[test]
fn download() {
    run("download", 5000);
}

#[test]
fn endpoints() {
    run("endpoints", 8000);
}

#[test]
fn export() {
    run("export", 4000);
}

#[test]
fn file() {
    run("file", 4000);
}

#[test]
fn hello() {
    run("hello", 10000);
}

#[test]
fn issuer() {
    run("issuer", 3000);
}

#[test]
fn management_point() {
    run("management_point", 5000);
}

#[test]
fn messages() {
    run("messages", 10000);
}

#[test]
fn observations() {
    run("observations", 2000);
}

#[test]
fn ocsp_answer() {
    run("ocsp_answer", 4000);
}

#[test]
fn query() {
    run("query", 10000);
}

#[test]
fn report() {
    run("report", 2000);
}

#[test]
fn revocation_list() {
    run("revocation_list", 5000);
}

#[test]
fn web_config() {
    run("web_config", 6000);
}

/// A target belongs into the list, the fuzzer's folder and manifest, among the tests, and has seeds.
#[test]
fn every_target_is_everywhere() {
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let within = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names, within("tests/fuzz/fuzz_targets"));
    assert_eq!(names, within("testdata/fuzz"));
    let manifest = fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).unwrap();
    let tests = fs::read_to_string(root().join("tests/it/fuzz.rs")).unwrap();
    for name in &names {
        let file = fs::read_to_string(root().join(format!("tests/fuzz/fuzz_targets/{name}.rs"))).unwrap();
        assert!(file.contains(&format!("cmprobe_fuzz::{name}(bytes)")), "{name}.rs runs another function");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} is not in the manifest");
        assert!(tests.contains(&format!("run(\"{name}\", ")), "{name} is not among the tests");
    }
}

/// The seeds are what the lab mints, but for those that were captured or found.
#[test]
fn seeds_are_what_the_lab_mints() {
    let mut expected = BTreeSet::new();
    for (target, name, bytes) in seeds::minted() {
        let path = root().join(format!("testdata/fuzz/{target}/{name}.bin"));
        if std::env::var_os("CMPROBE_UPDATE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        assert!(fs::read(&path).is_ok_and(|there| there == bytes), "{} is not what the lab mints", path.display());
        assert!(expected.insert(path.clone()), "{} is minted twice", path.display());
    }
    for (target, _) in TARGETS {
        for entry in fs::read_dir(root().join(format!("testdata/fuzz/{target}"))).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_kept = name.starts_with("captured-") || name.starts_with("found-");
            assert!(is_kept || expected.contains(&path), "{} is nobody's seed", path.display());
        }
    }
}
