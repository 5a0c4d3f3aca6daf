//! The rows of the events.

use std::cell::RefCell;
use std::rc::Rc;

use hustings_lab::{Item, RecordId, Weight, narrate};
use yew::prelude::*;

use super::super::diagram::message_of;
use super::super::glyphs::{class_if, class_of};
use super::super::list::{List, ListProps, Row};
use super::super::mount::mount;
use super::super::{Page, act};
use super::index::Index;
use crate::i18n::{lang, texts};
use crate::lessons::translated;
use crate::moment::moment;
use crate::session::{Action, Selection};

/// The events of an index.
pub(super) fn draw(page: &Rc<Page>, index: &Rc<RefCell<Index>>) -> Html {
    let (count, present) = {
        let index = index.borrow();
        (index.len(), index.present())
    };
    let playing = page.session.is_playing();
    let (page, index) = (Rc::clone(page), Rc::clone(index));
    mount::<List>(ListProps {
        name: "event",
        count,
        present,
        playing,
        to_present: texts().to_now(),
        row: Rc::new(move |number| row(&page, &index.borrow(), number)),
    })
}

fn row(page: &Page, index: &Index, number: usize) -> Option<Row> {
    let item = page.run.event(index.place(number)?)?;
    let records = page.run.tip().records();
    let at = records.get(item.first)?.at;
    let is_now = index.present() == Some(number);
    let last = item.last;
    let dispatch = page.dispatch.clone();
    let point = Callback::from(move |comes| {
        let what = if comes {
            Selection::Record(last)
        } else {
            Selection::Nothing
        };
        act(&dispatch, Action::Hover(what));
    });
    // Nothing is selected, since its details would take the place of the list.
    let dispatch = page.dispatch.clone();
    let choose = Callback::from(move |()| act(&dispatch, Action::GoToRecord(last)));
    Some(Row {
        key: item.first.0.into(),
        class: class_of_row(page, index, item, number),
        time: moment(at),
        told: translated(narrate::told_at_once(item, records, lang())),
        now: is_now.then(|| texts().now_here()),
        is_current: is_now,
        choose,
        point,
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
