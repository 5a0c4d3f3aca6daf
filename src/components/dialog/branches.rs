//! The branches of a history: their names, and how two of them differ.

use std::rc::Rc;

use hustings_lab::{Branch, History, Run, RunPosition, narrate};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::controls::{ButtonStyle, menu, named_button};
use super::super::glyphs::class_if;
use super::super::{Dispatch, on_click};
use super::{Open, Page};
use crate::i18n::{lang, texts};
use crate::moment::moment;
use crate::session::{Action, KeptRun};
use crate::share;

pub(super) fn draw(page: &Page) -> Html {
    let history = page.session.history();
    let branches = history.branches().iter().enumerate();
    html! {
        <div class="branch-list">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ texts().branch() }</th>
                        <th scope="col">{ texts().parted() }</th>
                        <th scope="col">{ texts().branch_end() }</th>
                        <th scope="col"><span class="visually-hidden">{ texts().actions() }</span></th>
                    </tr>
                </thead>
                <tbody>
                    { for branches.map(|(number, _)| draw_branch(page, number)) }
                </tbody>
            </table>
            if history.branches().len() > 1 {
                <Compare history={Rc::clone(history)} />
            } else {
                <p>{ texts().one_branch() }</p>
            }
            { draw_kept(page) }
        </div>
    }
}

fn draw_branch(page: &Page, number: usize) -> Html {
    let (history, dispatch) = (page.session.history(), &page.dispatch);
    let Some(branch) = history.branches().get(number) else {
        return html! {};
    };
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let name = event.target_unchecked_into::<HtmlInputElement>().value();
            dispatch.dispatch(Action::Rename(number, name.into()));
        })
    };
    let parted = branch.fork().map_or_else(String::new, |parting| {
        let from = history.branches().get(parting.from);
        texts().parted_from(
            from.map(name_of).unwrap_or_default(),
            moment(parting.at.time),
        )
    });
    let end = RunPosition::of(branch.tip());
    let look = closing(page, Action::Switch(number));
    let copy = copy_link(branch.tip(), dispatch);
    let remove = on_click::<MouseEvent>(dispatch, Action::Remove(number));
    let name = name_of(branch);
    let of = |what: &str| texts().of_which(what, &name);
    let removable = ButtonStyle {
        name: &texts().remove(&name),
        disabled: number == history.current(),
        ..ButtonStyle::default()
    };
    html! {
        <tr key={number} class={class_if(number == history.current(), "selected")}>
            <td><input type="text" value={name.clone()} aria-label={of(texts().branch_name())} {onchange} /></td>
            <td>{ parted }</td>
            <td>{ texts().branch_is(end.records, moment(end.time)) }</td>
            <td class="actions">
                { named_button(texts().look_at(), &of(texts().look_at()), look) }
                { named_button(texts().copy_link(), &of(texts().copy_link()), copy) }
                { removable.button("✕", remove) }
            </td>
        </tr>
    }
}

/// The runs that were shown before, each to be brought back.
fn draw_kept(page: &Page) -> Html {
    let kept: Vec<_> = page.session.kept().iter().enumerate().collect();
    if kept.is_empty() {
        return html! {};
    }
    html! {
        <section class="kept">
            <h3>{ texts().kept_runs() }</h3>
            <ul>{ for kept.into_iter().rev().map(|(number, it)| draw_kept_run(page, number, it)) }</ul>
        </section>
    }
}

fn draw_kept_run(page: &Page, number: usize, kept: &KeptRun) -> Html {
    let (run, header) = (kept.run(), kept.run().header());
    let name = match header.title.as_str() {
        "" => texts().kept_untitled(header.cluster, header.seed),
        title => title.to_owned(),
    };
    let place = texts().kept_at(moment(run.now()), run.records().len(), kept.branches());
    let look = closing(page, Action::BringBack(number));
    html! {
        <li key={number}>
            <strong>{ &name }</strong>
            { " " }
            { place }
            { " " }
            { named_button(texts().look_at(), &texts().of_which(texts().look_at(), &name), look) }
        </li>
    }
}

/// A callback that dispatches an action and closes the dialog.
fn closing(page: &Page, action: Action) -> Callback<MouseEvent> {
    let (opener, act) = (page.opener.clone(), on_click::<()>(&page.dispatch, action));
    Callback::from(move |_| {
        act.emit(());
        opener.open(Open::Nothing);
    })
}

fn name_of(branch: &Branch) -> String {
    narrate::branch(branch.name(), lang())
}

/// Copies the address of the page with a run.
pub(super) fn copy_link(run: &Run, dispatch: &Dispatch) -> Callback<MouseEvent> {
    let (run, dispatch) = (run.clone(), dispatch.clone());
    Callback::from(move |_| share::copy_link(&run, dispatch.clone()))
}

/// The properties of [`Compare`].
#[derive(Properties)]
struct CompareProps {
    history: Rc<History>,
}

/// A changed history is a different `Rc`.
impl PartialEq for CompareProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.history, &other.history)
    }
}

/// Compares two branches: where they fork, and what differs at their ends.
#[component]
fn Compare(props: &CompareProps) -> Html {
    let history = &props.history;
    let current = history.current();
    let chosen = use_state(|| (usize::from(current == 0), current));
    let last = history.branches().len() - 1;
    let (one, other) = (chosen.0.min(last), chosen.1.min(last));
    let branches = history.branches().iter();
    let names: Vec<_> = branches.map(name_of).collect();
    let name = |number: usize| names.get(number).cloned().unwrap_or_default();
    let found = history.compare(one, other).ok();
    let choose = |side: u8, which: fn(&mut (usize, usize)) -> &mut usize, now: usize| {
        let chosen = chosen.clone();
        let choose = Callback::from(move |number| {
            let mut next = *chosen;
            *which(&mut next) = number;
            chosen.set(next);
        });
        let label = texts().of_which(texts().compare(), side);
        menu(&label, names.clone(), now, choose)
    };
    html! {
        <section class="compare">
            <h3>{ texts().compare() }</h3>
            <p class="actions">
                { choose(1, |pair| &mut pair.0, one) }
                { choose(2, |pair| &mut pair.1, other) }
            </p>
            if let Some(found) = found {
                <p>{ texts().share_records(found.common, moment(found.forked_at)) }</p>
                if found.ends_alike() {
                    <p>{ texts().same_end() }</p>
                } else {
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{ texts().server() }</th>
                                <th scope="col">{ name(one) }</th>
                                <th scope="col">{ name(other) }</th>
                            </tr>
                        </thead>
                        <tbody>
                            { for found.servers.iter().map(|(id, first, second)| html! {
                                <tr key={id.to_string()}>
                                    <th scope="row">{ id.to_string() }</th>
                                    <td>{ first.to_string() }</td>
                                    <td>{ second.to_string() }</td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                    <ul>
                        { for found.logs.iter().map(|(id, index)| html! {
                            <li key={id.to_string()}>{ texts().logs_part(id, index) }</li>
                        }) }
                    </ul>
                }
            }
        </section>
    }
}
