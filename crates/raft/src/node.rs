//! One server: its state, and the one way to change it.

mod disk;
mod election;
mod pre_vote;
mod quorum;
mod replication;
mod transfer;

use self::disk::Disk;
use crate::{
    DropCause, Effect, Input, Log, LogIndex, Message, MessageKind, Millis, MillisRange, NodeId,
    NodeSet, Options, Output, Reason, Role, RoleName, Stored, Term, Timer, TimerCause,
};

/// One Raft server.
///
/// It changes only in [`Node::step`]; between steps it can be looked at and
/// cloned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    id: NodeId,
    members: NodeSet,
    options: Options,
    term: Term,
    voted_for: Option<NodeId>,
    log: Log,
    commit: LogIndex,
    role: Role,
    disk: Disk,
}

impl Node {
    /// A server as it is before its first step, [`Input::Start`], with what its
    /// disk holds. `members` are the servers that vote, usually `id` among them.
    pub fn new(id: NodeId, members: NodeSet, options: Options, stored: Stored) -> Self {
        Self {
            id,
            members,
            options,
            term: stored.term,
            voted_for: stored.voted_for,
            disk: Disk::holding(stored.log.last_index()),
            log: stored.log,
            commit: LogIndex::ZERO,
            role: Role::Follower { leader: None },
        }
    }

    /// Starts with a commit index, as in a figure of the paper; for use before
    /// the first step. A server that restarts after a crash has commit index 0
    /// (§5.1). No more than the log can be committed.
    pub fn with_commit(mut self, commit: LogIndex) -> Self {
        self.commit = commit.min(self.log.last_index());
        self
    }

    /// Takes one step: `input` happens at `now`. What the world must do, and
    /// why, is added to `out`.
    ///
    /// Any input is safe at any time: what the rules do not allow is refused or
    /// ignored, and a [`Reason`] says so.
    pub fn step(&mut self, now: Millis, input: Input, out: &mut Output) {
        match input {
            Input::Start => self.start(out),
            Input::Timer(timer) => self.timer_fired(timer, out),
            Input::Message { from, message } => self.receive(now, from, message, out),
            Input::Propose(command) => self.client_asked(command, out),
            Input::Transfer(target) => self.transfer_asked(target, out),
            Input::WriteDone(write) => self.write_done(write, out),
        }
        self.save(out);
    }

    /// The server's name.
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// The servers that vote.
    pub fn members(&self) -> NodeSet {
        self.members
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The current term.
    pub fn term(&self) -> Term {
        self.term
    }

    /// The candidate that has the server's vote in the current term.
    pub fn voted_for(&self) -> Option<NodeId> {
        self.voted_for
    }

    /// The role with its data.
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The index of the last entry known to be committed.
    pub fn commit(&self) -> LogIndex {
        self.commit
    }

    /// The leader of the current term, as far as the server knows.
    pub fn leader(&self) -> Option<NodeId> {
        match &self.role {
            Role::Leader { .. } => Some(self.id),
            Role::Follower { leader } => leader.map(|(leader, _)| leader),
            Role::PreCandidate { .. } | Role::Candidate { .. } => None,
        }
    }

    /// The last entry of this server's log that is on its own disk.
    pub fn durable_index(&self) -> LogIndex {
        self.disk.durable_index()
    }

    fn start(&mut self, out: &mut Output) {
        out.because(Reason::Started {
            term: self.term,
            voted_for: self.voted_for,
            last: self.log.last(),
        });
        self.arm(Timer::Election, TimerCause::Started, out);
    }

    fn timer_fired(&mut self, timer: Timer, out: &mut Output) {
        let leads = matches!(self.role, Role::Leader { .. });
        match (timer, leads) {
            (Timer::Election, false) if self.can_stand() => {
                self.election_timed_out(out);
            }
            (Timer::Heartbeat, true) => self.send_heartbeats(out),
            (Timer::CheckQuorum, true) => self.check_quorum(out),
            (Timer::Transfer, true) => self.abort_transfer(out),
            _ => {
                let role = self.role.name();
                out.because(Reason::TimerIgnored { timer, role });
            }
        }
    }

    /// Whether this server has a vote, and there is a term to stand in.
    fn can_stand(&self) -> bool {
        self.members.contains(self.id) && self.term < Term::LAST
    }

    /// Terms come first (§5.1): a higher one is adopted, an older one answered
    /// or dropped, before the message itself is looked at.
    fn receive(&mut self, now: Millis, from: NodeId, message: Message, out: &mut Output) {
        if self.holds_lease_against(now, from, &message, out) {
            return;
        }
        let kind = message.kind();
        let theirs = message.term();
        if asks_about_next_term(&message) {
            // Nobody is in that term yet, so there is nothing to adopt.
        } else if theirs > self.term {
            self.adopt_term(theirs, from, out);
        } else if theirs < self.term && kind.is_reply() {
            let mine = self.term;
            self.drop_message(from, kind, DropCause::StaleTerm { theirs, mine }, out);
            return;
        }
        match message {
            Message::RequestVote { term, last, .. } => self.vote_requested(from, term, last, out),
            Message::RequestVoteReply { granted, .. } => self.vote_answered(from, granted, out),
            Message::PreVote { term, last } => {
                self.pre_vote_requested(now, from, term, last, out);
            }
            Message::PreVoteReply { term, granted } => {
                self.pre_vote_answered(from, term, granted, out);
            }
            Message::TimeoutNow { term } => self.told_to_stand(from, term, out),
            Message::AppendEntries {
                term,
                prev,
                entries,
                commit,
            } => self.entries_arrived(now, from, term, prev, entries, commit, out),
            Message::AppendEntriesReply { result, .. } => {
                self.entries_answered(from, result, out);
            }
        }
    }

    fn adopt_term(&mut self, term: Term, sender: NodeId, out: &mut Output) {
        out.because(Reason::TermAdopted {
            old: self.term,
            new: term,
            sender,
        });
        self.term = term;
        self.voted_for = None;
        self.disk.touch();
        self.become_follower(None, out);
    }

    /// Makes the server a follower. Its vote stays: it belongs to the term, not
    /// to the role.
    fn become_follower(&mut self, leader: Option<(NodeId, Millis)>, out: &mut Output) {
        let was = self.role.name();
        self.role = Role::Follower { leader };
        if was == RoleName::Follower {
            return;
        }
        out.because(Reason::SteppedDown { role: was });
        if was == RoleName::Leader {
            for timer in [Timer::Heartbeat, Timer::CheckQuorum, Timer::Transfer] {
                out.effect(Effect::Disarm(timer));
            }
            // A leader has no election timer running, so this is a start, not
            // one of the resets that Figure 2 rations.
            self.arm(Timer::Election, TimerCause::SteppedDown, out);
        }
    }

    /// Sends a message. All but AppendEntries wait for everything that the
    /// server has yet to write; a leader may send entries while its own disk
    /// still works on them (diss. §10.2.1), for it does not count itself before.
    fn send(&mut self, to: NodeId, message: Message, out: &mut Output) {
        self.save(out);
        let after = match message {
            Message::AppendEntries { .. } => None,
            _ => self.disk.outstanding(),
        };
        out.effect(Effect::Send { to, message, after });
    }

    #[inline]
    fn save(&mut self, out: &mut Output) {
        // Most steps write nothing, and each asks more than once.
        if self.disk.is_touched() {
            self.write(out);
        }
    }

    fn write(&mut self, out: &mut Output) {
        if let Some(write) = self.disk.save(self.term, self.voted_for, &self.log) {
            out.effect(Effect::Persist(write));
        }
    }

    fn arm(&self, timer: Timer, cause: TimerCause, out: &mut Output) {
        let duration = match timer {
            Timer::Election => self.options.election_timeout,
            Timer::Heartbeat => MillisRange::exactly(self.options.heartbeat),
            Timer::CheckQuorum | Timer::Transfer => {
                MillisRange::exactly(self.options.election_timeout.min)
            }
        };
        out.because(Reason::TimerArmed { timer, cause });
        out.effect(Effect::Arm { timer, duration });
    }

    fn drop_message(&self, sender: NodeId, kind: MessageKind, cause: DropCause, out: &mut Output) {
        out.because(Reason::Dropped {
            sender,
            kind,
            cause,
        });
    }

    fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        self.members.without(self.id).iter()
    }
}

/// Pre-votes are about a term that their sender has not entered (diss. §9.6).
fn asks_about_next_term(message: &Message) -> bool {
    matches!(
        message,
        Message::PreVote { .. } | Message::PreVoteReply { granted: true, .. }
    )
}
