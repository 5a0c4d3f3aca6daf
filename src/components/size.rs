//! The size of an element, for drawings that depend on it.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::stage::Point;
use crate::browser;

/// A part of the page that its outline in `index.html` has, too.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Outlined {
    Scene,
    Logs,
    Timeline,
}

impl Outlined {
    fn selector(self) -> &'static str {
        match self {
            Self::Scene => ".outline .scene",
            Self::Logs => ".outline .logs",
            Self::Timeline => ".outline .timeline",
        }
    }

    /// The size that it has in the outline; `guess` if it is not displayed there.
    pub(crate) fn size(self, guess: Point) -> Point {
        let found = SIZES.with_borrow(|sizes| {
            let mut sizes = sizes.iter();
            sizes.find(|(part, _)| *part == self).map(|(_, size)| *size)
        });
        found.unwrap_or(guess)
    }
}

thread_local! {
    static SIZES: RefCell<Vec<(Outlined, Point)>> = const { RefCell::new(Vec::new()) };
}

/// Measures the outline, in whose place the page is about to be drawn: so its first drawing
/// has the right size.
pub fn measure_outline() {
    let measured = |part: Outlined| {
        let element = browser::document()?
            .query_selector(part.selector())
            .ok()??;
        let size = size_of(&element);
        (size.x > 0.0).then_some((part, size))
    };
    let parts = [Outlined::Scene, Outlined::Logs, Outlined::Timeline];
    SIZES.set(parts.into_iter().filter_map(measured).collect());
}

fn size_of(element: &Element) -> Point {
    let shown = element.get_bounding_client_rect();
    Point {
        x: shown.width(),
        y: shown.height(),
    }
}

/// The size of an element in pixels, which follows the element; `guess` until it is known.
/// An element that is not displayed keeps the size that it had.
#[hook]
pub(crate) fn use_size(node: &NodeRef, guess: Point) -> Point {
    let size = use_state_eq(|| guess);
    let (node, setter) = (node.clone(), size.setter());
    use_effect_with((), move |()| {
        let element = node.cast::<Element>();
        let measured = element.clone();
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            if let Some(shown) = measured.as_ref().map(size_of).filter(|it| it.y > 0.0) {
                setter.set(shown);
            }
        });
        // The observer reports the first size, too.
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_resize);
        }
    });
    *size
}
