//! A story in sentences: each event, and the account.

mod account;
mod candidacies;
mod event;
mod leaders;
mod part;
mod reading;
mod show;
mod spacing;
mod verdict;
mod words;

pub use self::event::topic;
pub use self::words::Words;
