//! Runs named steps in sequence and reports their durations.

use crate::process::took;
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// The steps that ran, with their durations.
#[derive(Default)]
pub struct Report {
    rows: Vec<(String, Duration)>,
}

impl Report {
    /// Runs a step under a heading; `alone` is the command that runs only this step.
    pub fn step(
        &mut self,
        name: &str,
        alone: &str,
        step: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = step();
        let time = start.elapsed();
        if let Err(cause) = result {
            let time = took(time);
            bail!("{name} failed after {time}: {cause:#}\n  to run only that: {alone}");
        }
        self.rows.push((name.to_owned(), time));
        Ok(())
    }

    /// Prints the duration of each step and the total.
    pub fn print(&self) {
        print!("\n{}", self.text());
    }

    fn text(&self) -> String {
        let width = self
            .rows
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        let total: Duration = self.rows.iter().map(|(_, time)| *time).sum();
        let line = |name: &str, time: Duration| format!("{name:width$}  {}\n", took(time));
        let rows = self.rows.iter().map(|(name, time)| line(name, *time));
        rows.chain([line("total", total)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_names_itself_and_how_to_run_it_alone() {
        let error = Report::default().step("wasm", "cargo xtask test wasm", || bail!("it broke"));
        let text = format!("{:#}", error.unwrap_err());
        assert!(text.starts_with("wasm failed after "), "{text}");
        assert!(text.contains(": it broke\n"), "{text}");
        assert!(text.ends_with("cargo xtask test wasm"), "{text}");
    }

    #[test]
    fn the_report_ends_with_the_total() {
        let seconds = Duration::from_secs;
        let rows = vec![
            ("a".to_owned(), seconds(61)),
            ("long".to_owned(), seconds(2)),
        ];
        let report = Report { rows };
        assert_eq!(
            report.text(),
            "a     1 min 1 s\nlong  2.0 s\ntotal  1 min 3 s\n"
        );
    }
}
