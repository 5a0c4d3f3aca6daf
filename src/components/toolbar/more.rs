//! A menu that opens on a button, and closes when something in it was chosen, on Escape,
//! and when the focus or the pointer goes elsewhere.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};
use yew::prelude::*;

use super::super::Page;
use super::draw_more;
use crate::browser;
use crate::focus::target;
use crate::i18n::texts;

/// The id of the button that opens it.
const BUTTON: &str = "more-button";

#[derive(Properties)]
pub(super) struct MoreProps {
    pub page: Rc<Page>,
}

/// The toolbar that contains it knows when it is the same.
impl PartialEq for MoreProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.page, &other.page)
    }
}

/// The menu.
#[component]
pub(super) fn More(props: &MoreProps) -> Html {
    let open = use_state(|| false);
    let node = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    // The focus goes back to the button before what has it is hidden.
    let close = {
        let open = open.clone();
        move || {
            browser::focus(BUTTON);
            open.set(false);
        }
    };
    let onclick = {
        let close = close.clone();
        Callback::from(move |event: MouseEvent| {
            if target(&event).is_some_and(|it| it.closest("button").ok().flatten().is_some()) {
                close();
            }
        })
    };
    let onchange = {
        let close = close.clone();
        Callback::from(move |_: Event| close())
    };
    use_outside_press(&node, &open);
    use_escape(&open);
    let expanded = if *open { "true" } else { "false" };
    html! {
        <div class="more" ref={node}>
            <button
                id={BUTTON}
                type="button"
                aria-expanded={expanded}
                aria-controls="more"
                aria-label={texts().more_settings()}
                title={texts().more_settings()}
                onclick={toggle}
            >
                { "⋯" }
            </button>
            <div id="more" class="more-items" hidden={!*open} {onclick} {onchange}>
                if *open {
                    { draw_more(&props.page) }
                }
            </div>
        </div>
    }
}

/// Closes the menu on Escape, wherever the focus is: after a click on the button it is on the
/// page. Nothing else hears of that key.
#[hook]
fn use_escape(open: &UseStateHandle<bool>) {
    let setter = open.setter();
    use_effect_with(**open, move |is_open| {
        let document = browser::document().filter(|_| *is_open);
        let listener = document.map(|document| {
            let phase = gloo_events::EventListenerOptions::run_in_capture_phase();
            gloo_events::EventListener::new_with_options(
                &document,
                "keydown",
                phase,
                move |event| {
                    let key = event.dyn_ref::<web_sys::KeyboardEvent>().map(|it| it.key());
                    if key.as_deref() == Some("Escape") {
                        event.stop_propagation();
                        browser::focus(BUTTON);
                        setter.set(false);
                    }
                },
            )
        });
        move || drop(listener)
    });
}

/// Closes the menu when the pointer is pressed, or the focus goes, outside of it.
#[hook]
fn use_outside_press(node: &NodeRef, open: &UseStateHandle<bool>) {
    let (node, setter) = (node.clone(), open.setter());
    use_effect_with(**open, move |is_open| {
        let listen = |event: &'static str| {
            let (node, setter) = (node.clone(), setter.clone());
            let document = browser::document()?;
            Some(gloo_events::EventListener::new(
                &document,
                event,
                move |event| {
                    let pressed = target(event).map(Element::unchecked_into::<Node>);
                    let inside = node
                        .cast::<Element>()
                        .is_some_and(|menu| menu.contains(pressed.as_ref()));
                    if !inside {
                        setter.set(false);
                    }
                },
            ))
        };
        let listeners = is_open.then(|| [listen("pointerdown"), listen("focusin")]);
        move || drop(listeners)
    });
}
