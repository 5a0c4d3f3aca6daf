//! The grounds of a partition: islands, each with what it can do.

use hustings_lab::{Run, Server};
use hustings_raft::NodeSet;
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of};
use super::point::num;
use super::scene::{Island, Rect, Scene};
use crate::i18n::texts;

/// The islands; none while all servers are connected.
pub(super) fn draw(run: &Run, scene: &Scene) -> Html {
    each(run, scene, |ground, _, _| {
        html! {
            <rect
                x={num(ground.corner.x)}
                y={num(ground.corner.y)}
                width={num(ground.width)}
                height={num(ground.height)}
                rx="26"
            />
        }
    })
}

/// What each island can do, over the rings of its servers.
pub(super) fn draw_labels(run: &Run, scene: &Scene) -> Html {
    each(run, scene, |ground, power, is_raft| {
        html! {
            <text
                x={num(ground.corner.x + ground.width / 2.0)}
                y={num(ground.corner.y + ground.height - 11.0)}
            >{ power.describe(is_raft && ground.width > WIDE) }</text>
        }
    })
}

fn each(run: &Run, scene: &Scene, draw: impl Fn(Rect, &Power, bool) -> Html) -> Html {
    if scene.islands.len() < 2 {
        return html! {};
    }
    // Servers with broken rules may commit with less than a majority.
    let is_raft = run.header().broken.is_empty();
    let draw_one = |island: &Island| {
        let power = Power::of(run, island.members);
        let is_majority = is_raft && power.can_commit();
        let class = class_of(&["ground", class_if(is_majority, "majority")]);
        html! {
            <g {class} key={format!("{}", island.members.iter().next().map_or(0, |id| id.number()))}>
                { draw(island.ground, &power, is_raft) }
            </g>
        }
    };
    scene.islands.iter().map(draw_one).collect()
}

/// The width from which a ground has room for a whole sentence, in units of the drawing.
const WIDE: f64 = 240.0;

/// What the voters of an island can decide among themselves.
struct Power {
    /// The voters that run here; not those that are paused.
    running: usize,
    /// The voters of the configuration.
    voters: usize,
}

impl Power {
    /// By the configuration of the server here with the longest log, or by that of the
    /// header if none runs.
    fn of(run: &Run, island: NodeSet) -> Self {
        let here = run.servers().filter(|it| island.contains(it.id()));
        let runs = |server: &&Server| server.is_up() && !run.is_paused(server.id());
        let up: Vec<_> = here.filter(runs).collect();
        let ahead = up.iter().max_by_key(|server| {
            let last = server.log().last();
            (last.term, last.index)
        });
        let members = ahead.and_then(|server| server.view().members);
        let members = members.unwrap_or_else(|| run.header().members.unwrap_or(run.ids()));
        Self {
            running: up.iter().filter(|it| members.contains(it.id())).count(),
            voters: members.iter().count(),
        }
    }

    fn can_commit(&self) -> bool {
        self.running * 2 > self.voters
    }

    fn describe(&self, in_full: bool) -> String {
        let share = texts().share_of(self.running, self.voters);
        if !in_full {
            return share;
        }
        if self.can_commit() {
            texts().can_commit(share)
        } else {
            texts().cannot_commit(share)
        }
    }
}
