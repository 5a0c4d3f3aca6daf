//! The events of a story, of which only those in view are in the document, and which are listed.

use std::rc::Rc;
use std::sync::Arc;

use hustings_logs::shown::{EventId, MemberId, Topic};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::controls::menu;
use super::super::glyphs::{class_if, class_of};
use super::super::list::{List, ListProps, Row};
use super::super::mount::mount;
use super::Told;
use super::look::time_of;
use crate::i18n::texts;
use crate::session::{Action, EventFilter, StoryAction};

/// The id of the field for words.
pub(crate) const SEARCH: &str = "story-search";

const TOPICS: [Topic; 6] = [
    Topic::Role,
    Topic::Vote,
    Topic::Term,
    Topic::Log,
    Topic::Server,
    Topic::Alarm,
];

fn describe(topic: Topic) -> &'static str {
    match topic {
        Topic::Role => texts().topic_roles(),
        Topic::Vote => texts().topic_votes(),
        Topic::Term => texts().topic_terms(),
        Topic::Log => texts().topic_logs(),
        Topic::Server => texts().topic_servers(),
        Topic::Alarm => texts().topic_alarms(),
    }
}

pub(super) fn draw(told: &Told) -> Html {
    html! {
        <section id="story-events" class="events" tabindex="-1" data-region="" aria-label={texts().events()}>
            <div class="events-head">
                { draw_search(told) }
                { draw_filter(told) }
            </div>
            { draw_list(told) }
        </section>
    }
}

fn draw_search(told: &Told) -> Html {
    let filter = told.story.filter();
    let dispatch = told.page.dispatch.clone();
    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            let words = event.target_unchecked_into::<HtmlInputElement>().value();
            let filter = EventFilter {
                words: words.into(),
                ..filter.clone()
            };
            dispatch.dispatch(Action::Story(StoryAction::List(filter)));
        })
    };
    let onkeydown = {
        let dispatch = told.page.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "Enter" if event.shift_key() => StoryAction::Step(-1),
                "Enter" => StoryAction::Step(1),
                "Escape" => {
                    let field: HtmlInputElement = event.target_unchecked_into();
                    let _ = field.blur();
                    event.stop_propagation();
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dispatch.dispatch(Action::Story(action));
        })
    };
    let (listed, all) = (told.story.listed().len(), told.shown.events.len());
    let count = if listed == all {
        texts().logs_events(all)
    } else {
        texts().logs_events_of(listed, all)
    };
    html! {
        <div class="search" role="search">
            <input
                id={SEARCH}
                type="search"
                value={filter.words.to_string()}
                placeholder={texts().logs_words()}
                aria-label={texts().logs_words()}
                title={texts().logs_words_hint()}
                autocomplete="off"
                spellcheck="false"
                {oninput}
                {onkeydown}
            />
            <output aria-live="polite">{ count }</output>
        </div>
    }
}

fn draw_filter(told: &Told) -> Html {
    let filter = told.story.filter();
    let change = |pick: fn(&mut EventFilter, usize)| {
        let (filter, dispatch) = (filter.clone(), told.page.dispatch.clone());
        Callback::from(move |number: usize| {
            let mut next = filter.clone();
            pick(&mut next, number);
            dispatch.dispatch(Action::Story(StoryAction::List(next)));
        })
    };
    let members = told.shown.members.iter().map(|it| it.name.to_string());
    let members = [texts().logs_all_members().to_owned()]
        .into_iter()
        .chain(members);
    let topics = TOPICS.map(|topic| describe(topic).to_owned());
    let topics = [texts().kind_all().to_owned()].into_iter().chain(topics);
    let member = filter.member.map_or(0, |id| usize::from(id.0) + 1);
    let topic = filter
        .topic
        .and_then(|topic| TOPICS.iter().position(|it| *it == topic));
    let pick_member = change(|filter, place| {
        let id = place
            .checked_sub(1)
            .and_then(|place| u8::try_from(place).ok());
        filter.member = id.map(MemberId);
    });
    let pick_topic = change(|filter, place| {
        filter.topic = place
            .checked_sub(1)
            .and_then(|place| TOPICS.get(place).copied());
    });
    html! {
        <div class="filter">
            { menu(texts().logs_member(), members.collect(), member, pick_member) }
            { menu(texts().kinds(), topics.collect(), topic.map_or(0, |it| it + 1), pick_topic) }
        </div>
    }
}

fn draw_list(told: &Told) -> Html {
    let (shown, listed) = (Arc::clone(told.shown), Rc::clone(told.story.listed()));
    let (at, dispatch) = (told.story.at(), told.page.dispatch.clone());
    let ends = shown.begins + shown.lasts;
    let with_day = shown.begins.day() != ends.day();
    let row = move |number: usize| {
        let id = *listed.get(number)?;
        let event = shown.event(id)?;
        let is_here = at == Some(id);
        let dispatch = dispatch.clone();
        Some(Row {
            key: id.0.into(),
            class: class_of(&[
                class_if(is_here, "selected"),
                class_if(matches!(event.topic, Topic::Role), "turn"),
                class_if(matches!(event.topic, Topic::Alarm), "alarm"),
            ]),
            time: time_of(shown.begins + event.at, with_day),
            told: event.says.to_string(),
            now: None,
            is_current: is_here,
            choose: Callback::from(move |()| go_to(&dispatch, id)),
            point: Callback::noop(),
        })
    };
    mount::<List>(ListProps {
        name: "story-event",
        count: told.story.listed().len(),
        present: told.story.row(),
        playing: false,
        to_present: texts().logs_to_here(),
        row: Rc::new(row),
    })
}

fn go_to(dispatch: &super::Dispatch, event: EventId) {
    dispatch.dispatch(Action::Story(StoryAction::GoTo(event)));
}
