//! Places at equal distances along an ellipse.
//!
//! Directions are unit vectors, not angles: walking along an ellipse needs only the sine
//! and cosine of one step.

use super::point::{CENTRE, Point, UP};

/// Sine and cosine of the step in which an ellipse is walked along: a hundredth of a turn.
const STEP: (f64, f64) = (0.062_790_519_529_313_37, 0.998_026_728_428_271_6);
const STEPS: usize = 100;

/// `count` places on an ellipse, clockwise, at equal distances along it: the first at the
/// top, or the first two on either side of it.
pub(super) fn on_ellipse(count: usize, radii: Point, starts_beside_top: bool) -> Vec<Point> {
    let directions = std::iter::successors(Some(UP), |it| Some(it.turned(STEP)));
    let outline: Vec<_> = directions
        .take(STEPS + 1)
        .map(|it| Point {
            x: it.x * radii.x,
            y: it.y * radii.y,
        })
        .collect();
    let mut length = 0.0;
    let pieces: Vec<_> = outline
        .windows(2)
        .filter_map(|ends| {
            let &[from, to] = ends else { return None };
            let before = length;
            length += (to - from).length();
            Some((before, length, from, to))
        })
        .collect();
    let apart = length / count.max(1) as f64;
    let first = if starts_beside_top {
        length - apart / 2.0
    } else {
        0.0
    };
    let place = |number: usize| {
        let along = first + apart * number as f64;
        let along = if along < length {
            along
        } else {
            along - length
        };
        let piece = pieces.iter().find(|(_, end, ..)| along <= *end);
        piece.map_or(CENTRE, |(start, end, from, to)| {
            from.between(*to, (along - start) / (end - start).max(f64::MIN_POSITIVE))
        })
    };
    (0..count).map(place).collect()
}

/// The corners of a regular polygon as unit vectors, clockwise from the top.
pub(in super::super) fn corners(count: usize) -> Vec<Point> {
    on_ellipse(count, Point { x: 1.0, y: 1.0 }, false)
}
