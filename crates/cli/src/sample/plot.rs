//! What came of the runs, as a plot: for each script and its settings a curve, in how many of
//! the runs what was waited for had come by when. Time is on a logarithmic axis, as in Figure 16
//! of the paper.

use hustings_raft::Millis;
use svg::Document;
use svg::node::element::{Group, Line, Path, Style, Text, Title};

use super::{Sample, table};
use hustings_search::told::thousands;

const LEFT: f64 = 64.0;
const TOP: f64 = 76.0;
/// The size of the area with the curves.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 340.0;
const RIGHT: f64 = 36.0;
/// The distance of lines of the legend.
const LINE: f64 = 22.0;

/// The number of colours that tell curves apart. After them, they come again with dashes.
const COLOURS: usize = 6;

/// The colours of Okabe and Ito, which colour-blind people can distinguish, dark enough for a
/// light ground; lighter ones for a dark ground.
const STYLE: &str = "
svg { background: #fff; color: #1a2029; }
text { font: 13px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: currentColor; }
.title { font-size: 17px; font-weight: 700; }
.faint { opacity: .75; }
.grid { stroke: currentColor; opacity: .16; }
.axis { stroke: currentColor; opacity: .6; }
.curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
.again { stroke-dasharray: 7 4; }
.c0 { stroke: #0072b2; } .c1 { stroke: #c24f00; } .c2 { stroke: #00805c; }
.c3 { stroke: #a8407f; } .c4 { stroke: #8a6d00; } .c5 { stroke: #5c6370; }
@media (prefers-color-scheme: dark) {
  svg { background: #14181f; color: #e6e9ee; }
  .c0 { stroke: #56b4e9; } .c1 { stroke: #ff9a4d; } .c2 { stroke: #35c79a; }
  .c3 { stroke: #e59cc8; } .c4 { stroke: #f0e442; } .c5 { stroke: #b4bbc7; }
}
";

/// The plot as SVG.
pub(super) fn draw(samples: &[Sample<'_>]) -> String {
    let axis = Axis::of(samples);
    let height = TOP + HEIGHT + 72.0 + samples.len() as f64 * LINE;
    let title = title(samples);
    let mut document = Document::new()
        .set("viewBox", (0, 0, LEFT + WIDTH + RIGHT, height))
        .set("width", LEFT + WIDTH + RIGHT)
        .set("height", height)
        .add(Title::new(title.clone()))
        .add(Style::new(STYLE))
        .add(text(16.0, 32.0, &title).set("class", "title"))
        .add(text(16.0, 52.0, &subtitle(samples)).set("class", "faint"))
        .add(shares())
        .add(axis.times());
    for (place, sample) in samples.iter().enumerate() {
        let class = class(place);
        let curve = Path::new().set("d", axis.curve(sample));
        document = document.add(curve.set("class", class.as_str()));
        document = document.add(legend(place, sample).set("class", "legend"));
    }
    document.to_string() + "\n"
}

fn title(samples: &[Sample<'_>]) -> String {
    let Some(plan) = samples.first().map(|it| &it.setting.plan) else {
        return String::new();
    };
    let steps: Vec<_> = plan.steps.iter().map(ToString::to_string).collect();
    let after = match steps.is_empty() {
        true => String::new(),
        false => format!(" after {}", steps.join(", ")),
    };
    format!("Runs in which “{}” had come{after}", plan.awaited)
}

fn subtitle(samples: &[Sample<'_>]) -> String {
    let runs = samples.iter().map(|it| it.runs.len()).max();
    let runs = thousands(runs.unwrap_or_default() as u64);
    let seed = samples.first().map_or(0, |it| it.setting.plan.seed);
    format!("{runs} runs each, seeds from {seed}")
}

fn class(place: usize) -> String {
    let again = if place >= COLOURS { " again" } else { "" };
    format!("curve c{}{again}", place % COLOURS)
}

/// The name of a curve, and what cannot be read from it.
fn legend(place: usize, sample: &Sample<'_>) -> Group {
    let y = TOP + HEIGHT + 72.0 + place as f64 * LINE;
    let summary = &sample.summary;
    let median = match summary.quantile(500) {
        Some(median) => format!("median {}ms", median.0),
        None => "not in half of the runs".to_owned(),
    };
    let never = match summary.never() {
        0 => String::new(),
        never => {
            let (never, runs) = (thousands(never as u64), thousands(summary.runs as u64));
            format!(", never in {never} of {runs}")
        }
    };
    let name = format!("{}: {median}{never}", sample.setting.label());
    let swatch = line((LEFT, y - 4.5), (LEFT + 30.0, y - 4.5)).set("class", class(place));
    Group::new().add(swatch).add(text(LEFT + 40.0, y, &name))
}

/// The lines of the shares.
fn shares() -> Group {
    (0..=4).fold(Group::new(), |group, quarter| {
        let y = y(f64::from(quarter) / 4.0);
        let label = text(LEFT - 10.0, y + 4.5, &format!("{} %", 25 * quarter));
        group
            .add(line((LEFT, y), (LEFT + WIDTH, y)).set("class", "grid"))
            .add(label.set("text-anchor", "end").set("class", "faint"))
    })
}

fn y(share: f64) -> f64 {
    round(TOP + HEIGHT * (1.0 - share))
}

/// The axis of time.
struct Axis {
    /// The time at its left end, where all that comes earlier is, too.
    start: Millis,
    end: Millis,
}

impl Axis {
    /// From shortly before the first came up to the end of the runs.
    fn of(samples: &[Sample<'_>]) -> Self {
        let end = samples.iter().map(|it| it.setting.plan.time).max();
        let end = end.unwrap_or_default().max(Millis(10));
        let times = samples.iter().flat_map(|it| &it.summary.times);
        let first = times.filter(|time| **time > Millis::ZERO).min();
        let first = first.map_or(1, |time| time.0).min(end.0 / 10);
        let start = ticks().take_while(|tick| *tick <= first).last();
        let start = Millis(start.unwrap_or(1));
        Self { start, end }
    }

    fn x(&self, time: Millis) -> f64 {
        let log = |time: Millis| (time.0.max(1) as f64).ln();
        let (start, end) = (log(self.start), log(self.end));
        let along = (log(time.max(self.start)) - start) / (end - start);
        round(LEFT + WIDTH * along)
    }

    /// The axis with its ticks.
    fn times(&self) -> Group {
        let bottom = TOP + HEIGHT;
        let axis = line((LEFT, bottom), (LEFT + WIDTH, bottom)).set("class", "axis");
        let inside = ticks().filter(|tick| (self.start.0..=self.end.0).contains(tick));
        inside.fold(Group::new().add(axis), |group, tick| {
            let x = self.x(Millis(tick));
            let label = text(x, bottom + 20.0, &table::millis(Millis(tick)));
            group
                .add(line((x, TOP), (x, bottom)).set("class", "grid"))
                .add(label.set("text-anchor", "middle").set("class", "faint"))
        })
    }

    /// A curve that rises at each time at which what was waited for came in some run.
    fn curve(&self, sample: &Sample<'_>) -> String {
        let summary = &sample.summary;
        let share = |time| summary.within(time) as f64 / summary.runs.max(1) as f64;
        let mut curve = format!("M{LEFT} {}", y(share(self.start)));
        let mut times = summary.times.clone();
        times.dedup();
        for time in times.into_iter().filter(|time| *time > self.start) {
            curve.push_str(&format!("H{}V{}", self.x(time), y(share(time))));
        }
        curve.push_str(&format!("H{}", LEFT + WIDTH));
        curve
    }
}

/// 1, 2, 5, 10, … milliseconds, up to hours.
fn ticks() -> impl Iterator<Item = u64> {
    (0..8).flat_map(|power| [1, 2, 5].map(|digit| digit * 10u64.pow(power)))
}

fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Line {
    let from = Line::new().set("x1", x1).set("y1", y1);
    from.set("x2", x2).set("y2", y2)
}

fn text(x: f64, y: f64, what: &str) -> Text {
    Text::new(what).set("x", round(x)).set("y", round(y))
}

/// Rounded to a tenth of a pixel, for smaller files.
fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
