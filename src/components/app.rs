//! The page as a whole.

use std::rc::Rc;

use hustings_raft::NodeSet;
use yew::prelude::*;

use super::command_line::CommandLine;
use super::dialog::{Dialog, Open, Opener};
use super::timeline::Timeline;
use super::{Choices, INSPECTOR_VIEW, Page, part};
use super::{caption, events, inspector, logs, network, stage, timebar, toolbar};
use crate::focus::use_focus;
use crate::memory::{recall, use_memory};
use crate::scheduler::use_scheduler;
use crate::session::{Action, Landmark, Session};
use crate::settings::Settings;
use crate::share::linked;
use crate::words::{speak, words};
use crate::{files, keyboard, memory, share};

/// The page.
#[component]
pub fn App() -> Html {
    let settings = use_reducer(Settings::recall);
    speak(settings.lang);
    use_effect_with(*settings, |settings| settings.show());
    let session = use_reducer(first_session);
    let dispatch = session.dispatcher();
    let open = use_state(|| Open::Nothing);
    let drag = use_state(|| None);
    let choices = use_state(|| Choices {
        first_entry: None,
        side: NodeSet::EMPTY,
        landmark: Landmark::Election,
    });
    let on_tick = dispatch.to_callback().reform(Action::Tick);
    use_scheduler(session.is_playing(), on_tick);
    let opener = Opener::of(&open);
    use_focus();
    use_memory(&session);
    let (live, opens) = (session.clone(), opener.clone());
    use_effect_with((), move |()| {
        files::listen(live.dispatcher());
        share::listen(live.dispatcher());
        memory::listen(live.clone());
        keyboard::listen(live, opens);
    });

    let page = Rc::new(Page {
        session: (*session).clone(),
        story: session.story(),
        settings: *settings,
        open: *open,
        choices: *choices,
        dispatch: session.dispatcher(),
        change: settings.dispatcher(),
        opener,
        chooser: choices.setter(),
    });
    html! {
        // In another language everything is drawn anew.
        <div class="page" key={settings.lang.tag()}>
            { part(&page, toolbar::same, toolbar::draw) }
            <main>
                <section id="stage-panel" class="stage" tabindex="-1" aria-label={words().stage()}>
                    { stage::draw(&page, &session, &drag) }
                    <p class="key">{ words().legend_messages() }</p>
                    { part(&page, network::same, network::draw) }
                </section>
                // Behind the stage, so that the keyboard comes from what is chosen
                // to what can be done to it.
                { part(&page, inspector::same, inspector::draw) }
                <div class="story">
                    { part(&page, logs::same, logs::draw) }
                    { part(&page, events::same, events::draw) }
                </div>
                { part(&page, |_, _| true, draw_views) }
            </main>
            <div class="told-row">
                { part(&page, caption::same, caption::draw) }
                <CommandLine page={&page} />
            </div>
            <footer aria-label={words().time()}>
                { part(&page, timebar::same, timebar::draw) }
                <Timeline page={&page} />
            </footer>
            <Dialog {page} />
        </div>
    }
}

/// What a narrow screen, which has no room for all, shows beneath the stage. The
/// style goes by it.
fn draw_views(_: &Page) -> Html {
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
