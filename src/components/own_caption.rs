//! The field for a caption of the user's own, in the caption's band.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls::{button, sign_button};
use super::dialog::Open;
use super::{Page, act};
use crate::browser;
use crate::i18n::texts;
use crate::session::Action;

#[derive(Properties)]
pub(super) struct OwnCaptionProps {
    pub page: Page,
}

/// What is typed stays while the page goes on.
impl PartialEq for OwnCaptionProps {
    fn eq(&self, other: &Self) -> bool {
        self.page.session.caption_here() == other.page.session.caption_here()
    }
}

const ID: &str = "own-caption";

/// The field, which keeps the moment for which it was opened.
#[component]
pub(super) fn OwnCaption(props: &OwnCaptionProps) -> Html {
    let page = &props.page;
    let here = page.session.caption_here().unwrap_or_default().to_owned();
    let text = use_state(|| here.clone());
    {
        let (dispatch, plays) = (page.dispatch.clone(), page.session.is_playing());
        use_effect_with((), move |()| {
            browser::focus(ID);
            if plays {
                dispatch.dispatch(Action::TogglePlay);
            }
        });
    }
    let put = |text: String| {
        let (opener, dispatch) = (page.opener.clone(), page.dispatch.clone());
        move || {
            act(&dispatch, Action::Caption(text.as_str().into()));
            opener.open(Open::Nothing);
        }
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onkeydown = {
        let (opener, dispatch) = (page.opener.clone(), page.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            match event.key().as_str() {
                "Enter" => act(&dispatch, Action::Caption(field.value().into())),
                "Escape" => {}
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
            opener.open(Open::Nothing);
        })
    };
    let save = put((*text).clone());
    let delete = put(String::new());
    html! {
        <p class="own">
            <input
                id={ID}
                type="text"
                value={(*text).clone()}
                maxlength="1000"
                aria-label={texts().caption_text()}
                placeholder={texts().caption_text()}
                autocomplete="off"
                {oninput}
                {onkeydown}
            />
            { button(texts().caption_save(), "", Callback::from(move |_| save())) }
            if !here.is_empty() {
                { button(texts().caption_delete(), "", Callback::from(move |_| delete())) }
            }
            { sign_button("✕", texts().close(), page.opener.to(Open::Nothing)) }
        </p>
    }
}
