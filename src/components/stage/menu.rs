//! What can be done to the selected server, link or message, next to it on the stage.

use std::rc::Rc;

use hustings_lab::{MessageId, narrate};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::super::actions::{self, Offer};
use super::super::{MENU, Page};
use super::point::Point;
use super::scene::Scene;
use crate::i18n::{lang, texts};
use crate::session::{RunView, Selection};

/// The size that the menu may have, in pixels.
const SIZE: Point = Point { x: 216.0, y: 176.0 };
/// Between the menu and what it is for, in pixels.
const GAP: f64 = 18.0;
/// Below the client and the network's controls, in pixels.
const BELOW_CONTROLS: f64 = 46.0;

#[derive(Properties)]
pub(super) struct MenuProps {
    pub page: Rc<Page>,
    pub scene: Rc<Scene>,
    /// The size of the stage, in pixels.
    pub shown: Point,
}

/// It moves with the message that it is for.
impl PartialEq for MenuProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.session, &other.page.session);
        let moves = matches!(now.selected(), Selection::Message(_));
        now.selected() == before.selected()
            && self.page.run == other.page.run
            && self.shown == other.shown
            && self.scene == other.scene
            && !(moves && now.clock() != before.clock())
    }
}

/// The menu; empty when nothing is selected that something can be done to.
#[component]
pub(super) fn Menu(props: &MenuProps) -> Html {
    let page = &props.page;
    let found = Found::of(page, &props.scene);
    let place = found.as_ref().map(|found| props.place(found));
    let node = use_node_ref();
    use_effect_with(place, {
        let node = node.clone();
        move |place| {
            if let Some((element, place)) = node.cast::<HtmlElement>().zip(*place) {
                let pixels = |value: f64| format!("{}px", value as i64);
                // The policy of the page forbids a style attribute, not this.
                let _ = element.style().set_property("left", &pixels(place.x));
                let _ = element.style().set_property("top", &pixels(place.y));
            }
        }
    });
    let is_open = found.is_some();
    html! {
        <div
            id={MENU}
            class={if is_open { "menu" } else { "menu closed" }}
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
                    <Forecast run={page.run.clone()} {id} />
                }
            }
        </div>
    }
}

impl MenuProps {
    /// Where the menu stands: beside what it is for, towards the middle of the stage.
    fn place(&self, found: &Found) -> Point {
        let scale = self.shown.x / self.scene.size.x;
        let at = found.at * scale;
        let aside = found.radius * scale + GAP;
        let x = if at.x < self.shown.x / 2.0 {
            at.x + aside
        } else {
            at.x - aside - SIZE.x
        };
        let within =
            |value: f64, least: f64, size: f64, whole: f64| value.min(whole - size).max(least);
        Point {
            x: within(x, 4.0, SIZE.x, self.shown.x),
            y: within(at.y - SIZE.y / 2.0, BELOW_CONTROLS, SIZE.y, self.shown.y),
        }
    }
}

/// What is selected on the stage, and where it is.
struct Found {
    at: Point,
    radius: f64,
    offers: Vec<Offer>,
    message: Option<MessageId>,
}

impl Found {
    fn of(page: &Page, scene: &Scene) -> Option<Self> {
        let run = &page.run;
        match page.session.selected() {
            Selection::Server(id) => Some(Self {
                at: scene.place(id),
                radius: scene.server * 1.2,
                offers: actions::on_server(run, id),
                message: None,
            }),
            Selection::Link(link) => Some(Self {
                at: scene.place(link.from).between(scene.place(link.to), 0.5),
                radius: 14.0,
                offers: actions::on_link(run, link),
                message: None,
            }),
            Selection::Message(id) => {
                let flight = run.in_flight().find(|flight| flight.id == id)?;
                Some(Self {
                    at: scene.flight(flight, page.session.clock()),
                    radius: 18.0,
                    offers: actions::on_message(run, flight),
                    message: Some(id),
                })
            }
            _ => None,
        }
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
        let record = run.if_delivered(*id)?;
        Some(narrate::headline(&record, lang()))
    });
    html! { if let Some(told) = &*told { <p>{ texts().if_now(told) }</p> } }
}
