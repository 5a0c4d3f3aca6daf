//! Sharing a run as a link, script or picture, and opening a file.

use std::rc::Rc;

use hustings_lab::narrate::Tell;
use js_sys::{JsString, RegExp};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::Dispatch;
use super::super::controls::{ButtonStyle, button, button_unless};
use super::super::script;
use super::branches::copy_link;
use super::{Open, Page};
use crate::browser;
use crate::files;
use crate::i18n::{lang, texts};
use crate::picture::{self, Picture};
use crate::session::{Action, script_of};
use crate::share;

pub(super) fn draw(page: &Page) -> Html {
    let (session, dispatch) = (&page.session, &page.dispatch);
    let script = script_of(session.run()).map_err(|error| error.tell(lang()));
    let lesson = session.is_lesson().then(|| {
        let (session, dispatch) = (session.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| share::copy_lesson_link(&session, dispatch.clone()))
    });
    let link = copy_link(session.run(), dispatch);
    let copy = {
        let (script, dispatch) = (script.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let dispatch = dispatch.clone();
            let Some(script) = given(&script, &dispatch) else {
                return;
            };
            browser::copy(script, move |copied| {
                dispatch.dispatch(if copied {
                    Action::Notify(texts().script_copied().into())
                } else {
                    Action::Refuse(texts().not_copied().into())
                });
            });
        })
    };
    let name = file_name(&session.run().header().title);
    let save = {
        let (name, script, dispatch) = (name.clone(), script.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(script) = given(&script, &dispatch) {
                browser::save(&format!("{name}.hust"), "text/plain", script);
            }
        })
    };
    let edit = {
        let (opener, dispatch) = (page.opener.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            opener.open(Open::Nothing);
            script::open(&dispatch);
        })
    };
    let onchange = {
        let (opener, dispatch) = (page.opener.clone(), dispatch.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                files::open_file(&file, dispatch.clone());
                opener.open(Open::Nothing);
            }
        })
    };
    let primary = ButtonStyle {
        class: "primary",
        ..ButtonStyle::default()
    };
    html! {
        <div class="share">
            <p class="actions">
                if let Some(lesson) = lesson {
                    { primary.button(texts().copy_lesson_link(), lesson) }
                    { button(texts().copy_moment_link(), "", link) }
                } else {
                    { primary.button(texts().copy_link(), link) }
                }
                { button(texts().copy_script(), "", copy) }
                if let Some(recording) = session.recording() {
                    { button(texts().save_recording(), "", save_recording(recording, &name)) }
                } else {
                    { button(texts().save_script(), "", save) }
                }
                { button(texts().edit_script(), texts().script_hint(), edit) }
                { button_unless(page.run.only_recorded(), texts().caption_here(), texts().caption_here_hint(), page.opener.to(Open::Caption)) }
            </p>
            <p>
                <label class="file"><span>{ texts().open_script() }</span><input type="file" accept=".hust,.ndjson,text/plain" {onchange} /></label>
            </p>
            <p class="actions">
                { for [Picture::Stage, Picture::Diagram].into_iter().map(draw_picture) }
            </p>
            <label class="script">
                <span>{ texts().the_script() }</span>
                <textarea readonly=true rows="12" spellcheck="false" value={script.unwrap_or_else(|why| why)} />
            </label>
        </div>
    }
}

fn save_recording(recording: &Rc<str>, name: &str) -> Callback<MouseEvent> {
    let (recording, name) = (Rc::clone(recording), format!("{name}.ndjson"));
    Callback::from(move |_| browser::save(&name, "application/x-ndjson", &recording))
}

/// The script; if there is none, the user is told why.
fn given<'a>(script: &'a Result<String, String>, dispatch: &Dispatch) -> Option<&'a str> {
    match script {
        Ok(script) => Some(script),
        Err(why) => {
            dispatch.dispatch(Action::Refuse(why.as_str().into()));
            None
        }
    }
}

/// Buttons that save a drawing.
fn draw_picture(picture: Picture) -> Html {
    let svg = Callback::from(move |_: MouseEvent| picture::save_svg(picture));
    let png = Callback::from(move |_: MouseEvent| picture::save_png(picture));
    html! {
        <>
            { button(&texts().save_as(picture.describe(), "SVG"), "", svg) }
            { button(&texts().save_as(picture.describe(), "PNG"), "", png) }
        </>
    }
}

/// Converts a title to a file name. The browser knows which characters are letters.
pub(in crate::components) fn file_name(title: &str) -> String {
    let others = RegExp::new("[^\\p{L}\\p{N}]+", "gu");
    let title = JsString::from(title.to_ascii_lowercase());
    let name = String::from(title.replace_by_pattern(&others, "-"));
    match name.trim_matches('-') {
        "" => "hustings".to_owned(),
        name => name.to_owned(),
    }
}
