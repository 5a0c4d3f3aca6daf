//! Programs that set-up finds but does not install.

use super::rust::version_of;
use crate::process::which;
use crate::requirement::Found;
use crate::version;
use anyhow::{Context as _, Result, ensure};

/// Finds a program in PATH of a minimum version.
pub fn look_for(name: &str, wanted: &str) -> Result<Found> {
    let place = which(name).with_context(|| format!("no {name} on PATH"))?;
    let found = version_of(&place)?;
    ensure!(version::at_least(&found, wanted), "found {found}");
    Ok(Found::new(found, place))
}
