//! Messages between servers.

use core::fmt;

use crate::{Entries, LogIndex, Position, Term};

/// A message between two servers (Figure 2 of the paper). The transport keeps sender
/// and receiver.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Message {
    /// A candidate requests a vote.
    RequestVote {
        /// The candidate's term.
        term: Term,
        /// Where the candidate's log ends.
        last: Position,
        /// Whether the election is part of a leadership transfer (diss. §3.10), so that
        /// leases do not apply.
        transfer: bool,
    },
    /// The reply to a RequestVote.
    RequestVoteReply {
        /// The voter's term.
        term: Term,
        /// Whether the candidate has the vote.
        granted: bool,
    },
    /// A pre-candidate requests a pre-vote (diss. §9.6).
    PreVote {
        /// The term of the election it would start: one more than its own.
        term: Term,
        /// Where its log ends.
        last: Position,
    },
    /// The reply to a PreVote.
    PreVoteReply {
        /// If granted, the requested term; otherwise the voter's own, so that a
        /// pre-candidate of an older term adopts it.
        term: Term,
        /// Whether the pre-candidate would have the vote.
        granted: bool,
    },
    /// A leader asks a server to start an election at once, to transfer its leadership
    /// (diss. §3.10).
    TimeoutNow {
        /// The leader's term.
        term: Term,
    },
    /// A leader replicates entries; without entries it is a heartbeat.
    AppendEntries {
        /// The leader's term.
        term: Term,
        /// The entry just before the new ones.
        prev: Position,
        /// The new entries, which follow `prev`.
        entries: Entries,
        /// The leader's commit index.
        commit: LogIndex,
    },
    /// The reply to an AppendEntries.
    AppendEntriesReply {
        /// The follower's term.
        term: Term,
        /// Whether the entries were accepted.
        result: AppendResult,
    },
}

/// The result of an AppendEntries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AppendResult {
    /// The log now agrees with the leader's up to `matched`: the previous
    /// entry's index plus the number of entries sent, never the follower's own
    /// last index (§5.3).
    Accepted {
        /// The last index known to agree.
        matched: LogIndex,
    },
    /// The log lacks the previous entry, or the request was of an older term; see the
    /// reply's term.
    Refused {
        /// The index after which the leader may retry (§5.3, the optimization at its
        /// end). The logs may match beyond it.
        hint: LogIndex,
    },
}

impl Message {
    /// The maximum number of entries that a leader sends in one AppendEntries.
    pub const ENTRIES_MAX: usize = 100;

    /// The message's term: the sender's, except that a PreVote and a PreVoteReply that
    /// grants carry the next one.
    #[inline]
    pub fn term(&self) -> Term {
        match self {
            Self::RequestVote { term, .. }
            | Self::RequestVoteReply { term, .. }
            | Self::PreVote { term, .. }
            | Self::PreVoteReply { term, .. }
            | Self::TimeoutNow { term }
            | Self::AppendEntries { term, .. }
            | Self::AppendEntriesReply { term, .. } => *term,
        }
    }

    /// The kind of message.
    #[inline]
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::RequestVote { .. } => MessageKind::RequestVote,
            Self::RequestVoteReply { .. } => MessageKind::RequestVoteReply,
            Self::PreVote { .. } => MessageKind::PreVote,
            Self::PreVoteReply { .. } => MessageKind::PreVoteReply,
            Self::TimeoutNow { .. } => MessageKind::TimeoutNow,
            Self::AppendEntries { .. } => MessageKind::AppendEntries,
            Self::AppendEntriesReply { .. } => MessageKind::AppendEntriesReply,
        }
    }

    /// For a reply, whether it grants or accepts; `None` for a request.
    pub fn is_positive(&self) -> Option<bool> {
        match self {
            Self::RequestVote { .. }
            | Self::PreVote { .. }
            | Self::TimeoutNow { .. }
            | Self::AppendEntries { .. } => None,
            Self::RequestVoteReply { granted, .. } | Self::PreVoteReply { granted, .. } => {
                Some(*granted)
            }
            Self::AppendEntriesReply { result, .. } => {
                Some(matches!(result, AppendResult::Accepted { .. }))
            }
        }
    }
}

/// A message's name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MessageKind {
    /// [`Message::RequestVote`]
    RequestVote,
    /// [`Message::RequestVoteReply`]
    RequestVoteReply,
    /// [`Message::PreVote`]
    PreVote,
    /// [`Message::PreVoteReply`]
    PreVoteReply,
    /// [`Message::TimeoutNow`]
    TimeoutNow,
    /// [`Message::AppendEntries`]
    AppendEntries,
    /// [`Message::AppendEntriesReply`]
    AppendEntriesReply,
}

impl MessageKind {
    /// Every kind of message.
    pub const ALL: [Self; 7] = [
        Self::RequestVote,
        Self::RequestVoteReply,
        Self::PreVote,
        Self::PreVoteReply,
        Self::TimeoutNow,
        Self::AppendEntries,
        Self::AppendEntriesReply,
    ];

    /// The name as the paper and the script language write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestVote => "RequestVote",
            Self::RequestVoteReply => "RequestVoteReply",
            Self::PreVote => "PreVote",
            Self::PreVoteReply => "PreVoteReply",
            Self::TimeoutNow => "TimeoutNow",
            Self::AppendEntries => "AppendEntries",
            Self::AppendEntriesReply => "AppendEntriesReply",
        }
    }

    /// Whether it is a reply.
    pub fn is_reply(self) -> bool {
        matches!(
            self,
            Self::RequestVoteReply | Self::PreVoteReply | Self::AppendEntriesReply
        )
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
