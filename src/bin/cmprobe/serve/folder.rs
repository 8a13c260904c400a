//! Folders for what a run writes.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::exit::Error;

/// A folder for what a run writes, gone with its handle.
pub(super) fn folder() -> Result<TempDir, Error> {
    let made = tempfile::Builder::new().prefix("cmprobe-serve-").tempdir();
    made.map_err(|error| Error::fault(format!("no temporary folder can be made: {error}")))
}

/// A file that was written a moment ago.
pub(super) fn read(path: PathBuf) -> Result<Vec<u8>, Error> {
    std::fs::read(&path).map_err(|error| Error::fault(format!("{}: cannot be read: {error}", path.display())))
}
