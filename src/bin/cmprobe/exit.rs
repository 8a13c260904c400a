//! How a command ended, and the one table of exit codes.

use std::process::ExitCode;

pub(crate) use cmprobe::judgement::tally::Outcome;
use cmprobe::report::escape;

/// The exit codes, as every help text shows them.
pub(crate) const TABLE: &str = "\
Exit codes:
  0  everything was decided and nothing failed at or above --fail-on
  1  something failed at or above --fail-on; an endpoint that cannot be reached fails
  2  usage, definition or file error: nothing was probed
  3  nothing failed, but something of severity error could not be decided
  4  nothing failed, but something changed";

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    /// What the user wrote or named is wrong; every fault that was found.
    Faults(Vec<String>),
    /// The report could not be written.
    Output(String),
    /// Whoever read the output has gone; that is their right.
    OutputClosed,
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
}

/// Says what went wrong, on standard error, and gives the exit code.
pub(crate) fn code(result: Result<Outcome, Error>) -> ExitCode {
    match result {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(Error::OutputClosed) => ExitCode::SUCCESS,
        Err(Error::Output(words)) => {
            complain(&words);
            ExitCode::from(2)
        }
        Err(Error::Faults(faults)) => {
            faults.iter().for_each(|fault| complain(fault));
            ExitCode::from(2)
        }
    }
}

/// A line on standard error; what it quotes from files or peers is escaped.
#[expect(clippy::print_stderr, reason = "this is where complaints go")]
pub(crate) fn complain(words: &str) {
    for line in words.lines() {
        eprintln!("cmprobe: {}", escape(line));
    }
}
