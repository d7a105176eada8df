//! One consistent view of the catalogue, shared by everything that answers one request.

use super::service::Service;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The services as they were read at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    services: Vec<Arc<Service>>,
    by_name: BTreeMap<String, usize>,
    icons: BTreeMap<String, PathBuf>,
    problems: Vec<FileProblem>,
}

/// Why a service file (or a whole directory) is not used. If an earlier version of the file was good, that one
/// stays in use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}{message}", .file.display(), .key.as_ref().map(|key| format!("`{key}` ")).unwrap_or_default())]
pub struct FileProblem {
    /// The file or directory.
    pub file: PathBuf,
    /// The key concerned, as a dotted path such as `oauth.token_url`; absent when the file as a whole is.
    pub key: Option<String>,
    /// What is wrong, to follow the key.
    pub message: String,
}

impl Snapshot {
    /// A view of `services`, in any order; of two with one name the later one counts. `icons` says where a mark's
    /// file is.
    #[must_use]
    pub fn new(
        services: Vec<Arc<Service>>,
        icons: BTreeMap<String, PathBuf>,
        problems: Vec<FileProblem>,
    ) -> Self {
        let unique: BTreeMap<_, _> = services
            .into_iter()
            .map(|service| (service.service_name.clone(), service))
            .collect();
        let mut services: Vec<_> = unique.into_values().collect();
        services.sort_by_cached_key(|service| {
            (
                service.rank.unwrap_or(u32::MAX),
                service.display_name.to_lowercase(),
            )
        });
        let by_name = services
            .iter()
            .enumerate()
            .map(|(index, service)| (service.service_name.clone(), index))
            .collect();
        Self {
            services,
            by_name,
            icons,
            problems,
        }
    }

    /// The service with this key.
    #[must_use]
    pub fn get(&self, service_name: &str) -> Option<&Arc<Service>> {
        self.by_name
            .get(service_name)
            .and_then(|&index| self.services.get(index))
    }

    /// All services: by rank, then by display name.
    pub fn iter(&self) -> std::slice::Iter<'_, Arc<Service>> {
        self.services.iter()
    }

    /// Where the mark with this file name is; only marks that a service names are found.
    #[must_use]
    pub fn icon(&self, file_name: &str) -> Option<&Path> {
        self.icons.get(file_name).map(PathBuf::as_path)
    }

    /// What was refused while reading.
    #[must_use]
    pub fn problems(&self) -> &[FileProblem] {
        &self.problems
    }
}

impl<'a> IntoIterator for &'a Snapshot {
    type Item = &'a Arc<Service>;
    type IntoIter = std::slice::Iter<'a, Arc<Service>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
