//! The shipped programs, and their known flaws: `programs/`.

use std::borrow::Cow;

use hustings_lab::Invariant;
use hustings_raft::Rule;

type Text = Cow<'static, str>;

/// A program that is shipped.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "wire", derive(serde::Serialize, serde::Deserialize))]
pub struct Shipped {
    /// Its name, by which scripts call it.
    pub name: Text,
    /// Its source, as it was written.
    pub source: Text,
    /// What of it agrees with Raft's core once all flaws are mended: `role`, `term`, `vote`,
    /// `leader`, `log`, `commit`.
    pub compare: Cow<'static, [Text]>,
    /// Whether it takes clients' requests.
    pub requests: bool,
    /// Its known flaws, in order.
    pub flaws: Cow<'static, [Flaw]>,
}

/// A known flaw of a shipped program.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "wire", derive(serde::Serialize, serde::Deserialize))]
pub struct Flaw {
    /// Its name, by which scripts mend it.
    pub name: Text,
    /// The rule or the invariant that it breaks.
    pub breaks: Text,
    /// What is wrong, in English.
    pub en: Text,
    /// What is wrong, in Chinese.
    pub zh: Text,
    /// The part of the source that is wrong, which is there once.
    pub find: Text,
    /// What stands there instead once it is mended.
    pub replace: Text,
}

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

impl Shipped {
    /// The flaw of this name.
    pub fn flaw(&self, name: &str) -> Option<&Flaw> {
        self.flaws.iter().find(|it| it.name == name)
    }
}

impl Flaw {
    /// The rule that it breaks, unless it is an invariant.
    pub fn rule(&self) -> Option<Rule> {
        Rule::ALL.into_iter().find(|it| name_of(*it) == self.breaks)
    }

    /// The invariant that it breaks, unless it is a rule.
    pub fn invariant(&self) -> Option<Invariant> {
        let mut all = Invariant::ALL.into_iter();
        all.find(|it| it.name() == self.breaks)
    }

    /// The lines of a source that are wrong, from 1, both ends included; `None` if the
    /// source does not have the part that is wrong exactly once.
    pub fn lines(&self, source: &str) -> Option<(u32, u32)> {
        let start = self.place(source)?;
        let lines = |text: &str| text.matches('\n').count() as u32;
        let first = 1 + lines(source.get(..start)?);
        Some((first, first + lines(self.find.trim_end_matches('\n'))))
    }

    /// A source in which the flaw is mended; `None` if the source does not have the part
    /// that is wrong exactly once.
    pub fn mend(&self, source: &str) -> Option<String> {
        let start = self.place(source)?;
        let (before, rest) = source.split_at_checked(start)?;
        let after = rest.strip_prefix(&*self.find)?;
        Some([before, &*self.replace, after].concat())
    }

    /// Where the part that is wrong begins in a source, if it is there exactly once.
    fn place(&self, source: &str) -> Option<usize> {
        let start = source.find(&*self.find)?;
        let another = source
            .get(start + 1..)
            .is_some_and(|it| it.contains(&*self.find));
        (!another).then_some(start)
    }
}

/// The name of a rule in `flaws.toml`: `UpToDateLog` is `up-to-date-log`.
fn name_of(rule: Rule) -> String {
    let mut name = String::new();
    for letter in format!("{rule:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
