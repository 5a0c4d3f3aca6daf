//! What could happen next in a run, and what each of it would lead to.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::Line;
use hustings_lab::{Command, CommandError, Event, Record, RecordId, Run};
use hustings_raft::NodeSet;

use crate::bounds::{Bounds, Budget, Limited};
use crate::replay::commands_of;
use crate::state::State;
use crate::step::Step;
use crate::texts::texts;
use crate::wire::Next;

/// One thing that could happen next.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Possibility {
    /// The lines of a script that bring it about.
    pub lines: Vec<String>,
    /// What it would lead to.
    pub consequence: Consequence,
    /// The same in sentences.
    pub told: String,
}

/// What something would lead to: the first that is true of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Consequence {
    /// An invariant would be violated.
    Violation,
    /// A server would lead that does not yet.
    Leader,
    /// Something would change.
    Change,
    /// No server would change, and nothing would be sent.
    Nothing,
}

/// The most that is told of one run.
const MAX: usize = 100;

/// What could happen next at the end of a run; that messages are lost or copied, links cut and
/// members changed is left out.
pub fn next(run: &Run, lang: Lang) -> Next {
    let mut state = State::new(run.world().clone(), &bounds());
    state.requests = requests(run);
    let mut choices = Vec::new();
    state.choices(&mut choices);
    let steps = choices.into_iter().filter_map(|it| state.step_of(it));
    let possible = steps.filter_map(|step| Possibility::of(run, &state, &step, lang).ok());
    let mut possible: Vec<_> = possible.collect();
    // What matters most is told first, so it is not what is left out.
    possible.sort_by_key(|it| it.consequence);
    let more = possible.len().checked_sub(MAX).filter(|more| *more > 0);
    possible.truncate(MAX);
    Next {
        possible,
        more: more.map(|more| texts(lang).more_choices(more)),
    }
}

impl Possibility {
    fn of(run: &Run, state: &State, step: &Step, lang: Lang) -> Result<Self, CommandError> {
        let requests = state.requests.saturating_add(1);
        let commands = commands_of(step, run, requests);
        let mut after = run.clone();
        for command in &commands {
            after.apply(command.clone())?;
        }
        let lines = commands.into_iter().map(Line::Command);
        let (consequence, told) = consequence(run, &after, lang);
        Ok(Self {
            lines: lines.map(|line| line.to_string()).collect(),
            consequence,
            told,
        })
    }
}

/// Each once, but for what the network does by itself, and for what changes the members.
fn bounds() -> Bounds {
    let each = [
        Limited::Timeouts,
        Limited::Heartbeats,
        Limited::Requests,
        Limited::Crashes,
        Limited::Transfers,
    ];
    let budget = each
        .into_iter()
        .fold(Budget::default(), |budget, it| budget.with(it, 1));
    Bounds {
        budget,
        ..Bounds::default()
    }
}

/// How often clients have asked in a run, by which the next request is told from those.
fn requests(run: &Run) -> u8 {
    let asks = |command: &&Command| matches!(command, Command::Propose { .. });
    let asked = run.commands().iter().filter(asks).count();
    u8::try_from(asked).unwrap_or(u8::MAX)
}

fn consequence(before: &Run, after: &Run, lang: Lang) -> (Consequence, String) {
    let t = texts(lang);
    let records = after.records().since(RecordId(before.records().len()));
    let records: Vec<_> = records.map(|(_, record)| record).collect();
    let violations = after.violations().iter().skip(before.violations().len());
    let violations = violations.map(|it| t.would_violate(narrate::violation(it, lang)));
    let led = leaders(before);
    let leaders = leaders(after).iter().filter(|it| !led.contains(*it));
    let leaders = leaders.filter_map(|id| Some(t.would_lead(id, after.server(id)?.term())));
    let (violations, leaders): (Vec<_>, Vec<_>) = (violations.collect(), leaders.collect());
    let headlines = records.iter().map(|it| narrate::headline(it, lang));
    let (consequence, first) = if !violations.is_empty() {
        (Consequence::Violation, violations)
    } else if !leaders.is_empty() {
        (Consequence::Leader, leaders)
    } else if records.is_empty() {
        (Consequence::Change, vec![t.time_passes().to_owned()])
    } else if records.iter().all(|it| is_idle(it)) {
        (Consequence::Nothing, vec![t.nothing_changes().to_owned()])
    } else {
        (Consequence::Change, Vec::new())
    };
    let told = first.into_iter().chain(headlines);
    let told = told.reduce(|one, other| t.sentences(one, other));
    (consequence, told.unwrap_or_default())
}

fn leaders(run: &Run) -> NodeSet {
    let leading = run.servers().filter(|it| it.is_up() && it.view().leads());
    leading.map(|it| it.id()).collect()
}

/// Whether nothing came of something: of what only uses up a message or a timer.
fn is_idle(record: &Record) -> bool {
    let changes_by_itself = matches!(record.event, Event::Crashed { .. } | Event::Restarted(_));
    !changes_by_itself
        && record.changes.is_empty()
        && record.sent.is_empty()
        && record.waiting.is_empty()
        && record.answers.is_empty()
}
