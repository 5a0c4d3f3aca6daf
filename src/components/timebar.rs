//! Time: back, play, on; how fast; where to stop; which branch.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls::{Look, button, menu};
use super::dialog::Open;
use super::{Choices, Page, on_click};
use crate::session::{Action, Landmark, Speed};
use crate::words::words;

/// Whether the controls are the same.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    let (now, before) = (&one.session, &other.session);
    one.choices == other.choices
        && now.clock() as u64 == before.clock() as u64
        && now.is_playing() == before.is_playing()
        && now.is_in_past() == before.is_in_past()
        && now.speed() == before.speed()
        && now.breakpoints() == before.breakpoints()
        && now.branches() == before.branches()
}

/// The controls of time.
pub(super) fn draw(page: &Page) -> Html {
    let (session, dispatch) = (&page.session, &page.dispatch);
    let landmark = page.choices.landmark;
    let (play, icon) = match session.is_playing() {
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
        look.around(label, on_click(dispatch, action))
    };
    html! {
        <div id="timebar" class="timebar" tabindex="-1">
            { to(Action::Rewind, words().rewind(), "M3 3h3v14H3z M17 3L7 10l10 7z") }
            { to(Action::StepBack, words().step_back(), "M13 3L3 10l10 7z M14 3h3v14h-3z") }
            { told("primary", words().key_space(), icon, play, Action::TogglePlay) }
            { told("", words().step_hint(), "M3 3h3v14H3z M7 3l10 7-10 7z", words().step(), Action::Step) }
            { icon_button(words().to_end(), "M3 3l10 7-10 7z M14 3h3v14h-3z", !session.is_in_past(), on_click(dispatch, Action::ToEnd)) }
            <span class="landmarks" role="group" aria-label={words().landmarks()}>
                { to(Action::Previous(landmark), words().landmark_previous(), "M10 3L2 10l8 7z M18 3l-8 7 8 7z") }
                { choose_landmark(page) }
                { to(Action::Next(landmark), words().landmark_next(), "M2 3l8 7-8 7z M10 3l8 7-8 7z") }
            </span>
            <output class="clock" aria-label={words().clock()}>{ format!("{} ms", session.clock() as u64) }</output>
            { draw_speed(page) }
            <span class="spacer" />
            { draw_breakpoints(page) }
            { draw_branches(page) }
        </div>
    }
}

fn choose_landmark(page: &Page) -> Html {
    let (choices, chooser) = (page.choices, page.chooser.clone());
    let choose = Callback::from(move |number: usize| {
        let landmark = Landmark::ALL.get(number).copied();
        chooser.set(Choices {
            landmark: landmark.unwrap_or(choices.landmark),
            ..choices
        });
    });
    let names = Landmark::ALL.map(|it| it.describe().to_owned());
    let chosen = Landmark::ALL.iter().position(|it| *it == choices.landmark);
    menu(
        words().landmarks(),
        names.into(),
        chosen.unwrap_or_default(),
        choose,
    )
}

fn draw_speed(page: &Page) -> Html {
    let dispatch = page.dispatch.clone();
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
                value={page.session.speed().place().to_string()}
                aria-valuetext={words().speed_of(page.session.speed().name())}
                {oninput}
            />
            <output>{ format!("{}×", page.session.speed().name()) }</output>
        </label>
    }
}

fn draw_breakpoints(page: &Page) -> Html {
    let enabled = page
        .session
        .breakpoints()
        .iter()
        .filter(|(_, on)| *on)
        .count();
    let look = Look {
        class: "breakpoints-button",
        hint: words().breakpoints_hint(),
        ..Look::default()
    };
    look.button(
        &words().breakpoints(enabled),
        page.opener.to(Open::Breakpoints),
    )
}

fn draw_branches(page: &Page) -> Html {
    let dispatch = page.dispatch.clone();
    let (branches, branch) = page.session.branches();
    let count = branches.len();
    let choose = Callback::from(move |branch| dispatch.dispatch(Action::Switch(branch)));
    html! {
        <span class="branches" role="group" aria-label={words().branches()}>
            { menu(words().branch(), branches, branch, choose) }
            { button(&words().branches_count(count), words().branches_hint(), page.opener.to(Open::Branches)) }
        </span>
    }
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
    look.around(draw_icon(path), onclick)
}

fn draw_icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg> }
}
