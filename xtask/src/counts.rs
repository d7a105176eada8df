//! How many tests ran, read from the closing lines of cargo, wasm-bindgen and node.

use std::fmt;
use std::ops::AddAssign;

/// Tests by how they ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Those that passed.
    pub(crate) passed: u64,
    /// Those that failed.
    pub(crate) failed: u64,
    /// Those that were not run.
    pub(crate) skipped: u64,
    /// Those among the passed that passed only when they were run again.
    pub(crate) unstable: u64,
}

impl Counts {
    /// Adds up every result line in a runner's output.
    pub(crate) fn read(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines() {
            let line = without_colours(line);
            let line = line.trim();
            if let Some(result) = line.strip_prefix("test result:") {
                counts += cargo_result(result);
            } else if let Some(rest) = line.strip_prefix("# ").or(line.strip_prefix("ℹ ")) {
                counts += node_result(rest);
            }
        }
        counts
    }

    /// Whether anything ran at all.
    pub(crate) fn none_ran(self) -> bool {
        self.passed + self.failed == 0
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.unstable += other.unstable;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        if self.unstable > 0 {
            write!(f, ", {} UNSTABLE", self.unstable)?;
        }
        Ok(())
    }
}

/// `ok. 12 passed; 0 failed; 1 ignored; …`
fn cargo_result(line: &str) -> Counts {
    let mut counts = Counts::default();
    for part in line.split([';', '.']) {
        let mut words = part.split_whitespace();
        let (Some(Ok(number)), Some(what)) = (words.next().map(str::parse::<u64>), words.next())
        else {
            continue;
        };
        match what {
            "passed" => counts.passed += number,
            "failed" => counts.failed += number,
            "ignored" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

/// `pass 12`, `fail 0`, `skipped 0`, one a line.
fn node_result(line: &str) -> Counts {
    let mut counts = Counts::default();
    let mut words = line.split_whitespace();
    if let (Some(what), Some(Ok(number)), None) = (
        words.next(),
        words.next().map(str::parse::<u64>),
        words.next(),
    ) {
        match what {
            "pass" => counts.passed = number,
            "fail" | "cancelled" => counts.failed = number,
            "skipped" | "todo" => counts.skipped = number,
            _ => {}
        }
    }
    counts
}

pub(crate) fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // ESC [ … letter
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_the_binaries_of_cargo_test() {
        let output = "running 2 tests\ntest a ... ok\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: \u{1b}[31mFAILED\u{1b}[0m. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.21s\n";
        assert_eq!(
            Counts::read(output),
            Counts {
                passed: 5,
                failed: 1,
                skipped: 1,
                ..Counts::default()
            }
        );
    }

    #[test]
    fn reads_both_reporters_of_node() {
        let tap = "# tests 4\n# suites 0\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 0\n";
        let spec = "ℹ tests 2\n\u{1b}[34mℹ pass 2\u{1b}[39m\nℹ fail 0\nℹ duration_ms 80.5\n";
        assert_eq!(
            Counts::read(tap),
            Counts {
                passed: 3,
                failed: 1,
                skipped: 0,
                ..Counts::default()
            }
        );
        assert_eq!(
            Counts::read(spec),
            Counts {
                passed: 2,
                failed: 0,
                skipped: 0,
                ..Counts::default()
            }
        );
    }

    #[test]
    fn a_run_without_result_lines_ran_nothing() {
        assert!(Counts::read("Finished `test` profile\n").none_ran());
        assert!(Counts::read("test result: ok. 0 passed; 0 failed; 0 ignored").none_ran());
    }

    #[test]
    fn the_closing_line_is_plain() {
        let mut counts = Counts {
            passed: 3,
            failed: 0,
            skipped: 0,
            ..Counts::default()
        };
        assert_eq!(counts.to_string(), "3 passed, 0 failed");
        counts.skipped = 1;
        assert_eq!(counts.to_string(), "3 passed, 0 failed, 1 skipped");
    }
}
