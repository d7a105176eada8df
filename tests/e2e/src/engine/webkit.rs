//! WebKit, the engine of Safari, through WebKitWebDriver and GTK's smallest browser.

use super::{Start, on_path};
use crate::environment::program;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

/// GTK's style sheet: without it the toolbar keeps the window 450 pixels wide, and phones are narrower.
const SLIM: &str = "\
* { min-width: 0; min-height: 0; margin: 0; padding: 0; border-width: 0; border-spacing: 0; font-size: 1px; }
image { -gtk-icon-source: none; }
";

const BROWSER_FOLDERS: [&str; 5] = [
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1",
    "/usr/lib/webkit2gtk-4.1",
    "/usr/lib64/webkit2gtk-4.1",
    "/usr/libexec/webkit2gtk-4.1",
];

pub(super) fn driver(port: u16) -> Command {
    let mut command = Command::new(program("WEBKIT_DRIVER", "WebKitWebDriver"));
    command.arg(format!("--port={port}"));
    command
}

pub(super) fn capabilities(start: &Start<'_>) -> Result<Value> {
    let proxy = format!("127.0.0.1:{}", start.strangers);
    Ok(json!({
        "browserName": "MiniBrowser",
        "webkitgtk:browserOptions": { "binary": wrapper(start)?, "args": ["--automation"] },
        "proxy": {
            "proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy, "noProxy": ["localhost", "127.0.0.1"],
        },
    }))
}

/// A script that starts the browser with a home and a display of its own: the driver can pass neither on. Without a
/// graphics card it draws faster when it does not try to have one.
fn wrapper(start: &Start<'_>) -> Result<PathBuf> {
    let display = start.display.context("WebKit needs a display")?;
    let home = start.profile.display();
    let script = format!(
        "#!/bin/sh\n\
         export DISPLAY=:{display} GDK_BACKEND=x11 WEBKIT_SKIA_ENABLE_CPU_RENDERING=1 NO_AT_BRIDGE=1 LANG=en_GB.UTF-8 LANGUAGE=en_GB\n\
         export HOME='{home}' XDG_CONFIG_HOME='{home}' XDG_CACHE_HOME='{home}' XDG_DATA_HOME='{home}'\n\
         unset WAYLAND_DISPLAY\n\
         exec '{}' \"$@\" >'{home}/browser.log' 2>&1\n",
        browser()
    );
    let styles = start.profile.join("gtk-3.0");
    fs::create_dir_all(&styles)?;
    fs::write(styles.join("gtk.css"), SLIM)?;
    let path = start.profile.join("browser.sh");
    fs::write(&path, script)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path)
}

fn browser() -> String {
    let named = on_path("WEBKIT", &["MiniBrowser"]);
    let usual = || {
        let files = BROWSER_FOLDERS.map(|folder| format!("{folder}/MiniBrowser"));
        files.into_iter().find(|file| PathBuf::from(file).is_file())
    };
    if named == "MiniBrowser" {
        usual().unwrap_or(named)
    } else {
        named
    }
}
