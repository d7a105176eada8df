//! The browser engines of the end-to-end tests, each with its driver: from the environment, from where they usually are,
//! or from Debian's packages.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::browser::{Browser, from_environment, on_path};
use super::{cargo_tool, debian};
use crate::progress;
use crate::workspace::Workspace;

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Chromium.
    Chromium,
    /// Firefox.
    Firefox,
    /// WebKit, the engine of Safari.
    WebKit,
}

/// What the tests are told about an engine that is there: variables and their values.
#[derive(Debug)]
pub(crate) struct Ready(pub(crate) Vec<(&'static str, PathBuf)>);

/// A program of an engine: the variable that names it, what it is called, and where else it may be.
struct Program {
    variable: &'static str,
    names: &'static [&'static str],
    folders: &'static [&'static str],
}

const FIREFOX: Program = Program {
    variable: "FIREFOX",
    names: &["firefox-esr", "firefox"],
    folders: &["/Applications/Firefox.app/Contents/MacOS"],
};
const WEBKIT: [Program; 3] = [
    Program {
        variable: "WEBKIT",
        names: &["MiniBrowser"],
        folders: &[
            "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1",
            "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1",
            "/usr/lib/webkit2gtk-4.1",
            "/usr/lib64/webkit2gtk-4.1",
            "/usr/libexec/webkit2gtk-4.1",
        ],
    },
    Program {
        variable: "WEBKIT_DRIVER",
        names: &["WebKitWebDriver"],
        folders: &[],
    },
    Program {
        variable: "XVFB",
        names: &["Xvfb"],
        folders: &[],
    },
];

const FIREFOX_ADVICE: &str = "\
Firefox is not there (its driver installs itself). Install it:
  Debian         sudo apt-get install firefox-esr
  Fedora         sudo dnf install firefox
  macOS          brew install --cask firefox
or set FIREFOX to where it is";
const WEBKIT_ADVICE: &str = "\
WebKit is not there. Install it with its driver and a display:
  Debian         sudo apt-get install webkit2gtk-driver xvfb
or set WEBKIT (MiniBrowser), WEBKIT_DRIVER (WebKitWebDriver) and XVFB (Xvfb) to where they are";

impl Engine {
    /// Its name in `RAILHEAD_E2E_ENGINE`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Finds it and its driver, or installs them where that needs nobody's password.
    pub(super) fn ensure(self, workspace: &Workspace) -> Result<Ready> {
        match self {
            Self::Chromium => {
                let browser = Browser::ensure()?;
                Ok(Ready(vec![
                    ("CHROMIUM", browser.chromium),
                    ("CHROMEDRIVER", browser.driver),
                ]))
            }
            Self::Firefox => {
                let packages = ["firefox-esr", "fonts-liberation"];
                let ready = ensure_programs(&[FIREFOX], &packages, FIREFOX_ADVICE)?;
                cargo_tool::geckodriver().ensure(workspace)?;
                Ok(ready)
            }
            Self::WebKit => {
                let packages = ["webkit2gtk-driver", "xvfb", "fonts-liberation"];
                ensure_programs(&WEBKIT, &packages, WEBKIT_ADVICE)
            }
        }
    }
}

fn ensure_programs(programs: &[Program], packages: &[&str], advice: &str) -> Result<Ready> {
    if find_all(programs)?.is_none() && debian::can_install() {
        debian::install(packages)?;
    }
    let Some(found) = find_all(programs)? else {
        bail!("{advice}");
    };
    for (_, path) in &found.0 {
        progress::done(format!("{}", path.display()));
    }
    Ok(found)
}

/// All of them, or none.
fn find_all(programs: &[Program]) -> Result<Option<Ready>> {
    let mut found = Vec::new();
    for program in programs {
        match program.find()? {
            Some(path) => found.push((program.variable, path)),
            None => return Ok(None),
        }
    }
    Ok(Some(Ready(found)))
}

impl Program {
    fn find(&self) -> Result<Option<PathBuf>> {
        let usual = || {
            let folders = self.folders.iter().map(PathBuf::from);
            let files =
                folders.flat_map(|folder| self.names.iter().map(move |name| folder.join(name)));
            files.into_iter().find(|file| file.is_file())
        };
        Ok(from_environment(self.variable)?
            .or_else(|| on_path(self.names))
            .or_else(usual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_there_with_all_its_programs_only() {
        let here = Program {
            variable: "RAILHEAD_NO_SUCH_VARIABLE",
            names: &["sh"],
            folders: &["/bin"],
        };
        let nowhere = Program {
            variable: "RAILHEAD_NO_SUCH_VARIABLE",
            names: &["no-such-browser"],
            folders: &["/bin"],
        };
        assert!(find_all(&[here]).unwrap().is_some());
        let both = ensure_programs(&[nowhere], &[], "install it");
        assert!(debian::can_install() || both.is_err());
    }
}
