//! Where output goes: standard output, or files. A file is written beside its goal and put in its place when it is whole;
//! what goes out line by line is written where it goes, so that it can be read as far as it came.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use tempfile::NamedTempFile;

use crate::exit::Error;

/// A place to write to.
pub(crate) struct Sink(Way);

enum Way {
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
    /// A file written as it comes.
    Direct(PathBuf, InPieces),
    /// A file written whole, beside its goal.
    Beside(PathBuf),
}

impl Sink {
    /// Standard output.
    pub(crate) fn standard() -> Self {
        Self(Way::Standard(BufWriter::new(io::stdout())))
    }

    /// A file that will be written whole; `-` is standard output. Nothing is changed before it is finished.
    ///
    /// # Errors
    /// The file cannot be written; why, with its name.
    pub(crate) fn file(path: &Path) -> Result<Self, String> {
        if path == Path::new("-") {
            return Ok(Self::standard());
        }
        let path = goal(path);
        if is_special(&path) {
            return Self::direct(&path);
        }
        // The file that proves that one can be made is gone with this block.
        let made = if path.is_dir() { Err(ErrorKind::IsADirectory.into()) } else { beside(&path).map(drop) };
        made.map_err(|error| cannot(&path, &error))?;
        Ok(Self(Way::Beside(path)))
    }

    /// A file that is written as things come, made or emptied; `-` is standard output.
    ///
    /// # Errors
    /// The file cannot be written; why, with its name.
    pub(crate) fn direct(path: &Path) -> Result<Self, String> {
        if path == Path::new("-") {
            return Ok(Self::standard());
        }
        let file = File::create(path).map_err(|error| cannot(path, &error))?;
        Ok(Self(Way::Direct(path.to_owned(), InPieces { file, held: Vec::new(), written: 0 })))
    }

    /// Whether it is standard output.
    pub(crate) const fn is_standard(&self) -> bool {
        matches!(self.0, Way::Standard(_))
    }

    /// The file that is there already, and whose place a whole one would take; `None`: there is none.
    pub(crate) fn replaces(&self) -> Option<&Path> {
        match &self.0 {
            Way::Beside(path) => Some(path.as_path()).filter(|path| path.exists()),
            Way::Standard(_) | Way::Direct(..) => None,
        }
    }

    /// Whether what is written here is to be coloured.
    pub(crate) fn wants_color(&self, choice: clap::ColorChoice) -> bool {
        match choice {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => {
                self.is_standard()
                    && io::stdout().is_terminal()
                    && anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never
            }
        }
    }

    /// Writes text as it comes.
    ///
    /// # Errors
    /// The file cannot be written, or the reader has gone.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Error> {
        let written = match &mut self.0 {
            Way::Standard(writer) => writer.write_all(text.as_bytes()),
            Way::Direct(_, file) => file.take(text),
            Way::Beside(path) => whole(path, text),
        };
        self.told(written)
    }

    /// Writes text and whatever is still held back.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(crate) fn finish(&mut self, text: &str) -> Result<(), Error> {
        self.write(text)?;
        let flushed = match &mut self.0 {
            Way::Standard(writer) => writer.flush(),
            Way::Direct(_, file) => file.write_out(),
            Way::Beside(_) => Ok(()),
        };
        self.told(flushed)
    }

    fn told(&self, result: io::Result<()>) -> Result<(), Error> {
        result.map_err(|error| match &self.0 {
            Way::Standard(_) => standard(&error),
            Way::Direct(path, _) | Way::Beside(path) => Error::Output(cannot(path, &error)),
        })
    }
}

/// Why standard output could not be written: its reader has gone, or something is wrong.
pub(crate) fn standard(error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::BrokenPipe => Error::OutputClosed,
        _ => Error::Output(format!("standard output cannot be written: {error}")),
    }
}

/// A file that whole texts are written to, several at once. Of what does not fit a disk any more, whole lines stay.
struct InPieces {
    file: File,
    /// What is not written out yet.
    held: Vec<u8>,
    /// How many octets were.
    written: u64,
}

/// So much is held before it is written out.
const PIECE: usize = 16 << 10;

impl InPieces {
    fn take(&mut self, text: &str) -> io::Result<()> {
        self.held.extend_from_slice(text.as_bytes());
        if self.held.len() < PIECE { Ok(()) } else { self.write_out() }
    }

    fn write_out(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        if let Err(error) = self.file.write_all(&held) {
            self.leave_whole_lines(&held);
            return Err(error);
        }
        self.written += held.len() as u64;
        // Its room serves the next piece.
        self.held = held;
        self.held.clear();
        Ok(())
    }

    /// Cuts off the line that was not written to its end. What is no file has no end to be cut.
    fn leave_whole_lines(&mut self, held: &[u8]) {
        let length = self.file.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len());
        let Some(here) = length.and_then(|length| usize::try_from(length.checked_sub(self.written)?).ok()) else {
            return;
        };
        let lines = held.get(..here).and_then(|written| written.iter().rposition(|octet| *octet == b'\n'));
        let end = self.written + lines.map_or(0, |last| last as u64 + 1);
        // The disk is full already: what cannot be cut is read up to its last line.
        let _ = self.file.set_len(end);
    }
}

impl Drop for InPieces {
    fn drop(&mut self) {
        // Whoever wants to know whether it was written asks before.
        let _ = self.write_out();
    }
}

/// Where a path leads: what a link points to is replaced, not the link.
fn goal(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether something is there that is no file to be replaced: a device, a pipe.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Why a file cannot be written; without the name of the file beside it that is written first.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => return "there is no such folder".into(),
        ErrorKind::PermissionDenied => return "this user may not write there".into(),
        _ => {}
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn cannot(path: &Path, error: &io::Error) -> String {
    format!("{}: cannot be written: {}", path.display(), in_words(error))
}

/// A new file in the folder of another, with the rights a new file there has.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cmprobe-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Writes a file beside its goal and puts it there, with the rights of what it replaces.
fn whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    if let Ok(old) = fs::metadata(path) {
        fs::set_permissions(file.path(), old.permissions())?;
    }
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Refuses outputs that are inputs, and two outputs that are one: what would be lost is said before anything is done.
pub(crate) fn clashes<'o, 'i>(
    outputs: impl IntoIterator<Item = &'o Path>,
    inputs: impl IntoIterator<Item = &'i Path>,
) -> Vec<String> {
    let inputs: Vec<(PathBuf, &Path)> = inputs.into_iter().map(|path| (identity(path), path)).collect();
    let mut known: Vec<PathBuf> = Vec::new();
    let mut faults = Vec::new();
    for path in outputs {
        let shown = path.display();
        if path == Path::new("-") {
            if known.iter().any(|known| known == path) {
                faults.push("two reports would go to standard output; name a file for one of them".to_owned());
            }
            known.push(path.to_owned());
            continue;
        }
        if is_special(path) {
            continue;
        }
        let which = identity(path);
        if inputs.iter().any(|(input, _)| *input == which) {
            faults.push(format!(
                "{shown}: is read by this run and would be overwritten; name another file for the output"
            ));
        }
        if known.contains(&which) {
            faults.push(format!("{shown}: two outputs would go there; name a file for each"));
        }
        known.push(which);
    }
    faults
}

/// The file a path leads to, whatever it is called: one that is there by where it really lies, one that is not by its
/// folder and name.
fn identity(path: &Path) -> PathBuf {
    #[cfg(unix)]
    if let Ok(metadata) = fs::metadata(path) {
        use std::os::unix::fs::MetadataExt;
        return PathBuf::from(format!("{}:{}", metadata.dev(), metadata.ino()));
    }
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
