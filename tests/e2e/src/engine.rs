//! What differs between browser engines: how their drivers start, what they are asked for, what they can tell.
//! Chromium is driven so far; another engine is another variant here.

use crate::environment::program;
use anyhow::{Result, bail};
use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use std::env;
use std::path::Path;
use std::process::Command;

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium through `chromedriver`.
    Chromium,
}

impl Engine {
    /// The engine that `RAILHEAD_E2E_ENGINE` names.
    pub fn from_environment() -> Result<Self> {
        match env::var("RAILHEAD_E2E_ENGINE").as_deref() {
            Ok("chromium") | Err(_) => Ok(Self::Chromium),
            Ok(other) => bail!("RAILHEAD_E2E_ENGINE={other}: only `chromium` is known"),
        }
    }

    /// The command that starts its driver on `port`.
    #[must_use]
    pub fn driver(self, port: u16) -> Command {
        match self {
            Self::Chromium => {
                let mut command = Command::new(program("CHROMEDRIVER", "chromedriver"));
                command.arg(format!("--port={port}"));
                command
            }
        }
    }

    /// What a new session is asked for: English, no window on the screen, an empty profile, names other than
    /// localhost unknown, and the engine's own popup blocker at work.
    #[must_use]
    pub fn capabilities(self, profile: &Path) -> Capabilities {
        let value = match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                "goog:chromeOptions": {
                    "binary": chromium(),
                    "excludeSwitches": ["disable-popup-blocking", "enable-automation"],
                    "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--disable-dev-shm-usage", "--lang=en-GB", "--window-size=1280,800",
                        "--force-color-profile=srgb", "--hide-scrollbars", "--test-third-party-cookie-phaseout",
                        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
                        format!("--user-data-dir={}", profile.display()),
                        "about:blank",
                    ],
                },
            }),
        };
        match value {
            Value::Object(members) => members,
            _ => Capabilities::new(),
        }
    }
}

/// The browser's binary: `CHROMIUM`, else the first of its usual names on the `PATH`.
fn chromium() -> String {
    if let Some(path) = env::var_os("CHROMIUM") {
        return path.to_string_lossy().into_owned();
    }
    let folders: Vec<_> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
        .map_or_else(|| "chromium".to_owned(), |path| path.display().to_string())
}
