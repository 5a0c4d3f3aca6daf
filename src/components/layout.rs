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
        let (width, height) = browser::window_size()?;
        let (from, whole) = match self {
            Self::Side => (event.client_x(), width),
            Self::Foot => (event.client_y(), height),
        };
        Some((whole - f64::from(from)) / whole.max(1.0) * 100.0)
    }

    /// Applies and stores a size, in percent of the window; the usual one is left to the
    /// style sheet.
    fn apply(self, percent: u32) {
        let unit = match self {
            Self::Side => "vw",
            Self::Foot => "vh",
        };
        let is_usual = percent == self.usual();
        if is_usual && self.stored().is_none() {
            return;
        }
        let size = (!is_usual).then(|| format!("{percent}{unit}"));
        browser::set_root_property(self.property(), size.as_deref());
        let stored = if is_usual {
            String::new()
        } else {
            percent.to_string()
        };
        browser::store(self.key(), &stored);
    }

    /// The size of the last visit.
    fn stored(self) -> Option<u32> {
        let percent: u32 = browser::load(self.key())?.parse().ok()?;
        (LEAST..=MOST).contains(&percent).then_some(percent)
    }

    /// About the size that the style sheet gives.
    fn usual(self) -> u32 {
        match self {
            Self::Side => 37,
            Self::Foot => 28,
        }
    }
}

/// Whole percents within the bounds.
fn bounded(percent: f64) -> u32 {
    (percent.max(0.0) as u32).clamp(LEAST, MOST)
}

/// The bounds of what is beyond a border, in percent of the window.
const LEAST: u32 = 12;
const MOST: u32 = 70;
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
    let now = use_state_eq(|| split.stored().unwrap_or(split.usual()));
    use_effect_with(*now, move |now| split.apply(*now));
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
        let (held, now) = (held.clone(), now.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(percent) = split.at(&event).filter(|_| *held.borrow()) {
                now.set(bounded(percent));
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| *held.borrow_mut() = false);
    let ondblclick = {
        let now = now.clone();
        Callback::from(move |_: MouseEvent| now.set(split.usual()))
    };
    let onkeydown = {
        let now = now.clone();
        Callback::from(move |event: KeyboardEvent| {
            let by = match (split, event.key().as_str()) {
                (Split::Side, "ArrowLeft") | (Split::Foot, "ArrowUp") => KEY_STEP,
                (Split::Side, "ArrowRight") | (Split::Foot, "ArrowDown") => -KEY_STEP,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            now.set(bounded(f64::from(*now) + by));
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
            aria-valuenow={now.to_string()}
            aria-valuemin={LEAST.to_string()}
            aria-valuemax={MOST.to_string()}
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
