//! What was known of each member just after the event that the story is at.

use hustings_logs::LogEnd;
use hustings_logs::shown::{MemberId, Presence, ShownMember, ShownSpan};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of};
use super::super::stage::draw_body;
use super::Told;
use super::look::{colour, shape, word};
use crate::i18n::texts;
use crate::session::member;

/// The radius of a figure, in the units of its drawing.
const RADIUS: f64 = 34.0;

pub(super) fn draw(told: &Told) -> Html {
    let here = told.story.event().map(|event| event.member);
    let states = told.shown.members.iter();
    let states = states.filter_map(|it| told.story.state_of(it));
    let newest = states.filter_map(|it| it.known.term).max();
    let members = (0..).map(MemberId).zip(&told.shown.members);
    html! {
        <ul class="members" tabindex="0" aria-label={texts().logs_members()}>
            { for members.map(|(id, member)| draw_member(told, member, newest, here == Some(id))) }
        </ul>
    }
}

/// A member, beside the newest term that is known of any.
fn draw_member(told: &Told, member: &ShownMember, newest: Option<u64>, is_here: bool) -> Html {
    let span = told.story.state_of(member);
    let also = member.also.join(", ");
    let title = if also.is_empty() {
        member.name.to_string()
    } else {
        texts().logs_also(&member.name, also)
    };
    html! {
        <li class={class_of(&["member", class_if(is_here, "here")])} key={&*member.name}>
            { draw_figure(span) }
            <div>
                <p {title}><strong>{ &member.name }</strong>{ " " }<span class="is">{ role_of(span, newest) }</span></p>
                if let Some(span) = span.filter(|it| it.known.presence != Presence::Down) {
                    { draw_facts(told, span) }
                }
                if !member.speaks {
                    <p class="mute">{ texts().logs_mute() }</p>
                }
            </div>
        </li>
    }
}

/// As the stage draws a server: its role as shape, its term as colour and number.
fn draw_figure(span: Option<&ShownSpan>) -> Html {
    let role = span.and_then(|it| it.known.role);
    let term = span.and_then(|it| it.known.term);
    let is_down = span.is_some_and(|it| it.known.presence == Presence::Down);
    let look = match role {
        _ if is_down => "down",
        Some(role) => shape(role).name(),
        None => "unknown",
    };
    let told = term.map_or("?".to_owned(), |term| term.to_string());
    let class = class_of(&["server", look, colour(term)]);
    let shaped = role.filter(|_| !is_down).map(shape);
    html! {
        <svg class="figure" viewBox="-56 -62 112 114" aria-hidden="true">
            <g {class}>
                { draw_body(shaped, RADIUS) }
                <text class="name" y="12">{ told }</text>
            </g>
        </svg>
    }
}

/// The role and the term. Whoever is silent, or in an older term than another, may be in a newer
/// one of which no line tells.
fn role_of(span: Option<&ShownSpan>, newest: Option<u64>) -> String {
    let Some(known) = span.map(|it| it.known) else {
        return texts().logs_unknown().to_owned();
    };
    let role = match (known.presence, known.role) {
        (Presence::Down, _) => return texts().down().to_owned(),
        (Presence::Unknown, None) => texts().logs_unknown(),
        (Presence::Running, None) => texts().logs_role_unknown(),
        (_, Some(role)) => word(role),
    };
    let may_be_newer = newest > known.term || known.presence == Presence::Unknown;
    match known.term {
        Some(term) if may_be_newer => texts().logs_last_in_term(role, term),
        Some(term) => texts().logs_in_term(role, term),
        None => role.to_owned(),
    }
}

/// Vote, leader, end of the log, and commit index, each «?» where no line tells.
fn draw_facts(told: &Told, span: &ShownSpan) -> Html {
    let name = |id: MemberId| member(told.shown, id).map_or("?".into(), |it| it.name.to_string());
    let of = |known: Option<Option<MemberId>>, nobody: &str| match known {
        Some(Some(id)) => Some(name(id)),
        Some(None) => Some(nobody.to_owned()),
        None => None,
    };
    let log = span
        .known
        .log
        .map(|LogEnd { term, index }| texts().logs_end(index, term));
    let facts = [
        (
            texts().logs_vote(),
            of(span.known.vote, texts().logs_nobody()),
        ),
        (
            texts().logs_leader(),
            of(span.known.leader, texts().logs_none()),
        ),
        (texts().logs_log_end(), log),
        (
            texts().logs_commit(),
            span.known.commit.map(|index| index.to_string()),
        ),
    ];
    html! {
        <dl>
            { for facts.into_iter().map(|(what, known)| {
                let class = class_if(known.is_none(), "not-known");
                let title = known.is_none().then(|| texts().logs_not_told());
                html! {
                    <div><dt>{ what }</dt><dd {class} {title}>{ known.unwrap_or_else(|| "?".to_owned()) }</dd></div>
                }
            }) }
        </dl>
    }
}
