//! What is done in each of two futures where they part, in words.

use hustings_lab::{Flight, narrate};
use yew::prelude::*;

use super::super::Page;
use super::super::inspector::{draw_changes, draw_reasons};
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::moment::moment;
use crate::session::{Account, Other, WhatIf};

/// Both accounts, if the page stands where the two part.
pub(super) fn draw(page: &Page, (shown, other): &(String, String)) -> Html {
    let Some(parted) = page.session.parted() else {
        return html! {};
    };
    let is_raft = page
        .session
        .beside()
        .is_some_and(|it| *it.other() == Other::WhatIf(WhatIf::Raft));
    let other = if is_raft {
        texts().raft_told_same().to_owned()
    } else {
        other.clone()
    };
    html! {
        <div class="accounts" role="status" aria-label={texts().where_part()}>
            { draw_account(shown, parted.here.as_ref()) }
            { draw_account(&other, parted.there.as_ref()) }
        </div>
    }
}

fn draw_account(name: &str, account: Option<&Account>) -> Html {
    let Some(record) = account else {
        return html! {
            <section><h3>{ name }</h3><p>{ texts().account_ends() }</p></section>
        };
    };
    let nothing = narrate::reasons(record, lang()).is_empty()
        && record.changes.is_empty()
        && record.sent.is_empty();
    html! {
        <section>
            <h3>{ name }</h3>
            <p><time>{ moment(record.at) }</time>{ " " }{ translated(narrate::event(&record.event, lang())) }</p>
            { draw_reasons(record) }
            if nothing {
                <p class="nothing">{ texts().account_nothing() }</p>
            }
            { draw_changes(record) }
            if !nothing && record.event.server().is_some() {
                <p class="sent">{ sent(&record.sent) }</p>
            }
        </section>
    }
}

/// The messages that were sent, those of one kind as one.
fn sent(flights: &[std::rc::Rc<Flight>]) -> String {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for flight in flights {
        let message = narrate::message(&flight.message, lang());
        let to = flight.link.to.to_string();
        match told.iter_mut().find(|(it, _)| *it == message) {
            Some((_, receivers)) => receivers.push(to),
            None => told.push((message, vec![to])),
        }
    }
    let told = told.into_iter();
    let told: Vec<_> = told
        .map(|(message, to)| texts().account_sends(to.join(" "), message))
        .collect();
    if told.is_empty() {
        return texts().account_sends_nothing().to_owned();
    }
    told.join(" ")
}
