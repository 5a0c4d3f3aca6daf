//! The inspector: fields, reasons and less common actions of what is selected.

mod entry;
mod link;
mod message;
mod record;
mod server;
mod variables;

use hustings_lab::{Command, RecordId, narrate};
use yew::prelude::*;

pub(super) use self::record::{draw_changes, draw_reasons};
use super::controls::{ButtonStyle, command_button};
use super::{Dispatch, Page, on_click};
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::moment::moment;
use crate::session::{Action, Other, RunView, Selection};

pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.run == other.run
        && one.session.selected() == other.session.selected()
        && one.session.is_playing() == other.session.is_playing()
        && other_of(one) == other_of(other)
}

fn other_of(page: &Page) -> Option<&Other> {
    page.session.beside().map(|it| it.other())
}

pub(super) fn draw(page: &Page) -> Html {
    let (run, dispatch) = (&page.run, &page.dispatch);
    let shown = match page.session.selected() {
        Selection::Nothing => None,
        Selection::Server(id) => server::draw(page, id),
        Selection::Link(link) => Some(link::draw(run, link)),
        Selection::Message(id) => Some(message::draw(run, id, dispatch)),
        Selection::Record(id) => record::draw(run, id, dispatch),
        Selection::Entry(server, index) => entry::draw(run, server, index, dispatch),
    };
    html! {
        <div class="inspector" tabindex="0" role="group" aria-label={texts().inspector()}>
            { shown.unwrap_or_else(|| html! { <p>{ texts().inspector_hint() }</p> }) }
        </div>
    }
}

/// A list of fields.
fn draw_fields(fields: Vec<(&'static str, Html)>) -> Html {
    html! {
        <dl>
            { for fields.into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

/// A button for a command. It is disabled if there is a reason why the command would
/// change nothing, or if it would be refused now.
fn draw_command(
    run: &RunView,
    dispatch: &Dispatch,
    label: &str,
    command: Command,
    useless: Option<&str>,
) -> Html {
    let refused = run.why_not(&command);
    command_button(dispatch, command, label, useless.or(refused.as_deref()))
}

/// Why a setting that is there already need not be set.
fn already<T: PartialEq>(now: T, next: T) -> Option<&'static str> {
    (now == next).then_some(texts().so_it_is())
}

/// A record as a button that navigates to it.
fn draw_visit(run: &RunView, id: RecordId, dispatch: &Dispatch) -> Html {
    draw_visits(run, id, 1, dispatch)
}

/// The latest of so many like records.
fn draw_visits(run: &RunView, id: RecordId, times: usize, dispatch: &Dispatch) -> Html {
    let Some(record) = run.tip().records().get(id) else {
        return html! {};
    };
    let style = ButtonStyle {
        class: "cause",
        hint: texts().go_there(),
        ..ButtonStyle::default()
    };
    let mut told = translated(narrate::headline(record, lang()));
    if times > 1 {
        told = texts().times(times, told);
    }
    let label = html! { <><time>{ moment(record.at) }</time>{ " " }{ told }</> };
    style.around(label, on_click(dispatch, Action::Visit(id)))
}
