//! What is done in each of two futures where they part, in words.

use std::rc::Rc;

use hustings_lab::{Flight, Record, narrate};
use yew::prelude::*;

use super::super::Page;
use super::super::inspector::{draw_changes, draw_reasons};
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::moment::moment;
use crate::session::{Other, WhatIf};

/// What is done in the shown future or in the other, if both stand where they part.
pub(super) fn draw(page: &Page, is_other: bool) -> Option<Html> {
    let beside = page.session.beside()?;
    let parted = page.session.parted()?;
    let is_raft = *beside.other() == Other::WhatIf(WhatIf::Raft);
    let account = if is_other {
        &parted.there
    } else {
        &parted.here
    };
    let name = if is_other && is_raft {
        texts().raft_told_same()
    } else {
        texts().where_part()
    };
    Some(html! {
        <section class="account" tabindex="0" role="status" aria-label={name}>
            if let Some(record) = account {
                if is_other && is_raft {
                    <h3>{ name }</h3>
                }
                { draw_record(record) }
            } else {
                <p>{ texts().account_ends() }</p>
            }
        </section>
    })
}

fn draw_record(record: &Record) -> Html {
    let nothing = narrate::reasons(record, lang()).is_empty()
        && record.changes.is_empty()
        && record.sent.is_empty();
    html! {
        <>
            <p><time>{ moment(record.at) }</time>{ " " }{ translated(narrate::event(&record.event, lang())) }</p>
            { draw_reasons(record) }
            if nothing {
                <p class="nothing">{ texts().account_nothing() }</p>
            }
            { draw_changes(record) }
            if !record.sent.is_empty() {
                <p class="sent">{ sent(&record.sent) }</p>
            } else if !nothing && record.event.server().is_some() {
                <p class="sent">{ texts().account_sends_nothing() }</p>
            }
        </>
    }
}

/// The messages that were sent, those of one kind as one.
fn sent(flights: &[Rc<Flight>]) -> String {
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
    let told = told.map(|(message, to)| texts().account_sends(to.join(" "), message));
    told.collect::<Vec<_>>().join(" ")
}
