//! What can be done to the selected server, link or message, next to it on the stage.

use std::rc::Rc;

use hustings_lab::{MessageId, narrate};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::super::actions::{self, Offer};
use super::super::glyphs::{class_if, class_of};
use super::super::mount::mount;
use super::super::{MENU, Page};
use super::point::{CENTRE, Point};
use super::scene::{Rect, Scene};
use crate::i18n::{lang, texts};
use crate::session::{RunView, Selection};

/// Between the menu and what it is for, and the edge of the stage, in pixels.
const GAP: f64 = 10.0;
const EDGE: f64 = 4.0;
/// Between the places that are tried, in pixels.
const STEP: f64 = 12.0;
/// So many square pixels of servers may be covered for the menu to be a pixel nearer to
/// what it is for; what it is for itself counts so many times as much as others.
const PER_PIXEL: f64 = 12.0;
const OWN: f64 = 8.0;
/// Below the client and the network's controls, in pixels.
const BELOW_CONTROLS: f64 = 46.0;

#[derive(Properties)]
pub(super) struct MenuProps {
    pub page: Rc<Page>,
    pub scene: Rc<Scene>,
    /// The size of the stage, in pixels.
    pub shown: Point,
}

impl PartialEq for MenuProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.session, &other.page.session);
        now.selected() == before.selected()
            && self.page.run == other.page.run
            && self.shown == other.shown
            && self.scene == other.scene
    }
}

/// The menu; empty when nothing is selected that something can be done to.
#[component]
pub(super) fn Menu(props: &MenuProps) -> Html {
    let page = &props.page;
    let found = Found::of(page, &props.scene);
    let node = use_node_ref();
    // How large it is, is known once it is there. A browser may draw it before that, since
    // Yew yields in between: it is not shown until it has a style.
    use_effect({
        let (node, scene, shown) = (node.clone(), Rc::clone(&props.scene), props.shown);
        let stands_at = found.as_ref().map(|found| found.at.clone());
        move || {
            let Some(element) = node.cast::<HtmlElement>() else {
                return;
            };
            if let Some(at) = stands_at {
                let size = Point {
                    x: f64::from(element.offset_width()),
                    y: f64::from(element.offset_height()),
                };
                let place = place(&scene, shown, &at, size);
                let pixels = |value: f64| format!("{}px", value as i64);
                // The policy of the page forbids a style attribute, not this.
                let _ = element.style().set_property("left", &pixels(place.x));
                let _ = element.style().set_property("top", &pixels(place.y));
            } else {
                let _ = element.remove_attribute("style");
            }
        }
    });
    let is_low = found
        .as_ref()
        .is_some_and(|found| found.is_low(&props.scene));
    let is_open = found.is_some();
    html! {
        <div
            id={MENU}
            class={class_of(&["menu", class_if(!is_open, "closed"), class_if(is_low, "high")])}
            ref={node}
            tabindex="-1"
            role="group"
            aria-label={texts().actions()}
        >
            if let Some(found) = found {
                <div class="offers">
                    { for found.offers.into_iter().map(|offer| offer.draw(&page.run, &page.dispatch)) }
                </div>
                if let Some(id) = found.message {
                    { mount::<Forecast>(ForecastProps { run: page.run.clone(), id }) }
                }
            }
        </div>
    }
}

/// Where a menu of a size stands: near what it is for, where it covers least of the
/// servers.
fn place(scene: &Scene, shown: Point, at: &[Rect], size: Point) -> Point {
    let scale = shown.x / scene.size.x;
    let scaled = |it: Rect| Rect {
        corner: it.corner * scale,
        width: it.width * scale,
        height: it.height * scale,
    };
    let servers: Vec<_> = scene.servers().map(scaled).collect();
    let own: Vec<_> = at.iter().copied().map(scaled).collect();
    let menu = |corner| Rect {
        corner,
        width: size.x,
        height: size.y,
    };
    let cost = |corner| {
        let menu = menu(corner);
        let covered: f64 = servers.iter().map(|it| it.overlap(menu, 0.0)).sum();
        let own_covered: f64 = own.iter().map(|it| it.overlap(menu, GAP)).sum();
        let away = own.iter().map(|it| it.distance(menu));
        covered + OWN * own_covered + PER_PIXEL * away.fold(f64::MAX, f64::min)
    };
    let tried = |from: f64, end: f64| {
        let count = ((end - from) / STEP).max(0.0) as u32;
        (0..=count).map(move |number| from + f64::from(number) * STEP)
    };
    let mut best = (f64::MAX, CENTRE);
    for x in tried(EDGE, shown.x - size.x - EDGE) {
        for y in tried(BELOW_CONTROLS, shown.y - size.y - EDGE) {
            let corner = Point { x, y };
            let cost = cost(corner);
            if cost < best.0 {
                best = (cost, corner);
            }
        }
    }
    best.1
}

/// What is selected on the stage, and where it is, with what is beside it.
struct Found {
    at: Vec<Rect>,
    offers: Vec<Offer>,
    message: Option<MessageId>,
}

impl Found {
    fn of(page: &Page, scene: &Scene) -> Option<Self> {
        let run = &page.run;
        match page.session.selected() {
            Selection::Server(id) => Some(Self {
                at: vec![scene.room_of(id)],
                offers: actions::on_server(run, id),
                message: None,
            }),
            Selection::Link(link) => Some(Self {
                at: scene.room_of_lane(link),
                offers: actions::on_link(run, link),
                message: None,
            }),
            Selection::Message(id) => {
                let flight = run.in_flight().find(|flight| flight.id == id)?;
                Some(Self {
                    at: scene.room_of_lane(flight.link),
                    offers: actions::on_message(run, flight),
                    message: Some(id),
                })
            }
            _ => None,
        }
    }

    /// Whether all of it is in the lower half of the stage.
    fn is_low(&self, scene: &Scene) -> bool {
        let middle = scene.size.y / 2.0;
        self.at
            .iter()
            .all(|it| it.corner.y + it.height / 2.0 > middle)
    }
}

#[derive(Properties, PartialEq)]
struct ForecastProps {
    run: RunView,
    id: MessageId,
}

/// What a message would do if it arrived now.
#[component]
fn Forecast(props: &ForecastProps) -> Html {
    let of = (props.run.clone(), props.id);
    let told = use_memo(of, |(run, id)| {
        // Nobody can ask the servers of a recording.
        let is_known = !run.header().is_recording();
        let record = is_known.then(|| run.if_delivered(*id))??;
        Some(narrate::headline(&record, lang()))
    });
    html! { if let Some(told) = &*told { <p>{ texts().if_now(told) }</p> } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_lab::{Link, Script};

    const SIZE: Point = Point { x: 216.0, y: 138.0 };

    fn scene(script: &str, shown: Point) -> Scene {
        let script = Script::parse(script).expect("a script");
        Scene::of(&script.run().expect("a run").run, shown)
    }

    /// How much of what it is for a menu covers, and how much of servers, in pixels.
    fn covered(scene: &Scene, shown: Point, at: &[Rect]) -> (f64, f64) {
        let corner = place(scene, shown, at, SIZE);
        let scale = scene.size.x / shown.x;
        let menu = Rect {
            corner: corner * scale,
            width: SIZE.x * scale,
            height: SIZE.y * scale,
        };
        let sum = |all: &[Rect]| all.iter().map(|it| it.overlap(menu, 0.0)).sum::<f64>();
        let servers: Vec<_> = scene.servers().collect();
        (sum(at) / scale / scale, sum(&servers) / scale / scale)
    }

    #[test]
    fn a_menu_leaves_what_it_is_for_and_most_of_the_servers_in_view() {
        let shown = Point { x: 774.0, y: 345.0 };
        for script in [
            "cluster 5",
            "cluster 3",
            "cluster 5\nisolate S4",
            "cluster 5\npartition S1 S2 | S3 S4 S5",
        ] {
            let scene = scene(script, shown);
            let ids: Vec<_> = (1..=3).filter_map(hustings_raft::NodeId::new).collect();
            for id in &ids {
                let (own, all) = covered(&scene, shown, &[scene.room_of(*id)]);
                assert!(own < 1.0 && all < 7_000.0, "{script}, {id}: {own}, {all}");
            }
            let link = Link {
                from: ids[0],
                to: ids[1],
            };
            let (own, all) = covered(&scene, shown, &scene.room_of_lane(link));
            assert!(
                own < 1.0 && all < 7_000.0,
                "{script}, {link:?}: {own}, {all}"
            );
        }
    }
}
