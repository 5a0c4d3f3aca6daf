//! What it all comes to, in a few sentences.

use super::words::Words;
use crate::account::Account;
use crate::account::changes::{self, Change};
use crate::account::leaderless::{Gap, sees_majority};
use crate::account::patterns::{Kind, Pattern};
use crate::account::reigns::Reign;
use crate::shown::Sentence;
use crate::time::Micros;

/// How many known courses of events the verdict names.
const PATTERNS_MAX: usize = 3;

/// In a shorter story, the changes within ten minutes are all of them.
const TEN_MINUTES: Micros = Micros::from_millis(600_000);

/// How many leaders one after another it names.
const NAMED_MAX: usize = 8;

impl Words<'_> {
    /// The verdict: whether a rule was broken, how leadership went, and why.
    pub(super) fn verdict(self, account: &Account) -> Vec<Sentence> {
        if self.story.events.is_empty() {
            return vec![self.cited(self.texts().nothing_told().to_owned(), [])];
        }
        let broken = self.broken(account);
        let course = self.course(account);
        let longest = self.longest(account);
        let patterns = account.patterns.iter().take(PATTERNS_MAX);
        let patterns = patterns.map(|it| self.pattern(it));
        let said = broken.into_iter().chain([course]).chain(longest);
        said.chain(patterns).collect()
    }

    fn broken(self, account: &Account) -> Option<Sentence> {
        let first = account.findings.first()?;
        let t = self.texts();
        let said = self.finding(first);
        let said = match account.findings.len() {
            1 => t.broken_rule(said),
            more => t.broken_rules(more, said),
        };
        Some(Sentence {
            is_fault: true,
            ..self.cited(said, first.events.iter().copied())
        })
    }

    /// How leadership went.
    fn course(self, account: &Account) -> Sentence {
        let t = self.texts();
        let (begins, ends) = self.story.told_of();
        let lasts = ends - begins;
        let (from, lasted) = (self.day_and_time(begins), self.lasting(lasts));
        let reigns = account.reigns.iter();
        let reigns = reigns.filter(|it| self.story.tells_of(it.from, it.to));
        let reigns: Vec<_> = reigns.copied().collect();
        let led = match reigns.as_slice() {
            [] => t.never_led(lasted, from),
            [only] => t.one_led(lasted, from, self.member(only.leader)),
            all if all.len() <= NAMED_MAX => {
                let led: Vec<_> = all.iter().map(|it| self.leader_in_term(it)).collect();
                t.leaders_named(lasted, from, led.join(t.then_between()))
            }
            all => t.leaders_often(lasted, from, self.times(all.len())),
        };
        let without = self.without(account, reigns.is_empty());
        let changed = self.changed(&reigns);
        let (often, since) = changes::most_in_ten_minutes(&reigns);
        let often = match since {
            Some(since) if often > 2 && lasts > TEN_MINUTES => {
                t.elected_in_ten_minutes(self.times(often), self.time(since))
            }
            _ => String::new(),
        };
        let events = reigns.iter().map(|it| it.event);
        self.cited(self.in_a_row([led, changed, without, often]), events)
    }

    /// How often the leader changed, and how often the same was elected again; empty if neither
    /// happened.
    fn changed(self, reigns: &[Reign]) -> String {
        let t = self.texts();
        let count = |change| {
            changes::changes(reigns)
                .filter(|(it, _)| *it == change)
                .count()
        };
        match (count(Change::Leader), count(Change::Term)) {
            (0, 0) => String::new(),
            (others, 0) => t.leader_changed(self.times(others)),
            (0, again) => t.leader_elected_again(self.times(again)),
            (others, again) => t.leader_changed_or_not(self.times(others), self.times(again)),
        }
    }

    /// For how long there was no leader in all, and how long at most no majority heard one.
    fn without(self, account: &Account, never_led: bool) -> String {
        let t = self.texts();
        let gaps: Vec<_> = self.gaps(account).collect();
        let least = |gap: &Gap| {
            let (first, last) = self.within(gap.from, gap.to);
            last - first
        };
        let most = |gap: &Gap| self.unheard(gap).map_or(least(gap), |(longest, _)| longest);
        let sum = |each: &dyn Fn(&Gap) -> Micros| {
            let all = gaps.iter().map(|it| each(it));
            self.lasting(all.sum())
        };
        let is_open = gaps.iter().any(|it| it.heard.is_none());
        let is_unheard = gaps.iter().any(|it| self.unheard(it).is_some());
        match gaps.as_slice() {
            _ if !sees_majority(self.story) => t.too_few_logs().to_owned(),
            [] => String::new(),
            _ if never_led => String::new(),
            [only] if is_unheard => t.unheard_once(sum(&most), sum(&least), self.begins(only)),
            [only] if !is_open => t.leaderless_once(sum(&least), self.begins(only)),
            all if is_unheard && !is_open => t.unheard_often(sum(&most), sum(&least), all.len()),
            [only] => t.leaderless_once_at_least(sum(&least), self.begins(only)),
            all if is_open || all.iter().any(|it| it.is_latest) => {
                t.leaderless_at_least(sum(&least), all.len())
            }
            all => t.leaderless_often(sum(&least), all.len()),
        }
    }

    /// When a time without a leader begins, of what is told of it.
    fn begins(self, gap: &Gap) -> String {
        self.time(self.within(gap.from, gap.to).0)
    }

    /// Who led, and in which term if that is told.
    fn leader_in_term(self, reign: &Reign) -> String {
        let leader = self.member(reign.leader);
        match reign.term {
            Some(term) => self.texts().leader_in_term(leader, term),
            None => leader.to_owned(),
        }
    }

    /// The longest time without a leader between two, or at the end, and how long it was at
    /// most. The longest is the one in which nobody led for longest: that is known.
    fn longest(self, account: &Account) -> Option<Sentence> {
        let t = self.texts();
        let lasts = |gap: &Gap| {
            let (first, last) = self.within(gap.from, gap.to);
            last - first
        };
        let most = |gap: &Gap| self.unheard(gap).map_or(lasts(gap), |(longest, _)| longest);
        let length = |gap: &Gap| (lasts(gap), most(gap));
        let between = self.gaps(account).filter(|it| it.before.is_some());
        let longest = between.max_by_key(|it| length(it))?;
        let (first, last) = self.within(longest.from, longest.to);
        let lasted = self.lasting(last - first);
        let said = match (self.unheard(longest), longest.heard) {
            (Some((most, since)), _) => {
                let (most, since) = (self.lasting(most), self.time(since));
                t.longest_unheard(most, since, self.time(last), lasted)
            }
            (None, None) => t.longest_at_least(lasted, self.time(first)),
            (None, Some(_)) => t.longest_without(lasted, self.time(first)),
        };
        let said = self.in_a_row([said, self.why_leaderless(account, longest)]);
        Some(self.cited_over(said, (first, last), self.gap_events(account, longest)))
    }

    fn pattern(self, pattern: &Pattern) -> Sentence {
        let t = self.texts();
        let who = self.members(&pattern.members);
        let names = pattern.members.iter().map(|it| self.member(*it));
        let said = match (pattern.kind, &*names.collect::<Vec<_>>()) {
            (Kind::NewestLogIdle, _) => t.pattern_newest_log(who),
            (Kind::ShorterLog, _) => t.pattern_shorter_log(who),
            (Kind::Deaf, _) => t.pattern_deaf(who),
            (Kind::PreVoteDeadlock, _) => t.pattern_pre_vote(who),
            (Kind::EqualTimeouts { terms, apart }, _) => {
                t.pattern_equal_timeouts(who, terms, self.lasting(apart))
            }
            (Kind::SplitVote, _) => t.pattern_split(who),
            (Kind::SlowLeader, _) => t.pattern_slow(who),
            (Kind::NoMajority, _) => t.pattern_no_majority().to_owned(),
            (Kind::StaleLeader, [old, new]) => t.pattern_stale(old, new),
            (Kind::StaleLeader, _) => String::new(),
            (Kind::Flapping { changes }, _) => t.pattern_flapping(self.times(changes)),
            (Kind::OwnAddress, _) => t.pattern_own_address(who),
        };
        Sentence {
            scenario: pattern.kind.scenario().map(Into::into),
            ..self.cited(said, pattern.events.iter().copied())
        }
    }
}
