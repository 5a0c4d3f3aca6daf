//! The part of what is shown that is of one time.

use crate::shown::{EventId, Sentence, Shown, ShownMember, ShownSpan};
use crate::time::Micros;

impl Shown {
    /// What of it is of the time from one moment to another, both included and both counted
    /// from its beginning. Times are counted from the first of them then.
    pub(super) fn between(mut self, from: Micros, to: Micros) -> Self {
        let within = |at: Micros| from <= at && at <= to;
        let first = self.events.partition_point(|it| it.at < from);
        let after = self.events.partition_point(|it| it.at <= to);
        let number = |id: EventId| {
            let id = usize::try_from(id.0)
                .ok()
                .filter(|it| (first..after).contains(it))?;
            u32::try_from(id - first).ok().map(EventId)
        };
        let moved = |at: Micros| at - from;
        self.events.retain(|it| within(it.at));
        self.events.iter_mut().for_each(|it| it.at = moved(it.at));
        self.arrows.retain_mut(|arrow| {
            let sent = number(arrow.sent);
            arrow.sent = sent.unwrap_or(arrow.sent);
            arrow.received = arrow.received.and_then(number);
            sent.is_some()
        });
        self.leaderless.retain(|it| it.from <= to && it.to >= from);
        for gap in &mut self.leaderless {
            (gap.from, gap.to) = (moved(gap.from.max(from)), moved(gap.to.min(to)));
        }
        let sentences = self.account.iter_mut().flat_map(|it| &mut it.sentences);
        for Sentence { span, events, .. } in sentences {
            *span = span.map(|(begins, ends)| (moved(begins), moved(ends)));
            *events = events.iter().copied().filter_map(number).collect();
        }
        for ShownMember { spans, logs, .. } in &mut self.members {
            *spans = of_part(std::mem::take(spans), from, to);
            for span in spans {
                span.from = moved(span.from);
                span.event = span.event.and_then(number);
            }
            logs.retain(|it| it.at <= to);
            let before = logs.partition_point(|it| it.at <= from);
            logs.drain(..before.saturating_sub(1));
            for log in logs {
                log.at = moved(log.at);
                log.holds_until = log.holds_until.map(moved);
            }
        }
        self.begins = self.begins + from;
        self.lasts = to - from;
        self
    }
}

/// The spans that last into a time, the first from its beginning on.
fn of_part(mut spans: Vec<ShownSpan>, from: Micros, to: Micros) -> Vec<ShownSpan> {
    let before = spans.partition_point(|it| it.from <= from);
    spans.drain(..before.saturating_sub(1));
    spans.retain(|it| it.from <= to);
    if let Some(first) = spans.first_mut() {
        first.from = first.from.max(from);
    }
    spans
}
