//! The toolbar: title and broken rules, dialogs, settings.

use hustings_lab::narrate;
use hustings_raft::NodeId;
use yew::prelude::*;

use super::controls::{ButtonStyle, button, menu};
use super::dialog::Open;
use super::dialog::setup::resize;
use super::{Dispatch, Page, on_click};
use crate::i18n::{lang, texts};
use crate::session::{Action, RunView, leader};
use crate::settings::{Change, Settings, Theme};

/// Whether the toolbar need not be rendered again.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.settings == other.settings
        && one.run.branch() == other.run.branch()
        && leader(&one.run) == leader(&other.run)
}

/// The toolbar.
pub(super) fn draw(page: &Page) -> Html {
    let header = page.run.header();
    let open =
        |what, label: &'static str, hint: &'static str| button(label, hint, page.opener.to(what));
    let again = on_click(&page.dispatch, Action::Begin(header.clone()));
    let help = ButtonStyle {
        class: "small",
        name: texts().help(),
        hint: texts().help(),
        ..ButtonStyle::default()
    };
    html! {
        <header id="head" tabindex="-1">
            <h1>{ "Hustings" }</h1>
            { draw_rules(page) }
            if !header.title.is_empty() {
                <p class="title">{ &header.title }</p>
            }
            <span class="spacer" />
            { request_button(&page.run, &page.dispatch) }
            { open(Open::Gallery, texts().gallery(), texts().gallery_hint()) }
            { choose_servers(page) }
            { open(Open::Setup, texts().setup(), texts().setup_hint()) }
            { button(texts().start_over(), texts().start_over_hint(), again) }
            { open(Open::Share, texts().share(), texts().share_hint()) }
            { open(Open::Statistics, texts().statistics(), texts().statistics_hint()) }
            { draw_settings(page.settings, &page.change) }
            { help.button("?", page.opener.to(Open::Help)) }
        </header>
    }
}

/// Whether the servers follow plain Raft; otherwise lists the broken rules.
fn draw_rules(page: &Page) -> Html {
    let broken = page.run.header().broken;
    let onclick = page.opener.to(Open::Setup);
    if broken.is_empty() {
        let style = ButtonStyle {
            class: "rules",
            hint: texts().rules_hint(),
            ..ButtonStyle::default()
        };
        return style.button(texts().standard_raft(), onclick);
    }
    let names = broken.iter().map(|rule| rule.name().to_owned());
    let names = names.reduce(|one, other| texts().listed(one, other));
    let statements: Vec<_> = broken
        .iter()
        .map(|rule| narrate::broken(rule, lang()))
        .collect();
    let style = ButtonStyle {
        class: "rules broken",
        hint: &statements.join("\n"),
        ..ButtonStyle::default()
    };
    style.button(&texts().modified(names.unwrap_or_default()), onclick)
}

fn choose_servers(page: &Page) -> Html {
    let header = page.run.header().clone();
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
            { texts().servers() }
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
        Theme::System => texts().theme_system(),
        Theme::Light => texts().theme_light(),
        Theme::Dark => texts().theme_dark(),
    };
    let pressed = if settings.projector { "true" } else { "false" };
    html! {
        <span class="settings" role="group" aria-label={texts().settings()}>
            <button type="button" class="small" onclick={change(Change::Language)} lang={settings.lang.other().tag()} title={texts().other_language()}>
                { texts().other_language() }
            </button>
            <button type="button" class="small" onclick={change(Change::Theme)} title={texts().theme_hint()}>{ theme }</button>
            <button type="button" class="small" onclick={change(Change::Projector)} aria-pressed={pressed} title={texts().projector_hint()}>
                { texts().projector() }
            </button>
        </span>
    }
}

fn request_button(run: &RunView, dispatch: &Dispatch) -> Html {
    let (onclick, hint) = match leader(run) {
        Some(leader) => (
            on_click(dispatch, Action::Request(leader)),
            texts().request_hint(leader),
        ),
        None => (Callback::noop(), texts().request_no_leader().to_owned()),
    };
    let style = ButtonStyle {
        class: "primary",
        hint: &hint,
        disabled: leader(run).is_none(),
        ..ButtonStyle::default()
    };
    style.button(texts().request(), onclick)
}
