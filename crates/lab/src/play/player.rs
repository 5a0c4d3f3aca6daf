//! Playing a script, at once or a slice at a time.

use hustings_raft::Millis;

use super::{Fault, Outcome, Stage};
use crate::check::Mismatch;
use crate::command::Command;
use crate::condition::Condition;
use crate::record::RecordId;
use crate::run::{Execution, Run};
use crate::script::{Line, Script, Span};

/// A script that is played. It must be the same script at each call.
#[derive(Clone, Debug)]
pub struct Player<S> {
    outcome: Outcome<S>,
    /// The number of lines played.
    played: usize,
    /// The command that is being executed, and its line.
    executing: Option<(Box<Execution>, Span)>,
    /// The line that lets time pass.
    passing: Option<Passing>,
    /// The violations before the line.
    known: usize,
    /// The `at` lines whose commands are not executed yet, in order of time.
    scheduled: Vec<Scheduled>,
    /// The first record of the last command that is not a note, to which expectations
    /// about sent messages refer.
    last: RecordId,
}

/// A line that lets time pass.
#[derive(Clone, Debug)]
struct Passing {
    at: Span,
    from: Millis,
    end: Millis,
    /// A goal that ends it early, and within which time.
    goal: Option<(Box<Condition>, Millis)>,
    /// Whether what is being executed ends where a command is scheduled.
    to_scheduled: bool,
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
            executing: None,
            passing: None,
            known: 0,
            scheduled: Vec::new(),
            last,
        }
    }

    /// Plays on until there are about so many more records; returns whether there is more
    /// to play.
    pub fn go_on(&mut self, script: &Script, records: usize) -> bool {
        let mut left = records;
        while left > 0 {
            if self.outcome.stopped {
                return false;
            }
            if let Some((mut execution, at)) = self.executing.take() {
                let before = execution.run().records().len();
                let result = execution.go_on(left);
                left = left.saturating_sub(execution.run().records().len() - before);
                match result {
                    Ok(true) => self.executing = Some((execution, at)),
                    Ok(false) => {
                        let applied = self.outcome.run.finish(*execution);
                        self.go_on_passing(applied.reached);
                    }
                    Err(refused) => self.note(at, Err(Fault::Refused(refused))),
                }
            } else if let Some(passing) = self.passing.take() {
                self.pass_time(passing);
            } else if let Some(step) = script.steps.get(self.played) {
                self.known = self.run().violations().len();
                self.played += 1;
                left -= 1;
                self.play(step.at, &step.line);
            } else {
                self.report_unreached();
                self.outcome.report_goals(script);
                return false;
            }
            let is_over = self.executing.is_none() && self.passing.is_none();
            if let (true, Some(step)) = (is_over, script.steps.get(self.played - 1)) {
                self.outcome
                    .report_violations(script, self.known, |_| step.at);
            }
        }
        true
    }

    /// The run after the last command that is complete.
    pub fn run(&self) -> &Run {
        self.outcome.run.run()
    }

    /// What it is played in, after the last command that is complete.
    pub fn stage(&self) -> &S {
        &self.outcome.run
    }

    /// The run so far, in the middle of a command.
    pub fn so_far(&self) -> &Run {
        let executing = self.executing.as_ref();
        executing.map_or(self.run(), |(execution, _)| execution.run())
    }

    /// From when and until when the current line lets time pass.
    pub fn passing(&self) -> Option<(Millis, Millis)> {
        let passing = self.passing.as_ref();
        passing.map(|passing| (passing.from, passing.end))
    }

    /// The number of lines played or begun.
    pub fn lines(&self) -> usize {
        self.played
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
                self.passing = Some(Passing {
                    at,
                    from: self.now(),
                    end: self.now().plus(*duration),
                    goal: None,
                    to_scheduled: false,
                });
            }
            Command::RunUntil { goal, within } => {
                self.passing = Some(Passing {
                    at,
                    from: self.now(),
                    end: self.now().plus(*within),
                    goal: Some((goal.clone(), *within)),
                    to_scheduled: false,
                });
            }
            Command::DeliverAll => self.begin(Command::DeliverAll, at),
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

    /// Executes a command.
    fn apply(&mut self, command: Command, at: Span) {
        self.begin_line(at);
        let applied = self.outcome.run.execute(command);
        self.note(at, applied.map(drop).map_err(Fault::Refused));
    }

    /// Notes which record the commands of a line begin with.
    fn begin_line(&mut self, at: Span) {
        let next = self.run().records().next_id();
        let lines = &mut self.outcome.lines;
        if lines.last().is_none_or(|(_, line)| *line != at.line) {
            lines.push((next, at.line));
        }
    }

    /// Begins to execute a command.
    fn begin(&mut self, command: Command, at: Span) {
        self.begin_line(at);
        match self.outcome.run.begin(command) {
            Ok(execution) => self.executing = Some((Box::new(execution), at)),
            Err(refused) => self.note(at, Err(Fault::Refused(refused))),
        }
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

    /// Begins to let time pass, up to the end or to the next scheduled command.
    fn pass_time(&mut self, passing: Passing) {
        let scheduled = self.next_scheduled(passing.end);
        if self.outcome.stopped {
            return;
        }
        let left = scheduled.unwrap_or(passing.end).since(self.now());
        let command = match &passing.goal {
            None => Command::Run(left),
            Some((goal, _)) => Command::RunUntil {
                goal: goal.clone(),
                within: left,
            },
        };
        self.begin(command, passing.at);
        let to_scheduled = scheduled.is_some();
        self.passing = Some(Passing {
            to_scheduled,
            ..passing
        });
    }

    /// What follows when time has passed: the scheduled command, and more time.
    fn go_on_passing(&mut self, reached: bool) {
        let Some(passing) = self.passing.take() else {
            return;
        };
        if passing.goal.is_some() && reached {
            return;
        }
        if passing.to_scheduled {
            self.carry_out_scheduled();
            let goal = passing.goal.as_ref();
            if !goal.is_some_and(|(goal, _)| self.run().holds_since(goal, self.last)) {
                self.passing = Some(passing);
            }
        } else if let Some((goal, within)) = passing.goal {
            let missed = Mismatch::not_reached(&goal, within, self.run());
            self.note(passing.at, Err(Fault::NotReached(missed)));
        }
    }

    fn report_unreached(&mut self) {
        let now = self.now();
        for Scheduled { time, at, .. } in std::mem::take(&mut self.scheduled) {
            self.note(at, Err(Fault::NeverReached { time, now }));
        }
    }
}
