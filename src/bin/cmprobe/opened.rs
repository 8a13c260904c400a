//! Files opened to be read, and why one cannot be.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

/// Opens a file to read it. A named pipe is none: where nobody writes to it, opening it would not end. What a shell passes
/// as `/dev/fd/63` is a pipe without a name, and somebody writes to it.
///
/// # Errors
/// What is wrong with it, and what would be right; the caller names the file.
pub(crate) fn open(path: &Path) -> Result<File, String> {
    if is_named_pipe(path) {
        return Err("is a named pipe, which might never end; save what comes through it to a file".into());
    }
    let file = File::open(path).map_err(|error| opening(path, &error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err("is a directory; name a file in it".into());
    }
    Ok(file)
}

/// Whether a path leads to a pipe that has a name in the file system.
#[cfg(unix)]
fn is_named_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let is_pipe = |path: &Path| path.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo());
    is_pipe(path) && std::fs::canonicalize(path).is_ok_and(|path| is_pipe(&path))
}

/// Elsewhere pipes have no place among files.
#[cfg(not(unix))]
fn is_named_pipe(_: &Path) -> bool {
    false
}

/// Why a file cannot be read.
pub(crate) fn opening(path: &Path, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound if path == Path::new("-") => {
            "standard input is not read here; name a file (a file of this name is ./-)".into()
        }
        ErrorKind::NotFound => "there is no such file".into(),
        ErrorKind::PermissionDenied => "may not be read by this user".into(),
        ErrorKind::IsADirectory => "is a directory; name a file in it".into(),
        _ => format!("cannot be read: {error}"),
    }
}
