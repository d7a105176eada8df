//! Where the parts under test are: binaries, the built widget, the browser.

use crate::Engine;
use anyhow::{Result, ensure};
use std::env;
use std::path::{Path, PathBuf};

/// The parts under test.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The root of the checkout.
    pub root: PathBuf,
    /// The server's binary.
    pub railhead: PathBuf,
    /// The demo provider's binary.
    pub demo_provider: PathBuf,
    /// The built widget.
    pub dist: PathBuf,
    /// The pages of the gallery; only its own tests ask whether they are there.
    pub gallery: PathBuf,
}

impl Parts {
    /// Finds them, and says what is missing and how to make it.
    pub fn find() -> Result<Self> {
        let root = root();
        let parts = Self {
            railhead: path_from("RAILHEAD_BIN", &root, "target/debug/railhead"),
            demo_provider: path_from("DEMO_PROVIDER_BIN", &root, "target/debug/demo-provider"),
            dist: path_from("RAILHEAD_DIST", &root, "dist"),
            gallery: path_from("RAILHEAD_GALLERY", &root, "target/gallery"),
            root,
        };
        for (part, how) in [
            (&parts.railhead, "cargo build -p railhead-server"),
            (&parts.demo_provider, "cargo build -p demo-provider"),
            (&parts.dist.join("railhead.js"), "cargo xtask dist"),
        ] {
            ensure!(
                part.exists(),
                "{} is missing: run `{how}` first",
                part.display()
            );
        }
        Ok(parts)
    }

    /// The folder that tests leave their traces in: `target/e2e/<engine>`.
    pub fn traces(&self) -> Result<PathBuf> {
        let engine = Engine::from_environment()?;
        Ok(self.root.join("target/e2e").join(engine.name()))
    }
}

/// The variable's value, or `default`.
pub(crate) fn program(variable: &str, default: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| PathBuf::from(default), PathBuf::from)
}

fn path_from(variable: &str, root: &Path, default: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| root.join(default), |value| root.join(value))
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
