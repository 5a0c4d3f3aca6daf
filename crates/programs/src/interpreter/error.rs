//! Rhai's errors as failures.

use hustings_lab::Failure;
use rhai::{EvalAltResult, ParseError, Position};

pub(super) type RhaiResult<T> = Result<T, Box<EvalAltResult>>;

/// An error at the place of the call that is being evaluated.
pub(super) fn wrong<T>(message: impl Into<String>) -> RhaiResult<T> {
    Err(message.into().into())
}

/// The innermost error, where it happened.
pub(super) fn failure(mut error: Box<EvalAltResult>) -> Box<Failure> {
    let mut called_at = Position::NONE;
    while let EvalAltResult::ErrorInFunctionCall(_, _, inner, position) = *error {
        called_at = position;
        error = inner;
    }
    let position = match error.take_position() {
        Position::NONE => called_at,
        position => position,
    };
    Box::new(Failure {
        message: told(&error),
        at: place(position),
    })
}

/// A source that cannot be read.
pub(super) fn parse_failure(error: &ParseError) -> Failure {
    Failure {
        message: lower_first(&error.err_type().to_string()),
        at: place(error.position()),
    }
}

fn told(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorRuntime(message, _) => message.to_string(),
        EvalAltResult::ErrorTooManyOperations(_) => format!(
            "it does not come to an end within {} operations",
            super::limits::OPERATIONS_MAX
        ),
        EvalAltResult::ErrorStackOverflow(_) => {
            format!("more than {} calls within calls", super::limits::CALLS_MAX)
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => format!("no variable `{name}`"),
        EvalAltResult::ErrorPropertyNotFound(name, _) => format!("no field `{name}`"),
        EvalAltResult::ErrorFunctionNotFound(call, _) => {
            format!("no function {}", plain_types(call))
        }
        other => lower_first(&other.to_string()),
    }
}

/// The types of a call's arguments in the words of docs/programs.md.
fn plain_types(call: &str) -> String {
    let types = [
        ("&str | ImmutableString | String", "string"),
        ("i64", "number"),
        ("bool", "true or false"),
    ];
    let plain = |call: String, (rust, plain): (&str, &str)| call.replace(rust, plain);
    types.into_iter().fold(call.to_owned(), plain)
}

pub(super) fn place(position: Position) -> Option<(u32, u32)> {
    let number = |it: Option<usize>| it.and_then(|it| u32::try_from(it).ok());
    Some((
        number(position.line())?,
        number(position.position()).unwrap_or(1).max(1),
    ))
}

/// A sentence as a part of another.
fn lower_first(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match chars.next() {
        // Not a word that is written in capitals.
        Some(first) if !chars.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => sentence.to_owned(),
    }
}
