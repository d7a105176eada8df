//! Debian's packages, which are installed where that needs nobody's password.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::progress::{self, Stopwatch};

/// Whether packages can be installed here without asking anybody.
pub(super) fn can_install() -> bool {
    is_debian() && is_root()
}

/// Installs packages from the system's own repositories.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let watch = Stopwatch::start();
    let names = packages.join(", ");
    progress::busy(format!("installing {names} with apt-get"));
    let apt = |arguments: &[&str]| {
        command::run(
            Command::new("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(arguments),
        )
    };
    apt(&["update", "--quiet=2"])?;
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(packages);
    apt(&install)?;
    progress::done(format!("{names} installed ({})", watch.reading()));
    Ok(())
}

/// Whether this runs as root.
pub(crate) fn is_root() -> bool {
    command::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ubuntu_is_not_debian() {
        assert!(says_debian("PRETTY_NAME=\"Debian\"\nID=debian\n"));
        assert!(!says_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
