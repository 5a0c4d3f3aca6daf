//! `key=value key="a value"`, as loggers write after a message.

use std::borrow::Cow;

/// Keys and values.
pub(super) type Pairs<'t> = Vec<(Cow<'t, str>, Cow<'t, str>)>;

/// The pairs in a text that consists of them. What follows the last pair is left out.
///
/// A key may contain spaces (HashiCorp's raft has `backoff time`). A value that begins with
/// a quote or bracket and does not end takes the rest of the text, so that reading takes time
/// linear in its length.
pub(super) fn read(mut text: &str) -> Pairs<'_> {
    let mut pairs = Vec::new();
    while let Some((key, rest)) = text.trim_start().split_once('=') {
        let (value, rest) = value(rest);
        pairs.push((key.into(), value));
        text = rest;
    }
    pairs
}

/// A quoted text, unescaped, at the beginning of a text; and what follows it.
pub(super) fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = text.strip_prefix('"')?;
    let (inner, rest) = until(inner, |it| it == '"');
    Some((unescaped(inner), rest.get(1..).unwrap_or_default()))
}

fn value(text: &str) -> (Cow<'_, str>, &str) {
    match text.chars().next() {
        Some('"') => quoted(text).unwrap_or_default(),
        Some('[') => {
            let (list, rest) = list(text);
            (list.into(), rest)
        }
        _ => {
            let end = text.find(' ').unwrap_or(text.len());
            let (word, rest) = text.split_at(end);
            (word.into(), rest)
        }
    }
}

/// A list in brackets, which may contain lists and quoted texts; and what follows it.
fn list(text: &str) -> (&str, &str) {
    let (mut depth, mut in_quotes) = (0_usize, false);
    let (list, rest) = until(text, |it| {
        match it {
            '"' => in_quotes = !in_quotes,
            '[' if !in_quotes => depth += 1,
            ']' if !in_quotes => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let end = (list.len() + 1).min(text.len());
    match text.split_at_checked(end) {
        Some(parts) if !rest.is_empty() => parts,
        _ => (text, ""),
    }
}

/// A text up to the first character, other than one behind a backslash, of which this is
/// true; and the rest from that on.
fn until(text: &str, mut is_end: impl FnMut(char) -> bool) -> (&str, &str) {
    let mut escaped = false;
    let end = text.char_indices().find(|(_, it)| {
        let is_literal = escaped;
        escaped = !escaped && *it == '\\';
        !is_literal && is_end(*it)
    });
    text.split_at(end.map_or(text.len(), |(at, _)| at))
}

/// A text without the backslashes before quotes and the like.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(it) = characters.next() {
        plain.push(match (it, characters.clone().next()) {
            ('\\', Some(escaped)) => {
                characters.next();
                match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                }
            }
            _ => it,
        });
    }
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::read;

    fn pairs(text: &str) -> Vec<(String, String)> {
        let pairs = read(text).into_iter();
        pairs
            .map(|(key, value)| (key.into(), value.into()))
            .collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn values_are_words_quoted_texts_and_lists() {
        assert_eq!(
            pairs(
                r#" peer=10.0.0.1:8300 backoff time=10ms error="dial \"tcp\"" ids=["a b", c] leader="#
            ),
            [
                pair("peer", "10.0.0.1:8300"),
                pair("backoff time", "10ms"),
                pair("error", "dial \"tcp\""),
                pair("ids", "[\"a b\", c]"),
                pair("leader", ""),
            ]
        );
    }

    #[test]
    fn a_value_that_does_not_end_takes_the_rest() {
        assert_eq!(pairs(r#"error="dial a=b"#), [pair("error", "dial a=b")]);
        assert_eq!(pairs("ids=[a b=c"), [pair("ids", "[a b=c")]);
        assert_eq!(pairs("nothing here"), []);
    }
}
