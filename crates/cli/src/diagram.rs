//! `hustings diagram`: the space-time diagram of a run in several formats.

mod mermaid;
mod shiviz;
mod svg;

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use hustings_lab::{Event, Flight};

use crate::output::Output;
use crate::run;
use crate::servers::Servers;
use crate::verdict::Verdict;

/// The output format of a diagram.
#[derive(Clone, Copy, ValueEnum, Debug)]
pub(crate) enum Format {
    /// A standalone SVG, for slides and articles.
    Svg,
    /// A sequence diagram for Markdown, in Mermaid's language.
    Mermaid,
    /// A log with vector clocks, as ShiViz reads it.
    Shiviz,
}

/// Runs a script and prints its diagram.
pub(crate) fn diagram(
    file: &Path,
    format: Format,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    let Some((outcome, verdict)) = run::play_one(file, servers, output)? else {
        return Ok(Verdict::Unreadable);
    };
    let run = &outcome.run;
    let text = match format {
        Format::Svg => svg::draw(run),
        Format::Mermaid => mermaid::write(run),
        Format::Shiviz => shiviz::write(run),
    };
    output.out().write_all(text.as_bytes())?;
    Ok(verdict)
}

/// The message that an event delivers or loses, and whether it is delivered.
fn ended(event: &Event) -> Option<(&Flight, bool)> {
    match event {
        Event::Delivered(flight) => Some((flight, true)),
        Event::Lost { flight, .. } => Some((flight, false)),
        _ => None,
    }
}

/// Text without line breaks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
