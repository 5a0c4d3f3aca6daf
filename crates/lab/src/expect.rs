//! What a script expects to be so, and whether it is.

use hustings_raft::{
    AppendResult, Entry, LogIndex, Message, MessageKind, Millis, NodeId, NodeSet, Position,
    RoleName, Term,
};

use crate::header::made_up_entries;
use crate::script::Written;
use crate::{Flight, Goal, Invariant, Lab, Link, Node, RecordId, Server, Violation};

/// A statement about a laboratory as it is now. Its `Display` is its line in a
/// script.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expectation {
    /// `expect S1 leader term=2`: what a server is and holds.
    Server {
        /// Which server.
        server: NodeId,
        /// What is so.
        facts: ServerFacts,
    },
    /// `expect S2 not leader`: a server does not have a role. A crashed server
    /// has none.
    NotRole {
        /// Which server.
        server: NodeId,
        /// The role that it does not have.
        role: RoleName,
    },
    /// `expect one leader`: exactly one running server leads, in whatever term.
    OneLeader,
    /// `expect no leader`: no running server leads.
    NoLeader,
    /// `expect sent RequestVote S1->S2 term=2`: among the messages that the
    /// last line that did something, notes aside, put out is such a one.
    Sent(MessageFacts),
    /// `expect sent nothing`: that line put out no message.
    SentNothing,
    /// `expect no violation`: all invariants have held so far.
    NoViolation,
    /// `expect violation election-safety`: that invariant does not hold any more.
    Violation(Invariant),
    /// `expect in flight 4`: so many messages are on their way.
    InFlight(usize),
    /// `expect committed 2 = 1:"x=1"`: at least one running server has committed
    /// that far, and all that have hold this entry there.
    Committed {
        /// Where the entry stands.
        index: LogIndex,
        /// Its term and what it asks for; `1:none` is a leader's empty entry.
        entry: Entry,
    },
}

/// What a server is and holds. What is `None` is left open.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ServerFacts {
    /// Its role. A crashed server has none.
    pub role: Option<RoleName>,
    /// Its term; of a crashed server the one on its disk.
    pub term: Option<Term>,
    /// Its vote in that term.
    pub voted_for: Option<Option<NodeId>>,
    /// The terms of its log's entries.
    pub log: Option<Vec<Term>>,
    /// Where its log ends.
    pub last: Option<Last>,
    /// Its commit index.
    pub commit: Option<LogIndex>,
    /// The leader that it knows.
    pub leader: Option<Option<NodeId>>,
    /// Who votes, as far as it knows.
    pub members: Option<NodeSet>,
    /// Whether it runs.
    pub up: Option<bool>,
}

impl ServerFacts {
    /// Everything that can be said of a server.
    pub fn of(server: &Server) -> Self {
        let log = server.log();
        Self {
            role: server.role(),
            term: Some(server.term()),
            voted_for: Some(server.voted_for()),
            log: Some(log.iter().map(|(_, entry)| entry.term).collect()),
            last: Some(Last::Position(log.last())),
            commit: Some(server.commit()),
            leader: Some(server.leader()),
            members: server.node().map(Node::members),
            up: Some(server.is_up()),
        }
    }

    /// The role and the term alone; of a crashed server, that it is down.
    pub(crate) fn standing(server: &Server) -> Self {
        Self {
            role: server.role(),
            term: Some(server.term()),
            up: (!server.is_up()).then_some(false),
            ..Self::default()
        }
    }

    /// Keeps of these facts and of all that is so what does not agree. What these
    /// facts leave open agrees.
    pub(crate) fn differences(&self, mut found: Self) -> Option<(Self, Self)> {
        let mut wanted = self.clone();
        if let (Some(Last::Index(_)), Some(last)) = (wanted.last, found.last) {
            found.last = Some(Last::Index(last.index()));
        }
        // A role is what a crashed server has lost: then that it is down says it.
        let role_lost = wanted.role.is_some() && found.role.is_none();
        let up = found.up;
        wanted.keep_differing(&mut found, true);
        if role_lost {
            found.up = up;
        }
        (wanted != Self::default()).then_some((wanted, found))
    }

    /// Keeps what differs between two servers of which everything is said.
    pub(crate) fn difference(mut self, mut other: Self) -> Option<(Self, Self)> {
        self.keep_differing(&mut other, false);
        (self != other).then_some((self, other))
    }

    /// Clears what both have in common and, if `open`, what these facts leave out.
    fn keep_differing(&mut self, other: &mut Self, open: bool) {
        keep_differing(&mut self.role, &mut other.role, open);
        keep_differing(&mut self.term, &mut other.term, open);
        keep_differing(&mut self.voted_for, &mut other.voted_for, open);
        keep_differing(&mut self.log, &mut other.log, open);
        keep_differing(&mut self.last, &mut other.last, open);
        keep_differing(&mut self.commit, &mut other.commit, open);
        keep_differing(&mut self.leader, &mut other.leader, open);
        keep_differing(&mut self.members, &mut other.members, open);
        keep_differing(&mut self.up, &mut other.up, open);
    }
}

fn keep_differing<T: PartialEq>(one: &mut Option<T>, other: &mut Option<T>, open: bool) {
    if one == other || (open && one.is_none()) {
        *one = None;
        *other = None;
    }
}

/// Where a log ends: `3`, or with the term of its last entry `3:2`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Last {
    /// The index of the last entry; 0 if there is none.
    Index(LogIndex),
    /// The index and the term of the last entry.
    Position(Position),
}

impl Last {
    fn index(self) -> LogIndex {
        match self {
            Self::Index(index) => index,
            Self::Position(position) => position.index,
        }
    }

    fn includes(self, other: Self) -> bool {
        match self {
            Self::Index(index) => other.index() == index,
            Self::Position(_) => self == other,
        }
    }
}

/// What a message says. What is `None` is left open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageFacts {
    /// What kind of message it is; the other facts are those of that kind.
    pub kind: MessageKind,
    /// From where to where.
    pub link: Option<Link>,
    /// The term that it is about.
    pub term: Option<Term>,
    /// Where the candidate's log ends.
    pub last: Option<Last>,
    /// Whether the leader itself asked the candidate to stand. Of a message, it
    /// is left out where that is not so.
    pub transfer: Option<bool>,
    /// Whether the vote is given.
    pub granted: Option<bool>,
    /// The entry just before the new ones.
    pub prev: Option<Position>,
    /// The terms of the new entries.
    pub entries: Option<Vec<Term>>,
    /// The leader's commit index.
    pub commit: Option<LogIndex>,
    /// Whether the follower's log agrees with the leader's.
    pub success: Option<bool>,
    /// The last index known to agree.
    pub matched: Option<LogIndex>,
    /// The last index at which the logs may agree.
    pub hint: Option<LogIndex>,
}

impl MessageFacts {
    /// Any message of a kind.
    pub fn any(kind: MessageKind) -> Self {
        Self {
            kind,
            link: None,
            term: None,
            last: None,
            transfer: None,
            granted: None,
            prev: None,
            entries: None,
            commit: None,
            success: None,
            matched: None,
            hint: None,
        }
    }

    /// Everything that can be said of a message in flight.
    pub fn of(flight: &Flight) -> Self {
        Self::said(flight.link, &flight.message)
    }

    /// Everything that can be said of a message on a link.
    pub(crate) fn said(link: Link, message: &Message) -> Self {
        let facts = Self {
            link: Some(link),
            term: Some(message.term()),
            ..Self::any(message.kind())
        };
        match message {
            Message::RequestVote { last, transfer, .. } => Self {
                last: Some(Last::Position(*last)),
                transfer: transfer.then_some(true),
                ..facts
            },
            Message::PreVote { last, .. } => Self {
                last: Some(Last::Position(*last)),
                ..facts
            },
            Message::RequestVoteReply { granted, .. } | Message::PreVoteReply { granted, .. } => {
                Self {
                    granted: Some(*granted),
                    ..facts
                }
            }
            Message::TimeoutNow { .. } => facts,
            Message::AppendEntries {
                prev,
                entries,
                commit,
                ..
            } => Self {
                prev: Some(*prev),
                entries: Some(entries.iter().map(|entry| entry.term).collect()),
                commit: Some(*commit),
                ..facts
            },
            Message::AppendEntriesReply { result, .. } => facts.with_result(*result),
        }
    }

    /// The message of which this says everything. The commands of entries are
    /// made up as in a server's [initial state](crate::InitialState).
    ///
    /// # Errors
    ///
    /// The name of what is missing.
    pub(crate) fn message(&self) -> Result<Message, &'static str> {
        let term = self.term.ok_or("term")?;
        let last = || match self.last {
            Some(Last::Position(last)) => Ok(last),
            Some(Last::Index(_)) | None => Err("last"),
        };
        let granted = || self.granted.ok_or("granted");
        Ok(match self.kind {
            MessageKind::RequestVote => Message::RequestVote {
                term,
                last: last()?,
                transfer: self.transfer.unwrap_or(false),
            },
            MessageKind::PreVote => Message::PreVote {
                term,
                last: last()?,
            },
            MessageKind::RequestVoteReply => Message::RequestVoteReply {
                term,
                granted: granted()?,
            },
            MessageKind::PreVoteReply => Message::PreVoteReply {
                term,
                granted: granted()?,
            },
            MessageKind::TimeoutNow => Message::TimeoutNow { term },
            MessageKind::AppendEntries => {
                let prev = self.prev.ok_or("prev")?;
                let terms = self.entries.iter().flatten();
                Message::AppendEntries {
                    term,
                    prev,
                    entries: made_up_entries(prev.index, terms.copied()).collect(),
                    commit: self.commit.unwrap_or_default(),
                }
            }
            MessageKind::AppendEntriesReply => Message::AppendEntriesReply {
                term,
                result: match self.success.ok_or("success")? {
                    true => AppendResult::Accepted {
                        matched: self.matched.ok_or("match")?,
                    },
                    false => AppendResult::Refused {
                        hint: self.hint.ok_or("hint")?,
                    },
                },
            },
        })
    }

    fn with_result(self, result: AppendResult) -> Self {
        match result {
            AppendResult::Accepted { matched } => Self {
                success: Some(true),
                matched: Some(matched),
                ..self
            },
            AppendResult::Refused { hint } => Self {
                success: Some(false),
                hint: Some(hint),
                ..self
            },
        }
    }

    /// Whether a message of which everything is known is such a one.
    fn includes(&self, message: &Self) -> bool {
        let last = match (self.last, message.last) {
            (Some(wanted), Some(found)) => wanted.includes(found),
            (wanted, _) => wanted.is_none(),
        };
        let transfer = message.transfer.or(Some(false));
        last && self.kind == message.kind
            && open_or_equal(&self.transfer, &transfer)
            && open_or_equal(&self.link, &message.link)
            && open_or_equal(&self.term, &message.term)
            && open_or_equal(&self.granted, &message.granted)
            && open_or_equal(&self.prev, &message.prev)
            && open_or_equal(&self.entries, &message.entries)
            && open_or_equal(&self.commit, &message.commit)
            && open_or_equal(&self.success, &message.success)
            && open_or_equal(&self.matched, &message.matched)
            && open_or_equal(&self.hint, &message.hint)
    }
}

fn open_or_equal<T: PartialEq>(wanted: &Option<T>, found: &Option<T>) -> bool {
    wanted.is_none() || wanted == found
}

/// An expectation that is not met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// What was expected, of an expectation with several parts the wrong ones.
    pub expected: Wanted,
    /// What is so instead.
    pub found: Found,
}

/// What a check gives. A mismatch is large and rare, so it stands behind a pointer.
type Checked<T = ()> = Result<T, Box<Mismatch>>;

/// What was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// As a script says it.
    Written(String),
    /// That the last step put out such a message.
    Sent(String),
    /// That it put out nothing.
    NothingSent,
    /// That an invariant is violated.
    Violation(Invariant),
    /// That so many messages are in flight.
    InFlight(usize),
    /// That such an entry is committed there.
    Committed(String, LogIndex),
    /// That time gets somewhere before so much of it has passed.
    Reached(Goal, Millis),
}

/// What is so instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// As a script says it.
    Written(String),
    /// What servers are, each as a script says it.
    Servers(Vec<String>),
    /// The messages that were put out, each as a script says it.
    Sent(Vec<String>),
    /// Entries, each as a script says it, and who holds it.
    Entries(Vec<(String, NodeId)>),
    /// The messages in flight.
    InFlight(Vec<String>),
    /// What is violated.
    Violations(Vec<Violation>),
    /// A cluster of other servers.
    Cluster(NodeSet),
    /// The last step put out nothing.
    NothingSent,
    /// No server runs.
    NoneRuns,
    /// No such message arrived.
    NoneArrived,
    /// Nothing of the kind.
    Nothing,
    /// What is under way.
    Traffic {
        /// How many messages.
        messages: usize,
        /// How many writes.
        writes: usize,
    },
}

impl Found {
    /// What these servers are.
    pub(crate) fn standings<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let standing = |server| format!("{}{}", Server::id(server), ServerFacts::standing(server));
        Self::Servers(servers.map(standing).collect())
    }

    /// How far these servers have committed.
    pub(crate) fn commits<'a>(servers: impl Iterator<Item = &'a Server>) -> Self {
        let commit = |server: &Server| format!("{} commit={}", server.id(), server.commit());
        Self::Servers(servers.map(commit).collect())
    }
}

impl Expectation {
    /// Whether the laboratory is as expected. `last` is the first record of what
    /// was done last, for expectations about what that put out.
    ///
    /// # Errors
    ///
    /// What was expected and what is so instead, if it is not.
    pub fn check(&self, lab: &Lab, last: RecordId) -> Result<(), Mismatch> {
        let checked = match self {
            Self::Server { server, facts } => check_server(*server, facts, lab),
            Self::NotRole { server, role } => check_not_role(*server, *role, lab),
            Self::OneLeader => check_leaders(1, "one leader", lab),
            Self::NoLeader => check_leaders(0, NO_LEADER, lab),
            Self::Sent(facts) => check_sent(facts, lab, last),
            Self::SentNothing => check_sent_nothing(lab, last),
            Self::NoViolation => check_no_violation(lab),
            Self::Violation(invariant) => check_violation(*invariant, lab),
            Self::InFlight(count) => check_in_flight(*count, lab),
            Self::Committed { index, entry } => check_committed(*index, entry, lab),
        };
        checked.map_err(|mismatch| *mismatch)
    }
}

const NO_LEADER: &str = "no leader";
const NO_VIOLATION: &str = "no violation";

fn mismatch(expected: Wanted, found: Found) -> Checked {
    Err(Box::new(Mismatch { expected, found }))
}

fn find(server: NodeId, lab: &Lab) -> Checked<&Server> {
    lab.server(server).ok_or_else(|| {
        let expected = Wanted::Written(server.to_string());
        let found = Found::Cluster(lab.ids());
        Box::new(Mismatch { expected, found })
    })
}

fn check_server(server: NodeId, facts: &ServerFacts, lab: &Lab) -> Checked {
    let found = ServerFacts::of(find(server, lab)?);
    match facts.differences(found) {
        None => Ok(()),
        Some((wanted, found)) => mismatch(
            Wanted::Written(format!("{server}{wanted}")),
            Found::Written(format!("{server}{found}")),
        ),
    }
}

fn check_not_role(server: NodeId, role: RoleName, lab: &Lab) -> Checked {
    let found = find(server, lab)?;
    if found.role() != Some(role) {
        return Ok(());
    }
    mismatch(
        Wanted::Written(format!("{server} not {role}")),
        Found::standings([found].into_iter()),
    )
}

fn check_leaders(wanted: usize, expected: &str, lab: &Lab) -> Checked {
    let leads = |server: &&Server| server.role() == Some(RoleName::Leader);
    let leaders = || lab.servers().filter(leads);
    let found = match leaders().count() {
        count if count == wanted => return Ok(()),
        0 => Found::Written(NO_LEADER.to_owned()),
        _ => Found::standings(leaders()),
    };
    mismatch(Wanted::Written(expected.to_owned()), found)
}

/// The messages that were put out from a record on.
fn sent(lab: &Lab, last: RecordId) -> Vec<MessageFacts> {
    let mut sent = Vec::new();
    for (_, record) in lab.records().since(last) {
        for flight in &record.sent {
            sent.push(MessageFacts::of(flight));
        }
    }
    sent
}

fn check_sent(facts: &MessageFacts, lab: &Lab, last: RecordId) -> Checked {
    let sent = sent(lab, last);
    if sent.iter().any(|message| facts.includes(message)) {
        return Ok(());
    }
    // What is most like the message that was meant comes first.
    let alike = [(true, true), (true, false), (false, true), (false, false)];
    let like = |message: &MessageFacts| (message.kind == facts.kind, message.link == facts.link);
    let mut sorted = Vec::new();
    for alike in alike {
        for message in sent.iter().filter(|it| like(it) == alike) {
            sorted.push(message.to_string());
        }
    }
    let found = match sent.is_empty() {
        true => Found::NothingSent,
        false => Found::Sent(sorted),
    };
    mismatch(Wanted::Sent(facts.to_string()), found)
}

fn check_sent_nothing(lab: &Lab, last: RecordId) -> Checked {
    let sent = sent(lab, last);
    if sent.is_empty() {
        return Ok(());
    }
    let found = sent.iter().map(MessageFacts::to_string).collect();
    mismatch(Wanted::NothingSent, Found::Sent(found))
}

fn check_no_violation(lab: &Lab) -> Checked {
    match lab.violations() {
        [] => Ok(()),
        found => mismatch(
            Wanted::Written(NO_VIOLATION.to_owned()),
            Found::Violations(found.to_vec()),
        ),
    }
}

fn check_violation(invariant: Invariant, lab: &Lab) -> Checked {
    let violations = lab.violations();
    if violations
        .iter()
        .any(|found| found.invariant() == invariant)
    {
        return Ok(());
    }
    let found = match violations {
        [] => Found::Written(NO_VIOLATION.to_owned()),
        others => Found::Violations(others.to_vec()),
    };
    mismatch(Wanted::Violation(invariant), found)
}

fn check_in_flight(count: usize, lab: &Lab) -> Checked {
    let messages: Vec<_> = lab
        .in_flight()
        .map(|flight| format!("{} {}", flight.link, flight.message.kind()))
        .collect();
    let found = match messages.len() {
        found if found == count => return Ok(()),
        0 => Found::Nothing,
        _ => Found::InFlight(messages),
    };
    mismatch(Wanted::InFlight(count), found)
}

fn check_committed(index: LogIndex, entry: &Entry, lab: &Lab) -> Checked {
    let expected = || Wanted::Committed(Written(entry).to_string(), index);
    let up = || lab.servers().filter(|server| server.is_up());
    let reached: NodeSet = up()
        .filter(|server| index > LogIndex::ZERO && server.commit() >= index)
        .map(Server::id)
        .collect();
    if up().next().is_none() {
        return mismatch(expected(), Found::NoneRuns);
    }
    if reached.is_empty() {
        return mismatch(expected(), Found::commits(up()));
    }
    let mut others = Vec::new();
    for server in up().filter(|server| reached.contains(server.id())) {
        if let Some(found) = server.log().get(index).filter(|found| *found != entry) {
            others.push((Written(found).to_string(), server.id()));
        }
    }
    match others.is_empty() {
        true => Ok(()),
        false => mismatch(expected(), Found::Entries(others)),
    }
}
