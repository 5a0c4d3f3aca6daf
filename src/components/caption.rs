//! What just happened and by which rule, in one sentence.

use std::rc::Rc;

use hustings_lab::{Command, Event, Item, Record, RecordId, Told, narrate};
use hustings_raft::Rule;
use yew::prelude::*;

use super::controls::{Look, button};
use super::glyphs::rule_source;
use super::{Dispatch, Page, on_click};
use crate::session::{Action, Landmark, Notice, Selection, Story};
use crate::words::{lang, words};

/// Whether the caption is the same.
pub(super) fn same(one: &Page, other: &Page) -> bool {
    let (now, before) = (&one.session, &other.session);
    now.selected() == before.selected()
        && now.notice() == before.notice()
        && now.told() == before.told()
        && now.is_too_fast_to_hear() == before.is_too_fast_to_hear()
        && one.story.has_news_of(&other.story)
        && selected(one).is_some() == selected(other).is_some()
}

/// The record that is selected, unless it is yet to be.
fn selected(page: &Page) -> Option<(RecordId, &Record)> {
    let Selection::Record(id) = page.session.selected() else {
        return None;
    };
    page.story.records().get(id).map(|record| (id, &**record))
}

/// The caption: a notice if there is one; otherwise the record that is selected,
/// or the last one that matters. Where the run has captions of its own, the one
/// that we are at stands above it.
pub(super) fn draw(page: &Page) -> Html {
    let notice = page.session.notice();
    html! {
        <section id="caption" class="caption" tabindex="-1" aria-label={words().caption()}>
            { draw_tour(page) }
            // What is told by a voice must stand in a place that was there before.
            <div role="status">
                if let Some(Notice::Told(what)) = notice {
                    { draw_notice("told", None, what.to_string(), &page.dispatch) }
                }
            </div>
            if let Some(Notice::Refused(why)) = notice {
                { draw_notice("notice", Some("alert"), words().not_done(why), &page.dispatch) }
            }
            if notice.is_none() {
                { draw_record(page) }
            }
            // Assistive technology hears the turns of the story; it could not
            // keep up with every message.
            <p class="visually-hidden" aria-live="polite">
                if !page.session.is_too_fast_to_hear() {
                    { last_turn(&page.story) }
                }
            </p>
        </section>
    }
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
            { button(words().ok(), "", on_click(dispatch, Action::Dismiss)) }
        </p>
    }
}

/// The captions of a run, one by one.
fn draw_tour(page: &Page) -> Html {
    let notes = notes(&page.story);
    if notes.is_empty() {
        return html! {};
    }
    let here = RecordId(page.story.records().len());
    let is_end = here.0 == page.story.tip().records().len();
    let passed = notes.iter().filter(|(id, _)| *id < here).count();
    let note = passed.checked_sub(1).and_then(|place| notes.get(place));
    let to = |action: Action, name: &'static str, sign: &'static str, unavailable: bool| {
        let look = Look {
            name,
            hint: name,
            disabled: unavailable,
            ..Look::default()
        };
        look.button(sign, on_click(&page.dispatch, action))
    };
    let title = &page.story.header().title;
    html! {
        <div class="tour" role="group" aria-label={words().tour()}>
            { to(Action::Previous(Landmark::Note), words().tour_back(), "‹", passed == 0) }
            <span class="place">{ format!("{passed}/{}", notes.len()) }</span>
            { to(Action::Next(Landmark::Note), words().tour_on(), "›", is_end) }
            <p class="note">
                { note.map_or_else(|| title.clone(), |(_, text)| text.to_string()) }
            </p>
        </div>
    }
}

/// The captions of the whole branch. Few runs have any.
fn notes(story: &Story) -> Vec<(RecordId, Rc<str>)> {
    let has_some = |command: &Command| matches!(command, Command::Note(_));
    if !story.tip().commands().iter().any(has_some) {
        return Vec::new();
    }
    let records = story.tip().records().iter();
    let noted = records.filter_map(|(id, record)| match &record.event {
        Event::Noted(text) => Some((id, Rc::from(&**text))),
        _ => None,
    });
    noted.collect()
}

fn draw_record(page: &Page) -> Html {
    if let Some((id, record)) = selected(page) {
        return match page.story.told_of(id) {
            Some(item) => draw_item(page, &item),
            None => draw_sentence(
                page,
                (id, record),
                narrate::headline(record, lang()),
                draw_rule(record),
            ),
        };
    }
    // Where nothing of that weight has happened for long, there is other news.
    let latest = last_of(&page.story, page.session.told())
        .or_else(|| last_of(&page.story, narrate::Weight::News));
    latest.map_or_else(
        || html! { <p>{ words().nothing_yet() }</p> },
        |item| draw_item(page, &item),
    )
}

fn draw_item(page: &Page, item: &Item) -> Html {
    let records = page.story.tip().records();
    let Some(record) = records.get(item.first) else {
        return html! {};
    };
    let rule = match &item.told {
        // Of what happens again and again, that is why nobody stands.
        Told::Quiet(quiet) if !quiet.heartbeats.is_empty() => rule_source(Rule::TimerReset),
        Told::Record { .. } => draw_rule(record),
        Told::Quiet(_) | Told::Lost { .. } => html! {},
    };
    let sentences = narrate::told_at_once(item, records, lang());
    draw_sentence(page, (item.last, record), sentences, rule)
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
            <time>{ record.at.to_string() }</time>
            if let Some(violation) = page.story.violations().iter().find(|it| it.record == id) {
                <strong class="violated">{ words().violated(violation.invariant().name()) }</strong>
            }
            <span class="sentence">{ sentence }</span>
            { rule }
            { button(words().why(), "", why) }
        </p>
    }
}

fn draw_rule(record: &Record) -> Html {
    let reason = narrate::main_reason(record);
    reason.map_or_else(Html::default, |reason| rule_source(reason.rule()))
}

fn last_turn(story: &Story) -> String {
    last_of(story, narrate::Weight::Turn)
        .map(|item| narrate::told_at_once(&item, story.tip().records(), lang()))
        .unwrap_or_default()
}

/// The latest thing told that is at least of that weight.
fn last_of(story: &Story, weight: narrate::Weight) -> Option<Item> {
    // What somebody wrote stands above, among the captions of the run.
    let records = story.tip().records();
    let is_note = |item: &Item| {
        let record = records.get(item.first);
        record.is_some_and(|record| matches!(record.event, Event::Noted(_)))
    };
    story
        .news()
        .find(|item| item.weight >= weight && !is_note(item))
}
