//! An entry of a log in the inspector: the servers that hold it, and why it is committed
//! or not.

use hustings_lab::{Server, narrate};
use hustings_raft::{Entry, LogIndex, NodeId, NodeSet, Reason};
use yew::prelude::*;

use super::super::Dispatch;
use super::super::glyphs::{rule_source, term_chip};
use super::{draw_fields, draw_visit};
use crate::i18n::{lang, texts};
use crate::session::{RunView, leader};

pub(super) fn draw(
    run: &RunView,
    id: NodeId,
    index: LogIndex,
    dispatch: &Dispatch,
) -> Option<Html> {
    let server = run.server(id)?;
    let entry = server.log().get(index)?;
    let same = |other: &&Server| other.log().get(index) == Some(entry);
    let names = |servers: NodeSet| {
        if servers.is_empty() {
            Html::from(texts().nobody())
        } else {
            Html::from(narrate::names(servers, lang()))
        }
    };
    let holders = || run.servers().filter(same);
    let committers = holders().filter(|it| it.commit() >= index);
    Some(html! {
        <>
            <h2>{ texts().entry_of(index, id) }</h2>
            { draw_fields(vec![
                (texts().term(), term_chip(entry.term)),
                (texts().holds(), Html::from(narrate::payload(&entry.payload, lang()).into_owned())),
                (texts().held_by(), names(holders().map(Server::id).collect())),
                (texts().committed_at(), names(committers.map(Server::id).collect())),
            ]) }
            { draw_why(run, server, entry, index, dispatch) }
        </>
    })
}

/// The maximum number of records searched for a reason about an entry.
const SEARCHED_MAX: usize = 2_000;

/// The last reason why the entry was committed, or why the leader could not commit it.
fn draw_why(
    run: &RunView,
    server: &Server,
    entry: &Entry,
    index: LogIndex,
    dispatch: &Dispatch,
) -> Html {
    let committed = server.commit() >= index;
    let explainer = if committed {
        server.id()
    } else {
        leader(run).unwrap_or(server.id())
    };
    let last_reason = |explains_it: fn(&Reason, LogIndex, bool) -> bool| {
        let records = run.records().iter().rev().take(SEARCHED_MAX);
        let of_server = records.filter(|(_, record)| record.event.server() == Some(explainer));
        let mut found = of_server.filter_map(|(id, record)| {
            let mut reasons = record.reasons.iter();
            Some((id, reasons.find(|it| explains_it(it, index, committed))?))
        });
        found.next()
    };
    let found = last_reason(explains).or_else(|| last_reason(explains_later));
    let Some((id, reason)) = found else {
        return html! { <p>{ unknown_reason(run, entry, committed) }</p> };
    };
    html! {
        <>
            <h3>{ if committed { texts().why_committed() } else { texts().why_not_committed() } }</h3>
            <p>
                { narrate::explain(explainer, reason, lang()) }{ " " }
                { rule_source(reason.rule()) }
            </p>
            { draw_visit(run, id, dispatch) }
        </>
    }
}

/// Whether a reason explains why an entry was committed, or why it was not.
fn explains(reason: &Reason, index: LogIndex, committed: bool) -> bool {
    match reason {
        Reason::CommitAdvanced { new, .. } | Reason::CommitLearned { new, .. } => {
            committed && *new >= index
        }
        Reason::CommitWaits { index: other, .. } => !committed && *other <= index,
        Reason::CommitWaitsForOwnTerm { .. } => !committed,
        _ => false,
    }
}

/// Whether a reason explains why a later entry was not committed.
fn explains_later(reason: &Reason, _: LogIndex, committed: bool) -> bool {
    !committed && matches!(reason, Reason::CommitWaits { .. })
}

fn unknown_reason(run: &RunView, entry: &Entry, committed: bool) -> String {
    if committed {
        return texts().committed_long_ago().to_owned();
    }
    match leader(run) {
        Some(leader) => texts().leader_has_not_said(leader, entry.term),
        None => texts().no_leader_to_commit().to_owned(),
    }
}
