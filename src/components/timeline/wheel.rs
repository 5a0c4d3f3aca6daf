//! The wheel zooms around the pointer, or scrolls sideways.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

use super::{View, Window, pointer_position};

/// What the wheel turns in: a drawing of this id and height, and what is visible of it.
#[derive(Clone, Copy)]
pub(in super::super) struct Wheel {
    pub(in super::super) id: &'static str,
    pub(in super::super) height: f64,
    pub(in super::super) window: Window,
    pub(in super::super) view: View,
}

/// Sets the window when the wheel is turned in a drawing.
#[hook]
pub(in super::super) fn use_wheel(node: &NodeRef, wheel: Wheel, set: Callback<Window>) {
    let latest = use_mut_ref(|| wheel);
    *latest.borrow_mut() = wheel;
    let node = node.clone();
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = node.cast::<Element>().map(|element| {
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                let Some(turned) = event.dyn_ref::<WheelEvent>() else {
                    return;
                };
                let wheel = *latest.borrow();
                if let Some((x, _)) = pointer_position(turned, wheel.id, wheel.height) {
                    turned.prevent_default();
                    set.emit(wheel.turned(turned, x));
                }
            })
        });
        move || drop(listener)
    });
}

impl Wheel {
    fn turned(self, by: &WheelEvent, x: f64) -> Window {
        if by.delta_x() != 0.0 || by.shift_key() {
            self.window.moved(by.delta_x() + by.delta_y(), self.view)
        } else {
            let closer = if by.delta_y() < 0.0 { 1.25 } else { 0.8 };
            self.window.zoomed(closer, x, self.view)
        }
    }
}
