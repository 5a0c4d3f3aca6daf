//! What just happened and by which rule, in one sentence.

use std::rc::Rc;

use hustings_lab::{Command, Event, Record, RecordId, narrate};
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
    let chosen = match page.session.selected() {
        Selection::Record(_) => selected(page),
        // Where nothing of that weight has happened for long, there is other news.
        _ => last_of(&page.story, page.session.told())
            .or_else(|| last_of(&page.story, narrate::Weight::News)),
    };
    let Some((id, record)) = chosen else {
        return html! { <p>{ words().nothing_yet() }</p> };
    };
    html! {
        <p>
            <time>{ record.at.to_string() }</time>
            if let Some(violation) = page.story.violations().iter().find(|it| it.record == id) {
                <strong class="violated">{ words().violated(violation.invariant().name()) }</strong>
            }
            <span class="sentence">{ narrate::headline(record, lang()) }</span>
            { draw_rule(record) }
            { button(words().why(), "", on_click(&page.dispatch, Action::Select(Selection::Record(id)))) }
        </p>
    }
}

fn draw_rule(record: &Record) -> Html {
    let reason = narrate::main_reason(record);
    reason.map_or_else(Html::default, |reason| rule_source(reason.rule()))
}

fn last_turn(story: &Story) -> String {
    last_of(story, narrate::Weight::Turn)
        .map(|(_, record)| narrate::headline(record, lang()))
        .unwrap_or_default()
}

/// The latest record of at least that weight.
fn last_of(story: &Story, weight: narrate::Weight) -> Option<(RecordId, &Record)> {
    // What somebody wrote stands above, among the captions of the run.
    let is_note = |record: &Record| matches!(record.event, Event::Noted(_));
    story
        .news()
        .find(|(_, record)| narrate::weight(record) >= weight && !is_note(record))
}
