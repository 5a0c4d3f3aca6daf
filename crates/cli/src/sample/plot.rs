//! What came of the runs, as a plot: for each script and its settings a curve, in how many of
//! the runs what was waited for had come by when. Time is on a logarithmic axis, as in Figure 16
//! of the paper.

use hustings_lab::narrate::Lang;
use hustings_search::sample::{Curve, FirstStep, Plot, Summed};
use hustings_search::told::thousands;
use svg::Document;
use svg::node::element::{Group, Line, Path, Style, Text, Title};

const LEFT: f64 = 82.0;
const TOP: f64 = 76.0;
/// The size of a unit of the plot.
const UNIT: f64 = 0.5;
/// The size of the area with the curves.
const WIDTH: f64 = UNIT * Plot::WIDTH as f64;
const HEIGHT: f64 = UNIT * Plot::HEIGHT as f64;
const RIGHT: f64 = 36.0;
/// From the area to the legend: the axis of time and what it is called.
const AXIS: f64 = 86.0;
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
.curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.mark { font-weight: 700; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.again { stroke-dasharray: 7 4; }
.c0 { stroke: #0072b2; } .c1 { stroke: #c24f00; } .c2 { stroke: #00805c; }
.c3 { stroke: #a8407f; } .c4 { stroke: #8a6d00; } .c5 { stroke: #5c6370; }
@media (prefers-color-scheme: dark) {
  svg { background: #14181f; color: #e6e9ee; } .mark { stroke: #14181f; }
  .c0 { stroke: #56b4e9; } .c1 { stroke: #ff9a4d; } .c2 { stroke: #35c79a; }
  .c3 { stroke: #e59cc8; } .c4 { stroke: #f0e442; } .c5 { stroke: #b4bbc7; }
}
";

/// The plot as SVG.
pub(super) fn draw(samples: &[Summed<'_>]) -> String {
    let plot = Plot::of(samples, Lang::En);
    let height = TOP + HEIGHT + AXIS + samples.len() as f64 * LINE;
    let title = title(samples);
    let mut document = Document::new()
        .set("viewBox", (0, 0, LEFT + WIDTH + RIGHT, height))
        .set("width", LEFT + WIDTH + RIGHT)
        .set("height", height)
        .add(Title::new(title.clone()))
        .add(Style::new(STYLE))
        .add(text(16.0, 32.0, &title).set("class", "title"))
        .add(text(16.0, 52.0, &subtitle(samples)).set("class", "faint"))
        .add(shares(&plot))
        .add(times(&plot));
    for (place, (curve, sample)) in plot.curves.iter().zip(samples).enumerate() {
        document = document.add(draw_curve(place, curve));
        let legend = legend(place, curve.letter, sample);
        document = document.add(legend.set("class", "legend"));
    }
    for curve in &plot.curves {
        let (x, y) = curve.mark;
        let mark = text(x_of(x) + 5.0, y_of(y) + 4.5, &curve.letter.to_string());
        document = document.add(mark.set("class", "mark"));
    }
    document.to_string() + "\n"
}

fn title(samples: &[Summed<'_>]) -> String {
    let Some(plan) = samples.first().map(|it| &it.sample.plan) else {
        return String::new();
    };
    let steps = plan.steps.iter().map(|step| match step {
        FirstStep::Command(command) => command.to_string(),
        FirstStep::LeaderCrashes => "the leader crashes".to_owned(),
        FirstStep::LeaderIsolated => "the leader is isolated".to_owned(),
    });
    let steps: Vec<_> = steps.collect();
    let after = match steps.is_empty() {
        true => String::new(),
        false => format!(" after {}", steps.join(", ")),
    };
    format!("Runs in which “{}” had come{after}", plan.awaited)
}

fn subtitle(samples: &[Summed<'_>]) -> String {
    let runs = samples.iter().map(|it| it.summary.runs).max();
    let runs = thousands(runs.unwrap_or_default() as u64);
    let seed = samples.first().map_or(0, |it| it.sample.plan.seed);
    format!("{runs} runs each, seeds from {seed}")
}

fn class(place: usize) -> String {
    let again = if place >= COLOURS { " again" } else { "" };
    format!("curve c{}{again}", place % COLOURS)
}

/// The name of a curve, and what cannot be read from it.
fn legend(place: usize, letter: char, sample: &Summed<'_>) -> Group {
    let y = TOP + HEIGHT + AXIS + place as f64 * LINE;
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
    let name = format!("{letter}  {}: {median}{never}", sample.sample.label);
    let swatch = line((LEFT, y - 4.5), (LEFT + 30.0, y - 4.5)).set("class", class(place));
    Group::new().add(swatch).add(text(LEFT + 40.0, y, &name))
}

/// A curve, by whose place its colour is.
fn draw_curve(place: usize, curve: &Curve) -> Path {
    let at = format!("translate({LEFT} {TOP}) scale({UNIT})");
    let path = Path::new().set("d", curve.path.as_str());
    path.set("transform", at).set("class", class(place))
}

/// The axis of shares, with its lines.
fn shares(plot: &Plot) -> Group {
    let name = text(0.0, 0.0, &plot.shares).set("class", "faint");
    let at = format!("translate(22 {}) rotate(-90)", TOP + HEIGHT / 2.0);
    let name = name.set("transform", at).set("text-anchor", "middle");
    (0..=4).fold(Group::new().add(name), |group, quarter| {
        let y = y_of(Plot::y(quarter, 4));
        let label = text(LEFT - 10.0, y + 4.5, &format!("{} %", 25 * quarter));
        group
            .add(line((LEFT, y), (LEFT + WIDTH, y)).set("class", "grid"))
            .add(label.set("text-anchor", "end").set("class", "faint"))
    })
}

/// The axis of time, with its lines.
fn times(plot: &Plot) -> Group {
    let bottom = TOP + HEIGHT;
    let axis = line((LEFT, bottom), (LEFT + WIDTH, bottom)).set("class", "axis");
    let name = text(LEFT + WIDTH / 2.0, bottom + 44.0, &plot.times).set("class", "faint");
    let group = Group::new().add(axis);
    let group = group.add(name.set("text-anchor", "middle"));
    plot.ticks.iter().fold(group, |group, tick| {
        let x = x_of(tick.x);
        let label = text(x, bottom + 20.0, &tick.label);
        group
            .add(line((x, TOP), (x, bottom)).set("class", "grid"))
            .add(label.set("text-anchor", "middle").set("class", "faint"))
    })
}

fn x_of(x: u32) -> f64 {
    LEFT + UNIT * f64::from(x)
}

fn y_of(y: u32) -> f64 {
    TOP + UNIT * f64::from(y)
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
