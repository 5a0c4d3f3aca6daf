//! The speed of simulated time.

/// A speed from a logarithmic scale, 1/1000 to 100 times real time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Speed(usize);

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
        Self(6)
    }
}

impl Speed {
    /// The last index.
    pub const LAST: usize = SPEEDS.len() - 1;

    /// The speed at an index; beyond [`Self::LAST`], the fastest.
    pub fn from_index(index: usize) -> Self {
        Self(index.min(Self::LAST))
    }

    /// Its index.
    pub fn index(self) -> usize {
        self.0
    }

    /// Simulated milliseconds per real millisecond.
    pub fn factor(self) -> f64 {
        self.entry().0
    }

    /// The factor as text: `1/10`.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (f64, &'static str) {
        SPEEDS.get(self.0).copied().unwrap_or((1.0, "1"))
    }
}
