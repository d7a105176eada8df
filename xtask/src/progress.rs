//! What the commands print about themselves: headings, findings and how long things took.

use std::fmt;
use std::io::{IsTerminal, stdout};
use std::time::{Duration, Instant};

/// Measures a piece of work.
#[derive(Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one clock of the developer's commands"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The time since the start, for people.
    pub(crate) fn reading(&self) -> Reading {
        Reading(self.elapsed())
    }
}

/// A duration as people read it: `0.4 s`, `12.3 s`, `3 min 05 s`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading(pub(crate) Duration);

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let text = if seconds < 60 {
            format!("{:.1} s", self.0.as_secs_f64())
        } else {
            format!("{} min {:02} s", seconds / 60, seconds % 60)
        };
        f.pad(&text)
    }
}

/// A way to set a word apart on a terminal; plain text elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Headings.
    Bold,
    /// What went well.
    Green,
    /// What failed.
    Red,
    /// What matters less.
    Dim,
}

/// Colours a word when standard output is a terminal.
pub(crate) fn ink(ink: Ink, text: impl fmt::Display) -> String {
    if !coloured() {
        return text.to_string();
    }
    let code = match ink {
        Ink::Bold => 1,
        Ink::Dim => 2,
        Ink::Red => 31,
        Ink::Green => 32,
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Whether colours are wanted.
pub(crate) fn coloured() -> bool {
    stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A heading before a step's own output.
pub(crate) fn heading(text: &str) {
    println!("\n{}", ink(Ink::Bold, format!("── {text} ──")));
}

/// Something found or done.
pub(crate) fn done(text: impl fmt::Display) {
    println!("   {} {text}", ink(Ink::Green, "✓"));
}

/// Something that is about to take a while.
pub(crate) fn busy(text: impl fmt::Display) {
    println!("   {} {text}", ink(Ink::Dim, "…"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_times_have_tenths_and_long_ones_minutes() {
        assert_eq!(Reading(Duration::from_millis(12_340)).to_string(), "12.3 s");
        assert_eq!(Reading(Duration::from_secs(185)).to_string(), "3 min 05 s");
    }
}
