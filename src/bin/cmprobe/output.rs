//! Where output goes: standard output, or files. A reader who leaves early is no error.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::ColorChoice;

use crate::exit::Error;

/// A place to write to.
pub(crate) struct Sink {
    /// For complaints; `None`: standard output.
    path: Option<PathBuf>,
    writer: Box<dyn Write>,
}

impl Sink {
    /// Standard output.
    pub(crate) fn standard() -> Self {
        Self { path: None, writer: Box::new(BufWriter::new(io::stdout())) }
    }

    /// A file, made or emptied; `-` is standard output.
    ///
    /// # Errors
    /// The file cannot be written; why, with its name.
    pub(crate) fn file(path: &Path) -> Result<Self, String> {
        if path == Path::new("-") {
            return Ok(Self::standard());
        }
        match File::create(path) {
            Ok(file) => Ok(Self { path: Some(path.to_owned()), writer: Box::new(BufWriter::new(file)) }),
            Err(error) => Err(format!("{}: cannot be written: {error}", path.display())),
        }
    }

    /// Whether it is standard output.
    pub(crate) const fn is_standard(&self) -> bool {
        self.path.is_none()
    }

    /// Whether what is written here is to be coloured.
    pub(crate) fn wants_color(&self, choice: clap::ColorChoice) -> bool {
        match choice {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => {
                self.path.is_none()
                    && io::stdout().is_terminal()
                    && anstream::AutoStream::choice(&io::stdout()) != ColorChoice::Never
            }
        }
    }

    /// Writes text.
    ///
    /// # Errors
    /// The file cannot be written, or the reader has gone.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Error> {
        let written = self.writer.write_all(text.as_bytes());
        self.told(written)
    }

    /// Writes text and whatever is still held back.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(crate) fn finish(&mut self, text: &str) -> Result<(), Error> {
        let written = self.writer.write_all(text.as_bytes()).and_then(|()| self.writer.flush());
        self.told(written)
    }

    fn told(&self, result: io::Result<()>) -> Result<(), Error> {
        result.map_err(|error| match (&self.path, error.kind()) {
            (None, ErrorKind::BrokenPipe) => Error::OutputClosed,
            (None, _) => Error::Output(format!("standard output cannot be written: {error}")),
            (Some(path), _) => Error::Output(format!("{}: cannot be written: {error}", path.display())),
        })
    }
}
