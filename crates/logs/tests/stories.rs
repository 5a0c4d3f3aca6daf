//! The true stories of `samples/logs`, as told in the `story.md` beside each folder's logs,
//! come out of these logs alone.

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use hustings_logs::account::Account;
use hustings_logs::account::candidacies::Outcome;
use hustings_logs::account::refusals::Kind;
use hustings_logs::account::reigns::End;
use hustings_logs::{Ballot, Given, Moment, Reader, Story, Text};

/// What really happened, from `story.md`. Times are times of day (UTC), to a tenth of a
/// second; `?` where no line can tell it.
struct Truth {
    folder: &'static str,
    /// Who led, in which term, and from when on.
    led: &'static [(&'static str, u64, &'static str)],
    /// Two leaders at once: who, in which terms, and from when to when.
    both: &'static [(
        &'static str,
        u64,
        &'static str,
        u64,
        &'static str,
        &'static str,
    )],
    /// The terms whose leader handed over.
    handed_over: &'static [u64],
    /// Times without a leader of a tenth of a second and more, but for that before the first
    /// leader: from when to when. `end` if nobody led any more.
    without: &'static [(&'static str, &'static str)],
    /// When leaders were cut off or crashed, and when the next led.
    lost: &'static [(&'static str, &'static str)],
    /// Who stood in vain, and in which terms.
    in_vain: &'static [(&'static str, RangeInclusive<u64>)],
    /// Who asked for pre-votes in vain, and when.
    no_pre_vote: &'static [(&'static str, &'static [&'static str])],
    /// Who refused whom, and why; the most telling.
    refused: &'static [(&'static str, &'static str, Ballot, Kind)],
}

const NOTHING: Truth = Truth {
    folder: "",
    led: &[],
    both: &[],
    handed_over: &[],
    without: &[],
    lost: &[],
    in_vain: &[],
    no_pre_vote: &[],
    refused: &[],
};

/// How far a time may be from the truth, which is rounded to a tenth of a second.
const WITHIN_MICROS: u64 = 50_000;

/// How far where the lines have whole seconds only.
const WITHIN_SECOND: u64 = 1_000_000;

fn story(folder: &str) -> Story {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../samples/logs")
        .join(folder);
    let files = fs::read_dir(&folder).expect("the folder is there");
    let mut files: Vec<_> = files.map(|it| it.expect("a file").path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "log"));
    files.sort();
    let texts = files.iter().map(|path| {
        let bytes = fs::read(path).expect("the log can be read");
        let name = path.file_name().expect("a name").to_string_lossy();
        Text::new(&name, bytes).expect("the log is a text")
    });
    let reading = Reader::new(texts.collect()).finish();
    Story::of(reading, &Given::default())
}

struct Check<'a> {
    truth: &'a Truth,
    story: Story,
    account: Account,
    within: u64,
}

impl Check<'_> {
    fn name(&self, member: hustings_logs::shown::MemberId) -> &str {
        self.story.members.name(member)
    }

    fn is_at(&self, at: Moment, truth: &str, what: &str) {
        if truth == "?" {
            return;
        }
        let day = self.story.begins().expect("there are events");
        let truth = Moment::parse(truth, day).expect("a time of day");
        let apart = (at - truth).abs().get().unsigned_abs();
        let folder = self.truth.folder;
        assert!(
            apart <= self.within,
            "{folder}: {what}: {at} instead of {truth}"
        );
    }

    fn leaders(&self) {
        let led = self.account.reigns.iter();
        let led: Vec<_> = led.map(|it| (self.name(it.leader), it.term)).collect();
        let truth = self.truth.led.iter();
        let truth: Vec<_> = truth.map(|(name, term, _)| (*name, Some(*term))).collect();
        assert_eq!(led, truth, "{}: who led", self.truth.folder);
        for (reign, (name, term, from)) in self.account.reigns.iter().zip(self.truth.led) {
            self.is_at(reign.from, from, &format!("{name} leads term {term}"));
        }
        let handed_over = self.account.reigns.iter();
        let handed_over = handed_over.filter(|it| it.end == End::HandedOver);
        let handed_over: Vec<_> = handed_over.filter_map(|it| it.term).collect();
        let folder = self.truth.folder;
        assert_eq!(handed_over, self.truth.handed_over, "{folder}: hand-overs");
    }

    fn both(&self) {
        let both = &self.account.overlaps;
        let folder = self.truth.folder;
        assert!(both.iter().all(|it| !it.is_fault), "{folder}: no fault");
        let terms = |it: &hustings_logs::account::reigns::Overlap| {
            let (old, new) = (self.name(it.old.leader), self.name(it.new.leader));
            (old.to_owned(), it.old.term, new.to_owned(), it.new.term)
        };
        // A hand-over may leave both leading for some milliseconds.
        let long = both.iter().filter(|it| (it.to - it.from).millis() >= 100);
        let long: Vec<_> = long.collect();
        let told: Vec<_> = long.iter().map(|it| terms(it)).collect();
        let truth = self.truth.both.iter().map(|(old, one, new, other, ..)| {
            let (old, new) = ((*old).to_owned(), (*new).to_owned());
            (old, Some(*one), new, Some(*other))
        });
        assert_eq!(told, truth.collect::<Vec<_>>(), "{folder}: two at once");
        for (overlap, (.., from, to)) in long.iter().zip(self.truth.both) {
            self.is_at(overlap.from, from, "two leaders from");
            self.is_at(overlap.to, to, "two leaders to");
        }
    }

    fn without(&self) {
        let gaps = self.account.leaderless.iter().filter(|it| {
            let is_long = it.lasts().millis() >= 100 || it.is_latest;
            is_long && it.before.is_some()
        });
        let gaps: Vec<_> = gaps.collect();
        let folder = self.truth.folder;
        let told: Vec<_> = gaps.iter().map(|it| (it.from.to_string(), it.to)).collect();
        assert_eq!(gaps.len(), self.truth.without.len(), "{folder}: {told:?}");
        for (gap, (from, to)) in gaps.iter().zip(self.truth.without) {
            self.is_at(gap.from, from, "no leader from");
            assert_eq!(gap.is_latest, *from == "?", "{folder}: at the latest");
            match *to {
                "end" => assert_eq!(gap.after, None, "{folder}: to the end"),
                to => self.is_at(gap.to, to, "no leader to"),
            }
        }
    }

    /// Nobody could commit anything from the loss of a leader on: that is between the last sign
    /// of the leader and the beginning of the time in which nobody is known to have led.
    fn lost(&self) {
        let day = self.story.begins().expect("there are events");
        let moment = |text| Moment::parse(text, day).expect("a time of day");
        let folder = self.truth.folder;
        for (lost, next) in self.truth.lost {
            let (lost, next) = (moment(lost), moment(next));
            let is_next = |to: Moment| (to - next).get().unsigned_abs() <= self.within;
            let mut gaps = self.account.leaderless.iter();
            let gap = gaps.find(|it| is_next(it.to)).expect("a time without");
            let heard = gap.heard.is_none_or(|it| it <= lost);
            assert!(heard, "{folder}: heard at {:?}, lost at {lost}", gap.heard);
            assert!(lost <= gap.from, "{folder}: {} after {lost}", gap.from);
        }
    }

    fn candidacies(&self) {
        let vain = |ballot| {
            let all = self.account.candidacies.iter();
            let all = all.filter(move |it| it.ballot == ballot && it.outcome != Outcome::Won);
            all.map(|it| (self.name(it.member), it))
        };
        let mut told: Vec<_> = vain(Ballot::Vote)
            .map(|(name, it)| (name, it.term.expect("its term is told")))
            .collect();
        let each = self.truth.in_vain.iter();
        let each = each.flat_map(|(name, terms)| terms.clone().map(|term| (*name, term)));
        let mut truth: Vec<_> = each.collect();
        told.sort_unstable();
        truth.sort_unstable();
        assert_eq!(told, truth, "{}: who stood in vain", self.truth.folder);

        let mut asked: Vec<_> = vain(Ballot::PreVote).collect();
        let each = self.truth.no_pre_vote.iter();
        let each = each.flat_map(|(name, times)| times.iter().map(|at| (*name, *at)));
        let mut truth: Vec<_> = each.collect();
        truth.sort_by_key(|(_, at)| *at);
        asked.sort_by_key(|(_, it)| it.at);
        assert_eq!(asked.len(), truth.len(), "{}", self.truth.folder);
        for ((name, candidacy), (truth, at)) in asked.iter().zip(truth) {
            assert_eq!(*name, truth, "{}: asked in vain", self.truth.folder);
            self.is_at(candidacy.at, at, &format!("{name} asks for pre-votes"));
        }
    }

    fn refused(&self) {
        for (voter, candidate, ballot, kind) in self.truth.refused {
            let found = self.account.refused.iter().any(|it| {
                let voters = it.voters.iter().any(|it| self.name(*it) == *voter);
                let same = (it.ballot, it.kind) == (*ballot, *kind);
                same && voters && self.name(it.candidate) == *candidate
            });
            let folder = self.truth.folder;
            assert!(found, "{folder}: {voter} refuses {candidate}, {kind:?}");
        }
    }
}

fn comes_out(truth: &Truth, within: u64) {
    let story = story(truth.folder);
    let account = Account::of(&story);
    let found: Vec<_> = account.findings.iter().collect();
    assert!(found.is_empty(), "{}: {found:?}", truth.folder);
    let check = Check {
        truth,
        story,
        account,
        within,
    };
    check.leaders();
    check.both();
    check.without();
    check.lost();
    check.candidacies();
    check.refused();
}

#[test]
fn etcd_with_restarts_a_pause_a_hand_over_and_a_lone_server() {
    let truth = Truth {
        folder: "etcd-3.4-zap",
        led: &[
            ("m2", 2, "02:27:22.5"),
            ("m3", 3, "02:27:26.0"),
            ("m2", 4, "02:27:35.9"),
            ("m3", 5, "02:27:42.5"),
            ("m3", 10, "02:27:52.7"),
        ],
        both: &[("m3", 3, "m2", 4, "02:27:35.9", "02:27:39.3")],
        handed_over: &[4, 10],
        without: &[
            ("02:27:25.2", "02:27:26.0"),
            ("02:27:46.5", "02:27:52.7"),
            ("02:27:55.2", "end"),
        ],
        in_vain: &[
            ("m3", 6..=9),
            ("m1", 6..=6),
            ("m1", 11..=11),
            ("m3", 12..=16),
        ],
        refused: &[("m3", "m1", Ballot::Vote, Kind::OlderTerm)],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}

#[test]
fn etcd_with_whole_seconds_only() {
    let truth = Truth {
        folder: "etcd-3.4-capnslog",
        led: &[
            ("m2", 2, "11:08:50.6"),
            ("m3", 3, "11:08:53.9"),
            ("m1", 4, "11:08:59.5"),
            ("m1", 7, "11:09:10.7"),
        ],
        both: &[("m3", 3, "m1", 4, "11:08:59.5", "11:09:01.9")],
        without: &[("11:08:52.6", "11:08:53.9"), ("11:09:05.5", "11:09:10.7")],
        in_vain: &[("m1", 5..=6), ("m2", 5..=5)],
        refused: &[
            ("m3", "m1", Ballot::Vote, Kind::HasLeader),
            ("m1", "m2", Ballot::Vote, Kind::OlderTerm),
        ],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_SECOND);
}

#[test]
fn etcd_with_pre_vote_and_members_cut_off() {
    let truth = Truth {
        folder: "etcd-3.4-pre-vote",
        lost: &[("11:09:57.7", "11:09:58.7")],
        led: &[("m3", 2, "11:09:46.5"), ("m2", 3, "11:09:58.7")],
        both: &[("m3", 2, "m2", 3, "11:09:58.7", "11:09:59.5")],
        no_pre_vote: &[
            (
                "m1",
                &["11:09:50.0", "11:09:51.5", "11:09:53.0", "11:09:54.5"],
            ),
            ("m3", &["11:10:00.9"]),
        ],
        refused: &[
            ("m1", "m3", Ballot::PreVote, Kind::OlderLog),
            ("m2", "m3", Ballot::PreVote, Kind::OlderLog),
        ],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}

#[test]
fn etcd_whose_member_rejoins_with_a_higher_term_and_a_shorter_log() {
    let truth = Truth {
        folder: "etcd-3.4-rejoin",
        lost: &[("11:10:17.4", "11:10:18.8")],
        led: &[
            ("m2", 2, "11:10:06.7"),
            ("m2", 7, "11:10:15.7"),
            ("m3", 8, "11:10:18.8"),
        ],
        without: &[("11:10:14.0", "11:10:15.7"), ("11:10:18.7", "11:10:18.8")],
        in_vain: &[("m1", 3..=6), ("m2", 8..=8)],
        refused: &[
            ("m2", "m1", Ballot::Vote, Kind::OlderLog),
            ("m3", "m1", Ballot::Vote, Kind::HasLeader),
            ("m1", "m2", Ballot::Vote, Kind::Voted),
            ("m3", "m2", Ballot::Vote, Kind::Voted),
            ("m2", "m3", Ballot::Vote, Kind::Voted),
        ],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}

#[test]
fn etcd_whose_member_cannot_hear_the_leader() {
    let truth = Truth {
        folder: "etcd-3.5-deaf",
        led: &[("m1", 2, "11:10:24.7"), ("m2", 12, "11:10:39.7")],
        without: &[("11:10:38.1", "11:10:39.7")],
        in_vain: &[("m2", 3..=11)],
        refused: &[("m3", "m2", Ballot::Vote, Kind::HasLeader)],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}

#[test]
fn hashicorps_raft_before_it_had_the_voters_term() {
    let truth = Truth {
        folder: "hashicorp-raft-1.1",
        led: &[
            ("n2", 2, "11:11:48.5"),
            ("n1", 4, "11:11:53.4"),
            ("n3", 6, "11:11:59.6"),
            ("n2", 8, "11:12:08.1"),
            ("n2", 14, "11:12:19.5"),
            ("n1", 15, "11:12:21.9"),
        ],
        both: &[("n3", 6, "n2", 8, "11:12:08.1", "11:12:09.6")],
        handed_over: &[14],
        // The leader that is stopped can do nothing once two stand in term 7.
        without: &[
            ("?", "11:11:53.4"),
            ("11:11:57.4", "11:11:59.6"),
            ("11:12:07.4", "11:12:08.1"),
            ("11:12:18.4", "11:12:19.5"),
        ],
        in_vain: &[
            ("n3", 3..=3),
            ("n1", 3..=3),
            ("n3", 5..=5),
            ("n2", 5..=5),
            ("n1", 5..=6),
            ("n2", 7..=7),
            ("n1", 7..=7),
            ("n1", 9..=13),
        ],
        refused: &[
            ("n1", "n3", Ballot::Vote, Kind::HasLeader),
            ("n2", "n1", Ballot::Vote, Kind::OlderLog),
        ],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}

#[test]
fn hashicorps_raft() {
    let truth = Truth {
        folder: "hashicorp-raft-1.5",
        lost: &[
            ("11:13:08.6", "11:13:11.4"),
            ("11:13:14.9", "11:13:18.9"),
            ("11:13:24.9", "11:13:27.9"),
        ],
        led: &[
            ("n3", 2, "11:13:06.6"),
            ("n2", 4, "11:13:11.4"),
            ("n1", 6, "11:13:18.9"),
            ("n1", 10, "11:13:23.7"),
            ("n2", 12, "11:13:27.9"),
            ("n2", 18, "11:13:38.9"),
            ("n1", 19, "11:13:41.5"),
        ],
        both: &[("n1", 10, "n2", 12, "11:13:27.9", "11:13:28.9")],
        handed_over: &[18],
        without: &[
            ("?", "11:13:11.4"),
            ("11:13:15.4", "11:13:18.9"),
            ("11:13:21.9", "11:13:23.7"),
            ("11:13:26.6", "11:13:27.9"),
            ("11:13:37.3", "11:13:38.9"),
        ],
        in_vain: &[
            ("n2", 3..=3),
            ("n1", 3..=3),
            ("n2", 5..=9),
            ("n1", 5..=5),
            ("n3", 5..=5),
            ("n3", 11..=11),
            ("n2", 11..=11),
            ("n1", 13..=17),
        ],
        refused: &[
            ("n1", "n2", Ballot::Vote, Kind::OlderLog),
            ("n2", "n1", Ballot::Vote, Kind::OlderLog),
            ("n3", "n1", Ballot::Vote, Kind::HasLeader),
        ],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}

#[test]
fn hashicorps_raft_in_json() {
    let truth = Truth {
        folder: "hashicorp-raft-1.5-json",
        led: &[
            ("n2", 2, "11:13:46.4"),
            ("n1", 4, "11:13:50.5"),
            ("n2", 6, "11:13:56.7"),
            ("n2", 9, "11:14:01.2"),
            ("n3", 11, "11:14:06.1"),
            ("n3", 17, "11:14:17.1"),
            ("n1", 18, "11:14:19.3"),
        ],
        both: &[("n2", 9, "n3", 11, "11:14:06.1", "11:14:06.8")],
        handed_over: &[17],
        without: &[
            ("?", "11:13:50.5"),
            ("11:13:54.5", "11:13:56.7"),
            ("11:13:59.8", "11:14:01.2"),
            ("11:14:04.9", "11:14:06.1"),
            ("11:14:15.3", "11:14:17.1"),
        ],
        in_vain: &[
            ("n1", 3..=3),
            ("n3", 3..=3),
            ("n2", 5..=5),
            ("n3", 5..=5),
            ("n1", 5..=8),
            ("n3", 10..=10),
            ("n1", 10..=10),
            ("n1", 12..=16),
            ("n2", 12..=12),
        ],
        refused: &[
            ("n2", "n1", Ballot::Vote, Kind::OlderLog),
            ("n2", "n1", Ballot::Vote, Kind::HasLeader),
            ("n3", "n1", Ballot::Vote, Kind::HasLeader),
        ],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}

#[test]
fn tikvs_raft_with_pre_vote_in_each_of_its_forms() {
    for folder in ["raft-rs", "raft-rs-term", "raft-rs-json"] {
        let truth = Truth {
            folder,
            lost: &[("11:15:47.3", "11:15:48.3"), ("11:15:57.8", "11:15:58.9")],
            led: &[
                ("n3", 1, "11:15:46.4"),
                ("n1", 2, "11:15:48.3"),
                ("n3", 3, "11:15:58.9"),
                ("n1", 4, "11:16:04.3"),
            ],
            both: &[("n1", 2, "n3", 3, "11:15:58.9", "11:15:59.3")],
            handed_over: &[3],
            without: &[("?", "11:15:48.3"), ("11:16:07.3", "end")],
            no_pre_vote: &[
                ("n2", &["11:15:53.1", "11:15:55.0"]),
                ("n1", &["11:16:00.4", "11:16:01.5"]),
                ("n1", &["11:16:08.7", "11:16:10.1"]),
            ],
            ..NOTHING
        };
        comes_out(&truth, WITHIN_MICROS);
    }
}

#[test]
fn tikvs_raft_whose_node_rejoins_with_a_higher_term_and_a_shorter_log() {
    let truth = Truth {
        folder: "raft-rs-no-pre-vote",
        led: &[
            ("n1", 1, "11:16:11.8"),
            ("n3", 2, "11:16:13.9"),
            ("n2", 7, "11:16:24.0"),
            ("n1", 8, "11:16:25.0"),
            ("n2", 9, "11:16:30.6"),
        ],
        both: &[("n2", 7, "n1", 8, "11:16:25.0", "11:16:26.0")],
        handed_over: &[8],
        without: &[
            ("?", "11:16:13.9"),
            ("11:16:21.4", "11:16:24.0"),
            ("11:16:33.6", "end"),
        ],
        in_vain: &[("n1", 3..=6), ("n2", 8..=8), ("n2", 10..=11)],
        refused: &[
            ("n3", "n1", Ballot::Vote, Kind::OlderLog),
            ("n2", "n1", Ballot::Vote, Kind::OlderLog),
            ("n2", "n1", Ballot::Vote, Kind::HasLeader),
        ],
        ..NOTHING
    };
    comes_out(&truth, WITHIN_MICROS);
}
