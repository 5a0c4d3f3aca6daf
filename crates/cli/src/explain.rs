//! `hustings explain`: a transcript with the reasons.

use std::io::{self, Write};
use std::path::Path;

use hustings_lab::narrate::{self, Lang, Weight};
use hustings_lab::{Event, Lab, Record};
use hustings_raft::Reason;

use crate::output::Output;
use crate::run;
use crate::verdict::Verdict;

/// Plays a script and tells what happened; routine only if `all`.
pub(crate) fn explain(file: &Path, all: bool, output: &mut Output) -> io::Result<Verdict> {
    let Some((outcome, verdict)) = run::play_one(file, output)? else {
        return Ok(Verdict::Unreadable);
    };
    let transcript = transcript(&outcome.lab, all);
    output.out().write_all(transcript.as_bytes())?;
    Ok(verdict)
}

/// How wide the column of the times is at least.
const TIME_WIDTH_MIN: usize = 8;

fn transcript(lab: &Lab, all: bool) -> String {
    let mut text = String::new();
    let title = &lab.header().title;
    if !title.is_empty() {
        text.push_str(&format!("{title}\n"));
    }
    for rule in lab.header().broken.iter() {
        let statement = narrate::broken(rule, Lang::En);
        text.push_str(&format!("Without a rule: {statement}\n"));
    }
    // The longest time is the last one.
    let width = lab.now().to_string().len().max(TIME_WIDTH_MIN);
    for (id, record) in lab.records().iter() {
        if all || narrate::weight(record) > Weight::Routine {
            tell(record, all, width, &mut text);
        }
        for violation in lab.violations() {
            if violation.record == id {
                let name = violation.invariant().name();
                let sentence = narrate::violation(violation, Lang::En);
                text.push_str(&format!("    !! {name} is violated: {sentence}\n"));
            }
        }
    }
    annotate_snippets::normalize_untrusted_str(&text)
}

/// One paragraph: when and what, then why and what came of it.
fn tell(record: &Record, all: bool, width: usize, text: &mut String) {
    if let Event::Noted(note) = &record.event {
        text.push_str(&format!("\n{note}\n"));
        return;
    }
    let (at, below) = (record.at.to_string(), " ".repeat(width + 2));
    let event = narrate::event(&record.event, Lang::En);
    text.push_str(&format!("{at:>width$}  {event}\n"));
    if let Some(server) = record.event.server() {
        for reason in record.reasons.iter().filter(|reason| all || tells(reason)) {
            let (sentence, source) = (
                narrate::explain(server, reason, Lang::En),
                reason.rule().source(),
            );
            text.push_str(&format!("{below}{sentence} [{source}]\n"));
        }
    }
    for flight in &record.sent {
        let (name, what) = (
            narrate::flight_name(flight, Lang::En),
            narrate::message(&flight.message, Lang::En),
        );
        text.push_str(&format!("{below}-> {name}: {what}\n"));
    }
}

/// Timers that are started tell a story only to those who want all of it.
fn tells(reason: &Reason) -> bool {
    !matches!(reason, Reason::TimerArmed { .. })
}
