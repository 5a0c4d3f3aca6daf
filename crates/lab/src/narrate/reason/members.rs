//! Changes of the members.

use hustings_raft::{ChangeRefusal, LogIndex, MemberChange, NodeId, Reason};

use super::super::lang::{Texts, servers};
use super::super::{Lang, place};

/// A reason of this subject in one sentence.
pub(super) fn tell(me: NodeId, reason: Reason, lang: Lang) -> Option<String> {
    let t = lang.texts();
    Some(match reason {
        Reason::ChangeAppended { change, position } => match change {
            MemberChange::Add(server) => t.add_appended(me, server, place(position, t)),
            MemberChange::Remove(server) => t.remove_appended(me, server, place(position, t)),
        },
        Reason::ChangeRefused { change, refusal } => {
            let cause = change_refusal(me, change.server(), refusal, t);
            match change {
                MemberChange::Add(server) => t.add_refused(me, server, cause),
                MemberChange::Remove(server) => t.remove_refused(me, server, cause),
            }
        }
        Reason::MembersChanged { index, old, new } => {
            let (old, new) = (servers(old, t), servers(new, t));
            match index {
                LogIndex::ZERO => t.members_back(me, new, old),
                index => t.members_changed(me, new, index, old),
            }
        }
        Reason::RemovalCommitted { index } => t.removal_committed(me, index),
        _ => return None,
    })
}

pub(in crate::narrate) fn change_refusal(
    me: NodeId,
    server: NodeId,
    refusal: ChangeRefusal,
    t: Texts,
) -> String {
    match refusal {
        ChangeRefusal::UnderWay { index } => t.change_under_way(me, index),
        ChangeRefusal::AlreadyMember => t.change_has_vote(me, server),
        ChangeRefusal::NoMember => t.has_no_vote(me, server),
        ChangeRefusal::LastMember => t.change_last_member().to_owned(),
        ChangeRefusal::NothingCommitted => t.change_too_early(me),
    }
}
