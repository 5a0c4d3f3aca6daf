//! The languages, and the texts in them.

use hustings_raft::NodeSet;

mod generated {
    #![allow(
        missing_docs,
        clippy::wrong_self_convention,
        reason = "made from locales/"
    )]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub(super) use generated::Texts;

/// A language in which the laboratory tells what happens.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// Sets the texts in Chinese: a line for each, in the order of their names. Only
    /// WebAssembly needs them; until then it tells everything in English.
    pub fn set_chinese(lines: &'static str) {
        Texts::set_chinese(lines);
    }

    pub(super) fn texts(self) -> Texts {
        match self {
            Self::En => Texts::En,
            Self::Zh => Texts::Zh,
        }
    }
}

/// The servers of a set one by one.
pub(super) fn servers(set: NodeSet, t: Texts) -> String {
    set.to_string().replace(' ', t.between_servers())
}
