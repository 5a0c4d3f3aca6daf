//! The colours of a program in Rhai, without its interpreter.

use super::super::editor::Painted;

const KEYWORDS: [&str; 26] = [
    "as", "break", "catch", "const", "continue", "do", "else", "export", "false", "fn", "for",
    "global", "if", "import", "in", "let", "loop", "private", "return", "switch", "this", "throw",
    "true", "try", "until", "while",
];

/// What goes on beyond the end of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    /// A comment, so many within each other.
    Comment(usize),
    /// A text between backticks.
    Text,
}

/// The colours of all lines.
pub(super) fn paint(source: &str) -> Vec<Painted> {
    let mut open = Open::Nothing;
    source
        .split('\n')
        .map(|line| paint_line(line, &mut open))
        .collect()
}

fn paint_line(line: &str, open: &mut Open) -> Painted {
    let mut painted = Painted::new();
    let mut start = 0;
    let mut is_after_fn = false;
    while let Some(rest) = line.get(start..).filter(|rest| !rest.is_empty()) {
        let (length, class) = match *open {
            Open::Comment(depth) => (comment_end(rest, depth, open), "comment"),
            Open::Text => (text_end(rest, open), "text"),
            Open::Nothing => piece(rest, is_after_fn, open),
        };
        let end = start + length;
        if !class.is_empty() {
            painted.push((start..end, class));
        }
        if !rest.starts_with(' ') {
            is_after_fn = rest.get(..length) == Some("fn");
        }
        start = end;
    }
    painted
}

/// The length of the next piece, and its class.
fn piece(rest: &str, is_after_fn: bool, open: &mut Open) -> (usize, &'static str) {
    let mut chars = rest.chars();
    match (chars.next().unwrap_or(' '), chars.next()) {
        ('/', Some('/')) => (rest.len(), "comment"),
        ('/', Some('*')) => {
            let inner = rest.get(2..).unwrap_or_default();
            (2 + comment_end(inner, 1, open), "comment")
        }
        ('`', _) => (
            1 + text_end(rest.get(1..).unwrap_or_default(), open),
            "text",
        ),
        (quote @ ('"' | '\''), _) => (quoted_end(rest, quote), "text"),
        (first, _) if first.is_ascii_digit() => {
            let is_of_it = |c: char| c.is_ascii_alphanumeric() || c == '_';
            (length_of(rest, is_of_it), "number")
        }
        (first, _) if is_of_word(first) => {
            let length = length_of(rest, is_of_word);
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let class = match word {
                _ if KEYWORDS.contains(&word) => "start",
                _ if is_after_fn => "defined",
                _ if after.trim_start().starts_with('(') => "called",
                _ => "",
            };
            (length, class)
        }
        (first, _) => (first.len_utf8(), ""),
    }
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn length_of(text: &str, is_of_it: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_of_it(c)).unwrap_or(text.len())
}

/// The length of a text in quotes, which ends with its line at the latest.
fn quoted_end(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (place, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return place + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Where a text between backticks ends, if in this line.
fn text_end(rest: &str, open: &mut Open) -> usize {
    let end = rest.find('`');
    *open = end.map_or(Open::Text, |_| Open::Nothing);
    end.map_or(rest.len(), |end| end + 1)
}

/// Where a comment ends, if in this line: comments may be within comments.
fn comment_end(rest: &str, depth: usize, open: &mut Open) -> usize {
    let mut left = depth;
    let mut place = 0;
    while let Some(next) = rest.get(place..).and_then(|rest| rest.find(['*', '/'])) {
        place += next;
        match rest.get(place..place + 2) {
            Some("*/") => (left, place) = (left - 1, place + 2),
            Some("/*") => (left, place) = (left + 1, place + 2),
            _ => place += 1,
        }
        if left == 0 {
            *open = Open::Nothing;
            return place;
        }
    }
    *open = Open::Comment(left);
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Range;

    fn told(source: &str) -> Vec<String> {
        let lines = source.split('\n').zip(paint(source));
        let parts = lines.flat_map(|(line, painted)| {
            let part = |(range, class): (Range<usize>, &str)| format!("{class} {}", &line[range]);
            painted.into_iter().map(part).collect::<Vec<_>>()
        });
        parts.collect()
    }

    #[test]
    fn words_numbers_texts_and_comments_have_their_colours() {
        assert_eq!(
            told("fn vote(me, m) { // \"no\"\n  if m.term > 1_0 { send(m.from, \"a\\\"b\"); }"),
            [
                "start fn",
                "defined vote",
                "comment // \"no\"",
                "start if",
                "number 1_0",
                "called send",
                "text \"a\\\"b\"",
            ]
        );
    }

    #[test]
    fn comments_and_texts_go_on_over_lines() {
        assert_eq!(
            told("a /* x /* y\nz */ \"q\" */ 1 `t\nu` 2 é"),
            [
                "comment /* x /* y",
                "comment z */ \"q\" */",
                "number 1",
                "text `t",
                "text u`",
                "number 2",
            ]
        );
        assert_eq!(told("\"open\n1"), ["text \"open", "number 1"]);
    }
}
