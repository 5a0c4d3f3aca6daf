//! `hustings explain`: a transcript with the reasons.

use std::io::{self, Write};
use std::path::Path;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Event, Item, Lab, Record, RecordId, Told, Transcript, WaitingMessage};
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
        let name = rule.name();
        text.push_str(&format!("Broken rule {name}: {statement}\n"));
    }
    // The longest time is the last one.
    let width = lab.now().to_string().len().max(TIME_WIDTH_MIN);
    let transcript = Transcript::of(lab);
    for (id, record) in lab.records().iter() {
        match transcript.about(id) {
            Some(item) if !all && sums_up(item) && item.first == id => {
                sum_up(item, lab, width, &mut text);
            }
            Some(item) if !all && sums_up(item) => {}
            Some(item) => tell(record, told_of(item, id), all, width, &mut text),
            None if all => tell(record, None, all, width, &mut text),
            None => {}
        }
        tell_violations(lab, id, &mut text);
    }
    for tally in transcript.undecided(lab) {
        let (now, sentence) = (lab.now().to_string(), narrate::tally(&tally, Lang::En));
        text.push_str(&format!("{now:>width$}  {sentence}\n"));
    }
    annotate_snippets::normalize_untrusted_str(&text)
}

fn sums_up(item: &Item) -> bool {
    !matches!(item.told, Told::Record { .. })
}

/// What is told of a record beside what it knows itself.
fn told_of(item: &Item, id: RecordId) -> Option<&Told> {
    (item.first == id).then_some(&item.told)
}

/// Several records in one paragraph.
fn sum_up(item: &Item, lab: &Lab, width: usize, text: &mut String) {
    let at = lab.records().get(item.first).map(|record| record.at);
    let at = at.unwrap_or_default().to_string();
    let told = narrate::told_at_once(item, lab.records(), Lang::En);
    text.push_str(&format!("{at:>width$}  {told}\n"));
}

fn tell_violations(lab: &Lab, id: RecordId, text: &mut String) {
    for violation in lab.violations().iter().filter(|it| it.record == id) {
        let name = violation.invariant().name();
        let sentence = narrate::violation(violation, Lang::En);
        text.push_str(&format!("    !! {name} is violated: {sentence}\n"));
    }
}

/// One paragraph: when and what, then why and what came of it.
fn tell(record: &Record, told: Option<&Told>, all: bool, width: usize, text: &mut String) {
    if let Event::Noted(note) = &record.event {
        text.push_str(&format!("\n{note}\n"));
        return;
    }
    let (at, below) = (record.at.to_string(), " ".repeat(width + 2));
    let event = narrate::event(&record.event, Lang::En);
    text.push_str(&format!("{at:>width$}  {event}\n"));
    for sentence in sentences(record, told, all) {
        text.push_str(&format!("{below}{sentence}\n"));
    }
    for flight in &record.sent {
        let (name, what) = (
            narrate::marked_name(flight, Lang::En),
            narrate::message(&flight.message, Lang::En),
        );
        text.push_str(&format!("{below}-> {name}: {what}\n"));
    }
    for waiting in &record.waiting {
        let WaitingMessage { link, message, .. } = &**waiting;
        let (name, what, when) = (
            narrate::message_name(message, *link, Lang::En),
            narrate::message(message, Lang::En),
            narrate::departure(waiting, Lang::En),
        );
        text.push_str(&format!("{below}.. {name}: {what} ({when})\n"));
    }
}

/// What is told below the event: how an election ended by it, why it happened, and what
/// that means.
fn sentences(record: &Record, told: Option<&Told>, all: bool) -> Vec<String> {
    let failed = match told {
        Some(Told::Record { failed, .. }) => failed.as_deref(),
        _ => None,
    };
    let failed = failed.map(|tally| narrate::tally(tally, Lang::En));
    let lost = narrate::lost_in_crash(record, Lang::En);
    let reasons = narrate::reasons(record, Lang::En).into_iter();
    let reasons = reasons
        .filter(|(reason, _)| all || tells(record, reason))
        .map(|(reason, sentence)| format!("{sentence} [{}]", reason.rule().source()));
    let beside = told.map(|told| narrate::beside(told, &record.event, Lang::En));
    [failed, lost]
        .into_iter()
        .flatten()
        .chain(reasons)
        .chain(beside.into_iter().flatten())
        .chain(narrate::answers(record, Lang::En))
        .collect()
}

/// Whether a reason is told to somebody who does not want all of them: timers that
/// are started are left out, and a vote of one's own that waits for no write.
fn tells(record: &Record, reason: &Reason) -> bool {
    match reason {
        Reason::TimerArmed { .. } => false,
        Reason::OwnVoteWaits => {
            let me = record.event.server();
            let counted = |other: &Reason| match other {
                Reason::VoteCounted { voter, .. } => Some(*voter) == me,
                _ => false,
            };
            !record.reasons.iter().any(counted)
        }
        _ => true,
    }
}
