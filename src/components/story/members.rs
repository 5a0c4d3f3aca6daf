//! What was known of each member just after the event that the story is at.

use hustings_logs::shown::{MemberId, Presence, Shown, ShownMember, ShownSpan};
use hustings_logs::{LogEnd, Role};
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
    let facts = facts_told(told.shown);
    let members = (0..).map(MemberId).zip(&told.shown.members);
    html! {
        <ul class="members" tabindex="0" aria-label={texts().logs_members()}>
            { for members.map(|(id, member)| draw_member(told, member, &facts, here == Some(id))) }
        </ul>
    }
}

fn draw_member(told: &Told, member: &ShownMember, facts: &[Fact], is_here: bool) -> Html {
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
                    { draw_facts(told, facts, span) }
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
            Self::Vote => span.vote.is_some(),
            Self::Leader => span.leader.is_some(),
            Self::LogEnd => span.log.is_some(),
            Self::Commit => span.commit.is_some(),
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
            Some(id) => member(shown, id).map_or("?", |it| &it.name).to_owned(),
            None => nobody.to_owned(),
        };
        match self {
            Self::Vote => Some(of(span.vote?, texts().logs_nobody())),
            Self::Leader => Some(of(span.leader?, texts().logs_none())),
            Self::LogEnd => {
                let LogEnd { term, index } = span.log?;
                Some(texts().logs_end(index, term))
            }
            Self::Commit => Some(span.commit?.to_string()),
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

/// Each is «?» where no line tells.
fn draw_facts(told: &Told, facts: &[Fact], span: &ShownSpan) -> Html {
    html! {
        <dl>
            { for facts.iter().map(|fact| {
                let known = fact.tell(told.shown, span);
                let class = class_if(known.is_none(), "not-known");
                let title = known.is_none().then(|| texts().logs_not_told());
                html! {
                    <div><dt>{ fact.name() }</dt><dd {class} {title}>{ known.unwrap_or_else(|| "?".to_owned()) }</dd></div>
                }
            }) }
        </dl>
    }
}
