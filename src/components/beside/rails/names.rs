//! The names of the servers at the edges, and of the futures where they begin.

use yew::prelude::*;

use super::super::super::stage::num;
use super::{Band, Drawing, FORK, GUTTER};

/// The room that the name of a server needs, in pixels.
const NAME_WIDTH: f64 = 20.0;

impl Drawing<'_> {
    /// The names of servers at the left edge and where the lanes end, and of the futures where
    /// they begin.
    pub(super) fn draw_names(&self, (common_to, from): (f64, f64), end: f64) -> Html {
        let is_common = common_to > GUTTER + 1.0;
        let ids = || {
            self.runs
                .into_iter()
                .take(1)
                .flat_map(|run| run.ids().iter())
        };
        let names = |band: Band, x: f64| {
            ids()
                .map(|id| html! { <text class="name" x={num(x)} y={num(self.y(band, id) + 4.5)}>{ id.to_string() }</text> })
                .collect::<Html>()
        };
        let after = (end + 5.0).min(self.view.width - NAME_WIDTH);
        let future = |side: usize| {
            let x = from.max(GUTTER) + 4.0;
            let y = self.top_of(Band::Of(side)) - 4.0;
            let name = self.names.get(side).cloned().unwrap_or_default();
            html! { <text class="future-name" x={num(x)} y={num(y)}>{ name }</text> }
        };
        html! {
            <>
                if is_common {
                    { names(Band::Common, 2.0) }
                    if from < self.view.width - FORK {
                        { names(Band::Of(0), after) }
                        { names(Band::Of(1), after) }
                    }
                } else {
                    { names(Band::Of(0), 2.0) }
                    { names(Band::Of(1), 2.0) }
                }
                if from < self.view.width {
                    { future(0) }
                    { future(1) }
                }
            </>
        }
    }
}
