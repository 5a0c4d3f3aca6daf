//! The servers of one of two futures with their logs, differences marked where they are.

use std::ops::Range;
use std::rc::Rc;

use hustings_lab::{Server, narrate};
use hustings_raft::LogIndex;
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of, role_name, role_text, term_chip, term_class};
use super::super::size::use_size;
use super::super::stage::Point;
use crate::i18n::{lang, texts};
use crate::session::{Differences, RunView, ServerDifference};

#[derive(Properties, PartialEq)]
pub(super) struct FutureLogsProps {
    pub run: RunView,
    pub differences: Rc<Differences>,
    /// The last index of the logs of both futures, so that both show the same.
    pub last: u64,
}

/// The size on a screen of 1280 by 720, in pixels.
const GUESS: Point = Point { x: 260.0, y: 200.0 };
/// The width of what stands before the entries, and of an entry, in pixels.
const FACTS_WIDTH: f64 = 168.0;
const ENTRY_WIDTH: f64 = 36.0;

/// The table.
#[component]
pub(super) fn FutureLogs(props: &FutureLogsProps) -> Html {
    let node = use_node_ref();
    let width = use_size(&node, GUESS).x;
    let room = ((width - FACTS_WIDTH) / ENTRY_WIDTH).max(1.0) as u64;
    let first = props.last.saturating_sub(room) + 1;
    let shown = first..first + room.min(props.last.max(1));
    let head = |name: &'static str| html! { <th scope="col">{ name }</th> };
    html! {
        <div class="future-logs" ref={node} tabindex="0" role="group" aria-label={texts().servers_and_logs()}>
            <table>
                <thead>
                    <tr>
                        <th scope="col"><span class="visually-hidden">{ texts().server() }</span></th>
                        { head(texts().term()) }
                        { head(texts().vote()) }
                        { head(texts().commit()) }
                        <th scope="col">
                            <span class="visually-hidden">{ texts().log() }</span>
                            { for shown.clone().map(|index| html! { <span class="index" aria-hidden="true">{ index }</span> }) }
                        </th>
                    </tr>
                </thead>
                <tbody>
                    { for props.run.servers().map(|server| draw_row(server, props.differences.of(server.id()), shown.clone())) }
                </tbody>
            </table>
        </div>
    }
}

fn draw_row(server: &Server, differs: ServerDifference, shown: Range<u64>) -> Html {
    let vote = server.voted_for();
    let vote = vote.map_or_else(|| "–".to_owned(), |id| id.to_string());
    html! {
        <tr class={role_name(server)} key={server.id().to_string()}>
            <th scope="row" class={class_if(differs.role, "differs")}>
                { server.id().to_string() }
                // The stage shows the role.
                <span class="visually-hidden">{ " " }{ role_text(server.role()) }</span>
                if differs.role {
                    { draw_unlike() }
                }
            </th>
            { cell(differs.term, term_chip(server.term())) }
            { cell(differs.vote, html! { { vote } }) }
            { cell(differs.commit, html! { { server.commit().0 } }) }
            <td class="entries">
                { for shown.map(|index| draw_entry(server, LogIndex(index), differs.entry(LogIndex(index)))) }
            </td>
        </tr>
    }
}

/// A cell, marked by a sign and a frame if it differs.
fn cell(differs: bool, inside: Html) -> Html {
    html! {
        <td class={class_if(differs, "differs")}>
            { inside }
            if differs {
                { draw_unlike() }
            }
        </td>
    }
}

fn draw_unlike() -> Html {
    html! {
        <>
            <b class="sign" aria-hidden="true">{ "≠" }</b>
            <span class="visually-hidden">{ " " }{ texts().differs() }</span>
        </>
    }
}

fn draw_entry(server: &Server, index: LogIndex, differs: bool) -> Html {
    let entry = server.log().get(index);
    let state = match entry {
        Some(entry) => class_of(&[
            "entry",
            term_class(entry.term),
            class_if(index <= server.commit(), "committed"),
        ]),
        None => "entry missing".to_owned(),
    };
    let label = match entry {
        Some(entry) => {
            let state = if index <= server.commit() {
                texts().committed()
            } else {
                texts().not_committed()
            };
            let payload = narrate::payload(&entry.payload, lang());
            texts().entry_label(index, entry.term, payload, state)
        }
        None => String::new(),
    };
    html! {
        <span class={class_of(&[&state, class_if(differs, "differs")])} title={label} key={index.0}>
            { entry.map_or_else(String::new, |entry| entry.term.0.to_string()) }
            if differs {
                <small aria-hidden="true">{ "≠" }</small>
                <span class="visually-hidden">{ texts().differs() }</span>
            }
        </span>
    }
}
