//! The logs of real servers, in place of the run: a verdict, a picture with a lane for each
//! member, what was known of them at an event, the account, the events, and the line of each.

mod account;
mod arrows;
mod axis;
mod events;
mod export;
mod files;
mod head;
mod lanes;
mod line;
mod look;
mod marks;
mod members;
mod picture;
mod played;
mod pointer;

use std::rc::Rc;
use std::sync::Arc;

use hustings_logs::shown::Shown;
use hustings_logs::wire::Progress;
use yew::prelude::*;

pub(crate) use self::account::ID as ACCOUNT;
pub(crate) use self::events::SEARCH;
pub(super) use self::export::draw as draw_export;
pub(super) use self::played::{draw as draw_played, same as same_played};

use self::picture::{Picture, PictureProps};
use super::controls::{ButtonStyle, button};
use super::layout::{Split, Splitter, SplitterProps};
use super::mount::mount;
use super::{Dispatch, Page};
use crate::i18n::texts;
use crate::scheduler::use_turns;
use crate::session::{Action, LogReading, Notice, Story, StoryAction};
use crate::{browser, reading};

#[derive(Properties)]
pub(crate) struct StoryProps {
    pub page: Rc<Page>,
}

impl PartialEq for StoryProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page, &other.page);
        is_same(now.session.story(), before.session.story())
            && now.settings == before.settings
            && now.session.notice() == before.session.notice()
    }
}

fn is_same(one: Option<&Rc<Story>>, other: Option<&Rc<Story>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// What all views of a story draw from.
struct Told<'a> {
    page: &'a Page,
    story: &'a Story,
    shown: &'a Arc<Shown>,
}

fn on<E>(dispatch: &Dispatch, action: StoryAction) -> Callback<E> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.dispatch(Action::Story(action.clone())))
}

/// The logs.
#[component]
pub(crate) fn StoryView(props: &StoryProps) -> Html {
    let page = &props.page;
    let dispatch = page.dispatch.clone();
    // It is mounted anew when the language changes.
    use_effect_with((), move |()| reading::speak(&dispatch));
    let here = page.session.story().and_then(|it| it.event()?.place.into());
    let dispatch = page.dispatch.clone();
    use_effect_with(here, move |here| {
        if let Some(place) = here {
            reading::line(*place, &dispatch);
        }
    });
    use_line_in_view(page);
    use_search_in_lines(page);
    let lists = page.session.story().is_some_and(|it| it.is_listing());
    use_turns(lists, on(&page.dispatch, StoryAction::ListOn));
    let Some(story) = page.session.story() else {
        return html! {};
    };
    html! {
        <>
            { head::draw(page, story) }
            { draw_notice(page) }
            if let Some(shown) = story.shown() {
                { draw_told(&Told { page, story, shown }) }
            } else {
                { draw_reading(page, story) }
            }
        </>
    }
}

/// Keeps the line of the event in view among those around it.
#[hook]
fn use_line_in_view(page: &Page) {
    let lines = page.session.story().and_then(|it| it.lines());
    let place = lines.map(|(place, _)| place);
    use_effect_with(place, |_| browser::scroll_within(line::ID, line::HERE));
}

/// Has the words that are looked for found in the lines, too, once there are any.
#[hook]
fn use_search_in_lines(page: &Page) {
    let story = page.session.story();
    let words = story.map(|it| Rc::clone(&it.filter().words));
    // Lines that were read again have other events.
    let read = story.and_then(|it| it.shown()).map(Arc::as_ptr);
    let dispatch = page.dispatch.clone();
    use_effect_with((words, read), move |(words, read)| {
        if let Some(words) = words
            .as_deref()
            .filter(|it| read.is_some() && !it.is_empty())
        {
            reading::find(words, &dispatch);
        }
    });
}

fn draw_told(told: &Told) -> Html {
    html! {
        <>
            { account::draw_verdict(told) }
            <main class="story">
                <div class="moment">
                    <section class="picture" tabindex="-1" data-region="" id="story-picture" aria-label={texts().diagram()}>
                        { mount::<Picture>(PictureProps::of(told)) }
                        { members::draw(told) }
                    </section>
                    { line::draw(told) }
                </div>
                { mount::<Splitter>(SplitterProps { split: Split::Side }) }
                <div class="side">
                    { account::draw(told) }
                    { events::draw(told) }
                </div>
            </main>
            { draw_views() }
        </>
    }
}

/// The choice of the view that narrow screens show below the picture. The style sheet uses its
/// radio buttons.
fn draw_views() -> Html {
    let views = [
        ("view-account", texts().logs_account()),
        ("view-story-events", texts().events()),
    ];
    html! {
        <nav class="views"><div role="radiogroup" aria-label={texts().views()}>
            { for views.into_iter().enumerate().map(|(place, (id, name))| html! {
                <label><input type="radio" name="story-view" {id} checked={place == 0} />{ name }</label>
            }) }
        </div></nav>
    }
}

fn draw_notice(page: &Page) -> Html {
    let text = match page.session.notice() {
        Some(Notice::Refused(why)) => texts().not_done(why),
        Some(Notice::Failed(what) | Notice::Info(what)) => what.to_string(),
        None => return html! {},
    };
    let onclick = {
        let dispatch = page.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Dismiss))
    };
    html! {
        <p class="story-notice" role="status">{ text }{ button(texts().ok(), "", onclick) }</p>
    }
}

/// How far the reading has come, or why there is no story.
fn draw_reading(page: &Page, story: &Story) -> Html {
    let dispatch = page.dispatch.clone();
    let close = Callback::from(move |_: MouseEvent| reading::close(&dispatch));
    let inside = match story.reading() {
        LogReading::Going(progress) => draw_progress(*progress),
        LogReading::Failed(why) => {
            html! { <p class="notice" role="alert">{ why.to_string() }</p> }
        }
        LogReading::Over(_) => draw_nothing(story),
    };
    let is_over = !matches!(story.reading(), LogReading::Going(_));
    let label = if is_over {
        texts().logs_close()
    } else {
        texts().stop_work()
    };
    html! {
        <main class="story waits">
            <section id="story-waits" tabindex="-1" data-region="" aria-label={texts().logs_title()}>
                { inside }
                <p class="actions">
                    if is_over {
                        { ButtonStyle { class: "primary", ..ButtonStyle::default() }.button(texts().logs_open_others(), page.opener.to(super::Open::Logs)) }
                    }
                    { button(label, "", close) }
                </p>
            </section>
        </main>
    }
}

fn draw_progress(progress: Progress) -> Html {
    let told = if progress.of == 0 {
        texts().logs_getting_ready().to_owned()
    } else {
        texts().logs_progress(progress.read, progress.of)
    };
    html! {
        <>
            <p role="status">{ told }</p>
            <progress max={progress.of.max(1).to_string()} value={progress.read.to_string()} aria-label={texts().logs_reading()} />
        </>
    }
}

/// No file tells a story: why, file by file.
fn draw_nothing(story: &Story) -> Html {
    let Some(read) = story.read() else {
        return html! {};
    };
    let sections = read.shown.account.iter();
    let told = sections.flat_map(|section| &section.sentences);
    html! {
        <div role="alert">
            <h2>{ texts().logs_nothing() }</h2>
            { draw_left_out(&read.left_out) }
            { for told.map(|sentence| html! { <p>{ &sentence.says }</p> }) }
        </div>
    }
}

/// Why files were left out.
fn draw_left_out(left_out: &[String]) -> Html {
    html! {
        if !left_out.is_empty() {
            <ul class="left-out">
                { for left_out.iter().map(|why| html! { <li>{ why }</li> }) }
            </ul>
        }
    }
}
