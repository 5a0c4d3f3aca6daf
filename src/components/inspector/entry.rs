//! An entry of a log in the inspector: who holds it, and why it is committed or
//! not.

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

/// How many records are looked through for the last word on an entry.
const LOOK_BACK_MAX: usize = 2_000;

/// The leader's last word on what it could commit and what it could not yet.
fn draw_why(
    run: &RunView,
    server: &Server,
    entry: &Entry,
    index: LogIndex,
    dispatch: &Dispatch,
) -> Html {
    let committed = server.commit() >= index;
    let judge = if committed {
        server.id()
    } else {
        leader(run).unwrap_or(server.id())
    };
    let last_word = |speaks: fn(&Reason, LogIndex, bool) -> bool| {
        let records = run.records().iter().rev().take(LOOK_BACK_MAX);
        let of_judge = records.filter(|(_, record)| record.event.server() == Some(judge));
        let mut found = of_judge.filter_map(|(id, record)| {
            let mut reasons = record.reasons.iter();
            Some((id, reasons.find(|it| speaks(it, index, committed))?))
        });
        found.next()
    };
    let found = last_word(speaks_of).or_else(|| last_word(speaks_of_later));
    let Some((id, reason)) = found else {
        return html! { <p>{ unknown(run, entry, committed) }</p> };
    };
    html! {
        <>
            <h3>{ if committed { texts().why_committed() } else { texts().why_not_committed() } }</h3>
            <p>
                { narrate::explain(judge, reason, lang()) }{ " " }
                { rule_source(reason.rule()) }
            </p>
            { draw_visit(run, id, dispatch) }
        </>
    }
}

/// Whether a reason says why an entry was committed, or why it could not be.
fn speaks_of(reason: &Reason, index: LogIndex, committed: bool) -> bool {
    match reason {
        Reason::CommitAdvanced { new, .. } | Reason::CommitLearned { new, .. } => {
            committed && *new >= index
        }
        Reason::CommitWaits { index: other, .. } => !committed && *other <= index,
        Reason::CommitWaitsForOwnTerm { .. } => !committed,
        _ => false,
    }
}

/// Whether a reason says why an entry after this one could not be committed.
fn speaks_of_later(reason: &Reason, _: LogIndex, committed: bool) -> bool {
    !committed && matches!(reason, Reason::CommitWaits { .. })
}

fn unknown(run: &RunView, entry: &Entry, committed: bool) -> String {
    if committed {
        return texts().committed_long_ago().to_owned();
    }
    match leader(run) {
        Some(leader) => texts().leader_has_not_said(leader, entry.term),
        None => texts().no_leader_to_commit().to_owned(),
    }
}
