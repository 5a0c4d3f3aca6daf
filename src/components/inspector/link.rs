//! A link in the inspector.

use hustings_lab::Link;
use yew::prelude::*;

use crate::i18n::texts;
use crate::session::RunView;

pub(super) fn draw(run: &RunView, link: Link) -> Html {
    html! {
        <>
            <h2>{ texts().link_between(link.from, link.to) }</h2>
            <p>{ texts().link_takes(run.latency(link).min(), run.latency(link).max()) }</p>
            <p>{ texts().link_hint() }</p>
        </>
    }
}
