//! Patterns for messages: a system's own words, with holes for what varies.
//!
//! `"{me} became leader at term {term}"` matches a whole message. A hole takes what stands
//! up to the next words of the pattern, and the last one, at the end of a pattern, what is
//! left. Matching never goes back, so it takes time linear in the message.

/// What stood in the holes of a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Holes<'p, 'm> {
    filled: Vec<(&'p str, &'m str)>,
}

impl<'m> Holes<'_, 'm> {
    /// The text in a hole; `None` if the pattern has no such hole.
    pub(crate) fn text(&self, hole: &str) -> Option<&'m str> {
        let filled = self.filled.iter().find(|(name, _)| *name == hole);
        filled.map(|(_, text)| *text)
    }
}

/// What stood in the holes, if the message is of this pattern.
pub(crate) fn matches<'p, 'm>(pattern: &'p str, message: &'m str) -> Option<Holes<'p, 'm>> {
    let (words, mut pattern) = split(pattern);
    let mut message = message.strip_prefix(words)?;
    let mut filled = Vec::new();
    while let Some((hole, after)) = pattern {
        let (words, next) = split(after);
        let (text, rest) = match (words, next) {
            ("", _) => (message, ""),
            // The last words must be those at the end.
            (words, None) => (message.strip_suffix(words)?, ""),
            (words, Some(_)) => message.split_once(words)?,
        };
        filled.push((hole, text));
        (message, pattern) = (rest, next);
    }
    message.is_empty().then_some(Holes { filled })
}

/// The words before the first hole, and the name of the hole with what follows it.
fn split(pattern: &str) -> (&str, Option<(&str, &str)>) {
    match pattern.split_once('{') {
        Some((words, rest)) => (words, rest.split_once('}')),
        None => (pattern, None),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_hole_takes_what_stands_up_to_the_next_words() {
        let pattern = "{me} [logterm: {term}, index: {index}] sent {kind} request to {to}";
        let holes = matches(
            pattern,
            "a1 [logterm: 2, index: 9] sent MsgVote request to b2",
        );
        let holes = holes.expect("it matches");
        assert_eq!(holes.text("me"), Some("a1"));
        assert_eq!(holes.text("index"), Some("9"));
        assert_eq!(holes.text("to"), Some("b2"));
        assert_eq!(holes.text("from"), None);
    }

    #[test]
    fn a_pattern_matches_whole_messages_only() {
        assert!(matches("became leader", "became leader").is_some());
        assert!(matches("became leader", "became leader at term 2").is_none());
        assert!(matches("{me} became leader", "a became leader of b").is_none());
        assert!(matches("{me} became {role}", "a is b").is_none());
    }
}
