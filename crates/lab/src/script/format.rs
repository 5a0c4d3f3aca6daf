//! Scripts in canonical form, with their comments.

use hustings_raft::NodeSet;

use super::cursor::Cursor;
use super::{Script, ScriptError, header, program};
use crate::machine::{Library, NoLibrary};

impl Script {
    /// Formats the text of a script: every line in canonical form, a comment two spaces
    /// after it. The order of lines, comments and empty lines are kept, except empty
    /// lines at the end.
    ///
    /// # Errors
    ///
    /// All errors of the script, as [`Script::parse`] returns them.
    pub fn format(source: &str) -> Result<String, Vec<ScriptError>> {
        Self::format_with(source, &NoLibrary)
    }

    /// As [`Script::format`], for a script whose servers may run the programs of a library,
    /// or those that it carries. Their source is left as it is.
    ///
    /// # Errors
    ///
    /// All errors of the script, as [`Script::parse_with`] returns them.
    pub fn format_with(source: &str, library: &dyn Library) -> Result<String, Vec<ScriptError>> {
        let script = Self::parse_with(source, library)?;
        let mut steps = script.steps.iter();
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mut text = String::new();
        let mut is_in_settings = true;
        for line in source.lines() {
            if let Some(source) = program::source_line(line) {
                program::write_source_line(source.trim_end_matches('\r'), &mut text);
                text.push('\n');
                continue;
            }
            let mut cursor = Cursor::new(line, 0, NodeSet::EMPTY);
            let canonical = match cursor.next() {
                None => String::new(),
                Some(first) if is_in_settings && header::is_setting(first, &cursor) => {
                    let words = words(line);
                    header::line(&words, &script.header).unwrap_or_else(|| words.join(" "))
                }
                Some(_) => {
                    is_in_settings = false;
                    let step = steps.next();
                    step.map_or_else(String::new, |step| step.line.to_string())
                }
            };
            text.push_str(&canonical);
            if let Some(comment) = comment(line) {
                let before = if canonical.is_empty() { "" } else { "  " };
                text.push_str(before);
                text.push_str(comment);
            }
            text.push('\n');
        }
        // The last line of a source may end with blanks, which belong to it.
        let lines = text.trim_end_matches('\n').len();
        text.truncate(lines);
        if !text.is_empty() {
            text.push('\n');
        }
        Ok(text)
    }
}

fn words(line: &str) -> Vec<&str> {
    let mut line = Cursor::new(line, 0, NodeSet::EMPTY);
    std::iter::from_fn(|| line.next())
        .map(|piece| piece.text)
        .collect()
}

/// The comment at the end of a line, if it has one.
fn comment(line: &str) -> Option<&str> {
    let mut cursor = Cursor::new(line, 0, NodeSet::EMPTY);
    while cursor.next().is_some() {}
    let rest = cursor.rest().trim();
    rest.starts_with('#').then_some(rest)
}
