//! A whole site, with every role's offers, beside bare loops that make the same connections.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::measure::{self, Figures, median};
use crate::peers::CommandLine;
use crate::site::Site;

type Failed = Box<dyn std::error::Error>;

/// Measures a site of so many management points, so far away.
pub(crate) fn run(program: &Path, count: usize, round_trip: Duration, rounds: usize) -> Result<(), Failed> {
    let site = Site::start(count, round_trip)?;
    let own = std::env::current_exe()?;
    let bare: CommandLine = vec![own.into(), "bare".into(), site.folder().into()];
    let with_versions: CommandLine = bare.iter().cloned().chain(["versions".into()]).collect();
    // Each with the bare loop it stands beside.
    let runs = [
        ("bare loop, same connections", bare, 0),
        ("cmprobe --no-tls-versions", cmprobe(program, &site, true), 0),
        ("bare loop, with versions", with_versions, 2),
        ("cmprobe", cmprobe(program, &site, false), 2),
    ];
    for (_, command, beside) in &runs {
        match runs.get(*beside) {
            Some((_, bare, _)) if bare == command => whole(command, count)?,
            _ => healthy(command)?,
        }
    }
    let mut figures: Vec<Vec<Figures>> = vec![Vec::new(); runs.len()];
    for _ in 0..rounds {
        for ((_, command, _), collected) in runs.iter().zip(&mut figures) {
            collected.push(measure::run(command)?);
        }
    }
    let far = round_trip.as_millis();
    println!("\na healthy site of {count} management points, {far} ms away, medians of {rounds} rounds");
    println!("{:<30}{:>10}{:>10}{:>10}{:>10}{:>10}", "", "wall s", "x bare", "CPU s", "x bare", "peak MiB");
    for ((name, _, beside), collected) in runs.iter().zip(&figures) {
        let of = |figure: fn(&Figures) -> f64| median(collected.iter().map(figure));
        let times = |figure: fn(&Figures) -> f64| {
            median(collected.iter().zip(&figures[*beside]).map(|(own, bare)| figure(own) / figure(bare)))
        };
        let (wall, cpu, peak) = (of(|f| f.wall), of(|f| f.cpu), of(|f| f.peak_mib));
        let (walls, cpus) = (times(|f| f.wall), times(|f| f.cpu));
        println!("{name:<30}{wall:>10.2}{walls:>10.2}{cpu:>10.2}{cpus:>10.2}{peak:>10.1}");
    }
    Ok(())
}

fn cmprobe(program: &Path, site: &Site, without_versions: bool) -> CommandLine {
    let mut line: CommandLine = vec![program.into(), "check".into(), site.definition().into()];
    line.extend(["--revocation", "off", "-q", "-f", "text", "-o", "/dev/null"].map(Into::into));
    line.extend(without_versions.then(|| "--no-tls-versions".into()));
    line
}

/// A figure is of a healthy site or of nothing: the run must pass.
fn healthy(command: &CommandLine) -> Result<(), Failed> {
    let (program, arguments) = command.split_first().ok_or("an empty command")?;
    // The same run, told.
    let arguments =
        arguments.iter().map(|argument| if argument == "/dev/null" { "-".as_ref() } else { argument.as_os_str() });
    let output = Command::new(program).args(arguments).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("the site is not healthy:\n{}", String::from_utf8_lossy(&output.stdout)).into())
}

/// A bare loop stands for itself when each of its connections came to its end.
fn whole(command: &CommandLine, count: usize) -> Result<(), Failed> {
    let (program, arguments) = command.split_first().ok_or("an empty command")?;
    let output = Command::new(program).args(arguments).output()?;
    let good: usize = String::from_utf8(output.stdout)?.trim().parse()?;
    if good == 0 || !good.is_multiple_of(count) {
        return Err(format!("of the bare loop's connections {good} came to their end").into());
    }
    Ok(())
}
