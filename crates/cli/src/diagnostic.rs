//! Error messages with the line of the script that each is about.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use hustings_lab as lab;
use hustings_lab::play::Failure;
use hustings_lab::script::{Help, Mistake, ScriptError, Span, Token};

use crate::source::Source;

/// The most expected tokens that are listed in the title; more go into a note, unless there
/// is help.
const EXPECTED_IN_TITLE_MAX: usize = 8;

/// An error in a script.
pub(crate) fn error(error: &ScriptError, source: &Source) -> String {
    let expected = error.expected();
    let is_long = expected.len() > EXPECTED_IN_TITLE_MAX;
    let valid = (is_long && error.help.is_none())
        .then(|| format!("valid here: {}", each(expected).join(", ")));
    let title = match &error.mistake {
        Mistake::Unexpected { found, .. } if is_long => {
            format!("{found} is not valid here")
        }
        _ => error.to_string(),
    };
    let help = error.help.as_ref().map(Help::to_string);
    let report = Level::ERROR
        .primary_title(title)
        .element(snippet(error.at, source))
        .elements(help.map(|help| Level::HELP.message(help)))
        .elements(valid.map(|valid| Level::NOTE.message(valid)));
    render(report)
}

fn each(tokens: &[Token]) -> Vec<String> {
    tokens.iter().map(Token::to_string).collect()
}

/// A line of a script that failed.
pub(crate) fn failure(failure: &Failure, stopped: bool, source: &Source) -> String {
    let stopped = stopped.then(|| Level::NOTE.message("the rest of the script was not run"));
    let report = Level::ERROR
        .with_name("failed")
        .primary_title(failure.to_string())
        .element(snippet(failure.at, source))
        .elements(stopped);
    render(report)
}

/// An error in the source of a program.
pub(crate) fn program(failure: &lab::Failure, source: &Source) -> String {
    match failure.at {
        Some(place) => located(&failure.message, span(place), source),
        None => plain(&format!("{}: {}", source.name, failure.message)),
    }
}

/// An error message with a place in a file.
pub(crate) fn located(message: &str, at: Span, source: &Source) -> String {
    let report = Level::ERROR.primary_title(message);
    render(report.element(snippet(at, source)))
}

/// A line and a column of a program's source.
pub(crate) fn span((line, column): (u32, u32)) -> Span {
    Span {
        line: line as usize,
        column: column as usize,
        length: 1,
    }
}

/// An error message without a place in a script.
pub(crate) fn plain(message: &str) -> String {
    render(Group::with_title(Level::ERROR.primary_title(message)))
}

fn snippet(at: Span, source: &Source) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let line = source.line(at.line);
    let place = |chars| byte_of(line, chars);
    let start = at.column.saturating_sub(1);
    let span = place(start)..place(start + at.length);
    Snippet::source(line)
        .line_start(at.line)
        .path(source.name.as_str())
        .annotation(AnnotationKind::Primary.span(span))
}

/// The byte offset of a line's n-th character, from 0.
fn byte_of(line: &str, chars: usize) -> usize {
    let mut starts = line.char_indices().map(|(byte, _)| byte);
    starts.nth(chars).unwrap_or(line.len())
}

fn render(report: Group<'_>) -> String {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    renderer.render(&[report])
}
