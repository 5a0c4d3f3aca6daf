//! Another future of the same moment.

use std::rc::Rc;

use hustings_raft::{Millis, NodeId, Timer};

use super::Run;
use crate::record::Flight;

impl Run {
    /// Draws from another seed from now on, and draws anew when what is under way comes to
    /// its end.
    pub(super) fn reseed(&mut self, seed: u64) {
        self.draws.reseed(seed);
        for id in self.ids().iter() {
            for timer in Timer::ALL {
                self.world.redraw_timer(id, timer, &mut self.draws);
            }
            let began = self.writes_began(id);
            self.world.redraw_writes(id, &began, &mut self.draws);
        }
        self.redraw_messages();
    }

    /// When the pending writes of a server began, the oldest first.
    fn writes_began(&self, id: NodeId) -> Vec<Millis> {
        let causes = self.origins.writes_of(id);
        let records = causes.filter_map(|cause| self.records.get(cause));
        records.map(|record| record.at).collect()
    }

    fn redraw_messages(&mut self) {
        let messages = self.origins.messages();
        let messages: Vec<_> = messages.map(|(id, it)| (id, Rc::clone(it))).collect();
        for (id, flight) in messages {
            // The network loses no copy.
            let may_be_lost = flight.copy_of.is_none();
            let (sent_at, draws) = (flight.sent_at, &mut self.draws);
            let redrawn = self.world.redraw_message(id, sent_at, may_be_lost, draws);
            let departure = self.origins.message_mut(id);
            if let (Some((due_at, lost)), Some(departure)) = (redrawn, departure) {
                departure.flight = Rc::new(Flight {
                    due_at,
                    lost,
                    ..(*flight).clone()
                });
            }
        }
    }
}
