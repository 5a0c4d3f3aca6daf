//! The initial settings of a run.

use std::fmt;
use std::rc::Rc;

use hustings_raft::{
    BrokenRules, Entry, LogIndex, Millis, MillisRange, NodeId, NodeMap, NodeSet, Options, Payload,
    Stored, Term,
};

use crate::condition::Condition;
use crate::machine::{Program, Start};

/// The initial settings of a run. The same header and commands give the same records on
/// every platform.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// The title of the run; may be empty.
    pub title: String,
    /// The number of servers, `1..=9`.
    pub cluster: u8,
    /// The seed of all random draws.
    pub seed: u64,
    /// The options of the servers.
    pub raft: Options,
    /// The latency of links.
    pub latency: MillisRange,
    /// The probability that a message is lost.
    pub loss: Percent,
    /// The probability that a message is duplicated.
    pub duplicate: Percent,
    /// The duration of a write until it is durable.
    pub disk: MillisRange,
    /// The initial configuration; `None` for all servers.
    pub members: Option<NodeSet>,
    /// The rules of Raft that are disabled.
    pub broken: BrokenRules,
    /// The programs of servers that do not run Raft's core, by whose names a script's
    /// header gives them. Rules are broken in the core only.
    pub programs: Box<NodeMap<Rc<dyn Program>>>,
    /// The initial states of servers that do not start empty.
    pub initial: Box<NodeMap<InitialState>>,
    /// What is to be brought about, all of it at one moment: the run is an assignment
    /// then. It changes nothing of what happens.
    pub goals: Vec<Condition>,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            title: String::new(),
            cluster: 5,
            seed: 1,
            raft: Options::default(),
            latency: MillisRange::between(10, 20),
            loss: Percent::ZERO,
            duplicate: Percent::ZERO,
            disk: MillisRange::exactly(0),
            members: None,
            broken: BrokenRules::NONE,
            programs: Box::default(),
            initial: Box::default(),
            goals: Vec::new(),
        }
    }
}

impl Header {
    /// The maximum length of a title, in characters.
    pub const TITLE_CHARS_MAX: usize = 200;
    /// The maximum duration of an option: ten minutes.
    pub const DURATION_MAX: Millis = Millis(600_000);
    /// The maximum length of a program's name, in characters.
    pub const PROGRAM_CHARS_MAX: usize = 60;
    /// The maximum length of a program's source, in characters.
    pub const SOURCE_CHARS_MAX: usize = 60_000;
    /// The maximum number of entries in an initial log.
    pub const INITIAL_LOG_MAX: usize = 10_000;

    /// The maximum number of goals.
    pub const GOALS_MAX: usize = 5;

    /// The servers of the cluster.
    pub fn servers(&self) -> NodeSet {
        NodeSet::first(self.cluster)
    }

    /// The members in the initial configuration.
    pub fn members(&self) -> NodeSet {
        self.members.unwrap_or(self.servers())
    }

    /// What a server starts from.
    pub(crate) fn start_of(&self, id: NodeId) -> Start {
        let initial = self.initial.get(id);
        Start {
            id,
            members: self.members(),
            options: self.raft,
            stored: initial.map_or_else(Stored::default, |initial| Stored {
                term: initial.term(),
                voted_for: initial.voted_for,
                log: initial.entries().collect(),
            }),
            commit: initial.map(|initial| initial.commit).unwrap_or_default(),
        }
    }

    /// Whether a server's turns are those of a recording: no script can say then what its
    /// program does.
    pub fn is_recording(&self) -> bool {
        let mut programs = self.programs.iter();
        programs.any(|(_, program)| program.recording().is_some())
    }

    /// Checks that the header is valid.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range or contradicts another.
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
        self.check_programs()?;
        for (id, state) in self.initial.iter() {
            state.check(id, servers)?;
        }
        if self.goals.len() > Self::GOALS_MAX {
            return Err(HeaderError::ManyGoals);
        }
        let unfit = self.goals.iter().find(|goal| !goal.fits(servers));
        unfit.map_or(Ok(()), |goal| {
            Err(HeaderError::UnfitGoal(Box::new(goal.clone())))
        })
    }

    /// Checks that a script can name the programs and carry their sources, so that what can
    /// be saved can be opened.
    fn check_programs(&self) -> Result<(), HeaderError> {
        let servers = self.servers();
        for (id, program) in self.programs.iter() {
            if !servers.contains(id) {
                return Err(HeaderError::UnknownServer { id, servers });
            }
            check_program(&**program, id)?;
            let mut others = self.programs.iter().map(|(_, other)| other);
            if others.any(|other| other.name() == program.name() && other != program) {
                let name = program.name().into();
                return Err(HeaderError::TwoPrograms { name });
            }
        }
        let mut programs = self.programs.iter();
        if programs.any(|(_, program)| program.source().is_some()) && !self.fits_script() {
            return Err(HeaderError::LongSources);
        }
        Ok(())
    }
}

/// Checks that a script can name a program, which a server runs, and carry its source.
pub(crate) fn check_program(program: &dyn Program, id: NodeId) -> Result<(), HeaderError> {
    let mut flaws = program.mended().iter().map(|flaw| &**flaw);
    if !can_be_named(program.name()) || !flaws.all(can_be_named) {
        return Err(HeaderError::ProgramName { id });
    }
    let source = program.source();
    source.map_or(Ok(()), |source| check_source(program.name(), source))
}

/// Whether a program, or a flaw of one, can be named in a script: by a word that is neither
/// `all` nor like the name of a server. Letters are those of ASCII: which others there are is
/// a table in every program.
pub(crate) fn can_be_named(name: &str) -> bool {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=Header::PROGRAM_CHARS_MAX).contains(&name.len())
        && name.bytes().all(is_of_word)
        && name != "all"
        && !is_like_a_server(name)
}

/// Whether a word begins like the name of a server, in small or capital letters.
pub(crate) fn is_like_a_server(word: &str) -> bool {
    matches!(word.as_bytes(), [b'S' | b's', b'0'..=b'9', ..])
}

/// Whether a source can be written line by line into a script.
pub(crate) fn check_source(name: &str, source: &str) -> Result<(), HeaderError> {
    if source.chars().count() > Header::SOURCE_CHARS_MAX {
        return Err(HeaderError::LongSource { name: name.into() });
    }
    // A carriage return there would belong to the end of the script's line.
    if source.split('\n').any(|line| line.ends_with('\r')) {
        return Err(HeaderError::SourceLineEnds { name: name.into() });
    }
    Ok(())
}

fn check_range(
    option: &'static str,
    range: MillisRange,
    shortest: Millis,
) -> Result<(), HeaderError> {
    if range.min() < shortest || range.max() > Header::DURATION_MAX {
        return Err(HeaderError::Duration { option, shortest });
    }
    Ok(())
}

/// A probability in per cent, 0 to 100.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Percent(u8);

impl Percent {
    /// Never.
    pub const ZERO: Self = Self(0);

    /// The probability, or `None` above 100.
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

/// The initial state of a server, for example that of a figure of the paper.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct InitialState {
    /// Its term; by default, that of the last entry.
    pub term: Option<Term>,
    /// Its vote in that term.
    pub voted_for: Option<NodeId>,
    /// The terms of the entries of its log.
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

/// Entries with these terms after an index. Their placeholder commands depend only on
/// index and term.
pub(crate) fn made_up_entries(
    prev: LogIndex,
    terms: impl Iterator<Item = Term>,
) -> impl Iterator<Item = Entry> {
    terms.enumerate().map(move |(offset, term)| Entry {
        term,
        payload: Payload::Command(format!("{}.{term}", prev.plus(offset + 1)).into()),
    })
}

/// Why a header is invalid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeaderError {
    /// The number of servers is not `1..=9`.
    ClusterSize(u8),
    /// The title is too long.
    LongTitle,
    /// The range ends before it begins.
    EmptyRange {
        /// The option.
        option: &'static str,
        /// The start of the range.
        min: Millis,
        /// Its end.
        max: Millis,
    },
    /// A duration is too short or too long.
    Duration {
        /// The option.
        option: &'static str,
        /// The minimum.
        shortest: Millis,
    },
    /// The cluster has no such server.
    UnknownServer {
        /// The server.
        id: NodeId,
        /// The servers of the cluster.
        servers: NodeSet,
    },
    /// The initial configuration is empty.
    NoMembers,
    /// The name of a program, or of a flaw that is mended in it, is empty, too long, not a
    /// word, or like the name of a server.
    ProgramName {
        /// The server that runs it.
        id: NodeId,
    },
    /// Two programs of one name differ.
    TwoPrograms {
        /// Their name.
        name: Box<str>,
    },
    /// The source of a program is too long.
    LongSource {
        /// Its name.
        name: Box<str>,
    },
    /// A line of a program's source ends with a carriage return, which no script can keep.
    SourceLineEnds {
        /// The program's name.
        name: Box<str>,
    },
    /// With its programs' sources, the header is longer than a script may be.
    LongSources,
    /// A log is too long.
    LongLog {
        /// The server.
        id: NodeId,
    },
    /// A log's terms decrease or are 0.
    LogTerms {
        /// The server.
        id: NodeId,
    },
    /// An entry's term is higher than that of its server.
    TermBelowLog {
        /// The server.
        id: NodeId,
    },
    /// The commit index exceeds the log.
    CommitBeyondLog {
        /// The server.
        id: NodeId,
    },
    /// There are more goals than there may be.
    ManyGoals,
    /// A goal names a server that the cluster does not have, or more of them.
    UnfitGoal(Box<Condition>),
}
