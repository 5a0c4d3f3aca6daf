//! The stage: the servers, what connects them, the messages on their way, and what can be
//! done to them on the spot.

mod client;
mod ellipse;
mod goals;
mod grounds;
mod links;
mod menu;
mod messages;
mod point;
mod scene;
mod servers;
mod unlike;

use std::rc::Rc;

use hustings_raft::{NodeId, NodeSet};
use wasm_bindgen::JsCast;
use web_sys::{Element, SvgElement};
use yew::prelude::*;

use self::links::{Links, LinksProps};
use self::menu::{Menu, MenuProps};
pub(super) use self::messages::outcome;
use self::point::CENTRE;
pub(crate) use self::point::Point;
pub(super) use self::point::{num, path};
use self::scene::{Drop, Scene};
pub(super) use self::servers::draw_body;
use super::mount::mount;
use super::network::move_to_group;
use super::size::{Outlined, use_size};
use super::{Page, network, part};
use crate::browser;
use crate::focus::target;
use crate::i18n::texts;
use crate::session::Selection;

/// Distance in pixels from which a pointer movement is a drag.
const DRAG: f64 = 4.0;

/// A server being dragged.
#[derive(Clone, Copy, PartialEq)]
struct Drag {
    server: NodeId,
    /// The pointer's first position, in pixels.
    from: (i32, i32),
    /// Distance moved, in units of the drawing.
    by: Point,
}

const ID: &str = "stage";
/// The stage of the future beside the shown one.
const ID_BESIDE: &str = "stage-beside";
/// The size that the stage has on a screen of 1280 by 720, in pixels.
const GUESS: Point = Point { x: 770.0, y: 380.0 };

#[derive(Properties)]
pub(crate) struct StageProps {
    pub page: Rc<Page>,
    pub view: StageView,
}

/// What is particular to one of two stages next to each other.
#[derive(Clone, Default)]
pub(crate) struct StageView {
    /// The name of its future; empty if there is only one.
    pub name: String,
    /// The servers that differ from those of the other stage.
    pub differing: NodeSet,
    /// Whether it only shows: what is done is done to the other one.
    pub only_shows: bool,
}

impl StageView {
    fn label(&self) -> String {
        if self.name.is_empty() {
            texts().cluster().to_owned()
        } else {
            texts().of_which(texts().cluster(), &self.name)
        }
    }
}

/// It is rendered at every tick.
impl PartialEq for StageProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The stage.
#[component]
pub(crate) fn Stage(props: &StageProps) -> Html {
    let (page, view) = (&props.page, &props.view);
    let frame = use_node_ref();
    let shown = use_size(&frame, Outlined::Scene.size(GUESS));
    let drag = use_state(|| None::<Drag>);
    let resting = Rc::new(Scene::of(&page.run, shown));
    let dragged = (*drag).map(|held| (held.server, resting.place(held.server) + held.by));
    // A shorter movement is a click.
    let dragged = dragged.filter(|(id, to)| (resting.place(*id) - *to).length() > DRAG * 2.0);
    let falls = dragged.map(|(id, to)| (id, resting.drop_at(id, to)));
    let scene = match dragged {
        Some((id, to)) => Rc::new((*resting).clone().with(id, to)),
        None => Rc::clone(&resting),
    };
    let movable = if view.only_shows {
        Selection::Nothing
    } else {
        page.session.hovered()
    };
    let handlers = Handlers::new(page, &drag, &resting, (movable, falls));
    let size = scene.size;
    let links = LinksProps {
        page: Rc::clone(page),
        scene: Rc::clone(&scene),
    };
    html! {
        <>
        { part(page, goals::same, goals::draw) }
        <div class="scene" ref={frame}>
            <svg
                id={if view.only_shows { ID_BESIDE } else { ID }}
                viewBox={path(&[("0 0 ", size.x), (" ", size.y)])}
                role="group"
                aria-label={view.label()}
                onkeydown={Callback::from(on_key)}
                onpointerdown={handlers.down}
                onpointermove={handlers.moved}
                onpointerup={handlers.up}
                onpointercancel={handlers.cancel.clone()}
                onpointerleave={handlers.cancel}
            >
                if !view.only_shows {
                    { servers::draw_light() }
                }
                { grounds::draw(&page.run, &scene) }
                { mount::<Links>(links) }
                { draw_falls(&scene, falls) }
                { servers::draw(page, &scene, dragged.map(|(id, _)| id), view.differing) }
                { servers::draw_roles(&page.run, &scene) }
                { unlike::draw(&page.run, &scene, view.differing) }
                { grounds::draw_labels(&page.run, &scene) }
                { messages::draw(page, &scene) }
            </svg>
            { part(page, client::same, client::draw) }
            if !view.only_shows {
                { part(page, network::same, network::draw) }
                { mount::<Menu>(MenuProps { page: Rc::clone(page), scene, shown }) }
            }
        </div>
        </>
    }
}

/// Arrow keys move the focus among the servers, the links or the messages, each of which
/// are one stop for the Tab key.
fn on_key(event: KeyboardEvent) {
    let on = match event.key().as_str() {
        "ArrowLeft" | "ArrowUp" => -1,
        "ArrowRight" | "ArrowDown" => 1,
        _ => return,
    };
    let next = target(&event).and_then(|from| sibling(&from, on));
    if let Some(next) = next {
        event.prevent_default();
        event.stop_propagation();
        let _ = next.focus();
    }
}

/// The next or previous drawing of the same kind, around the end.
fn sibling(from: &Element, on: i32) -> Option<SvgElement> {
    let kind = ["server", "link", "message"]
        .into_iter()
        .find(|kind| from.class_list().contains(kind))?;
    let all = from.closest("svg").ok()??.get_elements_by_class_name(kind);
    let here = (0..all.length()).find(|place| all.item(*place).as_ref() == Some(from))?;
    let count = all.length() as i32;
    let next = (here as i32 + on).rem_euclid(count);
    all.item(next as u32)?.dyn_into().ok()
}

/// What lets servers be dragged.
struct Handlers {
    down: Callback<PointerEvent>,
    moved: Callback<PointerEvent>,
    up: Callback<PointerEvent>,
    cancel: Callback<PointerEvent>,
}

impl Handlers {
    fn new(
        page: &Page,
        drag: &UseStateHandle<Option<Drag>>,
        scene: &Rc<Scene>,
        (movable, falls): (Selection, Option<(NodeId, Drop)>),
    ) -> Self {
        let down = {
            let drag = drag.clone();
            Callback::from(move |event: PointerEvent| {
                if let Selection::Server(server) = movable {
                    let from = (event.client_x(), event.client_y());
                    let by = CENTRE;
                    drag.set(Some(Drag { server, from, by }));
                }
            })
        };
        let moved = {
            let (drag, scene) = (drag.clone(), Rc::clone(scene));
            Callback::from(move |event: PointerEvent| {
                if let Some(held) = *drag {
                    let by = moved(&event, held.from, scene.size);
                    drag.set(Some(Drag { by, ..held }));
                }
            })
        };
        let up = {
            let (drag, dispatch, run) = (drag.clone(), page.dispatch.clone(), page.run.clone());
            Callback::from(move |_: PointerEvent| {
                drag.set(None);
                let with = match falls {
                    None | Some((_, Drop::Stays)) => return,
                    Some((_, Drop::Joins(other))) => Some(other),
                    Some((_, Drop::Alone)) => None,
                };
                if let Some((id, _)) = falls {
                    dispatch.dispatch(move_to_group(&run, id, with));
                }
            })
        };
        let cancel = {
            let drag = drag.clone();
            Callback::from(move |_: PointerEvent| drag.set(None))
        };
        Self {
            down,
            moved,
            up,
            cancel,
        }
    }
}

/// What letting go of the dragged server would do.
fn draw_falls(scene: &Scene, falls: Option<(NodeId, Drop)>) -> Html {
    let Some((id, falls)) = falls else {
        return html! {};
    };
    let here = scene.place(id);
    let label = match falls {
        Drop::Stays => return html! {},
        Drop::Joins(other) => texts().drop_joins(other),
        Drop::Alone => texts().drop_alone(id),
    };
    let line = match falls {
        Drop::Joins(other) => {
            let other = scene.place(other);
            html! { <line class="company" x1={num(here.x)} y1={num(here.y)} x2={num(other.x)} y2={num(other.y)} /> }
        }
        _ => html! {},
    };
    let above = here.y - scene.server - 40.0;
    html! {
        <>
            { line }
            <text class="falls" x={num(here.x)} y={num(above)}>{ label }</text>
        </>
    }
}

/// The distance of a drag, in units of the drawing. Captures the pointer once it drags.
fn moved(event: &PointerEvent, from: (i32, i32), size: Point) -> Point {
    let by = Point {
        x: f64::from(event.client_x() - from.0),
        y: f64::from(event.client_y() - from.1),
    };
    let Some(drawing) = browser::element::<Element>(ID) else {
        return CENTRE;
    };
    if by.length() > DRAG {
        let _ = drawing.set_pointer_capture(event.pointer_id());
    }
    let shown = drawing.get_bounding_client_rect();
    by * (size.x / shown.width()).max(size.y / shown.height())
}
