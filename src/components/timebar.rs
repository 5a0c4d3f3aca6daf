//! Time: back, play, on; how fast; where to stop; which branch.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::buttons::{Look, button};
use super::dialog::{Open, Opener};
use super::{Dispatch, on_click};
use crate::session::{Action, Breakpoints, Landmark, Speed};
use crate::words::words;

/// The properties of the [`Timebar`].
#[derive(Properties, PartialEq)]
pub(crate) struct TimebarProps {
    /// The names of the branches.
    pub branches: Vec<AttrValue>,
    /// The branch that is looked at.
    pub branch: usize,
    pub breakpoints: Rc<Breakpoints>,
    pub playing: bool,
    pub in_past: bool,
    pub speed: Speed,
    /// Simulated time, in milliseconds.
    pub now: u64,
    pub opener: Opener,
    pub dispatch: Dispatch,
}

/// The controls of time.
#[component]
pub(crate) fn Timebar(props: &TimebarProps) -> Html {
    let dispatch = &props.dispatch;
    let landmark = use_state(|| Landmark::Election);
    let (play, icon) = match props.playing {
        true => (words().pause(), "M5 3h4v14H5z M11 3h4v14h-4z"),
        false => (words().play(), "M5 3l12 7-12 7z"),
    };
    let to = |action: Action, name: &'static str, path: &'static str| {
        icon_button(name, path, false, on_click(dispatch, action))
    };
    let told = |class, hint: &'static str, icon, label: &'static str, action: Action| {
        let look = Look {
            class,
            hint,
            ..Look::default()
        };
        let label = html! { <>{ draw_icon(icon) }{ label }</> };
        look.button(label, on_click(dispatch, action))
    };
    html! {
        <div id="timebar" class="timebar" tabindex="-1">
            { to(Action::Rewind, words().rewind(), "M3 3h3v14H3z M17 3L7 10l10 7z") }
            { to(Action::StepBack, words().step_back(), "M13 3L3 10l10 7z M14 3h3v14h-3z") }
            { told("primary", words().key_space(), icon, play, Action::TogglePlay) }
            { told("", words().step_hint(), "M3 3h3v14H3z M7 3l10 7-10 7z", words().step(), Action::Step) }
            { icon_button(words().to_end(), "M3 3l10 7-10 7z M14 3h3v14h-3z", !props.in_past, on_click(dispatch, Action::ToEnd)) }
            <span class="landmarks" role="group" aria-label={words().landmarks()}>
                { to(Action::Previous(*landmark), words().landmark_previous(), "M10 3L2 10l8 7z M18 3l-8 7 8 7z") }
                { choose_landmark(&landmark) }
                { to(Action::Next(*landmark), words().landmark_next(), "M2 3l8 7-8 7z M10 3l8 7-8 7z") }
            </span>
            <output class="clock" aria-label={words().clock()}>{ format!("{} ms", props.now) }</output>
            { draw_speed(props) }
            <span class="spacer" />
            { draw_breakpoints(props) }
            { draw_branches(props) }
        </div>
    }
}

fn choose_landmark(landmark: &UseStateHandle<Landmark>) -> Html {
    let chosen = **landmark;
    let landmark = landmark.clone();
    let onchange = Callback::from(move |event: Event| {
        let place: Option<usize> = value_of_select(&event).parse().ok();
        if let Some(next) = place.and_then(|place| Landmark::ALL.get(place)) {
            landmark.set(*next);
        }
    });
    html! {
        <select {onchange} aria-label={words().landmarks()}>
            { for Landmark::ALL.iter().enumerate().map(|(place, it)| html! {
                <option value={place.to_string()} selected={*it == chosen}>{ it.describe() }</option>
            }) }
        </select>
    }
}

fn draw_speed(props: &TimebarProps) -> Html {
    let dispatch = props.dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let slider: HtmlInputElement = event.target_unchecked_into();
        if let Ok(place) = slider.value().parse() {
            dispatch.dispatch(Action::SetSpeed(Speed::at(place)));
        }
    });
    html! {
        <label class="speed">
            { words().speed() }
            <input
                type="range"
                min="0"
                max={Speed::LAST.to_string()}
                value={props.speed.place().to_string()}
                aria-valuetext={words().speed_of(props.speed.name())}
                {oninput}
            />
            <output>{ format!("{}×", props.speed.name()) }</output>
        </label>
    }
}

fn draw_breakpoints(props: &TimebarProps) -> Html {
    let enabled = props.breakpoints.iter().filter(|(_, on)| *on).count();
    let look = Look {
        class: "breakpoints-button",
        hint: words().breakpoints_hint(),
        ..Look::default()
    };
    look.button(
        words().breakpoints(enabled),
        props.opener.to(Open::Breakpoints),
    )
}

fn draw_branches(props: &TimebarProps) -> Html {
    let dispatch = props.dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Ok(branch) = value_of_select(&event).parse() {
            dispatch.dispatch(Action::Switch(branch));
        }
    });
    html! {
        <span class="branches" role="group" aria-label={words().branches()}>
            <select {onchange} aria-label={words().branch()}>
                { for props.branches.iter().enumerate().map(|(number, name)| html! {
                    <option value={number.to_string()} selected={number == props.branch}>{ name }</option>
                }) }
            </select>
            { button(&words().branches_count(props.branches.len()), words().branches_hint(), props.opener.to(Open::Branches)) }
        </span>
    }
}

fn value_of_select(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}

fn icon_button(
    name: &'static str,
    path: &'static str,
    disabled: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    let look = Look {
        class: "icon-only",
        name,
        hint: name,
        disabled,
        ..Look::default()
    };
    look.button(draw_icon(path), onclick)
}

fn draw_icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg> }
}
