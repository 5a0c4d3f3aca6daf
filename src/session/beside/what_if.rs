//! What could be otherwise from the start.

use std::rc::Rc;

use hustings_lab::narrate::Tell;
use hustings_lab::script::Mistake;
use hustings_lab::{Header, LibraryError, Program};
use hustings_programs::{CHANGED, name_before_change};
use hustings_raft::{BrokenRule, BrokenRules, MillisRange};

use crate::i18n::{lang, texts};
use crate::programs;

/// A change of the settings with which a run started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WhatIf {
    /// Servers that run programs run Raft's core, without what the programs do not have.
    Raft,
    /// These flaws of a program are mended, and no others.
    MendedFlaws {
        /// The program.
        program: Rc<str>,
        /// The flaws.
        flaws: Vec<Rc<str>>,
    },
    /// A program has another source.
    Edited {
        /// The program.
        program: Rc<str>,
        /// The source.
        source: Rc<str>,
    },
    /// Pre-vote is on, or off.
    PreVote(bool),
    /// Check-quorum is on, or off.
    CheckQuorum(bool),
    /// Election timeouts are twice as long.
    LongTimeouts,
    /// Election timeouts are drawn from another range.
    Timeouts(MillisRange),
    /// The next seed: other draws, all else the same.
    OtherSeed,
    /// No rule is broken.
    Mended,
    /// One more rule is broken.
    Broken(BrokenRule),
}

impl WhatIf {
    /// The changes on offer for a run, beside broken rules.
    pub fn offers(header: &Header) -> Vec<Self> {
        let mut offers = Vec::new();
        if header.programs.iter().next().is_some() {
            offers.push(Self::Raft);
        }
        if header.is_recording() {
            // Whatever else is changed, its servers would be told what they were not told.
            return offers;
        }
        offers.extend(all_mended(header));
        if !header.broken.is_empty() {
            offers.push(Self::Mended);
        }
        // Options and rules are those of the core.
        if header.programs.iter().count() < usize::from(header.cluster) {
            offers.extend([
                Self::PreVote(!header.raft.pre_vote),
                Self::CheckQuorum(!header.raft.check_quorum),
            ]);
        }
        offers.extend([Self::LongTimeouts, Self::OtherSeed]);
        offers
    }

    /// Other spreads of the election timeouts, as Figure 16 of the Raft paper compares them: of
    /// timeouts from 150 ms on, up to 150, 151, 155, 175, 200 and 300 ms.
    pub fn spreads(header: &Header) -> Vec<Self> {
        let now = header.raft.election_timeout;
        let mut spreads = Vec::new();
        for (part, of) in [(0, 1), (1, 150), (1, 30), (1, 6), (1, 3), (1, 1)] {
            let shortest = now.min().0;
            let longest = shortest.saturating_add(shortest.saturating_mul(part) / of);
            let spread = MillisRange::new(shortest, longest);
            let spread = spread.filter(|it| *it != now).map(Self::Timeouts);
            spreads.extend(spread.filter(|it| !spreads.contains(it)));
        }
        spreads
    }

    /// The header with the change.
    ///
    /// # Errors
    ///
    /// If there can be no such program.
    pub fn header(&self, header: &Header) -> Result<Header, Rc<str>> {
        let mut changed = header.clone();
        match self {
            Self::Raft => give_raft(&mut changed),
            Self::MendedFlaws { program, flaws } => {
                let known = program_of(header, program);
                let source = known.as_ref().and_then(|it| it.source());
                let mended = make(program, source, flaws)?;
                replace(&mut changed, program, &mended);
            }
            Self::Edited { program, source } => {
                let name = fresh_name(program, |name| {
                    name != &**program && program_of(header, name).is_some()
                });
                let edited = make(&name, Some(source), &[])?;
                replace(&mut changed, program, &edited);
            }
            Self::PreVote(on) => changed.raft.pre_vote = *on,
            Self::CheckQuorum(on) => changed.raft.check_quorum = *on,
            Self::LongTimeouts => {
                let usual = header.raft.election_timeout;
                let long = MillisRange::new(usual.min().0 * 2, usual.max().0 * 2);
                changed.raft.election_timeout = long.unwrap_or(usual);
            }
            Self::Timeouts(range) => changed.raft.election_timeout = *range,
            Self::OtherSeed => changed.seed = header.seed.wrapping_add(1),
            Self::Mended => changed.broken = BrokenRules::NONE,
            Self::Broken(rule) => {
                changed.broken.insert(*rule);
            }
        }
        Ok(changed)
    }

    /// What it is called, which is also the name of the future.
    pub fn describe(&self) -> String {
        match self {
            Self::Raft => texts().what_if_raft().to_owned(),
            Self::MendedFlaws { program, flaws } => match &**flaws {
                [] => texts().what_if_as_written(&**program),
                [flaw] => texts().what_if_flaw_mended(&**flaw),
                flaws if flaws.len() == programs::flaws_of(program).len() => {
                    texts().what_if_all_mended(&**program)
                }
                flaws => texts().what_if_flaws_mended(flaws.len(), &**program),
            },
            Self::Edited { program, .. } => texts().what_if_edited(&**program),
            Self::PreVote(true) => texts().what_if_pre_vote().to_owned(),
            Self::PreVote(false) => texts().what_if_no_pre_vote().to_owned(),
            Self::CheckQuorum(true) => texts().what_if_check_quorum().to_owned(),
            Self::CheckQuorum(false) => texts().what_if_no_check_quorum().to_owned(),
            Self::LongTimeouts => texts().what_if_long_timeouts().to_owned(),
            Self::Timeouts(range) => texts().what_if_timeouts(range.min().0, range.max().0),
            Self::OtherSeed => texts().what_if_seed().to_owned(),
            Self::Mended => texts().what_if_mended().to_owned(),
            Self::Broken(rule) => texts().what_if_broken(rule.name()),
        }
    }
}

impl WhatIf {
    /// What it is called beside a run of these settings: if a single flaw makes the
    /// difference, by that.
    pub fn describe_beside(&self, shown: &Header) -> String {
        let Self::MendedFlaws { program, flaws } = self else {
            return self.describe();
        };
        let known = program_of(shown, program);
        let before = known.as_ref().map_or(&[][..], |it| it.mended());
        let more: Vec<_> = flaws.iter().filter(|it| !before.contains(it)).collect();
        let fewer: Vec<_> = before.iter().filter(|it| !flaws.contains(it)).collect();
        match (&*more, &*fewer) {
            ([flaw], []) => texts().what_if_flaw_mended(&***flaw),
            ([], [flaw]) => texts().what_if_flaw_not_mended(&***flaw),
            _ => self.describe(),
        }
    }
}

/// Has all servers run Raft's core, without what the programs do not have.
fn give_raft(header: &mut Header) {
    if header.programs.iter().count() == usize::from(header.cluster) {
        let mut programs = header.programs.iter();
        let no_op = programs.any(|(_, program)| programs::compared(&**program).no_op);
        header.raft.no_op &= no_op;
        header.raft.pre_vote = false;
        header.raft.check_quorum = false;
    }
    *header.programs = Default::default();
    header.broken = BrokenRules::NONE;
}

/// For each shipped program that a run has, all its flaws mended, unless they are.
fn all_mended(header: &Header) -> Vec<WhatIf> {
    let mut offers: Vec<WhatIf> = Vec::new();
    for (_, program) in header.programs.iter() {
        let Some(shipped) = programs::shipped(program.name()) else {
            continue;
        };
        let offer = WhatIf::MendedFlaws {
            program: program.name().into(),
            flaws: shipped.flaws.iter().map(|it| (*it.name).into()).collect(),
        };
        if program.mended().len() < shipped.flaws.len() && !offers.contains(&offer) {
            offers.push(offer);
        }
    }
    offers
}

/// The program of this name that a run has.
fn program_of(header: &Header, name: &str) -> Option<Rc<dyn Program>> {
    let mut programs = header.programs.iter();
    let (_, program) = programs.find(|(_, it)| it.name() == name)?;
    Some(Rc::clone(program))
}

fn replace(header: &mut Header, name: &str, by: &Rc<dyn Program>) {
    let runs = |id: &_| header.programs.get(*id).is_some_and(|it| it.name() == name);
    for id in header.servers().iter().filter(runs).collect::<Vec<_>>() {
        header.programs.insert(id, Rc::clone(by));
    }
}

/// Makes a program; an error is what to tell the user.
pub(super) fn make(
    name: &str,
    source: Option<&str>,
    flaws: &[Rc<str>],
) -> Result<Rc<dyn Program>, Rc<str>> {
    let made = programs::library().program(name, source, flaws);
    made.map_err(|error| {
        let what = format!("`{name}`");
        let mistake = match error {
            LibraryError::Source(failure) => Mistake::Source(failure.to_string()),
            LibraryError::Mend(failure) => Mistake::CannotMend(failure.message),
            LibraryError::UnknownFlaw(_) => Mistake::NoFlaws { what },
            LibraryError::NoInterpreter | LibraryError::UnknownName => Mistake::NoPrograms { what },
        };
        mistake.tell(lang()).into()
    })
}

/// A name for a changed program, by which nobody takes it for what it was.
pub(super) fn fresh_name(program: &str, is_taken: impl Fn(&str) -> bool) -> String {
    /// For the suffix and a number.
    const ROOM: usize = CHANGED.len() + 5;
    let base = name_before_change(program);
    let end = base.len().min(Header::PROGRAM_CHARS_MAX - ROOM);
    let base = base.get(..end).unwrap_or("program");
    let first = format!("{base}{CHANGED}");
    let mut names =
        std::iter::once(first.clone()).chain((2..10_000).map(|number| format!("{first}-{number}")));
    names.find(|name| !is_taken(name)).unwrap_or(first)
}
