//! Spacing in Chinese sentences, whose parts are names and numbers as often as words.

use std::sync::Arc;

use hustings_lab::narrate::Lang;

use super::words::Words;

impl Words<'_> {
    /// A sentence with regular spaces, whatever it was put together from. Names stay as they
    /// are.
    pub(super) fn spaced(self, says: Arc<str>) -> Arc<str> {
        if self.lang != Lang::Zh {
            return says;
        }
        let mut spaced = regular(&says);
        let members = self.story.members.all.iter();
        for name in members
            .map(|it| it.name.as_str())
            .filter(|it| !it.is_ascii())
        {
            spaced = spaced.replace(&regular(name), name);
        }
        spaced.into()
    }
}

/// One space between Chinese characters and whatever is written in Latin letters or digits; none
/// between two Chinese characters, or beside Chinese punctuation.
fn regular(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 8);
    let (mut before, mut has_gap) = (None, false);
    for letter in text.chars() {
        if letter == ' ' {
            has_gap = true;
            continue;
        }
        let (here, gap) = (Script::of(letter), std::mem::take(&mut has_gap));
        let gap = match (before.replace(here), here) {
            (Some(Script::Han), Script::Latin) | (Some(Script::Latin), Script::Han) => true,
            (Some(Script::Mark), _) | (_, Script::Mark) | (Some(Script::Han), Script::Han) => false,
            _ => gap,
        };
        spaced.extend(gap.then_some(' '));
        spaced.push(letter);
    }
    spaced
}

/// What a letter is, as far as spaces depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// A Chinese character.
    Han,
    /// Chinese punctuation, which is as wide as a character and has its space in itself.
    Mark,
    /// A letter, a digit or a sign of ASCII.
    Latin,
    /// Anything else.
    Other,
}

impl Script {
    fn of(letter: char) -> Self {
        match letter {
            '\u{3400}'..='\u{9fff}' => Self::Han,
            '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}' => Self::Mark,
            letter if letter.is_ascii_graphic() => Self::Latin,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_latin_are_a_space_apart_and_punctuation_is_none() {
        for (text, spaced) in [
            ("m1和m2 得到3 票", "m1 和 m2 得到 3 票"),
            ("从 02:27（UTC） 起", "从 02:27（UTC）起"),
            (
                "得知任期 4而卸任，共 2次 。",
                "得知任期 4 而卸任，共 2 次。",
            ),
            ("“raft.go became … ” 一次", "“raft.go became … ” 一次"),
            ("m1 (2)参选", "m1 (2) 参选"),
        ] {
            assert_eq!(regular(text), spaced);
            assert_eq!(regular(spaced), spaced, "once is enough");
        }
    }
}
