//! The branches of a history: their names, and what can be done with each.

use hustings_lab::{Branch, Run, RunPosition, narrate};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::controls::{ButtonStyle, named_button};
use super::super::glyphs::class_if;
use super::super::{Dispatch, on_click};
use super::{Open, Page};
use crate::i18n::{lang, texts};
use crate::moment::moment;
use crate::session::{Action, Kept, Other};
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
            if history.branches().len() == 1 {
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
    let compare = closing(page, Action::PutBeside(Other::Branch(number)));
    let copy = copy_link(branch.tip(), dispatch);
    let remove = on_click::<MouseEvent>(dispatch, Action::Remove(number));
    let name = name_of(branch);
    let of = |what: &str| texts().of_which(what, &name);
    let comparable = ButtonStyle {
        name: &of(texts().compare()),
        disabled: number == history.current(),
        ..ButtonStyle::default()
    };
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
                { comparable.button(texts().compare(), compare) }
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

fn draw_kept_run(page: &Page, number: usize, kept: &Kept) -> Html {
    let header = kept.header();
    let name = match header.title.as_str() {
        "" => texts().kept_untitled(header.cluster, header.seed),
        title => title.to_owned(),
    };
    let place = texts().kept_at(moment(kept.clock()), kept.branches());
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
