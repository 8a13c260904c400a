//! The endpoints of a run: those given one by one, and a list. A list is checked whole before the first probe, and then read
//! once more, line by line, as probes are made: what is in it is never held. What comes through standard input or a pipe can
//! be read once, and is kept as text.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cmprobe::plan::endpoint::{Checked, Checking, Endpoint, EndpointFault};

use crate::opened::open;
use crate::stream::Utf8;
use crate::{files, kind};

/// The endpoints of a run, in the order in which they are probed.
#[derive(Clone, Default)]
pub(super) struct Endpoints {
    /// Those given one by one.
    given: Arc<[Endpoint]>,
    listed: Option<Listing>,
    /// Those that lists of management points name.
    found: Arc<[Endpoint]>,
}

impl Endpoints {
    /// Those given one by one, and a list.
    pub(super) fn new(given: Vec<Endpoint>, listed: Option<Listing>) -> Self {
        Self { given: given.into(), listed, found: Arc::default() }
    }

    /// With others that were found.
    pub(super) fn and(&self, found: Vec<Endpoint>) -> Self {
        Self { found: found.into(), ..self.clone() }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        let listed = self.listed.as_ref().map_or(0, |listed| listed.checked.count);
        self.given.len() + listed + self.found.len()
    }

    /// Each of them; a list is read as they are asked for.
    pub(super) fn iter(&self) -> impl Iterator<Item = Endpoint> + Send + 'static {
        let each = |all: &Arc<[Endpoint]>| {
            let all = Arc::clone(all);
            (0..all.len()).filter_map(move |at| all.get(at).cloned())
        };
        let listed = self.listed.clone().into_iter().flat_map(Listing::endpoints);
        each(&self.given).chain(listed).chain(each(&self.found))
    }

    /// A word on a list that was another when its endpoints were probed than when it was checked.
    pub(super) fn changed(&self) -> Option<String> {
        let listed = self.listed.as_ref().filter(|listed| listed.changed.load(Ordering::Relaxed))?;
        Some(format!("{}: was changed while it was read; not everything in it was probed", listed.path.display()))
    }
}

/// A list of endpoints, checked.
#[derive(Clone)]
pub(super) struct Listing {
    path: PathBuf,
    /// What was read, where it cannot be read again.
    text: Option<Arc<str>>,
    checked: Arc<Checked>,
    /// Whether it was another when it was read again.
    changed: Arc<AtomicBool>,
}

/// What is wrong with a list.
pub(super) enum Fault {
    /// It cannot be read, or is something else; in words.
    Whole(String),
    /// Lines of it.
    Lines(Vec<EndpointFault>),
}

impl Listing {
    /// Reads a list to its end, and checks every line; `given` names what is an endpoint of the run already.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn check(path: &Path, given: &[Endpoint]) -> Result<Self, Fault> {
        let (mut checking, mut text) = (Checking::beside(given), None::<Arc<str>>);
        let file = files::list_to_be_read_twice(path);
        if file.is_none_or(|file| read(file, &mut checking).is_err()) {
            // Whoever reads all of it tells what is wrong with it, too.
            checking = Checking::beside(given);
            let all = files::read_list(path).map_err(Fault::Whole)?;
            all.lines().for_each(|line| drop(checking.line(line)));
            text = Some(all.into());
        }
        let checked = checking.end().map_err(|faults| {
            let instead = match &text {
                Some(text) => kind::told(text.as_bytes(), kind::Wanted::List),
                None => kind::instead(path, kind::Wanted::List),
            };
            instead.map_or(Fault::Lines(faults), Fault::Whole)
        })?;
        Ok(Self { path: path.to_owned(), text, checked: Arc::new(checked), changed: Arc::default() })
    }

    /// What was found when it was checked.
    pub(super) fn checked(&self) -> &Checked {
        &self.checked
    }

    /// Its endpoints, read once more.
    fn endpoints(self) -> impl Iterator<Item = Endpoint> + Send {
        let reader: Option<Box<dyn BufRead + Send>> = match &self.text {
            Some(text) => Some(Box::new(Cursor::new(Arc::<[u8]>::from(Arc::clone(text))))),
            None => open(&self.path).ok().map(|file| Box::new(BufReader::new(Utf8::new(file))) as Box<_>),
        };
        let mut left = self.checked.count;
        let mut lines = reader.into_iter().flat_map(BufRead::lines).zip(1..);
        std::iter::from_fn(move || {
            while left > 0 {
                let read = lines.next().and_then(|(line, number)| self.checked.endpoint(number, &line.ok()?).ok());
                match read {
                    Some(Some(endpoint)) => {
                        left -= 1;
                        return Some(endpoint);
                    }
                    Some(None) => {}
                    None => {
                        left = 0;
                        self.changed.store(true, Ordering::Relaxed);
                    }
                }
            }
            None
        })
    }
}

/// Reads a file's lines into what checks them, until there is enough to be said of it.
fn read(file: File, checking: &mut Checking) -> std::io::Result<()> {
    for line in BufReader::new(Utf8::new(file)).lines() {
        drop(checking.line(&line?));
        if checking.is_full() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cmprobe::plan::endpoint::Endpoint;

    use super::{Endpoints, Fault, Listing};

    /// The hosts of a list that is `checked` when it is checked, and `read` when it is read; and whether that is said.
    fn hosts(checked: &[u8], read: &[u8]) -> (Vec<String>, bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        std::fs::write(&path, checked).unwrap();
        let given = vec![Endpoint::parse("mp00").unwrap()];
        let listing = Listing::check(&path, &given).map_err(|_| "faults").unwrap();
        let endpoints = Endpoints::new(given, Some(listing));
        std::fs::write(&path, read).unwrap();
        let hosts = endpoints.iter().map(|one| one.host.to_string()).collect();
        (hosts, endpoints.changed().is_some())
    }

    #[test]
    fn a_list_is_read_as_it_was_checked_and_a_change_is_said() {
        let text = b"mp01\n# none\nmp00\nMP02\nmp01\n";
        let all = ["mp00", "mp01", "MP02"].map(str::to_owned).to_vec();
        assert_eq!(hosts(text, text), (all.clone(), false));
        // What is added behind the end is not of the list that was checked.
        assert_eq!(hosts(text, &[text, b"mp03\n".as_slice()].concat()), (all.clone(), false));
        assert_eq!(hosts(text, b"mp01\n"), (all[..2].to_vec(), true));
        assert_eq!(hosts(text, b"mp01\n\n\nmp02:x\n"), (all[..2].to_vec(), true));
        assert_eq!(hosts(text, b"mp01\n\n\n\xff\xfe\n"), (all[..2].to_vec(), true));
        let sixteen: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.iter().flat_map(|byte| [*byte, 0])).collect();
        assert_eq!(hosts(&sixteen, &sixteen), (all, false));
    }

    #[test]
    fn what_is_wrong_with_a_list_is_told_by_line_or_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        let fault = |text: &[u8]| {
            std::fs::write(&path, text).unwrap();
            match Listing::check(&path, &[]) {
                Ok(_) => String::new(),
                Err(Fault::Whole(why)) => why,
                Err(Fault::Lines(lines)) => lines.iter().map(|fault| format!("{} ", fault.line)).collect(),
            }
        };
        assert_eq!(fault(b"mp01\n"), "");
        assert_eq!(fault(b"mp01\nmp02:x\n\nmp03:y\n"), "2 4 ");
        for (text, why) in
            [(&b""[..], "empty"), (b"\xff\xfem\0p", "UTF-16"), (b"[site]\ncode = \"ABC\"\n", "definition")]
        {
            assert!(fault(text).contains(why), "{}", fault(text));
        }
    }
}
