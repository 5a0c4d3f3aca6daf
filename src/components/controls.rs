//! Time: play, pause, step, speed.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Dispatch, on_click};
use crate::session::{Action, Speed};

/// The keys that people need most, and what they do.
const KEYS: [(&str, &str); 8] = [
    ("Space", "play"),
    ("→", "step"),
    ("1–9", "choose"),
    ("T", "time out"),
    ("C", "crash"),
    ("I", "isolate"),
    ("H", "heal"),
    ("R", "request"),
];

/// The properties of the [`Controls`].
#[derive(Properties, PartialEq)]
pub(crate) struct ControlsProps {
    pub playing: bool,
    pub speed: Speed,
    /// Simulated time, in milliseconds.
    pub now: u64,
    pub dispatch: Dispatch,
}

/// The controls of time.
#[component]
pub(crate) fn Controls(props: &ControlsProps) -> Html {
    let dispatch = &props.dispatch;
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            if let Ok(place) = event
                .target_unchecked_into::<HtmlInputElement>()
                .value()
                .parse()
            {
                dispatch.dispatch(Action::SetSpeed(Speed::at(place)));
            }
        })
    };
    let play = if props.playing { "Pause" } else { "Play" };
    let icon = if props.playing {
        "M5 3h4v14H5z M11 3h4v14h-4z"
    } else {
        "M5 3l12 7-12 7z"
    };
    html! {
        <footer aria-label="Time">
            <button type="button" class="primary" onclick={on_click(dispatch, Action::TogglePlay)} title="Space">
                { draw_icon(icon) }{ play }
            </button>
            <button
                type="button"
                onclick={on_click(dispatch, Action::Step)}
                title="Pauses, and lets the next event happen (→)"
            >
                { draw_icon("M4 3l9 7-9 7z M14 3h3v14h-3z") }{ "Step" }
            </button>
            <output class="clock" aria-label="Simulated time">{ format!("{} ms", props.now) }</output>
            <label class="speed">
                { "Speed" }
                <input
                    type="range"
                    min="0"
                    max={Speed::LAST.to_string()}
                    value={props.speed.place().to_string()}
                    aria-valuetext={format!("{} of real time", props.speed.name())}
                    {oninput}
                />
                <output>{ format!("{}×", props.speed.name()) }</output>
            </label>
            <span class="spacer" />
            <p class="keys">
                { for KEYS.iter().map(|(key, what)| html! { <span><kbd>{ key }</kbd>{ what }</span> }) }
            </p>
        </footer>
    }
}

fn draw_icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg> }
}
