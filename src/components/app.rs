//! The page as a whole.

use yew::prelude::*;

use super::caption::Caption;
use super::controls::Controls;
use super::events::Events;
use super::inspector::Inspector;
use super::logs::Logs;
use super::network::Network;
use super::stage::Stage;
use super::toolbar::Toolbar;
use crate::keyboard::use_keyboard;
use crate::scheduler::use_scheduler;
use crate::session::{Action, Session};

/// The page.
#[component]
pub fn App() -> Html {
    let session = use_reducer(Session::default);
    let dispatch = session.dispatcher();
    let on_tick = use_callback(dispatch.clone(), |elapsed, dispatch| {
        dispatch.dispatch(Action::Tick(elapsed));
    });
    use_scheduler(session.is_playing(), on_tick);
    use_keyboard(session.clone());

    let story = session.story();
    let selected = session.selected();
    html! {
        <>
            <Toolbar story={story.clone()} dispatch={dispatch.clone()} />
            <main>
                <section class="stage" aria-label="Stage">
                    <Stage session={session.clone()} />
                    <p class="key">
                        { "V vote? · ♥ heartbeat · number: entries · + yes · − no · struck out: lost" }
                    </p>
                    <Network story={story.clone()} dispatch={dispatch.clone()} />
                </section>
                <div class="story">
                    <Logs story={story.clone()} {selected} dispatch={dispatch.clone()} />
                    <Events story={story.clone()} {selected} dispatch={dispatch.clone()} />
                </div>
                <Inspector story={story.clone()} {selected} dispatch={dispatch.clone()} />
            </main>
            <Caption {story} {selected} notice={session.notice().cloned()} dispatch={dispatch.clone()} />
            <Controls
                playing={session.is_playing()}
                speed={session.speed()}
                now={session.clock() as u64}
                {dispatch}
            />
        </>
    }
}
