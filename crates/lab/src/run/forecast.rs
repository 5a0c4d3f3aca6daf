//! What a message would do if it arrived now.

use std::rc::Rc;

use super::Run;
use crate::command::Command;
use crate::record::{MessageId, Record, RecordId};

impl Run {
    /// The record of a message's arrival, or of its loss, if it arrived now, whether it is
    /// held or not; found out in a copy. `None` if it is not in flight, or cannot be
    /// delivered.
    pub fn if_delivered(&self, message: MessageId) -> Option<Rc<Record>> {
        let mut copy = self.clone();
        if copy.is_held(message) {
            let held = copy.selector_for(message)?;
            copy.apply(Command::Release(held)).ok()?;
        }
        let first = RecordId(copy.records().len());
        let selector = copy.selector_for(message)?;
        copy.apply(Command::Deliver(selector)).ok()?;
        copy.records().get(first).cloned()
    }
}
