//! A run that was found, as a lesson.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::script::{Line, Step as ScriptStep};
use hustings_lab::{
    Claim, Command, CommandError, Condition, Record, RecordId, Run, Script, Violation, Weight,
    weight,
};

use crate::find::Found;
use crate::goal::Goal;
use crate::replay::replay;

/// A run that was found as a run with notes: before the steps up to each turn in the story,
/// what they come to, and at its end, what was looked for.
///
/// # Errors
///
/// When a command is refused: the run is full, or its world is another one than the one that
/// was searched.
pub fn lesson(run: &Run, found: &Found, goal: &Goal, lang: Lang) -> Result<Run, CommandError> {
    let plain = replay(run, &found.start, &found.steps)?;
    let mut told = run.clone();
    let (mut first, mut group) = (run.commands().len(), Vec::new());
    for (number, command) in plain.commands().iter().enumerate().skip(first) {
        group.push(command.clone());
        let is_last = number + 1 == plain.commands().len();
        let records = records_of(&plain, first, number);
        let turns = records.filter(|(_, record)| weight(record) == Weight::Turn);
        let turns: Vec<_> = turns
            .map(|(_, record)| narrate::headline(record, lang))
            .collect();
        if turns.is_empty() && !is_last {
            continue;
        }
        let end = is_last.then(|| ending(&plain, goal, lang)).flatten();
        note(&mut told, &turns, end)?;
        for command in group.drain(..) {
            told.apply(command)?;
        }
        first = number + 1;
    }
    Ok(told)
}

/// The records of some commands.
fn records_of(
    run: &Run,
    first: usize,
    last: usize,
) -> impl Iterator<Item = (RecordId, &std::rc::Rc<Record>)> {
    let end = |command: usize| run.commands().end(command).map_or(0, |end| end.records);
    let from = first.checked_sub(1).map_or(run.servers().len(), end);
    let until = end(last);
    let records = run.records().since(RecordId(from));
    records.take_while(move |(id, _)| id.0 < until)
}

fn note(run: &mut Run, turns: &[String], end: Option<String>) -> Result<(), CommandError> {
    let mut text = String::new();
    for sentence in turns.iter().chain(&end) {
        let room = Command::TEXT_CHARS_MAX.saturating_sub(text.chars().count() + 1);
        if sentence.chars().count() <= room {
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(sentence);
        }
    }
    if !text.is_empty() {
        run.apply(Command::Note(text.into()))?;
    }
    Ok(())
}

/// What was looked for, in a sentence.
fn ending(run: &Run, goal: &Goal, lang: Lang) -> Option<String> {
    match goal {
        Goal::Violation(wanted) => {
            let is_it = |it: &&Violation| wanted.is_none_or(|wanted| wanted == it.invariant());
            let violation = run.violations().iter().rev().find(is_it)?;
            Some(narrate::violation(violation, lang))
        }
        Goal::Condition(_) => None,
    }
}

/// The script of a run that was found, which expects what was looked for.
pub fn script_of(run: &Run, goal: &Goal) -> Script {
    let mut script = Script::of(run);
    let violated = run.violations().iter().map(|it| it.invariant());
    let expected = match goal {
        Goal::Violation(_) => {
            let claims = violated.map(|it| Condition::Asserted(Claim::Violation(it)));
            claims.collect()
        }
        Goal::Condition(condition) => vec![(**condition).clone()],
    };
    let at = script.steps.last().map(|step| step.at);
    for condition in expected {
        script.steps.extend(at.map(|at| ScriptStep {
            at,
            line: Line::Expect(condition),
        }));
    }
    script
}
