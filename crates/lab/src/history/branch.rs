//! One run from the start, and how to get to any place in it.

use std::rc::Rc;

use hustings_raft::Millis;

use super::{Name, Parting};
use crate::command::Commands;
use crate::narrate::Lang;
use crate::record::Place;
use crate::shared_vec::SharedVec;
use crate::{Command, Crowd, History, Lab, Pick};

/// One run from the start.
#[derive(Clone, Debug)]
pub struct Branch {
    pub(super) name: Name,
    pub(super) parted: Option<Parting>,
    pub(super) tip: Rc<Lab>,
    /// Copies of the run on the way, in order, the first from its start.
    pub(super) copies: SharedVec<Rc<Lab>>,
    /// Where each command ended, in order, the first before any.
    pub(super) marks: SharedVec<Place>,
}

impl Branch {
    /// Its name.
    pub fn name(&self, lang: Lang) -> String {
        self.name.tell(lang)
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        Lang::ALL.iter().any(|lang| self.name(*lang) == name)
    }

    /// Where it begins to differ from an older branch; `None` for the first.
    pub fn parted(&self) -> Option<Parting> {
        self.parted
    }

    /// The laboratory at its end.
    pub fn tip(&self) -> &Rc<Lab> {
        &self.tip
    }

    pub(super) fn marks_until(&self, place: Place) -> impl Iterator<Item = Place> {
        let count = self.marks.partition_point(|mark| *mark <= place);
        self.marks.iter().take(count).copied()
    }

    pub(super) fn copies_until(&self, place: Place) -> impl DoubleEndedIterator<Item = Rc<Lab>> {
        let is_early = |copy: &Rc<Lab>| Place::of(copy) <= place;
        let count = self.copies.partition_point(is_early);
        (0..count).filter_map(|number| self.copies.get(number).cloned())
    }

    /// Takes a laboratory that has gone on from its end. A piece of time that
    /// goes on with the one before shares its mark, unless that one marks the
    /// start or the parting.
    pub(super) fn go_on(&mut self, lab: Lab, joins: bool, copies: Vec<Rc<Lab>>) {
        let parting = self.parted.map(|parting| parting.at);
        let may_join = joins && self.marks.len() > 1 && self.marks.last().copied() != parting;
        let end = Place::of(&lab);
        match self.marks.last_mut().filter(|_| may_join) {
            Some(mark) => *mark = end,
            None => self.marks.push(end),
        }
        for copy in copies {
            self.copies.push(copy);
        }
        self.tip = Rc::new(lab);
    }

    /// The run as it was at a place of this branch, where `here` is another place of
    /// it. Its commands are those that lead there.
    pub(super) fn at(&self, place: Place, here: &Rc<Lab>) -> Rc<Lab> {
        if place >= Place::of(&self.tip) {
            return Rc::clone(&self.tip);
        }
        if place == Place::of(here) {
            return Rc::clone(here);
        }
        let mut lab = Lab::clone(&self.last_before(place, here));
        while Place::of(&lab) < place {
            let from = Place::of(&lab);
            if let Some(many) = self.part_by_hand(from, place) {
                self.repeat_part(many, &mut lab, place);
                return Rc::new(lab);
            }
            self.repeat_next(&mut lab, place);
            if Place::of(&lab) == from {
                break;
            }
        }
        lab.set_commands(self.commands_to(Place::of(&lab)));
        Rc::new(lab)
    }

    /// What is known of the run last before a place: a copy, or where one is.
    fn last_before(&self, place: Place, here: &Rc<Lab>) -> Rc<Lab> {
        let first = self.copies.get(0).unwrap_or(&self.tip);
        let copy = self.copies_until(place).next_back();
        let copy = copy.unwrap_or_else(|| Rc::clone(first));
        let serves = Place::of(here) < place && Place::of(here) >= Place::of(&copy);
        if serves { Rc::clone(here) } else { copy }
    }

    /// The command that is under way at a place, or comes next.
    fn under_way(&self, place: Place) -> Option<(&Command, Place)> {
        let commands = self.tip.commands();
        let number = commands.ended_by(place);
        Some((commands.get(number)?, commands.end(number)?))
    }

    /// The command that is under way, if it does many things by hand and a later place
    /// is in the middle of them.
    fn part_by_hand(&self, from: Place, place: Place) -> Option<&Command> {
        let (command, end) = self.under_way(from)?;
        let does_many = matches!(command, Command::DeliverAll | Command::DropAll(_));
        (does_many && place < end).then_some(command)
    }

    /// Carries out again what was done next, up to a place at most.
    fn repeat_next(&self, lab: &mut Lab, place: Place) {
        let Some((command, end)) = self.under_way(Place::of(lab)) else {
            return;
        };
        if passes_events(command) {
            lab.pass_to(end.min(place));
        } else if end <= place {
            // What could be done once can be done again.
            let _ = lab.repeat(command);
        }
    }

    /// Delivers or drops one message after the other up to a place.
    fn repeat_part(&self, many: &Command, lab: &mut Lab, place: Place) {
        let mut commands = lab.commands().clone();
        let done = self.tip.commands().ended_by(Place::of(lab));
        if self.start_of(done) == Place::of(lab) {
            commands = self.tip.commands().first(done);
        }
        while lab.records().len() < place.records {
            let next = match many {
                Command::DropAll(crowd) => next_to_drop(lab, *crowd).map(Command::Drop),
                _ => next_to_deliver(lab).map(Command::Deliver),
            };
            let Some(next) = next.filter(|next| lab.repeat(next).is_ok()) else {
                break;
            };
            commands.remember(next, Place::of(lab));
        }
        lab.set_commands(commands);
    }

    /// Where the command of that number began.
    fn start_of(&self, number: usize) -> Place {
        let before = number.checked_sub(1);
        let end = before.and_then(|number| self.tip.commands().end(number));
        end.unwrap_or_else(|| Place::of(self.copies.get(0).unwrap_or(&self.tip)))
    }

    /// The commands that lead to a place. Of one that lets time pass, the part up to
    /// there: time, and single events where others follow at the same time.
    fn commands_to(&self, place: Place) -> Commands {
        let all = self.tip.commands();
        let done = all.ended_by(place);
        let (mut commands, from) = (all.first(done), self.start_of(done));
        let is_part = from < place && all.get(done).is_some_and(passes_events);
        if !is_part {
            return commands;
        }
        let by = |time| self.tip.records().by(time).max(from.records);
        if by(place.time) <= place.records {
            commands.remember(Command::Run(place.time.since(from.time)), place);
            return commands;
        }
        let time = Millis(place.time.0.saturating_sub(1)).max(from.time);
        let mut end = from;
        if place.time > from.time {
            end = Place {
                records: by(time),
                time,
            };
            commands.remember(Command::Run(time.since(from.time)), end);
        }
        for records in end.records..place.records {
            let end = Place {
                records: records + 1,
                ..place
            };
            commands.remember(Command::Step, end);
        }
        commands
    }
}

/// Whether what becomes due happens while a command is carried out.
fn passes_events(command: &Command) -> bool {
    matches!(
        command,
        Command::Run(_) | Command::RunUntil { .. } | Command::Step
    )
}

/// Copies that are kept while a run goes on.
pub(super) struct Copies {
    pub(super) new: Vec<Rc<Lab>>,
    /// How many records the last copy has.
    last: usize,
}

impl Copies {
    pub(super) fn after(old: Option<Rc<Lab>>) -> Self {
        let last = old.map_or(0, |copy| copy.records().len());
        let new = Vec::new();
        Self { new, last }
    }

    /// Keeps a copy if the last one is long ago. What is in flight is all that
    /// copies do not share, so the more that is, the rarer they are.
    pub(super) fn keep(&mut self, lab: &Lab) {
        let records = lab.records().len();
        if records >= self.last + History::RECORDS_PER_COPY + lab.traffic() {
            self.last = records;
            self.new.push(Rc::new(lab.clone()));
        }
    }
}

fn next_to_deliver(lab: &Lab) -> Option<Pick> {
    let next = lab.in_flight().find(|flight| lab.can_arrive(flight))?;
    lab.pick_of(next.id)
}

fn next_to_drop(lab: &Lab, crowd: Crowd) -> Option<Pick> {
    let next = lab.in_flight().find(|flight| crowd.includes(flight.link))?;
    lab.pick_to_drop(next.id)
}
