//! The part of the overview that changes only when something notable happens.

use std::cell::RefCell;
use std::rc::Rc;

use hustings_lab::diagram::Outline;
use hustings_lab::{RecordId, RunPosition, VecMap};
use hustings_raft::Term;
use yew::prelude::*;

use super::super::glyphs::{class_of, term_class};
use super::super::stage::{num, path};
use super::super::timeline::{Layout, Shown, steps};
use super::columns::{COLUMN, Column, columns};
use super::{HEIGHT, Whole};
use crate::i18n::texts;

/// The bar of terms.
const TOP: f64 = 7.0;
const BOTTOM: f64 = 20.0;
/// The room that the number of a term needs, in pixels.
const LABEL: f64 = 26.0;
/// The distance between numbers of terms where each has too little room.
const APART: f64 = 120.0;
/// The least width that a mark needs, in pixels; with less, marks are counted in columns.
const MARK_WIDTH: f64 = 4.0;

/// What the strip depends on.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    branch: (u32, usize),
    counts: [usize; 4],
    violations: Vec<RecordId>,
    forks: Vec<RunPosition>,
    whole: Whole,
}

impl Key {
    pub(super) fn of(shown: &Shown, whole: Whole) -> Self {
        let (layout, run) = (shown.layout.borrow(), &shown.page.run);
        let Outline {
            term_spans,
            elections,
            commits,
            notes,
            losses: _,
        } = layout.diagram().outline();
        let violations = run.tip().violations().iter();
        Self {
            branch: run.branch(),
            counts: [
                term_spans.len(),
                elections.len(),
                commits.len(),
                notes.len(),
            ],
            violations: violations.map(|violation| violation.record).collect(),
            forks: forks(shown),
            whole,
        }
    }
}

/// Where this branch parts from others.
fn forks(shown: &Shown) -> Vec<RunPosition> {
    let history = shown.page.session.history();
    let current = history.current();
    let branches = history.branches().iter().enumerate();
    let parted = branches.filter_map(|(number, branch)| {
        let fork = branch.fork()?;
        (number == current || fork.from == current).then_some(fork.at)
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
        let at = |id: RecordId| layout.diagram().time_of(id);
        let xs = records.iter().map(|id| key.whole.x_of(*id, at(*id)));
        xs.collect()
    };
    let ticks = |class: &'static str, xs: Vec<f64>, y: f64| {
        if xs.len() as f64 * MARK_WIDTH > key.whole.width {
            html! { <path class={class_of(&[class, "many"])} d={counts(&xs, y + 5.0, key.whole.width)} /> }
        } else {
            marks(class, xs, y, "v5")
        }
    };
    let columns = columns(&outline.term_spans, key.whole);
    let forks = key.forks.iter().map(|at| {
        let last = RecordId(at.records.saturating_sub(1));
        key.whole.x_of(last, at.time)
    });
    html! {
        <g>
            <title>{ texts().overview_hint() }</title>
            <rect class="ground" width={num(key.whole.width)} height={num(HEIGHT)} />
            { draw_terms(&columns, outline.term_spans.len()) }
            { ticks("election", xs(&outline.elections), 1.0) }
            { ticks("commit", xs(&outline.commits), BOTTOM + 1.0) }
            { marks("fork", forks.collect(), TOP + 1.0, "v6q0 5 7 6") }
            { marks("note", xs(&outline.notes), 0.0, "v12v-6h7l-2.5 -3l2.5 -3h-7") }
            { marks("violation", xs(&key.violations), 0.0, &format!("V{}", num(HEIGHT))) }
        </g>
    }
}

/// A mark at each of these positions, from `y` on.
fn marks(class: &'static str, xs: Vec<f64>, y: f64, rest: &str) -> Html {
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
}

/// How many of them there are in each column.
fn counts(xs: &[f64], base: f64, width: f64) -> String {
    let mut counts = vec![0_u32; (width / MARK_WIDTH) as usize + 1];
    for x in xs {
        if let Some(count) = counts.get_mut((x / MARK_WIDTH) as usize) {
            *count += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default().max(1);
    let height = |count: &u32| f64::from(*count) / f64::from(most) * 5.0;
    steps(base, MARK_WIDTH, counts.iter().map(height))
}

/// Equal columns in a row.
struct Stretch {
    from: usize,
    to: usize,
    column: Column,
}

/// The bar: as high as the share of time with a leader, in the colour of its term; a thin
/// hatched line without one. Where terms change faster than columns can show, colours would
/// tell nothing.
fn draw_terms(columns: &[Column], term_spans: usize) -> Html {
    let is_fast = term_spans * 2 > columns.len();
    let mut paths = VecMap::<&str, String>::default();
    let mut leaderless = String::new();
    let stretches = stretches(columns);
    for stretch in &stretches {
        let (x, width) = (stretch.from as f64 * COLUMN, stretch.width());
        let height = stretch.column.led * (BOTTOM - TOP);
        if height > 0.0 {
            let class = term_class(stretch.column.term);
            let d = paths.entry(if is_fast { "fast" } else { class });
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
    html! {
        <>
            <path class="leaderless" d={leaderless} />
            { for paths.into_iter().map(|(class, d)| html! { <path class={class_of(&["term", class])} {d} key={class} /> }) }
            if is_fast {
                { draw_milestones(columns) }
            } else {
                { for stretches.iter().filter(|it| it.column.led > 0.9 && it.width() >= LABEL).map(draw_number) }
            }
        </>
    }
}

fn draw_number(stretch: &Stretch) -> Html {
    let (x, term) = (stretch.from as f64 * COLUMN, stretch.column.term);
    html! { <text class={term_class(term)} x={num(x + 5.0)} y={num(BOTTOM - 3.0)}>{ term.to_string() }</text> }
}

/// The terms that were reached, here and there.
fn draw_milestones(columns: &[Column]) -> Html {
    let every = (APART / COLUMN) as usize;
    let milestones = columns.iter().enumerate().skip(every / 2).step_by(every);
    let milestones = milestones.filter(|(_, column)| column.term != Term::ZERO);
    html! {
        <>
            { for milestones.map(|(number, column)| html! {
                <text class="milestone" x={num(number as f64 * COLUMN)} y={num(BOTTOM - 2.5)}>{ column.term.to_string() }</text>
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
