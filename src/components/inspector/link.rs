//! A link in the inspector.

use hustings_lab::{Command, Link, Path};
use hustings_raft::MillisRange;
use yew::prelude::*;

use super::super::Dispatch;
use super::super::controls::command_button;
use super::server::draw_link_button;
use crate::session::Story;
use crate::words::words;

/// How many times longer a slow link takes.
const SLOWER: u64 = 10;

pub(super) fn draw(story: &Story, link: Link, dispatch: &Dispatch) -> Html {
    html! {
        <>
            <h2>{ words().link_between(link.from, link.to) }</h2>
            <p class="actions">
                { draw_link_button(story, link, dispatch) }
                { draw_way(story, link, dispatch) }
                { draw_way(story, link.back(), dispatch) }
                { draw_speed(story, link, dispatch) }
            </p>
            <p>{ words().link_takes(story.latency(link).min, story.latency(link).max) }</p>
            <p>{ words().link_hint() }</p>
        </>
    }
}

fn draw_way(story: &Story, link: Link, dispatch: &Dispatch) -> Html {
    let path = Path {
        link,
        both_ways: false,
    };
    let (label, command) = if story.is_cut(link) {
        (words().mend(path), Command::Mend(path))
    } else {
        (words().cut(path), Command::Cut(path))
    };
    command_button(dispatch, command, &label, None)
}

/// Makes the link slow, or as it was.
fn draw_speed(story: &Story, link: Link, dispatch: &Dispatch) -> Html {
    let path = Path {
        link,
        both_ways: true,
    };
    let usual = story.header().latency;
    let (label, range) = if story.latency(link) == usual {
        let slow = MillisRange::new(usual.min.0 * SLOWER, usual.max.0 * SLOWER);
        (words().make_slow(), slow)
    } else {
        (words().make_usual(), usual)
    };
    let command = Command::Latency { path, range };
    command_button(dispatch, command, label, None)
}
