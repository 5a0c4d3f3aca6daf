//! What came of the runs, as a table for people.

use hustings_lab::narrate::Lang;
use hustings_search::sample::{Summed, Table, heading, numbers, shares};
use hustings_search::told::{came_within, sample_means};

/// What came of the runs: times, elections, and the shares of runs by time.
pub(super) fn of(samples: &[Summed<'_>]) -> String {
    let lang = Lang::En;
    let mut table = heading(samples, lang) + "\n";
    table.push_str(&aligned(&numbers(samples, lang)));
    table.push_str(sample_means(lang));
    table.push('\n');
    if let Some(shares) = shares(samples) {
        table.push_str(&format!("\n{}\n", came_within(lang)));
        table.push_str(&aligned(&shares));
    }
    table
}

/// Rows in columns, the first of which is to the left and the others to the right.
fn aligned(table: &Table) -> String {
    let rows = || std::iter::once(&table.columns).chain(&table.rows);
    let width = |column: usize| {
        let cells = rows().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..table.columns.len()).map(width).collect();
    let mut text = String::new();
    for row in rows() {
        let mut line = String::new();
        for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
            match place {
                0 => line.push_str(&format!("{cell:<width$}")),
                _ => line.push_str(&format!("  {cell:>width$}")),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
