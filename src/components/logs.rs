//! The table of servers and logs, one row per server.

use std::ops::Range;

use hustings_lab::{Server, narrate};
use hustings_raft::{Entry, LogIndex};
use yew::prelude::*;

use super::controls::ButtonStyle;
use super::glyphs::{class_if, class_of, role_name, role_text, term_chip, term_class};
use super::{Page, UiState, act, on_click};
use crate::i18n::{lang, texts};
use crate::session::{Action, Selection};

/// Number of entries shown of each log.
const ENTRIES_SHOWN: u64 = 7;

pub(super) fn same(one: &Page, other: &Page) -> bool {
    let same = |(one, other): (&Server, &Server)| {
        one.role() == other.role()
            && one.term() == other.term()
            && one.voted_for() == other.voted_for()
            && one.commit() == other.commit()
            && one.log() == other.log()
    };
    one.ui == other.ui
        && one.session.selected() == other.session.selected()
        && one.session.hovered() == other.session.hovered()
        && one.run.branch() == other.run.branch()
        && one.run.servers().zip(other.run.servers()).all(same)
}

pub(super) fn draw(page: &Page) -> Html {
    let last = page
        .run
        .servers()
        .map(|server| server.log().last_index().0)
        .max()
        .unwrap_or(0);
    let latest = last.saturating_sub(ENTRIES_SHOWN) + 1;
    let first = page
        .ui
        .first_entry
        .map_or(latest, |first| first.min(latest));
    let shown = first..first + ENTRIES_SHOWN;
    html! {
        <section id="logs" class="logs" tabindex="0" data-region="" aria-label={texts().servers_and_logs()}>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ texts().server() }</th>
                        <th scope="col">{ texts().role() }</th>
                        <th scope="col">{ texts().term() }</th>
                        <th scope="col">{ texts().vote() }</th>
                        <th scope="col" title={texts().commit_index()}>{ texts().commit() }</th>
                        <th scope="col" class="entries">
                            <span class="visually-hidden">{ texts().log() }</span>
                            { for shown.clone().map(|index| html! {
                                <span class="index" aria-hidden="true" key={index}>{ index }</span>
                            }) }
                        </th>
                    </tr>
                </thead>
                <tbody>
                    { for page.run.servers().map(|server| draw_row(page, server, shown.clone())) }
                </tbody>
            </table>
            if last > ENTRIES_SHOWN {
                { draw_pages(page, first, last) }
            }
            <p class="legend">
                <span><span class="entry term-0 committed">{ "1" }</span>{ texts().legend_committed() }</span>
                <span><span class="entry term-0">{ "1" }</span>{ texts().legend_not_yet() }</span>
            </p>
        </section>
    }
}

/// Buttons to page through logs that are longer than the view.
fn draw_pages(page: &Page, first: u64, last: u64) -> Html {
    let latest = last.saturating_sub(ENTRIES_SHOWN) + 1;
    let to = |first: Option<u64>, name: &'static str, sign: &'static str, unavailable: bool| {
        let ui = UiState {
            first_entry: first,
            ..page.ui
        };
        let style = ButtonStyle {
            name,
            hint: name,
            idle: unavailable,
            ..ButtonStyle::default()
        };
        style.button(sign, page.choose(ui))
    };
    let back = first.saturating_sub(ENTRIES_SHOWN).max(1);
    let on = first + ENTRIES_SHOWN;
    html! {
        <p class="pages">
            { to(Some(1), texts().first_entries(), "⇤", first == 1) }
            { to(Some(back), texts().earlier_entries(), "‹", first == 1) }
            <span>{ texts().entries_shown(first, last.min(first + ENTRIES_SHOWN - 1), last) }</span>
            { to((on < latest).then_some(on), texts().later_entries(), "›", first >= latest) }
            { to(None, texts().last_entries(), "⇥", first >= latest) }
        </p>
    }
}

fn draw_row(page: &Page, server: &Server, shown: Range<u64>) -> Html {
    let id = server.id();
    let this = Selection::Server(id);
    let is_this = |selection| match selection {
        Selection::Server(other) | Selection::Entry(other, _) => other == id,
        Selection::Record(record) => {
            let record = page.run.tip().records().get(record);
            record.is_some_and(|record| record.event.server() == Some(id))
        }
        _ => false,
    };
    let class = class_of(&[
        role_name(server),
        class_if(page.session.selected() == this, "selected"),
        class_if(is_this(page.session.hovered()), "hovered"),
    ]);
    let onclick = on_click(&page.dispatch, Action::Select(this));
    let hover = |what| on_click::<PointerEvent>(&page.dispatch, Action::Hover(what));
    let vote = server
        .voted_for()
        .map_or("–".to_owned(), |id| id.to_string());
    html! {
        <tr
            {class}
            {onclick}
            onpointerenter={hover(this)}
            onpointerleave={hover(Selection::Nothing)}
            key={id.to_string()}
        >
            <th scope="row">{ id.to_string() }</th>
            <td>{ role_text(server.role()) }</td>
            <td>{ term_chip(server.term()) }</td>
            <td>{ vote }</td>
            <td>{ server.commit().0 }</td>
            <td class="entries">
                { for shown.map(|index| draw_entry(page, server, LogIndex(index))) }
            </td>
        </tr>
    }
}

fn draw_entry(page: &Page, server: &Server, index: LogIndex) -> Html {
    let Some(entry) = server.log().get(index) else {
        return html! { <span class="entry missing" aria-hidden="true" key={index.0} /> };
    };
    let this = Selection::Entry(server.id(), index);
    let committed = index <= server.commit();
    let class = class_of(&[
        "entry",
        term_class(entry.term),
        class_if(committed, "committed"),
        class_if(page.session.selected() == this, "selected"),
    ]);
    let dispatch = page.dispatch.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        // Not a click on the row.
        event.stop_propagation();
        act(&dispatch, Action::Select(this));
    });
    let label = describe(index, entry, committed);
    let name = texts().of_which(&label, server.id());
    html! {
        <button type="button" {class} title={label} aria-label={name} {onclick} key={index.0}>
            { entry.term.0 }
            <small>{ narrate::payload(&entry.payload, lang()).into_owned() }</small>
        </button>
    }
}

fn describe(index: LogIndex, entry: &Entry, committed: bool) -> String {
    let state = if committed {
        texts().committed()
    } else {
        texts().not_committed()
    };
    let payload = narrate::payload(&entry.payload, lang());
    texts().entry_label(index, entry.term, payload, state)
}
