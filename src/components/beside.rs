//! Two futures side by side: a stage for each, their logs, and in words what differs now.

mod accounts;
mod axis;
mod logs;
mod rails;

use std::rc::Rc;

use hustings_lab::{Command, RunPosition, Weight, narrate};
use yew::prelude::*;

use self::logs::{FutureLogs, FutureLogsProps};
pub(super) use self::rails::{Rails, RailsProps};
use super::caption::{self, last_of};
use super::controls::{ButtonStyle, button};
use super::flaws;
use super::glyphs::{class_if, class_of};
use super::mount::mount;
use super::stage::{Stage, StageProps, StageView};
use super::timeline::is_timeless;
use super::{Page, on_click, part};
use crate::browser;
use crate::i18n::{lang, texts};
use crate::moment::moment;
use crate::session::{Action, Differences};

const ID: &str = "futures";

#[derive(Properties)]
pub(super) struct FuturesProps {
    pub page: Rc<Page>,
}

/// They are rendered at every tick, as the stage is.
impl PartialEq for FuturesProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The shown future, and the one beside it.
#[component]
pub(super) fn Futures(props: &FuturesProps) -> Html {
    let page = &props.page;
    // What opened them may be gone.
    use_effect_with((), |()| browser::focus(ID));
    let Some((names, other)) = names(page).zip(page_beside(page)) else {
        return html! {};
    };
    let differences = Rc::new(page.session.differences().unwrap_or_default());
    let servers = page.run.servers().chain(other.run.servers());
    let last = servers.map(|server| server.log().last_index().0).max();
    let last = last.unwrap_or_default();
    let skipped = draw_skipped(page);
    let shown = page;
    let draw_future = |page: &Rc<Page>, name: &str, only_shows: bool| {
        let view = StageView {
            name: name.to_owned(),
            differing: differences.servers(),
            only_shows,
        };
        let logs = FutureLogsProps {
            run: page.run.clone(),
            differences: Rc::clone(&differences),
            last,
        };
        let class = class_of(&["one-future", class_if(only_shows, "other")]);
        html! {
            <section {class} aria-label={name.to_owned()}>
                <div class="future-head">
                    <h2>{ name }</h2>
                    if only_shows {
                        { skipped.clone() }
                    }
                </div>
                <div class="stage">
                    { mount::<Stage>(StageProps { page: Rc::clone(page), view }) }
                </div>
                { mount::<FutureLogs>(logs) }
                if let Some(account) = accounts::draw(shown, only_shows) {
                    { account }
                } else if only_shows {
                    { draw_caption(page) }
                } else {
                    { part(page, caption::same, caption::draw) }
                }
            </section>
        }
    };
    html! {
        <main id={ID} class="futures" tabindex="-1" data-region="" aria-label={texts().beside_label()}>
            <div class="futures-head">
                { draw_differences(page, &names, &differences) }
                { flaws::draw_boxes(page) }
            </div>
            { draw_future(page, &names.0, false) }
            { draw_future(&other, &names.1, true) }
        </main>
    }
}

/// The names of the shown future and of the one beside it.
fn names(page: &Page) -> Option<(String, String)> {
    let beside = page.session.beside()?;
    let (branches, current) = page.session.branches();
    Some((branches.get(current)?.clone(), beside.name()))
}

/// The page as if the future beside were the shown one.
fn page_beside(page: &Page) -> Option<Rc<Page>> {
    let session = page.session.seen_beside()?;
    Some(Rc::new(Page {
        run: session.run_view(),
        session,
        ..page.clone()
    }))
}

/// In words what differs now, and what can be done with the future beside.
fn draw_differences(
    page: &Page,
    (shown, other): &(String, String),
    differences: &Differences,
) -> Html {
    let told = match differences.told() {
        Some((here, there)) => texts().differ_told(shown, here, other, there),
        None => texts().nothing_differs().to_owned(),
    };
    let which = narrate::names(differences.servers(), lang());
    // Nobody could follow what is read out while time flies.
    let live = if page.session.is_too_fast_to_announce() {
        "off"
    } else {
        "polite"
    };
    let take = ButtonStyle {
        hint: &texts().take_it_hint(other),
        ..ButtonStyle::default()
    };
    let part = on_click(&page.dispatch, Action::GoToParting);
    let close = on_click(&page.dispatch, Action::CloseBeside);
    html! {
        <div class="difference">
            <p aria-live={live}>
                <b class="sign" aria-hidden="true">{ if differences.told().is_some() { "≠" } else { "=" } }</b>
                <strong>{ told }</strong>
                if !which.is_empty() {
                    <span>{ texts().servers_differ(which) }</span>
                }
                if let Some(parting) = page.session.parting() {
                    <span>{ tell_parting(page, parting) }</span>
                }
            </p>
            { button(texts().where_part(), texts().where_part_hint(), part) }
            { take.button(texts().take_it(), on_click(&page.dispatch, Action::TakeBeside)) }
            { button(texts().one_future(), texts().one_future_hint(), close) }
        </div>
    }
}

/// When the two part; in a run that takes no time, at which event.
fn tell_parting(page: &Page, parting: RunPosition) -> String {
    if is_timeless(page) {
        let events = page.run.tip().records().len();
        texts().part_at_event(parting.records, events)
    } else {
        texts().part_at(moment(parting.time))
    }
}

/// From where on the commands differ, if one did not apply in the future beside.
fn draw_skipped(page: &Page) -> Html {
    let skipped = page.session.beside().and_then(|it| it.skipped());
    match skipped {
        Some(skipped) if skipped.at <= page.run.now() => {
            let command: &Command = &skipped.command;
            let told = texts().skipped_here(command, moment(skipped.at));
            html! { <p class="skipped" role="status" title={told.clone()}>{ told }</p> }
        }
        _ => html! {},
    }
}

/// The latest that matters, in one sentence.
fn draw_caption(page: &Page) -> Html {
    let latest = last_of(&page.run, page.session.caption_threshold())
        .or_else(|| last_of(&page.run, Weight::News));
    let records = page.run.tip().records();
    let told = latest.and_then(|item| {
        let at = records.get(item.last)?.at;
        Some((item.last, at, narrate::told_at_once(&item, records, lang())))
    });
    let violated = told.as_ref().is_some_and(|(record, ..)| {
        let mut violations = page.run.violations().iter();
        violations.any(|violation| violation.record == *record)
    });
    html! {
        <div class={class_of(&["caption", class_if(violated, "violated")])}>
            if let Some((_, at, sentence)) = told {
                <p>
                    if !is_timeless(page) {
                        <time>{ moment(at) }</time>
                    }
                    <span class="sentence">{ sentence }</span>
                </p>
            } else {
                <p>{ texts().nothing_yet() }</p>
            }
        </div>
    }
}
