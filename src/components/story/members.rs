//! What was known of each member just after the event that the story is at.

use hustings_logs::shown::{MemberId, Presence, Shown, ShownMember, ShownSpan};
use yew::prelude::*;

use super::super::glyphs::{class_if, class_of};
use super::super::stage::draw_body;
use super::Told;
use super::look::{colour, shape, time_of, word};
use crate::i18n::texts;
use crate::moment::moment;

/// The radius of a figure, in the units of its drawing.
const RADIUS: f64 = 34.0;

pub(super) fn draw(told: &Told) -> Html {
    let here = told.story.event().map(|event| event.member);
    let facts = facts_told(told.shown);
    let states = told.shown.members.iter();
    let states = states.filter_map(|it| told.story.state_of(it));
    let newest = states.filter_map(|it| it.known.term).max();
    let members = (0..).map(MemberId).zip(&told.shown.members);
    html! {
        <ul class="members" tabindex="0" aria-label={texts().logs_members()}>
            { for members.map(|(id, member)| draw_member(told, member, (&facts, newest), here == Some(id))) }
        </ul>
    }
}

/// A member, beside what the logs tell of any, and the newest term that is known of any.
fn draw_member(
    told: &Told,
    member: &ShownMember,
    (facts, newest): (&[Fact], Option<u64>),
    is_here: bool,
) -> Html {
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
                    { draw_facts(told, facts, (member, span)) }
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

/// What else may be known of a member.
#[derive(Clone, Copy)]
enum Fact {
    Vote,
    Leader,
    LogEnd,
    Commit,
}

impl Fact {
    const ALL: [Self; 4] = [Self::Vote, Self::Leader, Self::LogEnd, Self::Commit];

    fn is_told(self, span: &ShownSpan) -> bool {
        match self {
            Self::Vote => span.known.vote.is_some(),
            Self::Leader => span.known.leader.is_some(),
            Self::LogEnd => span.known.log.is_some(),
            Self::Commit => span.known.commit.is_some(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Vote => texts().logs_vote(),
            Self::Leader => texts().logs_leader(),
            Self::LogEnd => texts().logs_log_end(),
            Self::Commit => texts().logs_commit(),
        }
    }

    /// In words, if it is known.
    fn tell(self, shown: &Shown, span: &ShownSpan) -> Option<String> {
        let of = |id: Option<MemberId>, nobody: &str| match id {
            Some(id) => shown.member(id).map_or("?", |it| &it.name).to_owned(),
            None => nobody.to_owned(),
        };
        match self {
            Self::Vote => Some(of(span.known.vote?, texts().logs_nobody())),
            Self::Leader => Some(of(span.known.leader?, texts().logs_none())),
            Self::LogEnd => {
                let end = span.known.log?;
                Some(texts().logs_end(end.index, end.term))
            }
            Self::Commit => Some(span.known.commit?.to_string()),
        }
    }
}

/// What these logs tell of any member at any time: what they never do is no news at each event.
fn facts_told(shown: &Shown) -> Vec<Fact> {
    let is_told = |fact: &Fact| {
        let mut spans = shown.members.iter().flat_map(|member| &member.spans);
        spans.any(|span| fact.is_told(span))
    };
    Fact::ALL.into_iter().filter(is_told).collect()
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
    let since = time_of(told.shown.begins + log.at, false);
    let age = (at - log.at).millis();
    let age = u64::try_from(age).unwrap_or_default();
    let age = moment(hustings_raft::Millis(age));
    Some(texts().logs_end_at_least(end_told, since, age))
}

/// Each is «?» where no line tells.
fn draw_facts(told: &Told, facts: &[Fact], (owner, span): (&ShownMember, &ShownSpan)) -> Html {
    html! {
        <dl>
            { for facts.iter().map(|fact| {
                let known = match fact {
                    Fact::LogEnd => log_of(told, owner),
                    fact => fact.tell(told.shown, span),
                };
                let class = class_if(known.is_none(), "not-known");
                let title = known.is_none().then(|| texts().logs_not_told());
                html! {
                    <div><dt>{ fact.name() }</dt><dd {class} {title}>{ known.unwrap_or_else(|| "?".to_owned()) }</dd></div>
                }
            }) }
        </dl>
    }
}
