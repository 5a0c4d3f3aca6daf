//! The search field.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::condition_field::completions;
use super::super::controls::{button, sign_button};
use super::super::{Page, on_click};
use crate::i18n::texts;
use crate::session::{Action, Direction, Reading, Search};

/// The id of the search field.
pub(crate) const SEARCH: &str = "search";

/// The field, what was found, and the way to the next and the previous. Its completions are
/// listed once it has been reached.
pub(super) fn draw(page: &Page, reached: &UseStateHandle<bool>) -> Html {
    let (session, dispatch) = (&page.session, &page.dispatch);
    let text = session.search().map_or("", |search| search.text());
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            dispatch.dispatch(Action::Search(text.into()));
        })
    };
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "Enter" if event.shift_key() => Action::Find(Direction::Back),
                "Enter" => Action::Find(Direction::Forward),
                "Escape" => {
                    let field: HtmlInputElement = event.target_unchecked_into();
                    let _ = field.blur();
                    Action::Search("".into())
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dispatch.dispatch(action);
        })
    };
    let onfocus = {
        let reached = reached.setter();
        Callback::from(move |_: FocusEvent| reached.set(true))
    };
    let to = |direction| on_click::<MouseEvent>(dispatch, Action::Find(direction));
    html! {
        <>
        <div class="search" role="search">
            <input
                id={SEARCH}
                type="search"
                list="searches"
                value={text.to_owned()}
                placeholder={texts().search_example()}
                title={texts().search_hint()}
                aria-label={texts().search_events()}
                autocomplete="off"
                spellcheck="false"
                {oninput}
                {onkeydown}
                {onfocus}
            />
            if **reached {
                { completions("searches", text, page.run.ids()) }
            } else {
                <datalist id="searches" />
            }
            <output aria-live="polite">
                if let Some(search) = session.search() {
                    { draw_found(page, search) }
                }
            </output>
            if session.search().is_some() {
                { sign_button("↑", texts().search_previous(), to(Direction::Back)) }
                { sign_button("↓", texts().search_next(), to(Direction::Forward)) }
            }
        </div>
        if let Some(search) = session.search() {
            { draw_reading(page, search) }
        }
        </>
    }
}

fn draw_found(page: &Page, search: &Search) -> Html {
    let (count, last) = (search.hits().len(), page.run.records().len());
    let here = last.checked_sub(1).map(hustings_lab::RecordId);
    let place = here.and_then(|here| search.place_of(here));
    let found = match (place, page.session.is_searching()) {
        (_, true) => texts().search_so_far(count),
        (Some(place), false) => texts().search_place(place, count),
        (None, false) if count == 0 => texts().search_none().to_owned(),
        (None, false) => texts().search_found(count),
    };
    html! { <span>{ found }</span> }
}

/// What the text is taken for, the way to take it for the other, and why it is no condition
/// if it looks like one and nothing was found.
fn draw_reading(page: &Page, search: &Search) -> Html {
    let (is, other, switch) = match search.reading() {
        Reading::Words => (
            texts().search_words(),
            Reading::Condition,
            texts().search_as_condition(),
        ),
        Reading::Condition => (
            texts().search_condition(),
            Reading::Words,
            texts().search_as_words(),
        ),
    };
    let finds = search.reading() == Reading::Words && !search.hits().is_empty();
    let is_done = !page.session.is_searching();
    let mistake = search.mistake().filter(|_| !finds && is_done);
    let onclick = on_click(&page.dispatch, Action::SearchAs(other));
    html! {
        <p class="reading" aria-live="polite">
            { is }{ " " }
            { button(switch, texts().search_hint(), onclick) }
            if let Some(mistake) = mistake {
                { " " }<span class="mistake">{ texts().search_mistake(mistake) }</span>
            }
        </p>
    }
}
