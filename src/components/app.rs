//! The root component.

use std::rc::Rc;

use hustings_raft::NodeSet;
use yew::prelude::*;

use super::beside::{Futures, FuturesProps, Rails, RailsProps};
use super::command_line::{CommandLine, CommandLineProps};
use super::dialog::{Dialog, DialogProps, Open, Opener};
use super::layout::{Split, Splitter, SplitterProps};
use super::logs::{Logs, LogsProps};
use super::mount::mount;
use super::stage::{Stage, StageProps, StageView};
use super::story::{StoryProps, StoryView};
use super::timeline::{Timeline, TimelineProps};
use super::{PANEL_VIEW, Page, UiState, part};
use super::{caption, panel, story, timebar, toolbar};
use crate::autosave::use_autosave;
use crate::browser;
use crate::focus::use_focus;
use crate::i18n::{self, Lang, set_language, texts};
use crate::lessons::use_lessons;
use crate::scheduler::{use_scheduler, use_turns};
use crate::session::{Action, Landmark, Session};
use crate::settings::Settings;
use crate::share::{link_needs_programs, take_link};
use crate::{autosave, files, fill, keyboard, programs, share};

/// The root component.
#[component]
pub fn App() -> Html {
    let settings = use_reducer(first_settings);
    set_language(settings.lang);
    let is_first = use_mut_ref(|| true);
    use_effect_with(*settings, move |settings| {
        settings.apply();
        // At first everything is about to be measured anyway.
        if !is_first.replace(false) {
            browser::dispatch_resize();
        }
    });
    let lessons = use_lessons(settings.lang);
    let session = use_reducer(first_session);
    let dispatch = session.dispatcher();
    let open = use_state(first_open);
    let ui = use_state(|| UiState {
        first_entry: None,
        side: NodeSet::EMPTY,
        landmark: Landmark::Election,
    });
    let on_tick = dispatch.to_callback().reform(Action::Tick);
    let works = session.is_busy();
    let stands = works || open.is_dialog() || session.shows_story();
    use_scheduler(session.is_playing() && !stands, on_tick);
    use_turns(works, dispatch.to_callback().reform(|()| Action::WorkOn));
    let opener = Opener::of(&open);
    use_focus();
    use_autosave(&session);
    let (handle, key_opener) = (session.clone(), opener.clone());
    // Not an effect: the first effects wait for the first frame, and keys may not.
    use_memo((), move |()| {
        keyboard::install_key_listener(handle, key_opener);
    });
    let handle = session.clone();
    use_effect_with((), move |()| {
        if waits_for_programs() {
            open_with_programs(&handle.dispatcher());
        }
        files::install_drop_listener(handle.dispatcher());
        share::install_link_listener(handle.dispatcher());
        autosave::install_unload_listener(handle.clone());
        fill::install_listener();
    });

    let page = Rc::new(Page {
        session: (*session).clone(),
        run: session.run_view(),
        settings: *settings,
        lessons,
        open: *open,
        ui: *ui,
        dispatch: session.dispatcher(),
        change: settings.dispatcher(),
        opener,
        ui_setter: ui.setter(),
    });
    html! {
        // A change of language renders everything again.
        <div class="page" key={settings.lang.tag()}>
            if page.session.shows_story() {
                { mount::<StoryView>(StoryProps { page: Rc::clone(&page) }) }
            } else {
                { draw_run(&page) }
            }
            { mount::<Dialog>(DialogProps { page }) }
        </div>
    }
}

/// The run: its stage, its views and its time.
fn draw_run(page: &Rc<Page>) -> Html {
    let has_two = page.session.beside().is_some();
    html! {
        <>
            { part(page, toolbar::same, toolbar::draw) }
            if has_two {
                { mount::<Futures>(FuturesProps { page: Rc::clone(page) }) }
            } else {
                { draw_main(page) }
            }
            { part(page, |_, _| true, draw_views) }
            <section class="transport" tabindex="-1" data-region="" aria-label={texts().time()}>
                { part(page, timebar::same, timebar::draw) }
                { mount::<CommandLine>(CommandLineProps { page: Rc::clone(page) }) }
            </section>
            <footer tabindex="-1" data-region="" data-fills="foot">
                { mount::<Splitter>(SplitterProps { split: Split::Foot }) }
                if has_two {
                    { mount::<Rails>(RailsProps { page: Rc::clone(page) }) }
                } else {
                    { mount::<Timeline>(TimelineProps { page: Rc::clone(page) }) }
                }
            </footer>
        </>
    }
}

/// The stage, and what is beside it.
fn draw_main(page: &Rc<Page>) -> Html {
    html! {
        <main>
            <section id="stage-panel" class="stage" data-fills="stage" tabindex="-1" data-region="" aria-label={texts().stage()}>
                { part(page, story::same_played, story::draw_played) }
                { mount::<Stage>(StageProps { page: Rc::clone(page), view: StageView::default() }) }
                { part(page, caption::same, caption::draw) }
            </section>
            { mount::<Splitter>(SplitterProps { split: Split::Side }) }
            <div class="side">
                { mount::<Logs>(LogsProps { page: Rc::clone(page) }) }
                { panel::draw(page) }
            </div>
        </main>
    }
}

/// The choice of the view that narrow screens show below the stage. The style sheet uses
/// its radio buttons.
fn draw_views(_: &Page) -> Html {
    let views = [
        ("view-diagram", texts().diagram()),
        ("view-logs", texts().log()),
        (PANEL_VIEW, texts().events()),
    ];
    html! {
        <nav class="views"><div role="radiogroup" aria-label={texts().views()}>
            { for views.into_iter().enumerate().map(|(place, (id, name))| html! {
                <label><input type="radio" name="view" {id} checked={place == 0} />{ name }</label>
            }) }
        </div></nav>
    }
}

/// The settings of the last visit, as far as there are texts in their language.
fn first_settings() -> Settings {
    let settings = Settings::load();
    let lang = Some(settings.lang).filter(|it| i18n::has(*it));
    Settings {
        lang: lang.unwrap_or(Lang::En),
        ..settings
    }
}

/// The command line, if the last visit was left in the middle of a line.
fn first_open() -> Open {
    match autosave::load_line() {
        Some(_) => Open::CommandLine,
        None => Open::Nothing,
    }
}

/// The run of the link in the address, which keeps that of the last visit; else that run,
/// or a new one, which plays.
fn first_session() -> Session {
    let new = Session::new(browser::prefers_reduced_motion());
    let new = new.with_drafts(autosave::load_drafts());
    if waits_for_programs() {
        return new.waiting_for_last_visit();
    }
    let session = first_actions().fold(Rc::new(new), Session::reduce);
    (*session).clone()
}

/// Opens what has to be opened first.
fn first_actions() -> impl Iterator<Item = Action> {
    let lacks_texts = !i18n::has(Settings::load().lang);
    let lacking = lacks_texts.then(|| Action::Fail(texts().no_chinese().into()));
    let sample = autosave::had_sample().then(|| Action::Notify(texts().sample_ended().into()));
    let visit = autosave::load().map(Action::Restore);
    let actions = [visit, take_link(), sample, lacking];
    actions.into_iter().flatten()
}

/// Whether servers run programs in what has to be opened first, so that these have to be
/// loaded before.
fn waits_for_programs() -> bool {
    let stored =
        || autosave::load().is_some_and(|it| it.runs.iter().any(|run| run.needs_programs()));
    !programs::is_loaded() && (stored() || link_needs_programs())
}

/// Opens it then.
fn open_with_programs(dispatch: &UseReducerDispatcher<Session>) {
    let to = dispatch.clone();
    programs::load_for(dispatch, move || {
        first_actions().for_each(|it| to.dispatch(it))
    });
}
