//! The servers: name, term, role, timer, and a candidate's votes.

use hustings_lab::{Flight, Link, Rate, Run, Server, narrate};
use hustings_raft::{Message, NodeId, NodeSet, RoleName, Rules, Timer, Votes};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of, role_name, role_text, term_class};
use super::super::{MENU, Page, on_activate, on_click};
use super::ellipse::corners;
use super::point::{Point, at, num, path};
use super::scene::{Rect, Scene};
use crate::i18n::{lang, texts};
use crate::session::{Action, RunView, Selection, Session};

/// The radius of a server whose labels are not scaled.
const UNSCALED_RADIUS: f64 = 56.0;

/// The light around a leader, which the style sheet colours.
pub(super) fn draw_light() -> Html {
    html! {
        <defs>
            <radialGradient id="light">
                <stop class="inner" offset="0.55" />
                <stop class="outer" offset="1" />
            </radialGradient>
        </defs>
    }
}

/// The servers at their positions.
pub(super) fn draw(
    page: &Page,
    scene: &Scene,
    dragged: Option<NodeId>,
    differing: NodeSet,
) -> Html {
    let accused = accused(&page.run);
    let draw_one = |server: &Server| {
        let id = server.id();
        let states = class_of(&[
            class_if(dragged == Some(id), "dragged"),
            class_if(accused.contains(id), "accused"),
        ]);
        draw_server(page, scene, server, &states, differing.contains(id))
    };
    page.run.servers().map(draw_one).collect()
}

/// The servers of the latest violation: that in which it shows, and that which it
/// contradicts.
fn accused(run: &RunView) -> NodeSet {
    let records = run.tip().records();
    let latest = run.violations().last();
    let involved = latest.into_iter().flat_map(|violation| {
        [Some(violation.record), violation.contradicts]
            .into_iter()
            .flatten()
            .filter_map(|record| records.get(record)?.event.server())
    });
    involved.collect()
}

fn draw_server(page: &Page, scene: &Scene, server: &Server, states: &str, differs: bool) -> Html {
    let id = server.id();
    let this = Selection::Server(id);
    let session = &page.session;
    let selected = session.selected() == this;
    let run = &page.run;
    let class = class_of(&[
        "server",
        role_name(server),
        term_class(server.term()),
        class_if(selected, "selected"),
        class_if(run.is_paused(id), "paused"),
        class_if(is_hovered(page, id), "hovered"),
        states,
    ]);
    let mut label = label(run, server);
    if differs {
        label = texts().listed(label, texts().differs());
    }
    let hover = |what| on_click::<PointerEvent>(&page.dispatch, Action::Hover(what));
    let (onclick, onkeydown) = on_activate(&page.dispatch, Action::Select(this), Some(MENU));
    html! {
        <g
            {class}
            role="button"
            tabindex={if id.number() == 1 { "0" } else { "-1" }}
            aria-pressed={if selected { "true" } else { "false" }}
            aria-label={label}
            transform={at(scene.place(id))}
            key={id.to_string()}
            {onclick}
            {onkeydown}
            onpointerenter={hover(this)}
            onpointerleave={hover(Selection::Nothing)}
        >
            { draw_timer(session, scene, server) }
            { draw_body(server.role(), scene.server) }
            { draw_labels(scene, server) }
            { draw_votes(run, scene, server) }
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
fn is_hovered(page: &Page, id: NodeId) -> bool {
    match page.session.hovered() {
        Selection::Server(server) | Selection::Entry(server, _) => server == id,
        Selection::Record(record) => {
            let record = page.run.tip().records().get(record);
            record.is_some_and(|record| record.event.server() == Some(id))
        }
        _ => false,
    }
}

/// How much larger than a follower a leader is.
const LEADER: f64 = 1.12;

/// The body of a server of this radius. Followers are circles, candidates diamonds, leaders
/// hexagons with a crown.
pub(in super::super) fn draw_body(role: Option<RoleName>, r: f64) -> Html {
    match role {
        Some(RoleName::PreCandidate | RoleName::Candidate) => {
            html! { <path class="body" d={polygon(4, r * 1.16)} /> }
        }
        Some(RoleName::Leader) => html! {
            <>
                <circle class="light" r={num(r * 1.6)} />
                <path class="body" d={polygon(6, r * LEADER)} />
                { draw_crown(r) }
            </>
        },
        Some(RoleName::Follower) | None => html! { <circle class="body" r={num(r)} /> },
    }
}

fn draw_crown(r: f64) -> Html {
    let transform = path(&[
        ("translate(0 ", -r * LEADER - 5.0),
        (") scale(", r / UNSCALED_RADIUS),
    ]) + ")";
    html! { <path class="crown" {transform} d="M-22 0 L-26 -21 L-12 -11 L0 -27 L12 -11 L26 -21 L22 0 Z" /> }
}

fn polygon(count: usize, radius: f64) -> String {
    let corners: Vec<_> = corners(count)
        .into_iter()
        .map(|direction| direction * radius)
        .map(|corner| path(&[("", corner.x), (" ", corner.y)]))
        .collect();
    format!("M{} Z", corners.join(" L"))
}

/// An arc that shrinks with the time left on the server's timer.
fn draw_timer(session: &Session, scene: &Scene, server: &Server) -> Html {
    let run = session.run();
    let mut running = Timer::ALL
        .into_iter()
        .filter_map(|timer| run.timer(server.id(), timer));
    let Some(timer) = running.next() else {
        return html! {};
    };
    let whole = timer.due_at.since(timer.armed_at).0.max(1) as f64;
    let left = (timer.due_at.0 as f64 - session.clock())
        .max(0.0)
        .min(whole)
        / whole;
    let radius = timer_radius(scene);
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

pub(super) fn timer_radius(scene: &Scene) -> f64 {
    scene.server * 1.16 + 6.0
}

/// Name and term in the body.
fn draw_labels(scene: &Scene, server: &Server) -> Html {
    let scale = scene.server / UNSCALED_RADIUS;
    let size = path(&[("scale(", scale)]) + ")";
    html! {
        <g transform={size}>
            <text class="name" y="1">{ server.id().to_string() }</text>
            <text class="fact" y="27">{ texts().in_term(server.term()) }</text>
        </g>
    }
}

/// Between a timer and the baseline of the role below it, and between its lines.
const ROLE_BELOW: f64 = 21.0;
const LINE: f64 = 20.0;
/// How high the letters of a role are above their baseline.
const ROLE_HEIGHT: f64 = 15.0;
/// About how wide a letter of a role is; others than Latin ones are twice as wide.
const LETTER: f64 = 12.0;

fn width(words: &str) -> f64 {
    let letters = words
        .chars()
        .map(|it| if it.is_ascii() { LETTER } else { 2.0 * LETTER });
    letters.sum()
}

/// The role of a server in words, and where they are.
struct RoleWord {
    class: String,
    lines: Vec<String>,
    /// The middle of the first line, on its baseline.
    place: Point,
    /// Half of what the longest line takes.
    half: f64,
}

impl RoleWord {
    /// Below its server, and never beyond the edges of the stage.
    fn of(run: &Run, scene: &Scene, server: &Server) -> Self {
        let words = role_words(run, server);
        let ground = scene.island_of(server.id()).map(|it| it.ground);
        let room = ground.map_or(scene.size.x, |it| it.width);
        let lines = match words.join(" · ") {
            line if width(&line) < room => vec![line],
            _ => words,
        };
        let half = lines.iter().map(|it| width(it) / 2.0).fold(0.0, f64::max);
        let below = scene.place(server.id());
        let place = Point {
            x: below.x.min(scene.size.x - half).max(half),
            y: below.y + timer_radius(scene) + ROLE_BELOW,
        };
        Self {
            class: class_of(&["role-word", role_name(server)]),
            lines,
            place,
            half,
        }
    }
}

/// What the roles in words take.
pub(super) fn role_grounds(run: &Run, scene: &Scene) -> Vec<Rect> {
    let words = run.servers().map(|it| RoleWord::of(run, scene, it));
    let ground = |word: RoleWord| Rect {
        corner: word.place
            - Point {
                x: word.half,
                y: ROLE_HEIGHT,
            },
        width: 2.0 * word.half,
        height: ROLE_HEIGHT + LINE * (word.lines.len() - 1) as f64,
    };
    words.map(ground).collect()
}

/// The roles in words, over the rings of the servers.
pub(super) fn draw_roles(run: &Run, scene: &Scene) -> Html {
    let draw_one = |server: &Server| {
        let RoleWord {
            class,
            lines,
            place,
            ..
        } = RoleWord::of(run, scene, server);
        html! {
            <text {class} aria-hidden="true">
                { for lines.into_iter().enumerate().map(|(number, line)| html! {
                    <tspan x={num(place.x)} y={num(place.y + LINE * number as f64)}>{ line }</tspan>
                }) }
            </text>
        }
    };
    run.servers().map(draw_one).collect()
}

/// The role in words, with what is unusual about the server.
fn role_words(run: &Run, server: &Server) -> Vec<String> {
    let id = server.id();
    let mut words = vec![match server.view().votes {
        Some(votes) => texts().of_which(role_text(server.role()), tally(run, server, &votes)),
        None => role_text(server.role()).to_owned(),
    }];
    if run.is_paused(id) {
        words.push(texts().paused().to_owned());
    }
    words.extend(hearing(run, id).map(str::to_owned));
    if server.disk_delay() != run.header().disk {
        words.push(texts().disk_takes(server.disk_delay().max()));
    }
    if server.clock_rate() != Rate::TRUE {
        words.push(texts().clock_at(server.clock_rate()));
    }
    words
}

/// “2 of 3”: the votes that a candidate has, of those that are enough for it; by a broken
/// rule these may be fewer than in Raft, and then both are said.
fn tally(run: &Run, server: &Server, votes: &Votes) -> String {
    let members = server.view().members.unwrap_or_default();
    let enough = run.header().broken.majority(members);
    let twice = server.view().duplicate_votes;
    let (count, majority) = (votes.granted.len() + twice, members.majority());
    let share = if enough == majority {
        texts().share_of(count, enough)
    } else {
        texts().share_by_broken_rule(count, enough, majority)
    };
    match twice {
        0 => share,
        _ => texts().share_with_duplicates(share, twice),
    }
}

/// Whether a server hears nobody although it is heard, or the other way round.
fn hearing(run: &Run, id: NodeId) -> Option<&'static str> {
    let others = run.ids().without(id);
    if others.is_empty() {
        return None;
    }
    let hears = others.iter().any(|from| !run.is_cut(Link { from, to: id }));
    let is_heard = others.iter().any(|to| !run.is_cut(Link { from: id, to }));
    match (hears, is_heard) {
        (false, true) => Some(texts().deaf()),
        (true, false) => Some(texts().mute()),
        _ => None,
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
fn draw_votes(run: &Run, scene: &Scene, server: &Server) -> Html {
    let (Some(members), Some(votes)) = (server.view().members, server.view().votes) else {
        return html! {};
    };
    let me = server.id();
    let here = scene.place(me);
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
            scene.direction(me)
        } else {
            here.towards(scene.place(voter))
        };
        draw_mark(ballot, direction * timer_radius(scene))
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
            <circle r="13" />
            <text y="6">{ sign }</text>
        </g>
    }
}
