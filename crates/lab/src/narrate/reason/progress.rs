//! What a leader knows of the logs of others.

use hustings_raft::{LogIndex, NodeId, Reason};

use super::super::Lang;

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::MatchAdvanced { follower, old, new } => t.match_advanced(me, follower, old, new),
        Reason::MatchLowered { follower, old, new } => t.match_lowered(me, follower, old, new),
        Reason::MatchConfirmed { follower, matched } => match matched {
            LogIndex::ZERO => t.nothing_confirmed(me, follower),
            matched => t.match_confirmed(me, follower, matched),
        },
        Reason::NextLowered { follower, new, .. } => t.next_lowered(me, follower, new),
        _ => return None,
    })
}
