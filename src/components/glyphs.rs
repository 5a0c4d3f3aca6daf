//! How roles, terms and messages look, everywhere on the page.

use hustings_lab::{Server, narrate};
use hustings_raft::{RoleName, Rule, Term};
use yew::prelude::*;

use crate::i18n::{lang, texts};

/// The colours of the palette for terms; see `style.css`.
const TERM_COLOURS: [&str; 7] = [
    "term-0", "term-1", "term-2", "term-3", "term-4", "term-5", "term-6",
];

/// The style class that colours something by its term. Term 0 is grey.
pub(crate) fn term_class(term: Term) -> &'static str {
    let before = term.0.checked_sub(1);
    let colour = before.and_then(|it| TERM_COLOURS.get(it as usize % TERM_COLOURS.len()));
    colour.unwrap_or(&"term-none")
}

/// Style classes, joined; empty ones have no effect.
pub(crate) fn class_of(names: &[&str]) -> String {
    let mut class = String::new();
    for name in names {
        class.push_str(name);
        class.push(' ');
    }
    class
}

/// A style class under a condition.
pub(crate) fn class_if(holds: bool, name: &'static str) -> &'static str {
    if holds { name } else { "" }
}

/// The localized role; “down” for a crashed server.
pub(crate) fn role_text(role: Option<RoleName>) -> &'static str {
    match role {
        Some(RoleName::Follower) => texts().follower(),
        Some(RoleName::PreCandidate) => texts().pre_candidate(),
        Some(RoleName::Candidate) => texts().candidate(),
        Some(RoleName::Leader) => texts().leader(),
        None => texts().down(),
    }
}

/// The style class of a server's role, or `down`.
pub(crate) fn role_name(server: &Server) -> &'static str {
    server.role().map_or("down", RoleName::name)
}

/// The letter of a role; a crashed server has a cross.
pub(crate) fn role_letter(role: Option<RoleName>) -> &'static str {
    match role {
        Some(RoleName::Follower) => "F",
        Some(RoleName::PreCandidate) => "P",
        Some(RoleName::Candidate) => "C",
        Some(RoleName::Leader) => "L",
        None => "×",
    }
}

/// A role as a small badge: letter, shape and colour.
pub(crate) fn role_badge(server: &Server) -> Html {
    let name = role_name(server);
    html! { <span class={class_of(&["role", name])} aria-hidden="true">{ role_letter(server.role()) }</span> }
}

/// A term as a number on its colour.
pub(crate) fn term_chip(term: Term) -> Html {
    html! { <span class={class_of(&["term", term_class(term)])}>{ term.0 }</span> }
}

/// A rule's source, with the rule as its tooltip.
pub(crate) fn rule_source(rule: Rule) -> Html {
    let source = narrate::source(rule.source(), lang());
    html! { <span class="rule" title={narrate::rule(rule, lang())}>{ source }</span> }
}
