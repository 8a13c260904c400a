//! A soak: a long list of endpoints of which one in a hundred each is hostile in one of these ways. The run must end in
//! bounded time and memory, every healthy endpoint must be right, and every hostile one must be named a failure.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cmprobe::lab::pki::Organization;
use serde_json::Value;

use crate::farm::{self, address, number_of};
use crate::hostile::{ELSEWHERE, KINDS, kind_of};
use crate::measure;
use crate::peers::CommandLine;

type Failed = Box<dyn std::error::Error>;

/// What peers may take, and how many are asked at once: the farm has this machine's cores to itself no more than they do.
const LIMITS: [&str; 8] =
    ["--concurrency", "250", "--connect-timeout", "5s", "--handshake-timeout", "5s", "--timeout", "8s"];

/// Runs the program over so many endpoints, and tells what came of it.
pub(crate) fn run(program: &Path, count: usize) -> Result<(), Failed> {
    let mut child = Command::new(std::env::current_exe()?).args(["hostile"]).stdout(Stdio::piped()).spawn()?;
    let soaked = child.stdout.take().ok_or("the farm has no output".into()).and_then(|said| soak(program, count, said));
    child.kill()?;
    child.wait()?;
    soaked
}

fn soak(program: &Path, count: usize, said: std::process::ChildStdout) -> Result<(), Failed> {
    let mut lines = BufReader::new(said).lines();
    let mut number = || -> Result<u16, Failed> { Ok(lines.next().ok_or("the farm said nothing")??.parse()?) };
    let (tls, lists, renegotiating) = (number()?, number()?, number()?);
    let folder = tempfile::tempdir()?;
    let (list, root, output) =
        (folder.path().join("endpoints.txt"), folder.path().join("root.pem"), folder.path().join("out.jsonl"));
    let line = |number: usize| {
        let kind = kind_of(number);
        let role = if kind.is_some_and(|kind| kind.asked) { "mp=" } else { "" };
        let port = if kind.is_some_and(|kind| kind.name == ELSEWHERE) { renegotiating } else { tls };
        format!("{role}{}:{port}\n", address(number))
    };
    std::fs::write(&list, (0..count).map(line).collect::<String>())?;
    std::fs::write(&root, organization(lists).build()?.root.pem())?;

    let figures = measure::run(&command(program, &list, &root, &output))?;
    let told = Told::read(&output)?;
    let kept = std::fs::metadata(&output)?.len() >> 20;
    println!("\n{count} endpoints, {} of them hostile in {} ways; {}", told.hostile, KINDS.len(), LIMITS.join(" "));
    println!(
        "wall {:.1} s, CPU {:.1} s, peak {:.1} MiB, {kept} MiB written",
        figures.wall, figures.cpu, figures.peak_mib
    );
    for (kind, ways) in &told.ways {
        let ways: Vec<String> = ways.iter().map(|(way, times)| format!("{way} ({times})")).collect();
        println!("  {kind:<40} {}", ways.join("; "));
    }
    let wrong = told.wrong(count);
    for one in wrong.iter().take(20) {
        println!("WRONG: {one}");
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} endpoints were not told right", wrong.len()).into()) }
}

fn command(program: &Path, list: &Path, root: &Path, output: &Path) -> CommandLine {
    let mut line: CommandLine = vec![program.into(), "check".into(), "--list".into(), list.into()];
    line.extend(["--ca-file".into(), root.into(), "-q".into(), "-f".into(), "jsonl".into(), "-o".into()]);
    line.push(output.into());
    // Keys on curves, which nothing of 2007 can verify.
    line.extend(["--profile".into(), "current-branch".into()]);
    line.extend(LIMITS.map(Into::into));
    line
}

/// What a run's report says.
#[derive(Default)]
struct Told {
    healthy: usize,
    hostile: usize,
    /// Of each kind, how it was told, and how often.
    ways: BTreeMap<&'static str, BTreeMap<String, usize>>,
    faults: Vec<String>,
    ended: bool,
}

impl Told {
    fn read(output: &PathBuf) -> Result<Self, Failed> {
        let mut told = Self::default();
        for line in BufReader::new(std::fs::File::open(output)?).lines() {
            let line: Value = serde_json::from_str(&line?)?;
            match line["type"].as_str() {
                Some("endpoint") => told.endpoint(&line),
                Some("summary") => told.ended = line["summary"]["complete"] == true,
                _ => {}
            }
        }
        Ok(told)
    }

    fn endpoint(&mut self, line: &Value) {
        let at: Option<SocketAddr> = line["address"].as_str().and_then(|at| at.parse().ok());
        let Some(number) = at.and_then(number_of) else {
            return self.faults.push(format!("not asked for: {}", line["id"]));
        };
        let findings = line["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
        let failing: Vec<&Value> = findings.iter().filter(|finding| finding["verdict"] == "fail").collect();
        let unknown = |finding: &&Value| finding["verdict"] == "unknown" && finding["severity"] == "error";
        let Some(kind) = kind_of(number) else {
            self.healthy += 1;
            let open = failing.first().copied().or_else(|| findings.iter().find(unknown));
            if let Some(open) = open {
                self.faults.push(format!(
                    "{}, healthy: {} {}: {}; {}",
                    line["id"], open["verdict"], open["requirement"], open["message"], open["observed"]
                ));
            }
            return;
        };
        self.hostile += 1;
        // Where a limit of ours ended it, that is said instead.
        let is_error = |finding: &&&Value| finding["severity"] == "error";
        let named = failing.iter().find(is_error).or(failing.first()).copied();
        let Some(first) = named.or_else(|| findings.iter().find(unknown)) else {
            return self.faults.push(format!("{}, {}: no failure is named", line["id"], kind.name));
        };
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let said = if named.is_some() { "" } else { "unknown " };
        let way = format!("{}: {said}{}", text(&line["probe_status"]), text(&first["requirement"]));
        *self.ways.entry(kind.name).or_default().entry(way).or_default() += 1;
    }

    /// Everything that is not as it should be.
    fn wrong(&self, count: usize) -> Vec<String> {
        let mut wrong = self.faults.clone();
        if self.healthy + self.hostile != count {
            wrong.push(format!("{} of {count} endpoints were told", self.healthy + self.hostile));
        }
        if !self.ended {
            wrong.push("the report is not whole".into());
        }
        wrong
    }
}

/// The farm's ports are its own to say.
pub(crate) fn say(ports: [u16; 3]) -> std::io::Result<()> {
    println!("{}\n{}\n{}", ports[0], ports[1], ports[2]);
    std::io::stdout().flush()
}

/// Whose certificates they are, where the lists are published at this port.
pub(crate) fn organization(lists: u16) -> Organization {
    let published = format!("http://{}:{lists}/CertEnroll", Ipv4Addr::LOCALHOST);
    Organization { ldap: false, ..farm::organization(farm::Keys::P256) }.published_at(&published)
}
