//! Whether a condition holds of a world.

use hustings_raft::{Entry, LogIndex, NodeId, RoleName};

use super::World;
use crate::condition::{Claim, Condition};
use crate::pattern::{ServerPattern, Variable};
use crate::server::Server;

impl World {
    /// Whether a condition holds; `None` if it is about something that happens, of which a
    /// world knows nothing.
    pub fn holds(&self, condition: &Condition) -> Option<bool> {
        let leaders = || self.running().filter(|server| server.view().leads());
        Some(match condition {
            Condition::Server { server, is, is_not } => {
                let found = self.server(*server);
                found.is_some_and(|server| has(server, is, is_not))
            }
            Condition::Role { server, role } => {
                self.server(*server).and_then(Server::role) == Some(*role)
            }
            Condition::Leader => {
                let latest = self.running().map(Server::term).max();
                self.running().any(|server| {
                    server.role() == Some(RoleName::Leader) && Some(server.term()) == latest
                })
            }
            Condition::Leaders(count) => leaders().count() >= usize::from(*count),
            Condition::OneLeader => leaders().count() == 1,
            Condition::NoLeader => leaders().next().is_none(),
            Condition::Term(term) => self.running().any(|server| server.term() >= *term),
            Condition::TermAbove(term) => self.running().any(|server| server.term() > *term),
            Condition::Quiet => self.is_quiet(),
            Condition::NoViolation => !self.judge.has_violations(),
            Condition::InFlight(count) => self.in_flight_count() == *count,
            Condition::Asserted(claim) => return self.is_so(claim),
            Condition::Denied(Claim::CommittedAs { index, entry }) => {
                let held = self.held_as_committed(*index);
                held.into_iter().all(|(held, _)| held != entry)
            }
            Condition::Denied(claim) => !self.is_so(claim)?,
            Condition::SentNothing | Condition::Violation => return None,
        })
    }

    fn is_so(&self, claim: &Claim) -> Option<bool> {
        match claim {
            Claim::InFlight(pattern) => {
                let mut in_flight = self.in_flight();
                Some(in_flight.any(|(_, it)| pattern.matches(it.link, &it.message)))
            }
            Claim::Committed(index) => Some(!self.committed_to(*index).is_empty()),
            Claim::CommittedAs { index, entry } => {
                let held = self.held_as_committed(*index);
                Some(!held.is_empty() && held.iter().all(|(held, _)| *held == entry))
            }
            Claim::Sent(_)
            | Claim::Delivered(_)
            | Claim::Lost(_)
            | Claim::Refused(_)
            | Claim::Violation(_) => None,
        }
    }

    fn running(&self) -> impl Iterator<Item = &Server> {
        self.servers().filter(|server| server.is_up())
    }

    /// The running servers that have committed up to an index.
    pub(crate) fn committed_to(&self, index: LogIndex) -> Vec<&Server> {
        let has = |server: &&Server| server.commit() >= index;
        self.running().filter(has).collect()
    }

    /// The entries at an index in the logs of the running servers that have committed it.
    pub(crate) fn held_as_committed(&self, index: LogIndex) -> Vec<(&Entry, NodeId)> {
        let servers = self.committed_to(index).into_iter();
        let held = servers.filter_map(|server| Some((server.log().get(index)?, server.id())));
        held.collect()
    }
}

/// Whether a server has some properties, and none of others.
fn has(server: &Server, is: &ServerPattern, is_not: &ServerPattern) -> bool {
    let (state, view) = (server.observed(), server.view());
    let shows = |it: &Variable| view.shows(it);
    is.unmet(state.clone()).is_none()
        && is_not.in_common(state).is_none()
        && is.variables.iter().all(shows)
        && !is_not.variables.iter().any(shows)
}
