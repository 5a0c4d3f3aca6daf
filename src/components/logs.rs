//! The table of servers and logs, one row per server, with the indexes aligned.

mod ghosts;
mod hall;

use std::ops::Range;
use std::rc::Rc;

use hustings_lab::{Server, narrate};
use hustings_raft::{Entry, LogIndex};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use self::ghosts::Ghosts;
use self::hall::Hall;
use super::controls::ButtonStyle;
use super::glyphs::{class_if, class_of, role_name, role_text, term_chip, term_class};
use super::size::{Outlined, use_size};
use super::stage::Point;
use super::{Page, UiState, act, on_click};
use crate::focus::target;
use crate::i18n::{lang, texts};
use crate::session::{Action, Selection};

#[derive(Properties)]
pub(super) struct LogsProps {
    pub page: Rc<Page>,
}

impl PartialEq for LogsProps {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (&self.page, &other.page);
        let same = |(one, other): (&Server, &Server)| {
            one.role() == other.role()
                && one.term() == other.term()
                && one.voted_for() == other.voted_for()
                && one.commit() == other.commit()
                && one.log() == other.log()
        };
        one.ui == other.ui
            && one.settings == other.settings
            && one.session.selected() == other.session.selected()
            && one.session.hovered() == other.session.hovered()
            && one.run.branch() == other.run.branch()
            && one.run.servers().zip(other.run.servers()).all(same)
    }
}

/// The size that the table has on a screen of 1280 by 720, in pixels.
const GUESS: Point = Point { x: 478.0, y: 200.0 };

/// The table.
#[component]
pub(super) fn Logs(props: &LogsProps) -> Html {
    let page = &props.page;
    let node = use_node_ref();
    let width = use_size(&node, Outlined::Logs.size(GUESS)).x;
    let ghosts = use_mut_ref(Ghosts::default);
    ghosts.borrow_mut().follow(&page.run);
    let table = Table::new(page, width);
    let hall = table.hall.map(Hall::class).unwrap_or_default();
    html! {
        <section
            id="logs"
            class={class_of(&["logs", class_if(table.has_long_terms, "long-terms"), &hall])}
            ref={node}
            tabindex="0"
            data-region=""
            data-fills="logs"
            aria-label={texts().servers_and_logs()}
        >
            <table onkeydown={Callback::from(on_key)}>
                { table.draw_head() }
                <tbody>
                    { for page.run.servers().map(|server| table.draw_row(server, &ghosts.borrow())) }
                </tbody>
            </table>
            if table.last > table.room {
                { draw_pages(page, table.shown.start, table.last, table.room) }
            }
        </section>
    }
}

/// The width of what stands before the entries, and of an entry, in pixels.
const FACTS_WIDTH: f64 = 258.0;
const ENTRY_WIDTH: f64 = 36.0;
const LONG_ENTRY_WIDTH: f64 = 54.0;
/// From this term on, entries are wider.
const LONG_TERM: u64 = 1_000;

/// What the table shows.
struct Table<'a> {
    page: &'a Page,
    shown: Range<u64>,
    /// The last index of all logs.
    last: u64,
    /// The number of entries that there is room for.
    room: u64,
    /// How the servers stand in a lecture hall, if it is for one.
    hall: Option<Hall>,
    has_long_terms: bool,
}

impl<'a> Table<'a> {
    fn new(page: &'a Page, width: f64) -> Self {
        let servers = page.run.servers();
        let last = servers.map(|server| server.log().last_index().0).max();
        let last = last.unwrap_or(0);
        // Terms in a log only grow.
        let ends = page.run.servers().map(|server| server.log().last().term.0);
        let has_long_terms = ends.max().is_some_and(|term| term >= LONG_TERM);
        let entry = if has_long_terms {
            LONG_ENTRY_WIDTH
        } else {
            ENTRY_WIDTH
        };
        let hall = page.settings.projector;
        let hall = hall.then(|| Hall::of(page, width, entry));
        let room = match hall {
            Some(hall) => hall.room(width, entry),
            None => (width - FACTS_WIDTH) / entry,
        };
        let room = room.max(1.0) as u64;
        let latest = last.saturating_sub(room) + 1;
        let first = page
            .ui
            .first_entry
            .map_or(latest, |first| first.min(latest));
        Self {
            page,
            shown: first..first + room,
            last,
            room,
            hall,
            has_long_terms,
        }
    }

    fn draw_head(&self) -> Html {
        html! {
            <thead>
                <tr>
                    <th scope="col">{ texts().server() }</th>
                    <th scope="col">{ texts().role() }</th>
                    <th scope="col">{ texts().term() }</th>
                    <th scope="col">{ texts().vote() }</th>
                    <th scope="col" title={texts().commit_index()}>{ texts().commit() }</th>
                    <th scope="col" class="entries">
                        <span class="visually-hidden">{ texts().log() }</span>
                        { for self.shown.clone().map(|index| html! {
                            <span class="index" aria-hidden="true" key={index}>{ index }</span>
                        }) }
                    </th>
                </tr>
            </thead>
        }
    }

    fn draw_row(&self, server: &Server, ghosts: &Ghosts) -> Html {
        let page = self.page;
        let id = server.id();
        let this = Selection::Server(id);
        let class = class_of(&[
            role_name(server),
            class_if(page.session.selected() == this, "selected"),
            class_if(is_about(page, page.session.hovered(), server), "hovered"),
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
                <th scope="row">
                    { id.to_string() }
                    if self.hall.is_some() && self.shown.start > 1 {
                        <small aria-hidden="true">{ format!(" {}…", self.shown.start) }</small>
                    }
                </th>
                <td>{ role_text(server.role()) }</td>
                <td>{ term_chip(server.term()) }</td>
                <td>{ vote }</td>
                <td>{ server.commit().0 }</td>
                <td class="entries">
                    { for self.shown.clone().map(|index| self.draw_entry(server, LogIndex(index), ghosts)) }
                </td>
            </tr>
        }
    }

    fn draw_entry(&self, server: &Server, index: LogIndex, ghosts: &Ghosts) -> Html {
        let page = self.page;
        let ghost = ghosts.deleted(server.id(), index);
        let Some(entry) = server.log().get(index) else {
            return match ghost {
                Some(term) => html! {
                    <span class={class_of(&["entry", "deleted", term_class(term)])} title={texts().was_deleted(index)} key={index.0}>
                        <s>{ term.0 }</s>
                    </span>
                },
                None => html! { <span class="entry missing" aria-hidden="true" key={index.0} /> },
            };
        };
        let this = Selection::Entry(server.id(), index);
        let committed = index <= server.commit();
        let class = class_of(&[
            "entry",
            term_class(entry.term),
            class_if(committed, "committed"),
            class_if(ghost.is_some(), "replaced"),
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
        // The table is one stop for the Tab key: arrow keys move within it.
        let is_first = index.0 == self.shown.start && server.id().number() == 1;
        html! {
            <button type="button" tabindex={if is_first { "0" } else { "-1" }} {class} title={label} aria-label={name} {onclick} key={index.0}>
                { entry.term.0 }
                if let Some(term) = ghost {
                    <s>{ term.0 }</s>
                } else {
                    <small>{ narrate::payload(&entry.payload, lang()).into_owned() }</small>
                }
            </button>
        }
    }
}

/// Whether what is hovered concerns a server.
fn is_about(page: &Page, hovered: Selection, server: &Server) -> bool {
    match hovered {
        Selection::Server(other) | Selection::Entry(other, _) => other == server.id(),
        Selection::Record(record) => {
            let record = page.run.tip().records().get(record);
            record.is_some_and(|record| record.event.server() == Some(server.id()))
        }
        _ => false,
    }
}

/// Arrow keys move the focus from entry to entry.
fn on_key(event: KeyboardEvent) {
    let step: (i32, i32) = match event.key().as_str() {
        "ArrowLeft" => (-1, 0),
        "ArrowRight" => (1, 0),
        "ArrowUp" => (0, -1),
        "ArrowDown" => (0, 1),
        _ => return,
    };
    let next = target(&event).and_then(|entry| neighbour(&entry, step));
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        event.stop_propagation();
        let _ = next.focus();
    }
}

/// The entry next to another in the table.
fn neighbour(entry: &Element, (aside, down): (i32, i32)) -> Option<Element> {
    let cell = entry.parent_element()?;
    let place = position(&cell, entry)?;
    let row = cell.parent_element()?;
    let row = match down {
        1 => row.next_element_sibling()?,
        -1 => row.previous_element_sibling()?,
        _ => row,
    };
    let place = u32::try_from(i64::from(place) + i64::from(aside)).ok()?;
    let next = row.last_element_child()?.children().item(place)?;
    (next.tag_name() == "BUTTON").then_some(next)
}

fn position(cell: &Element, entry: &Element) -> Option<u32> {
    let all = cell.children();
    (0..all.length()).find(|place| all.item(*place).as_ref() == Some(entry))
}

/// Buttons to page through logs that are longer than the view.
fn draw_pages(page: &Page, first: u64, last: u64, room: u64) -> Html {
    let latest = last.saturating_sub(room) + 1;
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
    let back = first.saturating_sub(room).max(1);
    let on = first + room;
    html! {
        <p class="pages">
            { to(Some(1), texts().first_entries(), "⇤", first == 1) }
            { to(Some(back), texts().earlier_entries(), "‹", first == 1) }
            <span>{ texts().entries_shown(first, last.min(first + room - 1), last) }</span>
            { to((on < latest).then_some(on), texts().later_entries(), "›", first >= latest) }
            { to(None, texts().last_entries(), "⇥", first >= latest) }
        </p>
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
