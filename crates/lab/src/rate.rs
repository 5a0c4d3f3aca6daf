//! The rate of a server's clock.

use std::fmt;

/// The rate of a server's clock, in per cent of true time: 10 to 1000.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Rate(u16);

impl Rate {
    /// The rate of true time.
    pub const TRUE: Self = Self(100);

    /// The rate, or `None` outside `10..=1000`.
    pub fn new(percent: u16) -> Option<Self> {
        (10..=1000).contains(&percent).then_some(Self(percent))
    }

    /// The number, `10..=1000`.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}
