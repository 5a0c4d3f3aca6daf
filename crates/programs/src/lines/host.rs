//! Takes the turns of servers that speak JSON lines.

use std::cell::Cell;
use std::fmt;
use std::hash::{Hash as _, Hasher};

use hustings_lab::{Abilities, Failure, Start};
use hustings_raft::{Millis, NodeId};

use super::answer::{Answer, Fixed, Seen};
#[cfg(not(target_family = "wasm"))]
use super::processes::Processes;
use super::recording::{not_recorded, shown};
use super::told;
use super::turns::{Place, Turns};
use crate::host::{Host, Told, Turn};

/// Takes the turns of servers that speak JSON lines: processes of a command, or a recording
/// of such. A turn that was taken before is not taken again.
pub struct Lines {
    pub(super) turns: Turns,
    pub(super) answerer: Answerer,
    /// What its servers can do, as far as that is known.
    abilities: Abilities,
    /// The server that was told most since the last comparison, and its place.
    pub(super) furthest: Cell<Option<(NodeId, Place)>>,
}

/// What answers when a server is told what it was not told before.
pub(super) enum Answerer {
    #[cfg(not(target_family = "wasm"))]
    Processes(Box<Processes>),
    /// Nothing does: all that was ever told is recorded.
    Nobody,
}

/// A server's state between two turns.
#[derive(Clone, Debug)]
pub struct State {
    fixed: Fixed,
    pub(super) place: Place,
    seen: Seen,
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Lines");
        match &self.answerer {
            #[cfg(not(target_family = "wasm"))]
            Answerer::Processes(processes) => debug.field("command", &processes.command()),
            Answerer::Nobody => &mut debug,
        }
        .finish_non_exhaustive()
    }
}

impl Lines {
    pub(super) fn with(turns: Turns, answerer: Answerer) -> Self {
        Self {
            abilities: shown(&turns),
            turns,
            answerer,
            furthest: Cell::default(),
        }
    }

    /// Servers whose turns are those of a recording.
    pub(super) fn recorded(turns: Turns) -> Self {
        Self::with(turns, Answerer::Nobody)
    }

    /// Has a server take the turn after a place, unless it was taken before.
    fn take(
        &self,
        before: Option<Place>,
        line: String,
        fixed: Fixed,
        seen: Seen,
        told: Option<&Told>,
    ) -> Result<Turn<State>, Box<Failure>> {
        let place = Place::after(before, &line);
        let mut answer = Answer::new(fixed, place.turn, told, seen);
        match self.turns.at(place) {
            Some(known) => {
                for line in known.answer.as_ref().map_err(Clone::clone)?.lines() {
                    answer.read(line).map_err(Failure::new)?;
                }
            }
            None => match &self.answerer {
                #[cfg(not(target_family = "wasm"))]
                Answerer::Processes(processes) => {
                    processes.take(&self.turns, before, line, &mut answer)?;
                }
                Answerer::Nobody => {
                    return Err(not_recorded(&self.turns, answer.server(), before, &line));
                }
            },
        }
        let furthest = self.furthest.get();
        if furthest.is_none_or(|(_, other)| other.turn < place.turn) {
            self.furthest.set(Some((fixed.id, place)));
        }
        let (parts, seen) = answer.end();
        Ok(Turn {
            parts,
            state: State { fixed, place, seen },
        })
    }
}

impl Host for Lines {
    type State = State;

    fn start(&self, start: &Start, now: Millis) -> Result<Turn<State>, Box<Failure>> {
        let fixed = Fixed {
            id: start.id,
            options: start.options,
        };
        let line = told::init(start, now);
        self.take(None, line, fixed, Seen::first(start), None)
    }

    fn turn(&self, state: &State, now: Millis, told: &Told) -> Result<Turn<State>, Box<Failure>> {
        let line = told::told(told, state.place.turn + 1, now);
        let seen = state.seen.clone();
        self.take(Some(state.place), line, state.fixed, seen, Some(told))
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn fingerprint(&self, state: &State, mut hasher: &mut dyn Hasher) {
        state.place.hash(&mut hasher);
    }
}
