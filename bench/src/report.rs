//! What was measured, as a table for people and as JSON for comparisons between runs.

use anyhow::{Context as _, Result};
use serde::Serialize;
use std::path::Path;

/// All results of a run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    results: Vec<Measured>,
}

/// One result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    name: String,
    unit: &'static str,
    median: f64,
    lowest: f64,
    highest: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    aim: Option<Aim>,
    reached: Option<bool>,
}

/// What a result should be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Aim {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Report {
    /// Adds a result that was measured as often as there are values.
    pub(crate) fn add(&mut self, name: &str, unit: &'static str, values: &[f64], aim: Option<Aim>) {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (Some(lowest), Some(highest)) = (sorted.first(), sorted.last()) else {
            return;
        };
        let median = sorted[sorted.len() / 2];
        let measured = Measured {
            name: name.to_owned(),
            unit,
            median,
            lowest: *lowest,
            highest: *highest,
            aim,
            reached: aim.map(|aim| aim.holds(median)),
        };
        println!("   {}", measured.line());
        self.results.push(measured);
    }

    /// Prints everything once more, in one table.
    pub(crate) fn print(&self) {
        println!("\n{:<58} {:>12}   {:>23}", "", "median", "lowest … highest");
        for measured in &self.results {
            println!("{}", measured.line());
        }
    }

    /// Writes everything as JSON.
    pub(crate) fn write(&self, out: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(out, text + "\n").with_context(|| format!("{}", out.display()))
    }
}

impl Measured {
    fn line(&self) -> String {
        let verdict = match (self.aim, self.reached) {
            (Some(Aim::AtLeast(aim)), Some(reached)) => format!("{} (aim ≥ {aim})", word(reached)),
            (Some(Aim::AtMost(aim)), Some(reached)) => format!("{} (aim ≤ {aim})", word(reached)),
            _ => String::new(),
        };
        let range = format!("{} … {}", short(self.lowest), short(self.highest));
        let value = format!("{} {}", short(self.median), self.unit);
        format!("{:<58} {value:>12}   {range:>23}   {verdict}", self.name)
    }
}

impl Aim {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(aim) => value >= aim,
            Self::AtMost(aim) => value <= aim,
        }
    }
}

fn word(reached: bool) -> &'static str {
    if reached { "reached" } else { "MISSED" }
}

/// Three digits that count.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_decides_whether_an_aim_is_reached() {
        let mut report = Report::default();
        report.add("ratio", "", &[0.9, 0.4, 0.6], Some(Aim::AtLeast(0.5)));
        report.add(
            "latency",
            "ms",
            &[90.0, 101.0, 150.0],
            Some(Aim::AtMost(100.0)),
        );
        let reached: Vec<_> = report.results.iter().map(|one| one.reached).collect();
        assert_eq!(reached, [Some(true), Some(false)]);
        assert!(report.results[0].line().contains("0.60"));
    }
}
