//! What the program was called for, or why nothing of it ran.

use hustings_lab::{Event, narrate};
use hustings_raft::NodeId;
use yew::prelude::*;

use super::super::Page;
use crate::i18n::{lang, texts};
use crate::programs::program_of;

/// What the latest record called, and why; or why it called nothing.
pub(super) fn draw(page: &Page, shown: NodeId) -> Html {
    let session = &page.session;
    if session.is_too_fast_for_code() {
        return html! { <p class="code-said">{ texts().code_fast() }</p> };
    }
    let Some(record) = session.shown_record() else {
        return html! {};
    };
    let event = narrate::event(&record.event, lang());
    let call = session.shown_trace().and_then(|traced| {
        let last = traced.steps.len().saturating_sub(1);
        traced.call_at(session.code().place().unwrap_or(last))
    });
    let Some(call) = call else {
        return html! { <p class="code-said">{ event }{ " " }<em>{ why_nothing(page, shown) }</em></p> };
    };
    html! {
        <p class="code-said">
            <strong>{ shown.to_string() }</strong>{ " " }<code>{ call.function.clone() }</code>
            if call.writes > 0 { { " " }<em>{ texts().code_goes_on() }</em> }
            { " · " }{ event }
            if call.is_cut { { " " }<em>{ texts().code_cut() }</em> }
        </p>
    }
}

fn why_nothing(page: &Page, shown: NodeId) -> String {
    let event = page.session.shown_record().map(|record| &record.event);
    // That it fails says why.
    if matches!(
        event,
        Some(Event::Crashed {
            failure: Some(_),
            ..
        })
    ) {
        return String::new();
    }
    let Some(id) = event.and_then(Event::server) else {
        return texts().code_no_server().to_owned();
    };
    let Some(server) = page.run.server(id) else {
        return String::new();
    };
    if program_of(&page.run, id).is_none() {
        texts().code_is_core(id)
    } else if id != shown {
        texts().code_other(id, shown)
    } else if !server.is_up() {
        texts().code_down(id)
    } else if server.pending_writes() > 0 {
        texts().code_waits(id)
    } else {
        texts().code_nothing(id)
    }
}
