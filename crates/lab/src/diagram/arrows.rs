//! The arrows of a diagram, found by record without looking at all of them.

use std::rc::Rc;

use crate::message::Loss;
use crate::record::{Flight, MessageId, RecordId};

/// A message's arrow from one lane to another.
#[derive(Clone, Debug)]
pub struct Arrow {
    /// The message.
    pub flight: Rc<Flight>,
    /// The record that it was sent in.
    pub sent: RecordId,
    /// How it ended.
    pub end: ArrowEnd,
}

/// How a message's arrow ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArrowEnd {
    /// It arrived.
    Arrived(RecordId),
    /// It was lost.
    Lost(RecordId, Loss),
    /// It is in flight.
    UnderWay,
}

impl ArrowEnd {
    /// The record of the end, if there is one.
    fn record(self) -> Option<RecordId> {
        match self {
            Self::Arrived(record) | Self::Lost(record, _) => Some(record),
            Self::UnderWay => None,
        }
    }
}

/// The arrows, in the order of sending.
#[derive(Clone, Default, Debug)]
pub(super) struct Arrows {
    all: Vec<Arrow>,
    blocks: Vec<Block>,
}

/// What is known of [`BLOCK`] consecutive arrows together.
#[derive(Clone, Copy, Default, Debug)]
struct Block {
    under_way: usize,
    /// The last record in which one of them ended.
    last_end: Option<RecordId>,
}

const BLOCK: usize = 256;

impl Arrows {
    pub(super) fn get(&self, message: MessageId) -> Option<&Arrow> {
        self.all.get(self.index_of(message)?)
    }

    pub(super) fn send(&mut self, sent: RecordId, flights: &[Rc<Flight>]) {
        for flight in flights {
            if self.all.len() == self.blocks.len() * BLOCK {
                self.blocks.push(Block::default());
            }
            if let Some(block) = self.blocks.last_mut() {
                block.under_way += 1;
            }
            self.all.push(Arrow {
                flight: Rc::clone(flight),
                sent,
                end: ArrowEnd::UnderWay,
            });
        }
    }

    pub(super) fn end(&mut self, message: MessageId, end: ArrowEnd) {
        let Some(index) = self.index_of(message) else {
            return;
        };
        let (arrow, block) = (self.all.get_mut(index), self.blocks.get_mut(index / BLOCK));
        if let (Some(arrow), Some(block), Some(record)) = (arrow, block, end.record()) {
            arrow.end = end;
            block.under_way = block.under_way.saturating_sub(1);
            block.last_end = block.last_end.max(Some(record));
        }
    }

    pub(super) fn delay(&mut self, flight: &Rc<Flight>) {
        let index = self.index_of(flight.id);
        if let Some(arrow) = index.and_then(|index| self.all.get_mut(index)) {
            arrow.flight = Rc::clone(flight);
        }
    }

    pub(super) fn count_sent(&self, first: RecordId, last: RecordId) -> usize {
        let before = self.all.partition_point(|arrow| arrow.sent < first);
        let until = self.all.partition_point(|arrow| arrow.sent <= last);
        until.saturating_sub(before)
    }

    /// The arrows that neither end before the first record nor begin after the last.
    pub(super) fn between(&self, first: RecordId, last: RecordId) -> impl Iterator<Item = &Arrow> {
        let until = self.all.partition_point(|arrow| arrow.sent <= last);
        let sent = self.all.get(..until).unwrap_or_default();
        let blocks = sent.chunks(BLOCK).zip(&self.blocks);
        let seen =
            blocks.filter(move |(_, block)| block.under_way > 0 || block.last_end >= Some(first));
        let arrows = seen.flat_map(|(arrows, _)| arrows);
        arrows.filter(move |arrow| arrow.end.record().is_none_or(|end| end >= first))
    }

    /// Messages are numbered as they are sent, so the arrows are in order.
    fn index_of(&self, message: MessageId) -> Option<usize> {
        let by_id = |arrow: &Arrow| arrow.flight.id.cmp(&message);
        self.all.binary_search_by(by_id).ok()
    }
}
