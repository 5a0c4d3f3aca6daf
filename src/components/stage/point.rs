//! Positions and numbers of drawings, in units of the drawing.

use std::ops::{Add, Mul, Neg, Sub};

/// A position on the stage, or a vector; x to the right, y downwards.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// The origin: the centre of the stage, and of each drawing in its own coordinates.
pub(super) const CENTRE: Point = Point { x: 0.0, y: 0.0 };
/// Straight up, of length 1.
pub(super) const UP: Point = Point { x: 0.0, y: -1.0 };

impl Add for Point {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }
}

impl Sub for Point {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Point {
    type Output = Self;

    fn neg(self) -> Self {
        self * -1.0
    }
}

impl Mul<f64> for Point {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self {
            x: self.x * factor,
            y: self.y * factor,
        }
    }
}

impl Point {
    pub(super) fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The unit vector towards another point; up if they are equal.
    pub(super) fn towards(self, other: Self) -> Self {
        let way = other - self;
        let length = way.length();
        if length > 0.0 {
            way * (1.0 / length)
        } else {
            UP
        }
    }

    /// Linear interpolation.
    pub(super) fn between(self, other: Self, fraction: f64) -> Self {
        self + (other - self) * fraction
    }

    /// This direction turned clockwise by 90°.
    pub(super) fn right(self) -> Self {
        Self {
            x: -self.y,
            y: self.x,
        }
    }

    /// This direction turned clockwise by the angle of a sine and cosine.
    pub(super) fn turned(self, (sine, cosine): (f64, f64)) -> Self {
        Self {
            x: self.x * cosine - self.y * sine,
            y: self.x * sine + self.y * cosine,
        }
    }
}

/// A number with one decimal. Formatting it as an integer avoids linking float formatting
/// (code size).
pub(in super::super) fn num(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

/// Joins numbers, each after a string.
pub(in super::super) fn path(parts: &[(&str, f64)]) -> String {
    let mut path = String::new();
    for (before, value) in parts {
        path.push_str(before);
        path.push_str(&num(*value));
    }
    path
}

/// The `transform` attribute that moves a drawing to a point.
pub(super) fn at(place: Point) -> String {
    path(&[("translate(", place.x), (" ", place.y)]) + ")"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_decimal() {
        let written = [0.0, 1.25, -1.25, -0.01, 200.0].map(num);
        assert_eq!(written, ["0.0", "1.3", "-1.3", "0.0", "200.0"]);
    }
}
