//! Who led when, reduced to what columns of the drawing can show.

use hustings_lab::diagram::Reign;
use hustings_raft::{Millis, Term};

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
pub(super) fn columns(reigns: &[Reign], whole: Whole) -> Vec<Column> {
    let count = (whole.width / COLUMN).ceil() as usize;
    let mut columns = vec![Column::default(); count];
    let ends = reigns.iter().skip(1).map(|reign| reign.from);
    let ends = ends.chain([Millis(whole.end as u64)]);
    for (reign, end) in reigns.iter().zip(ends) {
        let place = |time: Millis| whole.x(time.0 as f64) / COLUMN;
        let (from, to) = (place(reign.from), place(end));
        let touched = columns.iter_mut().enumerate();
        for (number, column) in touched
            .skip(from as usize)
            .take((to as usize + 1).saturating_sub(from as usize))
        {
            let left = number as f64;
            if reign.led {
                column.led += (to.min(left + 1.0) - from.max(left)).max(0.0);
            }
            if reign.led || column.led == 0.0 {
                column.term = reign.term;
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reign(from: u64, term: u64, led: bool) -> Reign {
        Reign {
            from: Millis(from),
            term: Term(term),
            led,
        }
    }

    #[test]
    fn a_column_tells_for_how_much_of_its_time_a_server_led() {
        let whole = Whole {
            end: 100.0,
            width: 10.0,
        };
        let reigns = [reign(0, 0, false), reign(30, 1, true), reign(60, 2, false)];
        let columns = columns(&reigns, whole);
        let led: Vec<_> = columns.iter().map(|it| (it.led * 10.0).round()).collect();
        assert_eq!(led, [0.0, 5.0, 10.0, 0.0, 0.0]);
        let terms: Vec<_> = columns.iter().map(|column| column.term.0).collect();
        assert_eq!(terms[..3], [0, 1, 1]);
        assert_eq!(terms[4], 2);
    }
}
