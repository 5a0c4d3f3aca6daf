//! Areas that tell how much there is of something, column by column.

use std::fmt::Write as _;

/// An area of columns of this width and these heights, in whole pixels, on a base.
pub(in super::super) fn steps(
    base: f64,
    column: f64,
    heights: impl Iterator<Item = f64>,
) -> String {
    let base = base as i64;
    let mut d = format!("M0 {base}");
    let (mut last, mut count) = (0, 0);
    let go = |d: &mut String, count: u32, to: i64| {
        let _ = write!(d, "h{}V{}", count * column as u32, base - to);
    };
    for height in heights {
        let height = height.ceil() as i64;
        if height != last {
            go(&mut d, count, height);
            (last, count) = (height, 0);
        }
        count += 1;
    }
    go(&mut d, count, 0);
    d.push('z');
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_heights_are_one_step() {
        let heights = [0.0, 3.0, 2.5, 0.0];
        assert_eq!(
            steps(10.0, 4.0, heights.into_iter()),
            "M0 10h4V7h8V10h4V10z"
        );
    }
}
