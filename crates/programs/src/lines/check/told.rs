//! How it is told what came of a server.

use hustings_lab::View;
use hustings_raft::{NodeId, RoleName};

use super::super::body::Body;
use super::subject::{ME, Sent, id};

/// What is seen of a server, and what it sent.
pub(super) fn of(view: &View, sent: &[Sent]) -> String {
    let View {
        role,
        term,
        voted_for,
        leader,
        log,
        commit,
        ..
    } = view;
    let terms: Vec<_> = log.iter().map(|(_, it)| it.term.0).collect();
    let sent: Vec<_> = sent.iter().map(message).collect();
    let sent = match sent.is_empty() {
        true => "sent nothing".to_owned(),
        false => sent.join("; "),
    };
    format!(
        "it is a {} in term {term}, voted_for {}, leader {}, a log of terms {terms:?}, \
         commit_index {commit}; it {sent}",
        role.unwrap_or(RoleName::Follower),
        server(*voted_for),
        server(*leader)
    )
}

fn message((to, message, disk): &Sent) -> String {
    let body = serde_json::to_string(&Body::of(id(ME), message)).unwrap_or_default();
    format!(
        "sent {to} {body} with current_term {}, voted_for {} and {} entries on its disk",
        disk.term,
        server(disk.voted_for),
        disk.log.len()
    )
}

fn server(id: Option<NodeId>) -> String {
    id.map_or("null".to_owned(), |id| id.to_string())
}
