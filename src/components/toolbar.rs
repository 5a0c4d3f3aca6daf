//! The toolbar: the run's title and its rules, dialogs, and a menu of what is needed less.

mod more;

use hustings_lab::{Header, narrate};
use hustings_raft::NodeId;
use yew::prelude::*;

use self::more::More;
use super::controls::{ButtonStyle, button, menu};
use super::dialog::Open;
use super::dialog::setup::resize;
use super::{Page, on_click};
use crate::i18n::{lang, texts};
use crate::session::Action;
use crate::settings::{Change, Settings, Theme};

/// Whether the toolbar need not be rendered again.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.settings == other.settings && one.run.branch() == other.run.branch()
}

/// The toolbar.
pub(super) fn draw(page: &Page) -> Html {
    let header = page.run.header();
    let open =
        |what, label: &'static str, hint: &'static str| button(label, hint, page.opener.to(what));
    html! {
        <header id="head" tabindex="-1" data-region="">
            <h1>{ "Hustings" }</h1>
            { draw_rules(page) }
            <p class="title">{ &header.title }</p>
            { open(Open::Gallery, texts().gallery(), texts().gallery_hint()) }
            { open(Open::Setup, texts().setup(), texts().setup_hint()) }
            { open(Open::Share, texts().share(), texts().share_hint()) }
            { draw_projector(page.settings, &page.change) }
            { draw_language(page.settings, &page.change) }
            <More>{ draw_more(page) }</More>
        </header>
    }
}

/// By which rules the servers act: plain Raft with its options, or which rules are broken.
fn draw_rules(page: &Page) -> Html {
    let header = page.run.header();
    let onclick = page.opener.to(Open::Setup);
    let broken = header.broken;
    if broken.is_empty() {
        let style = ButtonStyle {
            class: "rules",
            hint: texts().rules_hint(),
            ..ButtonStyle::default()
        };
        return style.button(&rules_of(header), onclick);
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

/// “Raft + pre-vote + check-quorum”.
fn rules_of(header: &Header) -> String {
    let options = [
        (header.raft.pre_vote, texts().pre_vote()),
        (header.raft.check_quorum, texts().check_quorum()),
        (!header.raft.no_op, texts().without_no_op()),
    ];
    let on: Vec<_> = options
        .into_iter()
        .filter_map(|(on, name)| on.then(|| name.to_lowercase()))
        .collect();
    if on.is_empty() {
        texts().standard_raft().to_owned()
    } else {
        texts().raft_with(on.join(" + "))
    }
}

fn change(changes: &UseReducerDispatcher<Settings>, change: Change) -> Callback<MouseEvent> {
    let changes = changes.clone();
    Callback::from(move |_| changes.dispatch(change))
}

fn draw_projector(settings: Settings, changes: &UseReducerDispatcher<Settings>) -> Html {
    let pressed = if settings.projector { "true" } else { "false" };
    html! {
        <button type="button" class="projector" onclick={change(changes, Change::Projector)} aria-pressed={pressed} title={texts().projector_hint()}>
            { texts().projector() }
        </button>
    }
}

fn draw_language(settings: Settings, changes: &UseReducerDispatcher<Settings>) -> Html {
    html! {
        <button type="button" class="language" onclick={change(changes, Change::Language)} lang={settings.lang.other().tag()} title={texts().other_language()}>
            { texts().other_language() }
        </button>
    }
}

/// What the menu has.
fn draw_more(page: &Page) -> Html {
    let again = on_click(&page.dispatch, Action::Begin(page.run.header().clone()));
    let theme = match page.settings.theme {
        Theme::System => texts().theme_system(),
        Theme::Light => texts().theme_light(),
        Theme::Dark => texts().theme_dark(),
    };
    html! {
        <>
            { button(texts().start_over(), texts().start_over_hint(), again) }
            { choose_servers(page) }
            { button(texts().quiz(), texts().quiz_hint(), on_click(&page.dispatch, Action::ToggleQuiz)) }
            { button(texts().rules_sheet(), texts().rules_sheet_hint(), on_click(&page.dispatch, Action::ToggleRules)) }
            { button(texts().caption_here(), texts().caption_here_hint(), page.opener.to(Open::Caption)) }
            { button(&texts().of_which(texts().theme(), theme), texts().theme_hint(), change(&page.change, Change::Theme)) }
            { button(texts().help(), "?", page.opener.to(Open::Help)) }
        </>
    }
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
