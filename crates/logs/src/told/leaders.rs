//! Who led, and when nobody did.

use super::words::Words;
use crate::account::Account;
use crate::account::candidacies::{Answer, Candidacy, Outcome};
use crate::account::leaderless::Gap;
use crate::account::reigns::{End, Overlap, Reign};
use crate::observation::{Ballot, Observation};
use crate::shown::{EventId, Sentence};
use crate::time::{Micros, Moment};

impl Words<'_> {
    /// Who led when, and two leaders at once.
    pub(super) fn leaders(self, account: &Account) -> Vec<Sentence> {
        let told = |from, to| self.story.tells_of(from, to);
        let led = account.reigns.iter().filter(|it| told(it.from, it.to));
        let led = led.map(|it| self.reign(it));
        let both = account.overlaps.iter().filter(|it| told(it.from, it.to));
        let both = both.map(|it| self.overlap(it));
        led.chain(both).collect()
    }

    fn reign(self, reign: &Reign) -> Sentence {
        let t = self.texts();
        let led = self.led(reign);
        let led = match reign.term {
            Some(term) => t.of_term(term, led),
            None => led,
        };
        let led = if reign.by_others {
            t.as_others_tell(led)
        } else {
            led
        };
        let how = self.how_it_ended(reign);
        let said = match how.filter(|_| !self.is_beyond(reign.to)) {
            Some(how) => t.then(led, how),
            None => t.full_stop(led),
        };
        let ended_by = reign.ended_by.filter(|_| !self.is_beyond(reign.to));
        let events = [reign.event].into_iter().chain(ended_by);
        self.cited_over(said, self.within(reign.from, reign.to), events)
    }

    /// Who led from when to when, within the time of which is told.
    fn led(self, reign: &Reign) -> String {
        let t = self.texts();
        let leader = self.member(reign.leader);
        let (from, to) = (self.time(reign.from), self.time(reign.to));
        let (first, last) = self.within(reign.from, reign.to);
        let lasted = self.lasting(last - first);
        match (reign.from < first, self.is_beyond(reign.to)) {
            (true, true) => t.led_throughout(leader),
            (false, true) => t.led_beyond(leader, from),
            (true, false) if reign.end != End::Goes => t.led_since_before(leader, to),
            (true, false) => t.led_throughout(leader),
            (false, false) => match reign.end {
                _ if reign.began_before => t.led_before(leader, to, lasted),
                End::Goes => t.led_on(leader, from, lasted),
                End::Missed | End::Silent | End::StartedAnew => t.led_missed(leader, from, to),
                _ => t.led(leader, from, to, lasted),
            },
        }
    }

    /// Whether a moment is after the time of which is told.
    fn is_beyond(self, at: Moment) -> bool {
        at > self.story.told_of().1
    }

    /// A time, without what of it is outside of that of which is told.
    pub(super) fn within(self, from: Moment, to: Moment) -> (Moment, Moment) {
        let (first, last) = self.story.told_of();
        (from.max(first), to.min(last))
    }

    /// How a time of leading ended, as a clause; `None` if it goes on.
    pub(super) fn how_it_ended(self, reign: &Reign) -> Option<String> {
        let t = self.texts();
        let leader = self.member(reign.leader);
        let how = match reign.end {
            End::Goes => return None,
            End::HandedOver => t.ended_handed_over(leader),
            End::LostQuorum => t.ended_quorum(leader),
            End::NewerTerm => self.ended_by_newer_term(reign),
            End::Stopped => t.ended_stopped(leader),
            End::Gone => t.ended_gone(leader),
            End::Missed => t.ended_missed(leader),
            End::Silent => t.ended_silent(leader),
            End::StartedAnew => t.ended_started_anew(leader),
            End::Unsaid => t.ended_unsaid(leader),
        };
        Some(how)
    }

    /// A leader stepped down as it heard of a newer term: of which, and from whom, if told.
    fn ended_by_newer_term(self, reign: &Reign) -> String {
        let t = self.texts();
        let leader = self.member(reign.leader);
        let said = reign.ended_by.and_then(|it| self.story.event(it));
        let (from, newer) = match said.map(|it| &it.what) {
            Some(Observation::NewerTerm { from, newer, .. }) => (*from, *newer),
            _ => (None, None),
        };
        let term = newer.map_or_else(|| t.a_newer_term().to_owned(), |it| t.its_term(it));
        match from {
            Some(from) => t.ended_newer_term_from(leader, term, self.name(from)),
            None => t.ended_newer_term(leader, term),
        }
    }

    fn overlap(self, overlap: &Overlap) -> Sentence {
        let t = self.texts();
        let (old, new) = (
            self.member(overlap.old.leader),
            self.member(overlap.new.leader),
        );
        let (from, to) = self.within(overlap.from, overlap.to);
        let (from, to) = (self.time(from), self.time(to));
        let said = match (overlap.is_fault, overlap.old.term, overlap.new.term) {
            (true, Some(term), _) => t.both_led_one_term(old, new, from, to, term),
            (_, Some(older), Some(newer)) => t.both_led(old, older, new, newer, from, to),
            _ => t.both_led_untold(old, new, from, to),
        };
        let events = [overlap.old.event, overlap.new.event];
        let events = events.into_iter().chain(overlap.old.ended_by);
        Sentence {
            is_fault: overlap.is_fault,
            ..self.cited_over(said, self.within(overlap.from, overlap.to), events)
        }
    }

    /// The times without a leader of which is told.
    pub(super) fn gaps(self, account: &Account) -> impl Iterator<Item = &Gap> {
        let gaps = account.leaderless.iter();
        gaps.filter(move |it| self.story.tells_of(it.from, it.to))
    }

    /// A time without a leader.
    pub(super) fn gap(self, account: &Account, gap: &Gap) -> Sentence {
        let t = self.texts();
        let (first, last) = self.within(gap.from, gap.to);
        let (from, to) = (self.time(first), self.time(last));
        let lasted = self.lasting(last - first);
        let unheard = self.unheard(gap).map(|(longest, since)| {
            t.unheard(self.lasting(longest), self.time(since), self.time(last))
        });
        let lasted = match (&unheard, gap.is_latest) {
            (None, false) => t.leaderless_from(from, to, lasted),
            (None, true) => t.leaderless_from_latest(from, to, lasted),
            (Some(_), false) => t.nobody_led(from, to, lasted),
            (Some(_), true) => t.nobody_led_from_latest(from, to, lasted),
        };
        let why = self.why_leaderless(account, gap);
        let said = self.in_a_row([unheard.unwrap_or_default(), lasted, why]);
        self.cited_over(said, (first, last), self.gap_events(account, gap))
    }

    /// How long no majority may have heard a leader, and since when, if that is longer than
    /// nobody led.
    pub(super) fn unheard(self, gap: &Gap) -> Option<(Micros, Moment)> {
        let since = gap.unheard_from()?;
        let (first, last) = self.within(since, gap.to);
        (first < gap.from).then_some((last - first, first))
    }

    /// The events that tell from when to when nobody led.
    pub(super) fn gap_events(self, account: &Account, gap: &Gap) -> Vec<EventId> {
        let next = gap.after.and_then(|it| account.reigns.get(it));
        let begun = gap.begun_by.iter().copied();
        begun.chain(next.map(|it| it.event)).collect()
    }

    /// Why there was no leader, what was tried meanwhile, and who led then.
    pub(super) fn why_leaderless(self, account: &Account, gap: &Gap) -> String {
        let t = self.texts();
        let before = gap.before.and_then(|it| account.reigns.get(it));
        let began = before.filter(|_| self.story.tells_of(gap.from, gap.from));
        let began = began.map(|reign| {
            let counts = reign.to > gap.from;
            match self.how_it_ended(reign) {
                _ if counts => t.majority_moved_on(self.member(reign.leader)),
                Some(how) => t.full_stop(how),
                None => String::new(),
            }
        });
        let next = gap.after.and_then(|it| account.reigns.get(it));
        let won = next.and_then(|reign| winner(account, reign));
        let failed = account.candidacies.iter().filter(|it| {
            let within = it.at < gap.to && gap.from < it.until;
            let failed = matches!(it.outcome, Outcome::Again | Outcome::Follows);
            let within = within && self.story.tells_of(it.at, it.at);
            within && it.ballot == Ballot::Vote && failed
        });
        let failed = match failed.count() {
            0 => String::new(),
            1 => t.one_failed().to_owned(),
            count => t.some_failed(count),
        };
        let ended = match (next, won) {
            _ if self.is_beyond(gap.to) => t.lasts_beyond().to_owned(),
            (Some(reign), Some(won)) => self.won(reign, won),
            (Some(reign), None) => t.then_led(self.member(reign.leader)),
            (None, _) => t.until_the_end().to_owned(),
        };
        self.in_a_row([began.unwrap_or_default(), failed, ended])
    }

    /// Who won an election, with whose votes.
    fn won(self, reign: &Reign, won: &Candidacy) -> String {
        let t = self.texts();
        let leader = self.member(reign.leader);
        let granted = won.answers.iter();
        let granted = granted.filter(|(_, it)| matches!(it, Answer::Granted(_)));
        let granted: Vec<_> = granted.map(|(voter, _)| *voter).collect();
        match (granted.is_empty(), reign.term) {
            (true, Some(term)) => t.elected(leader, term),
            (false, Some(term)) => t.elected_by(leader, term, self.members(&granted)),
            (_, None) => t.then_led(leader),
        }
    }
}

/// The candidacy that began a time of leading.
fn winner<'a>(account: &'a Account, reign: &Reign) -> Option<&'a Candidacy> {
    let mut all = account.candidacies.iter().rev();
    all.find(|it| {
        let own = it.member == reign.leader && it.ballot == Ballot::Vote;
        own && it.at <= reign.from && it.outcome == Outcome::Won
    })
}
