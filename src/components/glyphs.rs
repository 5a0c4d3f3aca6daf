//! How roles, terms and messages look, everywhere on the page.

use hustings_lab::Server;
use hustings_raft::{RoleName, Term};
use yew::prelude::*;

use crate::words::words;

/// How many colours the palette for terms has; see `style.css`.
const TERM_COLOURS: u64 = 7;

/// The style class that colours something by its term. Term 0 is grey.
pub(crate) fn term_class(term: Term) -> String {
    match term {
        Term::ZERO => "term-none".to_owned(),
        Term(term) => format!("term-{}", (term - 1) % TERM_COLOURS),
    }
}

/// The role in the reader's words; a crashed server has none.
pub(crate) fn role_words(role: Option<RoleName>) -> &'static str {
    match role {
        Some(RoleName::Follower) => words().follower(),
        Some(RoleName::PreCandidate) => words().pre_candidate(),
        Some(RoleName::Candidate) => words().candidate(),
        Some(RoleName::Leader) => words().leader(),
        None => words().down(),
    }
}

/// The style class of a role; a crashed server has none.
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
    html! { <span class={classes!("role", name)} aria-hidden="true">{ role_letter(server.role()) }</span> }
}

/// A term as a number on its colour.
pub(crate) fn term_chip(term: Term) -> Html {
    html! { <span class={classes!("term", term_class(term))}>{ term.0 }</span> }
}
