//! The marks of servers that differ from the same ones in another future.

use hustings_lab::Run;
use hustings_raft::{NodeId, NodeSet};
use yew::prelude::*;

use super::point::{Point, at};
use super::scene::{Rect, Scene};
use super::servers::{role_grounds, timer_radius};

/// The side of a mark, in units of the drawing.
const SIDE: f64 = 30.0;
/// How far the marks are from the middle of their servers, in radii.
const CORNER: f64 = 0.98;

/// A mark on each of these servers.
pub(super) fn draw(run: &Run, scene: &Scene, differing: NodeSet) -> Html {
    let taken = taken(run, scene);
    let draw_one = |id: NodeId| {
        html! {
            <g class="unlike" aria-hidden="true" transform={at(place(scene, id, &taken))}>
                <rect x="-15" y="-15" width="30" height="30" rx="8" />
                <text y="8">{ "≠" }</text>
            </g>
        }
    };
    differing.iter().map(draw_one).collect()
}

/// What a mark must not cover: the words below the servers, and the servers.
fn taken(run: &Run, scene: &Scene) -> Vec<(Option<NodeId>, Rect)> {
    let words = role_grounds(run, scene).into_iter().map(|it| (None, it));
    let bodies = run.ids().iter().map(|id| {
        let half = timer_radius(scene);
        (Some(id), around(scene.place(id), half))
    });
    words.chain(bodies).collect()
}

fn around(middle: Point, half: f64) -> Rect {
    Rect {
        corner: middle - Point { x: half, y: half },
        width: 2.0 * half,
        height: 2.0 * half,
    }
}

/// The corner of a server at which its mark covers least of anything else: the upper right
/// one if it is as good as the others.
fn place(scene: &Scene, id: NodeId, taken: &[(Option<NodeId>, Rect)]) -> Point {
    let stage = Rect {
        corner: Point { x: 0.0, y: 0.0 },
        width: scene.size.x,
        height: scene.size.y,
    };
    let covered = |place: &Point| {
        let mark = around(*place, SIDE / 2.0);
        let others = taken.iter().filter(|(whose, _)| *whose != Some(id));
        let others = others.map(|(_, it)| mark.overlap(*it, 0.0));
        others.sum::<f64>() + SIDE * SIDE - mark.overlap(stage, 0.0)
    };
    let far = scene.server * CORNER;
    let corners = [(far, -far), (-far, -far), (far, far), (-far, far)];
    let places = corners.map(|(x, y)| scene.place(id) + Point { x, y });
    let best = places
        .into_iter()
        .min_by(|one, other| covered(one).total_cmp(&covered(other)));
    best.unwrap_or_else(|| scene.place(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_lab::Script;

    #[test]
    fn no_mark_lies_on_the_word_for_a_role() {
        let stages = [(384.0, 180.0), (384.0, 230.0), (460.0, 432.0)];
        for script in ["timeout S1", "timeout S5\nrun 300ms", "crash S4\nrun 1s"] {
            let script = Script::parse(&format!("cluster 5\n{script}\n"));
            let run = script.expect("a script").run().expect("a run").run;
            for (x, y) in stages {
                let scene = Scene::of(&run, Point { x, y });
                let taken = taken(&run, &scene);
                for id in run.ids().iter() {
                    let mark = around(place(&scene, id, &taken), SIDE / 2.0);
                    let words = role_grounds(&run, &scene);
                    let covered = words.iter().map(|it| mark.overlap(*it, 0.0));
                    assert_eq!(covered.sum::<f64>(), 0.0, "{id} on {x}×{y}");
                }
            }
        }
    }
}
