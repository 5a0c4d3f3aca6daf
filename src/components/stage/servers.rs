//! The servers: name, role, term, vote, timer, and a candidate's votes.

use hustings_lab::{Flight, Lab, Server, narrate};
use hustings_raft::{Message, NodeId, Role, RoleName, Timer, Votes};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of, role_letter, role_name, role_words, term_class};
use super::super::{Dispatch, on_activate, on_click};
use super::geometry::{CENTRE, Point, Ring, around, at, num, path};
use crate::session::{Action, Selection, Session};
use crate::words::{lang, words};

/// The radius of a server in which the words have their natural size.
const WORDS_FIT: f64 = 58.0;

/// The servers in their places; one may be dragged elsewhere.
pub(super) fn draw(
    session: &Session,
    dispatch: &Dispatch,
    ring: &Ring,
    dragged: Option<(NodeId, Point)>,
) -> Html {
    let draw_one = |server: &Server| {
        let id = server.id();
        let place = match dragged {
            Some((one, place)) if one == id => place,
            _ => ring.place(id),
        };
        draw_server(session, dispatch, ring, server, place)
    };
    session.lab().servers().map(draw_one).collect()
}

fn draw_server(
    session: &Session,
    dispatch: &Dispatch,
    ring: &Ring,
    server: &Server,
    place: Point,
) -> Html {
    let id = server.id();
    let this = Selection::Server(id);
    let selected = session.selected() == this;
    let lab = session.lab();
    let class = class_of(&[
        "server",
        role_name(server),
        term_class(server.term()),
        class_if(selected, "selected"),
        class_if(lab.is_paused(id), "paused"),
        class_if(is_hovered(session, id), "hovered"),
    ]);
    let hover = |what| on_click::<PointerEvent>(dispatch, Action::Hover(what));
    let (onclick, onkeydown) = on_activate(dispatch, Action::Select(this));
    html! {
        <g
            {class}
            role="button"
            tabindex="0"
            aria-pressed={if selected { "true" } else { "false" }}
            aria-label={label(lab, server)}
            transform={at(place)}
            key={id.to_string()}
            {onclick}
            {onkeydown}
            onpointerenter={hover(this)}
            onpointerleave={hover(Selection::Nothing)}
        >
            { draw_timer(session, ring, server) }
            { draw_body(ring, server) }
            { draw_words(ring, server) }
            { draw_role(ring, server) }
            { draw_ballot(session.lab(), ring, server) }
        </g>
    }
}

/// All that the drawing tells, in words.
fn label(lab: &Lab, server: &Server) -> String {
    let vote = match server.voted_for() {
        Some(candidate) => words().voted_for(candidate),
        None => words().no_vote().to_owned(),
    };
    let term = words().in_term(server.term());
    let id = server.id();
    let role = role_words(server.role());
    let paused = if lab.is_paused(id) {
        words().and_paused()
    } else {
        ""
    };
    let votes = votes(server).filter(|votes| !votes.granted.is_empty());
    let votes = votes.map_or_else(String::new, |votes| {
        words().and_votes(narrate::names(votes.granted, lang()))
    });
    words().server_label(id, role, term, vote, votes + paused)
}

/// Whether the pointer is on what concerns a server.
fn is_hovered(session: &Session, id: NodeId) -> bool {
    match session.hovered() {
        Selection::Server(server) | Selection::Entry(server, _) => server == id,
        Selection::Record(record) => {
            let tip = session.story();
            let record = tip.tip().records().get(record);
            record.is_some_and(|record| record.event.server() == Some(id))
        }
        _ => false,
    }
}

/// Followers are round, candidates stand on a corner, leaders have six.
fn draw_body(ring: &Ring, server: &Server) -> Html {
    let r = ring.server;
    match server.role() {
        Some(RoleName::PreCandidate | RoleName::Candidate) => {
            html! { <path class="body" d={polygon(4, r * 1.12)} /> }
        }
        Some(RoleName::Leader) => html! { <path class="body" d={polygon(6, r * 1.06)} /> },
        Some(RoleName::Follower) | None => html! { <circle class="body" r={num(r)} /> },
    }
}

fn polygon(corners: u8, radius: f64) -> String {
    let corners: Vec<_> = around(corners)
        .map(|direction| CENTRE + direction * radius)
        .map(|corner| path(&[("", corner.x), (" ", corner.y)]))
        .collect();
    format!("M{} Z", corners.join(" L"))
}

/// An arc that runs down with the server's timer.
fn draw_timer(session: &Session, ring: &Ring, server: &Server) -> Html {
    let timer = Timer::ALL.into_iter().find_map(|timer| server.timer(timer));
    let Some(timer) = timer else {
        return html! {};
    };
    let whole = timer.due_at.since(timer.armed_at).0.max(1) as f64;
    let left = (timer.due_at.0 as f64 - session.clock()).clamp(0.0, whole) / whole;
    let radius = timer_radius(ring);
    let whole_circle = radius * std::f64::consts::TAU;
    html! {
        <>
            <circle class="track" r={num(radius)} />
            <circle
                class="timer"
                r={num(radius)}
                transform="rotate(-90)"
                stroke-dasharray={path(&[("", whole_circle * left), (" ", whole_circle)])}
            />
        </>
    }
}

fn timer_radius(ring: &Ring) -> f64 {
    ring.server * 1.12 + 5.0
}

fn draw_role(ring: &Ring, server: &Server) -> Html {
    // Messages come and go on the inner side, and its own vote is right outside.
    let outside = ring.direction(server.id());
    let place = CENTRE.towards(outside + outside.right()) * timer_radius(ring);
    html! {
        <g class="badge" transform={at(place)}>
            <circle r="15" />
            <text y="6">{ role_letter(server.role()) }</text>
        </g>
    }
}

/// Name, term and vote, scaled to the size of the server.
fn draw_words(ring: &Ring, server: &Server) -> Html {
    let vote = match server.voted_for() {
        Some(candidate) => words().vote_for(candidate),
        None => words().no_vote().to_owned(),
    };
    html! {
        <g transform={path(&[("scale(", ring.server / WORDS_FIT)]) + ")"}>
            <text class="name" y="-15">{ server.id().to_string() }</text>
            <text class="fact" y="8">{ words().in_term(server.term()) }</text>
            <text class="fact" y="27">{ vote }</text>
        </g>
    }
}

/// What a candidate knows of one vote.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ballot {
    Have,
    Coming,
    Refused,
    Unknown,
}

/// The answers that a candidate or pre-candidate has.
fn votes(server: &Server) -> Option<&Votes> {
    match server.node()?.role() {
        Role::Candidate { votes, .. } | Role::PreCandidate { votes } => Some(votes),
        _ => None,
    }
}

/// A candidate's votes, each drawn towards the server that gives it, its own
/// on the far side.
fn draw_ballot(lab: &Lab, ring: &Ring, server: &Server) -> Html {
    let (Some(node), Some(votes)) = (server.node(), votes(server)) else {
        return html! {};
    };
    let me = server.id();
    let here = ring.place(me);
    let draw_one = |voter: NodeId| {
        let ballot = if votes.granted.contains(voter) {
            Ballot::Have
        } else if votes.refused.contains(voter) {
            Ballot::Refused
        } else if lab
            .in_flight()
            .any(|flight| is_vote(lab, flight, voter, server))
        {
            Ballot::Coming
        } else {
            Ballot::Unknown
        };
        let direction = match voter == me {
            true => ring.direction(me),
            false => here.towards(ring.place(voter)),
        };
        draw_mark(ballot, direction * ring.server)
    };
    node.members().iter().map(draw_one).collect()
}

/// Whether a message brings this candidate or pre-candidate a vote that will count.
fn is_vote(lab: &Lab, flight: &Flight, voter: NodeId, candidate: &Server) -> bool {
    let (term, granted) = (candidate.term(), true);
    let counts = match candidate.role() {
        Some(RoleName::PreCandidate) => Message::PreVoteReply {
            term: term.next(),
            granted,
        },
        _ => Message::RequestVoteReply { term, granted },
    };
    flight.link.from == voter
        && flight.link.to == candidate.id()
        && lab.would_be_lost(flight).is_none()
        && *flight.message == counts
}

fn draw_mark(ballot: Ballot, place: Point) -> Html {
    let (class, sign) = match ballot {
        Ballot::Have => ("have", "✓"),
        Ballot::Coming => ("coming", "…"),
        Ballot::Refused => ("refused", "✕"),
        Ballot::Unknown => ("unknown", "?"),
    };
    html! {
        <g class={class_of(&["ballot", class])} transform={at(place)}>
            <circle r="11" />
            <text y="5">{ sign }</text>
        </g>
    }
}
