//! The harness of the end-to-end tests: starts the real server, providers, host pages and a real browser on free
//! ports, and speaks to them as people, customers' servers and operators do.
//!
//! # Environment
//! Each has a default that fits a developer's checkout; `cargo xtask test` sets what it built.
//!
//! | variable | meaning | default |
//! | --- | --- | --- |
//! | `RAILHEAD_BIN` | the server | `target/debug/railhead` |
//! | `DEMO_PROVIDER_BIN` | the demo provider | `target/debug/demo-provider` |
//! | `RAILHEAD_DIST` | the built widget | `dist` |
//! | `RAILHEAD_E2E_ENGINE` | which browser engine to drive: `chromium`, `firefox` or `webkit` | `chromium` |
//! | `CHROMIUM`, `CHROMEDRIVER` | Chromium and its driver | `chromium`, `chromedriver` |
//! | `FIREFOX`, `GECKODRIVER` | Firefox and its driver | `firefox-esr`, `geckodriver` |
//! | `WEBKIT`, `WEBKIT_DRIVER` | WebKit's browser and its driver | `MiniBrowser`, `WebKitWebDriver` |
//! | `XVFB` | the display that WebKit draws on | `Xvfb` |
//! | `RAILHEAD_UPDATE_SCREENSHOTS` | `1`: renew the pictures in `docs/screenshots` | unset |
//!
//! What a failed test leaves behind (screenshots, pages, console, logs of every process) is in
//! `target/e2e/<engine>/<test>/`; all screenshots of the widget's steps are in `target/screenshots/`.

mod accessibility;
mod audit;
mod browser;
mod emulation;
mod engine;
mod environment;
mod frame;
mod host;
mod http_client;
mod journey;
mod keyboard;
mod lender;
mod management;
mod measure;
mod peer;
mod port;
mod process;
mod provider;
mod query;
mod railhead;
mod screen;
mod signed_result;
mod spared;
mod stage;
mod strangers;
mod tap;
mod wait;

pub use accessibility::{Focus, Target};
pub use audit::{NetworkRequest, leaked_secrets, third_party_hosts};
pub use browser::{Browser, ConsoleEntry};
pub use engine::{Ability, Device, Engine};
pub use environment::Parts;
pub use host::{Host, HostPage, HostWidget, watch};
pub use http_client::http_client;
pub use lender::Lender;
pub use management::Management;
pub use measure::Measured;
pub use peer::{Peer, PeerSettings};
pub use port::free_port;
pub use process::{Process, run};
pub use provider::DemoProvider;
pub use query::{Name, Role};
pub use railhead::{NewWidget, Railhead, RegisteredWidget};
pub use signed_result::SignedResult;
pub use stage::{Setup, Stage, Taps, scenario, scenario_with};
pub use tap::{Tap, Taped};
pub use wait::{PATIENCE, until, until_within};
