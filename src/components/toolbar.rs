//! The toolbar: the run's title and its rules, dialogs, and a menu of what is needed less.

mod more;

use std::rc::Rc;

use hustings_lab::{CORE_NAME, Header, Run, VecSet, narrate};
use hustings_raft::{BrokenRule, NodeId};
use yew::prelude::*;

use self::more::{More, MoreProps};
use super::code::opener as code_opener;
use super::controls::{ButtonStyle, button, button_unless, menu};
use super::dialog::Open;
use super::dialog::setup::resize;
use super::mount::mount;
use super::script::opener as script_opener;
use super::{Page, on_click};
use crate::i18n::{self, lang, texts};
use crate::lessons::translated;
use crate::programs::program_of;
use crate::session::{Action, Other, WhatIf};
use crate::settings::{Change, Settings, Theme};

/// Whether the toolbar need not be rendered again.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.settings == other.settings
        && one.run.branch() == other.run.branch()
        && programs(one).eq(programs(other))
}

/// What the servers run at the shown moment, by server: a step may replace it.
fn programs(page: &Page) -> impl Iterator<Item = Option<&str>> {
    let run = page.session.run();
    run.ids()
        .iter()
        .map(|id| program_of(run, id).map(|it| it.name()))
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
            <p class="title">{ translated(header.title.clone()) }</p>
            { open(Open::Gallery, texts().gallery(), texts().gallery_hint()) }
            { open(Open::Setup, texts().setup(), texts().setup_hint()) }
            { open(Open::Share, texts().share(), texts().share_hint()) }
            if page.session.has_code() {
                { ButtonStyle { class: "code-button", hint: texts().code_hint(), ..ButtonStyle::default() }.button(texts().code(), code_opener(page)) }
            }
            { draw_projector(page.settings, &page.change) }
            { draw_language(page) }
            { mount::<More>(MoreProps { page: Rc::new(page.clone()) }) }
        </header>
    }
}

/// By which rules the servers act: plain Raft with its options, or which rules are broken.
fn draw_rules(page: &Page) -> Html {
    let header = page.run.header();
    let onclick = page.opener.to(Open::Setup);
    let broken = header.broken;
    if page.session.has_programs() {
        let style = ButtonStyle {
            class: "rules",
            hint: &programs_by_server(page.session.run()),
            ..ButtonStyle::default()
        };
        return style.button(&texts().programs_run(program_names(page)), onclick);
    }
    if broken.is_empty() {
        let style = ButtonStyle {
            class: "rules",
            hint: texts().rules_hint(),
            ..ButtonStyle::default()
        };
        return style.button(&rules_of(header), onclick);
    }
    let names = broken.iter().map(|rule| rule.name().to_owned());
    let mut names = names.reduce(|one, other| texts().listed(one, other));
    if let Some(names) = &mut names {
        names.push_str(&options_of(header));
    }
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

/// “message-dispatch, raft”: what the servers run, with the rules that are broken in the core.
fn program_names(page: &Page) -> String {
    let broken = page.run.header().broken.iter();
    let broken = broken.map(|rule| format!(" − {}", rule.name()));
    let core = CORE_NAME.to_owned() + broken.collect::<String>().as_str();
    let names: VecSet<_> = programs(page).map(|it| it.unwrap_or(&core)).collect();
    let names: Vec<_> = names.items().collect();
    names.join(", ")
}

/// A line for each server: its program, and what is mended in it.
fn programs_by_server(run: &Run) -> String {
    let lines = run.ids().iter().map(|id| {
        let runs = program_of(run, id);
        let mut program = runs.map_or(CORE_NAME, |it| it.name()).to_owned();
        for flaw in runs.map_or(&[][..], |it| it.mended()) {
            program.extend([" + ", flaw]);
        }
        texts().of_which(id, program)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// “Raft + pre-vote + check-quorum − no-op”.
fn rules_of(header: &Header) -> String {
    let options = options_of(header);
    if options.is_empty() {
        texts().standard_raft().to_owned()
    } else {
        format!("Raft{options}")
    }
}

/// “ + pre-vote + check-quorum − no-op”: what differs from plain Raft.
fn options_of(header: &Header) -> String {
    let raft = header.raft;
    let options = [
        (raft.pre_vote, " + ", texts().pre_vote_short()),
        (raft.check_quorum, " + ", texts().check_quorum_short()),
        (!raft.no_op, " − ", texts().no_op_short()),
    ];
    let differing = options.into_iter().filter(|(differs, ..)| *differs);
    differing.flat_map(|(_, sign, name)| [sign, name]).collect()
}

fn change(changes: &UseReducerDispatcher<Settings>, change: Change) -> Callback<MouseEvent> {
    let changes = changes.clone();
    Callback::from(move |_| changes.dispatch(change))
}

pub(super) fn draw_projector(settings: Settings, changes: &UseReducerDispatcher<Settings>) -> Html {
    let pressed = if settings.projector { "true" } else { "false" };
    html! {
        <button type="button" class="projector" onclick={change(changes, Change::Projector)} aria-pressed={pressed} title={texts().projector_hint()}>
            { texts().projector() }
        </button>
    }
}

pub(super) fn draw_language(page: &Page) -> Html {
    let other = page.settings.lang.other();
    let (changes, dispatch) = (page.change.clone(), page.dispatch.clone());
    let onclick = move |_| {
        let (changes, dispatch) = (changes.clone(), dispatch.clone());
        i18n::load(other, move |loaded| {
            if loaded {
                changes.dispatch(Change::Language(other));
            } else {
                dispatch.dispatch(Action::Fail(texts().no_chinese().into()));
            }
        });
    };
    html! {
        <button type="button" class="language" {onclick} lang={other.tag()} title={texts().other_language()}>
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
            { button(texts().find(), texts().find_hint(), page.opener.to(Open::Find)) }
            { button(texts().sample(), texts().sample_hint(), page.opener.to(Open::Sample)) }
            { button(texts().logs_open(), texts().logs_open_hint(), page.opener.to(Open::Logs)) }
            { button(texts().quiz(), texts().quiz_hint(), on_click(&page.dispatch, Action::ToggleQuiz)) }
            { button(texts().script(), texts().script_hint(), script_opener(page)) }
            if page.session.has_code() {
                { button(texts().code(), texts().code_hint(), code_opener(page)) }
            }
            { button(texts().rules_sheet(), texts().rules_sheet_hint(), on_click(&page.dispatch, Action::ToggleRules)) }
            { button_unless(page.run.only_recorded(), texts().caption_here(), texts().caption_here_hint(), page.opener.to(Open::Caption)) }
            { button(&texts().of_which(texts().theme(), theme), texts().theme_hint(), change(&page.change, Change::Theme)) }
            { button(texts().statistics(), texts().statistics_hint(), page.opener.to(Open::Statistics)) }
            { button(texts().help(), "?", page.opener.to(Open::Help)) }
            { draw_what_if(page) }
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

/// What could be otherwise from the start; each is put beside the run at once.
fn draw_what_if(page: &Page) -> Html {
    let header = page.run.header();
    let put = |what_if: WhatIf| {
        let action = Action::PutBeside(Other::WhatIf(what_if.clone()));
        let recorded = page.run.only_recorded().filter(|_| what_if != WhatIf::Raft);
        let onclick = on_click(&page.dispatch, action);
        button_unless(
            recorded,
            &what_if.describe(),
            texts().what_if_hint(),
            onclick,
        )
    };
    let rules = BrokenRule::ALL
        .iter()
        .copied()
        .filter(|rule| !header.broken.contains(*rule));
    let rules: Vec<_> = rules.collect();
    let heading = std::iter::once("…".to_owned());
    let names = heading.chain(rules.iter().map(|rule| rule.name().to_owned()));
    let names = names.collect();
    let dispatch = page.dispatch.clone();
    let choose = Callback::from(move |number: usize| {
        let rule = number.checked_sub(1).and_then(|it| rules.get(it));
        if let Some(rule) = rule {
            dispatch.dispatch(Action::PutBeside(Other::WhatIf(WhatIf::Broken(*rule))));
        }
    });
    html! {
        <div class="what-if" role="group" aria-label={texts().what_if()}>
            <h3 aria-hidden="true">{ texts().what_if() }</h3>
            { for WhatIf::offers(header).into_iter().map(put) }
            <label>{ texts().what_if_rule() }{ menu("", names, 0, choose) }</label>
        </div>
    }
}
