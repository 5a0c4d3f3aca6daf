//! Patterns for messages: a system's own words, with holes for what varies.
//!
//! `"{me} became leader at term {term}"` matches a whole message. A hole takes what stands
//! up to the next words of the pattern, and the last one, at the end of a pattern, what is
//! left. Matching never goes back, so it takes time linear in the message.

/// A pattern, taken apart.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The words before the first hole.
    head: &'static str,
    /// The name of each hole, and the words behind it.
    holes: Vec<(&'static str, &'static str)>,
}

/// What stood in the holes of a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Holes<'m> {
    filled: Vec<(&'static str, &'m str)>,
}

impl<'m> Holes<'m> {
    /// The text in a hole; `None` if the pattern has no such hole.
    pub(crate) fn text(&self, hole: &str) -> Option<&'m str> {
        let filled = self.filled.iter().find(|(name, _)| *name == hole);
        filled.map(|(_, text)| *text)
    }
}

impl Pattern {
    /// The pattern that is written so.
    pub(crate) fn new(pattern: &'static str) -> Self {
        let (head, holes) = pattern.split_at(pattern.find('{').unwrap_or(pattern.len()));
        let holes = holes.split('{').filter_map(|it| it.split_once('}'));
        Self {
            head,
            holes: holes.collect(),
        }
    }

    /// What stood in the holes, if the message is of this pattern.
    pub(crate) fn matches<'m>(&self, message: &'m str) -> Option<Holes<'m>> {
        let mut message = message.strip_prefix(self.head)?;
        let mut filled = Vec::new();
        let mut holes = self.holes.iter().peekable();
        while let Some((hole, words)) = holes.next() {
            let (text, rest) = match (*words, holes.peek()) {
                ("", _) => (message, ""),
                // The last words must be those at the end.
                (words, None) => (message.strip_suffix(words)?, ""),
                (words, Some(_)) => message.split_once(words)?,
            };
            filled.push((*hole, text));
            message = rest;
        }
        message.is_empty().then_some(Holes { filled })
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_hole_takes_what_stands_up_to_the_next_words() {
        let pattern = "{me} [logterm: {term}, index: {index}] sent {kind} request to {to}";
        let message = "a1 [logterm: 2, index: 9] sent MsgVote request to b2";
        let holes = Pattern::new(pattern).matches(message);
        let holes = holes.expect("it matches");
        assert_eq!(holes.text("me"), Some("a1"));
        assert_eq!(holes.text("index"), Some("9"));
        assert_eq!(holes.text("to"), Some("b2"));
        assert_eq!(holes.text("from"), None);
    }

    #[test]
    fn a_pattern_matches_whole_messages_only() {
        let matches = |pattern, message| Pattern::new(pattern).matches(message).is_some();
        assert!(matches("became leader", "became leader"));
        assert!(!matches("became leader", "became leader at term 2"));
        assert!(!matches("{me} became leader", "a became leader of b"));
        assert!(!matches("{me} became {role}", "a is b"));
    }
}
