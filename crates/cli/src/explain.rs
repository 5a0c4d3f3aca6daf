//! `hustings explain`: a transcript with the reasons.

use std::io::{self, Write};
use std::path::Path;

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Event, Item, Record, RecordId, Run, Told, Transcript, WaitingMessage};
use hustings_raft::{Millis, Reason};

use crate::output::Output;
use crate::run;
use crate::servers::Servers;
use crate::verdict::Verdict;

/// Runs a script and prints its transcript; routine events only if `all`.
pub(crate) fn explain(
    file: &Path,
    all: bool,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    let Some((outcome, verdict)) = run::play_one(file, servers, output)? else {
        return Ok(Verdict::Unreadable);
    };
    let transcript = transcript(&outcome.run, all);
    output.out().write_all(transcript.as_bytes())?;
    Ok(verdict)
}

/// The minimum width of the column of times.
const TIME_WIDTH_MIN: usize = 8;

fn transcript(run: &Run, all: bool) -> String {
    let mut page = Page::of(run);
    let transcript = Transcript::of(run);
    for (id, record) in run.records().iter() {
        match transcript.about(id) {
            Some(item) if !all && sums_up(item) && item.first == id => {
                let told = narrate::told_at_once(item, run.records(), Lang::En);
                page.entry(Some(id), record.at, &told);
            }
            Some(item) if !all && sums_up(item) => {}
            Some(item) => tell((id, record), told_of(item, id), all, &mut page),
            None if all => tell((id, record), None, all, &mut page),
            None => {}
        }
        tell_violations(run, id, &mut page);
    }
    for tally in transcript.undecided(run) {
        page.entry(None, run.now(), &narrate::tally(&tally, Lang::En));
    }
    annotate_snippets::normalize_untrusted_str(&page.text)
}

/// What is printed: paragraphs that begin with the number of a record, as
/// `run --json` has it, and its time.
struct Page {
    text: String,
    /// How wide both columns are.
    number_width: usize,
    time_width: usize,
}

impl Page {
    /// A page with the title of a run and its broken rules.
    fn of(run: &Run) -> Self {
        let last = run.records().len().saturating_sub(1);
        let mut page = Self {
            text: String::new(),
            number_width: last.to_string().len(),
            // The longest time is the last one.
            time_width: run.now().to_string().len().max(TIME_WIDTH_MIN),
        };
        let title = &run.header().title;
        if !title.is_empty() {
            page.line(title);
        }
        for rule in run.header().broken.iter() {
            let (name, statement) = (rule.name(), narrate::broken(rule, Lang::En));
            page.line(&format!("Broken rule {name}: {statement}"));
        }
        page
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn entry(&mut self, id: Option<RecordId>, at: Millis, sentence: &str) {
        let id = id.map(|id| id.0.to_string()).unwrap_or_default();
        let (number, time) = (self.number_width, self.time_width);
        let at = at.to_string();
        self.line(&format!("{id:>number$} {at:>time$}  {sentence}"));
    }

    fn below(&mut self, sentence: &str) {
        let width = self.number_width + self.time_width + 3;
        self.line(&format!("{:width$}{sentence}", ""));
    }
}

fn sums_up(item: &Item) -> bool {
    !matches!(item.told, Told::Record { .. })
}

/// The transcript's information about a record, if the item starts with it.
fn told_of(item: &Item, id: RecordId) -> Option<&Told> {
    (item.first == id).then_some(&item.told)
}

fn tell_violations(run: &Run, id: RecordId, page: &mut Page) {
    for violation in run.violations().iter().filter(|it| it.record == id) {
        let name = violation.invariant().name();
        let sentence = narrate::violation(violation, Lang::En);
        page.line(&format!("    !! {name} is violated: {sentence}"));
    }
}

/// The paragraph of a record: time and event, then reasons and effects.
fn tell((id, record): (RecordId, &Record), told: Option<&Told>, all: bool, page: &mut Page) {
    if let Event::Noted(note) = &record.event {
        page.line(&format!("\n{note}"));
        return;
    }
    page.entry(
        Some(id),
        record.at,
        &narrate::event(&record.event, Lang::En),
    );
    for sentence in sentences(record, told, all) {
        page.below(&sentence);
    }
    for flight in &record.sent {
        let (name, what) = (
            narrate::marked_name(flight, Lang::En),
            narrate::message(&flight.message, Lang::En),
        );
        page.below(&format!("-> {name}: {what}"));
    }
    for waiting in &record.waiting {
        let WaitingMessage { link, message, .. } = &**waiting;
        let (name, what, when) = (
            narrate::message_name(message, *link, Lang::En),
            narrate::message(message, Lang::En),
            narrate::departure(waiting, Lang::En),
        );
        page.below(&format!(".. {name}: {what} ({when})"));
    }
}

/// The sentences below the event: the election that it ended, losses in a crash, reasons,
/// and consequences.
fn sentences(record: &Record, told: Option<&Told>, all: bool) -> Vec<String> {
    let failed = match told {
        Some(Told::Record { failed, .. }) => failed.as_deref(),
        _ => None,
    };
    let failed = failed.map(|tally| narrate::tally_beside_reasons(tally, Lang::En));
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
        .chain(narrate::unexplained_role(record, Lang::En))
        .chain(beside.into_iter().flatten())
        .chain(narrate::answers(record, Lang::En))
        .chain(narrate::printed(record, Lang::En))
        .collect()
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
