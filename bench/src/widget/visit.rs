//! One visit of a measured page in a real browser.

use super::contestant::Contestant;
use anyhow::{Context as _, Result};
use railhead_e2e::{Browser, Engine};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;

/// How long one keystroke may take until something shows, in ms. A visit may take as long as WebDriver lets a script: 30 s.
const KEYSTROKE_PATIENCE: u32 = 15_000;
const PROBE: &str = include_str!("probe.js");

/// The machine and the line that a page is visited with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Pace {
    /// As they are.
    Plain,
    /// A cheap phone on a bad line: CPU 4 times slower, 1.6 Mbit/s down and 0.75 up, 150 ms more for each request.
    Slow,
    /// The slow CPU alone.
    SlowCpu,
}

/// What a visit showed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Load {
    /// ms from the navigation until the frame was painted.
    pub(crate) shell: f64,
    /// … until the first service was.
    pub(crate) visible: f64,
    /// … until a click on it, made as soon as it was seen, had led to the next step.
    pub(crate) clickable: f64,
    /// ms of tasks beyond 50 ms each, until then.
    pub(crate) blocked: f64,
    /// MiB of the JavaScript heap after collection, with what it holds outside, such as the WebAssembly's memory.
    pub(crate) heap: f64,
    /// Bytes received until the first service was painted, headers included, without the host page itself.
    pub(crate) bytes: f64,
    /// Requests made until then.
    pub(crate) requests: f64,
}

/// A browser that visits pages.
pub(crate) struct Visitor {
    browser: Browser,
    probe: Option<String>,
}

impl Visitor {
    /// Starts it; what it logs goes to `folder`.
    pub(crate) async fn start(folder: &Path) -> Result<Self> {
        let browser = Browser::start(Engine::Chromium, "bench-browser", folder).await?;
        let visitor = Self {
            browser,
            probe: None,
        };
        visitor.devtools("Network.enable", json!({})).await?;
        visitor.devtools("Page.enable", json!({})).await?;
        Ok(visitor)
    }

    /// Ends it.
    pub(crate) async fn end(self) -> Result<()> {
        self.browser.close().await
    }

    /// Visits a page, and clicks the first service as soon as it is seen.
    pub(crate) async fn load(
        &mut self,
        address: &str,
        contestant: Contestant,
        pace: Pace,
    ) -> Result<Load> {
        self.open(address, contestant, pace, true).await?;
        let times = self.ask("railheadBench.times").await?;
        let time = |name: &str| times[name].as_f64().with_context(|| format!("no {name}"));
        let (visible, clickable) = (time("visible")?, time("clickable")?);
        let traffic = Traffic::read(&self.browser.devtools_log().await?, address, visible);
        let blocked = format!("railheadBench.blocked({clickable})");
        let blocked = self.ask(&blocked).await?.as_f64().unwrap_or_default();
        Ok(Load {
            shell: time("shell")?,
            visible,
            clickable,
            blocked,
            heap: self.heap().await?,
            bytes: traffic.bytes,
            requests: traffic.requests,
        })
    }

    /// Visits a page and types into its search; answers how long each keystroke took until the list was painted, in ms.
    pub(crate) async fn keystrokes(
        &mut self,
        address: &str,
        contestant: Contestant,
    ) -> Result<Vec<f64>> {
        self.open(address, contestant, Pace::SlowCpu, false).await?;
        self.settle().await?;
        let mut times = Vec::new();
        for typed in contestant.typed() {
            let script = "const [typed, patience, done] = arguments; railheadBench.type(typed, patience).then(done);";
            let took = self
                .browser
                .client()
                .execute_async(script, vec![json!(typed), json!(KEYSTROKE_PATIENCE)])
                .await?;
            let took = took
                .as_f64()
                .with_context(|| format!("typing \"{typed}\" changed nothing at {address}"))?;
            times.push(took);
            self.settle().await?;
        }
        Ok(times)
    }

    async fn open(
        &mut self,
        address: &str,
        contestant: Contestant,
        pace: Pace,
        click: bool,
    ) -> Result<()> {
        self.browser.goto("about:blank").await?;
        self.devtools("Network.clearBrowserCache", json!({}))
            .await?;
        self.set(pace).await?;
        if let Some(former) = self.probe.take() {
            let former = json!({ "identifier": former });
            self.devtools("Page.removeScriptToEvaluateOnNewDocument", former)
                .await?;
        }
        let mut places = json!(contestant.places());
        places["click"] = json!(click);
        let source = json!({ "source": format!("({PROBE})({places})") });
        let added = self
            .devtools("Page.addScriptToEvaluateOnNewDocument", source)
            .await?;
        self.probe = added["identifier"].as_str().map(str::to_owned);
        // What the former page has left in the log.
        self.browser.devtools_log().await?;
        // One question, which is answered when it is over: a page that is asked all the time is busy with that.
        self.browser.client().goto(address).await?;
        let ready = "railheadBench.ready.then(() => arguments[0](true));";
        self.browser
            .client()
            .execute_async(ready, vec![])
            .await
            .with_context(|| format!("no service at {address}"))?;
        Ok(())
    }

    async fn set(&self, pace: Pace) -> Result<()> {
        let rate = if pace == Pace::Plain { 1 } else { 4 };
        self.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": rate }))
            .await?;
        let line = if pace == Pace::Slow {
            json!({ "offline": false, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750 })
        } else {
            json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 })
        };
        self.devtools("Network.emulateNetworkConditions", line)
            .await?;
        Ok(())
    }

    /// Waits until the list stays as it is and the page has nothing to do.
    async fn settle(&self) -> Result<()> {
        let idle = "railheadBench.settle().then(() => requestIdleCallback(arguments[0]));";
        self.browser.client().execute_async(idle, vec![]).await?;
        Ok(())
    }

    async fn heap(&self) -> Result<f64> {
        let idle = "requestIdleCallback(() => requestAnimationFrame(() => requestIdleCallback(arguments[0])))";
        self.browser.client().execute_async(idle, vec![]).await?;
        self.devtools("HeapProfiler.collectGarbage", json!({}))
            .await?;
        let usage = self.devtools("Runtime.getHeapUsage", json!({})).await?;
        let part = |name: &str| usage[name].as_f64().unwrap_or_default();
        Ok((part("usedSize") + part("backingStorageSize")) / f64::from(1 << 20))
    }

    async fn ask(&self, expression: &str) -> Result<Value> {
        self.browser
            .script(&format!("return {expression}"), vec![])
            .await
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        self.browser
            .devtools(command, parameters)
            .await
            .with_context(|| command.to_owned())
    }
}

/// What went over the line until a moment.
#[derive(Debug, Default)]
struct Traffic {
    bytes: f64,
    requests: f64,
}

impl Traffic {
    /// From the browser's own log, until `visible` ms after the navigation to `page`.
    fn read(log: &[Value], page: &str, visible: f64) -> Self {
        let seconds = |event: &Value| event["params"]["timestamp"].as_f64();
        let document = log.iter().find(|event| {
            event["method"] == "Network.requestWillBeSent"
                && event["params"]["request"]["url"] == page
        });
        let Some((document, start)) = document.and_then(|event| {
            let id = event["params"]["requestId"].as_str()?;
            Some((id, seconds(event)?))
        }) else {
            return Self::default();
        };
        let mut traffic = Self::default();
        for event in log {
            let late = seconds(event).is_none_or(|at| at > start + visible / 1_000.0);
            if late || event["params"]["requestId"] == document {
                continue;
            }
            match event["method"].as_str() {
                Some("Network.requestWillBeSent") if is_fetched(event) => traffic.requests += 1.0,
                Some("Network.dataReceived") => {
                    traffic.bytes += event["params"]["encodedDataLength"].as_f64().unwrap_or(0.0);
                }
                _ => {}
            }
        }
        traffic
    }
}

/// Addresses such as `data:` go over no line.
fn is_fetched(event: &Value) -> bool {
    let url = event["params"]["request"]["url"].as_str();
    url.is_some_and(|url| url.starts_with("http"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_came_before_the_first_service_was_seen() {
        let event = |method: &str, id: &str, at: f64, more: Value| {
            let mut params = json!({ "requestId": id, "timestamp": at });
            for (name, value) in more.as_object().into_iter().flatten() {
                params[name] = value.clone();
            }
            json!({ "method": method, "params": params })
        };
        let sent = |id, at, url: &str| {
            event(
                "Network.requestWillBeSent",
                id,
                at,
                json!({ "request": { "url": url } }),
            )
        };
        let came = |id, at, length: u32| {
            event(
                "Network.dataReceived",
                id,
                at,
                json!({ "encodedDataLength": length }),
            )
        };
        let log = [
            sent("1", 10.0, "http://a/page"),
            came("1", 10.1, 5_000),
            sent("2", 10.2, "http://a/script.js"),
            sent("3", 10.2, "data:,"),
            came("2", 10.4, 700),
            came("2", 10.5, 300),
            sent("4", 10.9, "http://a/late.wasm"),
            came("4", 11.2, 900),
        ];
        let traffic = Traffic::read(&log, "http://a/page", 600.0);
        assert!((traffic.bytes - 1_000.0).abs() < 0.5, "{traffic:?}");
        assert!((traffic.requests - 1.0).abs() < 0.5, "{traffic:?}");
    }
}
