//! The client: what it asked, and what became of it.

use std::sync::Arc;

use hustings_lab::{Event, Run, Server};
use hustings_raft::{ClientReply, NodeId, Position};
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
    let recorded = page.run.only_recorded();
    let (onclick, hint) = match (recorded, leader) {
        (Some(recorded), _) => (Callback::noop(), recorded.to_owned()),
        (None, Some(leader)) => (
            on_click(&page.dispatch, Action::Request(leader)),
            texts().request_hint(leader),
        ),
        (None, None) => (Callback::noop(), texts().request_no_leader().to_owned()),
    };
    let style = ButtonStyle {
        class: "ask",
        hint: &hint,
        disabled: leader.is_none() || recorded.is_some(),
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
/// A client's request.
struct Request {
    asked: NodeId,
    command: Arc<str>,
    fate: Fate,
}

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The server that was asked has answered that it is committed.
    Answered,
    /// It is in the log of the server that was asked, which has not answered yet.
    Waits,
    /// It is in the logs of others only.
    Unanswered,
    /// It is in no log any more.
    Gone,
    /// The server that was asked refused it.
    Refused,
}

/// The latest requests, oldest first.
fn requests(run: &Run) -> Vec<Request> {
    let mut answered = Vec::new();
    let mut requests = Vec::new();
    for (_, record) in run.records().iter().rev().take(SEARCHED_MAX) {
        let committed = record.answers.iter().filter_map(|answer| match answer {
            ClientReply::Committed(position) => Some(*position),
            _ => None,
        });
        let server = record.event.server();
        answered.extend(committed.map(|position| (server, position)));
        let Event::Proposed { server, command } = &record.event else {
            continue;
        };
        requests.push(Request {
            asked: *server,
            command: Arc::clone(command),
            fate: fate(run, *server, &record.answers, &answered),
        });
        if requests.len() == SHOWN_MAX {
            break;
        }
    }
    requests.reverse();
    requests
}

/// By the answers to a request, and the answers of all servers since.
fn fate(
    run: &Run,
    asked: NodeId,
    answers: &[ClientReply],
    since: &[(Option<NodeId>, Position)],
) -> Fate {
    let accepted = answers.iter().find_map(|answer| match answer {
        ClientReply::Accepted(position) | ClientReply::Committed(position) => Some(*position),
        _ => None,
    });
    let Some(position) = accepted else {
        return Fate::Refused;
    };
    // An index and a term make out one entry (§5.3).
    let holds = |server: &Server| {
        let entry = server.log().get(position.index);
        entry.is_some_and(|entry| entry.term == position.term)
    };
    if since.contains(&(Some(asked), position)) {
        Fate::Answered
    } else if run.server(asked).is_some_and(|it| it.is_up() && holds(it)) {
        Fate::Waits
    } else if run.servers().any(holds) {
        Fate::Unanswered
    } else {
        Fate::Gone
    }
}

impl Request {
    fn draw(&self) -> Html {
        let (class, sign, told) = match self.fate {
            Fate::Answered => ("answered", "✓", texts().request_answered(self.asked)),
            Fate::Waits => ("waits", "…", texts().request_waits(self.asked)),
            Fate::Unanswered => ("unanswered", "?", texts().request_unanswered(self.asked)),
            Fate::Gone => ("gone", "✕", texts().request_gone().to_owned()),
            Fate::Refused => ("gone", "✕", texts().request_refused(self.asked)),
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
