//! Focus management: after pointer input the focus returns to the page; for keyboard
//! users it is never lost.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, MouseEvent};
use yew::prelude::*;

use crate::browser;
use crate::components::ACCOUNT;

/// What is known of the focus.
#[derive(Default)]
struct Focus {
    /// The focused element, and the id of the part of the page that contains it, or nothing.
    held: Option<(Element, String)>,
    /// Whether it was lost with a dialog from which something was opened that has no place for it
    /// yet.
    is_lost: bool,
}

type Focused = Rc<RefCell<Focus>>;

/// The parts of the page that take the focus when a focused element in them is removed;
/// not the menu on the stage, which goes with what it is for.
const PARTS: &str = ":is([id][tabindex='-1'], [id][tabindex='0']):not(.menu)";

/// Returns the focus to the page after a click, and to the part of the page that
/// contained it when the focused element is removed or disabled.
#[hook]
pub(crate) fn use_focus() {
    let focused: Focused = use_mut_ref(Focus::default);
    let rendered = Rc::clone(&focused);
    use_effect(move || restore(&rendered));
    use_effect_with((), move |()| {
        let on = |event, then: fn(&Event, &Focused)| {
            let focused = Rc::clone(&focused);
            browser::listen(browser::document(), event, move |event| {
                then(event, &focused)
            });
        };
        on("focusin", track);
        on("click", after_click);
        on("change", after_choice);
    });
}

fn track(event: &Event, focused: &Focused) {
    let held = target(event).map(|element| {
        let around = element.parent_element();
        let part = around.and_then(|it| it.closest(PARTS).ok().flatten());
        (element, part.map(|it| it.id()).unwrap_or_default())
    });
    *focused.borrow_mut() = Focus {
        held,
        is_lost: false,
    };
}

/// Moves the focus from an element that is gone, disabled or in a dialog that has closed to its
/// part of the page, or else to the account of logs, once that is there. No event reports this
/// in time, so it is checked after every render.
fn restore(focused: &Focused) {
    let gone = |(element, _): &mut (Element, String)| {
        let is_in = |places: &str| element.closest(places).is_ok_and(|it| it.is_some());
        !element.is_connected()
            || element.matches(":disabled").unwrap_or(false)
            || is_in("dialog:not([open])")
    };
    let lost = focused.borrow_mut().held.take_if(gone);
    // Focusing tells of it at once, which borrows it again.
    if let Some((_, part)) = lost {
        browser::focus(&part);
        focused.borrow_mut().is_lost = has_nobody();
    } else if focused.borrow().is_lost && has_nobody() {
        browser::focus(ACCOUNT);
    }
}

/// Whether nothing in particular has the focus.
fn has_nobody() -> bool {
    let active = browser::document().and_then(|document| document.active_element());
    active.is_none_or(|it| it.tag_name() == "BODY")
}

/// After a pointer click, blurs the element so that Space does not click it again. A
/// click with `detail` 0 comes from the keyboard.
fn after_click(event: &Event, focused: &Focused) {
    let click = event.dyn_ref::<MouseEvent>();
    // What was clicked may have moved the focus to a text.
    let active = browser::document().and_then(|document| document.active_element());
    let writes = active.is_some_and(|active| active.tag_name() == "TEXTAREA");
    if click.is_some_and(|click| click.detail() > 0)
        && !writes
        && target(event).is_some_and(|element| !takes_text(&element))
    {
        blur(focused);
    }
}

/// The same after choosing from a menu by pointer.
fn after_choice(event: &Event, focused: &Focused) {
    let by_pointer = |element: &Element| !element.matches(":focus-visible").unwrap_or(false);
    if target(event).is_some_and(|it| it.tag_name() == "SELECT" && by_pointer(&it)) {
        blur(focused);
    }
}

/// Blurs the focused element, unless a dialog is open.
fn blur(focused: &Focused) {
    if is_dialog_open() {
        return;
    }
    *focused.borrow_mut() = Focus::default();
    let active = browser::document().and_then(|document| document.active_element());
    if let Some(Ok(active)) = active.map(Element::dyn_into::<HtmlElement>) {
        let _ = active.blur();
    }
}

/// Takes the focus from what was clicked, before a dialog opens. It would get it back when
/// the dialog closes, which may be after the click that closes it: Yew yields in between.
pub(crate) fn leave_clicked() {
    let active = browser::document().and_then(|document| document.active_element());
    if let Some(Ok(active)) = active.map(Element::dyn_into::<HtmlElement>)
        && !active.matches(":focus-visible").unwrap_or(false)
    {
        let _ = active.blur();
    }
}

/// The elements of the page between which F6 moves.
const REGIONS: &str = "[data-region]";

/// What takes the focus in a region that does not take it itself.
const FOCUSABLE: &str = "[tabindex='0'], button:enabled, input:enabled, select:enabled";

/// Moves the focus to the next region of the page that is shown, or to the one before.
pub(crate) fn move_to_region(back: bool) {
    let regions = regions();
    let Some(last) = regions.len().checked_sub(1) else {
        return;
    };
    let active = browser::document().and_then(|document| document.active_element());
    let inside = active.and_then(|it| it.closest(REGIONS).ok().flatten());
    let here = inside.and_then(|it| regions.iter().position(|region| *region == it));
    let next = match (here, back) {
        (None, false) => 0,
        (None, true) | (Some(0), true) => last,
        (Some(here), true) => here - 1,
        (Some(here), false) if here == last => 0,
        (Some(here), false) => here + 1,
    };
    if let Some(region) = regions.get(next) {
        focus_in(region);
    }
}

/// The regions that are shown, in the order of the document.
fn regions() -> Vec<Element> {
    let found = browser::document().and_then(|it| it.query_selector_all(REGIONS).ok());
    let Some(found) = found else {
        return Vec::new();
    };
    let nodes = (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok());
    nodes
        .filter(|region: &Element| region.get_bounding_client_rect().width() > 0.0)
        .collect()
}

fn focus_in(region: &Element) {
    let element = if region.has_attribute("tabindex") {
        Some(region.clone())
    } else {
        region.query_selector(FOCUSABLE).ok().flatten()
    };
    if let Some(Ok(element)) = element.map(Element::dyn_into::<HtmlElement>) {
        let _ = element.focus();
    }
}

/// The target element of an event.
pub(crate) fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

pub(crate) fn is_dialog_open() -> bool {
    let open = browser::document().map(|document| document.query_selector("dialog[open]"));
    matches!(open, Some(Ok(Some(_))))
}

/// Whether an element takes typed text, or is a menu.
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
