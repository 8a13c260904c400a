//! Folders for what a run writes.

use std::path::PathBuf;

use crate::exit::Error;
use crate::folder::{Folder, SERVE};

/// A folder for what a run writes, gone with its handle.
pub(super) fn folder() -> Result<Folder, Error> {
    Folder::new(SERVE).map_err(|error| Error::fault(format!("no temporary folder can be made: {error}")))
}

/// A file that was written a moment ago.
pub(super) fn read(path: PathBuf) -> Result<Vec<u8>, Error> {
    std::fs::read(&path).map_err(|error| Error::fault(format!("{}: cannot be read: {error}", path.display())))
}
