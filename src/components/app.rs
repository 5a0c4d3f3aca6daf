//! The page as a whole.

use std::rc::Rc;

use yew::prelude::*;

use super::INSPECTOR_VIEW;
use super::caption::Caption;
use super::command_line::CommandLine;
use super::dialog::{Dialog, Open, Opener};
use super::events::Events;
use super::inspector::Inspector;
use super::logs::Logs;
use super::network::Network;
use super::stage::Stage;
use super::timebar::Timebar;
use super::timeline::Timeline;
use super::toolbar::Toolbar;
use crate::files::use_drop;
use crate::focus::use_focus;
use crate::keyboard::use_keyboard;
use crate::memory::{recall, use_memory};
use crate::scheduler::use_scheduler;
use crate::session::{Action, Session};
use crate::settings::Settings;
use crate::share::{linked, use_links};
use crate::words::{speak, words};

/// The page.
#[component]
pub fn App() -> Html {
    let settings = use_reducer(Settings::recall);
    speak(settings.lang);
    use_effect_with(*settings, |settings| settings.show());
    let session = use_reducer(first_session);
    let dispatch = session.dispatcher();
    let open = use_state(|| Open::Nothing);
    let on_tick = use_callback(dispatch.clone(), |elapsed, dispatch| {
        dispatch.dispatch(Action::Tick(elapsed));
    });
    use_scheduler(session.is_playing(), on_tick);
    let opener = Opener::of(&open);
    use_keyboard(session.clone(), opener.clone());
    use_focus();
    use_memory(&session);
    use_drop(dispatch.clone());
    use_links(dispatch.clone());

    let story = session.story();
    let (branches, branch) = session.branches();
    let (selected, hovered) = (session.selected(), session.hovered());
    html! {
        // In another language everything is drawn anew.
        <div class="page" key={settings.lang.tag()}>
            <Toolbar story={story.clone()} settings={*settings} change={settings.dispatcher()} opener={opener.clone()} dispatch={dispatch.clone()} />
            <main>
                <section id="stage-panel" class="stage" tabindex="-1" aria-label={words().stage()}>
                    <Stage session={session.clone()} />
                    <p class="key">{ words().legend_messages() }</p>
                    <Network story={story.clone()} dispatch={dispatch.clone()} />
                </section>
                // Behind the stage, so that the keyboard comes from what is chosen
                // to what can be done to it.
                <Inspector story={story.clone()} {selected} tried={session.tried()} dispatch={dispatch.clone()} />
                <div class="story">
                    <Logs story={story.clone()} {selected} {hovered} dispatch={dispatch.clone()} />
                    <Events story={story.clone()} {selected} {hovered} dispatch={dispatch.clone()} />
                </div>
                <Views />
            </main>
            <div class="told-row">
            <Caption
                story={story.clone()}
                {selected}
                told={session.told()}
                too_fast={session.is_too_fast_to_hear()}
                notice={session.notice().cloned()}
                dispatch={dispatch.clone()}
            />
            <CommandLine story={story.clone()} is_open={*open == Open::CommandLine} opener={opener.clone()} dispatch={dispatch.clone()} />
            </div>
            <footer aria-label={words().time()}>
                <Timebar
                    {branches}
                    {branch}
                    breakpoints={Rc::clone(session.breakpoints())}
                    playing={session.is_playing()}
                    in_past={session.is_in_past()}
                    speed={session.speed()}
                    now={session.clock() as u64}
                    opener={opener.clone()}
                    dispatch={dispatch.clone()}
                />
                <Timeline
                    story={story.clone()}
                    clock={session.clock()}
                    {selected}
                    {hovered}
                    dispatch={dispatch.clone()}
                />
            </footer>
            <Dialog session={session.clone()} open={*open} {opener} />
        </div>
    }
}

/// What a narrow screen, which has no room for all, shows beneath the stage. The
/// style goes by it.
#[component]
fn Views() -> Html {
    let views = [
        ("view-diagram", words().diagram()),
        ("view-logs", words().log()),
        ("view-events", words().events()),
        (INSPECTOR_VIEW, words().inspect()),
    ];
    html! {
        <div class="views" role="radiogroup" aria-label={words().views()}>
            { for views.into_iter().enumerate().map(|(place, (id, name))| html! {
                <label><input type="radio" name="view" {id} checked={place == 0} />{ name }</label>
            }) }
        </div>
    }
}

/// The run of the link that the page was opened by; else the one of the last
/// visit; else a new one, which plays.
fn first_session() -> Session {
    let session = Rc::new(Session::default());
    let first = linked().or_else(|| recall().map(Action::Open));
    let session = match first {
        Some(action) => session.reduce(action),
        None => session,
    };
    (*session).clone()
}
