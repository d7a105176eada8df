//! Reads the service files from their directories, and again when a directory has changed.

use super::service::Service;
use super::snapshot::{FileProblem, Snapshot};
use super::validate::parse_service;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

/// The service of the sandbox environment, there without any directory.
const BUILT_IN: (&str, &str) = ("sandbox", include_str!("../../../services/sandbox.toml"));

/// The most bytes of a service file.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The services of some directories, `<service_name>.toml` each, and their marks in `icons/` below. A later
/// directory adds to and overrides earlier ones; one that does not exist (yet) is reported and counts as empty.
#[derive(Debug)]
pub struct Catalogue {
    directories: Vec<PathBuf>,
    reading: Mutex<Reading>,
    current: RwLock<Arc<Snapshot>>,
}

/// Why the catalogue cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A directory exists but cannot be read.
    #[error("the services directory {} cannot be read", .path.display())]
    Directory {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What the last reading saw.
#[derive(Debug, Default)]
struct Reading {
    listings: Vec<Listing>,
    /// The last good version of each file.
    good: BTreeMap<PathBuf, Arc<Service>>,
}

/// The state of one directory, as far as it is seen without reading files.
type Listing = Result<Vec<Entry>, io::ErrorKind>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    path: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
}

impl Catalogue {
    /// Reads the service files of `directories`.
    pub fn load(directories: &[PathBuf]) -> Result<Self, CatalogueError> {
        let mut listings = Vec::with_capacity(directories.len());
        for path in directories {
            let listing = list(path);
            match listing {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(CatalogueError::Directory {
                        path: path.clone(),
                        source,
                    });
                }
                listing => listings.push(listing.map_err(|error| error.kind())),
            }
        }
        let mut reading = Reading::default();
        let snapshot = reading.read(directories, listings);
        report(&snapshot, &Snapshot::default());
        Ok(Self {
            directories: directories.to_vec(),
            reading: Mutex::new(reading),
            current: RwLock::new(Arc::new(snapshot)),
        })
    }

    /// The services as last read.
    #[must_use]
    pub fn current(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads again if names, lengths or times in a directory have changed, and says whether they had. Cheap when
    /// not; gives way when another thread is at it.
    pub fn refresh(&self) -> bool {
        let Ok(mut reading) = self.reading.try_lock() else {
            return false;
        };
        let listings: Vec<_> = self
            .directories
            .iter()
            .map(|directory| list(directory).map_err(|error| error.kind()))
            .collect();
        if listings == reading.listings {
            return false;
        }
        let snapshot = reading.read(&self.directories, listings);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        report(&snapshot, &current);
        *current = Arc::new(snapshot);
        true
    }
}

impl Reading {
    fn read(&mut self, directories: &[PathBuf], listings: Vec<Listing>) -> Snapshot {
        let mut problems = Vec::new();
        let mut good = BTreeMap::new();
        let icons = icons(&listings);
        for (directory, listing) in directories.iter().zip(&listings) {
            let entries = match listing {
                Ok(entries) => entries,
                Err(kind) => {
                    let message = format!("cannot be read: {kind}");
                    problems.push(FileProblem {
                        file: directory.clone(),
                        key: None,
                        message,
                    });
                    if *kind != io::ErrorKind::NotFound {
                        good.extend(self.good_below(directory));
                    }
                    continue;
                }
            };
            for entry in entries
                .iter()
                .filter(|entry| has_extension(&entry.path, "toml"))
            {
                match read_service(entry, &icons, &mut problems) {
                    Ok(service) => {
                        good.insert(entry.path.clone(), Arc::new(service));
                    }
                    Err(problem) => {
                        problems.push(problem);
                        let earlier = self.good.get_key_value(&entry.path);
                        good.extend(
                            earlier.map(|(path, service)| (path.clone(), Arc::clone(service))),
                        );
                    }
                }
            }
        }
        self.good = good;
        self.listings = listings;
        self.snapshot(directories, icons, problems)
    }

    fn good_below(&self, directory: &Path) -> Vec<(PathBuf, Arc<Service>)> {
        let below = self
            .good
            .iter()
            .filter(|(path, _)| path.parent() == Some(directory));
        below
            .map(|(path, service)| (path.clone(), Arc::clone(service)))
            .collect()
    }

    /// The good services, those of later directories last, so that they override.
    fn snapshot(
        &self,
        directories: &[PathBuf],
        mut icons: BTreeMap<String, PathBuf>,
        problems: Vec<FileProblem>,
    ) -> Snapshot {
        let mut services: Vec<_> = built_in(&icons).map(Arc::new).into_iter().collect();
        for directory in directories {
            services.extend(
                self.good_below(directory)
                    .into_iter()
                    .map(|(_, service)| service),
            );
        }
        let named: BTreeSet<_> = services
            .iter()
            .filter_map(|service| service.icon.clone())
            .collect();
        icons.retain(|name, _| named.contains(name));
        Snapshot::new(services, icons, problems)
    }
}

/// The built-in service, with its mark if that has been found.
fn built_in(icons: &BTreeMap<String, PathBuf>) -> Option<Service> {
    let (stem, text) = BUILT_IN;
    let mut service = parse_service(stem, text).ok()?;
    service.icon.take_if(|icon| !icons.contains_key(icon));
    Some(service)
}

/// Lists what matters of a directory: its service files and the marks below it.
fn list(directory: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = entries(directory, "toml")?;
    match self::entries(&directory.join("icons"), "svg") {
        Ok(icons) => entries.extend(icons),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    entries.sort();
    Ok(entries)
}

fn entries(directory: &Path, extension: &str) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        // Editors keep their half-written copies under hidden names.
        let hidden = path
            .file_name()
            .is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden || !has_extension(&path, extension) {
            continue;
        }
        // Follows links; one that leads nowhere, or a file removed since, is left out.
        if let Ok(metadata) = std::fs::metadata(&path).map(|metadata| Entry {
            path,
            length: metadata.len(),
            modified: metadata.modified().ok(),
        }) {
            entries.push(metadata);
        }
    }
    Ok(entries)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// The marks by file name; those of later directories override.
fn icons(listings: &[Listing]) -> BTreeMap<String, PathBuf> {
    let entries = listings.iter().flatten().flatten();
    entries
        .filter(|entry| has_extension(&entry.path, "svg"))
        .filter_map(|entry| {
            let name = entry.path.file_name()?.to_str()?.to_owned();
            Some((name, entry.path.clone()))
        })
        .collect()
}

/// Reads one service file. A mark that is missing is a problem of its own, not one of the service.
fn read_service(
    entry: &Entry,
    icons: &BTreeMap<String, PathBuf>,
    problems: &mut Vec<FileProblem>,
) -> Result<Service, FileProblem> {
    let problem = |key: Option<String>, message: String| FileProblem {
        file: entry.path.clone(),
        key,
        message,
    };
    if entry.length > MAX_FILE_BYTES {
        return Err(problem(
            None,
            format!("is larger than {MAX_FILE_BYTES} bytes"),
        ));
    }
    let text = std::fs::read_to_string(&entry.path)
        .map_err(|error| problem(None, format!("cannot be read: {error}")))?;
    let stem = entry.path.file_stem().unwrap_or_default().to_string_lossy();
    let mut service =
        parse_service(&stem, &text).map_err(|invalid| problem(invalid.key, invalid.message))?;
    if let Some(icon) = service.icon.take_if(|icon| !icons.contains_key(icon)) {
        let message = format!("names `{icon}`, which is not in `icons/`");
        problems.push(problem(Some("icon".to_owned()), message));
    }
    Ok(service)
}

/// Tells the operator what is new since `earlier`.
fn report(snapshot: &Snapshot, earlier: &Snapshot) {
    for problem in snapshot.problems() {
        if !earlier.problems().contains(problem) {
            tracing::warn!(%problem, "a service file is not used as it is");
        }
    }
    tracing::info!(services = snapshot.iter().len(), "read the catalogue");
}
