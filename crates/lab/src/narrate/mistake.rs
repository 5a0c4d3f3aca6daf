//! Sentences for what is wrong with a script, and for lines that failed.

use super::lang::{Texts, servers};
use super::{Lang, Tell, listed, role, violation};
use crate::check::{Found, Mismatch, Wanted};
use crate::condition::{Claim, Condition};
use crate::header::Header;
use crate::invariant::Violation;
use crate::play::{Failure, Fault};
use crate::script::{Help, Mistake, ScriptError, Token, duration};

/// How many things a sentence lists before it stops.
const LISTED_MAX: usize = 8;

impl Tell for Mistake {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::Unexpected { found, expected } => {
                t.unexpected(either(expected, lang), found.tell(lang))
            }
            Self::NoScript { what: None } => t.no_text().to_owned(),
            Self::NoScript { what: Some(what) } => t.no_script(what),
            Self::Header(error) => error.tell(lang),
            Self::Twice { what } => t.given_twice(what),
            Self::NoPrograms { what } => t.no_programs(what),
            Self::NoSource { what } => t.no_source(what),
            Self::NotRun { what } => t.not_run(what, what.trim_matches('`')),
            Self::StraySource => t.stray_source().to_owned(),
            Self::Source(message) => t.bad_source(message),
            Self::NoFlaws { what } => t.no_flaws(what),
            Self::CannotMend(message) => t.cannot_mend(message),
            Self::SettingAfterStep { what, first_step } => t.setting_after_step(what, first_step),
            Self::TimeAtTime { what } => t.time_at_time(what),
            Self::Contradiction { what, with } => t.contradiction(what, with),
            Self::LinkToSelf(server) => t.link_to_self(server),
            Self::LongText { max } => t.long_text(max),
            Self::LongScript { max } => t.long_script(max),
            Self::ManyLines { max } => t.many_lines(max),
        }
    }
}

impl Tell for ScriptError {
    fn tell(&self, lang: Lang) -> String {
        self.mistake.tell(lang)
    }
}

impl ScriptError {
    /// In one line, what is wrong, and how to mend it where that can be guessed. A
    /// good guess stands in for a long list of what could stand there.
    pub fn advice(&self, lang: Lang) -> String {
        let t = lang.texts();
        match (&self.mistake, &self.help) {
            (Mistake::Unexpected { found, expected }, Some(help))
                if expected.len() > LISTED_MAX =>
            {
                t.cannot_stand_here(found.tell(lang), help.tell(lang))
            }
            (mistake, Some(help)) => t.mistake_and_help(mistake.tell(lang), help.tell(lang)),
            (mistake, None) => mistake.tell(lang),
        }
    }
}

/// "a, b or c".
fn either(things: &[Token], lang: Lang) -> String {
    let t = lang.texts();
    match things {
        [first @ .., last] if !first.is_empty() => t.or_last(told(first, lang), last.tell(lang)),
        few => told(few, lang),
    }
}

/// "a, b, c".
fn told(things: &[Token], lang: Lang) -> String {
    let told: Vec<_> = things.iter().map(|thing| thing.tell(lang)).collect();
    told.join(lang.texts().between_things())
}

impl Tell for Token {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        let fixed = match self {
            Self::Written(text) => return text.clone(),
            Self::Server(ids) => {
                let mut each = ids.iter();
                return match (each.next(), each.next_back()) {
                    (Some(first), Some(last)) => t.token_server(first, last),
                    _ => t.token_only_server(ids),
                };
            }
            Self::AtMost(token, max) => return t.token_at_most(token.tell(lang), max),
            Self::DurationUpTo(max) => return t.token_duration_up_to(duration(*max)),
            Self::LeaderCount(most) => return t.token_leader_count(most),
            Self::Character => return t.token_character(r"`\u{1f5f3}`"),
            Self::Program => return t.token_program(Header::PROGRAM_CHARS_MAX),
            Self::End => t.token_end(),
            Self::Nothing => t.token_nothing(),
            Self::ClusterSize => t.token_cluster_size(),
            Self::Number => t.token_number(),
            Self::Place => t.token_place(),
            Self::Term => t.token_term(),
            Self::Index => t.token_index(),
            Self::EntryTerm => t.token_entry_term(),
            Self::EntryIndex => t.token_entry_index(),
            Self::Position => t.token_position(),
            Self::Last => t.token_last(),
            Self::Terms => t.token_terms(),
            Self::Entry => t.token_entry(),
            Self::Link => t.token_link(),
            Self::Path => t.token_path(),
            Self::Duration => t.token_duration(),
            Self::Range => t.token_range(),
            Self::Chance => t.token_chance(),
            Self::Speed => t.token_speed(),
            Self::Text => t.token_text(),
            Self::ClosingQuote => t.token_closing_quote(),
            Self::Blank => t.token_blank(),
            Self::CarriedProgram => t.token_carried_program(),
            Self::Flaw => t.token_flaw(),
            Self::VariableName => t.token_variable_name(),
            Self::VariableValue => t.token_variable_value(),
        };
        fixed.to_owned()
    }
}

impl Tell for Help {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::Meant(word) => t.did_you_mean(word),
            Self::Example(line) => t.for_example(line),
            Self::Starts { settings: true } => t.starts_of_script().to_owned(),
            Self::Starts { settings: false } => t.starts_of_step().to_owned(),
            Self::Rules { meant: Some(rule) } => t.did_you_mean_rule(rule),
            Self::Rules { meant: None } => t.rules_are_listed().to_owned(),
            Self::SenderFirst => t.sender_first().to_owned(),
            Self::Write(text) => t.write_this(text),
            Self::Split => t.split_script().to_owned(),
        }
    }
}

impl Tell for Failure {
    fn tell(&self, lang: Lang) -> String {
        self.fault.tell(lang)
    }
}

impl Tell for Fault {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::Unmet(mismatch) => mismatch.tell(lang),
            Self::NotReached(Mismatch { expected, found }) => {
                t.not_reached(expected.tell(lang), found.tell(lang))
            }
            Self::GoalNotMet(Mismatch { expected, found }) => {
                t.goal_not_met(expected.tell(lang), found.tell(lang))
            }
            Self::Violated(found) => {
                t.is_violated(found.invariant().name(), violation(found, lang))
            }
            Self::TooLate { time, now } => t.too_late(time, now),
            Self::NeverReached { time, now } => t.never_reached(time, now),
            Self::Refused(error) => error.tell(lang),
        }
    }
}

impl Tell for Mismatch {
    fn tell(&self, lang: Lang) -> String {
        let (expected, found) = (self.expected.tell(lang), self.found.tell(lang));
        lang.texts().unmet(expected, found)
    }
}

impl Tell for Wanted {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::Written(text) => text.clone(),
            Self::Sent(message) => t.wanted_sent(message),
            Self::NotSent(message) => t.wanted_not_sent(message),
            Self::NothingSent => t.wanted_nothing_sent().to_owned(),
            Self::Violation(invariant) => t.wanted_violation(invariant.name()),
            Self::NotViolated(invariant) => t.wanted_not_violated(invariant.name()),
            Self::InFlight(count) => t.wanted_in_flight(count),
            Self::MessageInFlight(message) => t.wanted_message_in_flight(message),
            Self::NotInFlight(message) => t.wanted_not_in_flight(message),
            Self::CommittedTo(index) => t.goal_committed(index),
            Self::NotCommittedTo(index) => t.wanted_not_committed_to(index),
            Self::Committed(entry, index) => t.wanted_committed(entry, index),
            Self::NotCommitted(entry, index) => t.wanted_not_committed(entry, index),
            Self::Condition(condition) => wanted(condition, lang),
            Self::Reached(goal, within) => t.wanted_within(wanted(goal, lang), duration(*within)),
        }
    }
}

/// A condition that is wanted, in words if it has some.
fn wanted(condition: &Condition, lang: Lang) -> String {
    let t = lang.texts();
    match condition {
        Condition::Leader => t.goal_leader().to_owned(),
        Condition::Role { server, role: it } => t.goal_role(server, role(*it, lang)),
        Condition::Leaders(count) => t.goal_leaders(count),
        Condition::Term(term) => t.goal_term(term),
        Condition::TermAbove(term) => t.goal_term_above(term),
        Condition::Violation => t.goal_violation().to_owned(),
        Condition::Quiet => t.goal_quiet().to_owned(),
        Condition::Asserted(Claim::Committed(index)) => t.goal_committed(index),
        Condition::Asserted(Claim::Delivered(pattern)) => t.goal_delivered(pattern),
        Condition::Asserted(Claim::Lost(pattern)) => t.goal_lost(pattern),
        Condition::Asserted(Claim::Refused(server)) => t.goal_refused(server),
        other => other.to_string(),
    }
}

impl Tell for Found {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::Written(text) => text.clone(),
            Self::Servers(all) => all.join(t.between_things()),
            Self::Messages(messages) => some(messages, t),
            Self::Entries(held) => {
                let each = held.iter().map(|(entry, holder)| t.entry_on(entry, holder));
                some(&each.collect::<Vec<_>>(), t)
            }
            Self::InFlight(messages) => t.found_in_flight(messages.len(), some(messages, t)),
            Self::Violations(violations) => {
                let each = violations.iter().map(|it| named(it, lang));
                some(&each.collect::<Vec<_>>(), t)
            }
            Self::Lacking { server, variables } => match &variables[..] {
                [] => t.found_no_variables(server),
                names => t.found_variables(server, some(names, t)),
            },
            Self::Cluster(ids) => t.found_cluster(servers(*ids, t)),
            Self::NothingSent => t.found_nothing_sent().to_owned(),
            Self::NoneRuns => t.found_none_runs().to_owned(),
            Self::NoneArrived => t.found_none_arrived().to_owned(),
            Self::Nothing => t.found_nothing().to_owned(),
            Self::Traffic { messages, writes } => t.found_traffic(messages, writes),
        }
    }
}

/// The first of many things.
fn some(things: &[String], t: Texts) -> String {
    let shown = things.get(..LISTED_MAX).unwrap_or(things);
    listed(shown, things.len() - shown.len(), t)
}

/// `election-safety (S3 leads term 1, which S1 has led.)`.
fn named(found: &Violation, lang: Lang) -> String {
    let what = violation(found, lang);
    format!("{} ({what})", found.invariant().name())
}
