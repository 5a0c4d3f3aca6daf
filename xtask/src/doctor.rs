//! Prints the table of requirements with what was found on this machine.

use crate::Context;
use crate::requirement::{Found, Requirement};
use crate::table::TABLE;
use anyhow::Result;
use std::process::ExitCode;

struct Row {
    name: &'static str,
    found: String,
    wanted: String,
    place: String,
    cure: Option<String>,
}

/// Looks for all requirements without changing anything; fails if one is missing.
pub fn run(context: &Context) -> Result<ExitCode> {
    let rows: Vec<Row> = TABLE
        .iter()
        .map(|need| row(context, need, (need.look)(context)))
        .collect();
    print!("{}", table(&rows));
    let cures: Vec<String> = rows
        .iter()
        .filter_map(|row| Some(format!("{}: {}", row.name, row.cure.as_ref()?)))
        .collect();
    if cures.is_empty() {
        println!("\nEverything is in place.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n`cargo xtask setup` gets what is missing. By hand:");
    for cure in cures {
        println!("  {cure}");
    }
    Ok(ExitCode::FAILURE)
}

fn row(context: &Context, need: &Requirement, looked: Result<Found>) -> Row {
    let wanted = (need.wanted)(&context.project);
    match looked {
        Ok(found) => Row {
            name: need.name,
            found: found.version,
            wanted,
            place: found.place.display().to_string(),
            cure: None,
        },
        Err(missing) => Row {
            name: need.name,
            found: "MISSING".to_owned(),
            wanted,
            place: format!("{missing:#}"),
            cure: Some((need.cure)(&context.project)),
        },
    }
}

fn table(rows: &[Row]) -> String {
    let width = |cell: fn(&Row) -> &str, title: &str| {
        let widest = rows.iter().map(|row| cell(row).chars().count()).max();
        widest.unwrap_or(0).max(title.len())
    };
    let tool = width(|row| row.name, "tool");
    let found = width(|row| &row.found, "found");
    let wanted = width(|row| &row.wanted, "wanted");
    let line =
        |a: &str, b: &str, c: &str, d: &str| format!("{a:tool$}  {b:found$}  {c:wanted$}  {d}\n");
    let mut text = line("tool", "found", "wanted", "where");
    for row in rows {
        text.push_str(&line(row.name, &row.found, &row.wanted, &row.place));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_the_table_line_up() {
        let row = |name, found: &str| Row {
            name,
            found: found.to_owned(),
            wanted: "1".to_owned(),
            place: "here".to_owned(),
            cure: None,
        };
        let text = table(&[row("node", "20.20.2"), row("wasm-bindgen", "0.2")]);
        let columns: Vec<_> = text.lines().map(|line| line.find("here")).collect();
        assert_eq!(columns[1], columns[2]);
        assert_eq!(
            text.lines().next().and_then(|line| line.find("where")),
            columns[1]
        );
    }
}
