//! Programs that come as crates: Trunk, cargo-fuzz, Firefox's driver and the command lines of wasm-bindgen and wasm-split.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::progress::{self, Stopwatch};
use crate::workspace::Workspace;

/// The Trunk that `Trunk.toml` was written for.
const TRUNK_VERSION: &str = "0.21.14";
/// The cargo-fuzz whose options `cargo xtask fuzz` knows.
const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// The driver of Firefox that the end-to-end tests were written with.
const GECKODRIVER_VERSION: &str = "0.37.1";
/// The wasm-split that reads what `wasm_split_helpers` has marked.
const WASM_SPLIT_VERSION: &str = "0.2.4";

/// What tells which version of a program is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Witness {
    /// The program itself, asked for its `--version`.
    Program,
    /// Cargo, which keeps a list of what it has installed into `.tools/`. Some programs don't know their version.
    Cargo,
}

/// A crate with programs, at one version.
#[derive(Debug)]
pub(super) struct CargoTool {
    package: &'static str,
    programs: &'static [&'static str],
    version: String,
    locked: bool,
    features: &'static str,
    /// What tells which version is there.
    witness: Witness,
    minutes: &'static str,
}

/// Trunk.
pub(super) fn trunk() -> CargoTool {
    CargoTool {
        package: "trunk",
        programs: &["trunk"],
        version: TRUNK_VERSION.to_owned(),
        locked: true,
        features: "",
        witness: Witness::Program,
        minutes: "2 to 6",
    }
}

/// cargo-fuzz, which builds and runs what is in `fuzz/`.
pub(super) fn cargo_fuzz() -> CargoTool {
    CargoTool {
        package: "cargo-fuzz",
        programs: &["cargo-fuzz"],
        version: CARGO_FUZZ_VERSION.to_owned(),
        locked: true,
        features: "",
        witness: Witness::Program,
        minutes: "about 1",
    }
}

/// The driver of Firefox.
pub(super) fn geckodriver() -> CargoTool {
    CargoTool {
        package: "geckodriver",
        programs: &["geckodriver"],
        version: GECKODRIVER_VERSION.to_owned(),
        locked: true,
        features: "",
        witness: Witness::Program,
        minutes: "1 to 3",
    }
}

/// wasm-bindgen's command line, which must be exactly as old as the library in `Cargo.lock`.
pub(super) fn wasm_bindgen(workspace: &Workspace) -> Result<CargoTool> {
    Ok(CargoTool {
        package: "wasm-bindgen-cli",
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        version: workspace.locked_version("wasm-bindgen")?,
        // The lock file it is published with asks for crates that may have been withdrawn.
        locked: false,
        features: "",
        witness: Witness::Program,
        minutes: "1 to 4",
    })
}

/// wasm-split's command line, which cuts the widget into its parts.
pub(super) fn wasm_split() -> CargoTool {
    CargoTool {
        package: "wasm_split_cli_support",
        programs: &["wasm-split-cli"],
        version: WASM_SPLIT_VERSION.to_owned(),
        locked: true,
        features: "build-binary",
        witness: Witness::Cargo,
        minutes: "about 1",
    }
}

impl CargoTool {
    /// Installs it unless the first one found has the right version.
    pub(super) fn ensure(&self, workspace: &Workspace) -> Result<()> {
        if self
            .programs
            .iter()
            .all(|program| self.is_there(workspace, program))
        {
            progress::done(format!("{} {}", self.package, self.version));
            return Ok(());
        }
        self.install(workspace)
    }

    fn is_there(&self, workspace: &Workspace, program: &str) -> bool {
        if self.witness == Witness::Cargo {
            return self.is_listed(workspace)
                && workspace.path(".tools/bin").join(program).is_file();
        }
        let answer = workspace
            .command(program)
            .and_then(|mut command| command::capture(command.arg("--version")));
        answer.is_ok_and(|answer| says_version(&answer, &self.version))
    }

    fn is_listed(&self, workspace: &Workspace) -> bool {
        let mut list = Command::new("cargo");
        list.args(["install", "--list", "--root"])
            .arg(workspace.path(".tools"));
        let line = format!("{} v{}:", self.package, self.version);
        command::capture(&mut list).is_ok_and(|list| list.lines().any(|listed| listed == line))
    }

    fn install(&self, workspace: &Workspace) -> Result<()> {
        let watch = Stopwatch::start();
        progress::busy(format!(
            "installing {} {} into .tools/ (once; {} minutes)",
            self.package, self.version, self.minutes
        ));
        let build = workspace.path(".tools/build");
        let mut install = Command::new("cargo");
        install
            .current_dir(workspace.root())
            .args(["install", self.package, "--force", "--version"])
            .arg(format!("={}", self.version))
            .arg("--root")
            .arg(workspace.path(".tools"))
            // Not the workspace's own target folder: whoever builds there would wait.
            .arg("--target-dir")
            .arg(&build);
        if self.locked {
            install.arg("--locked");
        }
        if !self.features.is_empty() {
            install.args(["--features", self.features]);
        }
        command::run(&mut install).with_context(|| {
            format!(
                "{0} {1} could not be installed; once `{2}` works, run this command again",
                self.package,
                self.version,
                command::line(&install)
            )
        })?;
        fs::remove_dir_all(&build).context("cannot remove .tools/build")?;
        progress::done(format!(
            "{} {} installed ({})",
            self.package,
            self.version,
            watch.reading()
        ));
        Ok(())
    }
}

/// Whether an answer to `--version`, such as `trunk 0.21.14`, is about this version.
fn says_version(answer: &str, version: &str) -> bool {
    answer.split_whitespace().any(|word| word == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_only_the_very_version() {
        assert!(says_version("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(says_version("wasm-bindgen 0.2.130 (abcdef)\n", "0.2.130"));
        assert!(!says_version("wasm-bindgen 0.2.13\n", "0.2.130"));
        assert!(!says_version("wasm-bindgen 0.2.1301\n", "0.2.130"));
    }
}
