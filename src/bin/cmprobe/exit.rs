//! How a command ended, and the one table of exit codes.

use std::io::{self, Write};
use std::process::ExitCode;

use cmprobe::judgement::tally;
use cmprobe::report::nagios::{self, State};
use cmprobe::report::{Format, escape, prtg, wrapped};

use crate::terminal;

/// How far the lines of a complaint are indented that continue it.
const CONTINUED: usize = 9;

/// The exit codes, as every help text shows them.
pub(crate) const TABLE: &str = "\
Exit codes:
  0  everything was decided and nothing failed at or above --fail-on
  1  something failed at or above --fail-on; an endpoint that cannot be reached fails
  2  usage, definition or file error: nothing was probed
  3  nothing failed, but something of severity error could not be decided
  4  nothing failed, but something changed
  5  it was judged, but a report could not be written: the verdict stands on standard error
  141  whoever read the output left before there was a verdict; where there is one, its code
With -f nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN";

/// Examples, then the table of exit codes.
pub(crate) fn concat_table(examples: &str) -> String {
    format!("{examples}\n\n{TABLE}")
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything decided, nothing failed at or above the bar.
    Passed,
    /// Something failed at or above the bar.
    Failed,
    /// Nothing failed, but a requirement of severity error could not be decided.
    Undecided,
    /// Nothing failed, but something changed.
    Changed,
    /// As a monitoring system's plug-in ends.
    Plugin(State),
}

impl From<tally::Outcome> for Outcome {
    fn from(outcome: tally::Outcome) -> Self {
        match outcome {
            tally::Outcome::Passed => Self::Passed,
            tally::Outcome::Failed => Self::Failed,
            tally::Outcome::Undecided => Self::Undecided,
            tally::Outcome::Changed => Self::Changed,
        }
    }
}

impl Outcome {
    const fn exit_code(self) -> u8 {
        match self {
            Self::Passed => tally::Outcome::Passed.exit_code(),
            Self::Failed => tally::Outcome::Failed.exit_code(),
            Self::Undecided => tally::Outcome::Undecided.exit_code(),
            Self::Changed => tally::Outcome::Changed.exit_code(),
            Self::Plugin(state) => state.code(),
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Passed => tally::Outcome::Passed.meaning(),
            Self::Failed => tally::Outcome::Failed.meaning(),
            Self::Undecided => tally::Outcome::Undecided.meaning(),
            Self::Changed => tally::Outcome::Changed.meaning(),
            Self::Plugin(state) => state.word(),
        }
    }
}

/// The code where nothing was done: usage, definition or file error.
const FAULTS: u8 = 2;
/// The code where there is a verdict and a report of it could not be written.
const UNWRITTEN: u8 = 5;
/// The code where the reader left before there was a verdict: what a shell says of a program a closed pipe ended.
const CLOSED: u8 = 141;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    /// What the user wrote or named is wrong; every fault that was found.
    Faults(Vec<String>),
    /// Something could not be written; there is no verdict.
    Output(String),
    /// Whoever read the output has gone; that is their right.
    OutputClosed,
    /// There is a verdict, but not everything of it could be written.
    Unwritten {
        /// The verdict.
        outcome: Outcome,
        /// What could not be written and why; empty: only that a reader has gone.
        words: Vec<String>,
        /// The first thing that is wrong, in a sentence.
        first: Option<String>,
    },
}

impl Error {
    /// One thing is wrong.
    pub(crate) fn fault(words: impl Into<String>) -> Self {
        Self::Faults(vec![words.into()])
    }

    /// All of these are wrong, if there are any.
    ///
    /// # Errors
    /// There are some.
    pub(crate) fn all(faults: Vec<String>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self::Faults(faults)) }
    }

    /// The same, with a verdict that was reached.
    pub(crate) fn after(self, outcome: Outcome) -> Self {
        match self {
            Self::Output(words) => Self::Unwritten { outcome, words: vec![words], first: None },
            Self::OutputClosed => Self::Unwritten { outcome, words: Vec::new(), first: None },
            Self::Faults(_) | Self::Unwritten { .. } => self,
        }
    }
}

/// Says what went wrong, on standard error, and gives the exit code. Monitoring systems read standard output alone, so
/// their formats say it there.
pub(crate) fn code(result: Result<Outcome, Error>, format: Option<Format>) -> ExitCode {
    match result {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(Error::OutputClosed) => ExitCode::from(CLOSED),
        Err(Error::Unwritten { outcome, words, first }) => {
            if words.is_empty() {
                return ExitCode::from(outcome.exit_code());
            }
            words.iter().for_each(|words| complain(words));
            complain(&format!("the verdict stands: {} (exit code {})", outcome.meaning(), outcome.exit_code()));
            first.iter().for_each(|first| complain(first));
            ExitCode::from(match outcome {
                Outcome::Plugin(_) => outcome.exit_code(),
                Outcome::Passed | Outcome::Failed | Outcome::Undecided | Outcome::Changed => UNWRITTEN,
            })
        }
        Err(Error::Output(words)) => {
            complain(&words);
            ExitCode::from(FAULTS)
        }
        Err(Error::Faults(faults)) => {
            faults.iter().for_each(|fault| complain(fault));
            faulty(&faults, format)
        }
    }
}

/// The exit code of what was not done, said to a monitoring system in its own words.
pub(crate) fn faulty(faults: &[String], format: Option<Format>) -> ExitCode {
    let first = faults.first().map_or("something is wrong", String::as_str);
    let (words, code) = match format {
        Some(Format::Nagios) => (nagios::unknown(first), State::Unknown.code()),
        Some(Format::Prtg) => (prtg::failed(first), FAULTS),
        Some(_) | None => return ExitCode::from(FAULTS),
    };
    let mut out = io::stdout();
    match out.write_all(words.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) | Err(_) => ExitCode::from(code),
    }
}

/// A line on standard error; what it quotes from files or peers is escaped. In a terminal it is broken between words, which
/// a terminal does not do by itself; elsewhere it stays one line, to be searched.
#[expect(clippy::print_stderr, reason = "this is where complaints go")]
pub(crate) fn complain(words: &str) {
    let width = terminal::width(io::stderr());
    for line in words.lines() {
        let line = format!("cmprobe: {}", escape(line));
        match width {
            Some(width) => wrapped(&line, width, CONTINUED).iter().for_each(|line| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }
}
