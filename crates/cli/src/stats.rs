//! `hustings stats`: how a run went, in numbers.

use std::io::{self, Write};
use std::path::Path;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Run, Statistics};

use crate::output::Output;
use crate::run;
use crate::servers::Servers;
use crate::verdict::Verdict;

/// Runs a script and prints its statistics.
pub(crate) fn stats(file: &Path, servers: &Servers, output: &mut Output) -> io::Result<Verdict> {
    let Some((outcome, verdict)) = run::play_one(file, servers, output)? else {
        return Ok(Verdict::Unreadable);
    };
    output.out().write_all(table(&outcome.run).as_bytes())?;
    Ok(verdict)
}

fn table(run: &Run) -> String {
    let numbers = Statistics::of(run);
    let lines = narrate::statistics(&numbers, Lang::En);
    let width = lines.iter().map(|(what, _)| what.len()).max();
    let width = width.unwrap_or_default();
    let mut table = String::new();
    for (what, value) in lines {
        table.push_str(&format!("{what:<width$}  {value}\n"));
    }
    let [kind, sent, arrived, lost] = narrate::message_columns(Lang::En);
    table.push_str(&format!("\n{kind:<18} {sent:>8} {arrived:>8} {lost:>8}\n"));
    for (kind, it) in numbers.messages.iter() {
        let (kind, sent, arrived, lost) = (kind.name(), it.sent, it.arrived, it.lost);
        table.push_str(&format!("{kind:<18} {sent:>8} {arrived:>8} {lost:>8}\n"));
    }
    table
}
