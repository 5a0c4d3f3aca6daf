//! A link in the inspector.

use hustings_lab::{Command, Link, Path};
use yew::prelude::*;

use super::super::{CommandButton, Dispatch};
use super::server::draw_link_button;
use crate::session::Story;

pub(super) fn draw(story: &Story, link: Link, dispatch: &Dispatch) -> Html {
    html! {
        <>
            <h2>{ format!("Link {}–{}", link.from, link.to) }</h2>
            <p class="actions">
                { draw_link_button(story, link, dispatch) }
                { draw_way(story, link, dispatch) }
                { draw_way(story, link.back(), dispatch) }
            </p>
            <p>{ "A message that is under way when its link is cut is lost if the link is still cut when it would arrive." }</p>
        </>
    }
}

fn draw_way(story: &Story, link: Link, dispatch: &Dispatch) -> Html {
    let path = Path {
        link,
        both_ways: false,
    };
    let (verb, command) = if story.is_cut(link) {
        ("Mend", Command::Mend(path))
    } else {
        ("Cut", Command::Cut(path))
    };
    html! { <CommandButton {command} label={format!("{verb} {path}")} dispatch={dispatch.clone()} /> }
}
