//! With which log each member begins, and on what that rests.

use super::OpenError;
use crate::account::logs::{LogAt, LogTold, Logs};
use crate::account::reigns::{self, Reign};
use crate::known::Known;
use crate::observation::{LogEnd, Observation, Role};
use crate::shown::{MemberId, Presence};
use crate::story::Story;
use crate::time::Moment;

/// Why a log is taken to end as it does.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// A line tells it, of that moment or of one since which it cannot have changed.
    Told(LogTold),
    /// An earlier line tells it, and it may have grown.
    AtLeast(LogTold),
    /// A later line tells it, and it may have been shorter.
    AtMost(LogTold),
    /// Its member led this term, so it ends in it, and is as new as any other of then.
    Leads(u64),
    /// No line tells it: it is as new as the newest that is told.
    Newest,
    /// No line tells any: all are empty.
    Empty,
}

/// A log, as it is assumed.
#[derive(Clone, Copy)]
pub(super) struct Log {
    /// Its end.
    pub end: LogEnd,
    /// Why.
    pub why: Why,
}

/// The logs of all members at a moment, of which this is known, in their order.
///
/// # Errors
///
/// If lines show that whose log was newer made a difference, and do not tell whose was.
pub(super) fn assumed(story: &Story, at: Moment, known: &[Known]) -> Result<Vec<Log>, OpenError> {
    let reigns = reigns::reigns(story);
    let told = Logs::of(story, &reigns);
    let led = |term| {
        let by_then = reigns.iter().take_while(|it| it.from <= at);
        by_then.filter_map(|it| it.term).any(|it| it == term)
    };
    let mut logs = Vec::with_capacity(known.len());
    for (member, known) in story.members.ids().zip(known) {
        let may_have = |term| led(term) && known.term.is_none_or(|it| term <= it);
        logs.push(match told.at(member, at, may_have) {
            LogAt::Shrank(from, to) => return Err(OpenError::LogShrank(member, from.at, to.at)),
            LogAt::Exactly(it) => it.end().map(|end| (end, Why::Told(it))),
            LogAt::AtLeast(it) => it.end().map(|end| (end, Why::AtLeast(it))),
            LogAt::AtMost(it) => it.end().map(|end| (end, Why::AtMost(it))),
            LogAt::Untold => None,
        });
    }
    let is_untold = |it: MemberId| !matches!(logs.get(usize::from(it.0)), Some(Some(_)));
    if let Some((voter, candidate, at)) = differ(story, &reigns, at)
        && (is_untold(voter) || is_untold(candidate))
    {
        return Err(OpenError::LogsDiffer(voter, candidate, at));
    }
    let newest = logs.iter().flatten().map(|(end, _)| *end).max();
    let untold = match newest {
        Some(newest) => (newest, Why::Newest),
        None => (LogEnd { term: 0, index: 0 }, Why::Empty),
    };
    let logs = logs.into_iter().map(|it| it.unwrap_or(untold));
    let mut logs: Vec<_> = logs.map(|(end, why)| Log { end, why }).collect();
    leaders_have_all(known, &mut logs);
    Ok(logs)
}

/// A refusal for the candidate's log around a moment at which nobody leads, if its line does
/// not tell the ends of both: who refused whom, and when.
fn differ(story: &Story, reigns: &[Reign], at: Moment) -> Option<(MemberId, MemberId, Moment)> {
    let before = reigns.iter().take_while(|it| it.from <= at);
    let since = before.last().map_or(Moment::FIRST, |it| it.from);
    let next = reigns.iter().map(|it| it.from).find(|it| *it > at);
    let mut around = story.since(since).map(|(_, it)| it);
    around.find_map(|event| {
        let Observation::Answered(reply) = &event.what else {
            return None;
        };
        let is_told = reply.own.is_some() && reply.theirs.is_some();
        let for_log = reply.refused.is_some_and(|it| it.is_for_log()) && !is_told;
        let candidate = story.members.get(reply.candidate).filter(|_| for_log)?;
        let is_around = next.is_none_or(|it| event.at < it);
        is_around.then_some((event.member, candidate, event.at))
    })
}

/// Whoever leads a term has appended an entry of it, and had at its election a log as new as
/// those of its voters (Raft paper, 5.4.1).
fn leaders_have_all(known: &[Known], logs: &mut [Log]) {
    for (number, known) in known.iter().enumerate() {
        let leads = known.presence == Presence::Running && known.role == Some(Role::Leader);
        let (true, Some(term)) = (leads, known.term) else {
            continue;
        };
        let of_then = logs.iter().map(|it| it.end).filter(|it| it.term <= term);
        let newest = of_then.clone().max().unwrap_or_default();
        let longest = of_then.map(|it| it.index).max().unwrap_or_default();
        let end = match newest.term == term {
            true => newest,
            false => LogEnd {
                term,
                index: longest.saturating_add(1),
            },
        };
        if let Some(log) = logs.get_mut(number).filter(|it| it.end != end) {
            let why = Why::Leads(term);
            *log = Log { end, why };
        }
    }
}
