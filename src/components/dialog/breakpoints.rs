//! Where time is to stop.

use std::rc::Rc;

use hustings_raft::{NodeId, NodeSet, RoleName};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::super::buttons::{button, named_button};
use super::super::glyphs::role_words;
use super::super::{Dispatch, on_click};
use crate::session::{Action, Breakpoint, Breakpoints};
use crate::words::words;

/// The properties of the [`BreakpointList`].
#[derive(Properties, PartialEq)]
pub(super) struct BreakpointListProps {
    pub breakpoints: Rc<Breakpoints>,
    pub servers: NodeSet,
    pub dispatch: Dispatch,
}

/// The breakpoints that there are, and what can be added.
#[component]
pub(super) fn BreakpointList(props: &BreakpointListProps) -> Html {
    let dispatch = &props.dispatch;
    let ready = [
        Breakpoint::TwoLeaders,
        Breakpoint::NewTerm,
        Breakpoint::Commit,
        Breakpoint::Violation,
    ];
    html! {
        <div class="breakpoints">
            <p>{ words().breakpoints_hint() }</p>
            <ul>
                { for props.breakpoints.iter().enumerate().map(|(number, it)| draw_one(number, it, dispatch)) }
            </ul>
            <h3>{ words().add() }</h3>
            <p class="actions">
                { for ready.into_iter().map(|it| button(&it.describe(), "", on_click(dispatch, Action::AddBreakpoint(it)))) }
            </p>
            <ByRole servers={props.servers} dispatch={dispatch.clone()} />
            <Written servers={props.servers} dispatch={dispatch.clone()} />
        </div>
    }
}

fn draw_one(number: usize, (breakpoint, on): &(Breakpoint, bool), dispatch: &Dispatch) -> Html {
    let remove = on_click::<MouseEvent>(dispatch, Action::RemoveBreakpoint(number));
    let onchange = on_click::<Event>(dispatch, Action::ToggleBreakpoint(number));
    let name = breakpoint.describe();
    html! {
        <li key={name.clone()}>
            <label><input type="checkbox" checked={*on} {onchange} />{ &name }</label>
            { named_button("✕", &words().remove(&name), remove) }
        </li>
    }
}

/// The properties of [`ByRole`].
#[derive(Properties, PartialEq)]
struct ByRoleProps {
    servers: NodeSet,
    dispatch: Dispatch,
}

/// Stops when a server takes a role.
#[component]
fn ByRole(props: &ByRoleProps) -> Html {
    let chosen = use_state(|| (None::<NodeId>, RoleName::Candidate));
    let role = chosen.1;
    let Some(server) = chosen.0.or_else(|| props.servers.iter().next()) else {
        return html! {};
    };
    let choose = |options: Vec<(String, bool)>, pick: Rc<dyn Fn(usize)>, label: &'static str| {
        let onchange = Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            pick(select.selected_index().unsigned_abs() as usize);
        });
        html! {
            <select {onchange} aria-label={label}>
                { for options.into_iter().map(|(name, selected)| html! { <option {selected}>{ name }</option> }) }
            </select>
        }
    };
    let servers = props.servers.iter();
    let server_options = servers.map(|id| (id.to_string(), id == server)).collect();
    let role_options = RoleName::ALL
        .iter()
        .map(|it| (role_words(Some(*it)).to_owned(), *it == role));
    let (for_server, for_role) = (chosen.clone(), chosen.clone());
    let ids = props.servers;
    let pick_server = move |place| {
        if let Some(id) = ids.iter().nth(place) {
            for_server.set((Some(id), for_server.1));
        }
    };
    let pick_role = move |place| {
        if let Some(role) = RoleName::ALL.get(place) {
            for_role.set((for_role.0, *role));
        }
    };
    let breakpoint = Breakpoint::Role(server, role);
    let name = words().of_which(words().add(), breakpoint.describe());
    let add = Action::AddBreakpoint(breakpoint);
    html! {
        <p class="actions">
            { choose(server_options, Rc::new(pick_server), words().server()) }
            { choose(role_options.collect(), Rc::new(pick_role), words().role()) }
            { named_button(words().add(), &name, on_click(&props.dispatch, add)) }
        </p>
    }
}

/// The properties of [`Written`].
#[derive(Properties, PartialEq)]
struct WrittenProps {
    servers: NodeSet,
    dispatch: Dispatch,
}

/// Stops at a condition in the words of the script language.
#[component]
fn Written(props: &WrittenProps) -> Html {
    let wrong = use_state(|| None::<String>);
    let field = use_node_ref();
    let onsubmit = {
        let (wrong, field, dispatch) = (wrong.clone(), field.clone(), props.dispatch.clone());
        let servers = props.servers;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else {
                return;
            };
            match Breakpoint::parse(&input.value(), servers) {
                Ok(breakpoint) => {
                    dispatch.dispatch(Action::AddBreakpoint(breakpoint));
                    input.set_value("");
                    wrong.set(None);
                }
                Err(why) => wrong.set(Some(why)),
            }
        })
    };
    html! {
        <form class="actions" {onsubmit}>
            <label>
                <span>{ words().condition() }</span>
                <input ref={field} type="text" placeholder="delivered RequestVote S1->S2" spellcheck="false" />
            </label>
            <button type="submit" aria-label={words().of_which(words().add(), words().condition())}>{ words().add() }</button>
            if let Some(wrong) = &*wrong {
                <span class="notice" role="alert">{ wrong }</span>
            }
        </form>
    }
}
