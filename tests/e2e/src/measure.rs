//! What the present page holds in the browser's memory. Chromium alone tells.

use crate::Browser;
use anyhow::{Context, Result};
use http::Method;
use serde_json::{Value, json};

/// Counts of the browser's own, after a collection of garbage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// DOM nodes, on the page or detached from it.
    pub nodes: f64,
    /// Event listeners.
    pub listeners: f64,
    /// Documents, those of frames too.
    pub documents: f64,
    /// The heap of JavaScript, in bytes.
    pub heap: f64,
}

impl Browser {
    /// Collects garbage, and counts what is left in the present page.
    pub async fn measure(&self) -> Result<Measured> {
        self.tell_devtools("Performance.enable").await?;
        // What one collection frees may be all that kept something else.
        for _ in 0..3 {
            self.tell_devtools("HeapProfiler.collectGarbage").await?;
        }
        let told = self.tell_devtools("Performance.getMetrics").await?;
        let metrics = told["metrics"].as_array().context("no metrics")?;
        let of = |name: &str| {
            let metric = metrics.iter().find(|metric| metric["name"] == name);
            let value = metric.and_then(|metric| metric["value"].as_f64());
            value.with_context(|| format!("the browser does not count {name}"))
        };
        Ok(Measured {
            nodes: of("Nodes")?,
            listeners: of("JSEventListeners")?,
            documents: of("Documents")?,
            heap: of("JSHeapUsedSize")?,
        })
    }

    async fn tell_devtools(&self, command: &str) -> Result<Value> {
        let body = json!({ "cmd": command, "params": {} });
        Ok(self
            .command(Method::POST, "goog/cdp/execute", Some(body))
            .await?)
    }
}
