//! The rows of the events, of which only those in view are in the document.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use hustings_lab::{Item, RecordId, Weight, narrate};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::super::controls::button;
use super::super::diagram::message_of;
use super::super::glyphs::{class_if, class_of};
use super::super::{Page, act, on_click};
use super::index::Index;
use super::window::Window;
use crate::browser;
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::moment::moment;
use crate::session::{Action, Selection};

#[derive(Properties)]
pub(super) struct RowsProps {
    pub page: Rc<Page>,
    pub index: Rc<RefCell<Index>>,
}

/// It is drawn whenever the events are.
impl PartialEq for RowsProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// Where the list stands, between two drawings of it.
#[derive(Default)]
struct Place {
    window: Window,
    /// The rows that are drawn, of so many.
    drawn: Range<usize>,
    count: usize,
    /// The row of the present when it was last followed; none at first.
    followed: Option<Option<usize>>,
    /// Whether the reader has scrolled away from the present.
    left: bool,
    /// Whether the list is not to move, since the reader has chosen something in it.
    still: bool,
    /// The row with the focus, and whether it is yet to get it.
    active: Option<usize>,
    wants_focus: bool,
}

impl Place {
    /// Whether the present is out of view.
    fn is_away(&self, present: Option<usize>) -> bool {
        present.is_some_and(|row| !self.window.shows(row))
    }

    /// Measures the list. A place of which nothing here is the cause is the reader's doing,
    /// whether it is seen at the event of scrolling or at a drawing before that.
    fn measure(&mut self, list: &HtmlElement) {
        let before = self.window;
        let row = list.query_selector("li").ok().flatten();
        let row = row.map_or(0.0, |row| row.get_bounding_client_rect().height());
        if row > 0.0 {
            self.window.row = row;
        }
        self.window.height = f64::from(list.client_height());
        self.window.top = f64::from(list.scroll_top());
        // A list that grows higher than what is below its place is moved by the browser.
        if self.window.top != before.top && self.window.height == before.height {
            let is_away = self.followed.is_some_and(|row| self.is_away(row));
            // From the first move back on, lest the present draw the list away from the reader.
            self.left = is_away || self.window.top < before.top;
        }
    }

    /// Keeps the present in view, unless the reader has scrolled away: then only a step
    /// that is not of play brings the list back.
    fn follow(&mut self, list: &HtmlElement, present: Option<usize>, playing: bool) {
        let moved = self.followed != Some(present);
        let room = match self.followed {
            None => self.window.height / 2.0,
            Some(_) if playing => self.window.height / 3.0,
            Some(_) => 0.0,
        };
        self.followed = Some(present);
        if std::mem::take(&mut self.still) {
            self.left = false;
            return;
        }
        // What moves the present while nothing plays is meant to be seen. What has not moved
        // may yet be out of view: the list was not drawn so far when it was scrolled.
        let goes = !self.left || (moved && !playing);
        if let Some(row) = present.filter(|_| goes) {
            self.left = false;
            self.scroll(list, self.window.towards(row, room));
        }
    }

    fn scroll(&mut self, list: &HtmlElement, top: f64) {
        list.set_scroll_top(top as i32);
        self.window.top = f64::from(list.scroll_top());
    }
}

/// The list, and the way back to the present.
#[component]
pub(super) fn Rows(props: &RowsProps) -> Html {
    let list = use_node_ref();
    let place = use_mut_ref(Place::default);
    let again = use_force_update();
    let (count, present) = {
        let index = props.index.borrow();
        (index.len(), index.present())
    };
    let (drawn, away) = {
        let mut place = place.borrow_mut();
        place.count = count;
        place.drawn = place.window.rows(count);
        (place.drawn.clone(), place.is_away(present))
    };
    use_measure(
        &list,
        &place,
        present,
        props.page.session.is_playing(),
        &again,
    );
    use_resize(&again);
    let onscroll = {
        let (place, again) = (Rc::clone(&place), again.clone());
        Callback::from(move |event: Event| {
            let list: HtmlElement = event.target_unchecked_into();
            let mut place = place.borrow_mut();
            let was_away = place.is_away(present);
            place.measure(&list);
            let others = place.window.rows(place.count) != place.drawn;
            if others || was_away != place.is_away(present) {
                again.force_update();
            }
        })
    };
    let to_now = {
        let (place, list, again) = (Rc::clone(&place), list.clone(), again.clone());
        Callback::from(move |_: MouseEvent| {
            let mut place = place.borrow_mut();
            place.left = false;
            if let (Some(list), Some(row)) = (list.cast::<HtmlElement>(), present) {
                let top = place.window.towards(row, place.window.height / 2.0);
                place.scroll(&list, top);
            }
            drop(place);
            again.force_update();
        })
    };
    let onkeydown = {
        let (place, list) = (Rc::clone(&place), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(list) = list.cast::<HtmlElement>() else {
                return;
            };
            let has_moved = moves(&mut place.borrow_mut(), &event.key(), &list, present);
            if has_moved {
                event.prevent_default();
                event.stop_propagation();
                again.force_update();
            }
        })
    };
    let window = place.borrow().window;
    let rows = drawn.clone();
    html! {
        <div class="rows-box">
            <div ref={list} class="rows" {onscroll}>
                { space(window.height_of(drawn.start)) }
                <ol {onkeydown}>
                    { for rows.filter_map(|row| draw_row(props, &place, row)) }
                </ol>
                { space(window.height_of(count - drawn.end)) }
            </div>
            if away {
                <span class="to-now">{ button(texts().to_now(), "", to_now) }</span>
            }
        </div>
    }
}

/// Room for rows that are not drawn. An attribute sets its height, since the page's
/// policy lets no style stand in an element.
fn space(height: f64) -> Html {
    html! { <svg class="space" width="1" height={(height as u64).to_string()} aria-hidden="true" /> }
}

/// Once the rows are drawn: measures them, follows the present, gives the focus to the
/// active row, and draws again if other rows are in view than those drawn.
#[hook]
fn use_measure(
    list: &NodeRef,
    place: &Rc<RefCell<Place>>,
    present: Option<usize>,
    playing: bool,
    again: &UseForceUpdateHandle,
) {
    let (list, place, again) = (list.clone(), Rc::clone(place), again.clone());
    use_effect(move || {
        let Some(list) = list.cast::<HtmlElement>() else {
            return;
        };
        let mut place = place.borrow_mut();
        let before = (place.window, place.is_away(present));
        place.measure(&list);
        place.follow(&list, present, playing);
        let after = (place.window, place.is_away(present));
        let others = place.window.rows(place.count) != place.drawn;
        let row_changed = before.0.row != after.0.row;
        if others || row_changed || before.1 != after.1 {
            again.force_update();
            return;
        }
        let wants_focus = std::mem::take(&mut place.wants_focus);
        let row = place.active.filter(|_| wants_focus);
        // The row takes note of its focus at once.
        drop(place);
        if let Some(row) = row {
            browser::focus(&id_of(row));
        }
    });
}

/// A window of another size shows other rows.
#[hook]
fn use_resize(again: &UseForceUpdateHandle) {
    let again = again.clone();
    use_effect_with((), move |()| {
        let window = browser::window();
        let on_resize = window.map(|window| {
            gloo_events::EventListener::new(&window, "resize", move |_| again.force_update())
        });
        move || drop(on_resize)
    });
}

/// Moves the focus by a row; returns whether the key does that.
fn moves(place: &mut Place, key: &str, list: &HtmlElement, present: Option<usize>) -> bool {
    let active = place.active.or(present).unwrap_or_default();
    let next = match key {
        "ArrowDown" => active + 1,
        "ArrowUp" => active.saturating_sub(1),
        _ => return false,
    };
    let next = next.min(place.count.saturating_sub(1));
    place.active = Some(next);
    place.wants_focus = true;
    let top = place.window.towards(next, 0.0);
    place.scroll(list, top);
    place.left = place.is_away(present);
    true
}

fn id_of(row: usize) -> String {
    format!("event-{row}")
}

fn draw_row(props: &RowsProps, place: &Rc<RefCell<Place>>, row: usize) -> Option<Html> {
    let (page, index) = (&props.page, props.index.borrow());
    let item = page.run.event(index.place(row)?)?;
    let records = page.run.tip().records();
    let at = records.get(item.first)?.at;
    let told = translated(narrate::told_at_once(item, records, lang()));
    let is_now = index.present() == Some(row);
    let hover = |what| on_click::<PointerEvent>(&page.dispatch, Action::Hover(what));
    let (tab, count) = (tab_stop(&place.borrow(), index.present()), index.len());
    let onfocus = {
        let place = Rc::clone(place);
        Callback::from(move |_: FocusEvent| place.borrow_mut().active = Some(row))
    };
    Some(html! {
        <li
            class={class_of_row(page, &index, item, row)}
            key={item.first.0}
            aria-setsize={count.to_string()}
            aria-posinset={(row + 1).to_string()}
            data-now={is_now.then(|| texts().now_here())}
        >
            <button
                type="button"
                id={id_of(row)}
                title={told.clone()}
                tabindex={if tab == row { "0" } else { "-1" }}
                aria-current={is_now.then_some("true")}
                onclick={visit(page, place, item.last)}
                onpointerenter={hover(Selection::Record(item.last))}
                onpointerleave={hover(Selection::Nothing)}
                {onfocus}
            >
                <time>{ moment(at) }</time>
                <span>{ told }</span>
            </button>
        </li>
    })
}

/// The one row that the Tab key stops at.
fn tab_stop(place: &Place, present: Option<usize>) -> usize {
    let is_drawn = |row: &usize| place.drawn.contains(row);
    let active = place.active.filter(is_drawn);
    active
        .or(present.filter(is_drawn))
        .unwrap_or(place.drawn.start)
}

/// Goes to a record, with the list standing still under the pointer. Nothing is selected,
/// since its details would take the place of the list.
fn visit(page: &Page, place: &Rc<RefCell<Place>>, record: RecordId) -> Callback<MouseEvent> {
    let (dispatch, place) = (page.dispatch.clone(), Rc::clone(place));
    Callback::from(move |event: MouseEvent| {
        // A click with `detail` 0 comes from the keyboard.
        place.borrow_mut().still = event.detail() > 0;
        act(&dispatch, Action::GoToRecord(record));
    })
}

fn class_of_row(page: &Page, index: &Index, item: &Item, row: usize) -> String {
    let is_about = |id: RecordId| item.first <= id && id <= item.last;
    let violations = page.run.tip().violations();
    let is_hovered = match page.session.hovered() {
        Selection::Message(message) => {
            let record = page.run.tip().records().get(item.first);
            record.and_then(|record| message_of(&record.event)) == Some(message)
        }
        Selection::Record(id) => is_about(id),
        _ => false,
    };
    let selected = matches!(page.session.selected(), Selection::Record(id) if is_about(id));
    let search = page.session.search();
    let found = search.is_some_and(|search| search.has_hit(item.first, item.last));
    class_of(&[
        class_if(item.weight == Weight::Turn, "turn"),
        class_if(violations.iter().any(|it| is_about(it.record)), "violated"),
        class_if(selected, "selected"),
        class_if(is_hovered, "hovered"),
        class_if(found, "found"),
        class_if(index.present() == Some(row), "now"),
        class_if(
            index.present().is_none_or(|present| present < row),
            "future",
        ),
    ])
}
