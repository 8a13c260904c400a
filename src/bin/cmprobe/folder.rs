//! Private folders for what a run writes: gone with their handle, and, where whoever made one was killed, with the beginning
//! of the next run that needs one.

#[cfg(unix)]
use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

/// What the folders of runs are called.
#[cfg(unix)]
const PREFIXES: [&str; 2] = [DEMO, SERVE];
/// Those of the simulated site.
pub(crate) const DEMO: &str = "cmprobe-demo-";
/// Those of the exporter.
pub(crate) const SERVE: &str = "cmprobe-serve-";

/// A folder nobody else may look into: keys lie in it, or what was seen.
pub(crate) struct Folder {
    // Gone before it is held no longer.
    folder: TempDir,
    #[cfg(unix)]
    _held: fs::File,
}

impl Folder {
    /// A new one, with a name that begins so.
    ///
    /// # Errors
    /// None can be made.
    pub(crate) fn new(prefix: &str) -> io::Result<Self> {
        #[cfg(unix)]
        {
            held::new(prefix, &std::env::temp_dir())
        }
        #[cfg(not(unix))]
        {
            Ok(Self { folder: tempfile::Builder::new().prefix(prefix).tempdir()? })
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders of those who ended without a chance to. What is somebody else's, or somebody's who lives, stays.
pub(crate) fn clean_up() {
    #[cfg(unix)]
    held::clean_up(&std::env::temp_dir());
}

/// A folder's owner holds a lock on a file in it for as long as it lives, however it ends.
#[cfg(unix)]
mod held {
    use std::fs::{self, File, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    use rustix::fs::{FlockOperation, OFlags, flock};

    use super::{Folder, PREFIXES};

    /// The file that is locked.
    const LOCK: &str = ".held";
    /// How often a folder is made anew that was cleaned up before it was held.
    const TRIES: usize = 8;
    /// What belongs to one user alone.
    const PRIVATE: u32 = 0o700;

    pub(super) fn new(prefix: &str, below: &Path) -> io::Result<Folder> {
        let mut last = io::Error::other("what is made is gone at once");
        for _ in 0..TRIES {
            let mut folder = tempfile::Builder::new();
            folder.prefix(prefix).permissions(Permissions::from_mode(PRIVATE));
            let folder = folder.tempdir_in(below)?;
            match File::create_new(folder.path().join(LOCK)).and_then(|file| hold(file, folder.path())) {
                Ok(held) => return Ok(Folder { folder, _held: held }),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Locks the file, if it still is the folder's.
    fn hold(file: File, folder: &Path) -> io::Result<File> {
        flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        let (own, there) = (file.metadata()?, fs::symlink_metadata(folder.join(LOCK))?);
        let is_it = (own.dev(), own.ino()) == (there.dev(), there.ino());
        if is_it { Ok(file) } else { Err(io::Error::other("the lock is another folder's")) }
    }

    pub(super) fn clean_up(below: &Path) {
        let Ok(entries) = fs::read_dir(below) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_ours = PREFIXES.iter().any(|prefix| name.as_encoded_bytes().starts_with(prefix.as_bytes()));
            if is_ours && is_private(&entry.path()) {
                // What cannot be removed now is tried again the next time.
                let _ = remove(&entry.path());
            }
        }
    }

    /// Whether it is a folder, no link to one, of this user's alone, as those made here are.
    fn is_private(path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|found| {
            let rights = found.mode() & 0o777;
            found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() && rights == PRIVATE
        })
    }

    /// Removes a folder that nobody holds. One without a lock is somebody's who is making it, or was killed over it: as long
    /// as it is empty it can be made again.
    fn remove(folder: &Path) -> io::Result<()> {
        let nofollow = i32::try_from(OFlags::NOFOLLOW.bits()).map_err(io::Error::other)?;
        let lock = OpenOptions::new().read(true).write(true).custom_flags(nofollow).open(folder.join(LOCK));
        match lock {
            Ok(file) => {
                let _held = hold(file, folder)?;
                fs::remove_dir_all(folder)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::remove_dir(folder),
            Err(error) => Err(error),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        /// A folder as somebody leaves it who was killed.
        fn left(below: &Path, prefix: &str) -> std::path::PathBuf {
            let Folder { folder, _held } = new(prefix, below).unwrap();
            fs::write(folder.path().join("observations.jsonl"), "{}").unwrap();
            folder.keep()
        }

        #[test]
        fn what_the_dead_left_is_removed_and_nothing_else() {
            let below = tempfile::tempdir().unwrap();
            let of_the_living = new("cmprobe-serve-", below.path()).unwrap();
            let made = PREFIXES.map(|prefix| left(below.path(), prefix));
            let empty = below.path().join("cmprobe-serve-empty");
            let private = |path: &Path| {
                fs::create_dir(path).unwrap();
                fs::set_permissions(path, Permissions::from_mode(PRIVATE)).unwrap();
            };
            private(&empty);
            // Not made here: another name, a file, a link, one others may look into, one that holds something and no lock.
            let others = ["cmprobe-other", "cmprobe-serve-open", "cmprobe-demo-unlocked", "elsewhere"]
                .map(|name| below.path().join(name));
            others.iter().for_each(|path| private(path));
            fs::set_permissions(&others[1], Permissions::from_mode(0o755)).unwrap();
            others[1..].iter().for_each(|path| fs::write(path.join("something"), "").unwrap());
            fs::write(others[1].join(LOCK), "").unwrap();
            fs::write(others[3].join(LOCK), "").unwrap();
            let (file, link) = (below.path().join("cmprobe-serve-file"), below.path().join("cmprobe-serve-link"));
            fs::write(&file, "").unwrap();
            std::os::unix::fs::symlink(&others[3], &link).unwrap();
            clean_up(below.path());
            for gone in made.iter().chain([&empty]) {
                assert!(!gone.exists(), "{}", gone.display());
            }
            for stays in others.iter().chain([&file, &link]) {
                assert!(fs::symlink_metadata(stays).is_ok(), "{}", stays.display());
            }
            assert!(others[1..].iter().all(|path| path.join("something").exists()));
            let place = of_the_living.path().to_owned();
            assert!(place.join(LOCK).exists(), "its owner lives");
            assert!(is_private(&place));
            drop(of_the_living);
            assert!(!place.exists());
        }
    }
}
