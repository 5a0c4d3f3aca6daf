//! What came of the runs, as a plot: for each of the settings a curve, in how many of the runs
//! what was waited for had come by when. Time is on a logarithmic axis, as in Figure 16 of the
//! paper.

use hustings_lab::narrate::Lang;
use hustings_raft::Millis;

use super::Summed;
use super::table::{awaited, duration, series};
use crate::texts::texts;

/// Where everything of a plot is, in units from its left upper corner. Whoever draws it chooses
/// how large a unit is.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Plot {
    /// What the axis of time is called.
    pub times: String,
    /// What the axis of shares is called, which has a mark at each quarter.
    pub shares: String,
    /// The marks of the axis of time.
    pub ticks: Vec<Tick>,
    /// The curves, in the order of the settings.
    pub curves: Vec<Curve>,
}

/// A mark of the axis of time.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tick {
    /// Where it is.
    pub x: u32,
    /// Its time.
    pub label: String,
    /// Whether its time is a power of ten: one to keep where not all have room.
    pub is_power: bool,
}

/// A curve.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Curve {
    /// What it is marked with.
    pub letter: char,
    /// Where the mark is, beside the curve.
    pub mark: (u32, u32),
    /// The curve, as the `d` of a path in SVG.
    pub path: String,
}

impl Plot {
    /// The width of the area with the curves.
    pub const WIDTH: u32 = 1_520;
    /// Its height.
    pub const HEIGHT: u32 = 680;

    /// The plot of samples that are about the same.
    pub fn of(samples: &[Summed<'_>], lang: Lang) -> Self {
        let t = texts(lang);
        let axis = Axis::of(samples);
        let awaited = samples.first().map(|it| awaited(&it.sample.plan, t));
        // Curves that are marked at their ends are marked one beside the other.
        let mut at_end = 0;
        let curves = samples.iter().zip('A'..).enumerate();
        let curves = curves.map(|(number, (sample, letter))| {
            let height = (number + 1, samples.len() + 1);
            let mark = axis.rise(sample, height).unwrap_or_else(|| {
                at_end += 1;
                axis.end(sample, at_end - 1)
            });
            Curve {
                letter,
                mark,
                path: axis.curve(sample),
            }
        });
        Self {
            times: t.sample_axis_times(awaited.unwrap_or_default()),
            shares: t.sample_axis_shares().to_owned(),
            ticks: axis.ticks(),
            curves: curves.collect(),
        }
    }

    /// Where a share is, given as how many of how many.
    pub fn y(count: usize, all: usize) -> u32 {
        let share = count as f64 / all.max(1) as f64;
        (f64::from(Self::HEIGHT) * (1.0 - share)).round() as u32
    }
}

/// The axis of time.
struct Axis {
    /// The time at its left end, where all that comes earlier is, too.
    start: Millis,
    end: Millis,
}

impl Axis {
    /// From shortly before the first came up to the end of the runs.
    fn of(samples: &[Summed<'_>]) -> Self {
        let end = samples.iter().map(|it| it.sample.plan.time).max();
        let end = end.unwrap_or_default().max(Millis(10));
        let times = samples.iter().flat_map(|it| &it.summary.times);
        let first = times.filter(|time| **time > Millis::ZERO).min();
        let first = first.map_or(Millis(1), |time| (*time).min(Millis(end.0 / 10)));
        let start = series().take_while(|tick| *tick <= first).last();
        let start = start.unwrap_or(Millis(1));
        Self { start, end }
    }

    fn x(&self, time: Millis) -> u32 {
        let log = |time: Millis| (time.0.max(1) as f64).ln();
        let (start, end) = (log(self.start), log(self.end));
        let along = (log(time.clamp(self.start, self.end)) - start) / (end - start);
        (f64::from(Plot::WIDTH) * along).round() as u32
    }

    fn ticks(&self) -> Vec<Tick> {
        let inside = series().filter(|tick| (self.start..=self.end).contains(tick));
        let tick = |time: Millis| Tick {
            x: self.x(time),
            label: duration(time),
            is_power: time.0 == 10u64.pow(time.0.ilog10()),
        };
        inside.map(tick).collect()
    }

    /// A curve that rises wherever what was waited for came in some run.
    fn curve(&self, it: &Summed<'_>) -> String {
        let (times, runs) = (&it.summary.times, it.summary.runs);
        let within = it.summary.within(self.start);
        let mut path = format!("M0 {}", Plot::y(within, runs));
        let later = times.get(within..).unwrap_or_default();
        let mut came = within;
        for together in later.chunk_by(|one, other| self.x(*one) == self.x(*other)) {
            came += together.len();
            let x = together.first().map_or(0, |time| self.x(*time));
            path.push_str(&format!("H{x}V{}", Plot::y(came, runs)));
        }
        path + &format!("H{}", Plot::WIDTH)
    }

    /// Where a curve has come so high, of so many heights that curves are marked at: curves that
    /// are close to each other are marked apart. `None` if it does not come so high.
    fn rise(&self, it: &Summed<'_>, (height, heights): (usize, usize)) -> Option<(u32, u32)> {
        let rank = (it.summary.runs * height).div_ceil(heights);
        let time = it.summary.times.get(rank.checked_sub(1)?)?;
        Some((self.x(*time), Plot::y(height, heights)))
    }

    /// A place at the end of a curve, before so many others.
    fn end(&self, it: &Summed<'_>, others: u32) -> (u32, u32) {
        /// What a letter takes.
        const LETTER: u32 = 50;
        let x = Plot::WIDTH.saturating_sub(LETTER * others);
        let times = &it.summary.times;
        let came = times.partition_point(|time| self.x(*time) <= x);
        (x, Plot::y(came, it.summary.runs))
    }
}
