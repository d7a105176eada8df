//! Firefox, through geckodriver. What WebDriver has no command for is done by scripts in the browser's own window.

use super::{Device, Start, on_path};
use crate::ConsoleEntry;
use crate::environment::program;
use serde_json::{Value, json};
use std::process::Command;

pub(super) fn driver(port: u16) -> Command {
    let mut command = Command::new(program("GECKODRIVER", "geckodriver"));
    // A port of BiDi that two browsers at once do not quarrel about, and the way into the browser's own window.
    command
        .envs([
            ("MOZ_HEADLESS_WIDTH", "1280"),
            ("MOZ_HEADLESS_HEIGHT", "900"),
        ])
        .args(["--websocket-port", "0", "--allow-system-access"])
        .arg(format!("--port={port}"));
    command
}

pub(super) fn capabilities(start: &Start<'_>) -> Value {
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": on_path("FIREFOX", &["firefox-esr", "firefox"]),
            "args": ["-headless"],
            "prefs": {
                // The automation's own settings would let every window through.
                "dom.disable_open_during_load": true,
                "network.cookie.cookieBehavior": 1,
                "intl.accept_languages": "en-GB",
                "devtools.console.stdout.content": true,
                "devtools.console.stdout.chrome": false,
                "network.proxy.type": 1,
                "network.proxy.http": "127.0.0.1",
                "network.proxy.http_port": start.strangers,
                "network.proxy.ssl": "127.0.0.1",
                "network.proxy.ssl_port": start.strangers,
                "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
                "network.dns.disablePrefetch": true,
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
                "layers.acceleration.disabled": true,
            },
        },
    })
}

/// What the browser printed since, line by line, as far as it is the console of pages.
pub(crate) fn console_entries(log: &str) -> Vec<ConsoleEntry> {
    log.lines().filter_map(console_entry).collect()
}

fn console_entry(line: &str) -> Option<ConsoleEntry> {
    let entry = |level: &str, text: &str| {
        Some(ConsoleEntry {
            level: level.to_owned(),
            text: text.to_owned(),
        })
    };
    let line = line.trim_end();
    // The browser's own scripts have faults of their own.
    let own = ["chrome://", "resource://", "moz-extension://"];
    if let Some(text) = line.strip_prefix("JavaScript error: ") {
        if own.iter().any(|start| text.starts_with(start)) {
            return None;
        }
        return entry("SEVERE", text);
    }
    let (method, text) = line.strip_prefix("console.")?.split_once(": ")?;
    match method {
        "error" => entry("SEVERE", text),
        "warn" => entry("WARNING", text),
        _ => entry("INFO", text),
    }
}

/// Makes the present tab's page as large as `width` × `height`, below the narrowest window too; with `touch` it has a
/// finger.
pub(crate) fn device_script(width: u32, height: u32, device: Device) -> (String, Vec<Value>) {
    let script = "
        const [width, height, touch] = arguments;
        const view = gBrowser.selectedBrowser;
        for (const [name, value] of [['width', width], ['height', height]]) {
            for (const limit of ['', 'min-', 'max-']) view.style.setProperty(limit + name, `${value}px`);
        }
        if (touch) view.browsingContext.touchEventsOverride = 'enabled';
        view.getBoundingClientRect();";
    let arguments = vec![
        json!(width),
        json!(height),
        json!(matches!(device, Device::Phone)),
    ];
    (script.to_owned(), arguments)
}

/// Has media queries answer so, in all windows.
pub(crate) fn media_script(features: &[(&str, &str)]) -> (String, Vec<Value>) {
    let script = "
        const set = (name, value) => Services.prefs.setIntPref(name, Number(value));
        for (const [name, value] of arguments[0]) {
            if (name === 'prefers-color-scheme') set('layout.css.prefers-color-scheme.content-override', value !== 'dark');
            else if (name === 'prefers-reduced-motion') set('ui.prefersReducedMotion', value === 'reduce');
            else if (name === 'prefers-contrast') set('browser.display.prefers_contrast', value === 'more');
            else if (name === 'forced-colors') set('browser.display.document_color_use', value === 'active' ? 2 : 0);
            else throw new Error(`no way to set ${name}`);
        }";
    (script.to_owned(), vec![json!(features)])
}

#[cfg(test)]
mod tests {
    use super::console_entries;

    #[test]
    fn reads_the_console_of_pages_and_not_the_browsers_own() {
        let log = "1700000000 geckodriver INFO Listening on 127.0.0.1\n\
                   console.error: \"pressed\"\n\
                   console.warn: services: (new String) \"odd\"\n\
                   JavaScript error: http://127.0.0.1:2/a.js, line 3: Error: oops\n\
                   JavaScript error: resource://gre/modules/x.mjs, line 1: Error: own\n";
        let entries = console_entries(log);
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (entry.level.as_str(), entry.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("SEVERE", "\"pressed\""),
                ("WARNING", "services: (new String) \"odd\""),
                ("SEVERE", "http://127.0.0.1:2/a.js, line 3: Error: oops"),
            ]
        );
    }
}
