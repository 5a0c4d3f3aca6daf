//! Walks the table of requirements and gets what is missing.

use crate::Context;
use crate::environment::Environment;
use crate::process::took;
use crate::requirement::{Found, Requirement, Stage};
use crate::table::{AT_ONCE, TABLE};
use crate::tools::{browser, wasm_target};
use anyhow::{Error, Result, anyhow, bail};
use std::thread;
use std::time::Instant;

/// Gets everything that a stage needs, if it is not there already.
pub fn walk(context: &Context, stage: Stage) -> Result<Environment> {
    let start = Instant::now();
    let mut environment = Environment::default();
    let mut lock = None;
    let needs: Vec<&'static Requirement> = needed_by(stage).collect();
    let apart = |need: &Requirement| AT_ONCE.contains(&need.name);
    for group in needs.chunk_by(|one, next| apart(one) && apart(next)) {
        let (found, missing) = gather(context, group.iter().copied());
        if missing.is_empty() {
            environment.add(found);
            continue;
        }
        if lock.is_none() {
            lock = Some(context.cache.lock()?);
        }
        for found in obtain_all(context, group) {
            environment.add(found?.environment);
        }
    }
    settle(context, &environment)?;
    println!("set-up: everything is in place ({})", took(start.elapsed()));
    Ok(environment)
}

/// The environment for a stage, if all of its requirements are met.
pub fn look(context: &Context, stage: Stage) -> Result<Environment> {
    let (environment, missing) = gather(context, needed_by(stage));
    if let Some(why) = missing.into_iter().next() {
        return Err(why);
    }
    settle(context, &environment)?;
    Ok(environment)
}

/// The environment for a stage, if all of its requirements are met, with additions for
/// the tests as far as possible; and what the tests lack.
pub fn look_for_tests(context: &Context, stage: Stage) -> Result<(Environment, Vec<Error>)> {
    let mut environment = look(context, stage)?;
    let later = needed_by(Stage::Test).filter(|need| need.stage > stage);
    let (more, missing) = gather(context, later);
    environment.add(more);
    settle(context, &environment)?;
    Ok((environment, missing))
}

/// The environment for what was found, and errors for the rest.
fn gather<'a>(
    context: &Context,
    needs: impl Iterator<Item = &'a Requirement>,
) -> (Environment, Vec<Error>) {
    let mut environment = Environment::default();
    let mut missing = Vec::new();
    for need in needs {
        match (need.look)(context) {
            Ok(found) => environment.add(found.environment),
            Err(why) => missing.push(why.context(need.name)),
        }
    }
    (environment, missing)
}

/// Adjusts files of the checkout to the tools that were found.
fn settle(context: &Context, environment: &Environment) -> Result<()> {
    wasm_target::drop_stale_builds(context)?;
    browser::write_capabilities(context, environment)
}

fn needed_by(stage: Stage) -> impl Iterator<Item = &'static Requirement> {
    TABLE.iter().filter(move |need| stage.includes(need.stage))
}

/// Gets what is missing of a group, concurrently: a compilation often uses only one core.
fn obtain_all(context: &Context, group: &[&'static Requirement]) -> Vec<Result<Found>> {
    thread::scope(|scope| {
        let start = |need: &&'static Requirement| {
            let need = *need;
            scope.spawn(move || obtain(context, need))
        };
        let running: Vec<_> = group.iter().map(start).collect();
        let ended = running.into_iter().map(|thread| thread.join());
        ended
            .map(|result| result.unwrap_or_else(|_| bail!("setting up panicked")))
            .collect()
    })
}

/// Tries each way in turn, after looking again: another set-up may have got it while this
/// one waited for the lock.
fn obtain(context: &Context, need: &Requirement) -> Result<Found> {
    let name = need.name;
    let missing = match (need.look)(context) {
        Ok(found) => return Ok(found),
        Err(missing) => missing,
    };
    println!("{name}: {missing:#}");
    let mut tried = String::new();
    for way in need.ways.iter().filter(|way| (way.fits)()) {
        println!("{name}: {}", way.what);
        let start = Instant::now();
        match (way.go)(context).and_then(|()| (need.look)(context)) {
            Ok(found) => {
                println!(
                    "{name}: {} is ready after {}",
                    found.version,
                    took(start.elapsed())
                );
                return Ok(found);
            }
            Err(error) => {
                println!("{name}: that did not work: {error}");
                tried.push_str(&format!(
                    "\n  tried: {}\n    {}",
                    way.what,
                    indented(&error)
                ));
            }
        }
    }
    let cure = (need.cure)(&context.project);
    Err(anyhow!("{name}: {missing:#}{tried}\n  cure: {cure}"))
}

fn indented(error: &Error) -> String {
    format!("{error:#}").replace('\n', "\n    ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Cache;
    use crate::project::Project;
    use crate::requirement::Way;
    use anyhow::ensure;
    use std::fs;
    use std::sync::Barrier;

    fn found(context: &Context, name: &str) -> Result<Found> {
        let place = context.cache.tool(name, "1.0");
        ensure!(place.is_dir(), "not found");
        Ok(Found::new("1.0", &place).with(Environment::default().path(place)))
    }

    fn make(context: &Context, name: &str) -> Result<()> {
        let place = context.cache.tool(name, "1.0");
        context.cache.make(&place, |_| Ok(()))
    }

    /// A requirement of which the second way succeeds.
    const PEN: Requirement = Requirement {
        name: "pen",
        stage: Stage::Serve,
        wanted: |_| "any".to_owned(),
        look: |context| found(context, "pen"),
        ways: &[
            Way {
                what: "buying one",
                fits: || true,
                go: |_| bail!("the shop is closed"),
            },
            Way {
                what: "making one",
                fits: || true,
                go: |context| {
                    context
                        .cache
                        .make(&context.cache.tool("pen", "1.0"), |_| Ok(()))
                },
            },
        ],
        cure: |_| "borrow one".to_owned(),
    };

    const INK: Requirement = Requirement {
        name: "ink",
        look: |_| bail!("the pot is empty"),
        ways: &[Way {
            what: "buying some",
            fits: || true,
            go: |_| bail!("the shop is closed"),
        }],
        ..PEN
    };

    fn trial(name: &str, test: impl FnOnce(&Context)) {
        let context = Context {
            project: Project::read().unwrap(),
            cache: Cache::scratch(name),
        };
        test(&context);
        fs::remove_dir_all(context.cache.dir()).ok();
    }

    #[test]
    fn after_a_way_that_fails_the_next_is_tried() {
        trial("next-way", |context| {
            assert_eq!(obtain(context, &PEN).unwrap().version, "1.0");
        });
    }

    #[test]
    fn a_group_is_installed_concurrently() {
        /// A barrier for both threads.
        static BOTH: Barrier = Barrier::new(2);
        const NIB: Requirement = Requirement {
            look: |context| found(context, "nib"),
            ways: &[Way {
                what: "making one",
                fits: || true,
                go: |context| {
                    BOTH.wait();
                    make(context, "nib")
                },
            }],
            ..PEN
        };
        const CAP: Requirement = Requirement {
            look: |context| found(context, "cap"),
            ways: &[Way {
                what: "making one",
                fits: || true,
                go: |context| {
                    BOTH.wait();
                    make(context, "cap")
                },
            }],
            ..PEN
        };
        trial("at-once", |context| {
            let got = obtain_all(context, &[&NIB, &CAP]);
            assert!(got.len() == 2 && got.iter().all(Result::is_ok));
        });
    }

    #[test]
    fn an_error_names_the_requirement_the_ways_tried_and_the_fix() {
        trial("no-way", |context| {
            let text = obtain(context, &INK).unwrap_err().to_string();
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            let expected = [
                "ink: the pot is empty",
                "tried: buying some",
                "the shop is closed",
                "cure: borrow one",
            ];
            assert_eq!(lines, expected);
        });
    }

    #[test]
    fn a_missing_requirement_does_not_hide_others() {
        trial("gather", |context| {
            obtain(context, &PEN).unwrap();
            let (environment, missing) = gather(context, [INK, PEN].iter());
            let shown: Vec<String> = missing.iter().map(|why| format!("{why:#}")).collect();
            assert_eq!(shown, ["ink: the pot is empty"]);
            let pen = context.cache.tool("pen", "1.0");
            assert!(
                environment
                    .search_path()
                    .unwrap()
                    .to_string_lossy()
                    .contains(&*pen.to_string_lossy())
            );
        });
    }
}
