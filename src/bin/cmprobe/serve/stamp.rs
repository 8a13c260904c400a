//! By what it is seen that files have changed: their times and lengths.

use std::path::PathBuf;
use std::time::SystemTime;

/// Files with the time and length they had; `None`: there was none.
pub(super) type Stamp = Vec<(PathBuf, Option<(Option<SystemTime>, u64)>)>;

/// Files as they are now.
pub(super) fn stamp(paths: impl IntoIterator<Item = PathBuf>) -> Stamp {
    let found = |path: PathBuf| {
        let found = std::fs::metadata(&path).ok().map(|found| (found.modified().ok(), found.len()));
        (path, found)
    };
    paths.into_iter().map(found).collect()
}
