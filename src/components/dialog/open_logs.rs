//! Opening the logs of real servers: files, or pasted text.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::super::controls::ButtonStyle;
use super::{FormProps, Open};
use crate::i18n::texts;
use crate::{files, reading};

/// The form.
#[component]
pub(super) fn OpenLogs(props: &FormProps) -> Html {
    let page = &props.page;
    let pasted = use_node_ref();
    let onchange = {
        let (opener, dispatch) = (page.opener.clone(), page.dispatch.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            opener.open(Open::Nothing);
            reading::read(
                &input.files().map(files::all).unwrap_or_default(),
                &dispatch,
            );
        })
    };
    let read = {
        let (opener, dispatch) = (page.opener.clone(), page.dispatch.clone());
        let pasted = pasted.clone();
        Callback::from(move |_: MouseEvent| {
            let text = pasted.cast::<HtmlTextAreaElement>().map(|it| it.value());
            if let Some(text) = text.filter(|it| !it.trim().is_empty()) {
                opener.open(Open::Nothing);
                reading::read_text(&text, &dispatch);
            }
        })
    };
    let primary = ButtonStyle {
        class: "primary",
        ..ButtonStyle::default()
    };
    html! {
        <div class="share open-logs">
            <p>{ texts().logs_intro() }</p>
            <p>
                <label class="file"><span>{ texts().logs_choose() }</span><input type="file" multiple=true {onchange} /></label>
            </p>
            <label class="script">
                <span>{ texts().logs_paste() }</span>
                <textarea ref={pasted} rows="7" spellcheck="false" />
            </label>
            <p class="actions">{ primary.button(texts().logs_read_pasted(), read) }</p>
            <p class="private">{ texts().logs_private() }</p>
        </div>
    }
}
