//! Chromium and chromedriver: from the environment, from the PATH, or from Debian's packages.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::debian;
use crate::progress;
use crate::workspace::Workspace;

/// A browser and the driver that remote-controls it.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// Chromium or Chrome.
    pub(crate) chromium: PathBuf,
    /// The driver of the same version.
    pub(crate) driver: PathBuf,
}

const CHROMIUM_NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const DRIVER_NAMES: [&str; 1] = ["chromedriver"];

const ADVICE: &str = "\
Chromium and its driver are needed for the browser tests. Install them:
  Debian         sudo apt-get install chromium chromium-driver
  Ubuntu         sudo snap install chromium   (brings chromium.chromedriver)
  Fedora         sudo dnf install chromium chromedriver
  macOS          brew install --cask google-chrome chromedriver
or set CHROMIUM and CHROMEDRIVER to where they are. Without a browser: cargo xtask test --quick";

impl Browser {
    /// Finds both, or installs them where that needs nobody's password.
    pub(super) fn ensure() -> Result<Self> {
        if let Some(browser) = Self::find()? {
            progress::done(format!("{}", browser.chromium.display()));
            progress::done(format!("{}", browser.driver.display()));
            return Ok(browser);
        }
        if debian::can_install() {
            // A browser without a font draws empty boxes.
            debian::install(&["chromium", "chromium-driver", "fonts-liberation"])?;
            if let Some(browser) = Self::find()? {
                return Ok(browser);
            }
        }
        bail!(ADVICE)
    }

    /// Writes the capabilities that wasm-bindgen's test runner asks the driver for; returns where.
    ///
    /// The runner itself adds what makes the browser run without a screen and as root.
    pub(crate) fn capabilities_file(&self, workspace: &Workspace) -> Result<PathBuf> {
        let path = workspace.path(".tools/webdriver.json");
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": self.chromium,
                "args": [
                    "disable-gpu",
                    "disable-quic",
                    "no-first-run",
                    "disable-background-networking",
                    "disable-component-update",
                    "disable-sync",
                ],
            },
        });
        fs::create_dir_all(workspace.path(".tools")).context("cannot create .tools")?;
        fs::write(&path, capabilities.to_string()).context("cannot write webdriver.json")?;
        Ok(path)
    }

    fn find() -> Result<Option<Self>> {
        let chromium = from_environment("CHROMIUM")?.or_else(|| on_path(&CHROMIUM_NAMES));
        let driver = from_environment("CHROMEDRIVER")?
            .or_else(|| on_path(&DRIVER_NAMES))
            .or_else(|| on_path(&["chromium.chromedriver"]));
        Ok(chromium
            .zip(driver)
            .map(|(chromium, driver)| Self { chromium, driver }))
    }
}

pub(super) fn from_environment(variable: &str) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(variable)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
    else {
        return Ok(None);
    };
    if path.is_file() {
        return Ok(Some(path));
    }
    bail!(
        "{variable} is set to {}, where there is no file",
        path.display()
    )
}

/// The first of these programs that is on the PATH.
pub(super) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names
        .iter()
        .find_map(|name| find_in(env::split_paths(&path), name))
}

fn find_in(mut folders: impl Iterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    folders.find_map(|folder| {
        let file = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        file.is_file().then_some(file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_of_the_folders() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let name = format!("chromium{}", env::consts::EXE_SUFFIX);
        fs::write(second.path().join(&name), "").unwrap();
        let folders = || [first.path().to_owned(), second.path().to_owned()].into_iter();
        assert_eq!(
            find_in(folders(), "chromium"),
            Some(second.path().join(&name))
        );
        fs::write(first.path().join(&name), "").unwrap();
        assert_eq!(
            find_in(folders(), "chromium"),
            Some(first.path().join(&name))
        );
        assert_eq!(find_in(folders(), "chromedriver"), None);
    }
}
