//! The quiz: the run stops before what matters and asks what happens.

use std::rc::Rc;

use hustings_lab::{Command, Question, Record, RecordId, Run, Subject};
use hustings_raft::Millis;

use super::{Selection, Session};

/// How long an answer is shown before the run plays on, in milliseconds.
const ANSWER_MS: f64 = 4_000.0;

/// How long before a record the clock stops, in milliseconds.
const JUST_BEFORE_MS: f64 = 0.5;

/// What has been asked and answered.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Quiz {
    /// Nothing is asked twice.
    asked: Vec<Subject>,
    /// The last question, and the number of records when it was asked.
    last: Option<(Question, usize)>,
    guess: Option<usize>,
    right: u32,
    answered: u32,
    /// Whether the run was playing when it was stopped.
    was_playing: bool,
    /// How much longer the answer is shown before the run plays on.
    left_ms: f64,
}

impl Quiz {
    /// The number of right answers, and of all.
    pub fn score(&self) -> (u32, u32) {
        (self.right, self.answered)
    }

    /// Whether both show the same.
    pub fn looks_like(&self, other: &Self) -> bool {
        self.last == other.last && self.guess == other.guess && self.score() == other.score()
    }

    fn subject_of(&self, record: &Record) -> Option<Subject> {
        Subject::of(record).filter(|subject| !self.asked.contains(subject))
    }
}

impl Session {
    /// The question that is open.
    pub fn question(&self) -> Option<&Question> {
        let quiz = self.quiz.as_ref()?;
        let (question, records) = quiz.last.as_ref()?;
        let is_here = *records == self.run.records().len();
        (quiz.guess.is_none() && is_here).then_some(question)
    }

    /// The question that was answered, and the guess, while the record that shows the
    /// answer is the last one.
    pub fn answered(&self) -> Option<(&Question, usize)> {
        let quiz = self.quiz.as_ref()?;
        let (question, _) = quiz.last.as_ref()?;
        let is_here = question.shown_by.0 + 1 == self.run.records().len();
        Some((question, quiz.guess.filter(|_| is_here)?))
    }

    pub(super) fn toggle_quiz(&mut self) {
        if self.quiz.take().is_none() {
            self.quiz = Some(Rc::default());
            self.selected = Selection::Nothing;
            self.playing = true;
        }
    }

    /// Another run is opened: what was asked may be asked of it, too.
    pub(super) fn forget_questions(&mut self) {
        if let Some(quiz) = self.quiz.as_mut().map(Rc::make_mut) {
            quiz.asked.clear();
            quiz.last = None;
            quiz.guess = None;
            quiz.left_ms = 0.0;
        }
    }

    /// Ends the time for which an answer is shown.
    pub(super) fn go_on(&mut self) {
        if let Some(quiz) = self.quiz.as_mut().filter(|quiz| quiz.left_ms > 0.0) {
            Rc::make_mut(quiz).left_ms = 0.0;
        }
    }

    /// Whether the answer is still to be read, so that the run does not play on yet.
    pub(super) fn lets_answer_be_read(&mut self, elapsed: f64) -> bool {
        let is_answered = self.answered().is_some();
        let Some(quiz) = self.quiz.as_mut().filter(|quiz| quiz.left_ms > 0.0) else {
            return false;
        };
        let quiz = Rc::make_mut(quiz);
        quiz.left_ms -= elapsed;
        is_answered && quiz.left_ms > 0.0
    }

    /// Stops and asks about the next record, which `ahead` has; returns whether there is
    /// something to ask.
    fn asks(&mut self, ahead: &Run) -> bool {
        let records = self.run.records().len();
        let question = self.quiz.as_ref().and_then(|quiz| {
            let next = ahead.records().get(RecordId(records))?;
            let question = Question::about(quiz.subject_of(next)?, &self.run, ahead)?;
            Some((question, next.at))
        });
        let (Some((question, at)), Some(quiz)) = (question, self.quiz.as_mut()) else {
            return false;
        };
        let quiz = Rc::make_mut(quiz);
        quiz.asked.push(question.subject);
        quiz.last = Some((question, records));
        quiz.guess = None;
        quiz.was_playing = self.playing;
        self.selected = Selection::Nothing;
        self.pause();
        // What is about to arrive is shown where it is just before.
        self.clock = self.clock.max(at.0 as f64 - JUST_BEFORE_MS);
        true
    }

    pub(super) fn asks_in_past(&mut self) -> bool {
        let tip = Rc::clone(&self.tip);
        self.asks(&tip)
    }

    /// As [`Self::asks`], before a single step.
    pub(super) fn asks_before_step(&mut self) -> bool {
        if self.quiz.is_none() {
            return false;
        }
        if self.is_in_past() {
            return self.asks_in_past();
        }
        let mut ahead = Run::clone(&self.run);
        ahead.apply(Command::Step).is_ok() && self.asks(&ahead)
    }

    /// Goes towards a record of the branch, but stops at the first question on the way;
    /// returns whether there is one.
    pub(super) fn asks_on_the_way(&mut self, to: RecordId) -> bool {
        let Some(quiz) = self.quiz.clone() else {
            return false;
        };
        let (tip, here) = (Rc::clone(&self.tip), RecordId(self.run.records().len()));
        let mut ahead = tip.records().since(here);
        let found = ahead.find(|(_, record)| quiz.subject_of(record).is_some());
        let Some((found, _)) = found.filter(|(found, _)| *found <= to) else {
            return false;
        };
        let before = RecordId(found.0.saturating_sub(1));
        self.navigate_and_pause(|history| history.seek(before)) && self.asks(&tip)
    }

    /// Lets time pass at the end of the branch, event by event, and stops at the first
    /// question; returns whether there is one.
    pub(super) fn asks_until(&mut self, until: Millis) -> bool {
        while let Some(quiz) = self.quiz.clone() {
            let (now, next) = (self.run.now(), RecordId(self.run.records().len()));
            let Some(due) = self.run.next_due().filter(|due| *due <= until) else {
                return false;
            };
            let wait = Command::Run(due.since(now));
            let mut ahead = Run::clone(&self.run);
            if ahead.apply(wait.clone()).is_err() {
                return false;
            }
            let mut new = ahead.records().since(next);
            let asked = new.find(|(_, record)| quiz.subject_of(record).is_some());
            let Some((asked, _)) = asked else {
                let breakpoints = Rc::clone(&self.breakpoints);
                match self.attempt(|history| breakpoints.pass_time(history, due)) {
                    Some(None) if self.run.now() == due && due > now => continue,
                    Some(Some(number)) => self.stop_at(number),
                    _ => return false,
                }
                return true;
            };
            // Up to just before it: others may happen at the same time.
            while self.run.records().len() < asked.0 {
                let stepped = self.attempt(|history| history.apply(Command::Step));
                if stepped.is_none() {
                    return false;
                }
            }
            if self.asks(&ahead) {
                return true;
            }
            // Nothing can be asked after all.
            if self
                .attempt(|history| history.apply(Command::Step))
                .is_none()
            {
                return false;
            }
        }
        false
    }

    /// Takes the guess, and goes to what shows the answer.
    pub(super) fn guess(&mut self, answer: usize) {
        let Some(question) = self.question() else {
            return;
        };
        let (right, shown_by) = (question.right == answer, question.shown_by);
        if answer >= question.answers.len() || !self.reaches(shown_by) {
            return;
        }
        if let Some(quiz) = self.quiz.as_mut().map(Rc::make_mut) {
            quiz.guess = Some(answer);
            quiz.answered += 1;
            quiz.right += u32::from(right);
            quiz.left_ms = ANSWER_MS;
            self.playing = quiz.was_playing;
        }
    }

    /// Goes to just after a record, which may be beyond the end of the branch.
    fn reaches(&mut self, record: RecordId) -> bool {
        let mut ahead = Run::clone(&self.tip);
        while ahead.records().len() <= record.0 {
            if ahead.apply(Command::Step).is_err() {
                return false;
            }
        }
        let wait = ahead.now().since(self.tip.now());
        let is_beyond = record.0 >= self.tip.records().len();
        self.navigate_and_pause(|history| {
            if is_beyond {
                history.switch(history.current())?;
                history.apply(Command::Run(wait))?;
            }
            history.seek(record)
        })
    }
}
