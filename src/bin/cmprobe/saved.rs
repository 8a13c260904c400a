//! Files of observations: a line of JSON for each thing seen, a header first, an end last. Written as things are seen, read
//! back line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use cmprobe::observation::bounds;
use cmprobe::observation::{RunEnd, RunHeader, SCHEMA_VERSION, Seen, TargetObservation};
use cmprobe::report::document::Tool;
use cmprobe::report::json;
use cmprobe::wire::timestamp::Timestamp;

use crate::exit::Error;
use crate::kind::{self, Wanted};
use crate::output::Sink;
use crate::stream::Utf8;
use crate::untold::Untold;

/// The longest line that is read.
const LONGEST_LINE: u64 = bounds::LONGEST_LINE as u64;

/// How many octets of lines wait for the line that says when their target was judged: more than an honest run has under way.
/// What comes while there is no room is judged where it stands.
const MOST_UNTOLD: u64 = 256 * 1024 * 1024;

/// A file being written.
pub(crate) struct Saving {
    sink: Sink,
    /// Why nothing more is written.
    failed: Option<Error>,
}

impl Saving {
    /// Makes the file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn begin(path: &Path) -> Result<Self, String> {
        Sink::direct(path).map(|sink| Self { sink, failed: None })
    }

    /// Writes the first line.
    pub(crate) fn header(
        &mut self,
        started_at: Timestamp,
        judged_at: Timestamp,
        vantages: Vec<String>,
        host: Option<String>,
        left_out: Vec<String>,
    ) {
        self.line(&Seen::Run(RunHeader {
            schema_version: SCHEMA_VERSION.into(),
            tool: Tool::THIS.name.into_owned(),
            tool_version: Tool::THIS.version.into_owned(),
            started_at,
            judged_at,
            vantages,
            host,
            left_out,
        }));
    }

    /// Writes what was seen. That it cannot be written is said at the end: the run goes on to its verdict.
    pub(crate) fn line(&mut self, seen: &Seen) {
        if self.failed.is_none() {
            let line = json::line(seen).map_err(|error| Error::Output(error.to_string()));
            self.failed = line.and_then(|line| self.sink.write(&line)).err();
        }
    }

    /// Writes the last line, where the run came to its end, and everything held back.
    ///
    /// # Errors
    /// Something could not be written.
    pub(crate) fn end(mut self, finished_at: Option<Timestamp>) -> Result<(), Error> {
        if let Some(finished_at) = finished_at {
            self.line(&Seen::End(RunEnd { finished_at }));
        }
        match self.failed {
            Some(error) => Err(error),
            None => self.sink.finish(""),
        }
    }
}

/// A file that was written, looked through once.
pub(crate) struct Saved {
    path: PathBuf,
    /// Its header.
    pub(crate) run: RunHeader,
    /// Its end; `None`: the run was cut short.
    pub(crate) end: Option<RunEnd>,
    /// Whether it says when targets were judged.
    tells: bool,
}

impl Saved {
    /// Looks through a file: every line must be readable, but a last one that was cut off.
    ///
    /// # Errors
    /// What is wrong, with file and line.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let instead = |why| match kind::instead(path, Wanted::Observations) {
            Some(words) => format!("{}: {words}", path.display()),
            None => why,
        };
        Self::looked_through(path).map_err(instead)
    }

    fn looked_through(path: &Path) -> Result<Self, String> {
        let mut lines = Lines::open(path)?;
        let run = match lines.next() {
            Some(Ok(Seen::Run(run))) => run,
            Some(Err(fault)) => return Err(fault),
            Some(Ok(Seen::Target(_) | Seen::Lookup(_) | Seen::Crl(_) | Seen::Told(_) | Seen::End(_))) | None => {
                return Err(format!(
                    "{}: is no file of observations: its first line is no run's header",
                    path.display()
                ));
            }
        };
        let version = run.schema_version.split('.').next();
        if version != SCHEMA_VERSION.split('.').next() {
            return Err(format!(
                "{}:1: is of version {}; this program reads version {SCHEMA_VERSION}",
                path.display(),
                run.schema_version
            ));
        }
        let (mut end, mut tells) = (None, false);
        for seen in lines {
            match seen? {
                Seen::End(found) => end = Some(found),
                Seen::Told(_) => tells = true,
                Seen::Run(_) | Seen::Target(_) | Seen::Lookup(_) | Seen::Crl(_) => {}
            }
        }
        Ok(Self { path: path.to_owned(), run, end, tells })
    }

    /// Whether a file's first line is a run's header, whatever follows it.
    pub(crate) fn begins(path: &Path) -> bool {
        Lines::open(path).is_ok_and(|mut lines| matches!(lines.next(), Some(Ok(Seen::Run(_)))))
    }

    /// What was seen, in the file's order.
    ///
    /// # Errors
    /// The file cannot be read any more.
    pub(crate) fn seen(&self) -> Result<impl Iterator<Item = Result<Seen, String>>, String> {
        Lines::open(&self.path)
    }

    /// The targets and lookups that were seen, in the order in which the run judged them.
    ///
    /// # Errors
    /// The file cannot be read any more.
    pub(crate) fn as_judged(&self) -> Result<impl Iterator<Item = Result<Seen, String>>, String> {
        let (lines, untold) = (Lines::open(&self.path)?, self.tells.then(Untold::default));
        Ok(AsJudged { lines, untold, room: MOST_UNTOLD }.in_order())
    }

    /// The file's name.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// The lines of a file, read one at a time.
struct Lines {
    path: PathBuf,
    reader: BufReader<Utf8<File>>,
    number: usize,
    /// How many octets the line has that was read last.
    length: u64,
    done: bool,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, String> {
        let file = crate::opened::open(path).map_err(|why| format!("{}: {why}", path.display()))?;
        Ok(Self { path: path.to_owned(), reader: BufReader::new(Utf8::new(file)), number: 0, length: 0, done: false })
    }

    fn read(&mut self) -> Result<Option<Seen>, String> {
        let mut line = Vec::new();
        self.number += 1;
        let place = format!("{}:{}", self.path.display(), self.number);
        (&mut self.reader)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(|error| format!("{place}: cannot be read: {error}"))?;
        self.length = line.len() as u64;
        if line.is_empty() {
            return Ok(None);
        }
        let whole = line.ends_with(b"\n");
        if !whole && line.len() as u64 == LONGEST_LINE {
            return Err(format!("{place}: is longer than any line cmprobe writes"));
        }
        match serde_json::from_slice(&line) {
            Ok(seen) => Ok(Some(seen)),
            // A run cut short leaves a line cut short.
            Err(error) if !whole && error.is_eof() && self.number > 1 => Ok(None),
            Err(error) => {
                let why = cmprobe::wire::json::words(&error);
                Err(format!("{place}: is no observation: {why}; this must be what `check --save` wrote"))
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Seen, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let read = self.read().transpose();
        self.done = !matches!(read, Some(Ok(_)));
        read
    }
}

/// The targets and lookups of a file. A target waits for the line that says that it was judged.
struct AsJudged {
    lines: Lines,
    /// What waits, with how many octets its line has; `None`: the file does not say when targets were judged.
    untold: Option<Untold<(Box<TargetObservation>, u64)>>,
    /// How many octets more may wait.
    room: u64,
}

impl AsJudged {
    /// All of them; those that no line says were judged come last.
    fn in_order(mut self) -> impl Iterator<Item = Result<Seen, String>> {
        let mut left = None;
        std::iter::from_fn(move || {
            self.next().or_else(|| {
                let left = left.get_or_insert_with(|| self.untold.take().unwrap_or_default().left());
                left.next().map(|(seen, _)| Ok(Seen::Target(seen)))
            })
        })
    }

    fn next(&mut self) -> Option<Result<Seen, String>> {
        loop {
            match (self.lines.next()?, &mut self.untold) {
                (Ok(Seen::Target(seen)), Some(untold)) if self.lines.length <= self.room => {
                    self.room -= self.lines.length;
                    untold.put(seen.target.clone(), (seen, self.lines.length));
                }
                (Ok(Seen::Told(id)), Some(untold)) => {
                    if let Some((seen, length)) = untold.take(&id) {
                        self.room += length;
                        return Some(Ok(Seen::Target(seen)));
                    }
                }
                (Ok(Seen::Run(_) | Seen::Crl(_) | Seen::Told(_) | Seen::End(_)), _) => {}
                (seen @ (Err(_) | Ok(Seen::Target(_) | Seen::Lookup(_))), _) => return Some(seen),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_line_may_be_so_long_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saved.json");
        let end = json::line(&Seen::End(RunEnd { finished_at: Timestamp(time::OffsetDateTime::UNIX_EPOCH) })).unwrap();
        let read = |length: u64| {
            let room = usize::try_from(length).unwrap() - end.trim_end().len() - 1;
            std::fs::write(&file, [" ".repeat(room).as_str(), end.trim_end(), "\n"].concat()).unwrap();
            Lines::open(&file).unwrap().next().unwrap()
        };
        assert!(matches!(read(LONGEST_LINE), Ok(Seen::End(_))));
        assert!(read(LONGEST_LINE + 1).is_err_and(|why| why.contains("longer than any line")));
    }

    #[test]
    fn a_target_is_judged_when_the_file_says_so_as_long_as_there_is_room() {
        use cmprobe::observation::resolution::{Resolution, ResolutionSource};
        use cmprobe::plan::TargetId;
        let id = |name: &str| TargetId::new(name, "management-point", name, "here");
        let seen = |name: &str| {
            let resolution = Resolution {
                name: name.into(),
                source: ResolutionSource::Machine,
                addresses: Vec::new(),
                aliases: Vec::new(),
                failure: None,
                took: None,
            };
            Seen::Target(Box::new(TargetObservation { target: id(name), resolution, endpoints: Vec::new() }))
        };
        let told = |name: &str| Seen::Told(id(name));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saved.jsonl");
        let judged = |room: u64, tells: bool, lines: &[Seen]| {
            let text: String = lines.iter().map(|one| json::line(one).unwrap()).collect();
            std::fs::write(&file, text).unwrap();
            let lines = Lines::open(&file).unwrap();
            let all = AsJudged { lines, untold: tells.then(Untold::default), room }.in_order();
            let names = all.map(|one| match one.unwrap() {
                Seen::Target(seen) => seen.target.name.to_string(),
                other => panic!("{other:?}"),
            });
            names.collect::<Vec<_>>().join(" ")
        };
        let whole = [seen("a"), seen("b"), told("b"), seen("c"), told("c"), told("a")];
        assert_eq!(judged(MOST_UNTOLD, true, &whole), "b c a");
        // A run that was cut short, and one of a cmprobe that did not say.
        assert_eq!(judged(MOST_UNTOLD, true, &[seen("c"), seen("b"), seen("a"), told("b")]), "b a c");
        assert_eq!(judged(MOST_UNTOLD, false, &[seen("c"), seen("b"), seen("a")]), "c b a");
        // Room that is left is room again.
        let one = json::line(&seen("a")).unwrap().len() as u64;
        let full = [seen("a"), seen("b"), told("b"), told("a"), seen("d"), seen("c"), told("d"), told("c")];
        assert_eq!(judged(2 * one, true, &full), "b a d c");
        assert_eq!(judged(one, true, &full), "b a c d");
        assert_eq!(judged(one - 1, true, &full), "a b d c");
    }
}
