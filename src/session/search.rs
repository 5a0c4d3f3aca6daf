//! Searching a run: for words of what is told, or for a condition.
//!
//! A run may have 200,000 records, so a search looks at some of them at a time.

use std::rc::Rc;

use hustings_lab::{Branch, Condition, RecordId, Run, Transcript, Walk, narrate};
use hustings_raft::NodeSet;

use super::Session;
use super::words::Words;
use crate::complete::read_condition;
use crate::i18n::lang;

/// A search in one branch, and what it has found so far.
#[derive(Clone, Debug)]
pub struct Search {
    text: Rc<str>,
    /// What the user wants the text to be taken for, if it is said.
    wanted: Option<Reading>,
    branch: (u32, usize),
    looking: Looking,
    /// Why the text is no condition, if it begins like one.
    mistake: Option<String>,
    /// Oldest first.
    hits: Vec<RecordId>,
    /// A hit that the user waits for.
    awaited: Option<Direction>,
}

/// What is looked for, and how far.
#[derive(Clone, Debug)]
enum Looking {
    /// Words of a sentence, and the number of items looked at.
    Words(Words, usize),
    /// A condition, the run up to where it was looked for, and whether it holds there.
    Condition(Box<Condition>, Box<Walk>, bool),
    /// A condition that is none yet.
    Nothing,
}

/// What a text is taken for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// Words of the sentences.
    Words,
    /// A condition.
    Condition,
}

/// Where to look for the next hit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Later than now, then from the start.
    Forward,
    /// Earlier than now, then from the end.
    Back,
}

impl Search {
    /// How many items are looked at, and put into words, at a time.
    const ITEMS_AT_ONCE: usize = 200;
    /// How many records are looked at at a time.
    const RECORDS_AT_ONCE: usize = 1_000;

    fn new(
        (text, wanted): (Rc<str>, Option<Reading>),
        servers: NodeSet,
        number: (u32, usize),
        branch: &Branch,
    ) -> Self {
        // A single word is in many sentences, whatever else it may be.
        let is_word = text.split_whitespace().nth(1).is_none() && !text.contains('>');
        let read = read_condition(&text, servers);
        let reading = wanted.unwrap_or(match &read {
            Ok(_) if !is_word => Reading::Condition,
            _ => Reading::Words,
        });
        let (looking, mistake) = match (reading, read) {
            (Reading::Words, read) => {
                let begun = !is_word && Condition::begins(&text);
                (
                    Looking::Words(Words::of(&text), 0),
                    read.err().filter(|_| begun),
                )
            }
            (Reading::Condition, Ok(condition)) => {
                let walk = Walk::along(branch);
                let holds = !condition.is_event() && holds(&condition, walk.run());
                let looking = Looking::Condition(Box::new(condition), Box::new(walk), holds);
                (looking, None)
            }
            (Reading::Condition, Err(mistake)) => (Looking::Nothing, Some(mistake)),
        };
        Self {
            text,
            wanted,
            branch: number,
            looking,
            mistake,
            hits: Vec::new(),
            awaited: None,
        }
    }

    /// What the user typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the text is taken for.
    pub fn reading(&self) -> Reading {
        match &self.looking {
            Looking::Words(..) => Reading::Words,
            Looking::Condition(..) | Looking::Nothing => Reading::Condition,
        }
    }

    /// Why the text is no condition, if it begins like one or is taken for one.
    pub fn mistake(&self) -> Option<&str> {
        self.mistake.as_deref()
    }

    /// The records found so far, oldest first.
    pub fn hits(&self) -> &[RecordId] {
        &self.hits
    }

    /// Whether any of the records from `first` to `last` was found.
    pub fn has_hit(&self, first: RecordId, last: RecordId) -> bool {
        let before = self.hits.partition_point(|hit| *hit < first);
        self.hits.get(before).is_some_and(|hit| *hit <= last)
    }

    /// The place of a record among the hits, from 1.
    pub fn place_of(&self, record: RecordId) -> Option<usize> {
        let found = self.hits.binary_search(&record);
        found.ok().map(|before| before + 1)
    }

    /// Whether everything was looked at.
    pub fn is_done(&self, tip: &Run, transcript: &Transcript) -> bool {
        match &self.looking {
            Looking::Words(_, seen) => *seen >= transcript.len(),
            Looking::Condition(_, walk, _) => walk.run().records().len() >= tip.records().len(),
            Looking::Nothing => true,
        }
    }

    /// Looks at some more.
    fn go_on(&mut self, branch: &Branch, transcript: &Transcript) {
        match &mut self.looking {
            Looking::Words(words, seen) => {
                let end = transcript.len().min(*seen + Self::ITEMS_AT_ONCE);
                for item in (*seen..end).filter_map(|place| transcript.get(place)) {
                    let told = narrate::told_at_once(item, branch.tip().records(), lang());
                    if words.are_in(&told, "") {
                        self.hits.push(item.last);
                    }
                }
                *seen = end;
            }
            Looking::Condition(condition, walk, held) => {
                for _ in 0..Self::RECORDS_AT_ONCE {
                    if !walk.go_on(branch) {
                        break;
                    }
                    let holds = holds(condition, walk.run());
                    if holds && (condition.is_event() || !*held) {
                        self.hits.push(last_record(walk.run()));
                    }
                    *held = holds;
                }
            }
            Looking::Nothing => {}
        }
    }

    /// The hit to go to from a record; `None` if there is none or it is not known yet.
    fn hit_from(&self, here: RecordId, to: Direction, is_done: bool) -> Option<RecordId> {
        match to {
            Direction::Forward => {
                let after = self.hits.iter().find(|hit| **hit > here);
                after.or_else(|| self.hits.first().filter(|_| is_done))
            }
            Direction::Back if is_done => {
                let before = self.hits.iter().rev().find(|hit| **hit < here);
                before.or_else(|| self.hits.last())
            }
            Direction::Back => None,
        }
        .copied()
    }
}

/// Whether a condition is met by the last record of a run.
fn holds(condition: &Condition, run: &Run) -> bool {
    run.holds_since(condition, last_record(run))
}

fn last_record(run: &Run) -> RecordId {
    RecordId(run.records().len().saturating_sub(1))
}

impl Session {
    /// The search, if there is one.
    pub fn search(&self) -> Option<&Rc<Search>> {
        self.search.as_ref()
    }

    /// Whether there is more to look at.
    pub fn is_searching(&self) -> bool {
        let search = self.search.as_ref();
        search.is_some_and(|search| {
            search.branch != self.branch_number() || !search.is_done(&self.tip, &self.transcript)
        })
    }

    fn branch_number(&self) -> (u32, usize) {
        (self.history_number, self.history.current())
    }

    /// Begins to look for something else; for nothing if the text is empty.
    pub(super) fn look_for(&mut self, text: Rc<str>, wanted: Option<Reading>) {
        self.search = None;
        if text.trim().is_empty() {
            return;
        }
        let number = self.branch_number();
        if let Some(branch) = self.history.branches().get(number.1) {
            let search = Search::new((text, wanted), self.run.ids(), number, branch);
            self.search = Some(Rc::new(search));
        }
    }

    /// Looks at some more, from the start if the branch is another; goes to a hit that
    /// the user waits for.
    pub(super) fn search_on(&mut self) {
        let Some(mut search) = self.search.take() else {
            return;
        };
        let number = self.branch_number();
        let Some(branch) = self.history.branches().get(number.1) else {
            return;
        };
        if search.branch != number {
            let text = (Rc::clone(&search.text), search.wanted);
            search = Rc::new(Search {
                awaited: search.awaited,
                ..Search::new(text, self.run.ids(), number, branch)
            });
        }
        Rc::make_mut(&mut search).go_on(branch, &self.transcript);
        let awaited = search.awaited;
        self.search = Some(search);
        if let Some(to) = awaited {
            self.find(to);
        }
    }

    /// Goes to the next hit, as soon as it is known, and pauses there.
    pub(super) fn find(&mut self, to: Direction) {
        let Some(search) = &mut self.search else {
            return;
        };
        let is_done = search.is_done(&self.tip, &self.transcript);
        let hit = search.hit_from(last_record(&self.run), to, is_done);
        let waits = hit.is_none() && !is_done;
        Rc::make_mut(search).awaited = waits.then_some(to);
        if let Some(hit) = hit {
            self.navigate_and_pause(|history| history.seek(hit));
        }
    }
}
