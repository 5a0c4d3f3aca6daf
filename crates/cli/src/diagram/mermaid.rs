//! Mermaid's sequence diagrams: what arrived or was lost, in order.

use std::fmt::Write;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Change, Event, Lab, Record, RecordId, Told, Transcript};
use hustings_raft::{RoleName, Timer};

use super::{ended, one_line};

/// The run as a sequence diagram.
pub(super) fn write(lab: &Lab) -> String {
    let mut text = String::new();
    let title = one_line(&lab.header().title);
    if !title.is_empty() {
        let _ = writeln!(text, "---\ntitle: {}\n---", quoted(&title));
    }
    text.push_str("sequenceDiagram\n");
    for id in lab.ids().iter() {
        let _ = writeln!(text, "    participant {id}");
    }
    let all = everyone(lab);
    let transcript = Transcript::of(lab);
    for (id, record) in lab.records().iter() {
        let failed = failed(&transcript, id, record);
        for line in failed.into_iter().chain(lines(record, &all)) {
            let _ = writeln!(text, "    {line}");
        }
        for violation in lab.violations().iter().filter(|it| it.record == id) {
            let what = plain(violation.invariant().name());
            let _ = writeln!(
                text,
                "    Note over {}: ‼ {what} is violated",
                everyone(lab)
            );
        }
    }
    text
}

fn everyone(lab: &Lab) -> String {
    let (first, last) = (lab.ids().iter().next(), lab.ids().iter().last());
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
    } = &transcript.about(id)?.told
    else {
        return None;
    };
    let (server, what) = (record.event.server()?, narrate::tally(tally, Lang::En));
    Some(format!("Note over {server}: {}", plain(&what)))
}

fn lines(record: &Record, all: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((flight, arrived)) = ended(&record.event) {
        // A cross at the end of the arrow says that the message is lost.
        let arrow = if arrived { "->>" } else { "-x" };
        let (from, to) = (flight.link.from, flight.link.to);
        let mut what = format!(
            "{}: {}",
            flight.message.kind(),
            narrate::message(&flight.message, Lang::En)
        );
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
    let disk = narrate::about_disk(record, Lang::En);
    if let Some((server, what)) = record.event.server().zip(disk) {
        lines.push(format!("Note over {server}: {}", plain(&what)));
    }
    if let Some(server) = record.event.server() {
        let became = record.changes.iter().filter_map(|change| match change {
            Change::Role { new, .. } if *new != RoleName::Follower => Some(new.name().to_owned()),
            Change::Commit { new, .. } => Some(format!("commit index {new}")),
            _ => None,
        });
        lines.extend(became.map(|what| format!("Note over {server}: {what}")));
    }
    lines
}

/// What is told beside the messages.
fn tells(event: &Event) -> bool {
    match event {
        Event::TimerFired { timer, .. } => *timer != Timer::Heartbeat,
        Event::Started(_)
        | Event::Delivered(_)
        | Event::Lost { .. }
        | Event::WriteDone { .. }
        | Event::Held(_)
        | Event::Released(_)
        | Event::Waited(_) => false,
        _ => true,
    }
}

/// Text without what has a meaning in Mermaid's lines.
fn plain(text: &str) -> String {
    one_line(text)
        .replace('#', "#35;")
        .replace(';', "#59;")
        .replace("#35#59;", "#35;")
}

/// A string of YAML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
