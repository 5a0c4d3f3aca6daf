//! A link in the inspector.

use hustings_lab::{Command, Link, Path};
use hustings_raft::MillisRange;
use yew::prelude::*;

use super::super::Dispatch;
use super::server::draw_link_button;
use super::{already, draw_command};
use crate::i18n::texts;
use crate::session::RunView;

/// The factor by which a slow link is slower.
const SLOWER: u64 = 10;

pub(super) fn draw(run: &RunView, link: Link, dispatch: &Dispatch) -> Html {
    html! {
        <>
            <h2>{ texts().link_between(link.from, link.to) }</h2>
            <p class="actions">
                { draw_link_button(run, link, dispatch) }
                { draw_way(run, link, dispatch) }
                { draw_way(run, link.back(), dispatch) }
                { draw_speed(run, link, dispatch) }
            </p>
            <p>{ texts().link_takes(run.latency(link).min(), run.latency(link).max()) }</p>
            <p>{ texts().link_hint() }</p>
        </>
    }
}

fn draw_way(run: &RunView, link: Link, dispatch: &Dispatch) -> Html {
    let path = Path {
        link,
        both_ways: false,
    };
    let (label, command) = if run.is_cut(link) {
        (texts().mend(path), Command::Mend(path))
    } else {
        (texts().cut(path), Command::Cut(path))
    };
    draw_command(run, dispatch, &label, command, None)
}

/// A button that makes the link slow, or restores its latency.
fn draw_speed(run: &RunView, link: Link, dispatch: &Dispatch) -> Html {
    let path = Path {
        link,
        both_ways: true,
    };
    let usual = run.header().latency;
    let (label, range) = if run.latency(link) == usual {
        let slow = MillisRange::between(usual.min().0 * SLOWER, usual.max().0 * SLOWER);
        (texts().make_slow(), slow)
    } else {
        (texts().make_usual(), usual)
    };
    let command = Command::Latency { path, range };
    let useless = already(run.latency(link), range);
    draw_command(run, dispatch, label, command, useless)
}
