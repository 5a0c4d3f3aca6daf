//! One panel fills the window: F with the focus in it, or a double click on its ground.
//! The same again, or Escape, brings the others back.

use web_sys::Element;

use crate::browser;
use crate::focus::target;

/// The attribute of a panel that can fill the window, with its name.
const PANEL: &str = "data-fills";
/// The root's attribute for the panel that fills the window, which the style sheet uses.
const FILLED: &str = "data-filled";
/// What a double click is already for, or what it selects words in.
const TAKEN: &str = "button, input, select, textarea, summary, p, li, td, th, [role=button], [role=separator], svg .lane, .diagram svg, #overview svg";

/// The panel of an element.
fn panel_of(element: &Element) -> Option<String> {
    let panel = element.closest("[data-fills]").ok()??;
    panel.get_attribute(PANEL)
}

/// Lets the panel that has the focus fill the window, without one the stage; brings the
/// others back if one does.
pub(crate) fn toggle() {
    if restore() {
        return;
    }
    let focused = browser::document().and_then(|document| document.active_element());
    let panel = focused.and_then(|element| panel_of(&element));
    fill(Some(panel.as_deref().unwrap_or("stage")));
}

/// Brings the other panels back; returns whether they were away.
pub(crate) fn restore() -> bool {
    let root = browser::document().and_then(|document| document.document_element());
    let is_filled = root.is_some_and(|root| root.has_attribute(FILLED));
    if is_filled {
        fill(None);
    }
    is_filled
}

fn fill(panel: Option<&str>) {
    browser::set_root_attribute(FILLED, panel);
    browser::dispatch_resize();
}

/// Listens to double clicks on the ground of the panels.
pub(crate) fn install_listener() {
    browser::listen(browser::document(), "dblclick", |event| {
        let Some(element) = target(event) else {
            return;
        };
        let is_ground = element.closest(TAKEN).is_ok_and(|taken| taken.is_none());
        let panel = panel_of(&element).filter(|_| is_ground);
        if panel.is_some() && !restore() {
            fill(panel.as_deref());
        }
    });
}
