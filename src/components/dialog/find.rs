//! A search for a run: what to look for, how far it has come, what it has found; and what could
//! happen next.

mod form;
mod next;

use std::rc::Rc;

use hustings_search::wire::{Over, Stage};
use yew::prelude::*;

use self::form::{FindForm, FindFormProps};
use self::next::{NextList, NextProps};
use super::super::controls::button;
use super::super::mount::mount;
use super::{Open, Page};
use crate::i18n::texts;
use crate::searching;
use crate::session::{Action, Other, Sought, WhatIf};

pub(super) fn draw(page: &Rc<Page>) -> Html {
    html! {
        <div class="find">
            { mount::<FindForm>(FindFormProps { page: Rc::clone(page) }) }
            { draw_sought(page) }
            { mount::<NextList>(NextProps { page: Rc::clone(page) }) }
        </div>
    }
}

/// How the search stands.
fn draw_sought(page: &Page) -> Html {
    let Some(sought) = page.session.finding().sought() else {
        return html! {};
    };
    let inside = match sought {
        Sought::Asked => html! { <p role="status">{ texts().find_asked() }</p> },
        Sought::Failed(why) => draw_refusal(why),
        Sought::At(Stage::Refused(why)) => draw_refusal(why),
        Sought::At(Stage::Going(line)) => draw_going(page, line, true),
        Sought::At(Stage::Paused(line)) => draw_going(page, line, false),
        Sought::At(Stage::Over(over)) => draw_over(page, over),
    };
    html! { <section class="sought">{ inside }</section> }
}

fn draw_refusal(why: &str) -> Html {
    html! { <p class="notice" role="alert">{ why.to_owned() }</p> }
}

fn draw_going(page: &Page, line: &str, goes: bool) -> Html {
    let dispatch = page.dispatch.clone();
    let pause = Callback::from(move |_| searching::pause(goes, &dispatch));
    let dispatch = page.dispatch.clone();
    let stop = Callback::from(move |_| searching::stop(&dispatch));
    let label = if goes {
        texts().pause()
    } else {
        texts().find_go_on()
    };
    html! {
        <>
            <p class="progress">{ line.to_owned() }</p>
            <p class="actions">
                { button(label, "", pause) }
                { button(texts().stop_work(), texts().find_stop_hint(), stop) }
            </p>
        </>
    }
}

fn draw_over(page: &Page, over: &Over) -> Html {
    html! {
        <>
            <div role="status">
                <p><strong>{ &over.told }</strong></p>
                <p>{ &over.effort }</p>
            </div>
            if over.lesson.is_some() {
                <p class="actions">
                    { button(texts().find_open(), texts().find_open_hint(), open(page, None)) }
                    if let Some(what_if) = page.session.finding().otherwise() {
                        { button(&texts().find_open_beside(what_if.describe()), texts().find_open_beside_hint(), open(page, Some(what_if.clone()))) }
                    }
                </p>
            }
        </>
    }
}

/// Opens what was found, and puts a future beside it if there is to be one, where the two part.
fn open(page: &Page, beside: Option<WhatIf>) -> Callback<MouseEvent> {
    let (finding, dispatch) = (Rc::clone(page.session.finding()), page.dispatch.clone());
    let opener = page.opener.clone();
    Callback::from(move |_| {
        let Some(lesson) = finding.lesson() else {
            return;
        };
        let beside = beside.clone();
        searching::open(lesson, &dispatch, move |dispatch| {
            if let Some(what_if) = beside {
                dispatch.dispatch(Action::PutBeside(Other::WhatIf(what_if)));
                dispatch.dispatch(Action::GoToParting);
            }
        });
        opener.open(Open::Nothing);
    })
}
