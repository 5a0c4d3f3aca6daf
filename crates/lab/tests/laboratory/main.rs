//! The tests of the laboratory: one program, so that it is linked once.

mod behind;
mod broken_rules;
mod captions;
mod cluster;
mod corpus;
mod determinism;
mod diagram;
mod forecasts;
mod history;
mod inferred;
mod invariants;
mod links;
mod narrate;
mod questions;
mod reasons_told;
mod refusals;
mod scenarios;
mod script_errors;
mod script_roundtrip;
mod script_run;
mod sentences;
mod statistics;
mod strangers;
mod told;
mod transcript;
mod worlds;
