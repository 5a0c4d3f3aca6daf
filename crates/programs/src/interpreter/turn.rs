//! The turn that is being taken: what the program has done in it so far.

use std::mem;
use std::rc::Rc;

use hustings_raft::{
    ClientReply, LogIndex, Millis, MillisRange, NodeId, NodeSet, Options, Position, Stored, Timer,
};
use rhai::{Dynamic, INT, Map};

use super::error::{RhaiResult, wrong};
use super::limits::{ACTS_MAX, PRINTED_MAX};
use super::me::Me;
use super::value::{index_from, int, server, server_or_none};
use super::{message, view};
use crate::host::Act;

/// What does not change while a server runs.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    pub(super) id: NodeId,
    pub(super) members: NodeSet,
    pub(super) options: Options,
}

impl Fixed {
    pub(super) fn peers(&self) -> NodeSet {
        self.members.without(self.id)
    }
}

/// The turn that is being taken.
#[derive(Debug)]
pub(super) struct Ongoing {
    fixed: Rc<Fixed>,
    now: Millis,
    me: Me,
    /// What was done up to each write.
    pub(super) written: Vec<Written>,
    /// What was done since.
    pub(super) done: Done,
    acts: usize,
    prints: usize,
}

/// What a program did without a write.
#[derive(Default, Debug)]
pub(super) struct Done {
    pub(super) acts: Vec<Act>,
    pub(super) printed: Vec<Rc<str>>,
}

/// What a program did until a write.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) done: Done,
    /// What it writes.
    pub(super) stored: Stored,
    /// Its variables then.
    pub(super) variables: Map,
}

impl Ongoing {
    pub(super) fn new(fixed: Rc<Fixed>, now: Millis, me: Me) -> Self {
        Self {
            fixed,
            now,
            me,
            written: Vec::new(),
            done: Done::default(),
            acts: 0,
            prints: 0,
        }
    }

    fn act(&mut self, act: Act) -> RhaiResult<()> {
        self.count()?;
        self.done.acts.push(act);
        Ok(())
    }

    fn count(&mut self) -> RhaiResult<()> {
        self.acts += 1;
        if self.acts > ACTS_MAX {
            return wrong(format!(
                "more than {ACTS_MAX} messages, timers, replies and writes in one call"
            ));
        }
        Ok(())
    }

    pub(super) fn send(&mut self, to: &Dynamic, map: &Map) -> RhaiResult<()> {
        let to = server(to, "the receiver")?;
        if to == self.fixed.id {
            return wrong(format!("{to} sends a message to itself"));
        }
        let message = message::from(map)?;
        self.act(Act::Send { to, message })
    }

    pub(super) fn broadcast(&mut self, map: &Map) -> RhaiResult<()> {
        let message = message::from(map)?;
        self.fixed.peers().iter().try_for_each(|to| {
            let message = message.clone();
            self.act(Act::Send { to, message })
        })
    }

    /// Arms a timer by the cluster's options.
    pub(super) fn arm(&mut self, name: &str) -> RhaiResult<()> {
        let timer = timer(name)?;
        let options = &self.fixed.options;
        let duration = match timer {
            Timer::Heartbeat => MillisRange::exactly(options.heartbeat.0),
            Timer::Election | Timer::CheckQuorum | Timer::Transfer => options.election_timeout,
        };
        self.act(Act::Arm(timer, duration))
    }

    pub(super) fn arm_between(&mut self, name: &str, min: INT, max: INT) -> RhaiResult<()> {
        let timer = timer(name)?;
        let longest = int(hustings_lab::Header::DURATION_MAX.0);
        if !(1..=longest).contains(&min) || !(1..=longest).contains(&max) {
            return wrong(format!(
                "a timer runs for 1 to {longest} ms, and not from {min} to {max}"
            ));
        }
        let range = MillisRange::between(min.unsigned_abs(), max.unsigned_abs());
        self.act(Act::Arm(timer, range))
    }

    pub(super) fn disarm(&mut self, name: &str) -> RhaiResult<()> {
        self.act(Act::Disarm(timer(name)?))
    }

    pub(super) fn persist(&mut self) -> RhaiResult<()> {
        self.count()?;
        let variables = self.me.variables();
        self.written.push(Written {
            stored: view::stored(&variables)?,
            done: mem::take(&mut self.done),
            variables,
        });
        Ok(())
    }

    pub(super) fn reply(&mut self, what: &str, index: INT) -> RhaiResult<()> {
        let index = index_from(Some(&index.into()), "the index")?;
        let log = view::stored(&self.me.variables())?.log;
        let Some(term) = log.term_at(index).filter(|_| index > LogIndex::ZERO) else {
            return wrong(format!("`me.log` has no entry at index {index}"));
        };
        let position = Position { index, term };
        self.act(Act::Reply(match what {
            "accepted" => ClientReply::Accepted(position),
            "committed" => ClientReply::Committed(position),
            _ => return unknown_reply(what),
        }))
    }

    pub(super) fn refuse(&mut self, what: &str, leader: Option<&Dynamic>) -> RhaiResult<()> {
        if what != "not-leader" {
            return unknown_reply(what);
        }
        let leader = server_or_none(leader, "the leader")?;
        self.act(Act::Reply(ClientReply::NotLeader { leader }))
    }

    pub(super) fn print(&mut self, text: &str) {
        self.prints += 1;
        if self.prints <= PRINTED_MAX {
            self.done.printed.push(text.into());
        }
    }

    pub(super) fn now(&self) -> INT {
        int(self.now.0)
    }
}

fn timer(name: &str) -> RhaiResult<Timer> {
    match Timer::ALL.into_iter().find(|timer| timer.name() == name) {
        Some(timer) => Ok(timer),
        None => {
            let known = Timer::ALL.map(Timer::name).join(", ");
            wrong(format!("no timer is called `{name}`; there are {known}"))
        }
    }
}

fn unknown_reply(what: &str) -> RhaiResult<()> {
    wrong(format!(
        "a reply is \"accepted\" or \"committed\" with an index, or \"not-leader\", and this is \
         \"{what}\""
    ))
}
