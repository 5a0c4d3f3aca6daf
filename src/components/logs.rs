//! One row a server: what it is, and its log.

use hustings_lab::{Server, narrate};
use hustings_raft::{Entry, LogIndex};
use yew::prelude::*;

use super::glyphs::{role_name, term_chip, term_class};
use super::{Dispatch, on_click};
use crate::session::{Action, Selection, Story};

/// How many entries of a log are in view; older ones are counted.
const ENTRIES_SHOWN: u64 = 7;

/// The properties of the [`Logs`].
#[derive(Properties, PartialEq)]
pub(crate) struct LogsProps {
    pub story: Story,
    pub selected: Selection,
    pub dispatch: Dispatch,
}

/// The table of servers and logs.
#[component]
pub(crate) fn Logs(props: &LogsProps) -> Html {
    let last = props
        .story
        .servers()
        .map(|server| server.log().last_index().0)
        .max()
        .unwrap_or(0);
    let first = last.saturating_sub(ENTRIES_SHOWN) + 1;
    let shown = first..first + ENTRIES_SHOWN;
    html! {
        <section class="logs" aria-label="Servers and logs">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ "Server" }</th>
                        <th scope="col">{ "Role" }</th>
                        <th scope="col">{ "Term" }</th>
                        <th scope="col">{ "Vote" }</th>
                        <th scope="col" title="Commit index">{ "Commit" }</th>
                        <th scope="col" class="entries">
                            <span class="visually-hidden">{ "Log" }</span>
                            { for shown.clone().map(|index| html! {
                                <span class="index" aria-hidden="true" key={index}>{ index }</span>
                            }) }
                        </th>
                    </tr>
                </thead>
                <tbody>
                    { for props.story.servers().map(|server| draw_row(props, server, shown.clone())) }
                </tbody>
            </table>
            if first > 1 {
                <p class="earlier">{ format!("Entries 1 to {} are not shown.", first - 1) }</p>
            }
            <p class="legend">
                <span><span class="entry term-0 committed">{ "1" }</span>{ "committed, as far as the server knows" }</span>
                <span><span class="entry term-0">{ "1" }</span>{ "not yet" }</span>
            </p>
        </section>
    }
}

fn draw_row(props: &LogsProps, server: &Server, shown: std::ops::Range<u64>) -> Html {
    let id = server.id();
    let selected = props.selected == Selection::Server(id);
    let onclick = on_click(&props.dispatch, Action::Select(Selection::Server(id)));
    let vote = server
        .voted_for()
        .map_or("–".to_owned(), |id| id.to_string());
    html! {
        <tr class={classes!(role_name(server), selected.then_some("selected"))} {onclick} key={id.to_string()}>
            <th scope="row">{ id.to_string() }</th>
            <td>{ role_name(server) }</td>
            <td>{ term_chip(server.term()) }</td>
            <td>{ vote }</td>
            <td>{ server.commit().0 }</td>
            <td class="entries">
                { for shown.map(|index| draw_entry(server, LogIndex(index))) }
            </td>
        </tr>
    }
}

fn draw_entry(server: &Server, index: LogIndex) -> Html {
    let Some(entry) = server.log().get(index) else {
        return html! { <span class="entry missing" aria-hidden="true" key={index.0} /> };
    };
    let committed = index <= server.commit();
    let class = classes!(
        "entry",
        term_class(entry.term),
        committed.then_some("committed")
    );
    html! {
        <span {class} title={describe(index, entry, committed)} key={index.0}>
            { entry.term.0 }
            <small>{ narrate::payload(&entry.payload).into_owned() }</small>
        </span>
    }
}

fn describe(index: LogIndex, entry: &Entry, committed: bool) -> String {
    let state = if committed {
        "committed"
    } else {
        "not committed"
    };
    format!(
        "Index {index}, term {}: {}, {state}",
        entry.term,
        narrate::payload(&entry.payload)
    )
}
