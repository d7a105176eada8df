//! What differs between browser engines: how their drivers start, what they are asked for, what they can tell.

mod chromium;
mod firefox;
mod webkit;

use anyhow::{Result, bail};
use fantoccini::wd::Capabilities;
use serde_json::Value;
use std::env;
use std::path::Path;
use std::process::Command;

pub(crate) use chromium::{log_entries, media_features};
pub(crate) use firefox::{console_entries, device_script, media_script};

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium through `chromedriver`.
    Chromium,
    /// Firefox through `geckodriver`.
    Firefox,
    /// WebKit, the engine of Safari, through `WebKitWebDriver`.
    WebKit,
}

/// Something that a driver can do in one engine and not in another.
///
/// A test that needs it says so in its [`Setup`](crate::Setup); where it is missing the test is left out, and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// Tells what the console says, in all windows; elsewhere only the host's pages write it down.
    Console,
    /// Tells which requests were made, and to whom.
    Requests,
    /// Takes on another colour scheme, contrast or wish for calm while it runs.
    Media,
    /// Has a finger.
    Touch,
    /// Enlarges text alone, as the browser's own setting does.
    TextZoom,
    /// Speaks the DevTools protocol.
    DevTools,
}

/// What the person holds: decides size and whether there is a finger or a mouse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// A desktop, with a mouse.
    #[default]
    Desk,
    /// A phone of 390 × 844 pixels, with a finger where the engine's driver has one.
    Phone,
}

impl Device {
    /// Width and height of its page.
    #[must_use]
    pub const fn size(self) -> (u32, u32) {
        match self {
            Self::Desk => (1280, 800),
            Self::Phone => (390, 844),
        }
    }
}

/// What a driver is told about the session to start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start<'a> {
    /// An empty folder for the browser's own files.
    pub(crate) profile: &'a Path,
    /// What the person holds.
    pub(crate) device: Device,
    /// Where a proxy listens that notes whoever is asked for beyond this machine.
    pub(crate) strangers: u16,
    /// The X display, for an engine that cannot do without.
    pub(crate) display: Option<u32>,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The engine that `RAILHEAD_E2E_ENGINE` names.
    pub fn from_environment() -> Result<Self> {
        let named = env::var("RAILHEAD_E2E_ENGINE").unwrap_or_default();
        if named.is_empty() {
            return Ok(Self::Chromium);
        }
        match Self::ALL.into_iter().find(|engine| engine.name() == named) {
            Some(engine) => Ok(engine),
            None => bail!("RAILHEAD_E2E_ENGINE={named}: known are chromium, firefox and webkit"),
        }
    }

    /// Its name in `RAILHEAD_E2E_ENGINE`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Can its driver do this?
    #[must_use]
    pub const fn can(self, ability: Ability) -> bool {
        match self {
            Self::Chromium => !matches!(ability, Ability::TextZoom),
            Self::Firefox => matches!(
                ability,
                Ability::Console | Ability::Media | Ability::Touch | Ability::TextZoom
            ),
            Self::WebKit => false,
        }
    }

    /// Does it need an X display?
    pub(crate) const fn needs_screen(self) -> bool {
        matches!(self, Self::WebKit)
    }

    /// The command that starts its driver on `port`.
    pub(crate) fn driver(self, port: u16) -> Command {
        match self {
            Self::Chromium => chromium::driver(port),
            Self::Firefox => firefox::driver(port),
            Self::WebKit => webkit::driver(port),
        }
    }

    /// What a new session is asked for: English, no window on a person's screen, an empty profile, no way to names
    /// other than localhost, cookies of third parties blocked, and the engine's own popup blocker at work.
    pub(crate) fn capabilities(self, start: &Start<'_>) -> Result<Capabilities> {
        let value = match self {
            Self::Chromium => chromium::capabilities(start),
            Self::Firefox => firefox::capabilities(start),
            Self::WebKit => webkit::capabilities(start)?,
        };
        Ok(match value {
            Value::Object(members) => members,
            _ => Capabilities::new(),
        })
    }
}

/// The program that `variable` names, else the first of `names` on the `PATH`.
fn on_path(variable: &str, names: &[&str]) -> String {
    if let Some(path) = env::var_os(variable) {
        return path.to_string_lossy().into_owned();
    }
    let folders: Vec<_> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
        .map_or_else(
            || names.first().copied().unwrap_or_default().to_owned(),
            |path| path.display().to_string(),
        )
}
