//! The part of the drawing that changes only with the run, the zoom and the width.
//!
//! It reaches beyond the right edge of what is visible, so that it can be moved by a
//! `transform` while the present is followed, and is drawn anew only now and then.

use std::cell::RefCell;
use std::rc::Rc;

use hustings_lab::RecordId;
use hustings_lab::diagram::Span;
use hustings_raft::NodeId;
use yew::prelude::*;

use super::super::stage::{num, path};
use super::super::timeline::{Axis, Fold, Layout, Shown, View};
use super::rows::{Rows, TOP};
use super::{arrows, lanes, marks, ruler};
use crate::i18n::texts;

/// What the scene depends on.
#[derive(Clone, PartialEq)]
pub(super) struct Key {
    branch: (u32, usize),
    records: usize,
    violations: usize,
    axis: Axis,
    rows: Rows,
    scale: f64,
    left: f64,
    width: f64,
}

impl Key {
    pub(super) fn of(shown: &Shown) -> Self {
        let (view, tip) = (shown.view, shown.page.run.tip());
        Self {
            branch: shown.page.run.branch(),
            records: shown.layout.borrow().diagram().records(),
            violations: tip.violations().len(),
            axis: (*shown.axis).clone(),
            rows: shown.rows,
            scale: view.scale,
            left: left(view),
            width: view.width,
        }
    }
}

/// Where the scene begins, in pixels from the start of the run.
fn left(view: View) -> f64 {
    let step = (view.width / 2.0).max(1.0);
    (view.left * view.scale / step).floor() * step
}

/// The transform that moves the scene to where it belongs.
pub(super) fn offset(view: View) -> String {
    path(&[("translate(", left(view) - view.left * view.scale)]) + ")"
}

#[derive(Properties)]
pub(super) struct SceneProps {
    pub(super) layout: Rc<RefCell<Layout>>,
    pub(super) key_of: Key,
}

impl PartialEq for SceneProps {
    fn eq(&self, other: &Self) -> bool {
        self.key_of == other.key_of
    }
}

/// Ruler, lanes, arrows and marks.
#[component]
pub(super) fn Scene(props: &SceneProps) -> Html {
    let layout = props.layout.borrow();
    let key = &props.key_of;
    let width = key.width * 1.5;
    let (from, to) = (key.left / key.scale, (key.left + width) / key.scale);
    let (first, last) = (layout.record_at(from), layout.record_at(to));
    Drawing {
        rows: key.rows,
        view: View {
            left: from,
            scale: key.scale,
            width,
        },
        first,
        last,
        lanes: layout.diagram().lanes_between(first, last).collect(),
        layout: &layout,
    }
    .draw()
}

/// What there is to draw, and where.
pub(super) struct Drawing<'a> {
    pub(super) layout: &'a Layout,
    pub(super) rows: Rows,
    pub(super) view: View,
    pub(super) first: RecordId,
    pub(super) last: RecordId,
    /// The visible spans of each server.
    pub(super) lanes: Vec<(NodeId, &'a [Span])>,
}

impl Drawing<'_> {
    fn draw(&self) -> Html {
        html! {
            <>
                { ruler::draw(self) }
                { lanes::draw(self) }
                { arrows::draw(self) }
                { for self.folds().map(|fold| self.draw_fold(fold)) }
                { marks::draw(self) }
            </>
        }
    }

    /// The position of a record, in pixels.
    pub(super) fn x(&self, record: RecordId) -> f64 {
        self.view.x(self.layout.x_of(record))
    }

    pub(super) fn folds(&self) -> impl Iterator<Item = &Fold> {
        let (from, to) = self.view.range();
        self.layout.folds(from, to)
    }

    /// Whether single spans and messages would be a smear, so that it is told how much
    /// there is of each instead.
    pub(super) fn is_dense(&self) -> bool {
        let spans = self.lanes.iter().map(|(_, spans)| spans.len());
        spans.max().unwrap_or_default() as f64 > self.view.width / 8.0
    }

    fn draw_fold(&self, fold: &Fold) -> Html {
        let (x, width) = (self.view.x(fold.start), Fold::WIDTH * self.view.scale);
        let middle = (TOP + self.rows.bottom()) / 2.0;
        let label = if width > 104.0 {
            texts().folded(fold.heartbeats)
        } else {
            format!("⋯ {}", fold.heartbeats)
        };
        html! {
            <g class="fold" key={fold.first.0}>
                <rect x={num(x)} y={num(TOP)} width={num(width)} height={num(self.rows.bottom() - TOP)} />
                if width > 30.0 {
                    <text x={num(x + width / 2.0)} y={num(middle + 4.0)}>{ label }</text>
                }
            </g>
        }
    }
}
