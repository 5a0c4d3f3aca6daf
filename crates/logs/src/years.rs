//! Years for lines that tell none.

use crate::time::Moment;

/// Gives a year to the moments of a file whose lines tell none: the one in which a line is
/// nearest to the line before it. Before the first line that tells a year, years are counted
/// from [`Moment::NO_YEAR`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Years {
    last: Option<Moment>,
}

impl Years {
    /// The moment of the next line.
    pub fn place(&mut self, at: Moment) -> Moment {
        let placed = match self.last {
            Some(last) if at.lacks_year() => at.near(last),
            _ => at,
        };
        self.last = Some(placed);
        placed
    }
}

#[cfg(test)]
mod tests {
    use super::Years;
    use crate::time::Moment;

    fn at(text: &str) -> Moment {
        let at: jiff::Timestamp = text.parse().expect("a time");
        Moment::from_micros(at.as_microsecond()).expect("a year of four digits")
    }

    #[test]
    fn a_line_without_a_year_is_of_that_of_the_line_before_it() {
        let mut years = Years::default();
        let mut place = |text| years.place(at(text)).to_string();
        let first = "1972-12-31T23:59:58Z";
        assert_eq!(place(first), "1972-12-31T23:59:58.000Z");
        assert_eq!(place("1972-01-01T00:00:01Z"), "1973-01-01T00:00:01.000Z");
        assert_eq!(place("2025-12-31T23:59:59Z"), "2025-12-31T23:59:59.000Z");
        assert_eq!(place("1972-01-01T00:00:01Z"), "2026-01-01T00:00:01.000Z");
        assert_eq!(place(first), "2025-12-31T23:59:58.000Z");
        assert_eq!(place("1972-02-29T00:00:01Z"), "2026-02-28T00:00:01.000Z");
    }
}
