//! `hustings check-server`: walks a server through its first messages.

use std::io::{self, Write};

use annotate_snippets::normalize_untrusted_str;
use hustings_programs::lines::{Checked, Turns, check};

use crate::args::TimeoutArgs;
use crate::diagnostic;
use crate::output::Output;
use crate::servers;
use crate::verdict::Verdict;

/// Checks a server, and prints each thing that it should do, and what it does instead.
pub(crate) fn check_server(
    command: &str,
    timeout: &TimeoutArgs,
    output: &mut Output,
) -> io::Result<Verdict> {
    let lines = match servers::lines(command, timeout, true, Turns::default()) {
        Ok(lines) => lines,
        Err(error) => {
            writeln!(output.err()?, "{}\n", diagnostic::plain(&error))?;
            return Ok(Verdict::Unreadable);
        }
    };
    let (mut right, mut all) = (0, 0);
    let mut last: Option<String> = None;
    for Checked { what, result } in check(&lines) {
        all += 1;
        let out = output.out();
        match result {
            Ok(()) => {
                right += 1;
                writeln!(out, "✓ {what}")?;
            }
            Err(wrong) => {
                writeln!(out, "✗ {what}")?;
                writeln!(out, "    expected: {}", wrong.expected)?;
                let came = Some(normalize_untrusted_str(&wrong.came));
                let shown = came.as_deref().filter(|_| came != last);
                writeln!(
                    out,
                    "    came:     {}",
                    shown.unwrap_or("the same as above")
                )?;
                last = came;
            }
        }
        out.flush()?;
    }
    if all > 1 {
        writeln!(output.out(), "\n{right} of {all}")?;
    }
    Ok(if right == all {
        Verdict::Passed
    } else {
        Verdict::Failed
    })
}
