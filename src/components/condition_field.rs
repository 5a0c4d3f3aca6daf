//! A field for a condition, with its completions.

use hustings_raft::NodeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::complete::complete_condition;

#[derive(Properties, PartialEq)]
pub(super) struct ConditionFieldProps {
    pub field: NodeRef,
    pub placeholder: &'static str,
    pub servers: NodeSet,
}

/// A text field that lists how the condition in it can go on.
#[component]
pub(super) fn ConditionField(props: &ConditionFieldProps) -> Html {
    let text = use_state(String::new);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    html! {
        <>
            <input
                ref={&props.field}
                type="text"
                list="conditions"
                placeholder={props.placeholder}
                autocomplete="off"
                spellcheck="false"
                {oninput}
            />
            { completions("conditions", &text, props.servers) }
        </>
    }
}

/// The list of the conditions that begin with a text.
pub(super) fn completions(id: &'static str, text: &str, servers: NodeSet) -> Html {
    let start = text.rfind(' ').map_or(0, |blank| blank + 1);
    let (head, _) = text.split_at(start);
    let words = complete_condition(text, servers).words;
    html! {
        <datalist {id}>
            { for words.into_iter().map(|word| html! { <option value={format!("{head}{word}")} /> }) }
        </datalist>
    }
}
