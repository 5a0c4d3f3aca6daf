//! The line of the event that the story is at, as it stands in its file, between its
//! neighbours.

use yew::prelude::*;

use super::super::glyphs::class_if;
use super::Told;
use super::account::cite;
use crate::i18n::texts;

pub(super) fn draw(told: &Told) -> Html {
    let place = told.story.event().map(|event| event.place);
    let cited = place.and_then(|place| cite(told.shown, place));
    html! {
        <section class="raw" id="raw-line" tabindex="0" data-region="" aria-label={texts().logs_line()}>
            if let Some(cited) = cited {
                <h2>{ cited }</h2>
            }
            if let Some((place, lines)) = told.story.lines() {
                <ol>
                    { for lines.iter().map(|line| html! {
                        <li class={class_if(line.number == place.line, "here")} key={line.number.0} value={line.number.0.to_string()}>
                            <code>{ &line.says }</code>
                        </li>
                    }) }
                </ol>
            }
        </section>
    }
}
