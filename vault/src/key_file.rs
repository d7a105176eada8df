//! The file that holds the key ring: made at the first start, refused when others on the machine can read it.

use crate::{KeyRing, Random, RingTextError};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A key file is never larger than this, in bytes; it would hold some 800 keys.
const MAX_LEN: u64 = 64 * 1024;

/// Was the file there?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No: it was made, with one new key. Tell the person where, and to keep a copy.
    Created,
    /// Yes.
    Loaded,
}

/// Why there are no keys. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is no such file; only [`load`], [`change`] and [`replace`] say this.
    #[error(
        "the vault's key file {} is not there: put it back from a backup, without it the stored credentials do \
         not open", path.display()
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Others than its owner can read or write it.
    #[error(
        "the vault's key file {} is open to other users of this machine (mode {mode:04o}); close it with \
         `chmod 600 {}`, and if anybody else may have read it, rotate the keys", path.display(), path.display()
    )]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The machine does not let us read it.
    #[error(
        "the vault's key file {} cannot be read: {source}. The user that runs the server must own it",
        path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the machine said.
        source: io::Error,
    },
    /// It holds something else than keys.
    #[error(
        "the vault's key file {} is damaged: {source}. Put it back from a backup; do not delete it, a new file \
         cannot open what is stored", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in the file.
        source: RingTextError,
    },
    /// The machine does not let us write it.
    #[error(
        "the vault's key file {} cannot be written: {source}. The user that runs the server must be able to \
         write to that directory", path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// What the machine said.
        source: io::Error,
    },
}

/// Reads the keys of `path`. To be preferred where stored credentials exist already: it never makes new keys.
pub fn load(path: &Path) -> Result<KeyRing, KeyFileError> {
    let read_error = |source| KeyFileError::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(|source| match source.kind() {
        ErrorKind::NotFound => KeyFileError::Missing {
            path: path.to_owned(),
        },
        _ => read_error(source),
    })?;
    let metadata = file.metadata().map_err(read_error)?;
    if let Some(mode) = mode_open_to_others(&metadata) {
        return Err(KeyFileError::Permissions {
            path: path.to_owned(),
            mode,
        });
    }
    if !metadata.is_file() || metadata.len() > MAX_LEN {
        return Err(read_error(io::Error::other("it is not a file of keys")));
    }
    // Room for all of it at once: growing would leave copies behind that are not wiped.
    let room = usize::try_from(metadata.len()).unwrap_or_default() + 1;
    let mut text = Zeroizing::new(String::with_capacity(room));
    file.take(metadata.len())
        .read_to_string(&mut text)
        .map_err(read_error)?;
    text.parse().map_err(|source| KeyFileError::Damaged {
        path: path.to_owned(),
        source,
    })
}

/// Reads the keys of `path`, or makes one new key and the file, with the directories it is in. When several
/// processes do this at once, all of them get the same key.
pub fn load_or_create(
    path: &Path,
    random: &dyn Random,
) -> Result<(KeyRing, Outcome), KeyFileError> {
    match load(path) {
        Err(KeyFileError::Missing { .. }) => {}
        result => return result.map(|ring| (ring, Outcome::Loaded)),
    }
    let write_error = |source| KeyFileError::Write {
        path: path.to_owned(),
        source,
    };
    let ring = KeyRing::generate(random);
    create_directory(directory_of(path)).map_err(write_error)?;
    let draft = Draft::write(path, &ring, random).map_err(write_error)?;
    // Unlike a rename, a link never takes the place of a file that another process has made meanwhile.
    match fs::hard_link(&draft.0, path) {
        Ok(()) => {}
        Err(source) if source.kind() == ErrorKind::AlreadyExists => {
            return Ok((load(path)?, Outcome::Loaded));
        }
        Err(source) => return Err(write_error(source)),
    }
    sync_directory(directory_of(path)).map_err(write_error)?;
    Ok((ring, Outcome::Created))
}

/// Puts `ring` in place of the keys of `path`, which must exist: a reader sees the keys before or the keys after,
/// whenever the machine stops.
pub fn replace(path: &Path, ring: &KeyRing, random: &dyn Random) -> Result<(), KeyFileError> {
    let write_error = |source| KeyFileError::Write {
        path: path.to_owned(),
        source,
    };
    if !path.exists() {
        return Err(KeyFileError::Missing {
            path: path.to_owned(),
        });
    }
    let draft = Draft::write(path, ring, random).map_err(write_error)?;
    fs::rename(&draft.0, path).map_err(write_error)?;
    sync_directory(directory_of(path)).map_err(write_error)
}

/// Changes the keys of `path`, which must exist, and answers them. Of several processes that do so at once, each waits for
/// the one before, so that none takes away a key that another one has just added.
pub fn change<E: From<KeyFileError>>(
    path: &Path,
    random: &dyn Random,
    change: impl FnOnce(&mut KeyRing) -> Result<(), E>,
) -> Result<KeyRing, E> {
    // Before anything is made beside it.
    load(path)?;
    let lock = named(path, ".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock);
    let locked = file.and_then(|file| file.lock().map(|()| file));
    let _locked = locked.map_err(|source| KeyFileError::Write { path: lock, source })?;
    let mut ring = load(path)?;
    change(&mut ring)?;
    replace(path, &ring, random)?;
    Ok(ring)
}

/// `path` with `end` after its name.
fn named(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(end);
    path.with_file_name(name)
}

/// A complete file of keys beside the real one, under a name nobody else has. Removed when dropped.
struct Draft(PathBuf);

impl Draft {
    fn write(path: &Path, ring: &KeyRing, random: &dyn Random) -> io::Result<Self> {
        let mut number = [0; 8];
        random.fill(&mut number);
        let draft = named(path, &format!(".{:016x}.new", u64::from_le_bytes(number)));
        let mut file = create_private(&draft)?;
        let draft = Self(draft);
        file.write_all(ring.to_text().as_bytes())?;
        file.sync_all()?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename it is gone already.
        let _ = fs::remove_file(&self.0);
    }
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the new name outlive a power cut, where directories can be opened.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}

/// The permission bits, if they let anybody but the owner in.
#[cfg(unix)]
fn mode_open_to_others(metadata: &fs::Metadata) -> Option<u32> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Other systems keep no such bits.
#[cfg(not(unix))]
fn mode_open_to_others(_: &fs::Metadata) -> Option<u32> {
    None
}
