//! The files, and whose lines each holds. Where no line names the member, whoever reads can.

use std::collections::BTreeMap;

use hustings_logs::shown::{MemberId, Shown, ShownFile, Whose};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Told;
use crate::i18n::texts;
use crate::reading;

/// The most letters that a name may have which is given here.
const NAME_MAX: &str = "60";

pub(super) fn draw(told: &Told) -> Html {
    let files = (0..).zip(&told.shown.files);
    html! {
        <section class="part files">
            <h2>{ texts().logs_of_whom() }</h2>
            <ul>{ for files.map(|(number, file)| draw_file(told, number, file)) }</ul>
        </section>
    }
}

fn draw_file(told: &Told, number: u16, file: &ShownFile) -> Html {
    let called = |id: MemberId| told.shown.member(id).map_or("?", |it| &*it.name);
    let whose = match file.whose {
        Whose::Nobody => html! { texts().logs_of_nobody() },
        Whose::Several => html! { texts().logs_of_several() },
        Whose::Told(id) => html! { <strong>{ called(id) }</strong> },
        Whose::Given(id) => draw_field(
            told,
            number,
            &file.name,
            called(id),
            texts().logs_of_given(),
        ),
        Whose::Assumed(id) => draw_field(
            told,
            number,
            &file.name,
            called(id),
            texts().logs_of_assumed(),
        ),
    };
    html! { <li key={number}><code>{ &file.name }</code>{ " " }{ whose }</li> }
}

/// A field for the name of the member, with why there is one.
fn draw_field(told: &Told, number: u16, file: &str, called: &str, why: &str) -> Html {
    let (given, dispatch) = (given(told.shown), told.page.dispatch.clone());
    let onchange = Callback::from(move |event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        let (name, mut given) = (field.value().trim().to_owned(), given.clone());
        // Without a name it is called by its file again.
        given.remove(&number);
        if !name.is_empty() {
            given.insert(number, name);
        }
        reading::assign(given, &dispatch);
    });
    html! {
        <label>
            <input
                type="text"
                value={called.to_owned()}
                maxlength={NAME_MAX}
                size="10"
                aria-label={texts().logs_whose(file)}
                autocomplete="off"
                spellcheck="false"
                {onchange}
            />
            { " " }<small>{ why }</small>
        </label>
    }
}

/// The members that were given so far.
fn given(shown: &Shown) -> BTreeMap<u16, String> {
    let files = (0..).zip(&shown.files);
    let given = files.filter_map(|(number, file)| match file.whose {
        Whose::Given(id) => Some((number, shown.member(id)?.name.to_string())),
        _ => None,
    });
    given.collect()
}
