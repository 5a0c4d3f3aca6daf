//! The panel beside the stage: the events, until something is chosen; then what that is
//! and why.

use std::rc::Rc;

use yew::prelude::*;

use super::code::{CodePanel, CodePanelProps};
use super::controls::button;
use super::glyphs::{class_if, class_of};
use super::mount::mount;
use super::rules_sheet::{RulesSheet, RulesSheetProps};
use super::script::{ScriptPanel, ScriptPanelProps};
use super::{PANEL, Page, events, inspector, on_click, part};
use crate::i18n::texts;
use crate::session::{Action, Selection};

/// The panel.
pub(super) fn draw(page: &Rc<Page>) -> Html {
    let selected = page.session.selected();
    let chosen = selected != Selection::Nothing;
    // A projector shows the panel only for these.
    let shows_script = page.session.shows_script() && !chosen;
    let shows_code = page.session.shows_code() && !chosen;
    let is_why = matches!(selected, Selection::Record(_)) || shows_script || shows_code;
    let class = class_of(&["panel", class_if(is_why, "why")]);
    html! {
        <section id={PANEL} {class} tabindex="-1" data-region="" data-fills="panel" aria-label={texts().panel()}>
            if page.session.shows_rules() {
                { mount::<RulesSheet>(RulesSheetProps { page: Rc::clone(page) }) }
            } else if shows_script {
                { mount::<ScriptPanel>(ScriptPanelProps { page: Rc::clone(page) }) }
            } else if shows_code {
                { mount::<CodePanel>(CodePanelProps { page: Rc::clone(page) }) }
            } else if chosen {
                { part(page, same_back, draw_back) }
                { part(page, inspector::same, inspector::draw) }
            } else {
                { part(page, events::same, events::draw) }
            }
        </section>
    }
}

fn same_back(one: &Page, other: &Page) -> bool {
    let of = |page: &Page| {
        let session = &page.session;
        (
            session.selected(),
            session.shows_script(),
            session.shows_code(),
        )
    };
    of(one) == of(other)
}

fn draw_back(page: &Page) -> Html {
    let back = on_click(&page.dispatch, Action::Select(Selection::Nothing));
    // A projector shows the stage alone, and not the events.
    let (to, in_projector) = if page.session.shows_script() {
        (texts().script(), texts().script())
    } else if page.session.shows_code() {
        (texts().code(), texts().code())
    } else {
        (texts().events(), texts().stage())
    };
    let button = |to: &str| button(&format!("‹ {to}"), texts().key_escape(), back.clone());
    html! {
        <p class="back">
            <span class="to-events">{ button(to) }</span>
            <span class="to-stage">{ button(in_projector) }</span>
        </p>
    }
}
