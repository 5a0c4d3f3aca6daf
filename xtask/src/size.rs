//! What a visitor downloads, held against the budget in size-budget.toml.

use crate::process::output;
use crate::requirement::Stage;
use crate::{Context, page, process, setup};
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// Compresses the files it is given and prints `raw gzip brotli` for each.
const COMPRESS: &str = include_str!("compress.mjs");

/// Bytes, in kB of 1000 when printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct Budget {
    /// All files together, compressed by gzip, may not be larger: bytes.
    limit: u64,
    /// What we would like: bytes.
    aim: u64,
}

/// Builds the page for release and measures it.
pub fn run(context: &Context) -> Result<()> {
    let environment = setup::walk(context, Stage::Serve)?;
    let dist = page::build(context, &environment)?;
    measure(context, &dist)
}

/// Prints the sizes of a built page; an error if it is over the budget.
pub fn measure(context: &Context, dist: &Path) -> Result<()> {
    let path = context.project.root.join("size-budget.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let budget = budget(&text)?;
    let files = files_in(dist)?;
    let sizes = sizes(&files)?;
    let names = files.iter().map(|file| {
        file.strip_prefix(dist)
            .unwrap_or(file)
            .display()
            .to_string()
    });
    let rows: Vec<(String, Sizes)> = names.zip(sizes).collect();
    let total = total(&rows);
    print!("{}", table(&rows, total));
    println!("{}", verdict(total, &budget)?);
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

fn budget(toml: &str) -> Result<Budget> {
    let bytes = |key: &str| -> Result<u64> {
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
        limit: bytes("gzip-limit-kb")?,
        aim: bytes("gzip-aim-kb")?,
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
    text + &line("in all", total)
}

fn verdict(total: Sizes, budget: &Budget) -> Result<String> {
    let (have, limit, aim) = (kb(total.gzip), kb(budget.limit), kb(budget.aim));
    if total.gzip > budget.limit {
        bail!("the page is {have} kB by gzip, over its budget of {limit} kB (size-budget.toml)");
    }
    let aimed = if total.gzip <= budget.aim {
        "within"
    } else {
        "over"
    };
    Ok(format!(
        "{have} kB by gzip: within the budget of {limit} kB, {aimed} the aim of {aim} kB"
    ))
}

/// Bytes in kB with one digit after the point.
fn kb(bytes: u64) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget {
        limit: 200_000,
        aim: 134_000,
    };

    fn gzipped(gzip: u64) -> Sizes {
        Sizes {
            gzip,
            ..Sizes::default()
        }
    }

    #[test]
    fn the_budget_is_read_in_kilobytes_of_a_thousand() {
        let text = "# a comment\ngzip-limit-kb = 200\ngzip-aim-kb = 134\n";
        assert_eq!(budget(text).unwrap(), BUDGET);
    }

    #[test]
    fn a_budget_that_is_not_a_number_is_named() {
        let text = budget("gzip-limit-kb = much\n").unwrap_err().to_string();
        assert_eq!(text, "gzip-limit-kb is not a number: much");
        assert!(budget("").is_err());
    }

    #[test]
    fn a_page_may_be_as_large_as_its_budget_and_no_larger() {
        assert!(verdict(gzipped(200_000), &BUDGET).is_ok());
        assert!(verdict(gzipped(200_001), &BUDGET).is_err());
    }

    #[test]
    fn missing_the_aim_is_said_but_no_failure() {
        assert!(
            verdict(gzipped(134_000), &BUDGET)
                .unwrap()
                .contains("within the aim")
        );
        assert!(
            verdict(gzipped(134_001), &BUDGET)
                .unwrap()
                .contains("over the aim")
        );
    }

    #[test]
    fn the_table_ends_with_the_sum_of_all_files() {
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
        assert_eq!(last, ["in", "all", "0.0", "3.5", "0.0"]);
    }
}
