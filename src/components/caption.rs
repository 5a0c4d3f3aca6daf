//! The caption: the latest notable event and its rule.

use hustings_lab::{Event, Item, Record, RecordId, Told, Weight, main_reason, narrate};
use hustings_raft::{Millis, Rule};
use yew::prelude::*;

use super::controls::{ButtonStyle, button};
use super::dialog::Open;
use super::glyphs::{class_if, class_of, rule_source};
use super::mount::mount;
use super::own_caption::{OwnCaption, OwnCaptionProps};
use super::{Dispatch, Page, on_click, quiz};
use crate::i18n::{lang, texts};
use crate::lesson_logs::LessonLogs;
use crate::lessons::translated;
use crate::moment::moment;
use crate::reading;
use crate::session::{Action, Landmark, Notice, RunView, Selection, Session, StoryAction, Work};

pub(super) fn same(one: &Page, other: &Page) -> bool {
    let (now, before) = (&one.session, &other.session);
    now.selected() == before.selected()
        && quiz::same(now, before)
        && (one.open == Open::Caption) == (other.open == Open::Caption)
        && now.notice() == before.notice()
        && progress(one) == progress(other)
        && now.caption_threshold() == before.caption_threshold()
        && now.lesson() == before.lesson()
        && now.stands_at_end() == before.stands_at_end()
        && logs_of(now) == logs_of(before)
        && now.is_too_fast_to_announce() == before.is_too_fast_to_announce()
        && now.is_in_past() == before.is_in_past()
        && now.is_playing() == before.is_playing()
        && hint(one) == hint(other)
        && (now.lesson().is_none() || here(one) == here(other))
        && one.run.has_same_items(&other.run)
        && selected(one).is_some() == selected(other).is_some()
}

/// The lesson whose logs are open.
fn logs_of(session: &Session) -> Option<&'static LessonLogs> {
    session.story().and_then(|story| story.lesson())
}

/// The selected record, unless it is in the future of the current position.
fn selected(page: &Page) -> Option<(RecordId, &Record)> {
    let Selection::Record(id) = page.session.selected() else {
        return None;
    };
    page.run.records().get(id).map(|record| (id, &**record))
}

/// A refusal if there is one; otherwise the current caption of a lesson; otherwise the
/// selected record or the latest notable one. Other notices stand above it.
pub(super) fn draw(page: &Page) -> Html {
    let notice = page.session.notice();
    let lesson = draw_tour(page);
    let is_over = page.session.stands_at_end();
    let told = match notice {
        Some(Notice::Refused(why)) => draw_notice(
            "notice",
            Some("alert"),
            texts().not_done(why),
            &page.dispatch,
        ),
        Some(Notice::Failed(why)) => {
            draw_notice("notice", Some("alert"), why.to_string(), &page.dispatch)
        }
        _ if page.open == Open::Caption => {
            mount::<OwnCaption>(OwnCaptionProps { page: page.clone() })
        }
        _ => quiz::draw(page)
            .or(lesson.1)
            .unwrap_or_else(|| draw_record(page)),
    };
    let class = class_of(&["caption", class_if(is_violated(page), "violated")]);
    html! {
        <section id="caption" {class} tabindex="-1" data-region="" aria-label={texts().caption()}>
            { lesson.0 }
            { quiz::draw_score(page) }
            // What is said beside the caption stands above it. A live region must exist
            // before its text changes.
            <div class="aside" role="status">
                if let Some(Notice::Info(what)) = notice {
                    { draw_notice("told", None, what.to_string(), &page.dispatch) }
                } else if let Some(work) = page.session.work() {
                    { draw_work(work, &page.dispatch) }
                } else if is_over {
                    <p class="over"><span class="sentence">{ page.session.told_at_end() }</span></p>
                }
            </div>
            { told }
            // Screen readers announce only major events; every message would be too many.
            <p class="visually-hidden" aria-live="polite">
                if !page.session.is_too_fast_to_announce() {
                    { last_turn(&page.run) }
                }
            </p>
        </section>
    }
}

/// How far what is being done has come.
fn progress(page: &Page) -> Option<Millis> {
    page.session.work().map(Work::reached)
}

/// What is being done, how far it has come, and a button that stops it. Screen readers
/// announce it once.
fn draw_work(work: &Work, dispatch: &Dispatch) -> Html {
    html! {
        <p class="told work">
            <span class="sentence">{ work.describe() }</span>
            <progress max="100" value={work.percent().to_string()} aria-hidden="true" />
            <time aria-hidden="true">{ moment(work.reached()) }</time>
            { button(texts().stop_work(), "", on_click(dispatch, Action::StopWork)) }
        </p>
    }
}

/// The latest record.
fn here(page: &Page) -> Option<RecordId> {
    page.run.records().len().checked_sub(1).map(RecordId)
}

/// Whether the record that is told violates an invariant.
fn is_violated(page: &Page) -> bool {
    let shown = match selected(page) {
        Some((id, _)) => Some(id),
        None => here(page),
    };
    let mut violations = page.run.violations().iter();
    violations.any(|violation| Some(violation.record) == shown)
}

fn draw_notice(
    class: &'static str,
    role: Option<&'static str>,
    text: String,
    dispatch: &Dispatch,
) -> Html {
    html! {
        <p {class} {role}>
            <span class="sentence">{ text }</span>
            { button(texts().ok(), "", on_click(dispatch, Action::Dismiss)) }
        </p>
    }
}

/// Buttons to move through a lesson, and its current caption.
fn draw_tour(page: &Page) -> (Html, Option<Html>) {
    let Some(lesson) = page.session.lesson() else {
        return (html! {}, None);
    };
    let to = |action: Action, name: &'static str, sign: &'static str, unavailable: bool| {
        let style = ButtonStyle {
            name,
            hint: name,
            disabled: unavailable,
            ..ButtonStyle::default()
        };
        style.button(sign, on_click(&page.dispatch, action))
    };
    let buttons = html! {
        <div class="tour" role="group" aria-label={texts().tour()}>
            { to(Action::Previous(Landmark::Note), texts().tour_back(), "‹", lesson.number == 0) }
            <span class="place">{ format!("{}/{}", lesson.number, lesson.count) }</span>
            { to(Action::Next(Landmark::Note), texts().tour_on(), "›", lesson.is_over) }
            { draw_logs_of_lesson(page) }
        </div>
    };
    if selected(page).is_some() {
        return (buttons, None);
    }
    let note = html! {
        <p class="note">
            <span class="sentence">
                { translated(lesson.text.to_string()) }
            </span>
            if let Some(id) = here(page) {
                { button(texts().why(), "", on_click(&page.dispatch, Action::Select(Selection::Record(id)))) }
            }
        </p>
    };
    (buttons, Some(note))
}

/// A button for the logs that a lesson tells of, if it has any. Those that are open already are
/// shown where they were left.
fn draw_logs_of_lesson(page: &Page) -> Html {
    let Some(logs) = page.session.lesson_logs() else {
        return html! {};
    };
    let are_open = logs_of(&page.session) == Some(logs);
    let dispatch = page.dispatch.clone();
    let open = Callback::from(move |_: MouseEvent| {
        if are_open {
            dispatch.dispatch(Action::Story(StoryAction::Show(true)));
        } else {
            reading::read_lesson(logs, &dispatch);
        }
    });
    let style = ButtonStyle {
        class: "its-logs",
        hint: texts().lesson_logs_hint(),
        ..ButtonStyle::default()
    };
    style.button(texts().lesson_logs(), open)
}

/// How long nothing must have happened before the page suggests something, in simulated
/// milliseconds.
const QUIET_MS: f64 = 250.0;

/// What a newcomer might try next, once the cluster has a leader and is quiet.
fn hint(page: &Page) -> Option<&'static str> {
    let session = &page.session;
    if !session.is_playing() || session.is_in_past() || !page.run.header().title.is_empty() {
        return None;
    }
    session.leader()?;
    let tried = session.tried();
    let hints = [
        (tried.crash, texts().try_crash()),
        (tried.partition, texts().try_partition()),
        (tried.step, texts().try_step()),
    ];
    let (_, next) = hints.into_iter().find(|(done, _)| !done)?;
    let latest = last_of(&page.run, Weight::Turn)?;
    let at = page.run.tip().records().get(latest.last)?.at;
    (session.clock() - at.0 as f64 > QUIET_MS).then_some(next)
}

fn draw_hint(hint: &str) -> Html {
    html! {
        <p class="hint">
            <span class="sentence">{ texts().of_which(texts().try_this(), hint) }</span>
        </p>
    }
}

fn draw_record(page: &Page) -> Html {
    if let (None, Some(hint)) = (selected(page), hint(page)) {
        return draw_hint(hint);
    }
    if let Some((id, record)) = selected(page) {
        return match page.run.item_of(id) {
            Some(item) => draw_item(page, &item),
            None => draw_sentence(
                page,
                (id, record),
                translated(narrate::headline(record, lang())),
                draw_rule(record),
            ),
        };
    }
    // In the past, what just happened is what was gone to.
    let gone_to = here(page).filter(|_| page.session.is_in_past() && !page.session.is_playing());
    if let Some(item) = gone_to.and_then(|id| page.run.item_of(id)) {
        return draw_item(page, &item);
    }
    // Without a recent event of that importance, show a minor one.
    let latest = last_of(&page.run, page.session.caption_threshold())
        .or_else(|| last_of(&page.run, Weight::News));
    latest.map_or_else(
        || html! { <p>{ texts().nothing_yet() }</p> },
        |item| draw_item(page, &item),
    )
}

fn draw_item(page: &Page, item: &Item) -> Html {
    let records = page.run.tip().records();
    let Some(record) = records.get(item.first) else {
        return html! {};
    };
    let rule = match &item.told {
        // Heartbeats prevent elections by restarting the election timer.
        Told::Quiet(quiet) if !quiet.heartbeats.is_empty() => rule_source(Rule::TimerReset),
        Told::Record { .. } => draw_rule(record),
        Told::Quiet(_) | Told::Lost { .. } => html! {},
    };
    // What goes on is dated when it was last seen to.
    let dated = match &item.told {
        Told::Quiet(_) => records.get(item.last),
        Told::Record { .. } | Told::Lost { .. } => None,
    };
    let sentences = translated(narrate::told_briefly(item, records, lang()));
    let dated = dated.map_or(record, |last| last);
    draw_sentence(page, (item.last, dated), sentences, rule)
}

fn draw_sentence(
    page: &Page,
    (id, record): (RecordId, &Record),
    sentence: String,
    rule: Html,
) -> Html {
    let why = on_click(&page.dispatch, Action::Select(Selection::Record(id)));
    html! {
        <p>
            <time>{ moment(record.at) }</time>
            if let Some(violation) = page.run.violations().iter().find(|it| it.record == id) {
                <strong class="violated">{ texts().violated(violation.invariant().name()) }</strong>
            }
            <span class="sentence">{ sentence }</span>
            { rule }
            { button(texts().why(), "", why) }
        </p>
    }
}

fn draw_rule(record: &Record) -> Html {
    let reason = main_reason(record);
    reason.map_or_else(Html::default, |reason| rule_source(reason.rule()))
}

fn last_turn(run: &RunView) -> String {
    last_of(run, Weight::Turn)
        .map(|item| narrate::told_at_once(&item, run.tip().records(), lang()))
        .unwrap_or_default()
}

/// The latest item of at least that importance.
pub(super) fn last_of(run: &RunView, weight: Weight) -> Option<Item> {
    // Notes are shown separately, by `draw_tour`.
    let records = run.tip().records();
    let is_note = |item: &Item| {
        let record = records.get(item.first);
        record.is_some_and(|record| matches!(record.event, Event::Noted(_)))
    };
    run.items()
        .find(|item| item.weight >= weight && !is_note(item))
}
