//! What was measured, side by side: as a table for people, as Markdown, and as JSON.

use super::contestant::Contestant;
use super::visit::Pace;
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What may be aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Aim {
    /// At most so many times what the picker written with Preact takes.
    TimesPreact(f64),
    /// At most this.
    AtMost(f64),
}

/// Something that is measured of every page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Figure {
    name: String,
    unit: &'static str,
    pace: Pace,
    services: usize,
    aim: Option<Aim>,
}

/// The values of one figure, by page.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    figure: Figure,
    values: Vec<(Contestant, Vec<f64>)>,
}

/// All results of a run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Results {
    rows: Vec<Row>,
}

impl Figure {
    /// A figure of loading a page with so many services. The aims are for the slow pace.
    pub(crate) fn of_load(name: &str, unit: &'static str, pace: Pace, services: usize) -> Self {
        let aim = match (pace, name) {
            (Pace::Slow, "first service visible") => Some(Aim::TimesPreact(1.1)),
            (Pace::Slow, "first service clickable") => Some(Aim::TimesPreact(1.6)),
            (Pace::Slow, "blocked until then") => Some(Aim::AtMost(50.0)),
            _ => None,
        };
        Self {
            name: name.to_owned(),
            unit,
            pace,
            services,
            aim,
        }
    }

    /// The time from a keystroke to the painted list.
    pub(crate) fn of_search(services: usize) -> Self {
        Self {
            name: "keystroke to painted list".to_owned(),
            unit: "ms",
            pace: Pace::SlowCpu,
            services,
            aim: (services >= 500).then_some(Aim::AtMost(50.0)),
        }
    }

    fn title(&self) -> String {
        let pace = match self.pace {
            Pace::Plain => "plain",
            Pace::Slow => "slow",
            Pace::SlowCpu => "CPU 4×",
        };
        format!("{}, {} services, {pace}", self.name, self.services)
    }
}

impl Results {
    /// Adds a value.
    pub(crate) fn add(&mut self, figure: Figure, contestant: Contestant, value: f64) {
        let found = self.rows.iter().position(|row| row.figure == figure);
        let place = found.unwrap_or_else(|| {
            let values = Contestant::ALL.map(|one| (one, Vec::new())).to_vec();
            self.rows.push(Row { figure, values });
            self.rows.len() - 1
        });
        let values = &mut self.rows[place].values;
        if let Some((_, values)) = values.iter_mut().find(|(one, _)| *one == contestant) {
            values.push(value);
        }
    }

    /// Prints everything, and writes it to `widget.json` and `widget.md` in `folder`.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let table = self.table();
        println!("\n{table}");
        let json = serde_json::to_string_pretty(self)? + "\n";
        for (name, text) in [("widget.json", json), ("widget.md", table)] {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("{}", path.display()))?;
        }
        Ok(())
    }

    /// A table in Markdown: medians with lowest and highest.
    fn table(&self) -> String {
        let mut lines = vec![Contestant::ALL.map(|one| one.name().to_owned()).to_vec()];
        lines[0].insert(0, "median (lowest … highest)".to_owned());
        lines[0].push("aim".to_owned());
        for row in &self.rows {
            let mut cells = vec![row.figure.title()];
            cells.extend(row.values.iter().map(|(_, values)| row.cell(values)));
            cells.push(row.verdict());
            lines.push(cells);
        }
        let width = |column: usize| {
            lines
                .iter()
                .map(|cells| cells[column].chars().count())
                .max()
        };
        let widths: Vec<_> = (0..lines[0].len())
            .map(|column| width(column).unwrap_or_default())
            .collect();
        let mut table = String::new();
        for (number, cells) in lines.iter().enumerate() {
            for (cell, width) in cells.iter().zip(&widths) {
                // Writing to a string does not fail.
                let _ = write!(table, "| {cell:<width$} ");
            }
            table.push_str("|\n");
            if number == 0 {
                for width in &widths {
                    let _ = write!(table, "| {:-<width$} ", "");
                }
                table.push_str("|\n");
            }
        }
        table
    }
}

impl Row {
    fn cell(&self, values: &[f64]) -> String {
        let Some((lowest, median, highest)) = spread(values) else {
            return "–".to_owned();
        };
        let [lowest, median, highest] = [lowest, median, highest].map(short);
        let unit = self.figure.unit;
        format!("{median} {unit} ({lowest} … {highest})")
    }

    fn median_of(&self, contestant: Contestant) -> Option<f64> {
        let (_, values) = self.values.iter().find(|(one, _)| *one == contestant)?;
        spread(values).map(|(_, median, _)| median)
    }

    /// How the widget stands to the aim.
    fn verdict(&self) -> String {
        let (Some(aim), Some(ours)) = (self.figure.aim, self.median_of(Contestant::Railhead))
        else {
            return String::new();
        };
        let word = |reached| if reached { "reached" } else { "MISSED" };
        match (aim, self.median_of(Contestant::Preact)) {
            (Aim::AtMost(most), _) => format!("{} (≤ {most})", word(ours <= most)),
            (Aim::TimesPreact(most), Some(theirs)) => {
                let ratio = ours / theirs;
                format!("{}: {ratio:.2} × Preact (≤ {most})", word(ratio <= most))
            }
            (Aim::TimesPreact(_), None) => String::new(),
        }
    }
}

/// The lowest, the median and the highest value.
fn spread(values: &[f64]) -> Option<(f64, f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some((*sorted.first()?, sorted[sorted.len() / 2], *sorted.last()?))
}

/// Three digits that count.
fn short(value: f64) -> String {
    match value.abs() {
        size if !(0.05..100.0).contains(&size) => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(ours: [f64; 3], preact: [f64; 3]) -> Results {
        let mut results = Results::default();
        let figure = Figure::of_load("first service visible", "ms", Pace::Slow, 30);
        for (contestant, values) in [(Contestant::Railhead, ours), (Contestant::Preact, preact)] {
            for value in values {
                results.add(figure.clone(), contestant, value);
            }
        }
        results
    }

    #[test]
    fn medians_decide_whether_an_aim_is_reached() {
        let reached = results([700.0, 5_000.0, 720.0], [690.0, 680.0, 700.0]).table();
        assert!(
            reached.contains("reached: 1.04 × Preact (≤ 1.1)"),
            "{reached}"
        );
        let missed = results([900.0, 880.0, 500.0], [690.0, 680.0, 700.0]).table();
        assert!(missed.contains("MISSED: 1.28 × Preact"), "{missed}");
    }

    #[test]
    fn what_was_not_measured_is_not_made_up() {
        let table = results([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]).table();
        let row = table.lines().nth(2).unwrap_or_default();
        assert!(row.contains("| 2.00 ms (1.00 … 3.00) "), "{row}");
        assert_eq!(row.matches("| – ").count(), 2, "{row}");
    }
}
