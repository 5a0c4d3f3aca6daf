//! A server in the inspector.

use hustings_lab::{Command, Link, Path, Server, narrate};
use hustings_raft::{NodeId, Position, Progress, Role};
use yew::prelude::*;

use super::super::glyphs::{role_badge, role_name, term_chip};
use super::super::{CommandButton, Dispatch, on_click};
use super::draw_fields;
use super::record::draw_reasons;
use crate::session::{Action, Story, leader};

pub(super) fn draw(story: &Story, id: NodeId, dispatch: &Dispatch) -> Option<Html> {
    let server = story.server(id)?;
    Some(html! {
        <>
            <h2>{ id.to_string() }{ " " }{ role_badge(server) }{ " " }{ role_name(server) }</h2>
            { draw_actions(story, server, dispatch) }
            { draw_fields(fields(server)) }
            { draw_progress(server) }
            { draw_links(story, id, dispatch) }
            { draw_last(story, id) }
        </>
    })
}

fn draw_actions(story: &Story, server: &Server, dispatch: &Dispatch) -> Html {
    let id = server.id();
    let up = server.is_up();
    let down = (!up).then(|| AttrValue::from(format!("{id} is down")));
    let isolated = links_of(story, id).all(|link| story.is_cut(link) && story.is_cut(link.back()));
    let request = on_click::<MouseEvent>(dispatch, Action::Request(id));
    html! {
        <p class="actions">
            <CommandButton
                command={Command::Timeout { server: id, timer: None }}
                label={format!("Time out {id}")}
                unavailable={down.clone()}
                dispatch={dispatch.clone()}
            />
            if up {
                <CommandButton command={Command::Crash(id)} label={format!("Crash {id}")} dispatch={dispatch.clone()} />
            } else {
                <CommandButton command={Command::Restart(id)} label={format!("Restart {id}")} dispatch={dispatch.clone()} />
            }
            <CommandButton
                command={Command::Isolate(id)}
                label={format!("Isolate {id}")}
                unavailable={isolated.then_some(AttrValue::from("All its links are cut already"))}
                dispatch={dispatch.clone()}
            />
            <CommandButton
                command={Command::Transfer { server: leader(story).unwrap_or(id), target: id }}
                label={format!("Hand over to {id}")}
                unavailable={no_transfer(leader(story), id)}
                dispatch={dispatch.clone()}
            />
            <button type="button" disabled={!up} title={down} onclick={request}>
                { format!("Send {id} a request") }
            </button>
        </p>
    }
}

/// Why leadership cannot be handed over to this server.
fn no_transfer(leader: Option<NodeId>, target: NodeId) -> Option<AttrValue> {
    match leader {
        None => Some("There is no leader that could hand over".into()),
        Some(leader) if leader == target => Some("It leads already".into()),
        Some(_) => None,
    }
}

fn fields(server: &Server) -> Vec<(&'static str, Html)> {
    let name = |id: Option<NodeId>| Html::from(id.map_or("none".to_owned(), |id| id.to_string()));
    let mut fields = vec![
        ("Term", term_chip(server.term())),
        ("Voted for", name(server.voted_for())),
        ("Last entry", Html::from(position(server.log().last()))),
    ];
    if server.is_up() {
        fields.push(("Leader", name(server.leader())));
        fields.push(("Commit index", Html::from(server.commit().to_string())));
    }
    if server.pending_writes() > 0 {
        fields.push((
            "Writes under way",
            Html::from(server.pending_writes().to_string()),
        ));
    }
    fields
}

fn position(position: Position) -> String {
    match position {
        Position::START => "none".to_owned(),
        Position { index, term } => format!("index {index}, term {term}"),
    }
}

fn draw_progress(server: &Server) -> Html {
    let Some(Role::Leader { progress, .. }) = server.node().map(|node| node.role()) else {
        return html! {};
    };
    html! {
        <table class="progress">
            <thead>
                <tr><th>{ "Follower" }</th><th>{ "Match" }</th><th>{ "Next" }</th></tr>
            </thead>
            <tbody>
                { for progress.iter().map(|(id, known)| draw_follower(id, known)) }
            </tbody>
        </table>
    }
}

fn draw_follower(id: NodeId, known: &Progress) -> Html {
    html! {
        <tr key={id.to_string()}>
            <th scope="row">{ id.to_string() }</th>
            <td>{ known.match_index.0 }</td>
            <td>{ known.next_index.0 }{ if known.probing { " ?" } else { "" } }</td>
        </tr>
    }
}

fn links_of(story: &Story, from: NodeId) -> impl Iterator<Item = Link> {
    story
        .ids()
        .without(from)
        .iter()
        .map(move |to| Link { from, to })
}

fn draw_links(story: &Story, id: NodeId, dispatch: &Dispatch) -> Html {
    html! {
        <p class="actions links">
            <span>{ "Links" }</span>
            { for links_of(story, id).map(|link| draw_link_button(story, link, dispatch)) }
        </p>
    }
}

/// One button a link: it cuts what is whole and mends what is not.
pub(super) fn draw_link_button(story: &Story, link: Link, dispatch: &Dispatch) -> Html {
    let path = Path {
        link,
        both_ways: true,
    };
    let whole = !story.is_cut(link) && !story.is_cut(link.back());
    let (verb, command) = if whole {
        ("Cut", Command::Cut(path))
    } else {
        ("Mend", Command::Mend(path))
    };
    html! {
        <CommandButton {command} label={format!("{verb} {path}")} dispatch={dispatch.clone()} key={path.to_string()} />
    }
}

/// How many records are looked through for the last one of a server.
const LOOK_BACK_MAX: usize = 1_000;

/// The last thing that happened to this server, and why.
fn draw_last(story: &Story, id: NodeId) -> Html {
    let last = story
        .records()
        .iter()
        .rev()
        .take(LOOK_BACK_MAX)
        .map(|(_, record)| record)
        .find(|record| record.event.server() == Some(id));
    match last {
        Some(record) => html! {
            <>
                <h3>{ "Last step" }</h3>
                <p><time>{ record.at.to_string() }</time>{ " " }{ narrate::event(&record.event) }</p>
                { draw_reasons(record) }
            </>
        },
        None => html! {},
    }
}
