//! Mermaid's sequence diagrams: the messages that arrived or were lost, in order.

use std::fmt::Write;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Change, Event, Flight, Record, RecordId, Run, Told, Transcript};
use hustings_raft::{Reason, Timer};

use super::{ended, one_line};

/// The run as a sequence diagram.
pub(super) fn write(run: &Run) -> String {
    let mut text = String::new();
    let title = one_line(&run.header().title);
    if !title.is_empty() {
        let _ = writeln!(text, "---\ntitle: {}\n---", quoted(&title));
    }
    text.push_str("sequenceDiagram\n");
    for id in run.ids().iter() {
        let _ = writeln!(text, "    participant {id}");
    }
    let all = everyone(run);
    let transcript = Transcript::of(run);
    for rule in run.header().broken.iter() {
        let _ = writeln!(text, "    Note over {all}: broken rule {}", rule.name());
    }
    for (id, record) in run.records().iter() {
        let failed = failed(&transcript, id, record);
        let others = beside(&transcript, id, record, &all);
        for line in failed.into_iter().chain(lines(record, &all)).chain(others) {
            let _ = writeln!(text, "    {line}");
        }
        for violation in run.violations().iter().filter(|it| it.record == id) {
            let what = plain(violation.invariant().name());
            let _ = writeln!(
                text,
                "    Note over {}: ‼ {what} is violated",
                everyone(run)
            );
        }
    }
    for flight in run.in_flight() {
        let (name, over) = (narrate::marked_name(flight, Lang::En), over(flight));
        let held = if run.is_held(flight.id) {
            " (held)"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "    Note over {over}: in flight at the end: {name}{held}"
        );
    }
    text
}

fn everyone(run: &Run) -> String {
    let (first, last) = (run.ids().iter().next(), run.ids().iter().last());
    match first.zip(last) {
        Some((first, last)) if first != last => format!("{first},{last}"),
        Some((only, _)) => only.to_string(),
        None => String::new(),
    }
}

/// The election that a record ended without a winner.
fn failed(transcript: &Transcript, id: RecordId, record: &Record) -> Option<String> {
    let Told::Record {
        failed: Some(tally),
        ..
    } = &transcript.about(id)?.told
    else {
        return None;
    };
    let (server, what) = (record.event.server()?, narrate::tally(tally, Lang::En));
    Some(format!("Note over {server}: {}", plain(&what)))
}

/// Notes with information that is not in the record.
fn beside(transcript: &Transcript, id: RecordId, record: &Record, all: &str) -> Vec<String> {
    let told = transcript.about(id).map(|item| &item.told);
    let sentences = told.map(|told| narrate::beside(told, &record.event, Lang::En));
    let notes = sentences.into_iter().flatten();
    notes
        .map(|what| format!("Note over {all}: {}", plain(&what)))
        .collect()
}

/// The two servers of a message.
fn over(flight: &Flight) -> String {
    format!("{},{}", flight.link.from, flight.link.to)
}

fn lines(record: &Record, all: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((flight, arrived)) = ended(&record.event) {
        // The arrow of a lost message ends in a cross.
        let arrow = if arrived { "->>" } else { "-x" };
        let (from, to) = (flight.link.from, flight.link.to);
        let mut what = format!(
            "{}: {}",
            flight.message.kind(),
            narrate::message(&flight.message, Lang::En)
        );
        for (is_so, mark) in [
            (flight.copy_of.is_some(), " (a copy)"),
            (flight.forged, " (forged)"),
        ] {
            if is_so {
                what.push_str(mark);
            }
        }
        if let Event::Lost { cause, .. } = record.event {
            let why = narrate::loss(cause, flight, Lang::En);
            what.push_str(&format!(" (lost: {why})"));
        }
        lines.push(format!("{from}{arrow}{to}: {}", plain(&what)));
    }
    if tells(&record.event) {
        let who = record.event.server();
        let over = who.map_or_else(|| all.to_owned(), |server| server.to_string());
        lines.push(format!(
            "Note over {over}: {}",
            plain(&narrate::event(&record.event, Lang::En))
        ));
    }
    if let Some(server) = record.event.server() {
        let disk = narrate::about_disk(record, Lang::En).into_iter();
        let told = disk.chain(narrate::printed(record, Lang::En));
        lines.extend(told.map(|what| format!("Note over {server}: {}", plain(&what))));
        let notes = roles(record).chain(commits(record)).chain(answers(record));
        lines.extend(notes.map(|what| format!("Note over {server}: {what}")));
    }
    lines
}

/// The new role of a server, with the term.
fn roles(record: &Record) -> impl Iterator<Item = String> {
    record.reasons.iter().filter_map(|reason| match reason {
        Reason::ElectionStarted { term, .. } => Some(format!("candidate in term {term}")),
        Reason::PreVoteStarted { term, .. } => Some(format!("pre-candidate for term {term}")),
        Reason::ElectionWon { term, .. } | Reason::ElectionSkipped { term } => {
            Some(format!("leader of term {term}"))
        }
        Reason::SteppedDown { role, .. } => Some(format!("follower, no longer {}", role.name())),
        _ => None,
    })
}

/// The new commit index of a server, if it rose; a crash resets it.
fn commits(record: &Record) -> impl Iterator<Item = String> {
    let crashed = matches!(record.event, Event::Crashed { .. });
    let changes = record.changes.iter().filter(move |_| !crashed);
    changes.filter_map(|change| match change {
        Change::Commit { new, .. } => Some(format!("commit index {new}")),
        _ => None,
    })
}

fn answers(record: &Record) -> impl Iterator<Item = String> {
    let answers = narrate::answers(record, Lang::En).into_iter();
    answers.map(|what| plain(&what))
}

/// Whether an event gets a note beside the messages.
fn tells(event: &Event) -> bool {
    match event {
        Event::TimerFired { timer, .. } => *timer != Timer::Heartbeat,
        Event::Started(_)
        | Event::Delivered(_)
        | Event::Lost { .. }
        | Event::WriteDone { .. }
        | Event::Waited(_) => false,
        _ => true,
    }
}

/// Text without the characters that are syntax in Mermaid.
fn plain(text: &str) -> String {
    one_line(text)
        .replace('#', "#35;")
        .replace(';', "#59;")
        .replace("#35#59;", "#35;")
}

/// A quoted YAML string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
