//! Python, which is asked for, and a virtual environment with packages at the versions of a requirements file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::debian;
use crate::command;
use crate::progress::{self, Stopwatch};
use crate::workspace::Workspace;

/// Fails where Python is too old for what is installed, or comes without what makes virtual environments.
const PROBE: &str = "import sys, venv, ensurepip; assert sys.version_info >= (3, 10)";

const ADVICE: &str = "\
Python 3.10 or newer with its module venv is needed to fuzz the API. Install it:
  Debian, Ubuntu   sudo apt-get install python3-venv
  Fedora           sudo dnf install python3
  macOS            brew install python";

/// Installs the packages of a requirements file, unless they are there; returns the folder of their programs.
pub(super) fn ensure(workspace: &Workspace, requirements: &str, folder: &Path) -> Result<PathBuf> {
    let programs = folder.join("bin");
    let installed = folder.join("requirements.txt");
    let wanted = fs::read_to_string(workspace.path(requirements)).context("requirements")?;
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        progress::done(format!("Python packages of {requirements}"));
        return Ok(programs);
    }
    let watch = Stopwatch::start();
    probe()?;
    progress::busy(format!("installing the Python packages of {requirements}"));
    command::run(python().args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut install = Command::new(programs.join("python"));
    install
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .arg("--requirement")
        .arg(workspace.path(requirements));
    command::run(&mut install).with_context(|| {
        format!("once `pip install --requirement {requirements}` works, run this command again")
    })?;
    fs::write(&installed, wanted)?;
    progress::done(format!("Python packages installed ({})", watch.reading()));
    Ok(programs)
}

fn probe() -> Result<()> {
    let works = || command::capture(python().args(["-c", PROBE])).is_ok();
    if works() {
        return Ok(());
    }
    if debian::can_install() {
        debian::install(&["python3-venv"])?;
        if works() {
            return Ok(());
        }
    }
    bail!(ADVICE)
}

fn python() -> Command {
    Command::new("python3")
}
