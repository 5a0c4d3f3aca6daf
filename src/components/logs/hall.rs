//! How the logs stand in a lecture hall.

use super::super::Page;
use crate::browser;

/// How much larger everything is there, and small entries.
const LARGE: f64 = 1.5;
const SMALL: f64 = 0.78;
/// The width of a server's name, in pixels.
const NAME_WIDTH: f64 = 62.0;
/// The most rows of servers below the stage, and what is between those in a row, in pixels.
const ROWS_MAX: u8 = 3;
const COLUMN_GAP: f64 = 12.0;
/// From so many entries on, logs are there to be compared.
const COMPARED: f64 = 4.0;
/// The most that logs beside the stage take of the window's width and height.
const WIDTH_SHARE: f64 = 0.46;
const HEIGHT_SHARE: f64 = 0.55;
/// The heights of a row of large entries and of small ones, in pixels.
const LARGE_ROW: f64 = 52.0;
const SMALL_ROW: f64 = 38.0;

/// How the logs stand in a lecture hall.
#[derive(Clone, Copy)]
pub(super) struct Hall {
    place: Place,
    /// Whether the entries are small, for want of room.
    is_small: bool,
}

#[derive(Clone, Copy)]
enum Place {
    /// Below the stage, so many servers next to each other, which leaves the stage most room.
    Below { columns: u8 },
    /// Beside the stage, one server below the other, so that equal indexes are, too.
    Beside { entries: f64 },
}

impl Hall {
    /// Logs that are long enough to be compared stand beside the stage, if they fit there. The
    /// longest of the whole run decides, so that nothing moves while it plays. `width` is
    /// that of the table, and `entry` that of an entry elsewhere, in pixels.
    pub(super) fn of(page: &Page, width: f64, entry: f64) -> Self {
        let servers = page.run.ids().len();
        let all = page.run.tip().servers().chain(page.run.servers());
        let longest = all.map(|server| server.log().last_index().0).max();
        let longest = longest.unwrap_or(0) as f64;
        let beside = Self::beside(servers, longest, entry).filter(|_| longest >= COMPARED);
        beside.unwrap_or_else(|| Self::below(servers, longest, width, entry))
    }

    fn beside(servers: u8, longest: f64, entry: f64) -> Option<Self> {
        let (width, height) = browser::window_size()?;
        let ways = [(false, LARGE, LARGE_ROW), (true, SMALL, SMALL_ROW)];
        let mut fitting = ways.into_iter().filter(|(_, scale, row)| {
            NAME_WIDTH + longest * entry * scale <= WIDTH_SHARE * width
                && f64::from(servers) * row <= HEIGHT_SHARE * height
        });
        fitting.next().map(|(is_small, ..)| Self {
            place: Place::Beside { entries: longest },
            is_small,
        })
    }

    /// As many next to each other as leave room for the longest log, in at most three rows.
    fn below(servers: u8, longest: f64, width: f64, entry: f64) -> Self {
        let least = servers.div_ceil(ROWS_MAX);
        let below = |columns, is_small| Self {
            place: Place::Below { columns },
            is_small,
        };
        let ways = [false, true].into_iter().flat_map(|is_small| {
            let columns = (least..=servers).rev();
            columns.map(move |columns| below(columns, is_small))
        });
        let mut fitting = ways.filter(|hall| hall.room(width, entry) >= longest);
        fitting.next().unwrap_or_else(|| below(least, true))
    }

    /// The number of entries of a server that there is room for.
    pub(super) fn room(self, width: f64, entry: f64) -> f64 {
        let columns = match self.place {
            Place::Below { columns } => columns,
            Place::Beside { entries } => return entries,
        };
        let row = (width - COLUMN_GAP) / f64::from(columns) - COLUMN_GAP;
        let scale = if self.is_small { SMALL } else { LARGE };
        (row - NAME_WIDTH) / (entry * scale)
    }

    pub(super) fn class(self) -> String {
        let small = if self.is_small { " small-entries" } else { "" };
        match self.place {
            Place::Below { columns } => format!("columns-{columns}{small}"),
            Place::Beside { .. } => format!("beside-stage{small}"),
        }
    }
}
