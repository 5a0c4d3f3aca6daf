//! Searches the states of Hustings' laboratory: finds a run that violates an invariant or
//! meets a condition, shrinks it, and shows within bounds that there is none.
//!
//! A [`State`] is a [`World`](hustings_lab::World) and what may still happen in it
//! ([`Budget`]); a [`Choice`] is one thing that can happen next. The laboratory takes the
//! steps: there is no second model of Raft here, and nothing is known of single rules,
//! scenarios or programs.
//!
//! ```text
//! State ──choices──▶ BreadthFirst ──way──▶ steps ──▶ Shrinker ──▶ replay ──▶ Run
//!                    Walks ─────────way──▶
//! ```
//!
//! [`BreadthFirst`] looks at all states within [`Bounds`] and finds what is the fewest steps
//! away; [`Walks`] find by chance what is too far for that. What either has found is a way: the
//! numbers of choices. As [`Step`]s it can be taken again with some left out, which the
//! [`Shrinker`] does, and [`replay()`] makes commands of a run of it. A [`Finder`] puts all this
//! together; [`Searching`] is one that a page asks ([`wire`]), and [`told`] has its sentences.

mod bounds;
mod breadth;
mod find;
mod frontier;
mod goal;
mod lesson;
mod next;
mod packed;
pub mod parallel;
mod reader;
mod reduction;
mod replay;
pub mod sample;
mod sampling;
mod searching;
mod shrink;
mod soon;
mod state;
mod step;
mod take;
mod texts;
pub mod told;
mod visited;
mod walk;
pub mod wire;

pub use bounds::{Bounds, BoundsError, Budget, Limited};
pub use breadth::{BreadthFirst, Outcome, Progress};
pub use find::{Ending, Finder, Found, Phase, Plan, Reached, spent_on};
pub use frontier::Way;
pub use goal::Goal;
pub use lesson::{lesson, script_of};
pub use next::{Consequence, Possibility, next};
pub use reduction::Reduction;
pub use replay::replay;
pub use searching::Searching;
pub use shrink::Shrinker;
pub use state::{Choice, State, request};
pub use step::{Happening, Letter, Step, Taken};
pub use take::Came;
pub use texts::set_chinese;
pub use visited::{Visited, collision};
pub use walk::{Walked, Walks};
