//! Chromium, through chromedriver.

use super::{Device, Start, on_path};
use crate::ConsoleEntry;
use crate::environment::program;
use serde_json::{Value, json};
use std::process::Command;

pub(super) fn driver(port: u16) -> Command {
    let mut command = Command::new(program("CHROMEDRIVER", "chromedriver"));
    command.arg(format!("--port={port}"));
    command
}

pub(super) fn capabilities(start: &Start<'_>) -> Value {
    let binary = on_path(
        "CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
    );
    let mut options = json!({
        "binary": binary,
        "excludeSwitches": ["disable-popup-blocking", "enable-automation"],
        "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--lang=en-GB", "--window-size=1280,800",
            "--force-color-profile=srgb", "--hide-scrollbars", "--test-third-party-cookie-phaseout",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
            format!("--user-data-dir={}", start.profile.display()),
            "about:blank",
        ],
    });
    if start.device == Device::Phone {
        let (width, height) = start.device.size();
        options["mobileEmulation"] = json!({
            "deviceMetrics": { "width": width, "height": height, "pixelRatio": 3, "touch": true, "mobile": true },
            "userAgent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) \
                          Chrome/148.0.0.0 Mobile Safari/537.36",
        });
    }
    json!({
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        "goog:chromeOptions": options,
    })
}

/// The console's lines in chromedriver's log of kind `browser`.
pub(crate) fn log_entries(entries: &[Value]) -> Vec<ConsoleEntry> {
    let entry = |value: &Value| ConsoleEntry {
        level: value["level"].as_str().unwrap_or_default().to_owned(),
        text: value["message"].as_str().unwrap_or_default().to_owned(),
    };
    entries.iter().map(entry).collect()
}

/// The parameters of `Emulation.setEmulatedMedia`.
pub(crate) fn media_features(features: &[(&str, &str)]) -> Value {
    let features: Vec<_> = features
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    json!({ "features": features })
}
