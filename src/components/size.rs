//! The size of an element, for drawings that depend on it.

use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::stage::Point;

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
            let shown = measured.as_ref().map(Element::get_bounding_client_rect);
            if let Some(shown) = shown.filter(|it| it.height() > 0.0) {
                setter.set(Point {
                    x: shown.width(),
                    y: shown.height(),
                });
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
