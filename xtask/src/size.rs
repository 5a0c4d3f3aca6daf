//! Compares the size of what a visitor downloads with the budgets in size-budget.toml.

use crate::process::output;
use crate::requirement::Stage;
use crate::{Context, page, process, setup};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// A script that prints `raw gzip brotli` sizes of files.
const COMPRESS: &str = include_str!("compress.mjs");

/// Sizes in bytes; printed in kB of 1000 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// The maximum total sizes of some files, in bytes.
#[derive(Debug, PartialEq, Eq)]
struct Budget {
    gzip: u64,
    brotli: u64,
}

/// What files and folders of these names are fetched for, if at all; all others are fetched by
/// a first visit. As the budgets are called in size-budget.toml.
const FETCHED_LATER: [(&str, &[&str]); 4] = [
    (
        "texts",
        &["lesson-logs", "lessons.zh.json", "scenarios.txt", "zh.txt"],
    ),
    (
        "programs",
        &["hustings-interpreter.js", "hustings-interpreter_bg.wasm"],
    ),
    (
        "search",
        &[
            "hustings-searcher.js",
            "hustings-searcher_bg.wasm",
            "worker.js",
        ],
    ),
    (
        "logs",
        &["hustings-log-reader.js", "hustings-log-reader_bg.wasm"],
    ),
];
const FIRST_VISIT: &str = "first-visit";

/// The purpose of a file.
fn purpose(name: &str) -> &'static str {
    let outermost = name.split(['/', '\\']).next().unwrap_or(name);
    let later = FETCHED_LATER
        .iter()
        .find(|(_, names)| names.contains(&outermost));
    later.map_or(FIRST_VISIT, |(purpose, _)| purpose)
}

/// Builds the page for release and measures it.
pub fn run(context: &Context) -> Result<()> {
    let environment = setup::walk(context, Stage::Serve)?;
    let dist = page::build(context, &environment)?;
    measure(context, &dist)
}

/// Prints the sizes of a built page; fails if they exceed the budget.
pub fn measure(context: &Context, dist: &Path) -> Result<()> {
    let path = context.project.root.join("size-budget.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let files = files_in(dist)?;
    let sizes = sizes(&files)?;
    let names = files.iter().map(|file| {
        file.strip_prefix(dist)
            .unwrap_or(file)
            .display()
            .to_string()
    });
    let rows: Vec<(String, Sizes)> = names.zip(sizes).collect();
    let purposes = FETCHED_LATER.map(|(purpose, _)| purpose);
    for what in [FIRST_VISIT].into_iter().chain(purposes) {
        let rows = rows.iter().filter(|(name, _)| purpose(name) == what);
        let rows: Vec<_> = rows.cloned().collect();
        let total = total(&rows);
        print!("{}", table(&rows, total));
        println!("{}\n", verdict(what, total, &budget(&text, what)?)?);
    }
    Ok(())
}

fn files_in(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_in(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn sizes(files: &[PathBuf]) -> Result<Vec<Sizes>> {
    let mut node = process::program("node");
    node.args(["--input-type=module", "--eval", COMPRESS, "--"])
        .args(files);
    let said = output(&mut node).context("cannot compress the page")?;
    let sizes: Option<Vec<Sizes>> = said.lines().map(read_sizes).collect();
    let sizes = sizes.with_context(|| format!("these are not sizes: {said}"))?;
    ensure!(sizes.len() == files.len(), "not every file was measured");
    Ok(sizes)
}

fn read_sizes(line: &str) -> Option<Sizes> {
    let mut numbers = line.split(' ').map(|number| number.parse().ok());
    Some(Sizes {
        raw: numbers.next()??,
        gzip: numbers.next()??,
        brotli: numbers.next()??,
    })
}

fn total(rows: &[(String, Sizes)]) -> Sizes {
    rows.iter().fold(Sizes::default(), |sum, (_, one)| Sizes {
        raw: sum.raw + one.raw,
        gzip: sum.gzip + one.gzip,
        brotli: sum.brotli + one.brotli,
    })
}

fn budget(toml: &str, what: &str) -> Result<Budget> {
    let bytes = |unit: &str| -> Result<u64> {
        let key = format!("{what}-{unit}");
        let value = toml.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == key).then(|| value.trim())
        });
        let value = value.with_context(|| format!("size-budget.toml has no {key}"))?;
        let kilo: u64 = value
            .parse()
            .with_context(|| format!("{key} is not a number: {value}"))?;
        Ok(kilo * 1000)
    };
    Ok(Budget {
        gzip: bytes("gzip-kb")?,
        brotli: bytes("brotli-kb")?,
    })
}

fn table(rows: &[(String, Sizes)], total: Sizes) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let line = |name: &str, sizes: Sizes| {
        let (raw, gzip, brotli) = (kb(sizes.raw), kb(sizes.gzip), kb(sizes.brotli));
        format!("{name:width$}  {raw:>8}  {gzip:>8}  {brotli:>9}\n")
    };
    let mut text = format!(
        "{:width$}  {:>8}  {:>8}  {:>9}\n",
        "kB", "raw", "gzip -9", "brotli 11"
    );
    for (name, sizes) in rows {
        text.push_str(&line(name, *sizes));
    }
    text + &line("total", total)
}

fn verdict(what: &str, total: Sizes, budget: &Budget) -> Result<String> {
    let held = [
        ("gzip", total.gzip, budget.gzip),
        ("brotli", total.brotli, budget.brotli),
    ];
    for (name, have, limit) in held {
        ensure!(
            have <= limit,
            "{what} is {} kB by {name}, over its budget of {} kB (size-budget.toml)",
            kb(have),
            kb(limit)
        );
    }
    let told =
        held.map(|(name, have, limit)| format!("{} of {} kB by {name}", kb(have), kb(limit)));
    Ok(format!("{what}: within the budget, {}", told.join(", ")))
}

/// Bytes in kB with one decimal.
fn kb(bytes: u64) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget {
        gzip: 360_000,
        brotli: 290_000,
    };

    fn gzipped(gzip: u64) -> Sizes {
        Sizes {
            gzip,
            ..Sizes::default()
        }
    }

    #[test]
    fn the_budget_is_in_kilobytes_of_1000_bytes() {
        let text = "# a comment\na-gzip-kb = 360\na-brotli-kb = 290\nb-gzip-kb = 1\n";
        assert_eq!(budget(text, "a").unwrap(), BUDGET);
    }

    #[test]
    fn a_budget_that_is_not_a_number_is_named() {
        let text = budget("a-gzip-kb = much\n", "a").unwrap_err().to_string();
        assert_eq!(text, "a-gzip-kb is not a number: much");
        assert!(budget("", "a").is_err());
    }

    #[test]
    fn a_page_may_be_as_large_as_its_budget() {
        let sizes = |gzip, brotli| Sizes {
            raw: 0,
            gzip,
            brotli,
        };
        assert!(verdict("page", sizes(360_000, 290_000), &BUDGET).is_ok());
        assert!(verdict("page", sizes(360_001, 290_000), &BUDGET).is_err());
        assert!(verdict("page", sizes(360_000, 290_001), &BUDGET).is_err());
    }

    #[test]
    fn what_is_wanted_later_is_no_part_of_a_first_visit() {
        assert_eq!(purpose("hustings-interpreter_bg.wasm"), "programs");
        assert_eq!(purpose("hustings-searcher_bg.wasm"), "search");
        assert_eq!(purpose("hustings-log-reader_bg.wasm"), "logs");
        assert_eq!(purpose("hustings-page-0123_bg.wasm"), FIRST_VISIT);
    }

    #[test]
    fn the_table_ends_with_the_total() {
        let rows = vec![
            ("a.js".to_owned(), gzipped(1_500)),
            ("b.wasm".to_owned(), gzipped(2_000)),
        ];
        let text = table(&rows, total(&rows));
        let last: Vec<&str> = text
            .lines()
            .next_back()
            .unwrap()
            .split_whitespace()
            .collect();
        assert_eq!(last, ["total", "0.0", "3.5", "0.0"]);
    }
}
