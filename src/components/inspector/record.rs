//! A record in the inspector: reasons, changes, messages, and the chain of causes.

use hustings_lab::{
    Change, Event, Invariant, Record, RecordId, Run, Told, VecSet, Violation, Weight, narrate,
    weight,
};
use hustings_raft::{NodeId, NodeSet, RuleOutcome};
use yew::prelude::*;

use super::super::controls::button;
use super::super::glyphs::{role_text, rule_source};
use super::super::{Dispatch, on_click};
use super::server::position;
use super::{draw_visit, draw_visits};
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::moment::moment;
use crate::session::{Action, Other, RunView, Selection, WhatIf};

/// The maximum number of causes shown, each with those like it.
const CHAIN_MAX: usize = 12;

/// The maximum number of causes looked at.
const CAUSES_MAX: usize = 20_000;

pub(super) fn draw(run: &RunView, id: RecordId, dispatch: &Dispatch) -> Option<Html> {
    let record = run.tip().records().get(id)?;
    let chain = chain(run, id);
    let violations = run.tip().violations().iter();
    Some(html! {
        <>
            <h2><time>{ moment(record.at) }</time>{ " " }{ translated(narrate::event(&record.event, lang())) }</h2>
            { for violations.filter(|it| it.record == id).map(|it| draw_violation(run, it, dispatch)) }
            { draw_failed(run, id) }
            { draw_reasons(record) }
            { draw_beside(run, id, record) }
            { draw_changes(record) }
            { draw_sent(record, dispatch) }
            { draw_waiting(record) }
            if !chain.is_empty() {
                <h3>{ texts().what_led_here() }</h3>
                <ol class="chain">
                    { for chain.into_iter().map(|Cause { id, times }| html! { <li key={id.0}>{ draw_visits(run, id, times, dispatch) }</li> }) }
                </ol>
            }
        </>
    })
}

/// A cause, and how often it came about the same way, one time after the other.
struct Cause {
    /// The latest.
    id: RecordId,
    times: usize,
}

/// What led to a record, latest first: its causes, the vote because of which it refuses
/// another one, and what was done to the cluster without which it would not have come to
/// that.
fn chain(run: &RunView, id: RecordId) -> Vec<Cause> {
    let tip = run.tip();
    let causes = tip.causes(id).map(|(id, _)| id).take(CAUSES_MAX);
    let mut all: VecSet<_> = causes.collect();
    let faults = all.items().chain([id]);
    let faults: Vec<_> = faults.filter_map(|it| tip.fault_behind(it)).collect();
    for behind in faults.into_iter().chain(tip.vote_behind(id)) {
        all.insert(behind, ());
    }
    let mut chain: Vec<Cause> = Vec::new();
    for id in all.items().rev() {
        if let Some(last) = chain.last_mut()
            && is_again(tip, last.id, id)
        {
            last.times += 1;
        } else if chain.len() < CHAIN_MAX {
            chain.push(Cause { id, times: 1 });
        } else {
            break;
        }
    }
    chain
}

/// Whether two records are routine, and the same but for their time.
fn is_again(run: &Run, one: RecordId, other: RecordId) -> bool {
    let (Some(one), Some(other)) = (run.records().get(one), run.records().get(other)) else {
        return false;
    };
    let is_routine = |it: &Record| weight(it) == Weight::Routine;
    is_routine(one)
        && is_routine(other)
        && match (&one.event, &other.event) {
            (Event::TimerFired { .. }, _) => one.event == other.event,
            (Event::Delivered(one), Event::Delivered(other)) => {
                one.link == other.link && one.message.kind() == other.message.kind()
            }
            _ => false,
        }
}

fn draw_violation(run: &RunView, violation: &Violation, dispatch: &Dispatch) -> Html {
    let invariant: Invariant = violation.invariant();
    let mended = on_click(dispatch, Action::PutBeside(Other::WhatIf(WhatIf::Mended)));
    html! {
        <div class="violation" role="alert">
            <p><strong>{ texts().violated(invariant.name()) }</strong>{ " " }{ narrate::violation(violation, lang()) }</p>
            <p>{ narrate::invariant(invariant, lang()) }{ " " }<span class="rule">{ narrate::source(invariant.source(), lang()) }</span></p>
            if let Some(other) = violation.contradicts {
                <h3>{ texts().contradicts() }</h3>
                { draw_visit(run, other, dispatch) }
            }
            if !run.header().broken.is_empty() {
                <p class="actions">{ button(texts().same_mended(), texts().what_if_hint(), mended) }</p>
            }
        </div>
    }
}

/// The election that this record ended without a winner.
fn draw_failed(run: &RunView, id: RecordId) -> Html {
    match run.item_of(id).map(|item| item.told) {
        Some(Told::Record {
            failed: Some(tally),
            ..
        }) => html! { <p>{ narrate::tally_beside_reasons(&tally, lang()) }</p> },
        _ => html! {},
    }
}

/// What a crash has lost, a role taken for no reason that can be seen, information that is
/// not in the record, and what was printed.
fn draw_beside(run: &RunView, id: RecordId, record: &Record) -> Html {
    let lost = narrate::lost_in_crash(record, lang());
    let item = run.item_of(id);
    let beside = item.map(|item| narrate::beside(&item.told, &record.event, lang()));
    let printed = narrate::printed(record, lang());
    let role = narrate::unexplained_role(record, lang());
    let sentences = lost
        .into_iter()
        .chain(role)
        .chain(beside.into_iter().flatten());
    let sentences = sentences.chain(printed);
    html! { { for sentences.map(|sentence| html! { <p>{ sentence }</p> }) } }
}

/// The reasons, each with the source of its rule.
pub(in crate::components) fn draw_reasons(record: &Record) -> Html {
    if record.event.server().is_none() {
        return html! {};
    }
    html! {
        <ul class="reasons" aria-label={texts().why()}>
            { for narrate::reasons(record, lang()).into_iter().map(|(reason, sentence)| html! {
                <li class={outcome_class(reason.outcome())}>
                    { sentence }{ " " }
                    { rule_source(reason.rule()) }
                </li>
            }) }
        </ul>
    }
}

fn outcome_class(outcome: RuleOutcome) -> &'static str {
    match outcome {
        RuleOutcome::Done => "done",
        RuleOutcome::Refused => "refused",
        RuleOutcome::Waiting => "waiting",
        RuleOutcome::Ignored => "ignored",
        RuleOutcome::Broken => "broken",
    }
}

/// The changes of the server's fields.
pub(in crate::components) fn draw_changes(record: &Record) -> Html {
    if record.changes.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3>{ texts().what_changed() }</h3>
            <dl class="changes">
                { for record.changes.iter().map(|change| {
                    let (name, old, new) = describe(change);
                    html! { <div><dt>{ name }</dt><dd>{ old }{ " → " }<strong>{ new }</strong></dd></div> }
                }) }
            </dl>
        </>
    }
}

fn describe(change: &Change) -> (&'static str, String, String) {
    let name = |id: Option<NodeId>| id.map_or_else(|| "–".to_owned(), |id| id.to_string());
    let set = |set: NodeSet| narrate::names(set, lang());
    match *change {
        Change::Term { old, new } => (texts().term(), old.to_string(), new.to_string()),
        Change::VotedFor { old, new } => (texts().voted_for_field(), name(old), name(new)),
        Change::Role { old, new } => (
            texts().role(),
            role_text(Some(old)).to_owned(),
            role_text(Some(new)).to_owned(),
        ),
        Change::Leader { old, new } => (texts().leader_field(), name(old), name(new)),
        Change::LogEnd { old, new } => (texts().last_entry(), position(old), position(new)),
        Change::Members { old, new } => (texts().members(), set(old), set(new)),
        Change::Commit { old, new } => (texts().commit_index(), old.to_string(), new.to_string()),
    }
}

/// The messages sent, as buttons that select them.
fn draw_sent(record: &Record, dispatch: &Dispatch) -> Html {
    if record.sent.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3>{ texts().what_was_sent() }</h3>
            <ul class="sent">
                { for record.sent.iter().map(|flight| {
                    let this = Selection::Message(flight.id);
                    let hover = |what| on_click::<PointerEvent>(dispatch, Action::Hover(what));
                    html! {
                        <li key={flight.id.0}>
                            <button
                                type="button"
                                class="cause"
                                onclick={on_click::<MouseEvent>(dispatch, Action::Select(this))}
                                onpointerenter={hover(this)}
                                onpointerleave={hover(Selection::Nothing)}
                            >
                                { narrate::flight_name(flight, lang()) }
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </>
    }
}

/// The messages that are sent once a write is durable.
fn draw_waiting(record: &Record) -> Html {
    if record.waiting.is_empty() {
        return html! {};
    }
    html! {
        <>
            <h3>{ texts().what_waits() }</h3>
            <ul>
                { for record.waiting.iter().map(|it| html! {
                    <li>{ narrate::message_name(&it.message, it.link, lang()) }</li>
                }) }
            </ul>
        </>
    }
}
