//! The page as a whole.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::caption::Caption;
use super::controls::Controls;
use super::events::Events;
use super::inspector::Inspector;
use super::logs::Logs;
use super::network::Network;
use super::stage::Stage;
use super::toolbar::Toolbar;
use crate::keyboard;
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

/// Listens for keys wherever the focus is, except where text is typed.
#[hook]
fn use_keyboard(session: UseReducerHandle<Session>) {
    let latest = use_mut_ref(|| session.clone());
    *latest.borrow_mut() = session;
    use_effect_with((), move |()| {
        let listener = gloo_listener(move |event| {
            let session = latest.borrow().clone();
            if let Some(action) = keyboard::action_of(&event.key(), &session) {
                event.prevent_default();
                session.dispatch(action);
            }
        });
        move || drop(listener)
    });
}

fn gloo_listener(on_key: impl Fn(&KeyboardEvent) + 'static) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(
        &document,
        "keydown",
        options,
        move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                && !takes_keys(event)
            {
                on_key(event);
            }
        },
    ))
}

/// Whether a key belongs to the element that has the focus, or to the browser.
fn takes_keys(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return true;
    }
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    else {
        return false;
    };
    let activates = matches!(event.key().as_str(), " " | "Enter");
    match element.tag_name().as_str() {
        "INPUT" => match element.get_attribute("type").as_deref() {
            Some("checkbox") => activates,
            Some("range") => event.key().starts_with("Arrow"),
            _ => true,
        },
        "SELECT" | "TEXTAREA" => true,
        "BUTTON" => activates,
        _ => activates && element.get_attribute("role").as_deref() == Some("button"),
    }
}
