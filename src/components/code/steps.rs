//! Going from line to line within what was executed, and the variables there.

use std::rc::Rc;

use hustings_lab::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::controls::sign_button;
use super::super::glyphs::class_if;
use super::super::{Page, on_click};
use crate::i18n::texts;
use crate::session::{Action, Traced};

/// The step up to which the user went, and whether by hand.
pub(super) fn place(page: &Page, traced: &Traced) -> (usize, bool) {
    let last = traced.steps.len().saturating_sub(1);
    let place = page.session.code().place();
    (place.unwrap_or(last).min(last), place.is_some())
}

/// Buttons and a slider that go from line to line.
pub(super) fn draw(page: &Page) -> Html {
    let dispatch = &page.dispatch;
    let traced = page.session.shown_trace();
    let (at, count) = match traced {
        Some(traced) => (place(page, traced).0 + 1, traced.steps.len()),
        None => (0, 0),
    };
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            let slider: HtmlInputElement = event.target_unchecked_into();
            if let Ok(place) = slider.value().parse::<usize>() {
                dispatch.dispatch(Action::GoToLine(place.saturating_sub(1)));
            }
        })
    };
    let said = texts().code_place(at, count);
    html! {
        <div class="code-steps" role="group" aria-label={texts().code_steps()}>
            { sign_button("‹", texts().code_back(), on_click(dispatch, Action::StepLineBack)) }
            <input
                type="range"
                min="1"
                max={count.max(1).to_string()}
                value={at.max(1).to_string()}
                disabled={count == 0}
                aria-label={texts().code_steps()}
                aria-valuetext={said.clone()}
                {oninput}
            />
            { sign_button("›", texts().code_on(), on_click(dispatch, Action::StepLine)) }
            <output aria-hidden="true">{ if count > 0 { said } else { String::new() } }</output>
        </div>
    }
}

/// The variables that are known where the user is.
pub(super) fn draw_variables(page: &Page) -> Html {
    let Some(traced) = page.session.shown_trace() else {
        return html! {};
    };
    let (place, _) = place(page, traced);
    let changed = traced.changed(place, place);
    let one = |(name, value): (Rc<str>, Value)| {
        let is_new = changed.iter().any(|(it, _)| *it == name);
        html! {
            <div key={name.to_string()} class={class_if(is_new, "changed")}>
                <dt>{ &*name }</dt><dd>{ value.to_string() }</dd>
            </div>
        }
    };
    html! {
        <section class="code-variables" tabindex="0" aria-label={texts().code_variables()}>
            <dl>{ for traced.variables(place).into_iter().map(one) }</dl>
        </section>
    }
}
