//! How far a run is, on standard error: only where that is a terminal, and only for runs over a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs shorter than this show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the time shown moves on.
pub(crate) const TICK: Duration = Duration::from_millis(250);

/// The progress of a run, perhaps invisible.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// When it is to appear; `None`: it has, or never will.
    appears: Option<Instant>,
}

impl Progress {
    /// Progress towards a number of targets, or towards an end nobody knows; or none.
    pub(crate) fn new(targets: Option<usize>, wanted: bool) -> Self {
        let (bar, template) = match targets {
            Some(targets) => {
                (ProgressBar::new(targets as u64), "{pos}/{len} names  {wide_bar}  {elapsed} (of about {duration})")
            }
            None => (ProgressBar::no_length(), "{pos} names  {elapsed}"),
        };
        bar.set_draw_target(ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let wanted = wanted && std::io::stderr().is_terminal();
        Self { bar, appears: wanted.then(|| Instant::now() + PATIENCE) }
    }

    /// One more is done.
    pub(crate) fn step(&mut self) {
        self.bar.inc(1);
        self.tick();
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self) {
        if self.appears.is_some_and(|at| Instant::now() >= at) {
            self.appears = None;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.tick();
    }

    /// Takes it off the terminal.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
