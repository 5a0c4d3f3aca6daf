//! The speed of simulated time.

use crate::i18n::texts;

/// A speed from a logarithmic scale, 1/1000 to 100 times real time; or one that follows
/// what happens, slow through elections and fast through quiet stretches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Speed {
    /// It follows what happens.
    Auto,
    /// Always the same, by its index on the scale.
    Fixed(usize),
}

/// The index of the default speed.
const DEFAULT: usize = 6;

/// The speeds with their names.
const SPEEDS: [(f64, &str); 16] = [
    (0.001, "1/1000"),
    (0.002, "1/500"),
    (0.005, "1/200"),
    (0.01, "1/100"),
    (0.02, "1/50"),
    (0.05, "1/20"),
    (0.1, "1/10"),
    (0.2, "1/5"),
    (0.5, "1/2"),
    (1.0, "1"),
    (2.0, "2"),
    (5.0, "5"),
    (10.0, "10"),
    (20.0, "20"),
    (50.0, "50"),
    (100.0, "100"),
];

/// A tenth of real time: a first election starts after two seconds, and messages are
/// slow enough to follow.
impl Default for Speed {
    fn default() -> Self {
        Self::Fixed(DEFAULT)
    }
}

impl Speed {
    /// The last index.
    pub const LAST: usize = SPEEDS.len() - 1;

    /// The speed at an index; beyond [`Self::LAST`], the fastest.
    pub fn from_index(index: usize) -> Self {
        Self::Fixed(index.min(Self::LAST))
    }

    /// Whether it follows what happens.
    pub fn is_auto(self) -> bool {
        self == Self::Auto
    }

    /// Its index; of one that follows what happens, that of its slowest.
    pub fn index(self) -> usize {
        match self {
            Self::Auto => DEFAULT,
            Self::Fixed(index) => index.min(Self::LAST),
        }
    }

    /// Simulated milliseconds per real millisecond, at its slowest.
    pub fn factor(self) -> f64 {
        self.entry().0
    }

    /// The factor as text, such as `1/10`, or the localized “auto”.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => texts().speed_auto(),
            Self::Fixed(_) => self.entry().1,
        }
    }

    fn entry(self) -> (f64, &'static str) {
        SPEEDS.get(self.index()).copied().unwrap_or((1.0, "1"))
    }
}
