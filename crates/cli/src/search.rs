//! `hustings search`: looks for a run, or at all states within bounds.

mod exhaustive;
mod find;

use std::io::{self, Write};
use std::num::NonZero;
use std::thread;

use hustings_lab::narrate::Lang;
use hustings_lab::{Condition, Run, Script};
use hustings_search::told::{self, Account, End};
use hustings_search::{Bounds, Ending, Found, Goal, Reached, Reduction, State, lesson, script_of};

use crate::args;
use crate::clock::Clock;
use crate::output::Output;
use crate::run::{self, Style};
use crate::servers::Servers;
use crate::verdict::Verdict;

/// A search that was asked for.
struct Task<'a> {
    args: &'a args::Search,
    /// The text of the script: worlds do not leave their thread, so each reads it anew.
    script: String,
    goal: Goal,
    bounds: Bounds,
    threads: usize,
}

/// How a search has ended, or was broken off.
struct Result {
    found: Option<Found>,
    /// After how many seconds the first run was found.
    first_found: Option<f64>,
    reached: Reached,
    /// What was left out breadth first, as it makes no difference.
    reduction: Reduction,
    /// `None` if the time was up.
    ending: Option<Ending>,
}

/// Searches, and prints what was found.
pub(crate) fn search(
    args: &args::Search,
    servers: &Servers,
    output: &mut Output,
) -> io::Result<Verdict> {
    if !args.servers.commands.is_empty() {
        let message = "a server that is a command cannot be searched, as its states cannot be \
                       copied; sample it instead: hustings sample --server …";
        return output.refuse(message);
    }
    let Some((source, script)) = run::read(&args.file, &servers.library, Style::Quiet, output)?
    else {
        return Ok(Verdict::Unreadable);
    };
    let goal = match goal(&args.goal, &script) {
        Ok(goal) => goal,
        Err(message) => return output.refuse(&message),
    };
    let bounds = match Bounds::default().change(&args.bounds) {
        Ok(bounds) => bounds,
        Err(error) => return output.refuse(&format!("--bounds: {error}")),
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let task = Task {
        args,
        script: source.text,
        goal,
        bounds,
        threads: args.threads.map_or(processors, usize::from),
    };
    let Some(run) = task.run() else {
        return output.refuse("the script does not get to its end: `hustings run` says why");
    };
    let state = State::new(run.world().clone(), &bounds);
    if let Some(why) = told::crowded_start(&state, Lang::En) {
        return output.refuse(&why);
    }
    let mut clock = Clock::start(args.seconds);
    let result = if args.all {
        exhaustive::search(&task, &mut clock)
    } else {
        find::search(&task, &run, &mut clock)
    };
    clock.clear();
    report(&task, &run, &result, &clock, output)
}

/// What is looked for. A condition is what `expect` takes.
fn goal(text: &str, script: &Script) -> std::result::Result<Goal, String> {
    condition("--for", text, script).map(Goal::from)
}

/// The condition that an argument names, as after `expect`.
pub(crate) fn condition(
    argument: &str,
    text: &str,
    script: &Script,
) -> std::result::Result<Condition, String> {
    let read = Condition::parse(text, script.header.servers());
    read.map_err(|error| format!("{argument}: {}", error.advice(Lang::En)))
}

impl Task<'_> {
    /// The run from whose end is searched; `None` if the script fails before its end.
    fn run(&self) -> Option<Run> {
        let servers = Servers::with(&self.args.servers.programs).ok()?;
        let mut script = Script::parse_with(&self.script, &servers.library).ok()?;
        if self.args.standing_start {
            script.steps.clear();
        }
        let outcome = script.run().ok()?;
        (!outcome.stopped).then_some(outcome.run)
    }

    fn bytes_max(&self) -> usize {
        let bytes = self.args.memory.saturating_mul(1_000_000);
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// The best reduction, but for one that was not wanted.
    fn reduction(&self, start: &State) -> Reduction {
        let best = Reduction::best(start, &self.bounds, &self.goal);
        match best {
            Reduction::Names if self.args.all_names => {
                let is_sound = Reduction::Order.is_sound(start, &self.bounds, &self.goal);
                if is_sound {
                    Reduction::Order
                } else {
                    Reduction::None
                }
            }
            _ => best,
        }
    }

    fn looks_for_violation(&self) -> bool {
        matches!(self.goal, Goal::Violation(_))
    }
}

/// Prints what was found as a script, and in sentences what was looked at.
fn report(
    task: &Task<'_>,
    run: &Run,
    result: &Result,
    clock: &Clock,
    output: &mut Output,
) -> io::Result<Verdict> {
    let told = tell(task, run, result, clock);
    let Some(found) = &result.found else {
        writeln!(output.err()?, "{told}")?;
        return Ok(if task.looks_for_violation() {
            Verdict::Passed
        } else {
            Verdict::Failed
        });
    };
    match lesson(run, found, &task.goal, Lang::En) {
        Ok(run) => write!(output.out(), "{}", script_of(&run, &task.goal))?,
        Err(error) => return output.refuse(&error.to_string()),
    }
    writeln!(output.err()?, "{told}")?;
    Ok(if task.looks_for_violation() {
        Verdict::Failed
    } else {
        Verdict::Passed
    })
}

/// What a search came to, and at what cost.
fn tell(task: &Task<'_>, run: &Run, result: &Result, clock: &Clock) -> String {
    let account = Account {
        run,
        goal: &task.goal,
        bounds: task.bounds,
        reduction: result.reduction,
        found: result.found.as_ref(),
        reached: result.reached,
        end: result.ending.map_or(End::TimeUp, End::Ending),
        seconds: clock.seconds(),
        first_found: result.first_found,
    };
    let cure = match (&result.found, account.end) {
        (None, End::TimeUp) => " --seconds gives it more.",
        (None, End::Ending(Ending::Full)) => " --memory gives it more.",
        _ => "",
    };
    let (told, effort) = (account.result(Lang::En), account.effort(Lang::En));
    format!("{told}{cure}\n{effort}")
}
