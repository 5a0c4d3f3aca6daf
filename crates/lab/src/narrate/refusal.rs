//! Sentences for what was not done, and why.

use hustings_raft::{RoleName, Timer};

use super::lang::{Texts, servers};
use super::{Lang, Tell, role, timer};
use crate::error::CommandError;
use crate::header::{Header, HeaderError};
use crate::history::{History, HistoryError, ReplayError};
use crate::link::{self, LinkError};
use crate::machine::UnpackError;
use crate::script::{Script, TooLong};
use crate::selector::MessageSelector;

impl Tell for CommandError {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::UnknownServer {
                server,
                servers: all,
            } => t.no_such_server(server, servers(*all, t)),
            Self::ServerDown(server) => t.server_is_down(server),
            Self::ServerUp(server) => t.server_is_running(server),
            Self::ServerPaused(server) => t.server_is_paused(server),
            Self::ServerNotPaused(server) => t.server_is_not_paused(server),
            Self::NothingToPersist(server) => t.server_has_no_pending_write(server),
            Self::NoServer => t.no_server_named().to_owned(),
            Self::NothingToReplace => t.nothing_to_replace().to_owned(),
            Self::BadProgram(error) => error.tell(lang),
            Self::TimerNotRunning {
                server,
                timer: which,
                role: now,
            } => {
                // Of the timers of leaders, only the heartbeat's runs with every one.
                let (leads, election) = (*now == RoleName::Leader, *which == Timer::Election);
                if leads == election {
                    t.timer_not_running(timer(*which, lang), server, role(*now, lang))
                } else {
                    t.timer_off(timer(*which, lang), server)
                }
            }
            Self::NoMessage {
                selector,
                listed,
                more,
            } => match listed.is_empty() {
                true => t.no_message_at_all(selector),
                false => t.no_message_but(selector, picks(listed, *more, t)),
            },
            Self::MessageHeld { selector } => t.message_held(selector),
            Self::NothingHeld { selector } => t.nothing_held(selector),
            Self::LinkToSelf(server) => t.link_to_self(server),
            Self::InTwoGroups(server) => t.in_two_groups(server),
            Self::OneGroup => t.one_group().to_owned(),
            Self::NothingPending { paused, held, more } => {
                let resume = (!paused.is_empty()).then(|| t.waits_paused(servers(*paused, t)));
                let release = (!held.is_empty()).then(|| t.waits_held(picks(held, *more, t)));
                let waits: Vec<_> = resume.into_iter().chain(release).collect();
                match waits.is_empty() {
                    true => t.nothing_pending(t.nothing_waits()),
                    false => t.nothing_pending(waits.join(t.between_clauses())),
                }
            }
            Self::LongText { max } => t.long_text(max),
            Self::LongTime { duration, max } => t.long_time(duration, max),
            Self::BadLatency { range, max } => t.bad_latency(max, range.min().0, range.max()),
            Self::TooManyDeliveries { max } => t.too_many_deliveries(max),
            Self::TooManyMessages { max } => t.too_many_messages(max),
            Self::LongMessage { max } => t.long_message(max),
            Self::NoSuchEntry => t.no_such_entry().to_owned(),
            Self::TooManyLeaders {
                count,
                servers: all,
            } => t.too_many_leaders(count, servers(*all, t)),
            Self::NoPreVote(server) => t.no_pre_vote(server, role(RoleName::PreCandidate, lang)),
            Self::UnknownToProgram(server) => t.unknown_to_program(server),
            Self::ScriptFull { lines, bytes } => t.script_full(lines, bytes),
            Self::HistoryFull { max } => t.history_full(max),
        }
    }
}

fn picks(listed: &[MessageSelector], more: usize, t: Texts) -> String {
    let listed: Vec<_> = listed.iter().map(MessageSelector::to_string).collect();
    super::listed(&listed, more, t)
}

impl Tell for HeaderError {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::ClusterSize(size) => t.bad_cluster_size(size),
            Self::LongTitle => t.long_title(Header::TITLE_CHARS_MAX),
            Self::EmptyRange { option, min, max } => t.empty_range(min.0, max, option),
            Self::Duration { option, shortest } => {
                t.bad_duration(option, shortest, Header::DURATION_MAX)
            }
            Self::UnknownServer { id, servers: all } => t.no_such_server(id, servers(*all, t)),
            Self::NoMembers => t.no_members().to_owned(),
            Self::ProgramName { id } => t.bad_program_name(id, Header::PROGRAM_CHARS_MAX),
            Self::TwoPrograms { name } => t.two_programs(name),
            Self::LongSource { name } => t.long_source(name, Header::SOURCE_CHARS_MAX),
            Self::SourceLineEnds { name } => t.source_line_ends(name),
            Self::LongSources => t.long_sources(Script::LINES_MAX, Script::BYTES_MAX),
            Self::LongLog { id } => t.long_log(id, Header::INITIAL_LOG_MAX),
            Self::LogTerms { id } => t.bad_log_terms(id),
            Self::TermBelowLog { id } => t.term_below_log(id),
            Self::CommitBeyondLog { id } => t.commit_beyond_end(id),
            Self::ManyGoals => t.many_goals(Header::GOALS_MAX),
            Self::UnfitGoal(goal) => t.unfit_goal(goal),
        }
    }
}

impl Tell for HistoryError {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::Refused(error) => error.tell(lang),
            Self::NoBranch(branch) => t.no_branch(branch),
            Self::NoRecord(records) => t.no_record(records),
            Self::TooManyBranches => t.too_many_branches(History::BRANCHES_MAX),
            Self::BadName => t.bad_branch_name(History::NAME_CHARS_MAX),
            Self::InUse => t.branch_in_use().to_owned(),
        }
    }
}

impl Tell for ReplayError {
    fn tell(&self, lang: Lang) -> String {
        match self {
            Self::Header(error) => error.tell(lang),
            Self::Command {
                number,
                command,
                error,
            } => lang
                .texts()
                .command_refused(number, command, error.tell(lang)),
        }
    }
}

impl Tell for TooLong {
    fn tell(&self, lang: Lang) -> String {
        let (lines, bytes) = (Script::LINES_MAX, Script::BYTES_MAX);
        lang.texts().run_too_long(lines, bytes)
    }
}

impl Tell for LinkError {
    fn tell(&self, lang: Lang) -> String {
        let t = lang.texts();
        match self {
            Self::TooLong => t.link_too_long(link::CHARS_MAX),
            Self::Recording => t.link_of_recording().to_owned(),
            Self::LongRun(error) => error.tell(lang),
            Self::Damaged => t.link_damaged(link::END),
            Self::Source(UnpackError::NoInterpreter) => t.link_no_interpreter().to_owned(),
            Self::Source(UnpackError::Damaged) => t.link_source_damaged().to_owned(),
            Self::Unreadable(error) => t.link_unreadable(error.at.line, error.advice(lang)),
            Self::Header(error) => t.link_start(error.tell(lang)),
            Self::Refused(failure) => t.link_refused(failure.at.line, failure.tell(lang)),
        }
    }
}
