//! Above the stage, while logs are open behind it: the way back to them, and, if the run was
//! opened from a moment of theirs, what was assumed where no line tells.

use yew::prelude::*;

use super::super::Page;
use super::super::controls::button;
use super::{is_same, on};
use crate::i18n::texts;
use crate::session::StoryAction;

pub(in super::super) fn same(one: &Page, other: &Page) -> bool {
    is_same(one.session.story(), other.session.story())
}

pub(in super::super) fn draw(page: &Page) -> Html {
    let Some(story) = page.session.story() else {
        return html! {};
    };
    let back = on(&page.dispatch, StoryAction::Show(true));
    let assumed = story
        .played()
        .map(|it| it.assumed.as_slice())
        .unwrap_or_default();
    html! {
        <div class="goals from-logs" role="group" aria-label={texts().logs_title()}>
            if assumed.is_empty() {
                <span>{ texts().logs_behind() }</span>
            } else {
                <details>
                    <summary>{ texts().logs_assumed(assumed.len()) }</summary>
                    <ul>{ for assumed.iter().map(|it| html! { <li>{ it }</li> }) }</ul>
                </details>
            }
            { button(texts().logs_back(), texts().logs_back_hint(), back) }
        </div>
    }
}
