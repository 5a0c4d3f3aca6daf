//! The initial settings of a run.

use std::fmt;

use hustings_raft::{
    BrokenRules, Entry, LogIndex, Millis, MillisRange, NodeId, NodeMap, NodeSet, Options, Payload,
    Term,
};

/// The initial settings of a run. The same header and commands give the same records on
/// every platform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// What the run is about; may be empty.
    pub title: String,
    /// How many servers there are, `1..=9`.
    pub cluster: u8,
    /// The seed of all random draws.
    pub seed: u64,
    /// The servers' own settings.
    pub raft: Options,
    /// How long a message takes.
    pub latency: MillisRange,
    /// How many messages in a hundred are lost.
    pub loss: Percent,
    /// How many messages in a hundred arrive twice.
    pub duplicate: Percent,
    /// How long a write takes to become durable.
    pub disk: MillisRange,
    /// The servers that vote when the run starts; all of them if left out.
    pub members: Option<NodeSet>,
    /// The rules of Raft that are disabled.
    pub broken: BrokenRules,
    /// What servers hold at the start, where that is not nothing.
    pub initial: Box<NodeMap<InitialState>>,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            title: String::new(),
            cluster: 5,
            seed: 1,
            raft: Options::default(),
            latency: MillisRange::new(10, 20),
            loss: Percent::ZERO,
            duplicate: Percent::ZERO,
            disk: MillisRange::exactly(0),
            members: None,
            broken: BrokenRules::NONE,
            initial: Box::default(),
        }
    }
}

impl Header {
    /// The longest title, in characters.
    pub const TITLE_CHARS_MAX: usize = 200;
    /// The longest duration that an option may have: ten minutes.
    pub const DURATION_MAX: Millis = Millis(600_000);
    /// The longest log that a server may start with.
    pub const INITIAL_LOG_MAX: usize = 10_000;

    /// The servers of the cluster.
    pub fn servers(&self) -> NodeSet {
        NodeSet::first(self.cluster)
    }

    /// The servers that vote when the run starts.
    pub fn members(&self) -> NodeSet {
        self.members.unwrap_or(self.servers())
    }

    /// Whether a laboratory can be built from this.
    ///
    /// # Errors
    ///
    /// The first part that is out of range or contradicts another.
    pub fn check(&self) -> Result<(), HeaderError> {
        if !(1..=NodeId::MAX).contains(&self.cluster) {
            return Err(HeaderError::ClusterSize(self.cluster));
        }
        if self.title.chars().count() > Self::TITLE_CHARS_MAX {
            return Err(HeaderError::LongTitle);
        }
        // Timers of 0 ms would fire forever without time passing.
        check_range("election-timeout", self.raft.election_timeout, Millis(1))?;
        let heartbeat = MillisRange::exactly(self.raft.heartbeat.0);
        check_range("heartbeat", heartbeat, Millis(1))?;
        check_range("latency", self.latency, Millis::ZERO)?;
        check_range("disk", self.disk, Millis::ZERO)?;
        let (servers, members) = (self.servers(), self.members());
        if let Some(id) = members.minus(servers).iter().next() {
            return Err(HeaderError::UnknownServer { id, servers });
        }
        if members.is_empty() {
            return Err(HeaderError::NoMembers);
        }
        for (id, state) in self.initial.iter() {
            state.check(id, servers)?;
        }
        Ok(())
    }
}

fn check_range(
    option: &'static str,
    range: MillisRange,
    shortest: Millis,
) -> Result<(), HeaderError> {
    if range.min > range.max {
        return Err(HeaderError::EmptyRange { option, range });
    }
    if range.min < shortest || range.max > Header::DURATION_MAX {
        return Err(HeaderError::Duration { option, shortest });
    }
    Ok(())
}

/// A chance in hundredths, 0 to 100.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Percent(u8);

impl Percent {
    /// Never.
    pub const ZERO: Self = Self(0);

    /// The chance, or `None` above 100.
    pub fn new(percent: u8) -> Option<Self> {
        (percent <= 100).then_some(Self(percent))
    }

    /// The number, `0..=100`.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// What a server holds when the run starts, as in a figure of the paper.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct InitialState {
    /// Its term. Left out, it is that of the last entry.
    pub term: Option<Term>,
    /// Its vote in that term.
    pub voted_for: Option<NodeId>,
    /// The terms of its log's entries.
    pub log: Vec<Term>,
    /// Its commit index.
    pub commit: LogIndex,
}

impl InitialState {
    /// The entries of the log. Their commands are placeholders that depend only on
    /// index and term.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        made_up_entries(LogIndex::ZERO, self.log.iter().copied())
    }

    /// The term that the server starts in.
    pub fn term(&self) -> Term {
        let last = self.log.last().copied().unwrap_or_default();
        self.term.unwrap_or(last)
    }

    fn check(&self, id: NodeId, servers: NodeSet) -> Result<(), HeaderError> {
        let known = servers.contains(id);
        let vote_known = self.voted_for.is_none_or(|vote| servers.contains(vote));
        if !known || !vote_known {
            let id = if known {
                self.voted_for.unwrap_or(id)
            } else {
                id
            };
            return Err(HeaderError::UnknownServer { id, servers });
        }
        if self.log.len() > Header::INITIAL_LOG_MAX {
            return Err(HeaderError::LongLog { id });
        }
        if !self.log.is_sorted() || self.log.first() == Some(&Term::ZERO) {
            return Err(HeaderError::LogTerms { id });
        }
        if self.log.last().is_some_and(|last| *last > self.term()) {
            return Err(HeaderError::TermBelowLog { id });
        }
        if self.commit > LogIndex::ZERO.plus(self.log.len()) {
            return Err(HeaderError::CommitBeyondLog { id });
        }
        Ok(())
    }
}

/// Entries of these terms that follow an index, with placeholder commands that depend
/// only on index and term.
pub(crate) fn made_up_entries(
    prev: LogIndex,
    terms: impl Iterator<Item = Term>,
) -> impl Iterator<Item = Entry> {
    terms.enumerate().map(move |(offset, term)| Entry {
        term,
        payload: Payload::Command(format!("{}.{term}", prev.plus(offset + 1)).into()),
    })
}

/// Why no laboratory can be built from a header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeaderError {
    /// There is no cluster of that size.
    ClusterSize(u8),
    /// The title is too long.
    LongTitle,
    /// The range ends before it begins.
    EmptyRange {
        /// The option.
        option: &'static str,
        /// What it was given.
        range: MillisRange,
    },
    /// A duration is too short or too long.
    Duration {
        /// The option.
        option: &'static str,
        /// The shortest that is allowed.
        shortest: Millis,
    },
    /// A server is named that the cluster does not have.
    UnknownServer {
        /// The server.
        id: NodeId,
        /// The servers that there are.
        servers: NodeSet,
    },
    /// There are no members.
    NoMembers,
    /// A log is too long.
    LongLog {
        /// Whose log.
        id: NodeId,
    },
    /// A log's terms decrease or are 0.
    LogTerms {
        /// Whose log.
        id: NodeId,
    },
    /// A log has an entry of a term that its server has not reached.
    TermBelowLog {
        /// Whose log.
        id: NodeId,
    },
    /// The commit index exceeds the log.
    CommitBeyondLog {
        /// Whose commit index.
        id: NodeId,
    },
}
