//! A menu that opens on a button, and closes when something in it was chosen, on Escape,
//! and when the focus or the pointer goes elsewhere.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};
use yew::prelude::*;

use crate::focus::target;
use crate::i18n::texts;

#[derive(Properties, PartialEq)]
pub(super) struct MoreProps {
    pub children: Html,
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
    let onclick = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            if target(&event).is_some_and(|it| it.closest("button").ok().flatten().is_some()) {
                open.set(false);
            }
        })
    };
    let onchange = {
        let open = open.clone();
        Callback::from(move |_: Event| open.set(false))
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                open.set(false);
            }
        })
    };
    use_outside_press(&node, &open);
    let expanded = if *open { "true" } else { "false" };
    html! {
        <div class="more" ref={node} {onkeydown}>
            <button
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
                { props.children.clone() }
            </div>
        </div>
    }
}

/// Closes the menu when the pointer is pressed, or the focus goes, outside of it.
#[hook]
fn use_outside_press(node: &NodeRef, open: &UseStateHandle<bool>) {
    let (node, setter) = (node.clone(), open.setter());
    use_effect_with(**open, move |is_open| {
        let listen = |event: &'static str| {
            let (node, setter) = (node.clone(), setter.clone());
            let document = crate::browser::document()?;
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
