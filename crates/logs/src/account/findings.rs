//! Rules of Raft that were broken, as far as lines prove it.
//!
//! Each finding rests on what members said themselves. A gap in a log, or a member that says
//! nothing, proves nothing. Members say what they do before it is on their disks: what one
//! said before it started again is proved only if another had seen it by then.

use std::collections::{BTreeMap, BTreeSet};

use crate::observation::{Ballot, LogEnd, Observation, Role};
use crate::shown::{EventId, MemberId};
use crate::story::{Event, Story};

/// A rule that was broken, with the events that prove it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which.
    pub kind: Kind,
    /// The events that prove it, in their order.
    pub events: Vec<EventId>,
}

/// What was broken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// Two members led one term (election safety; Raft paper, 5.2).
    TwoLeaders {
        /// The term.
        term: u64,
        /// Who led first.
        one: MemberId,
        /// Who led, too.
        other: MemberId,
    },
    /// A member gave its vote to two candidates in one term (Raft paper, 5.2).
    TwoVotes {
        /// The term.
        term: u64,
        /// Who voted.
        voter: MemberId,
        /// For whom first.
        one: MemberId,
        /// And for whom then.
        other: MemberId,
    },
    /// A member's term fell (Raft paper, 5.1).
    TermFell {
        /// Whose.
        member: MemberId,
        /// From this.
        from: u64,
        /// To this.
        to: u64,
    },
    /// A vote was given to a candidate whose log is behind the voter's (Raft paper, 5.4.1).
    VoteForOlderLog {
        /// Who voted.
        voter: MemberId,
        /// For whom.
        candidate: MemberId,
        /// The end of the voter's log.
        own: LogEnd,
        /// That of the candidate's.
        theirs: LogEnd,
    },
    /// What a member had committed was missing when it started (Raft paper, 5.4).
    CommittedLost {
        /// Whose.
        member: MemberId,
        /// What it had committed.
        commit: u64,
        /// The end of its log then.
        end: LogEnd,
    },
    /// A leader's log became shorter while it led (leader append-only; Raft paper, 5.3).
    LeaderLogShrank {
        /// Whose.
        leader: MemberId,
        /// From this.
        from: LogEnd,
        /// To this.
        to: LogEnd,
    },
}

impl Kind {
    /// The scenario of the gallery that breaks the same rule, by its path.
    pub fn scenario(self) -> &'static str {
        match self {
            Self::TwoLeaders { .. } | Self::TwoVotes { .. } => "broken/many-votes-per-term",
            Self::TermFell { .. } => "broken/forget-term-and-vote-on-restart",
            Self::VoteForOlderLog { .. } => "broken/no-up-to-date-check",
            Self::CommittedLost { .. } => "broken/forget-log-on-restart",
            Self::LeaderLogShrank { .. } => "broken/overwrite-uncommitted",
        }
    }
}

/// All findings, in the order of their proof.
pub(super) fn findings(story: &Story) -> Vec<Finding> {
    let set_back = story.clocks.set_back.iter();
    let mut proof = Proof {
        disordered: set_back.map(|it| it.member).collect(),
        ..Proof::default()
    };
    for (id, event) in story.numbered() {
        proof.seen(story, event);
        proof.leaders(id, event);
        proof.votes(story, id, event);
        proof.terms(story, id, event);
        proof.logs(id, event);
    }
    proof.found
}

#[derive(Default)]
struct Proof {
    found: Vec<Finding>,
    /// The kinds of what was found.
    known: BTreeSet<Kind>,
    /// Whose lines are not in the order of what happened.
    disordered: BTreeSet<MemberId>,
    leaders: BTreeMap<u64, (MemberId, EventId)>,
    votes: BTreeMap<(MemberId, u64), (MemberId, EventId)>,
    /// The votes, by voter and term, of which others know.
    votes_seen: BTreeSet<(MemberId, u64)>,
    /// The newest term of each of which others know.
    terms_seen: BTreeMap<MemberId, u64>,
    /// When each started last.
    started: BTreeMap<MemberId, EventId>,
    terms: BTreeMap<MemberId, (u64, EventId)>,
    commits: BTreeMap<MemberId, (u64, EventId)>,
    leading: BTreeMap<MemberId, (u64, LogEnd, EventId)>,
}

impl Proof {
    fn add(&mut self, kind: Kind, events: &[EventId]) {
        if self.known.insert(kind) {
            self.found.push(Finding {
                kind,
                events: events.to_vec(),
            });
        }
    }

    /// What an event proves of other members: it arrived, so it was on their disks.
    fn seen(&mut self, story: &Story, event: &Event) {
        let (other, term, votes) = match &event.what {
            Observation::Heard {
                from,
                ballot: Ballot::Vote,
                granted: true,
                term,
            } => (Some(*from), *term, true),
            Observation::Answered(reply) if reply.ballot == Ballot::Vote => {
                (Some(reply.candidate), reply.term, true)
            }
            Observation::NewerTerm {
                from,
                stands,
                newer,
                ..
            } => (*from, *newer, *stands),
            Observation::LeaderFound { leader, term } => (Some(*leader), *term, false),
            _ => return,
        };
        let other = other.and_then(|it| story.members.get(it));
        let other = other.filter(|it| *it != event.member);
        if let (Some(other), Some(term)) = (other, term) {
            let newest = self.terms_seen.entry(other).or_insert(term);
            *newest = term.max(*newest);
            if votes {
                self.votes_seen.insert((other, term));
            }
        }
    }

    /// Whether a member did not start anew since an event of its own.
    fn ran_since(&self, member: MemberId, id: EventId) -> bool {
        self.started.get(&member).is_none_or(|it| *it < id)
    }

    fn leaders(&mut self, id: EventId, event: &Event) {
        let term = match &event.what {
            Observation::Became {
                role: Role::Leader,
                term: Some(term),
                ..
            } => *term,
            Observation::State(state) if state.role == Some(Role::Leader) => match state.term {
                Some(term) => term,
                None => return,
            },
            _ => return,
        };
        let (one, before) = *self.leaders.entry(term).or_insert((event.member, id));
        if one != event.member {
            let other = event.member;
            self.add(Kind::TwoLeaders { term, one, other }, &[before, id]);
        }
    }

    fn votes(&mut self, story: &Story, id: EventId, event: &Event) {
        let (term, candidate) = match &event.what {
            Observation::Answered(reply)
                if reply.ballot == Ballot::Vote && reply.refused.is_none() =>
            {
                let Some(candidate) = story.members.get(reply.candidate) else {
                    return;
                };
                if let (Some(own), Some(theirs)) = (reply.own, reply.theirs)
                    && theirs < own
                {
                    let voter = event.member;
                    let kind = Kind::VoteForOlderLog {
                        voter,
                        candidate,
                        own,
                        theirs,
                    };
                    self.add(kind, &[id]);
                }
                (reply.term, candidate)
            }
            // Whoever stands votes for itself.
            Observation::Became {
                role: Role::Candidate,
                term,
                ..
            } => (*term, event.member),
            _ => return,
        };
        let Some(term) = term else {
            return;
        };
        let voter = event.member;
        let vote = self.votes.entry((voter, term)).or_insert((candidate, id));
        let (one, before) = *vote;
        let is_proved = self.ran_since(voter, before) || self.votes_seen.contains(&(voter, term));
        if !is_proved || self.disordered.contains(&voter) {
            self.votes.insert((voter, term), (candidate, id));
        } else if one != candidate {
            let kind = Kind::TwoVotes {
                term,
                voter,
                one,
                other: candidate,
            };
            self.add(kind, &[before, id]);
        }
    }

    fn terms(&mut self, story: &Story, id: EventId, event: &Event) {
        if matches!(event.what, Observation::Started(_)) {
            self.started.insert(event.member, id);
        }
        let term = match &event.what {
            Observation::Became { term, .. } => *term,
            Observation::Started(state) | Observation::State(state) => state.term,
            _ => None,
        };
        let Some(term) = term else {
            return;
        };
        let member = event.member;
        let before = self.terms.insert(member, (term, id));
        // Where a file was put together in the wrong order, nothing is proved.
        let disordered = self.disordered.contains(&member);
        // etcd says term 0 before it has read its disk.
        if let Some((from, earlier)) = before.filter(|(from, _)| *from > term && term > 0)
            && !disordered
            && same_file(story, earlier, id)
            && (self.ran_since(member, earlier) || self.is_seen_in(member, term))
        {
            let kind = Kind::TermFell {
                member,
                from,
                to: term,
            };
            self.add(kind, &[earlier, id]);
        }
    }

    /// Whether others know that a member was in a newer term.
    fn is_seen_in(&self, member: MemberId, term: u64) -> bool {
        self.terms_seen.get(&member).is_some_and(|it| *it > term)
    }

    fn logs(&mut self, id: EventId, event: &Event) {
        let member = event.member;
        let (state, starts) = match &event.what {
            Observation::Started(state) => (state, true),
            Observation::State(state) => (state, false),
            _ => return,
        };
        if self.disordered.contains(&member) {
            return;
        }
        if starts {
            self.leading.remove(&member);
        }
        if let (true, Some(end), Some((commit, before))) =
            (starts, state.log, self.commits.get(&member).copied())
            && end.index < commit
        {
            let kind = Kind::CommittedLost {
                member,
                commit,
                end,
            };
            self.add(kind, &[before, id]);
        }
        if let Some(commit) = state.commit {
            let known = self.commits.entry(member).or_insert((commit, id));
            if commit > known.0 {
                *known = (commit, id);
            }
        }
        let leads = state.role == Some(Role::Leader);
        if let (true, Some(term), Some(end)) = (leads, state.term, state.log) {
            let before = self.leading.insert(member, (term, end, id));
            if let Some((_, from, earlier)) =
                before.filter(|(it, from, _)| *it == term && from.index > end.index)
            {
                let leader = member;
                let kind = Kind::LeaderLogShrank {
                    leader,
                    from,
                    to: end,
                };
                self.add(kind, &[earlier, id]);
            }
        } else {
            self.leading.remove(&member);
        }
    }
}

fn same_file(story: &Story, one: EventId, other: EventId) -> bool {
    let file = |id| story.event(id).map(|it| it.place.file);
    file(one) == file(other)
}
