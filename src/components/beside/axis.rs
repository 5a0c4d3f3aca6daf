//! One axis of time for two runs. What they have in common is at equal places, and so are
//! equal times; where much happens at one time, both have room for the one of them in which
//! more does.

use hustings_lab::{RecordId, Run};
use hustings_raft::Millis;

use crate::session::Shared;

/// Between records of the same time, in units; a millisecond is one unit.
const GAP: u64 = 6;

/// Where the records of two runs are, in units from the start.
#[derive(Clone, Default, PartialEq)]
pub(super) struct SharedAxis {
    places: [Vec<u64>; 2],
    /// How many records the runs had.
    counts: [usize; 2],
    /// What was known to be the same in both.
    shared: Shared,
    /// The times at which something happens.
    moments: Vec<Moment>,
    /// The end of both.
    pub(super) width: u64,
}

/// A time at which something happens, and where what happens then begins and ends.
#[derive(Clone, Copy, Default, PartialEq)]
struct Moment {
    time: Millis,
    begin: u64,
    end: u64,
}

impl SharedAxis {
    /// Adds what is new in two runs, about so many records at most; returns whether that is
    /// all. They must be the same runs as before, or begin with the same records.
    pub(super) fn extend(&mut self, runs: [&Run; 2], shared: &Shared, most: usize) -> bool {
        self.forget_changed(runs, shared);
        let at = |side: usize, number: usize| {
            let record = runs.get(side)?.records().get(RecordId(number))?;
            Some(record.at)
        };
        let mut next = [0, 1].map(|side| self.places.get(side).map_or(0, Vec::len));
        let end = next.iter().sum::<usize>().saturating_add(most);
        while let Some(time) = [at(0, next[0]), at(1, next[1])].into_iter().flatten().min() {
            if next.iter().sum::<usize>() >= end {
                return false;
            }
            let before = self.moments.last().copied().unwrap_or_default();
            let begin = before.end + time.since(before.time).0;
            let together = self.place_shared(begin, |number| at(0, number) == Some(time));
            let mut most = together;
            for (side, places) in self.places.iter_mut().enumerate() {
                let mut here = together;
                while at(side, places.len()) == Some(time) {
                    places.push(begin + here * GAP);
                    here += 1;
                }
                most = here.max(most);
            }
            next = [0, 1].map(|side| self.places.get(side).map_or(0, Vec::len));
            let end = begin + most.saturating_sub(1) * GAP;
            self.moments.push(Moment { time, begin, end });
            self.width = end;
        }
        true
    }

    /// Gives what the runs have in common at one time the same columns in both, a caption of
    /// the shown run one in which the other has nothing; returns how many columns.
    fn place_shared(&mut self, begin: u64, is_now: impl Fn(usize) -> bool) -> u64 {
        let [ours, theirs] = &mut self.places;
        let [shared, _] = self.shared.counts();
        let mut columns = 0;
        while ours.len() < shared && is_now(ours.len()) {
            let place = begin + columns * GAP;
            if !self.shared.is_alone(RecordId(ours.len())) {
                theirs.push(place);
            }
            ours.push(place);
            columns += 1;
        }
        columns
    }

    /// Forgets what may have other places now that the runs have other records, or that other
    /// records are known to be the same.
    fn forget_changed(&mut self, runs: [&Run; 2], shared: &Shared) {
        let count = |side: usize| runs.get(side).map_or(0, |run| run.records().len());
        let counts = [count(0), count(1)];
        if counts != self.counts {
            self.forget_from(self.known_by_both(runs));
            self.counts = counts;
        }
        if *shared != self.shared {
            let [before, now] = [&self.shared, shared].map(|it| RecordId(it.counts()[0]));
            let [shown, _] = runs;
            if let Some(first) = shown.records().get(before.min(now)) {
                self.forget_from(first.at);
            }
            self.shared = shared.clone();
        }
    }

    /// The time before which neither run has got more records since.
    fn known_by_both(&self, runs: [&Run; 2]) -> Millis {
        let sides = runs.iter().zip(self.counts);
        let last = |(run, count): (&&Run, usize)| {
            let last = RecordId(count.checked_sub(1)?);
            run.records().get(last).map(|record| record.at)
        };
        let last = sides.map(|side| last(side).unwrap_or(Millis::ZERO));
        last.min().unwrap_or(Millis::ZERO)
    }

    /// Forgets what happens from a time on.
    fn forget_from(&mut self, time: Millis) {
        let known = self.moments.partition_point(|moment| moment.time < time);
        if let Some(first) = self.moments.get(known).map(|moment| moment.begin) {
            for places in &mut self.places {
                places.truncate(places.partition_point(|place| *place < first));
            }
        }
        self.moments.truncate(known);
    }

    /// Moves the end to a time, if nothing happens later.
    pub(super) fn reach(&mut self, time: Millis) {
        let last = self.moments.last().map_or(0, |last| last.end);
        self.width = self.place_of(time).max(last);
    }

    /// Where a record of one of the runs is; past the end, the end.
    pub(super) fn place(&self, side: usize, record: usize) -> u64 {
        let place = self.places.get(side).and_then(|places| places.get(record));
        place.copied().unwrap_or(self.width)
    }

    /// The records of one of the runs from one place to another, both included.
    pub(super) fn records(&self, side: usize, from: u64, to: u64) -> std::ops::Range<usize> {
        let places = self.places.get(side).map_or(&[][..], Vec::as_slice);
        let first = places.partition_point(|place| *place < from);
        first..places.partition_point(|place| *place <= to)
    }

    /// The place of a time: where what happens then begins.
    pub(super) fn place_of(&self, time: Millis) -> u64 {
        let after = self.moments.partition_point(|moment| moment.time <= time);
        let moment = after.checked_sub(1).and_then(|it| self.moments.get(it));
        let Moment {
            time: at,
            begin,
            end,
        } = moment.copied().unwrap_or_default();
        if time == at {
            begin
        } else {
            end + time.since(at).0
        }
    }

    /// The time at a place.
    pub(super) fn time(&self, place: u64) -> Millis {
        let after = self.moments.partition_point(|moment| moment.begin <= place);
        let moment = after.checked_sub(1).and_then(|it| self.moments.get(it));
        let Moment { time, end, .. } = moment.copied().unwrap_or_default();
        time.plus(Millis(place.saturating_sub(end)))
    }

    /// The place of a time, after all records that one of the runs has had until then.
    pub(super) fn present(&self, side: usize, records: usize, clock: Millis) -> u64 {
        let last = records.checked_sub(1);
        let last = last.map_or(0, |last| self.place(side, last));
        last.max(self.place_of(clock))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hustings_lab::Script;

    fn shared(runs: [&Run; 2]) -> Shared {
        let mut shared = Shared::default();
        assert!(!shared.extend(runs, false, usize::MAX));
        shared
    }

    fn of(runs: [&Run; 2]) -> SharedAxis {
        let mut axis = SharedAxis::default();
        assert!(axis.extend(runs, &shared(runs), usize::MAX));
        axis
    }

    fn run(lines: &str) -> Run {
        let script = Script::parse(&format!("cluster 3\n{lines}\n")).expect("a script");
        script.run().expect("a run").run
    }

    #[test]
    fn equal_times_are_at_equal_places() {
        let (one, other) = (
            run("timeout S1\nrun 60ms"),
            run("run 20ms\ntimeout S2\nrun 40ms"),
        );
        let axis = of([&one, &other]);
        let times = |side: usize, run: &Run| -> Vec<_> {
            let records = run.records().iter();
            records
                .map(|(id, it)| (it.at, axis.place(side, id.0)))
                .collect()
        };
        let (ours, theirs) = (times(0, &one), times(1, &other));
        for (time, place) in &ours {
            let same = theirs.iter().find(|(it, _)| it == time);
            let first = ours
                .iter()
                .find(|(it, _)| it == time)
                .map(|(_, place)| place);
            if let Some((_, theirs)) = same {
                assert_eq!(first, Some(theirs), "{time}");
            }
            assert!(place <= &axis.width);
        }
        assert!(ours.is_sorted() && theirs.is_sorted());
    }

    #[test]
    fn records_of_one_time_have_places_of_their_own() {
        let one = run("timeout S1\ndeliver all");
        let axis = of([&one, &one]);
        let count = one.records().len();
        let places: Vec<_> = (0..count).map(|number| axis.place(0, number)).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(axis.records(0, 0, axis.width), 0..count);
        assert_eq!(axis.time(axis.width), Millis(0));
    }

    /// What both have in common is at the same places, left of where they part.
    fn assert_parts_at_one_place(one: &Run, other: &Run) {
        let (axis, shared) = (of([one, other]), shared([one, other]));
        let [ours, theirs] = shared.counts();
        let fork = axis.place(0, ours);
        assert_eq!(fork, axis.place(1, theirs));
        let common = (0..ours).filter(|it| !shared.is_alone(RecordId(*it)));
        let common: Vec<_> = common.map(|it| axis.place(0, it)).collect();
        let places: Vec<_> = (0..theirs).map(|it| axis.place(1, it)).collect();
        assert_eq!(common, places);
        assert!((0..ours).all(|it| axis.place(0, it) < fork));
    }

    #[test]
    fn what_both_have_in_common_has_one_place_though_only_one_has_captions() {
        let same = "timeout S1\ndeliver S1->S2\ndeliver S1->S3\n";
        let told = run(&format!(
            "note \"One\"\n{same}note \"Two\"\ncrash S1\ntimeout S2"
        ));
        let bare = run(&format!("{same}timeout S3\ndeliver all"));
        assert_parts_at_one_place(&told, &bare);
        let later = "run 300ms\nnote \"Three\"\ncrash S1";
        let told = run(&format!("note \"One\"\n{same}{later}"));
        let bare = run(&format!("{same}run 300ms\ncrash S2"));
        assert_parts_at_one_place(&told, &bare);
    }

    #[test]
    fn an_axis_that_grows_is_that_of_the_whole_runs() {
        let lines = "timeout S1\nrun 60ms\ncrash S2\nrun 400ms\nrestart S2\nrun 3s";
        let (one, other) = (run(lines), run(&lines.replace("S2", "S3")));
        let whole = of([&one, &other]);
        let mut grown = SharedAxis::default();
        for ours in ["timeout S1", "timeout S1\nrun 60ms\ncrash S2\nrun 100ms"] {
            let theirs = run("timeout S1\nrun 60ms");
            let ours = run(ours);
            let runs = [&ours, &theirs];
            assert!(grown.extend(runs, &shared(runs), usize::MAX));
        }
        let mut found = Shared::default();
        // What is the same is found while the axis grows, and later than it.
        while found.extend([&one, &other], false, 3) {
            grown.extend([&one, &other], &found, 7);
        }
        while !grown.extend([&one, &other], &found, 7) {}
        assert!(grown == whole);
    }
}
