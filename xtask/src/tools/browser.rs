//! Chromium and chromedriver: from the environment, from the PATH, or from Debian's packages.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::command;
use crate::progress::{self, Stopwatch};
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
        if is_debian() && is_root() {
            install()?;
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

fn from_environment(variable: &str) -> Result<Option<PathBuf>> {
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

fn on_path(names: &[&str]) -> Option<PathBuf> {
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

fn install() -> Result<()> {
    let watch = Stopwatch::start();
    progress::busy("installing chromium and chromium-driver with apt-get");
    let apt = |arguments: &[&str]| {
        command::run(
            Command::new("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(arguments),
        )
    };
    apt(&["update", "--quiet=2"])?;
    // A browser without a font draws empty boxes.
    apt(&[
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
        "chromium",
        "chromium-driver",
        "fonts-liberation",
    ])?;
    progress::done(format!(
        "chromium and chromium-driver installed ({})",
        watch.reading()
    ));
    Ok(())
}

/// Ubuntu's packages of the same names only point to snaps, which don't install in containers.
fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| says_debian(&text))
        && Path::new("/usr/bin/apt-get").is_file()
}

fn says_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .any(|line| matches!(line.trim(), "ID=debian" | "ID=\"debian\""))
}

fn is_root() -> bool {
    command::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
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

    #[test]
    fn ubuntu_is_not_debian() {
        assert!(says_debian("PRETTY_NAME=\"Debian\"\nID=debian\n"));
        assert!(!says_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
