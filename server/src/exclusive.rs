//! The data directory: private to its owner, and served by one server at a time, which its lock file names.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often the lock is asked for before it counts as taken. A process that the holder starts has a copy of the lock from
/// its fork until its program begins: the holder may have ended meanwhile.
const ATTEMPTS: usize = 50;
/// How long after one attempt the next one comes.
const PAUSE: Duration = Duration::from_millis(10);

/// Held by the server that uses a data directory; the system lets go of it however the server ends.
#[derive(Debug)]
pub struct Exclusive {
    _file: File,
}

/// Why the directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExclusiveError {
    /// Another server uses it. Two servers on one SQLite file would do the same work twice.
    #[error("another server uses the data directory {}", .0.display())]
    Taken(PathBuf),
    /// The machine does not let us.
    #[error("the lock file {} cannot be used", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Exclusive {
    /// Takes `directory` for the server `name`; answers which server had it before. Blocks for a moment when it is taken.
    pub fn take(directory: &Path, name: &str) -> Result<(Self, Option<String>), ExclusiveError> {
        let path = directory.join("railhead.lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path);
        let mut file = file.map_err(|source| ExclusiveError::Io {
            path: path.clone(),
            source,
        })?;
        match lock(&file) {
            Ok(()) => {
                let before = rewrite(&mut file, name);
                let before = before.map_err(|source| ExclusiveError::Io { path, source })?;
                Ok((Self { _file: file }, before))
            }
            Err(TryLockError::WouldBlock) => Err(ExclusiveError::Taken(directory.to_owned())),
            Err(TryLockError::Error(source)) => Err(ExclusiveError::Io { path, source }),
        }
    }
}

/// Locks `file`, for which it tries more than once.
fn lock(file: &File) -> Result<(), TryLockError> {
    for _ in 1..ATTEMPTS {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            result => return result,
        }
    }
    file.try_lock()
}

/// Writes `name` into `file`; answers what stood there.
fn rewrite(file: &mut File, name: &str) -> io::Result<Option<String>> {
    let mut before = Vec::new();
    file.read_to_end(&mut before)?;
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(name.as_bytes())?;
    let before = String::from_utf8(before).ok();
    Ok(before.filter(|before| !before.is_empty()))
}

/// Makes `directory`, for its owner only, unless it is there.
pub fn create_directory(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Makes `file`, for its owner only, unless it is there. SQLite gives the files beside it the same permissions.
pub fn create_private_file(file: &Path) -> io::Result<()> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

#[cfg(test)]
mod tests {
    use super::{Exclusive, ExclusiveError};

    #[test]
    fn one_server_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let (first, before) = Exclusive::take(folder.path(), "srv_first").unwrap();
        assert_eq!(before, None);
        assert!(matches!(
            Exclusive::take(folder.path(), "srv_second"),
            Err(ExclusiveError::Taken(_))
        ));
        // Let go of while the next one asks.
        let later = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(50));
            drop(first);
        });
        let (_second, before) = Exclusive::take(folder.path(), "srv_2").unwrap();
        assert_eq!(before.as_deref(), Some("srv_first"));
        later.join().unwrap();
    }
}
