//! One server: its state, and the one way to change it.

mod compare;
mod disk;
mod election;
mod equality;
mod membership;
mod pre_vote;
mod quorum;
mod renamed;
mod replication;
mod transfer;

use self::disk::Disk;
use crate::members::Configuration;
use crate::{
    DropCause, Effect, ElectionRefusal, Input, Log, LogIndex, Message, MessageKind, Millis,
    MillisRange, NodeId, NodeSet, Options, Output, Reason, Role, RoleName, Rules, Standard,
    StepDownCause, Stored, Term, Timer, TimerCause, WriteId,
};

/// One Raft server.
///
/// It changes only in [`Node::step`]; between steps it can be inspected and cloned. Its
/// rules are those of Raft unless others are given. A driver that simulates a crash
/// keeps the node and restarts it with [`Input::Restart`].
#[derive(Clone, Debug)]
pub struct Node<R = Standard> {
    id: NodeId,
    options: Options,
    rules: R,
    term: Term,
    voted_for: Option<NodeId>,
    log: Log,
    configuration: Configuration,
    commit: LogIndex,
    role: Role,
    disk: Disk,
}

impl Node {
    /// Creates a server with the persistent state `stored`; its first input must be
    /// [`Input::Start`]. `members` is the initial configuration, which usually contains
    /// `id`; configuration entries in the log replace it.
    pub fn new(id: NodeId, members: NodeSet, options: Options, stored: Stored) -> Self {
        Self::with_rules(id, members, options, stored, Standard)
    }
}

impl<R: Rules> Node<R> {
    /// As [`Node::new`], with other rules than Raft's.
    pub fn with_rules(
        id: NodeId,
        members: NodeSet,
        options: Options,
        stored: Stored,
        rules: R,
    ) -> Self {
        Self {
            id,
            options,
            rules,
            term: stored.term,
            voted_for: stored.voted_for,
            disk: Disk::with_last_index(stored.log.last_index()),
            configuration: Configuration::new(members, &stored.log),
            log: stored.log,
            commit: LogIndex::ZERO,
            role: Role::Follower { leader: None },
        }
    }

    /// Sets the commit index, for example to that of a figure of the paper; for use
    /// before the first step. It is limited to the last index of the log. After a
    /// restart the commit index is 0 (§5.1).
    pub fn with_commit(mut self, commit: LogIndex) -> Self {
        self.commit = commit.min(self.log.last_index());
        self
    }

    /// The same server with other rules.
    pub fn with_new_rules<S: Rules>(self, rules: S) -> Node<S> {
        Node {
            id: self.id,
            options: self.options,
            rules,
            term: self.term,
            voted_for: self.voted_for,
            log: self.log,
            configuration: self.configuration,
            commit: self.commit,
            role: self.role,
            disk: self.disk,
        }
    }

    /// Takes one step: handles `input` at time `now`, and appends the resulting effects
    /// and reasons to `out`.
    ///
    /// `now` is the time in milliseconds by a clock of this server, since any moment; it
    /// must not decrease from step to step. If it does, nothing breaks: a leader that was
    /// heard from at a later time counts as heard from just now.
    ///
    /// Any input is safe at any time: what the rules do not allow is refused or
    /// ignored, and a [`Reason`] records it. Only a redundant [`Input::WriteDone`] is
    /// ignored without a reason.
    pub fn step(&mut self, now: Millis, input: Input, out: &mut Output) {
        if self.rules.broken().is_empty() {
            self.take_step(now, input, out);
        } else {
            self.take_step_and_compare(now, input, out);
        }
    }

    fn take_step(&mut self, now: Millis, input: Input, out: &mut Output) {
        match input {
            Input::Start => self.start(out),
            Input::Restart(stored) => self.restart(stored, out),
            Input::Timer(timer) => self.handle_timer(timer, out),
            Input::Message { from, message } => {
                let before = out.effects.len();
                self.receive(now, from, message, out);
                if self.rules.any_message_restarts_timer() {
                    self.restart_election_timer(before, out);
                }
            }
            Input::Propose(command) => self.handle_propose(command, out),
            Input::Transfer(target) => self.handle_transfer(target, out),
            Input::ChangeMembers(change) => self.handle_change_members(change, out),
            Input::WriteDone(write) => self.handle_write_done(write, out),
        }
        self.persist_if_dirty(out);
    }

    /// The server's name.
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// The rules.
    pub fn rules(&self) -> &R {
        &self.rules
    }

    /// The voting members: those of the last configuration entry in this server's log,
    /// committed or not (diss. §4.1).
    pub fn members(&self) -> NodeSet {
        self.configuration.members
    }

    /// The index of the configuration entry in use; 0 for the initial configuration.
    pub fn configuration_index(&self) -> LogIndex {
        self.configuration.index
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The current term.
    pub fn term(&self) -> Term {
        self.term
    }

    /// The candidate that this server voted for in the current term.
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

    /// The leader of the current term, if this server knows it.
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
        out.reason(Reason::Started {
            term: self.term,
            voted_for: self.voted_for,
            last: self.log.last(),
        });
        self.arm(Timer::Election, TimerCause::Started, out);
    }

    /// Restarts with the persistent state alone (§5.1).
    fn restart(&mut self, stored: Stored, out: &mut Output) {
        let stored = self.rules.restored(stored);
        self.term = stored.term;
        self.voted_for = stored.voted_for;
        self.log = stored.log;
        self.configuration = self.configuration.of(&self.log);
        self.commit = LogIndex::ZERO;
        self.role = Role::Follower { leader: None };
        self.disk.restart(self.log.last_index());
        self.start(out);
    }

    fn handle_timer(&mut self, timer: Timer, out: &mut Output) {
        let leads = matches!(self.role, Role::Leader { .. });
        match timer {
            Timer::Election if !leads => match self.election_refusal() {
                None => self.handle_election_timeout(out),
                Some(refusal) => out.reason(Reason::MayNotStand { refusal }),
            },
            Timer::Heartbeat if leads => self.send_heartbeats(out),
            Timer::CheckQuorum if leads && self.options.check_quorum => self.check_quorum(out),
            Timer::Transfer if leads && self.transfer_target().is_some() => {
                self.abort_transfer(out);
            }
            _ => {
                let role = self.role.name();
                out.reason(Reason::TimerIgnored { timer, role });
            }
        }
    }

    /// Why this server may not start an election, if so. A server that is being removed
    /// may still be needed as leader until its removal is committed (diss. §4.2.2).
    fn election_refusal(&self) -> Option<ElectionRefusal> {
        let removed = self.configuration_index() <= self.commit;
        if removed && !self.members().contains(self.id) {
            Some(ElectionRefusal::NoMember)
        } else if self.term == Term::LAST {
            Some(ElectionRefusal::LastTerm)
        } else {
            None
        }
    }

    /// Compares terms first (§5.1): a higher term is adopted, and a message of an older
    /// term is refused or ignored, before the message itself is handled.
    fn receive(&mut self, now: Millis, from: NodeId, message: Message, out: &mut Output) {
        if from == self.id {
            self.ignore_message(from, message.kind(), DropCause::FromMyself, out);
            return;
        }
        if self.options.check_quorum && self.lease_blocks(now, from, &message, out) {
            return;
        }
        let theirs = message.term();
        // No server has entered the next term yet, so there is nothing to adopt.
        if theirs != self.term && !is_about_next_term(&message) {
            let kind = message.kind();
            if theirs > self.term {
                if self.rules.adopts_term(&message, self.log.last()) {
                    self.adopt_term(theirs, from, out);
                }
            } else if answers_own_term(kind) && self.rules.is_stale(kind) {
                let mine = self.term;
                self.ignore_message(from, kind, DropCause::StaleTerm { theirs, mine }, out);
                return;
            }
        }
        match message {
            Message::RequestVote { term, last, .. } => {
                self.handle_request_vote(from, term, last, out)
            }
            Message::RequestVoteReply { granted, .. } => {
                self.handle_request_vote_reply(from, granted, out)
            }
            Message::PreVote { term, last } => {
                self.handle_pre_vote(now, from, term, last, out);
            }
            Message::PreVoteReply { term, granted } => {
                self.handle_pre_vote_reply(from, term, granted, out);
            }
            Message::TimeoutNow { term } => self.handle_timeout_now(from, term, out),
            Message::AppendEntries {
                term,
                prev,
                entries,
                commit,
            } => {
                if self.accept_leader(now, from, term, out) {
                    self.handle_append_entries(from, prev, entries, commit, out);
                }
            }
            Message::AppendEntriesReply { result, .. } => {
                self.handle_append_entries_reply(from, result, out);
            }
        }
    }

    fn adopt_term(&mut self, term: Term, sender: NodeId, out: &mut Output) {
        out.reason(Reason::TermAdopted {
            old: self.term,
            new: term,
            sender,
        });
        self.term = term;
        self.voted_for = None;
        self.disk.mark_dirty();
        self.become_follower(None, StepDownCause::HigherTerm, out);
    }

    /// Makes the server a follower. It keeps its vote, which belongs to the term, not
    /// to the role.
    fn become_follower(
        &mut self,
        leader: Option<(NodeId, Millis)>,
        cause: StepDownCause,
        out: &mut Output,
    ) {
        if let Role::Follower { leader: known } = &mut self.role {
            *known = leader;
            return;
        }
        let role = self.role.name();
        self.role = Role::Follower { leader };
        out.reason(Reason::SteppedDown { role, cause });
        let vote = self.rules.vote_after_stepping_down(self.voted_for);
        if vote != self.voted_for {
            self.voted_for = vote;
            self.disk.mark_dirty();
        }
        if role == RoleName::Leader {
            for timer in [Timer::Heartbeat, Timer::CheckQuorum, Timer::Transfer] {
                out.effect(Effect::Disarm(timer));
            }
            // A leader has no election timer running, so this starts the timer; Figure
            // 2 restricts only resets.
            self.arm(Timer::Election, TimerCause::SteppedDown, out);
        }
    }

    /// Restarts the election timer if it is running and the effects since `before` have
    /// not restarted it.
    fn restart_election_timer(&self, before: usize, out: &mut Output) {
        let is_armed = |effect: &Effect| matches!(effect, Effect::Arm { timer, .. } if *timer == Timer::Election);
        let armed = out.effects.iter().skip(before).any(is_armed);
        if !armed && !matches!(self.role, Role::Leader { .. }) {
            self.arm(Timer::Election, TimerCause::MessageArrived, out);
        }
    }

    /// Sends a message once the writes that it depends on are durable.
    #[inline]
    fn send(&mut self, to: NodeId, message: Message, out: &mut Output) {
        let after = self.required_write(&message, out);
        out.effect(Effect::Send { to, message, after });
    }

    /// The write that must be durable before a message may be sent; requests one if
    /// something has changed.
    #[inline]
    fn required_write(&mut self, message: &Message, out: &mut Output) -> Option<WriteId> {
        self.persist_if_dirty(out);
        self.rules.required_write(message, self.disk.last_pending())
    }

    #[inline]
    fn persist_if_dirty(&mut self, out: &mut Output) {
        // Most steps write nothing, and each step calls this several times.
        if self.disk.is_dirty() {
            self.write(out);
        }
    }

    fn write(&mut self, out: &mut Output) {
        let write = self.disk.take_write(self.term, self.voted_for, &self.log);
        out.effect(Effect::Persist(write));
    }

    #[inline]
    fn arm(&self, timer: Timer, cause: TimerCause, out: &mut Output) {
        let duration = match timer {
            Timer::Election => self.options.election_timeout,
            Timer::Heartbeat => MillisRange::exactly(self.options.heartbeat.0),
            Timer::CheckQuorum | Timer::Transfer => {
                MillisRange::exactly(self.options.election_timeout.min().0)
            }
        };
        out.reason(Reason::TimerArmed { timer, cause });
        out.effect_with(|| Effect::Arm { timer, duration });
    }

    fn ignore_message(
        &self,
        sender: NodeId,
        kind: MessageKind,
        cause: DropCause,
        out: &mut Output,
    ) {
        // A reply whose term this server has just adopted was not ignored.
        if kind.is_reply() && out.adopts_term() {
            return;
        }
        out.reason(Reason::Dropped {
            sender,
            kind,
            cause,
        });
    }

    /// Records that a request is of an older term (§5.1); the refusal carries the
    /// current term.
    fn report_stale_request(
        &self,
        sender: NodeId,
        kind: MessageKind,
        theirs: Term,
        out: &mut Output,
    ) {
        out.reason(Reason::RequestStale {
            sender,
            kind,
            theirs,
            mine: self.term,
        });
    }

    fn majority(&self) -> u8 {
        self.rules.majority(self.members())
    }

    /// Whether `count` members are a majority (§5.2).
    fn is_majority(&self, count: u8) -> bool {
        count >= self.majority()
    }

    fn others(&self) -> NodeSet {
        self.members().without(self.id)
    }
}

/// Pre-votes carry the next term, which their sender has not entered (diss. §9.6).
fn is_about_next_term(message: &Message) -> bool {
    matches!(
        message,
        Message::PreVote { .. } | Message::PreVoteReply { granted: true, .. }
    )
}

/// Whether a message of this kind is a reply to a request of the same term. A refused
/// pre-vote carries the voter's own term, which may be older.
fn answers_own_term(kind: MessageKind) -> bool {
    kind.is_reply() && kind != MessageKind::PreVoteReply
}
