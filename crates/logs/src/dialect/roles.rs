//! Rows about roles, terms and leaders, as etcd's raft library and tikv's, which is made
//! after it, have them.

use super::ballots;
use super::table::{Words, alarm};
use crate::observation::{Alarm, LogEnd, Observation, Role, State, TransferStep};

/// The member has a new role.
pub(super) fn became(it: &mut Words<'_>, role: Role) -> Option<Observation> {
    Some(Observation::Became {
        role,
        term: Some(it.number("term")?),
        leader: it.me.filter(|_| role == Role::Leader),
    })
}

/// The library starts with what is on the disk.
pub(super) fn started(it: &mut Words<'_>, log: LogEnd) -> Option<Observation> {
    Some(Observation::Started(State {
        term: it.number("term"),
        log: Some(log),
        commit: it.number("commit"),
        ..State::default()
    }))
}

/// The member received a message of a newer term.
pub(super) fn newer_term(it: &mut Words<'_>, own: &str, newer: &str) -> Option<Observation> {
    Some(Observation::NewerTerm {
        from: it.member("from"),
        stands: ballots::asks(it),
        own: it.number(own),
        newer: Some(it.number(newer)?),
    })
}

/// The member ignored a message of an older term.
pub(super) fn older_term(it: &mut Words<'_>, own: &str, older: &str) -> Option<Observation> {
    Some(Observation::OlderTerm {
        from: it.member("from"),
        stands: ballots::asks(it),
        own: it.number(own),
        older: it.number(older)?,
    })
}

/// The member can do nothing with a request, as it knows no leader.
pub(super) fn leaderless(it: &mut Words<'_>) -> Option<Observation> {
    it.also(Observation::State(State {
        term: it.number("term"),
        leader: Some(None),
        ..State::default()
    }));
    alarm(Alarm::NoLeader)
}

/// The member knows this leader.
pub(super) fn follows(it: &mut Words<'_>, leader: &str) -> Option<Observation> {
    Some(Observation::State(State {
        term: it.number("term"),
        leader: Some(Some(it.member(leader)?)),
        ..State::default()
    }))
}

/// The leader has not heard from a majority.
pub(super) fn quorum_lost(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::QuorumLost { term: None })
}

/// Leadership is handed over to the member `to`.
pub(super) fn transfer(it: &mut Words<'_>, step: TransferStep) -> Option<Observation> {
    Some(Observation::Transfer {
        to: Some(it.member("to")?),
        step,
    })
}

/// The leader cannot reach the member `to`.
pub(super) fn unreachable(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Contact {
        peer: it.member("to")?,
        reached: false,
        silent: None,
    })
}

/// Entries from this index on conflict with the leader's, and are dropped.
pub(super) fn truncated(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::Truncated {
        from: it.number("index")?,
    })
}

/// The member refused entries.
pub(super) fn refused_entries(_: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::EntriesRefused {
        by: None,
        end: None,
    })
}

/// The member `from` refused entries.
pub(super) fn refused_by(it: &mut Words<'_>) -> Option<Observation> {
    Some(Observation::EntriesRefused {
        by: Some(it.member("from")?),
        end: None,
    })
}
