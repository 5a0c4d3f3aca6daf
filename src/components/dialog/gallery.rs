//! The gallery of scenarios, with a search.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::controls::{ButtonStyle, button, named_button};
use super::{FormProps, Open, Page};
use crate::gallery::{self, Scenario};
use crate::i18n::texts;
use crate::keyboard::take_typed_ahead;
use crate::lessons::translated;
use crate::programs::for_script;
use crate::session::{Action, LoadedRun, Source};

/// All scenarios by group, with their captions.
#[component]
pub(super) fn Gallery(props: &FormProps) -> Html {
    // `None` while they are loading, then whether they could be loaded.
    let loaded = use_state(|| gallery::is_loaded().then_some(true));
    let load = {
        let setter = loaded.setter();
        move || {
            setter.set(None);
            let setter = setter.clone();
            gallery::load(move |loaded| setter.set(Some(loaded)));
        }
    };
    let reload = load.clone();
    use_effect_with((), move |()| {
        if !gallery::is_loaded() {
            load();
        }
    });
    let all = use_memo(*loaded, |_| Scenario::all());
    let search = use_state(String::new);
    // From now on the field takes what is typed.
    let onfocus = {
        let search = search.clone();
        Callback::from(move |event: FocusEvent| {
            let typed = take_typed_ahead();
            if !typed.is_empty() {
                let field: HtmlInputElement = event.target_unchecked_into();
                field.set_value(&(typed + field.value().as_str()));
                search.set(field.value());
            }
        })
    };
    let oninput = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| {
            search.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    // Enter opens the first that is found. WebKit keeps Escape to a search field, even
    // where there is nothing to clear.
    let onkeydown = {
        let (page, search) = (Rc::clone(&props.page), search.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            _ if event.is_composing() => {}
            "Enter" if !search.is_empty() => open_first(&search, &page),
            "Escape" if search.is_empty() => {
                event.prevent_default();
                event.stop_propagation();
                page.opener.open(Open::Nothing);
            }
            _ => {}
        })
    };
    let found: Vec<_> = all.iter().filter(|it| it.matches(&search)).collect();
    let groups = found.chunk_by(|one, other| one.heading() == other.heading());
    html! {
        <div class="gallery">
            <input
                type="search"
                autofocus=true
                placeholder={texts().gallery_search()}
                aria-label={texts().gallery_search()}
                {onfocus}
                {onkeydown}
                {oninput}
            />
            { match *loaded {
                None => html! { <p role="status">{ texts().gallery_loading() }</p> },
                Some(false) => html! {
                    <p>
                        <span class="notice" role="alert">{ texts().gallery_failed() }</span>{ " " }
                        { button(texts().try_again(), "", Callback::from(move |_: MouseEvent| reload())) }
                    </p>
                },
                Some(true) if found.is_empty() => html! { <p>{ texts().gallery_none(search.as_str()) }</p> },
                Some(true) => html! {},
            } }
            // In an element of its own, so that a change of the list does not recreate it
            // and lose the focus.
            <div>{ for groups.map(|group| draw_group(&props.page, group)) }</div>
        </div>
    }
}

fn draw_group(page: &Page, group: &[&Scenario]) -> Html {
    let (name, program) = group.first().map_or(("", ""), |it| it.heading());
    let mut title = group_title(name).to_owned();
    if !program.is_empty() {
        title = texts().of_which(title, program);
    }
    html! {
        <section key={format!("{name} {program}")}>
            <h3>{ title }</h3>
            <ul>{ for group.iter().map(|it| draw_scenario(page, it)) }</ul>
        </section>
    }
}

fn draw_scenario(page: &Page, scenario: &Scenario) -> Html {
    let (group, name) = (scenario.group, scenario.name);
    let onclick = show(group, name, page);
    let style = ButtonStyle {
        class: "scenario",
        ..ButtonStyle::default()
    };
    let label = html! {
        <>
            <strong>{ translated(scenario.title.clone()) }</strong>
            <span>{ translated(scenario.lesson.first().cloned().unwrap_or_default()) }</span>
        </>
    };
    html! {
        <li key={name}>
            { style.around(label, onclick) }
        </li>
    }
}

/// Opens a scenario as a tour.
pub(in crate::components) fn show(
    group: &'static str,
    name: &'static str,
    page: &Page,
) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |_| open(group, name, &page))
}

/// Opens a scenario of a name that is not the page's own.
pub(in crate::components) fn show_found(
    group: &str,
    name: &str,
    page: &Page,
) -> Callback<MouseEvent> {
    let (group, name, page) = (group.to_owned(), name.to_owned(), page.clone());
    Callback::from(move |_| {
        let (group, name, page) = (group.clone(), name.clone(), page.clone());
        gallery::load(move |_| {
            let all = Scenario::all().into_iter();
            let mut found = all.filter(|it| it.group == group && it.name == name);
            match found.next() {
                Some(it) => open(it.group, it.name, &page),
                None => {
                    let why = Action::Fail(texts().gallery_failed().into());
                    page.dispatch.dispatch(why);
                }
            }
        });
    })
}

/// Opens the first scenario that is found, once they are loaded.
fn open_first(search: &str, page: &Rc<Page>) {
    let (search, page) = (search.to_owned(), Rc::clone(page));
    gallery::load(move |_| {
        if let Some(first) = Scenario::all().iter().find(|it| it.matches(&search)) {
            open(first.group, first.name, &page);
        }
    });
}

fn open(group: &'static str, name: &'static str, page: &Page) {
    let (dispatch, opener) = (page.dispatch.clone(), page.opener.clone());
    gallery::load(move |loaded| {
        let Some(text) = gallery::text(group, name) else {
            if !loaded {
                dispatch.dispatch(Action::Fail(texts().gallery_failed().into()));
            }
            return;
        };
        opener.open(Open::Nothing);
        let to = dispatch.clone();
        for_script(text, &dispatch, move || {
            if let Some(script) = gallery::script(group, name) {
                to.dispatch(Action::Open(LoadedRun::as_tour(script, Source::Page)));
            }
        });
    });
}

/// The localized name of a group; without one, the name of its folder.
fn group_title(group: &'static str) -> &'static str {
    match group {
        "first-steps" => texts().group_first_steps(),
        "leader-failure" => texts().group_leader_failure(),
        "partitions" => texts().group_partitions(),
        "restarts" => texts().group_restarts(),
        "disks" => texts().group_disks(),
        "liveness" => texts().group_liveness(),
        "transfer" => texts().group_transfer(),
        "membership" => texts().group_membership(),
        "paper" => texts().group_paper(),
        "logs" => texts().group_logs(),
        "assignments" => texts().group_assignments(),
        "broken" => texts().group_broken(),
        "servers" => texts().group_servers(),
        other => other,
    }
}

/// A button that opens the scenario of a broken rule.
pub(super) fn show_button(rule: &'static str, page: &Page) -> Html {
    let onclick = show("broken", rule, page);
    let name = texts().of_which(texts().show_me(), rule);
    named_button(texts().show_me(), &name, onclick)
}
