//! Changes of the members.

use hustings_raft::{LogIndex, Reason};

use super::Step;

impl Step<'_> {
    /// Other members than before, by the last configuration in its log; or by none, as the
    /// only one was deleted.
    pub(super) fn changed_members(&self, reasons: &mut Vec<Reason>) {
        let (Some(old), Some(new)) = (self.before.members, self.after.members) else {
            return;
        };
        if old == new {
            return;
        }
        let first = LogIndex(1);
        let index = match self.after.log.last_configuration(first) {
            Some((index, members)) if members == new => index,
            None if self.before.log.last_configuration(first).is_some() => LogIndex::ZERO,
            _ => return,
        };
        reasons.push(Reason::MembersChanged { index, old, new });
    }
}
