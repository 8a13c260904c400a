//! What can be written on the command line.

mod check;
mod init;
mod inspect;
mod installing;
mod listed;
mod planning;
mod request;
mod serve;
mod value;

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use cmprobe::report::document::Report;
use cmprobe::report::{Format, Show};
use cmprobe::trust::basis::RevocationMode;
use cmprobe::verdict::severity::Severity;
use cmprobe::wire::timestamp::Timestamp;

#[cfg(feature = "demo")]
pub(crate) use check::LimitArgs;
pub(crate) use check::{CheckArgs, ProbeArgs, RevocationHosts, WayArgs};
pub(crate) use init::{AskingArgs, InitArgs, SourceArgs};
pub(crate) use inspect::InspectArgs;
pub(crate) use installing::{CompletionsArgs, ManArgs};
pub(crate) use planning::{NarrowArgs, OfferArgs};
pub(crate) use request::RequestArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use value::Pinned;

use crate::exit::concat_table;
use crate::output;
use crate::reports::{Manner, Wanted};

/// Verifies, from where clients stand, that a Configuration Manager site's HTTPS endpoints are what Microsoft's documents
/// demand.
#[derive(Debug, Parser)]
#[command(name = "cmprobe", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = concat_table("\
Examples:
  cmprobe check site.toml                a whole site, as defined
  cmprobe check mp=mp01.contoso.com      one management point
  cmprobe init --from site.json          a definition from what the console exports
  cmprobe plan site.toml                 what `check` would do, without the network
  cmprobe diff before.json after.json    what changed between two runs
  cmprobe serve --listen 9770 site.toml  the same again and again, for Prometheus
  cmprobe explain web-server             what is asked of web server certificates"))]
pub(crate) struct Args {
    /// When to use colour; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Display")]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Box<CheckArgs>),
    Plan(PlanArgs),
    Assess(AssessArgs),
    Diff(DiffArgs),
    Inspect(Box<InspectArgs>),
    Explain(ExplainArgs),
    #[cfg(feature = "demo")]
    Demo(Box<DemoArgs>),
    Init(Box<InitArgs>),
    Request(RequestArgs),
    Serve(Box<ServeArgs>),
    Schema(SchemaArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    Extra(ExtraArgs),
}

impl Command {
    /// The format its exit code belongs to, where it writes a report.
    pub(crate) fn format(&self) -> Option<Format> {
        match self {
            Self::Check(check) => Some(check.output.format()),
            Self::Assess(assess) => Some(assess.output.format()),
            Self::Inspect(inspect) => Some(inspect.output.format()),
            #[cfg(feature = "demo")]
            Self::Demo(demo) => Some(demo.output.format()),
            Self::Plan(_)
            | Self::Diff(_)
            | Self::Explain(_)
            | Self::Init(_)
            | Self::Request(_)
            | Self::Serve(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Extra(_) => None,
        }
    }
}

/// Prints every probe `check` would make, and why; no network, no file but the definition
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe plan site.toml
  cmprobe plan site.toml --vantage internet
  cmprobe plan site.toml --format json")]
pub(crate) struct PlanArgs {
    /// The site's definition
    pub(crate) definition: PathBuf,
    #[command(flatten)]
    pub(crate) narrow: NarrowArgs,
    #[command(flatten)]
    pub(crate) offer: OfferArgs,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = PlanFormat::Text, help_heading = "Output")]
    pub(crate) format: PlanFormat,
    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Judges saved observations; several files, one for each vantage, are one site
///
/// Nothing is probed: what `check --save` wrote is judged again, by this program's requirements, as of the time it was
/// saved. This is how what was seen inside and what was seen outside meet. Several files of one vantage are put together:
/// what more than one of them saw counts as the run saw it that began last, and what is left out is told.
#[derive(Debug, clap::Args)]
#[command(after_help = concat_table("\
Examples:
  cmprobe check site.toml --vantage internet --save outside.json     (on one machine)
  cmprobe check site.toml --vantage intranet --save inside.jsonl     (on another)
  cmprobe assess site.toml inside.jsonl outside.jsonl"))]
pub(crate) struct AssessArgs {
    /// The site's definition
    pub(crate) definition: PathBuf,
    /// Files that `check --save` wrote
    #[arg(required = true)]
    pub(crate) observations: Vec<PathBuf>,
    /// This certificate must be the one that was presented, everywhere: after a renewal; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) expect: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) narrow: NarrowArgs,
    #[command(flatten)]
    pub(crate) judging: JudgingArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Tells what changed between two reports: findings, certificates, addresses, protocols
///
/// Compared is what the site is, by names and not by addresses: how long things took and when they were seen is left
/// out. Both reports should be of the same definition and hold the same vantages.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe check site.toml -f json -o before.json
  cmprobe check site.toml -f json -o after.json      (after the change)
  cmprobe diff before.json after.json

Exit codes:
  0  nothing changed, and nothing fails in AFTER at or above --fail-on
  1  something fails in AFTER at or above --fail-on
  2  usage or file error
  4  nothing fails, but something changed")]
pub(crate) struct DiffArgs {
    /// The earlier report, as `--format json` or `jsonl` wrote it; `-` is standard input
    pub(crate) before: PathBuf,
    /// The later report
    pub(crate) after: PathBuf,
    /// The least severity that makes AFTER fail
    #[arg(long, value_name = "SEVERITY", value_parser = listed::severity(), hide_possible_values = true, default_value = "error")]
    pub(crate) fail_on: Severity,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = DiffFormat::Text, help_heading = "Output")]
    pub(crate) format: DiffFormat,
    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people, and change tickets
    Text,
    /// For programs; described by `schema report` as #/$defs/Difference
    Json,
}

/// How what was seen is judged.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Judging")]
pub(crate) struct JudgingArgs {
    /// Trust these roots too: PEM, DER or PKCS #7; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Vec<PathBuf>,
    /// Trust these roots for what may have a public certificate (a cloud management gateway, a proxy web server);
    /// repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) public_ca_file: Vec<PathBuf>,
    /// Judge as of this time instead of now: 2027-05-31 or 2027-05-31T12:00:00Z. Revocation lists are those of today, so at
    /// a time to come they have lapsed: leave them out with --revocation off
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    pub(crate) at: Option<Timestamp>,
    /// Warn about certificates that end within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) warn_days: u32,
    /// How revocation lists that cannot be had are judged
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Revocation::Hard)]
    pub(crate) revocation: Revocation,
    /// The least severity that makes the run fail
    #[arg(long, value_name = "SEVERITY", value_parser = listed::severity(), hide_possible_values = true, default_value = "error")]
    pub(crate) fail_on: Severity,
    /// Tell what changed since an earlier run's report (json or jsonl) too, and exit with 4 where nothing failed but
    /// something changed
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
}

impl From<Revocation> for RevocationMode {
    fn from(mode: Revocation) -> Self {
        match mode {
            Revocation::Hard => Self::Hard,
            Revocation::Soft => Self::Soft,
            Revocation::Off => Self::Off,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Revocation {
    /// As revoked: what clients and IIS do
    Hard,
    /// As a warning
    Soft,
    /// Not at all
    Off,
}

/// What is written, and where.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// The format: text, html, json, jsonl, junit, sarif, nagios, prometheus, csv, prtg, checkmk, zabbix, ics
    #[arg(short, long, value_parser = listed::format(), hide_possible_values = true, default_value = "text")]
    format: Format,
    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Another report besides: FORMAT=FILE; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = value::report)]
    report: Vec<(Format, PathBuf)>,
    /// Which findings are listed: failures (with waived ones and what is not decided), or all; calendar: failures, and
    /// everything that ends, by date (text)
    #[arg(long, value_parser = value::show, default_value = "failures")]
    pub(crate) show: Show,
    /// Flat events, a line for each finding, for log stores (jsonl)
    #[arg(long)]
    flat: bool,
    /// Begin with a byte order mark, by which Excel tells UTF-8 (csv)
    #[arg(long)]
    bom: bool,
    /// Only what ends within this time, in days: 90d (ics)
    #[arg(long, value_name = "TIME", value_parser = value::days)]
    within: Option<u32>,
    /// No progress and no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Tell each endpoint's session in full (text)
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Whoever wants the report itself.
    #[arg(skip)]
    taker: Option<Sender<Report>>,
}

impl OutputArgs {
    /// A report for browsers, written without a word, and the report itself, handed over.
    pub(crate) fn served(format: Format, file: PathBuf, taker: Option<Sender<Report>>) -> Self {
        Self {
            format,
            output: Some(file),
            report: Vec::new(),
            show: Show::Failures,
            flat: false,
            bom: false,
            within: None,
            quiet: true,
            verbose: false,
            taker,
        }
    }

    /// Whoever wants the report itself.
    pub(crate) fn taker(&self) -> Option<Sender<Report>> {
        self.taker.clone()
    }

    /// The format the exit code belongs to.
    pub(crate) const fn format(&self) -> Format {
        self.format
    }

    /// Every report asked for.
    pub(crate) fn wanted(&self) -> Vec<Wanted> {
        let others = self.report.iter().map(|(format, path)| (*format, Some(path.clone())));
        std::iter::once((self.format, self.output.clone())).chain(others).collect()
    }

    /// Whether any of them leads back to the text that describes what was looked at.
    pub(crate) fn leads_back(&self) -> bool {
        self.wanted().iter().any(|(format, _)| *format == Format::Sarif)
    }

    /// How they are written.
    pub(crate) const fn manner(&self, color: ColorChoice) -> Manner {
        Manner {
            show: self.show,
            verbose: self.verbose,
            color,
            flat: self.flat,
            bom: self.bom,
            within_days: self.within,
        }
    }

    /// Which findings are gathered: some formats tell what is met, whichever are listed.
    pub(crate) fn gathered(&self) -> Show {
        let wants_passes = self.wanted().iter().any(|(format, _)| format.wants_passes());
        if wants_passes { Show::All } else { self.show }
    }

    /// What is wrong with where output goes and how, given everything that is read.
    pub(crate) fn faults<'a>(&self, further: Option<&Path>, inputs: impl IntoIterator<Item = &'a Path>) -> Vec<String> {
        let wanted = self.wanted();
        let standard = PathBuf::from("-");
        let outputs: Vec<&Path> = wanted.iter().map(|(_, path)| path.as_deref().unwrap_or(&standard)).collect();
        let mut faults = output::clashes(outputs.into_iter().chain(further), inputs);
        for (given, flag, format) in [
            (self.flat, "--flat", Format::Jsonl),
            (self.bom, "--bom", Format::Csv),
            (self.within.is_some(), "--within", Format::Ics),
        ] {
            if given && wanted.iter().all(|(wanted, _)| *wanted != format) {
                faults.push(format!("{flag} goes with the format {}, which is not asked for", format.name()));
            }
        }
        faults
    }
}

/// Says what a requirement asks, what a cause is and what to do about it, or what a code in a log means; without
/// argument, lists the requirements
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe explain
  cmprobe explain web-server
  cmprobe explain web-server/server-auth-eku
  cmprobe explain issuer-not-sent
  cmprobe explain 0x80072F0C
  cmprobe explain 403.16
  cmprobe explain CERT_CN_INVALID
  cmprobe explain --causes
  cmprobe explain --matrix
  cmprobe explain --format json")]
pub(crate) struct ExplainArgs {
    /// A requirement (`web-server/server-auth-eku`), a subject (`web-server`), a cause (`issuer-not-sent`), or a code of a
    /// client, of WinHTTP, CryptoAPI, TLS, IIS or the event log in any spelling (`12175`, `403 16`, `alert 48`)
    #[arg(value_name = "ID|CAUSE|CODE", allow_negative_numbers = true)]
    pub(crate) what: Vec<String>,
    /// List every cause
    #[arg(long, conflicts_with = "what")]
    pub(crate) causes: bool,
    /// List every code
    #[arg(long, conflicts_with_all = ["what", "causes"])]
    pub(crate) codes: bool,
    /// Tell of each use of a certificate which quality is judged, and why another is not
    #[arg(long, conflicts_with_all = ["what", "causes", "codes"])]
    pub(crate) matrix: bool,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For wikis and tickets; without argument, the table of the README
    Markdown,
}

/// Runs a complete simulated site on this machine's loopback, and checks it
///
/// The site has its own PKI, DNS inside and outside, and a server for each role; nothing leaves this machine. It is
/// healthy unless faults are planted in it, and it is judged strictly: whatever fails makes the run fail.
#[cfg(feature = "demo")]
#[derive(Debug, clap::Args)]
#[command(after_help = concat_table("\
Examples:
  cmprobe demo
  cmprobe demo --list-faults
  cmprobe demo --fault internet-name-missing --fault silent-peer
  cmprobe demo --keep"))]
pub(crate) struct DemoArgs {
    /// Which site: 2007, in native mode with clusters and proxies; 2026, of Current Branch with a cloud management gateway
    #[arg(long, value_name = "YEAR", value_parser = value::edition, default_value = "2007")]
    pub(crate) site: cmprobe::lab::site::blueprint::Edition,
    /// Plant this fault in the site; repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// List the faults that can be planted, and what each is to be seen by
    #[arg(long, conflicts_with_all = ["fault", "keep"])]
    pub(crate) list_faults: bool,
    /// Leave the site up until Ctrl-C, and say how to check it
    #[arg(long)]
    pub(crate) keep: bool,
    /// The least severity that makes the run fail
    #[arg(long, value_name = "SEVERITY", value_parser = listed::severity(), hide_possible_values = true, default_value = "notice")]
    pub(crate) fail_on: Severity,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Save what was seen, a line of JSON each, to be judged again by `assess`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) save: Option<PathBuf>,
}

/// Prints what is shipped beside the program: rules, a dashboard, units and scripts to start from; without a name, lists them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe extra
  cmprobe extra prometheus-rules > cmprobe.rules.yml
  cmprobe extra systemd-unit > /etc/systemd/system/cmprobe.service")]
pub(crate) struct ExtraArgs {
    /// Which
    pub(crate) name: Option<String>,
}

/// Prints the JSON Schema of what cmprobe writes and reads
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// Of what
    #[arg(value_enum, default_value_t = SchemaOf::Report)]
    pub(crate) of: SchemaOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// `check --format json`; the lines of `jsonl` are its `#/$defs/Line`
    Report,
    /// A site definition
    Definition,
    /// A line of what `check --save` writes
    Observation,
    /// `plan --format json`
    Plan,
}
