//! What each server runs.

use std::rc::Rc;

use hustings_lab::{CORE_NAME, Header, Program};
use hustings_raft::{NodeId, NodeSet};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::Form;
use crate::components::controls::button;
use crate::i18n::texts;
use crate::programs::{self, library};
use crate::session::Session;

/// A choice of the program of each server, once programs can be run.
#[component]
pub(super) fn ProgramChoice(props: &ChoiceProps) -> Html {
    let loaded = use_state(programs::is_loaded);
    let load = {
        let (loaded, dispatch) = (loaded.setter(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let loaded = loaded.clone();
            programs::load_for(&dispatch, move || loaded.set(true));
        })
    };
    let header = &props.form.0.header;
    let choices = Rc::new(choices(header));
    let servers = header.servers();
    html! {
        <fieldset class="programs">
            <legend>{ texts().programs() }</legend>
            if *loaded {
                { draw_choice(&props.form, texts().all_servers(), servers, &choices) }
                { for servers.iter().map(|id| draw_choice(&props.form, &id.to_string(), [id].into_iter().collect(), &choices)) }
            } else {
                <p>{ texts().programs_hint() }{ " " }{ button(texts().choose_programs(), "", load) }</p>
            }
        </fieldset>
    }
}

/// Properties of [`ProgramChoice`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ChoiceProps {
    pub(super) form: Form,
    pub(super) dispatch: UseReducerDispatcher<Session>,
}

/// The programs on offer: those of the run, which may carry their source or have mended
/// flaws, and the shipped ones.
fn choices(header: &Header) -> Vec<Rc<dyn Program>> {
    let mut choices: Vec<Rc<dyn Program>> = Vec::new();
    let library = library();
    let shipped = library.names().into_iter();
    let shipped = shipped.filter_map(|name| library.program(name, None, &[]).ok());
    let own = header
        .programs
        .iter()
        .map(|(_, program)| Rc::clone(program));
    for program in own.chain(shipped) {
        if choices.iter().all(|it| it.name() != program.name()) {
            choices.push(program);
        }
    }
    choices
}

fn draw_choice(
    form: &Form,
    name: &str,
    servers: NodeSet,
    choices: &Rc<Vec<Rc<dyn Program>>>,
) -> Html {
    let header = &form.0.header;
    let runs = |id: NodeId| header.programs.get(id).map_or(CORE_NAME, |it| it.name());
    let first = servers.iter().next().map_or(CORE_NAME, runs);
    let chosen = servers.iter().all(|id| runs(id) == first).then_some(first);
    let offered = Rc::clone(choices);
    let onchange = form.change(move |draft, event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        let program = offered.iter().find(|it| it.name() == name);
        for id in servers.iter() {
            match program {
                Some(program) => draft.header.programs.insert(id, Rc::clone(program)),
                None => draft.header.programs.remove(id),
            };
        }
    });
    let option = |value: &str, name: &str| {
        html! { <option value={value.to_owned()} selected={chosen == Some(value)}>{ name }</option> }
    };
    html! {
        <label>
            <span>{ name }</span>
            <select {onchange}>
                if chosen.is_none() {
                    <option selected=true disabled=true>{ texts().different() }</option>
                }
                { option(CORE_NAME, texts().rafts_core()) }
                { for choices.iter().map(|it| option(it.name(), it.name())) }
            </select>
        </label>
    }
}
