//! Rhai's errors as failures.

use hustings_lab::Failure;
use rhai::{EvalAltResult, ParseError, Position};

use super::limits::{CALLS_MAX, ELEMENTS_MAX, OPERATIONS_MAX, STRING_MAX};

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
            OPERATIONS_MAX
        ),
        EvalAltResult::ErrorStackOverflow(_) => {
            format!("more than {} calls within calls", CALLS_MAX)
        }
        EvalAltResult::ErrorDataTooLarge(what, _) => too_large(what),
        EvalAltResult::ErrorVariableNotFound(name, _) => format!("no variable `{name}`"),
        EvalAltResult::ErrorPropertyNotFound(name, _) => format!("no field `{name}`"),
        EvalAltResult::ErrorFunctionNotFound(call, _) => {
            format!("no function {}", plain_types(call))
        }
        other => lower_first(&other.to_string()),
    }
}

/// What is too large, of which Rhai says `Length of string` or `Size of array/BLOB`, and how
/// large it may be.
fn too_large(what: &str) -> String {
    if what.ends_with("string") {
        return format!("a string is longer than {STRING_MAX} bytes");
    }
    let list = if what.ends_with("map") {
        "a map"
    } else {
        "an array"
    };
    format!("{list} has more than {ELEMENTS_MAX} elements, with all that are in them")
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
