//! The time bar: play, steps, speed, breakpoints, branches.

use hustings_raft::Millis;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls::{ButtonStyle, button, menu};
use super::dialog::Open;
use super::{Page, UiState, on_click};
use crate::i18n::texts;
use crate::moment::moment;
use crate::session::{Action, Landmark, Other, Speed};

pub(super) fn same(one: &Page, other: &Page) -> bool {
    let (now, before) = (&one.session, &other.session);
    one.ui == other.ui
        && now.clock() as u64 == before.clock() as u64
        && now.is_playing() == before.is_playing()
        && now.is_in_past() == before.is_in_past()
        && now.speed() == before.speed()
        && now.breakpoints() == before.breakpoints()
        && now.branches() == before.branches()
        && now.beside().is_some() == before.beside().is_some()
}

pub(super) fn draw(page: &Page) -> Html {
    let (session, dispatch) = (&page.session, &page.dispatch);
    let landmark = page.ui.landmark;
    let (play, icon) = if session.is_playing() {
        (texts().pause(), "M5 3h4v14H5z M11 3h4v14h-4z")
    } else {
        (texts().play(), "M5 3l12 7-12 7z")
    };
    let to = |action: Action, name: &'static str, path: &'static str| {
        icon_button(name, path, false, on_click(dispatch, action))
    };
    let labelled = |class, hint: &'static str, icon, label: &'static str, action: Action| {
        let style = ButtonStyle {
            class,
            hint,
            ..ButtonStyle::default()
        };
        let label = html! { <>{ draw_icon(icon) }{ label }</> };
        style.around(label, on_click(dispatch, action))
    };
    html! {
        <div id="timebar" class="timebar" tabindex="-1" data-region="">
            { to(Action::Rewind, texts().rewind(), "M3 3h3v14H3z M17 3L7 10l10 7z") }
            { to(Action::StepBack, texts().step_back(), "M13 3L3 10l10 7z M14 3h3v14h-3z") }
            { labelled("primary", texts().key_space(), icon, play, Action::TogglePlay) }
            { labelled("", texts().step_hint(), "M3 3h3v14H3z M7 3l10 7-10 7z", texts().step(), Action::Step) }
            { icon_button(texts().to_end(), "M3 3l10 7-10 7z M14 3h3v14h-3z", !session.is_in_past(), on_click(dispatch, Action::ToEnd)) }
            <span class="landmarks" role="group" aria-label={texts().landmarks()}>
                { to(Action::Previous(landmark), texts().landmark_previous(), "M10 3L2 10l8 7z M18 3l-8 7 8 7z") }
                { choose_landmark(page) }
                { to(Action::Next(landmark), texts().landmark_next(), "M2 3l8 7-8 7z M10 3l8 7-8 7z") }
            </span>
            <output class="clock" aria-label={texts().clock()}>{ moment(Millis(session.clock() as u64)) }</output>
            { draw_speed(page) }
            { draw_auto(page) }
            <span class="spacer" />
            { draw_breakpoints(page) }
            { draw_branches(page) }
        </div>
    }
}

fn choose_landmark(page: &Page) -> Html {
    let (ui, ui_setter) = (page.ui, page.ui_setter.clone());
    let choose = Callback::from(move |number: usize| {
        let landmark = Landmark::ALL.get(number).copied();
        ui_setter.set(UiState {
            landmark: landmark.unwrap_or(ui.landmark),
            ..ui
        });
    });
    let names = Landmark::ALL.map(|it| it.describe().to_owned());
    let chosen = Landmark::ALL.iter().position(|it| *it == ui.landmark);
    menu(
        texts().landmarks(),
        names.into(),
        chosen.unwrap_or_default(),
        choose,
    )
}

fn draw_speed(page: &Page) -> Html {
    let dispatch = page.dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let slider: HtmlInputElement = event.target_unchecked_into();
        if let Ok(index) = slider.value().parse() {
            dispatch.dispatch(Action::SetSpeed(Speed::from_index(index)));
        }
    });
    let speed = page.session.speed();
    html! {
        <label class="speed">
            <span class="visually-hidden">{ texts().speed() }</span>
            <input
                type="range"
                min="0"
                max={Speed::LAST.to_string()}
                value={page.session.speed().index().to_string()}
                aria-valuetext={spoken(speed)}
                {oninput}
            />
            <output>{ speed_text(speed) }</output>
        </label>
    }
}

/// The speed for those who hear it.
fn spoken(speed: Speed) -> String {
    if speed.is_auto() {
        speed.name().to_owned()
    } else {
        texts().speed_of(speed.name())
    }
}

fn speed_text(speed: Speed) -> String {
    if speed.is_auto() {
        speed.name().to_owned()
    } else {
        format!("{}×", speed.name())
    }
}

/// Lets the speed follow what happens, or be the same always.
fn draw_auto(page: &Page) -> Html {
    let is_auto = page.session.speed().is_auto();
    let next = if is_auto {
        Speed::default()
    } else {
        Speed::Auto
    };
    html! {
        <button
            type="button"
            class="auto"
            aria-pressed={if is_auto { "true" } else { "false" }}
            title={texts().speed_auto_hint()}
            onclick={on_click(&page.dispatch, Action::SetSpeed(next))}
        >
            { texts().speed_auto() }
        </button>
    }
}

fn draw_breakpoints(page: &Page) -> Html {
    let enabled = page
        .session
        .breakpoints()
        .iter()
        .filter(|(_, on)| *on)
        .count();
    let style = ButtonStyle {
        class: "breakpoints-button",
        hint: texts().breakpoints_hint(),
        ..ButtonStyle::default()
    };
    style.button(
        &texts().breakpoints(enabled),
        page.opener.to(Open::Breakpoints),
    )
}

fn draw_branches(page: &Page) -> Html {
    let dispatch = page.dispatch.clone();
    let (branches, branch) = page.session.branches();
    let count = branches.len();
    let choose = Callback::from(move |branch| dispatch.dispatch(Action::Switch(branch)));
    html! {
        <span class="branches" role="group" aria-label={texts().branches()}>
            { menu(texts().branch(), branches, branch, choose) }
            { button(&texts().branches_count(count), texts().branches_hint(), page.opener.to(Open::Branches)) }
            { draw_side_by_side(page) }
        </span>
    }
}

/// Puts the other of the last two branches beside the shown one.
fn draw_side_by_side(page: &Page) -> Html {
    let session = &page.session;
    let is_open = session.beside().is_some();
    let Some(other) = session.branch_beside() else {
        return html! {};
    };
    let (branches, _) = session.branches();
    let name = branches.get(other).cloned().unwrap_or_default();
    let action = if is_open {
        Action::CloseBeside
    } else {
        Action::PutBeside(Other::Branch(other))
    };
    html! {
        <button
            type="button"
            aria-pressed={if is_open { "true" } else { "false" }}
            class="icon-only"
            aria-label={texts().compare()}
            title={texts().beside_hint(name)}
            onclick={on_click::<MouseEvent>(&page.dispatch, action)}
        >
            { draw_icon("M1 4h8v12H1z M11 4h8v12h-8z") }
        </button>
    }
}

fn icon_button(
    name: &'static str,
    path: &'static str,
    disabled: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    let style = ButtonStyle {
        class: "icon-only",
        name,
        hint: name,
        disabled,
        ..ButtonStyle::default()
    };
    style.around(draw_icon(path), onclick)
}

fn draw_icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg> }
}
