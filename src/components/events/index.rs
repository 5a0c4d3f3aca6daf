//! The events that are listed, by row.

use super::super::Page;
use super::filter::Filter;

/// The places of the events that a filter lets through. It grows with the run.
#[derive(Default)]
pub(super) struct Index {
    of: Option<Of>,
    seen: usize,
    places: Vec<usize>,
    /// How many of them have begun by now.
    so_far: usize,
}

/// What it is the index of: branch, filter, and number of hits if only they are listed.
type Of = ((u32, usize), Filter, usize);

impl Index {
    /// Takes in what is new, or everything if it is the index of something else.
    pub(super) fn follow(&mut self, page: &Page, filter: Filter) {
        let (run, search) = (&page.run, page.session.search());
        let hits = search.filter(|_| filter.only_found);
        let of = (run.branch(), filter, hits.map_or(0, |it| it.hits().len()));
        if self.of != Some(of) {
            *self = Self::default();
            self.of = Some(of);
        }
        // The last event seen may have grown since.
        let from = self.seen.min(run.events()).saturating_sub(1);
        self.places.truncate(self.rows_before(from));
        let records = run.tip().records();
        let search = search.map(AsRef::as_ref);
        let new = (from..run.events()).filter(|place| {
            let item = run.event(*place);
            item.is_some_and(|item| filter.lets(item, records, search))
        });
        self.places.extend(new);
        self.seen = run.events();
        self.so_far = self.rows_before(run.events_so_far());
    }

    fn rows_before(&self, place: usize) -> usize {
        self.places.partition_point(|it| *it < place)
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The place of the event in a row.
    pub(super) fn place(&self, row: usize) -> Option<usize> {
        self.places.get(row).copied()
    }

    /// The row of the present, the last that has begun.
    pub(super) fn present(&self) -> Option<usize> {
        self.so_far.checked_sub(1)
    }
}
