//! The events: past, present and future in one list, oldest first, with a search.

mod filter;
mod index;
mod rows;
mod search;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use hustings_raft::NodeId;
use yew::prelude::*;

use self::filter::{Filter, Kind};
use self::index::Index;
use super::Page;
use super::controls::menu;
use super::mount::mount;
use crate::i18n::texts;
use crate::session::{Action, Search};

pub(crate) use self::search::SEARCH;

/// Where the focus goes when the event that had it is out of view.
const ID: &str = "events";

pub(super) fn same(one: &Page, other: &Page) -> bool {
    one.session.selected() == other.session.selected()
        && one.session.hovered() == other.session.hovered()
        && one.session.is_searching() == other.session.is_searching()
        && is_same_search(one.session.search(), other.session.search())
        && one.run.has_same_events(&other.run)
}

fn is_same_search(one: Option<&Rc<Search>>, other: Option<&Rc<Search>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// The notable events; heartbeats and other routine are summed up.
pub(super) fn draw(page: &Page) -> Html {
    let page = Rc::new(page.clone());
    mount::<Events>(EventsProps { page })
}

#[derive(Properties)]
struct EventsProps {
    page: Rc<Page>,
}

/// The part of the page that contains this knows when it is the same.
impl PartialEq for EventsProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.page, &other.page)
    }
}

#[component]
fn Events(props: &EventsProps) -> Html {
    let page = &props.page;
    let filter = use_state(Filter::default);
    let reached = use_state_eq(|| false);
    let index = use_mut_ref(Index::default);
    index.borrow_mut().follow(page, *filter);
    use_slices(page);
    html! {
        <section id={ID} class="events" tabindex="-1" aria-label={texts().events()}>
            <div class="events-head">
                <h2 class="visually-hidden">{ texts().events() }</h2>
                { search::draw(page, &reached) }
                { draw_filter(page, &filter) }
            </div>
            { rows::draw(page, &index) }
        </section>
    }
}

/// Has the search go on a slice at a time, so that the page stays responsive.
#[hook]
fn use_slices(page: &Page) {
    let (searching, dispatch) = (page.session.is_searching(), page.dispatch.clone());
    use_effect(move || {
        let next = searching.then(|| Timeout::new(0, move || dispatch.dispatch(Action::SearchOn)));
        move || drop(next)
    });
}

fn draw_filter(page: &Page, filter: &UseStateHandle<Filter>) -> Html {
    let change = |pick: fn(&mut Filter, usize)| {
        let filter = filter.clone();
        Callback::from(move |number| {
            let mut next = *filter;
            pick(&mut next, number);
            filter.set(next);
        })
    };
    let all = [texts().all_servers().to_owned()].into_iter();
    let servers = all.chain(page.run.ids().iter().map(|id| id.to_string()));
    let server = filter.server.map_or(0, |id| usize::from(id.number()));
    let kinds = Kind::ALL.map(|kind| kind.describe().to_owned());
    let kind = Kind::ALL.iter().position(|it| *it == filter.kind);
    let pick_server = change(|filter, place| filter.server = NodeId::new(place as u8));
    let pick_kind = change(|filter, place| {
        filter.kind = Kind::ALL.get(place).copied().unwrap_or_default();
    });
    let toggle = change(|filter, _| filter.only_found = !filter.only_found);
    html! {
        <div class="filter">
            { menu(texts().server(), servers.collect(), server, pick_server) }
            { menu(texts().kinds(), kinds.into(), kind.unwrap_or_default(), pick_kind) }
            if page.session.search().is_some() {
                <label>
                    <input type="checkbox" checked={filter.only_found} onchange={toggle.reform(|_: Event| 0)} />
                    { texts().only_found() }
                </label>
            }
        </div>
    }
}
