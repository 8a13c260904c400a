//! What a process and its children cost: CPU time by the operating system's own account, wall time, and peak memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use crate::peers::CommandLine;

/// One run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// User and system time, seconds.
    pub(crate) cpu: f64,
    /// Wall time, seconds.
    pub(crate) wall: f64,
    /// The largest resident set of the process itself, MiB.
    pub(crate) peak_mib: f64,
}

/// Runs a command to its end.
pub(crate) fn run(line: &CommandLine) -> Result<Figures, Box<dyn std::error::Error>> {
    let (program, arguments) = line.split_first().ok_or("an empty command")?;
    let before = children_cpu()?;
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0.0_f64;
    while child.try_wait()?.is_none() {
        // The high-water mark only rises, so the last look before the end is the peak to within one pause.
        let high_water = std::fs::read_to_string(&status).ok().and_then(|text| {
            text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok())
        });
        peak_kib = peak_kib.max(high_water.unwrap_or(0.0));
        std::thread::sleep(Duration::from_millis(2));
    }
    let wall = started.elapsed().as_secs_f64();
    Ok(Figures { cpu: children_cpu()? - before, wall, peak_mib: peak_kib / 1024.0 })
}

/// CPU seconds of all children waited for.
fn children_cpu() -> Result<f64, nix::Error> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// The middle of the values.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
