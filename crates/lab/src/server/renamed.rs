//! Servers by other names.

use std::rc::Rc;

use hustings_raft::NodeId;

use super::{Server, ServerDigest, running_view};
use crate::machine::View;
use crate::message::WaitingMessage;
use crate::path::Link;

impl Server {
    /// This server as it were if all servers had other names; `None` if its machine cannot say.
    /// Entries of logs stay as they are.
    pub(crate) fn renamed(&self, name: &dyn Fn(NodeId) -> NodeId) -> Option<Self> {
        let machine = self.machine.renamed(name)?;
        let mut disk = self.disk.clone();
        disk.stored.voted_for = disk.stored.voted_for.map(name);
        for pending in &mut disk.writes {
            pending.write.voted_for = pending.write.voted_for.map(name);
        }
        for waiting in &mut disk.waiting {
            let link = Link {
                from: name(waiting.link.from),
                to: name(waiting.link.to),
            };
            *waiting = Rc::new(WaitingMessage {
                link,
                ..(**waiting).clone()
            });
        }
        let view = if self.is_up() {
            running_view(&*machine)
        } else {
            View::down(&disk.stored)
        };
        Some(Self {
            id: name(self.id),
            program: self.program.clone(),
            program_digest: self.program_digest,
            machine,
            view: Rc::new(view),
            disk,
            timers: self.timers,
            clock: self.clock,
            digest: ServerDigest::default(),
        })
    }
}
