//! The client: what it asked, and what became of it.

use std::sync::Arc;

use hustings_lab::{Event, Run};
use hustings_raft::{LogIndex, NodeId, Payload};
use yew::prelude::*;

use super::super::controls::ButtonStyle;
use super::super::glyphs::class_of;
use super::super::{Page, on_click};
use crate::i18n::texts;
use crate::session::{Action, leader};

pub(in super::super) fn same(one: &Page, other: &Page) -> bool {
    one.run == other.run
}

/// The client with its latest requests.
pub(in super::super) fn draw(page: &Page) -> Html {
    let leader = leader(&page.run);
    let (onclick, hint) = match leader {
        Some(leader) => (
            on_click(&page.dispatch, Action::Request(leader)),
            texts().request_hint(leader),
        ),
        None => (Callback::noop(), texts().request_no_leader().to_owned()),
    };
    let style = ButtonStyle {
        class: "ask",
        hint: &hint,
        disabled: leader.is_none(),
        ..ButtonStyle::default()
    };
    html! {
        <div class="client" role="group" aria-label={texts().client()}>
            { style.button(texts().request(), onclick) }
            <ul>
                { for requests(&page.run).into_iter().map(|it| it.draw()) }
            </ul>
        </div>
    }
}

/// The most requests shown.
const SHOWN_MAX: usize = 3;
/// The most records searched for requests.
const SEARCHED_MAX: usize = 1_500;
/// The most entries of a log searched for a request.
const ENTRIES_MAX: u64 = 200;

/// A client's request.
struct Request {
    asked: NodeId,
    command: Arc<str>,
    fate: Fate,
}

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The server that was asked knows it to be committed.
    Answered,
    /// It is in the log of the server that was asked.
    Waits,
    /// It is in the logs of others only: the server that was asked does not answer.
    Unanswered,
    /// It is in no log.
    Gone,
}

fn requests(run: &Run) -> Vec<Request> {
    let records = run.records().iter().rev().take(SEARCHED_MAX);
    let asked = records.filter_map(|(_, record)| match &record.event {
        Event::Proposed { server, command } => Some((*server, command)),
        _ => None,
    });
    let mut requests: Vec<_> = asked
        .take(SHOWN_MAX)
        .map(|(asked, command)| Request {
            asked,
            command: Arc::clone(command),
            fate: fate(run, asked, command),
        })
        .collect();
    requests.reverse();
    requests
}

fn fate(run: &Run, asked: NodeId, command: &str) -> Fate {
    let place = |id: NodeId| {
        let server = run.server(id)?;
        let last = server.log().last_index().0;
        let mut latest = (last.saturating_sub(ENTRIES_MAX)..=last).rev();
        let index = latest.find(|index| {
            let entry = server.log().get(LogIndex(*index));
            entry.is_some_and(
                |entry| matches!(&entry.payload, Payload::Command(it) if **it == *command),
            )
        })?;
        Some((LogIndex(index), server))
    };
    match place(asked) {
        Some((index, server)) if server.commit() >= index => Fate::Answered,
        Some((_, server)) if server.is_up() => Fate::Waits,
        _ if run.ids().iter().any(|id| place(id).is_some()) => Fate::Unanswered,
        _ => Fate::Gone,
    }
}

impl Request {
    fn draw(&self) -> Html {
        let (class, sign, told) = match self.fate {
            Fate::Answered => ("answered", "✓", texts().request_answered(self.asked)),
            Fate::Waits => ("waits", "…", texts().request_waits(self.asked)),
            Fate::Unanswered => ("unanswered", "?", texts().request_unanswered(self.asked)),
            Fate::Gone => ("gone", "✕", texts().request_gone().to_owned()),
        };
        html! {
            <li class={class_of(&["request", class])} title={told.clone()}>
                <b aria-hidden="true">{ sign }</b>
                { " " }{ &*self.command }{ " → " }{ self.asked.to_string() }
                <span class="visually-hidden">{ ": " }{ told }</span>
            </li>
        }
    }
}
