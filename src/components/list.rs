//! A list of many rows, of which only those in view are in the document.

mod window;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;
use yew::virtual_dom::Key;

use self::window::Window;
use super::controls::button;
use crate::browser;

#[derive(Properties)]
pub(super) struct ListProps {
    /// What the ids of the rows begin with.
    pub name: &'static str,
    /// The number of rows.
    pub count: usize,
    /// The row of the present, which is kept in view.
    pub present: Option<usize>,
    /// Whether the present moves by itself.
    pub playing: bool,
    /// What the way back to the present is called.
    pub to_present: &'static str,
    /// What a row has.
    pub row: Rc<dyn Fn(usize) -> Option<Row>>,
}

/// It is drawn whenever what contains it is.
impl PartialEq for ListProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// A row.
pub(super) struct Row {
    /// What it is known by, wherever it stands.
    pub key: Key,
    pub class: String,
    pub time: String,
    pub told: String,
    /// What marks it as that of the present, if it is to be marked so.
    pub now: Option<&'static str>,
    /// Whether it is that of the present.
    pub is_current: bool,
    /// What is done when it is chosen.
    pub choose: Callback<()>,
    /// What is done when the pointer comes and goes.
    pub point: Callback<bool>,
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
pub(super) fn List(props: &ListProps) -> Html {
    let list = use_node_ref();
    let place = use_mut_ref(Place::default);
    let again = use_force_update();
    let (count, present) = (props.count, props.present);
    let (drawn, away) = {
        let mut place = place.borrow_mut();
        place.count = count;
        place.drawn = place.window.rows(count);
        (place.drawn.clone(), place.is_away(present))
    };
    use_measure(&list, &place, props, &again);
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
                <span class="to-now">{ button(props.to_present, "", to_now) }</span>
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
    props: &ListProps,
    again: &UseForceUpdateHandle,
) {
    let (name, present, playing) = (props.name, props.present, props.playing);
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
            browser::focus(&id_of(name, row));
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

fn id_of(name: &str, row: usize) -> String {
    format!("{name}-{row}")
}

fn draw_row(props: &ListProps, place: &Rc<RefCell<Place>>, number: usize) -> Option<Html> {
    let row = (props.row)(number)?;
    let tab = tab_stop(&place.borrow(), props.present);
    let onfocus = {
        let place = Rc::clone(place);
        Callback::from(move |_: FocusEvent| place.borrow_mut().active = Some(number))
    };
    // The list stands still under the pointer.
    let onclick = {
        let (place, choose) = (Rc::clone(place), row.choose);
        Callback::from(move |event: MouseEvent| {
            // A click with `detail` 0 comes from the keyboard.
            place.borrow_mut().still = event.detail() > 0;
            choose.emit(());
        })
    };
    let point = |comes| row.point.reform(move |_: PointerEvent| comes);
    Some(html! {
        <li
            class={row.class}
            key={row.key}
            aria-setsize={props.count.to_string()}
            aria-posinset={(number + 1).to_string()}
            data-now={row.now}
        >
            <button
                type="button"
                id={id_of(props.name, number)}
                title={row.told.clone()}
                tabindex={if tab == number { "0" } else { "-1" }}
                aria-current={row.is_current.then_some("true")}
                {onclick}
                onpointerenter={point(true)}
                onpointerleave={point(false)}
                {onfocus}
            >
                <time>{ row.time }</time>
                <span>{ row.told }</span>
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
