//! Quotations of a script in error messages.

use std::fmt::Write as _;

/// The maximum number of characters of a script that an error message quotes.
const QUOTED_CHARS_MAX: usize = 40;

/// A piece of a script as quoted in an error message.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    for (count, char) in text.chars().enumerate() {
        if count == QUOTED_CHARS_MAX {
            quoted.push('…');
            break;
        }
        push_visibly(char, &mut quoted);
    }
    quoted.push('`');
    quoted
}

/// Escapes a character that is invisible, controls a terminal, or changes the direction
/// of text.
pub(super) fn push_visibly(char: char, out: &mut String) {
    match char {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if is_invisible(char) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(char));
        }
        _ => out.push(char),
    }
}

fn is_invisible(char: char) -> bool {
    let turns_direction = matches!(
        char,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    char.is_control() || turns_direction || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}')
}
