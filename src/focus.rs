//! Where the focus goes: for those who point, back to the page; for those who
//! type, never away.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, MouseEvent};
use yew::prelude::*;

use crate::browser;

/// What has the focus, and the id of the part of the page that it stands in.
type Focused = Rc<RefCell<Option<(Element, String)>>>;

/// What takes the focus over when something within it goes.
const PARTS: &str = "[id][tabindex='-1'], [id][tabindex='0']";

/// Gives the focus back to the page after a click, and to the part of the page
/// that it was in when what had it goes or can no longer be used.
#[hook]
pub(crate) fn use_focus() {
    let focused: Focused = use_mut_ref(|| None);
    let seen = Rc::clone(&focused);
    use_effect(move || keep(&seen));
    use_effect_with((), move |()| {
        let on = |event, then: fn(&Event, &Focused)| {
            let focused = Rc::clone(&focused);
            browser::listen(browser::document(), event, move |event| {
                then(event, &focused)
            });
        };
        on("focusin", follow);
        on("click", after_click);
        on("change", after_choice);
    });
}

fn follow(event: &Event, focused: &Focused) {
    *focused.borrow_mut() = target(event).and_then(|element| {
        let part = element.parent_element()?.closest(PARTS).ok()??;
        Some((element, part.id()))
    });
}

/// A browser does not say in time that what had the focus can have it no longer.
fn keep(focused: &Focused) {
    let gone = |(element, _): &(Element, String)| {
        !element.is_connected() || element.matches(":disabled").unwrap_or(false)
    };
    let lost = focused.borrow_mut().take_if(|it| gone(it));
    if let Some((_, part)) = lost {
        browser::focus(&part);
    }
}

/// Whoever has clicked does not want the next key to click again. A click without
/// a pointer comes from the keyboard, which is there now.
fn after_click(event: &Event, focused: &Focused) {
    let click = event.dyn_ref::<MouseEvent>();
    if click.is_some_and(|click| click.detail() > 0)
        && target(event).is_some_and(|element| !takes_text(&element))
    {
        give_back(focused);
    }
}

/// Nor does whoever has chosen by pointer.
fn after_choice(event: &Event, focused: &Focused) {
    let by_pointer = |element: &Element| !element.matches(":focus-visible").unwrap_or(false);
    if target(event).is_some_and(|it| it.tag_name() == "SELECT" && by_pointer(&it)) {
        give_back(focused);
    }
}

/// The focus goes back to the page, and keys mean what they always do. A dialog
/// keeps the focus.
fn give_back(focused: &Focused) {
    if is_dialog_open() {
        return;
    }
    *focused.borrow_mut() = None;
    let active = browser::document().and_then(|document| document.active_element());
    if let Some(Ok(active)) = active.map(Element::dyn_into::<HtmlElement>) {
        // It fails only where there is no focus to take.
        let _ = active.blur();
    }
}

/// The element that an event is about.
pub(crate) fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

pub(crate) fn is_dialog_open() -> bool {
    let open = browser::document().map(|document| document.query_selector("dialog[open]"));
    matches!(open, Some(Ok(Some(_))))
}

/// Whether an element is for typing, or for choosing by typing.
pub(crate) fn takes_text(element: &Element) -> bool {
    match element.tag_name().as_str() {
        "INPUT" => !matches!(
            element.get_attribute("type").as_deref(),
            Some("checkbox" | "radio" | "range")
        ),
        "SELECT" | "OPTION" | "TEXTAREA" => true,
        _ => false,
    }
}
