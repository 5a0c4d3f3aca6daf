//! The splits between stage, side and foot: dragged by pointer or arrow keys, and
//! remembered.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser;
use crate::i18n::texts;

/// A border that can be moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Split {
    /// Between the stage and what is beside it.
    Side,
    /// Between them and the diagram.
    Foot,
}

impl Split {
    /// The property of the style sheet that it sets: the size of what is beyond it.
    fn property(self) -> &'static str {
        match self {
            Self::Side => "--side",
            Self::Foot => "--foot",
        }
    }

    /// Storage key.
    fn key(self) -> &'static str {
        match self {
            Self::Side => "hustings.side",
            Self::Foot => "hustings.foot",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Side => texts().resize_side(),
            Self::Foot => texts().resize_foot(),
        }
    }

    /// The size of what is beyond the border when the pointer is there, in percent of the
    /// window.
    fn at(self, event: &PointerEvent) -> Option<f64> {
        let window = browser::window()?;
        let whole = |size: Result<wasm_bindgen::JsValue, _>| size.ok()?.as_f64();
        let (from, whole) = match self {
            Self::Side => (event.client_x(), whole(window.inner_width())?),
            Self::Foot => (event.client_y(), whole(window.inner_height())?),
        };
        Some((whole - f64::from(from)) / whole.max(1.0) * 100.0)
    }

    /// Sets the size, in percent of the window.
    fn set(self, percent: f64) {
        let percent = percent.max(LEAST).min(MOST) as u32;
        browser::set_root_property(self.property(), Some(&format!("{percent}{}", self.unit())));
        browser::store(self.key(), &percent.to_string());
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Side => "vw",
            Self::Foot => "vh",
        }
    }

    /// Restores the size of the last visit.
    fn restore(self) {
        let stored = browser::load(self.key()).and_then(|text| text.parse().ok());
        if let Some(percent) = stored {
            self.set(percent);
        }
    }

    /// Back to the size that the style sheet gives.
    fn reset(self) {
        browser::set_root_property(self.property(), None);
        browser::store(self.key(), "");
    }
}

/// The bounds of what is beyond a border, in percent of the window.
const LEAST: f64 = 12.0;
const MOST: f64 = 70.0;
/// What an arrow key changes, in percent of the window.
const KEY_STEP: f64 = 2.0;

#[derive(Properties, PartialEq)]
pub(crate) struct SplitterProps {
    pub split: Split,
}

/// The border as a handle; a double click restores the usual size.
#[component]
pub(crate) fn Splitter(props: &SplitterProps) -> Html {
    let split = props.split;
    let node = use_node_ref();
    let held = use_mut_ref(|| false);
    use_effect_with((), move |()| split.restore());
    let onpointerdown = {
        let (held, node) = (held.clone(), node.clone());
        Callback::from(move |event: PointerEvent| {
            *held.borrow_mut() = true;
            if let Some(element) = node.cast::<HtmlElement>() {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let onpointermove = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(percent) = split.at(&event).filter(|_| *held.borrow()) {
                split.set(percent);
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| *held.borrow_mut() = false);
    let ondblclick = Callback::from(move |_: MouseEvent| split.reset());
    let onkeydown = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            let by = match (split, event.key().as_str()) {
                (Split::Side, "ArrowLeft") | (Split::Foot, "ArrowUp") => KEY_STEP,
                (Split::Side, "ArrowRight") | (Split::Foot, "ArrowDown") => -KEY_STEP,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let Some(now) = node.cast::<HtmlElement>().and_then(|it| beyond(split, &it)) {
                split.set(now + by);
            }
        })
    };
    let (class, orientation) = match split {
        Split::Side => ("splitter beside", "vertical"),
        Split::Foot => ("splitter below", "horizontal"),
    };
    html! {
        <div
            ref={node}
            {class}
            role="separator"
            tabindex="0"
            aria-orientation={orientation}
            aria-label={split.name()}
            title={split.name()}
            {onpointerdown}
            {onpointermove}
            {onpointerup}
            {ondblclick}
            {onkeydown}
        />
    }
}

/// The size of what is beyond a handle, in percent of the window.
fn beyond(split: Split, handle: &HtmlElement) -> Option<f64> {
    let window = browser::window()?;
    let shown = handle.get_bounding_client_rect();
    let share = |end: f64, whole: Option<f64>| Some((1.0 - end / whole?) * 100.0);
    match split {
        Split::Side => share(shown.right(), window.inner_width().ok()?.as_f64()),
        Split::Foot => share(shown.bottom(), window.inner_height().ok()?.as_f64()),
    }
}
