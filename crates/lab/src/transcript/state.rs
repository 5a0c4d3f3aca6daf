//! Who stands, leads and runs, as far as a run has been taken in.

use hustings_raft::{
    ElectionCause, Message, NodeId, NodeSet, Reason, RoleName, StepDownCause, Term,
};

use super::losses::Losses;
use crate::link_map::LinkMap;
use crate::path::Link;
use crate::rate::Rate;
use crate::record::{Change, Event, Record, RecordId, Records};
use crate::run::Run;
use crate::tally::{ElectionEnd, SplitVote, Tally};
use crate::vec_map::VecMap;

/// What must be known of the past to tell what comes.
#[derive(Clone, Default, Debug)]
pub(super) struct State {
    /// The record that began the election in which a server stands.
    pub(super) standing: VecMap<NodeId, RecordId>,
    /// Who leads, and which term.
    leading: VecMap<NodeId, Term>,
    /// The highest term that anybody has won.
    won: Option<Term>,
    pub(super) paused: NodeSet,
    /// The term whose vote was told last to be split, and its candidates then.
    split: Option<(Term, NodeSet)>,
    /// Who is down, and which links are cut.
    down: NodeSet,
    cut: LinkMap<bool>,
    /// Whom a leader counted as active at the last check that was told.
    active: VecMap<NodeId, NodeSet>,
    /// Who is to lead instead of a leader.
    transfers: VecMap<NodeId, NodeId>,
    /// Who started its last election because of a TimeoutNow, and its sender.
    obeys: VecMap<NodeId, NodeId>,
    /// The clocks that run fast or slow.
    clocks: VecMap<NodeId, Rate>,
    pub(super) losses: Losses,
}

impl State {
    /// Records what runs, which links are cut and how fast the clocks are.
    pub(super) fn take_faults(&mut self, event: &Event) {
        match event {
            Event::Paused(server) => {
                self.paused.insert(*server);
            }
            Event::Resumed(server) => {
                self.paused.remove(*server);
            }
            Event::Crashed { server, .. } => {
                self.paused.remove(*server);
                self.down.insert(*server);
            }
            Event::Restarted(server) | Event::Installed { server, .. } => {
                self.down.remove(*server);
            }
            Event::Cut(links) => self.set_cut(links, true),
            Event::Mended(links) => self.set_cut(links, false),
            Event::Partitioned { cut, mended, .. } => {
                self.set_cut(cut, true);
                self.set_cut(mended, false);
            }
            Event::ClockSet { server, rate } if *rate == Rate::TRUE => {
                self.clocks.remove(*server);
            }
            Event::ClockSet { server, rate } => {
                self.clocks.insert(*server, *rate);
            }
            _ => {}
        }
    }

    fn set_cut(&mut self, links: &[Link], cut: bool) {
        for link in links {
            self.cut.set(*link, cut);
        }
    }

    /// The rate of the clock by which a timer has run out, unless it is true.
    pub(super) fn clock_of(&self, event: &Event) -> Option<Rate> {
        match event {
            Event::TimerFired {
                server,
                by_hand: false,
                ..
            } => self.clocks.get(*server).copied(),
            _ => None,
        }
    }

    /// The transfers that end because a server begins to lead, or no longer leads. Records
    /// those that are under way.
    pub(super) fn transfers_ended(&mut self, record: &Record) -> Box<[(NodeId, NodeId)]> {
        let Some(me) = record.event.server() else {
            return Box::default();
        };
        let mut ended = Vec::new();
        for reason in record.reasons.iter() {
            match *reason {
                Reason::TransferStarted { target, .. } => {
                    self.transfers.insert(me, target);
                }
                Reason::TransferAborted { .. } => {
                    self.transfers.remove(me);
                }
                Reason::ToldToStand { leader } => {
                    self.obeys.insert(me, leader);
                }
                Reason::ElectionStarted { cause, .. } if cause != ElectionCause::ToldToStand => {
                    self.obeys.remove(me);
                }
                Reason::SteppedDown {
                    cause: StepDownCause::QuorumLost | StepDownCause::Removed,
                    ..
                } => ended.extend(self.transfers.remove(me).map(|target| (me, target))),
                Reason::ElectionWon { .. } | Reason::ElectionSkipped { .. } => {
                    let obeys = self.obeys.get(me).copied();
                    let transfers = std::mem::take(&mut self.transfers).into_iter();
                    // Who wins by itself has not been made a leader.
                    let meant = |(leader, target): &(_, _)| *target != me || obeys == Some(*leader);
                    ended.extend(transfers.filter(meant));
                }
                _ => {}
            }
        }
        ended.into()
    }

    /// Whether a leader leads on while it cannot reach some, and counts others as active
    /// than it did when that was told last.
    pub(super) fn leads_on_cut_off(&mut self, record: &Record) -> bool {
        let Some(me) = record.event.server() else {
            return false;
        };
        let mut tells = false;
        for reason in record.reasons.iter() {
            match *reason {
                Reason::QuorumHeard {
                    active, members, ..
                } => {
                    let others = members.without(me);
                    let cut_off = others.iter().any(|it| !self.reach(me, it));
                    tells = cut_off && self.active.insert(me, active) != Some(active);
                    if !cut_off {
                        self.active.remove(me);
                    }
                }
                Reason::ElectionWon { .. }
                | Reason::ElectionSkipped { .. }
                | Reason::SteppedDown { .. } => {
                    self.active.remove(me);
                }
                _ => {}
            }
        }
        tells
    }

    /// Whether messages get from one server to another and back.
    fn reach(&self, from: NodeId, to: NodeId) -> bool {
        let link = Link { from, to };
        let stopped = self.down.contains(to) || self.paused.contains(to);
        !stopped && !self.cut.get(link) && !self.cut.get(link.back())
    }

    /// Who still leads another term when a server begins to lead. Records who
    /// leads now.
    pub(super) fn leading_besides(&mut self, record: &Record) -> Box<[(NodeId, Term)]> {
        let Some(me) = record.event.server() else {
            return Box::default();
        };
        if let Event::Crashed { .. } = record.event {
            self.leading.remove(me);
        }
        if role_before(record) == Some(RoleName::Leader) {
            self.leading.remove(me);
        }
        let mut others = Vec::new();
        for reason in record.reasons.iter() {
            match *reason {
                Reason::SteppedDown { .. } => {
                    self.leading.remove(me);
                }
                Reason::ElectionWon { term, .. } | Reason::ElectionSkipped { term } => {
                    let besides = self.leading.iter().filter(|(other, _)| *other != me);
                    others.extend(besides.map(|(other, term)| (other, *term)));
                    self.leading.insert(me, term);
                    self.won = self.won.max(Some(term));
                }
                _ => {}
            }
        }
        others.into()
    }

    /// The vote of the highest term in which somebody stands, if it is split since a record:
    /// unless that was told of the same candidates, or somebody has won that term.
    pub(super) fn split_vote(
        &mut self,
        run: &Run,
        id: RecordId,
        record: &Record,
    ) -> Option<SplitVote> {
        if !closes_a_vote(record) {
            return None;
        }
        let stand = self.standing.values();
        let stand = stand.filter_map(|start| Tally::so_far(run, *start, id, self.paused));
        let all: Vec<_> = stand.filter(|tally| !tally.pre_vote).collect();
        let term = all.iter().map(|tally| tally.term).max()?;
        let mut candidates: Vec<_> = all.iter().filter(|tally| tally.term == term).collect();
        candidates.sort_by_key(|tally| tally.candidate);
        let who = candidates.iter().map(|tally| tally.candidate).collect();
        let may_be_won = |tally: &&Tally| tally.end != ElectionEnd::CannotBeWon;
        let may_be_won = self.won >= Some(term) || candidates.iter().any(may_be_won);
        if candidates.len() < 2 || may_be_won || self.split == Some((term, who)) {
            return None;
        }
        self.split = Some((term, who));
        let votes = candidates.iter();
        let votes = votes.map(|tally| (tally.candidate, tally.votes, tally.needed));
        Some(SplitVote {
            term,
            candidates: votes.collect(),
        })
    }

    /// The election that a record ends without a winner. Records who stands now.
    pub(super) fn election_ended(
        &mut self,
        records: &Records,
        id: RecordId,
        record: &Record,
    ) -> Option<Tally> {
        let me = record.event.server()?;
        let mut ended = None;
        let mut end = |state: &mut Self, end: ElectionEnd| {
            if let Some(start) = state.standing.remove(me) {
                ended = Tally::of(records, start, id, state.paused, end);
            }
        };
        if let Event::Crashed { .. } = record.event {
            end(self, ElectionEnd::Crashed);
        }
        for reason in record.reasons.iter() {
            match *reason {
                Reason::PreVoteStarted { .. } => {
                    end(self, ElectionEnd::TimedOut);
                    self.standing.insert(me, id);
                }
                Reason::ElectionStarted { cause, .. } => {
                    match cause {
                        ElectionCause::TimedOut => end(self, ElectionEnd::TimedOut),
                        ElectionCause::ToldToStand => end(self, ElectionEnd::ToldToStand),
                        ElectionCause::PreVoteWon => {}
                    }
                    self.standing.insert(me, id);
                }
                Reason::ElectionWon { .. } | Reason::ElectionSkipped { .. } => {
                    self.standing.remove(me);
                }
                Reason::SteppedDown { role, cause } if role != RoleName::Leader => {
                    if let Some(how) = stepped_down(record, cause) {
                        end(self, how);
                    }
                }
                _ => {}
            }
        }
        // A server that gives no reasons may end its election without any, too.
        if !is_standing(record) {
            self.standing.remove(me);
        }
        ended
    }
}

/// Whether after a record a vote can come no more that might have come before it.
fn closes_a_vote(record: &Record) -> bool {
    match &record.event {
        Event::Lost { flight, .. } | Event::Delivered(flight) => matches!(
            *flight.message,
            Message::RequestVote { .. } | Message::RequestVoteReply { .. }
        ),
        Event::Crashed { .. } => true,
        _ => false,
    }
}

/// The role that a server had before it changed in a record.
fn role_before(record: &Record) -> Option<RoleName> {
    record.changes.iter().find_map(|change| match change {
        Change::Role { old, .. } => Some(*old),
        _ => None,
    })
}

/// Whether a server may stand for election after a record: its role has not changed to
/// another.
fn is_standing(record: &Record) -> bool {
    let stands = |role| matches!(role, RoleName::PreCandidate | RoleName::Candidate);
    record.changes.iter().all(|change| match change {
        Change::Role { new, .. } => stands(*new),
        _ => true,
    })
}

/// How a candidate's election ended that has stepped down.
fn stepped_down(record: &Record, cause: StepDownCause) -> Option<ElectionEnd> {
    let Event::Delivered(flight) = &record.event else {
        return None;
    };
    let sender = flight.link.from;
    match cause {
        StepDownCause::HigherTerm => Some(ElectionEnd::HigherTerm {
            term: flight.message.term(),
            sender,
        }),
        StepDownCause::LeaderHeard => Some(ElectionEnd::LeaderHeard { leader: sender }),
        StepDownCause::VoteGranted => Some(ElectionEnd::VoteGranted { candidate: sender }),
        StepDownCause::QuorumLost | StepDownCause::Removed => None,
    }
}
