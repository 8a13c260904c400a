//! What a probe costs: `cmprobe check` beside a bare tokio + rustls loop (the floor), and beside loops of `openssl
//! s_client` and `curl`, over a loopback farm of endpoints with distinct certificates; and whole sites, near and far, beside
//! a bare loop that makes the same connections. Everything is told as a ratio to the floor in the same round, because
//! machines differ and ratios do not.
//!
//! `cargo bench --bench cost` runs it; `-- --endpoints 100,1000 --rounds 5` and so on change what it measures.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod bare;
mod farm;
mod floor;
mod hostile;
mod measure;
mod peers;
mod relay;
mod site;
mod sites;
mod soak;

use std::path::PathBuf;
use std::time::Duration;

use farm::{Farm, Keys, Mix};
use measure::{Figures, median};

/// What the command line chose.
struct Options {
    endpoints: Vec<usize>,
    rounds: usize,
    peers: bool,
    dead: bool,
    sites: bool,
    /// How many endpoints a soak has, and nothing else is measured.
    soak: Option<usize>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        // The parts run as processes of their own, so that each one's CPU time and memory are its own.
        Some("farm") => {
            let keys =
                if arguments.get(2).is_some_and(|keys| keys == Keys::Rsa.name()) { Keys::Rsa } else { Keys::P256 };
            return farm::serve(arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(100), keys);
        }
        Some("hostile") => return hostile::serve(),
        Some("floor") => return floor::run(&arguments[1..]),
        Some("site") => return site::serve(&arguments[1..]),
        Some("bare") => return bare::run(&arguments[1..]).map_err(|error| -> Box<dyn std::error::Error> { error }),
        _ => {}
    }
    let options = options(&arguments)?;
    let program = PathBuf::from(env!("CARGO_BIN_EXE_cmprobe"));
    if let Some(count) = options.soak {
        return soak::run(&program, count);
    }
    for count in &options.endpoints {
        for keys in [Keys::P256, Keys::Rsa] {
            good_endpoints(&program, *count, keys, &options)?;
        }
    }
    if options.dead {
        dead_endpoints(&program, 1_000)?;
    }
    if options.sites {
        sites::run(&program, 10, Duration::ZERO, options.rounds)?;
        sites::run(&program, 10, Duration::from_millis(100), options.rounds)?;
        sites::run(&program, 100, Duration::ZERO, options.rounds)?;
    }
    Ok(())
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options =
        Options { endpoints: vec![100, 1_000, 10_000], rounds: 5, peers: true, dead: true, sites: true, soak: None };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--endpoints" => {
                let counts =
                    value()?.split(',').map(|n| n.parse().map_err(|_| format!("{n} is no number of endpoints")));
                options.endpoints = counts.collect::<Result<_, _>>()?;
            }
            "--rounds" => options.rounds = value()?.parse().map_err(|_| "--rounds takes a number")?,
            "--no-peers" => options.peers = false,
            "--no-dead" => options.dead = false,
            "--no-sites" => options.sites = false,
            "--only-sites" => (options.endpoints, options.dead) = (Vec::new(), false),
            "--soak" => options.soak = Some(value()?.parse().map_err(|_| "--soak takes a number of endpoints")?),
            // What cargo itself passes.
            "--bench" => {}
            other => {
                let known = "--endpoints N,N --rounds N --no-peers --no-dead --no-sites --only-sites --soak N";
                return Err(format!("{other} is not known: {known}"));
            }
        }
    }
    Ok(options)
}

/// Every endpoint answers.
fn good_endpoints(
    program: &std::path::Path,
    count: usize,
    keys: Keys,
    options: &Options,
) -> Result<(), Box<dyn std::error::Error>> {
    let farm = Farm::start(count, Mix::AllGood, keys)?;
    let mut runs = vec![("floor", peers::floor(&farm)), ("cmprobe jsonl", peers::cmprobe(program, &farm, "jsonl"))];
    if count <= 1_000 {
        runs.push(("cmprobe text", peers::cmprobe(program, &farm, "text")));
    }
    if options.peers && count <= 100 && keys == Keys::P256 {
        runs.push(("openssl s_client loop", peers::s_client(&farm)));
        runs.push(("curl loop", peers::curl(&farm)));
    }
    let mut figures: Vec<Vec<Figures>> = vec![Vec::new(); runs.len()];
    // One round that is not counted warms the page cache and the farm.
    for round in 0..=options.rounds {
        for ((_, command), collected) in runs.iter().zip(&mut figures) {
            let measured = measure::run(command)?;
            if round > 0 {
                collected.push(measured);
            }
        }
    }
    println!("\n{count} good endpoints, {} chains, medians of {} rounds", keys.name(), options.rounds);
    println!("{:<24}{:>14}{:>12}{:>10}{:>12}{:>10}", "", "endpoints/s", "CPU us each", "x floor", "wall s", "peak MiB");
    for ((name, _), collected) in runs.iter().zip(&figures) {
        let of = |figure: fn(&Figures) -> f64| median(collected.iter().map(figure));
        let ratio = median(collected.iter().zip(&figures[0]).map(|(own, floor)| own.cpu / floor.cpu));
        let (cpu, wall, peak) = (of(|f| f.cpu), of(|f| f.wall), of(|f| f.peak_mib));
        let each = cpu / count as f64 * 1e6;
        println!("{name:<24}{:>14.0}{each:>12.0}{ratio:>10.2}{wall:>12.2}{peak:>10.1}", count as f64 / wall);
    }
    Ok(())
}

/// One in ten refuses the connection, one in twenty accepts it and says nothing.
fn dead_endpoints(program: &std::path::Path, count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let farm = Farm::start(count, Mix::SomeDead, Keys::P256)?;
    println!("\n{count} endpoints, 10 % refused and 5 % silent, time-outs of 5 s");
    println!("{:<24}{:>12}{:>12}", "", "wall s", "CPU s");
    for (name, command) in [("floor", peers::floor(&farm)), ("cmprobe jsonl", peers::cmprobe(program, &farm, "jsonl"))]
    {
        let figures = measure::run(&command)?;
        println!("{name:<24}{:>12.2}{:>12.2}", figures.wall, figures.cpu);
    }
    Ok(())
}
