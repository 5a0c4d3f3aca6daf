//! The servers: name, role, term, vote, timer, and a candidate's votes.

use hustings_lab::{Flight, Run, Server, narrate};
use hustings_raft::{Message, NodeId, RoleName, Timer};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of, role_letter, role_name, role_text, term_class};
use super::super::{Dispatch, on_activate, on_click};
use super::geometry::{CENTRE, Point, Ring, around, at, num, path};
use crate::i18n::{lang, texts};
use crate::session::{Action, Selection, Session};

/// The radius of a server whose labels are not scaled.
const UNSCALED_RADIUS: f64 = 58.0;

/// The servers at their positions; a dragged one at the pointer.
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
    session.run().servers().map(draw_one).collect()
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
    let run = session.run();
    let class = class_of(&[
        "server",
        role_name(server),
        term_class(server.term()),
        class_if(selected, "selected"),
        class_if(run.is_paused(id), "paused"),
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
            aria-label={label(run, server)}
            transform={at(place)}
            key={id.to_string()}
            {onclick}
            {onkeydown}
            onpointerenter={hover(this)}
            onpointerleave={hover(Selection::Nothing)}
        >
            { draw_timer(session, ring, server) }
            { draw_body(ring, server) }
            { draw_labels(ring, server) }
            { draw_role(ring, server) }
            { draw_votes(session.run(), ring, server) }
        </g>
    }
}

/// The text alternative of the drawing.
fn label(run: &Run, server: &Server) -> String {
    let vote = match server.voted_for() {
        Some(candidate) => texts().voted_for(candidate),
        None => texts().no_vote().to_owned(),
    };
    let term = texts().in_term(server.term());
    let id = server.id();
    let role = role_text(server.role());
    let paused = if run.is_paused(id) {
        texts().and_paused()
    } else {
        ""
    };
    let votes = server
        .view()
        .votes
        .filter(|votes| !votes.granted.is_empty());
    let votes = votes.map_or_else(String::new, |votes| {
        texts().and_votes(narrate::names(votes.granted, lang()))
    });
    texts().server_label(id, role, term, vote, votes + paused)
}

/// Whether the hovered item concerns a server.
fn is_hovered(session: &Session, id: NodeId) -> bool {
    match session.hovered() {
        Selection::Server(server) | Selection::Entry(server, _) => server == id,
        Selection::Record(record) => {
            let tip = session.run_view();
            let record = tip.tip().records().get(record);
            record.is_some_and(|record| record.event.server() == Some(id))
        }
        _ => false,
    }
}

/// Followers are circles, candidates diamonds, leaders hexagons.
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

/// An arc that shrinks with the time left on the server's timer.
fn draw_timer(session: &Session, ring: &Ring, server: &Server) -> Html {
    let run = session.run();
    let mut running = Timer::ALL
        .into_iter()
        .filter_map(|timer| run.timer(server.id(), timer));
    let Some(timer) = running.next() else {
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
    // Not on the inner side, where messages are, nor straight outside, where its own vote is.
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
fn draw_labels(ring: &Ring, server: &Server) -> Html {
    let vote = match server.voted_for() {
        Some(candidate) => texts().vote_for(candidate),
        None => texts().no_vote().to_owned(),
    };
    html! {
        <g transform={path(&[("scale(", ring.server / UNSCALED_RADIUS)]) + ")"}>
            <text class="name" y="-15">{ server.id().to_string() }</text>
            <text class="fact" y="8">{ texts().in_term(server.term()) }</text>
            <text class="fact" y="27">{ vote }</text>
        </g>
    }
}

/// The state of one vote.
#[derive(Clone, Copy, PartialEq, Eq)]
enum VoteState {
    Have,
    Coming,
    Refused,
    Unknown,
}

/// A candidate's votes, each drawn towards its voter, its own on the outer side.
fn draw_votes(run: &Run, ring: &Ring, server: &Server) -> Html {
    let (Some(members), Some(votes)) = (server.view().members, server.view().votes) else {
        return html! {};
    };
    let me = server.id();
    let here = ring.place(me);
    let draw_one = |voter: NodeId| {
        let ballot = if votes.granted.contains(voter) {
            VoteState::Have
        } else if votes.refused.contains(voter) {
            VoteState::Refused
        } else if run
            .in_flight()
            .any(|flight| is_vote(run, flight, voter, server))
        {
            VoteState::Coming
        } else {
            VoteState::Unknown
        };
        let direction = if voter == me {
            ring.direction(me)
        } else {
            here.towards(ring.place(voter))
        };
        draw_mark(ballot, direction * ring.server)
    };
    members.iter().map(draw_one).collect()
}

/// Whether a message is a vote for this candidate or pre-candidate that will count.
fn is_vote(run: &Run, flight: &Flight, voter: NodeId, candidate: &Server) -> bool {
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
        && run.would_be_lost(flight).is_none()
        && *flight.message == counts
}

fn draw_mark(ballot: VoteState, place: Point) -> Html {
    let (class, sign) = match ballot {
        VoteState::Have => ("have", "✓"),
        VoteState::Coming => ("coming", "…"),
        VoteState::Refused => ("refused", "✕"),
        VoteState::Unknown => ("unknown", "?"),
    };
    html! {
        <g class={class_of(&["ballot", class])} transform={at(place)}>
            <circle r="11" />
            <text y="5">{ sign }</text>
        </g>
    }
}
