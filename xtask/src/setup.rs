//! Walks the table of requirements and gets what is missing.

use crate::Context;
use crate::environment::Environment;
use crate::process::took;
use crate::requirement::{Found, Requirement, Stage};
use crate::table::TABLE;
use crate::tools::{browser, wasm_target};
use anyhow::{Result, anyhow};
use std::time::Instant;

/// Gets everything that a stage needs. Where all of it is there already, this
/// only looks.
pub fn walk(context: &Context, stage: Stage) -> Result<Environment> {
    let start = Instant::now();
    let mut environment = Environment::default();
    let mut lock = None;
    for need in needed_by(stage) {
        let found = match (need.look)(context) {
            Ok(found) => found,
            Err(_) => {
                if lock.is_none() {
                    lock = Some(context.cache.lock()?);
                }
                obtain(context, need)?
            }
        };
        environment.add(found.environment);
    }
    settle(context, &environment)?;
    println!("set-up: everything is in place ({})", took(start.elapsed()));
    Ok(environment)
}

/// The environment of everything that a stage needs, if it is all there.
pub fn look(context: &Context, stage: Stage) -> Result<Environment> {
    let mut environment = Environment::default();
    for need in needed_by(stage) {
        let found = (need.look)(context).map_err(|why| why.context(need.name))?;
        environment.add(found.environment);
    }
    settle(context, &environment)?;
    Ok(environment)
}

/// Makes the checkout fit the tools that were found.
fn settle(context: &Context, environment: &Environment) -> Result<()> {
    wasm_target::drop_stale_builds(context)?;
    browser::write_capabilities(context, environment)
}

fn needed_by(stage: Stage) -> impl Iterator<Item = &'static Requirement> {
    TABLE.iter().filter(move |need| need.stage <= stage)
}

/// Tries each way in turn. Looks first: another set-up may have got it while
/// this one waited.
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

fn indented(error: &anyhow::Error) -> String {
    format!("{error:#}").replace('\n', "\n    ")
}
