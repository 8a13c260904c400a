//! Accepted deviations are judged too: one that has ended or that nothing needs misleads its reader.

pub mod current;
pub mod needed;
