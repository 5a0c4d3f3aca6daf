//! What could be otherwise from the start.

use hustings_lab::Header;
use hustings_raft::{BrokenRule, BrokenRules, MillisRange};

use crate::i18n::texts;

/// A change of the settings with which a run started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhatIf {
    /// Pre-vote is on, or off.
    PreVote(bool),
    /// Check-quorum is on, or off.
    CheckQuorum(bool),
    /// Election timeouts are twice as long.
    LongTimeouts,
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
        let mut offers = vec![
            Self::PreVote(!header.raft.pre_vote),
            Self::CheckQuorum(!header.raft.check_quorum),
            Self::LongTimeouts,
            Self::OtherSeed,
        ];
        if !header.broken.is_empty() {
            offers.insert(0, Self::Mended);
        }
        offers
    }

    /// The header with the change.
    pub fn header(self, header: &Header) -> Header {
        let mut header = header.clone();
        match self {
            Self::PreVote(on) => header.raft.pre_vote = on,
            Self::CheckQuorum(on) => header.raft.check_quorum = on,
            Self::LongTimeouts => {
                let usual = header.raft.election_timeout;
                let long = MillisRange::new(usual.min().0 * 2, usual.max().0 * 2);
                header.raft.election_timeout = long.unwrap_or(usual);
            }
            Self::OtherSeed => header.seed = header.seed.wrapping_add(1),
            Self::Mended => header.broken = BrokenRules::NONE,
            Self::Broken(rule) => {
                header.broken.insert(rule);
            }
        }
        header
    }

    /// What it is called, which is also the name of the future.
    pub fn describe(self) -> String {
        match self {
            Self::PreVote(true) => texts().what_if_pre_vote().to_owned(),
            Self::PreVote(false) => texts().what_if_no_pre_vote().to_owned(),
            Self::CheckQuorum(true) => texts().what_if_check_quorum().to_owned(),
            Self::CheckQuorum(false) => texts().what_if_no_check_quorum().to_owned(),
            Self::LongTimeouts => texts().what_if_long_timeouts().to_owned(),
            Self::OtherSeed => texts().what_if_seed().to_owned(),
            Self::Mended => texts().what_if_mended().to_owned(),
            Self::Broken(rule) => texts().what_if_broken(rule.name()),
        }
    }
}
