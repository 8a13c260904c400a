//! How wide the terminal is that reports and complaints are read in.

use std::os::fd::AsFd;

/// Wider lines than these are hard to read.
const WIDEST: u16 = 120;

/// How many columns a handle's terminal has, up to what is well read; `None`: it is no terminal, or does not say.
pub(crate) fn width(of: impl AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(of).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col.min(WIDEST)))
}
