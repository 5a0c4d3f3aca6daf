//! `hustings link` and `hustings unlink`.

use std::io::{self, Write};
use std::path::Path;

use hustings_lab::{Script, link};

use crate::diagnostic;
use crate::library::TerminalLibrary;
use crate::output::Output;
use crate::run;
use crate::servers::Servers;
use crate::verdict::Verdict;

/// Prints the run of a script as a link; `page` is the page's address, or empty.
pub(crate) fn link(
    file: &Path,
    page: &str,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    let Some((outcome, verdict)) = run::play_one(file, servers, output)? else {
        return Ok(Verdict::Unreadable);
    };
    match link::pack(&outcome.run, &servers.library) {
        Ok(text) => {
            let page = page.trim_end_matches('#');
            writeln!(output.out(), "{page}#{text}")?;
            Ok(verdict)
        }
        Err(error) => refuse(&error.to_string(), output),
    }
}

/// Prints the run of a link as a script.
pub(crate) fn unlink(link: &str, output: &mut Output) -> io::Result<Verdict> {
    match link::follow_with(link, &TerminalLibrary::default()) {
        Ok(run) => {
            write!(output.out(), "{}", Script::of(&run))?;
            Ok(Verdict::Passed)
        }
        Err(error) => refuse(&error.to_string(), output),
    }
}

fn refuse(message: &str, output: &mut Output) -> io::Result<Verdict> {
    writeln!(output.err()?, "{}\n", diagnostic::plain(message))?;
    Ok(Verdict::Unreadable)
}
