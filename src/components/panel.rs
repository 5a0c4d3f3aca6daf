//! The panel beside the stage: the events, until something is chosen; then what that is
//! and why.

use std::rc::Rc;

use yew::prelude::*;

use super::controls::button;
use super::glyphs::{class_if, class_of};
use super::rules_sheet::RulesSheet;
use super::{PANEL, Page, events, inspector, on_click, part};
use crate::i18n::texts;
use crate::session::{Action, Selection};

/// The panel.
pub(super) fn draw(page: &Rc<Page>) -> Html {
    let selected = page.session.selected();
    let chosen = selected != Selection::Nothing;
    // A projector shows the panel only for this.
    let is_why = matches!(selected, Selection::Record(_));
    let class = class_of(&["panel", class_if(is_why, "why")]);
    html! {
        <section id={PANEL} {class} tabindex="-1" data-region="" data-fills="panel" aria-label={texts().panel()}>
            if page.session.shows_rules() {
                <RulesSheet page={Rc::clone(page)} />
            } else if chosen {
                { part(page, |one, other| one.session.selected() == other.session.selected(), draw_back) }
                { part(page, inspector::same, inspector::draw) }
            } else {
                { part(page, events::same, events::draw) }
            }
        </section>
    }
}

fn draw_back(page: &Page) -> Html {
    let back = on_click(&page.dispatch, Action::Select(Selection::Nothing));
    // A projector shows the stage alone, and not the events.
    html! {
        <p class="back">
            <span class="to-events">{ button(&format!("‹ {}", texts().events()), texts().key_escape(), back.clone()) }</span>
            <span class="to-stage">{ button(&format!("‹ {}", texts().stage()), texts().key_escape(), back) }</span>
        </p>
    }
}
