//! What just happened and by which rule, in one sentence.

use std::rc::Rc;

use hustings_lab::{Command, Event, Record, RecordId, narrate};
use yew::prelude::*;

use super::buttons::{Look, button};
use super::{Dispatch, on_click};
use crate::session::{Action, Landmark, Notice, Selection, Story};
use crate::words::{lang, words};

/// The properties of the [`Caption`].
#[derive(Properties)]
pub(crate) struct CaptionProps {
    pub story: Story,
    pub selected: Selection,
    /// What a record must weigh to be told.
    pub told: narrate::Weight,
    /// Whether nothing is to be read out, because it would never end.
    pub too_fast: bool,
    pub notice: Option<Notice>,
    pub dispatch: Dispatch,
}

impl PartialEq for CaptionProps {
    fn eq(&self, other: &Self) -> bool {
        self.selected == other.selected
            && self.notice == other.notice
            && self.told == other.told
            && self.too_fast == other.too_fast
            && self.story.has_news_of(&other.story)
            && selected(self).is_some() == selected(other).is_some()
    }
}

/// The record that is selected, unless it is yet to be.
fn selected(props: &CaptionProps) -> Option<(RecordId, &Record)> {
    let Selection::Record(id) = props.selected else {
        return None;
    };
    props.story.records().get(id).map(|record| (id, &**record))
}

/// The caption: a notice if there is one; otherwise the record that is selected,
/// or the last one that matters. Where the run has captions of its own, the one
/// that we are at stands above it.
#[component]
pub(crate) fn Caption(props: &CaptionProps) -> Html {
    html! {
        <section id="caption" class="caption" tabindex="-1" aria-label={words().caption()}>
            { draw_tour(props) }
            // What is told by a voice must stand in a place that was there before.
            <div role="status">
                if let Some(Notice::Told(what)) = &props.notice {
                    { draw_notice("told", None, what.to_string(), &props.dispatch) }
                }
            </div>
            if let Some(Notice::Refused(why)) = &props.notice {
                { draw_notice("notice", Some("alert"), words().not_done(why), &props.dispatch) }
            }
            if props.notice.is_none() {
                { draw_record(props) }
            }
            // Assistive technology hears the turns of the story; it could not
            // keep up with every message.
            <p class="visually-hidden" aria-live="polite">
                if !props.too_fast {
                    { last_turn(&props.story) }
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
fn draw_tour(props: &CaptionProps) -> Html {
    let notes = notes(&props.story);
    if notes.is_empty() {
        return html! {};
    }
    let here = RecordId(props.story.records().len());
    let is_end = here.0 == props.story.tip().records().len();
    let passed = notes.iter().filter(|(id, _)| *id < here).count();
    let note = passed.checked_sub(1).and_then(|place| notes.get(place));
    let to = |action: Action, name: &'static str, sign: &'static str, unavailable: bool| {
        let look = Look {
            name,
            hint: name,
            disabled: unavailable,
            ..Look::default()
        };
        look.button(sign, on_click(&props.dispatch, action))
    };
    let title = &props.story.header().title;
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

fn draw_record(props: &CaptionProps) -> Html {
    let chosen = match props.selected {
        Selection::Record(_) => selected(props),
        // Where nothing of that weight has happened for long, there is other news.
        _ => last_of(&props.story, props.told)
            .or_else(|| last_of(&props.story, narrate::Weight::News)),
    };
    let Some((id, record)) = chosen else {
        return html! { <p>{ words().nothing_yet() }</p> };
    };
    html! {
        <p>
            <time>{ record.at.to_string() }</time>
            if let Some(violation) = props.story.violations().iter().find(|it| it.record == id) {
                <strong class="violated">{ words().violated(violation.invariant().name()) }</strong>
            }
            <span class="sentence">{ narrate::headline(record, lang()) }</span>
            { draw_rule(record) }
            { button(words().why(), "", on_click(&props.dispatch, Action::Select(Selection::Record(id)))) }
        </p>
    }
}

fn draw_rule(record: &Record) -> Html {
    match narrate::main_reason(record) {
        Some(reason) => {
            let rule = reason.rule();
            html! { <span class="rule" title={narrate::rule(rule, lang())}>{ narrate::source(rule.source(), lang()) }</span> }
        }
        None => html! {},
    }
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
