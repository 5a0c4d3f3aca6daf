//! Who led when, reduced to what columns of the drawing can show.

use hustings_lab::diagram::TermSpan;
use hustings_raft::Term;

use super::Whole;

/// The width of a column, in pixels.
pub(super) const COLUMN: f64 = 2.0;

/// A column.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct Column {
    /// For how much of its time a server led, from 0 to 1.
    pub(super) led: f64,
    /// The last term in it in which a server led, or else the last term.
    pub(super) term: Term,
}

/// The columns of a run.
pub(super) fn columns(term_spans: &[TermSpan], whole: Whole) -> Vec<Column> {
    let count = (whole.width / COLUMN).ceil() as usize;
    let mut columns = vec![Column::default(); count];
    let places = term_spans
        .iter()
        .map(|it| whole.x_of(it.record, it.from) / COLUMN);
    let ends = places.clone().skip(1).chain([whole.width / COLUMN]);
    for (term_span, (from, to)) in term_spans.iter().zip(places.zip(ends)) {
        let touched = columns.iter_mut().enumerate();
        for (number, column) in touched
            .skip(from as usize)
            .take((to as usize + 1).saturating_sub(from as usize))
        {
            let left = number as f64;
            if term_span.led {
                column.led += (to.min(left + 1.0) - from.max(left)).max(0.0);
            }
            if term_span.led || column.led == 0.0 {
                column.term = term_span.term;
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::super::Scale;
    use super::*;
    use hustings_lab::RecordId;
    use hustings_raft::Millis;

    fn term_span(from: u64, term: u64, led: bool) -> TermSpan {
        TermSpan {
            from: Millis(from),
            record: RecordId(from as usize / 10),
            term: Term(term),
            led,
        }
    }

    #[test]
    fn a_column_tells_for_how_much_of_its_time_a_server_led() {
        let whole = Whole {
            scale: Scale::Time,
            end: 100.0,
            width: 10.0,
        };
        let term_spans = [
            term_span(0, 0, false),
            term_span(30, 1, true),
            term_span(60, 2, false),
        ];
        let columns = columns(&term_spans, whole);
        let led: Vec<_> = columns.iter().map(|it| (it.led * 10.0).round()).collect();
        assert_eq!(led, [0.0, 5.0, 10.0, 0.0, 0.0]);
        let terms: Vec<_> = columns.iter().map(|column| column.term.0).collect();
        assert_eq!(terms[..3], [0, 1, 1]);
        assert_eq!(terms[4], 2);
    }

    #[test]
    fn where_all_is_at_one_instant_the_columns_are_of_records() {
        let whole = Whole {
            scale: Scale::Events,
            end: 5.0,
            width: 10.0,
        };
        let at_once = |record: usize, term: u64, led: bool| TermSpan {
            from: Millis(0),
            record: RecordId(record),
            term: Term(term),
            led,
        };
        let spans = [
            at_once(0, 0, false),
            at_once(2, 1, true),
            at_once(4, 2, false),
        ];
        let columns = columns(&spans, whole);
        let led: Vec<_> = columns.iter().map(|it| it.led).collect();
        assert_eq!(led, [0.0, 0.0, 0.0, 1.0, 1.0]);
    }
}
