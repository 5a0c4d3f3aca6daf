//! Playing a script, at once or a slice at a time.

use hustings_raft::Millis;

use super::{Fault, Outcome, Stage};
use crate::check::Mismatch;
use crate::command::Command;
use crate::condition::Condition;
use crate::record::RecordId;
use crate::run::Run;
use crate::script::{Line, Script, Span};

/// How much of a script is played at a time.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// The most that one command lets time pass.
    pub time: Millis,
    /// The number of new records after which a slice ends.
    pub records: usize,
}

impl Slice {
    /// All of it.
    pub const WHOLE: Self = Self {
        time: Millis(u64::MAX),
        records: usize::MAX,
    };
}

/// A script that is played. It must be the same script at each call.
#[derive(Debug)]
pub struct Player<S> {
    outcome: Outcome<S>,
    /// The number of lines played.
    played: usize,
    /// The line that lets time pass, and until when.
    passing: Option<(Span, Millis)>,
    /// The violations before the line.
    known: usize,
    /// The `at` lines whose commands are not executed yet, in order of time.
    scheduled: Vec<Scheduled>,
    /// The first record of the last command that is not a note, to which expectations
    /// about sent messages refer.
    last: RecordId,
}

#[derive(Clone, Debug)]
struct Scheduled {
    time: Millis,
    command: Command,
    at: Span,
}

impl<S: Stage> Player<S> {
    /// Begins to play a script in a new run of its header.
    pub fn new(script: &Script, run: S) -> Self {
        let last = run.run().records().next_id();
        let mut outcome = Outcome {
            run,
            failures: Vec::new(),
            expectations: 0,
            stopped: false,
            lines: Vec::new(),
        };
        outcome.report_start(script);
        Self {
            outcome,
            played: 0,
            passing: None,
            known: 0,
            scheduled: Vec::new(),
            last,
        }
    }

    /// Plays on for a slice; returns whether there is more to play.
    pub fn go_on(&mut self, script: &Script, slice: Slice) -> bool {
        let before = self.run().records().len();
        while self.run().records().len() - before < slice.records {
            if self.outcome.stopped {
                return false;
            }
            if let Some((at, end)) = self.passing {
                self.pass_time(at, end, slice.time);
            } else if let Some(step) = script.steps.get(self.played) {
                self.known = self.run().violations().len();
                self.played += 1;
                self.play(step.at, &step.line);
            } else {
                self.report_unreached();
                self.outcome.report_goals(script);
                return false;
            }
            if let (None, Some(step)) = (self.passing, script.steps.get(self.played - 1)) {
                self.outcome
                    .report_violations(script, self.known, |_| step.at);
            }
        }
        true
    }

    /// The run so far.
    pub fn run(&self) -> &Run {
        self.outcome.run.run()
    }

    /// What came of it.
    pub fn outcome(self) -> Outcome<S> {
        self.outcome
    }

    fn play(&mut self, at: Span, line: &Line) {
        match line {
            Line::Expect(condition) => {
                self.outcome.expectations += 1;
                let checked = condition.check(self.run(), self.last);
                self.note(at, checked.map_err(Fault::Unmet));
            }
            Line::At { time, command } => self.schedule(*time, command, at),
            Line::Command(command) => self.command(command, at),
        }
    }

    fn command(&mut self, command: &Command, at: Span) {
        if !matches!(command, Command::Note(_)) {
            self.last = self.run().records().next_id();
        }
        match command {
            Command::Run(duration) => {
                self.passing = Some((at, self.now().plus(*duration)));
            }
            Command::RunUntil { goal, within } => self.run_until(goal, *within, at),
            command => {
                self.apply(command.clone(), at);
            }
        }
    }

    fn now(&self) -> Millis {
        self.run().now()
    }

    fn note(&mut self, at: Span, result: Result<(), Fault>) {
        if let Err(fault) = result {
            self.outcome.stopped |= fault.is_fatal();
            self.outcome.fail(at, fault);
        }
    }

    /// Executes a command unless an earlier one was refused; returns whether it reached
    /// its goal.
    fn apply(&mut self, command: Command, at: Span) -> bool {
        if self.outcome.stopped {
            return false;
        }
        let next = self.run().records().next_id();
        let lines = &mut self.outcome.lines;
        if lines.last().is_none_or(|(_, line)| *line != at.line) {
            lines.push((next, at.line));
        }
        let applied = self.outcome.run.execute(command);
        let reached = applied.as_ref().is_ok_and(|applied| applied.reached);
        self.note(at, applied.map(drop).map_err(Fault::Refused));
        reached
    }

    fn schedule(&mut self, time: Millis, command: &Command, at: Span) {
        let now = self.now();
        if time < now {
            self.note(at, Err(Fault::TooLate { time, now }));
            return;
        }
        let place = self.scheduled.partition_point(|other| other.time <= time);
        let command = command.clone();
        self.scheduled
            .insert(place, Scheduled { time, command, at });
    }

    /// The time of the next scheduled command, if it is due by `end`. Commands whose
    /// time has passed, after a `wait`, are reported and not executed: the run would not
    /// be the one that the script describes.
    fn next_scheduled(&mut self, end: Millis) -> Option<Millis> {
        while !self.outcome.stopped {
            let (now, next) = (self.now(), self.scheduled.first()?);
            let (time, at) = (next.time, next.at);
            if time >= now {
                return (time <= end).then_some(time);
            }
            self.scheduled.remove(0);
            self.note(at, Err(Fault::TooLate { time, now }));
        }
        None
    }

    fn carry_out_scheduled(&mut self) {
        let Scheduled { command, at, .. } = self.scheduled.remove(0);
        self.apply(command, at);
    }

    /// Lets time pass up to the end, to the next scheduled command, or for the most.
    fn pass_time(&mut self, at: Span, end: Millis, most: Millis) {
        self.passing = None;
        let scheduled = self.next_scheduled(end);
        let until = scheduled.unwrap_or(end);
        let stop = until.min(self.now().plus(most));
        self.apply(Command::Run(stop.since(self.now())), at);
        if stop == until && scheduled.is_some() {
            self.carry_out_scheduled();
        }
        let is_over = stop == end && scheduled.is_none();
        if !is_over && !self.outcome.stopped {
            self.passing = Some((at, end));
        }
    }

    fn run_until(&mut self, goal: &Condition, within: Millis, at: Span) {
        let end = self.now().plus(within);
        let until = |within| Command::RunUntil {
            goal: Box::new(goal.clone()),
            within,
        };
        while let Some(time) = self.next_scheduled(end) {
            if self.apply(until(time.since(self.now())), at) {
                return;
            }
            self.carry_out_scheduled();
            if self.run().holds_since(goal, self.last) {
                return;
            }
        }
        let reached = self.apply(until(end.since(self.now())), at);
        if !reached && !self.outcome.stopped {
            let missed = Mismatch::not_reached(goal, within, self.run());
            self.note(at, Err(Fault::NotReached(missed)));
        }
    }

    fn report_unreached(&mut self) {
        let now = self.now();
        for Scheduled { time, at, .. } in std::mem::take(&mut self.scheduled) {
            self.note(at, Err(Fault::NeverReached { time, now }));
        }
    }
}
