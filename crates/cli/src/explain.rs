//! `hustings explain`: a transcript with the reasons.

use std::io::{self, Write};
use std::path::Path;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Event, Item, Lab, Record, RecordId, Tally, Told, Transcript, WaitingMessage};
use hustings_raft::{NodeId, Reason, Term};

use crate::output::Output;
use crate::run;
use crate::verdict::Verdict;

/// Runs a script and prints its transcript; routine events only if `all`.
pub(crate) fn explain(file: &Path, all: bool, output: &mut Output) -> io::Result<Verdict> {
    let Some((outcome, verdict)) = run::play_one(file, output)? else {
        return Ok(Verdict::Unreadable);
    };
    let transcript = transcript(&outcome.lab, all);
    output.out().write_all(transcript.as_bytes())?;
    Ok(verdict)
}

/// The minimum width of the column of times.
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
    // The last time is the widest.
    let width = lab.now().to_string().len().max(TIME_WIDTH_MIN);
    let transcript = Transcript::of(lab);
    for (id, record) in lab.records().iter() {
        match transcript.about(id) {
            Some(item) if !all && sums_up(item) && item.first == id => {
                sum_up(item, lab, width, &mut text);
            }
            Some(item) if !all && sums_up(item) => {}
            Some(item) => tell(record, about(item, id), all, width, &mut text),
            None if all => tell(record, Beside::default(), all, width, &mut text),
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

/// Information about a record that is not in it.
#[derive(Clone, Copy, Default)]
struct Beside<'a> {
    /// The election that it ended without a winner.
    failed: Option<&'a Tally>,
    /// The leader of another term, if it makes a server leader.
    still_leading: &'a [(NodeId, Term)],
}

fn about(item: &Item, id: RecordId) -> Beside<'_> {
    match &item.told {
        Told::Record {
            failed,
            still_leading,
        } if item.first == id => Beside {
            failed: failed.as_deref(),
            still_leading,
        },
        _ => Beside::default(),
    }
}

/// The paragraph of several records.
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

/// The paragraph of a record: time and event, then reasons and effects.
fn tell(record: &Record, beside: Beside<'_>, all: bool, width: usize, text: &mut String) {
    if let Event::Noted(note) = &record.event {
        text.push_str(&format!("\n{note}\n"));
        return;
    }
    let (at, below) = (record.at.to_string(), " ".repeat(width + 2));
    let event = narrate::event(&record.event, Lang::En);
    text.push_str(&format!("{at:>width$}  {event}\n"));
    if let Some(tally) = beside.failed {
        let sentence = narrate::tally(tally, Lang::En);
        text.push_str(&format!("{below}{sentence}\n"));
    }
    if let Some(server) = record.event.server() {
        for reason in record
            .reasons
            .iter()
            .filter(|reason| all || tells(record, reason))
        {
            let (sentence, source) = (
                narrate::explain(server, reason, Lang::En),
                reason.rule().source(),
            );
            text.push_str(&format!("{below}{sentence} [{source}]\n"));
        }
    }
    let others = narrate::still_leads(beside.still_leading, Lang::En);
    for sentence in others.chain(narrate::answers(record, Lang::En)) {
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

/// Whether a reason is printed without `--all`: all except the starts of timers, and
/// own votes that wait for no write.
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
