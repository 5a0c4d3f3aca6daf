//! The inspector: fields, actions and reasons of what is selected.

mod entry;
mod link;
mod message;
mod record;
mod server;

use hustings_lab::narrate::Tell;
use hustings_lab::{Command, RecordId, narrate};
use yew::prelude::*;

use super::controls::{ButtonStyle, command_button};
use super::{Dispatch, INSPECTOR, Page, on_click};
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::session::{Action, Onboarding, RunView, Selection};

pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.run == other.run
        && one.session.selected() == other.session.selected()
        && one.session.tried() == other.session.tried()
}

pub(super) fn draw(page: &Page) -> Html {
    let (run, dispatch) = (&page.run, &page.dispatch);
    let shown = match page.session.selected() {
        Selection::Nothing => None,
        Selection::Server(id) => server::draw(run, id, dispatch),
        Selection::Link(link) => Some(link::draw(run, link, dispatch)),
        Selection::Message(id) => Some(message::draw(run, id, dispatch)),
        Selection::Record(id) => record::draw(run, id, dispatch),
        Selection::Entry(server, index) => entry::draw(run, server, index, dispatch),
    };
    html! {
        <section id={INSPECTOR} class="inspector" tabindex="0" aria-label={texts().inspector()}>
            { shown.unwrap_or_else(|| draw_hint(page.session.tried())) }
        </section>
    }
}

fn draw_hint(tried: Onboarding) -> Html {
    let hints = [
        (tried.crash, texts().try_crash()),
        (tried.partition, texts().try_partition()),
        (tried.step, texts().try_step()),
    ];
    let left: Vec<_> = hints.into_iter().filter(|(done, _)| !done).collect();
    html! {
        <>
            <h2>{ texts().inspector() }</h2>
            <p>{ texts().inspector_hint() }</p>
            if !left.is_empty() {
                <h3>{ texts().try_this() }</h3>
                <ul class="hints">
                    { for left.into_iter().map(|(_, hint)| html! { <li key={hint}>{ hint }</li> }) }
                </ul>
            }
        </>
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
    let refused = run.refusal(&command).map(|why| why.tell(lang()));
    command_button(dispatch, command, label, useless.or(refused.as_deref()))
}

/// Why a setting that is there already need not be set.
fn already<T: PartialEq>(now: T, next: T) -> Option<&'static str> {
    (now == next).then_some(texts().so_it_is())
}

/// A record as a button that navigates to it.
fn draw_visit(run: &RunView, id: RecordId, dispatch: &Dispatch) -> Html {
    let Some(record) = run.tip().records().get(id) else {
        return html! {};
    };
    let style = ButtonStyle {
        class: "cause",
        hint: texts().go_there(),
        ..ButtonStyle::default()
    };
    let label = html! {
        <><time>{ record.at.to_string() }</time>{ " " }{ translated(narrate::headline(record, lang())) }</>
    };
    style.around(label, on_click(dispatch, Action::Visit(id)))
}
