//! What was known of each member just after the event that the story is at.

use hustings_logs::shown::{MemberId, Presence, ShownMember, ShownSpan};
use hustings_logs::{Micros, Role};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of};
use super::super::stage::draw_body;
use super::Told;
use super::clock;
use super::look::{colour, shape, word};
use crate::i18n::texts;
use crate::moment::moment;
use crate::session::member;

/// The radius of a figure, in the units of its drawing.
const RADIUS: f64 = 34.0;

pub(super) fn draw(told: &Told) -> Html {
    let here = told.story.event().map(|event| event.member);
    let members = (0..).map(MemberId).zip(&told.shown.members);
    html! {
        <ul class="members" tabindex="0" aria-label={texts().logs_members()}>
            { for members.map(|(id, member)| draw_member(told, member, here == Some(id))) }
        </ul>
    }
}

fn draw_member(told: &Told, member: &ShownMember, is_here: bool) -> Html {
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
                <p {title}><strong>{ &member.name }</strong>{ " " }<span class="is">{ role_of(span) }</span></p>
                if let Some(span) = span.filter(|it| it.presence != Presence::Down) {
                    { draw_facts(told, span, log_of(told, member)) }
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
    let role = span.and_then(|it| it.role);
    let term = span.and_then(|it| it.term);
    let is_down = span.is_some_and(|it| it.presence == Presence::Down);
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

fn role_of(span: Option<&ShownSpan>) -> String {
    let Some(span) = span else {
        return texts().logs_unknown().to_owned();
    };
    match (span.presence, span.role) {
        (Presence::Down, _) => texts().down().to_owned(),
        (Presence::Unknown, None) => texts().logs_unknown().to_owned(),
        (Presence::Running, None) => texts().logs_role_unknown().to_owned(),
        (_, Some(role)) => with_term(role, span.term),
    }
}

fn with_term(role: Role, term: Option<u64>) -> String {
    match term {
        Some(term) => texts().logs_in_term(word(role), term),
        None => word(role).to_owned(),
    }
}

/// The end of a member's log; a least, with when it was told, if it may have grown since.
fn log_of(told: &Told, member: &ShownMember) -> Option<String> {
    let at = told.story.event()?.at;
    let log = member.log_at(at)?;
    let end = log.end?;
    let end_told = texts().logs_end(end.index, end.term);
    if !log.may_have_grown(at) {
        return Some(end_told);
    }
    let since = clock::moment(told.shown.begins + log.at, false);
    let age = Micros(at.0 - log.at.0).millis();
    let age = u64::try_from(age).unwrap_or_default();
    let age = moment(hustings_raft::Millis(age));
    Some(texts().logs_end_at_least(end_told, since, age))
}

/// Vote, leader, end of the log, and commit index, each «?» where no line tells.
fn draw_facts(told: &Told, span: &ShownSpan, log: Option<String>) -> Html {
    let name = |id: MemberId| member(told.shown, id).map_or("?".into(), |it| it.name.to_string());
    let of = |known: Option<Option<MemberId>>, nobody: &str| match known {
        Some(Some(id)) => Some(name(id)),
        Some(None) => Some(nobody.to_owned()),
        None => None,
    };
    let facts = [
        (texts().logs_vote(), of(span.vote, texts().logs_nobody())),
        (texts().logs_leader(), of(span.leader, texts().logs_none())),
        (texts().logs_log_end(), log),
        (
            texts().logs_commit(),
            span.commit.map(|index| index.to_string()),
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
