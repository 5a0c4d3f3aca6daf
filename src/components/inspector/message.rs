//! A message in the inspector.

use std::rc::Rc;

use hustings_lab::{Event, Flight, MessageId, Record, RecordId, narrate};
use hustings_raft::{Entry, Message, Position};
use yew::prelude::*;

use super::super::Dispatch;
use super::super::glyphs::term_chip;
use super::super::stage::outcome;
use super::{draw_fields, draw_visit};
use crate::i18n::{lang, texts};
use crate::moment::moment;
use crate::session::RunView;

pub(super) fn draw(run: &RunView, id: MessageId, dispatch: &Dispatch) -> Html {
    match run.in_flight().find(|flight| flight.id == id) {
        Some(flight) => draw_flight(run, flight),
        None => draw_landed(run, id, dispatch),
    }
}

/// A message that is not in flight at the current position: its content, and the records
/// in which it was sent and ended.
fn draw_landed(run: &RunView, id: MessageId, dispatch: &Dispatch) -> Html {
    let Some((flight, sent, ended)) = find(run, id) else {
        return html! { <p>{ texts().message_unknown() }</p> };
    };
    html! {
        <>
            <h2>{ flight.message.kind().name() }</h2>
            { draw_says(&flight) }
            if let Some(sent) = sent {
                <h3>{ texts().sent_in() }</h3>
                { draw_visit(run, sent, dispatch) }
            }
            if let Some(ended) = ended {
                <h3>{ texts().came_of_it() }</h3>
                { draw_visit(run, ended, dispatch) }
            }
        </>
    }
}

/// The message with the records in which it was sent and in which it ended.
fn find(run: &RunView, id: MessageId) -> Option<(Rc<Flight>, Option<RecordId>, Option<RecordId>)> {
    let mut sent = None;
    let mut ended = None;
    let mut found = None;
    let about = |record: &Record| match &record.event {
        Event::Delivered(flight) | Event::Lost { flight, .. } if flight.id == id => {
            Some(Rc::clone(flight))
        }
        _ => None,
    };
    for (record_id, record) in run.tip().records().iter().rev() {
        if let Some(flight) = about(record) {
            (found, ended) = (Some(flight), Some(record_id));
        }
        if let Some(flight) = record.sent.iter().find(|flight| flight.id == id) {
            found.get_or_insert_with(|| Rc::clone(flight));
            sent = Some(record_id);
            break;
        }
    }
    Some((found?, sent, ended))
}

fn draw_says(flight: &Flight) -> Html {
    let mut fields = vec![
        (texts().way(), Html::from(flight.link.to_string())),
        (texts().term(), term_chip(flight.message.term())),
    ];
    if let Message::AppendEntries { prev, entries, .. } = &*flight.message
        && !entries.is_empty()
    {
        fields.push((texts().entries(), draw_entries(*prev, entries)));
    }
    fields.extend([
        (
            texts().says(),
            Html::from(narrate::message(&flight.message, lang())),
        ),
        (texts().sent_at(), Html::from(moment(flight.sent_at))),
    ]);
    draw_fields(fields)
}

/// The maximum number of entries listed.
const ENTRIES_SHOWN_MAX: usize = 12;

/// The terms of a message's entries.
fn draw_entries(prev: Position, entries: &[Entry]) -> Html {
    let shown = entries.iter().take(ENTRIES_SHOWN_MAX).zip(1..);
    let more = entries.len().saturating_sub(ENTRIES_SHOWN_MAX);
    html! {
        <>
            { for shown.map(|(entry, place)| {
                let index = prev.index.plus(place);
                let payload = narrate::payload(&entry.payload, lang());
                html! { <span key={place} title={texts().of_which(index, payload)}>{ term_chip(entry.term) }{ " " }</span> }
            }) }
            if more > 0 {
                { format!("+{more}") }
            }
        </>
    }
}

fn draw_flight(run: &RunView, flight: &Flight) -> Html {
    let outcome = outcome(flight, run.would_be_lost(flight), run.is_held(flight.id));
    html! {
        <>
            <h2>{ flight.message.kind().name() }</h2>
            { draw_says(flight) }
            <p>{ outcome }</p>
        </>
    }
}
