//! The part of the overview that changes only when something notable happens.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use hustings_lab::RecordId;
use hustings_lab::diagram::Outline;
use yew::prelude::*;

use super::super::glyphs::{class_of, term_class};
use super::super::stage::{num, path};
use super::super::timeline::{Layout, Shown};
use super::columns::{COLUMN, Column, columns};
use super::{HEIGHT, Whole};

/// The bar of terms.
const TOP: f64 = 7.0;
const BOTTOM: f64 = 20.0;
/// The room that the number of a term needs, in pixels.
const LABEL: f64 = 26.0;

/// What the strip depends on.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    branch: (u32, usize),
    counts: [usize; 4],
    violations: Vec<RecordId>,
    forks: Vec<u64>,
    whole: Whole,
}

impl Key {
    pub(super) fn of(shown: &Shown, whole: Whole) -> Self {
        let (layout, run) = (shown.layout.borrow(), &shown.page.run);
        let Outline {
            reigns,
            elections,
            commits,
            notes,
        } = layout.diagram().outline();
        let violations = run.tip().violations().iter();
        Self {
            branch: run.branch(),
            counts: [reigns.len(), elections.len(), commits.len(), notes.len()],
            violations: violations.map(|violation| violation.record).collect(),
            forks: forks(shown),
            whole,
        }
    }
}

/// The times at which this branch parts from others.
fn forks(shown: &Shown) -> Vec<u64> {
    let history = shown.page.session.history();
    let current = history.current();
    let branches = history.branches().iter().enumerate();
    let parted = branches.filter_map(|(number, branch)| {
        let fork = branch.fork()?;
        (number == current || fork.from == current).then_some(fork.at.time.0)
    });
    parted.collect()
}

#[derive(Properties)]
pub(super) struct StripProps {
    pub(super) layout: Rc<RefCell<Layout>>,
    pub(super) key_of: Key,
}

impl PartialEq for StripProps {
    fn eq(&self, other: &Self) -> bool {
        self.key_of == other.key_of
    }
}

/// Terms, elections, commits, violations, captions and forks.
#[component]
pub(super) fn Strip(props: &StripProps) -> Html {
    let layout = props.layout.borrow();
    let (outline, key) = (layout.diagram().outline(), &props.key_of);
    let xs = |records: &[RecordId]| -> Vec<f64> {
        let times = records.iter().map(|id| layout.diagram().time_of(*id));
        apart(times.map(|time| key.whole.x(time.0 as f64)))
    };
    let marks = |class: &'static str, xs: Vec<f64>, y: f64, rest: &str| {
        let mut d = String::new();
        for x in xs {
            d.push_str(&path(&[("M", x), (" ", y)]));
            d.push_str(rest);
        }
        html! {
            if !d.is_empty() {
                <path {class} {d} />
            }
        }
    };
    let columns = columns(&outline.reigns, key.whole);
    let forks = key.forks.iter().map(|time| key.whole.x(*time as f64));
    html! {
        <>
            { draw_terms(&columns) }
            { marks("election", xs(&outline.elections), 1.0, "v5") }
            { marks("commit", xs(&outline.commits), BOTTOM + 1.5, "v4") }
            { marks("fork", forks.collect(), TOP + 1.0, "v6q0 5 7 6") }
            { marks("note", xs(&outline.notes), 0.0, "v12v-6h7l-2.5 -3l2.5 -3h-7") }
            { marks("violation", xs(&key.violations), 0.0, &format!("V{}", num(HEIGHT))) }
        </>
    }
}

/// Positions of which no two are in the same pixel.
fn apart(xs: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut apart: Vec<f64> = Vec::new();
    for x in xs {
        if apart.last().is_none_or(|last| x - last >= 1.5) {
            apart.push(x);
        }
    }
    apart
}

/// Equal columns in a row.
struct Stretch {
    from: usize,
    to: usize,
    column: Column,
}

/// The bar: as high as the share of time with a leader, in the colour of its term; a thin
/// hatched line without one.
fn draw_terms(columns: &[Column]) -> Html {
    let mut paths = BTreeMap::<&str, String>::new();
    let mut leaderless = String::new();
    let stretches = stretches(columns);
    for stretch in &stretches {
        let (x, width) = (stretch.from as f64 * COLUMN, stretch.width());
        let height = stretch.column.led * (BOTTOM - TOP);
        if height > 0.0 {
            let d = paths.entry(term_class(stretch.column.term)).or_default();
            d.push_str(&path(&[
                ("M", x),
                (" ", BOTTOM),
                ("v", -height),
                ("h", width),
                ("v", height),
            ]));
            d.push('z');
        }
        if stretch.column.led < 0.5 {
            leaderless.push_str(&path(&[("M", x), (" ", BOTTOM - 1.5), ("h", width)]));
        }
    }
    let numbers = stretches
        .iter()
        .filter(|stretch| stretch.column.led > 0.9 && stretch.width() >= LABEL);
    html! {
        <>
            { for paths.into_iter().map(|(class, d)| html! { <path class={class_of(&["term", class])} {d} key={class} /> }) }
            <path class="leaderless" d={leaderless} />
            { for numbers.map(|stretch| html! {
                <text class={term_class(stretch.column.term)} x={num(stretch.from as f64 * COLUMN + 5.0)} y={num(BOTTOM - 3.0)}>{ stretch.column.term.to_string() }</text>
            }) }
        </>
    }
}

impl Stretch {
    fn width(&self) -> f64 {
        (self.to - self.from) as f64 * COLUMN
    }
}

fn stretches(columns: &[Column]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (number, column) in columns.iter().enumerate() {
        // Eighths are as fine as the bar is high.
        let led = (column.led.min(1.0) * 8.0).round() / 8.0;
        let column = Column { led, ..*column };
        match stretches.last_mut() {
            Some(last) if last.column == column => last.to = number + 1,
            _ => stretches.push(Stretch {
                from: number,
                to: number + 1,
                column,
            }),
        }
    }
    stretches
}
