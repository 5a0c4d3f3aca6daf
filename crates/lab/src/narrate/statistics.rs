//! Statistics, in words.

use std::cmp::Reverse;

use hustings_raft::{Millis, NodeId};

use super::{Lang, moment};
use crate::statistics::{Elections, Statistics};
use crate::vec_map::VecSet;

/// The lines of a run's statistics: what is counted, and how much it is.
pub fn statistics(numbers: &Statistics, lang: Lang) -> Vec<(&'static str, String)> {
    let t = lang.texts();
    let (started, duration) = (numbers.started(), numbers.duration);
    let by = |count: fn(&Elections) -> u32| {
        let each = numbers.elections.iter().map(|(id, it)| (id, count(it)));
        by_server(each, t.between_things())
    };
    let pre_votes = by(|it| it.pre_votes);
    let mut lines = vec![
        (t.stat_duration(), moment(duration)),
        (
            t.stat_elections(),
            match per_minute(started, duration) {
                Some(rate) => t.stat_a_minute(started, rate),
                None => started.to_string(),
            },
        ),
        (t.stat_started_by(), by(|it| it.started)),
    ];
    if !pre_votes.is_empty() {
        lines.push((t.stat_pre_votes_by(), pre_votes));
    }
    lines.extend([
        (
            t.stat_won(),
            match by(|it| it.won) {
                nobody if nobody.is_empty() => numbers.won().to_string(),
                by => t.stat_won_by(numbers.won(), by),
            },
        ),
        (t.stat_terms(), numbers.highest_term.to_string()),
        (t.stat_no_winner(), {
            let split = t.stat_split(numbers.without_winner(), numbers.split_votes());
            let undecided = numbers.undecided().map(|term| term.to_string());
            let undecided: Vec<_> = undecided.collect();
            match &*undecided {
                [] => split,
                terms => t.stat_undecided(split, terms.join(t.between_things())),
            }
        }),
        (t.stat_without_leader(), {
            let share = share(numbers.without_leader, duration);
            let longest = moment(numbers.longest_without_leader);
            t.stat_longest(moment(numbers.without_leader), share, longest)
        }),
        (t.stat_committed(), numbers.committed.to_string()),
    ]);
    lines.retain(|(_, value)| !value.is_empty());
    lines
}

/// The heads of the columns of the table of messages.
pub fn message_columns(lang: Lang) -> [&'static str; 4] {
    let t = lang.texts();
    [
        t.stat_kind(),
        t.stat_sent(),
        t.stat_arrived(),
        t.stat_lost(),
    ]
}

/// `S1 40, S3 2`, most first, without those that have none.
fn by_server(each: impl Iterator<Item = (NodeId, u32)>, between: &str) -> String {
    let each = each.filter(|(_, count)| *count > 0);
    let each: VecSet<_> = each.map(|(id, count)| (Reverse(count), id)).collect();
    let each = each
        .items()
        .map(|(Reverse(count), id)| format!("{id} {count}"));
    let each: Vec<_> = each.collect();
    each.join(between)
}

/// A number in tenths, as a decimal fraction.
fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

/// A rate, of what was counted for at least a minute: of less it would be a guess.
fn per_minute(count: u32, time: Millis) -> Option<String> {
    const MINUTE: u64 = 60_000;
    (time.0 >= MINUTE).then(|| tenths(u64::from(count) * 10 * MINUTE / time.0))
}

fn share(part: Millis, whole: Millis) -> String {
    let percent = (part.0 * 100).checked_div(whole.0).unwrap_or_default();
    format!("{percent}%")
}
