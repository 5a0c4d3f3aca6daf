//! Something that happened, in the inspector.

use hustings_lab::{Record, RecordId, narrate};
use hustings_raft::Verdict;
use yew::prelude::*;

use super::super::{Dispatch, on_click};
use crate::session::{Action, Selection, Story};

pub(super) fn draw(story: &Story, id: RecordId, dispatch: &Dispatch) -> Option<Html> {
    let record = story.records().get(id)?;
    let cause = record
        .cause
        .and_then(|cause| Some((cause, story.records().get(cause)?)));
    Some(html! {
        <>
            <h2><time>{ record.at.to_string() }</time>{ " " }{ narrate::event(&record.event) }</h2>
            { draw_reasons(record) }
            if let Some((cause, earlier)) = cause {
                <h3>{ "What led to it" }</h3>
                <button
                    type="button"
                    class="cause"
                    onclick={on_click(dispatch, Action::Select(Selection::Record(cause)))}
                >
                    <time>{ earlier.at.to_string() }</time>{ " " }{ narrate::headline(earlier) }
                </button>
            }
        </>
    })
}

/// Why: every rule that was applied, with its source.
pub(super) fn draw_reasons(record: &Record) -> Html {
    let Some(server) = record.event.server() else {
        return html! {};
    };
    html! {
        <ul class="reasons" aria-label="Why">
            { for record.reasons.iter().map(|reason| {
                let rule = reason.rule();
                html! {
                    <li class={verdict_class(reason.verdict())}>
                        { narrate::explain(server, reason) }{ " " }
                        <span class="rule" title={rule.statement()}>{ rule.source() }</span>
                    </li>
                }
            }) }
        </ul>
    }
}

fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Done => "done",
        Verdict::Refused => "refused",
        Verdict::Waiting => "waiting",
        Verdict::Ignored => "ignored",
        Verdict::Broken => "broken",
    }
}
