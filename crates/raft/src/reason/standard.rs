//! What Raft does where a broken rule makes a difference.

use super::Reason;
use crate::{LogIndex, NodeId, Position};

/// What Raft does in a step in which a broken rule made a difference: the decisions that
/// only Raft makes or, if there are none, the resulting state that differs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum StandardOutcome {
    /// I decide this.
    Decision(Reason),
    /// This is my vote in my term.
    Vote(Option<NodeId>),
    /// The position of my last entry.
    LogEnd(Position),
    /// This is my commit index.
    Commit(LogIndex),
    /// This is the match index of a follower.
    Match {
        /// The follower.
        follower: NodeId,
        /// Its match index.
        matched: LogIndex,
    },
    /// My messages wait for a write.
    MessagesWait,
    /// My election timer is not restarted.
    ElectionTimerGoesOn,
}
