//! The breakpoints.

use std::rc::Rc;

use hustings_raft::{NodeId, RoleName};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::condition_field::{ConditionField, ConditionFieldProps};
use super::super::controls::{button, menu, named_button};
use super::super::glyphs::role_text;
use super::super::mount::mount;
use super::super::{Dispatch, on_click};
use super::{FormProps, Page};
use crate::i18n::texts;
use crate::session::{Action, Breakpoint};

/// The list of breakpoints, and forms to add one.
pub(super) fn draw(page: &Rc<Page>) -> Html {
    let dispatch = &page.dispatch;
    let ready = [
        Breakpoint::TwoLeaders,
        Breakpoint::NewTerm,
        Breakpoint::Commit,
        Breakpoint::Violation,
    ];
    html! {
        <div class="breakpoints">
            <p>{ texts().breakpoints_hint() }</p>
            <ul>
                { for page.session.breakpoints().iter().enumerate().map(|(number, it)| draw_one(number, it, dispatch)) }
            </ul>
            <h3>{ texts().add() }</h3>
            <p class="actions">
                { for ready.into_iter().map(|it| button(&it.describe(), "", on_click(dispatch, Action::AddBreakpoint(it.clone())))) }
            </p>
            { mount::<Others>(FormProps { page: Rc::clone(page) }) }
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
            { named_button("✕", &texts().remove(&name), remove) }
        </li>
    }
}

/// The state of the forms: server and role chosen, error in the condition.
#[derive(Clone)]
struct Draft {
    server: Option<NodeId>,
    role: RoleName,
    wrong: Option<String>,
}

/// Forms for breakpoints with parameters.
#[component]
fn Others(props: &FormProps) -> Html {
    let draft = use_state(|| Draft {
        server: None,
        role: RoleName::Candidate,
        wrong: None,
    });
    let field = use_node_ref();
    html! {
        <>
            { by_role(&draft, &props.page) }
            { written(&draft, field, &props.page) }
        </>
    }
}

/// A form for a breakpoint at which a server takes a role.
fn by_role(draft: &UseStateHandle<Draft>, page: &Page) -> Html {
    let (ids, role) = (page.run.ids(), draft.role);
    let Some(server) = draft.server.or_else(|| ids.iter().next()) else {
        return html! {};
    };
    let choose = |pick: fn(&mut Draft, usize)| {
        let draft = draft.clone();
        Callback::from(move |number| {
            let mut next = (*draft).clone();
            pick(&mut next, number);
            draft.set(next);
        })
    };
    let servers = ids.iter().map(|id| id.to_string()).collect();
    let roles = RoleName::ALL.map(|it| role_text(Some(it)).to_owned());
    let role_number = RoleName::ALL.iter().position(|it| *it == role);
    let pick_server = |draft: &mut Draft, place: usize| {
        draft.server = NodeId::new(place as u8 + 1);
    };
    let pick_role = |draft: &mut Draft, place: usize| {
        draft.role = RoleName::ALL.get(place).copied().unwrap_or(draft.role);
    };
    let breakpoint = Breakpoint::Role(server, role);
    let name = texts().of_which(texts().add(), breakpoint.describe());
    let add = on_click(&page.dispatch, Action::AddBreakpoint(breakpoint));
    html! {
        <p class="actions">
            { menu(texts().server(), servers, usize::from(server.number()) - 1, choose(pick_server)) }
            { menu(texts().role(), roles.into(), role_number.unwrap_or_default(), choose(pick_role)) }
            { named_button(texts().add(), &name, add) }
        </p>
    }
}

/// A form for a condition in the script language.
fn written(draft: &UseStateHandle<Draft>, field: NodeRef, page: &Page) -> Html {
    let onsubmit = {
        let (draft, field, dispatch) = (draft.clone(), field.clone(), page.dispatch.clone());
        let servers = page.run.ids();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else {
                return;
            };
            let mut next = (*draft).clone();
            next.wrong = match Breakpoint::parse(&input.value(), servers) {
                Ok(breakpoint) => {
                    dispatch.dispatch(Action::AddBreakpoint(breakpoint));
                    input.set_value("");
                    None
                }
                Err(why) => Some(why),
            };
            draft.set(next);
        })
    };
    let condition = ConditionFieldProps {
        field,
        placeholder: "S1 leader term=7",
        servers: page.run.ids(),
    };
    html! {
        <form class="actions" {onsubmit}>
            <label>
                <span>{ texts().condition() }</span>
                { mount::<ConditionField>(condition) }
            </label>
            <button type="submit" aria-label={texts().of_which(texts().add(), texts().condition())}>{ texts().add() }</button>
            if let Some(wrong) = &draft.wrong {
                <span class="notice" role="alert">{ wrong }</span>
            }
        </form>
    }
}
