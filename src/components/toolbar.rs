//! The head of the page: what this is, and the run as a whole.

use hustings_lab::narrate;
use hustings_raft::NodeId;
use yew::prelude::*;

use super::controls::{Look, button, menu};
use super::dialog::Open;
use super::dialog::setup::resize;
use super::{Dispatch, Page, on_click};
use crate::session::{Action, Story, leader};
use crate::settings::{Change, Settings, Theme};
use crate::words::{lang, words};

/// Whether the toolbar is the same.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.settings == other.settings
        && one.story.branch() == other.story.branch()
        && leader(&one.story) == leader(&other.story)
}

/// The toolbar.
pub(super) fn draw(page: &Page) -> Html {
    let header = page.story.header();
    let open =
        |what, label: &'static str, hint: &'static str| button(label, hint, page.opener.to(what));
    let again = on_click(&page.dispatch, Action::Begin(header.clone()));
    let help = Look {
        class: "small",
        name: words().help(),
        hint: words().help(),
        ..Look::default()
    };
    html! {
        <header id="head" tabindex="-1">
            <h1>{ "Hustings" }</h1>
            { draw_rules(page) }
            if !header.title.is_empty() {
                <p class="title">{ &header.title }</p>
            }
            <span class="spacer" />
            { request_button(&page.story, &page.dispatch) }
            { open(Open::Gallery, words().gallery(), words().gallery_hint()) }
            { choose_servers(page) }
            { open(Open::Setup, words().setup(), words().setup_hint()) }
            { button(words().start_over(), words().start_over_hint(), again) }
            { open(Open::Share, words().share(), words().share_hint()) }
            { draw_settings(page.settings, &page.change) }
            { help.button("?", page.opener.to(Open::Help)) }
        </header>
    }
}

/// By which rules the servers act. It stays in sight as long as one is broken.
fn draw_rules(page: &Page) -> Html {
    let broken = page.story.header().broken;
    let onclick = page.opener.to(Open::Setup);
    if broken.is_empty() {
        let look = Look {
            class: "rules",
            hint: words().rules_hint(),
            ..Look::default()
        };
        return look.button(words().standard_raft(), onclick);
    }
    let names = broken.iter().map(|rule| rule.name().to_owned());
    let names = names.reduce(|one, other| words().listed(one, other));
    let statements: Vec<_> = broken
        .iter()
        .map(|rule| narrate::broken(rule, lang()))
        .collect();
    let look = Look {
        class: "rules broken",
        hint: &statements.join("\n"),
        ..Look::default()
    };
    look.button(&words().modified(names.unwrap_or_default()), onclick)
}

fn choose_servers(page: &Page) -> Html {
    let header = page.story.header().clone();
    let cluster = header.cluster;
    let dispatch = page.dispatch.clone();
    let choose = Callback::from(move |number: usize| {
        let mut header = header.clone();
        resize(&mut header, number as u8 + 1);
        dispatch.dispatch(Action::Begin(header));
    });
    let sizes = (1..=NodeId::MAX).map(|size| size.to_string()).collect();
    html! {
        <label>
            { words().servers() }
            { menu("", sizes, usize::from(cluster) - 1, choose) }
        </label>
    }
}

fn draw_settings(settings: Settings, changes: &UseReducerDispatcher<Settings>) -> Html {
    let change = |change: Change| {
        let changes = changes.clone();
        Callback::from(move |_: MouseEvent| changes.dispatch(change))
    };
    let theme = match settings.theme {
        Theme::System => words().theme_system(),
        Theme::Light => words().theme_light(),
        Theme::Dark => words().theme_dark(),
    };
    let pressed = if settings.projector { "true" } else { "false" };
    html! {
        <span class="settings" role="group" aria-label={words().settings()}>
            <button type="button" class="small" onclick={change(Change::Language)} lang={settings.lang.other().tag()} title={words().other_language()}>
                { words().other_language() }
            </button>
            <button type="button" class="small" onclick={change(Change::Theme)} title={words().theme_hint()}>{ theme }</button>
            <button type="button" class="small" onclick={change(Change::Projector)} aria-pressed={pressed} title={words().projector_hint()}>
                { words().projector() }
            </button>
        </span>
    }
}

fn request_button(story: &Story, dispatch: &Dispatch) -> Html {
    let (onclick, hint) = match leader(story) {
        Some(leader) => (
            on_click(dispatch, Action::Request(leader)),
            words().request_hint(leader),
        ),
        None => (Callback::noop(), words().request_no_leader().to_owned()),
    };
    let look = Look {
        class: "primary",
        hint: &hint,
        disabled: leader(story).is_none(),
        ..Look::default()
    };
    look.button(words().request(), onclick)
}
