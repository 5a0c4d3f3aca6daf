//! `hustings fmt`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hustings_lab::Script;

use crate::diagnostic;
use crate::library::TerminalLibrary;
use crate::output::Output;
use crate::run::{self, Style};
use crate::verdict::Verdict;

/// Formats scripts, or with `check` only lists those that are not formatted.
pub(crate) fn fmt(files: &[PathBuf], check: bool, output: &mut Output) -> io::Result<Verdict> {
    let mut worst = Verdict::Passed;
    for file in files {
        worst = worst.max(fmt_one(file, check, output)?);
    }
    Ok(worst)
}

fn fmt_one(file: &Path, check: bool, output: &mut Output) -> io::Result<Verdict> {
    let library = TerminalLibrary::default();
    let Some((source, _)) = run::read(file, &library, Style::Quiet, output)? else {
        return Ok(Verdict::Unreadable);
    };
    // It parses, so it can be formatted.
    let formatted = Script::format_with(&source.text, &library);
    let formatted = formatted.unwrap_or_else(|_| source.text.clone());
    let changes = formatted != source.text;
    if check {
        if changes {
            let name = &source.name;
            writeln!(
                output.out(),
                "{name} is not formatted: run `hustings fmt` on it"
            )?;
            return Ok(Verdict::Failed);
        }
    } else if file == Path::new("-") {
        output.out().write_all(formatted.as_bytes())?;
    } else if changes && let Err(error) = std::fs::write(file, formatted) {
        let message = format!("cannot write {}: {error}", source.name);
        writeln!(output.err()?, "{}\n", diagnostic::plain(&message))?;
        return Ok(Verdict::Unreadable);
    }
    Ok(Verdict::Passed)
}
