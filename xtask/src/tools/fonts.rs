//! A font, because without one a browser draws empty boxes.

use super::debian;
use crate::Context;
use crate::requirement::Found;
use anyhow::{Context as _, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Finds a font in the folders of Linux; other systems include fonts.
pub fn look(_: &Context) -> Result<Found> {
    if !cfg!(target_os = "linux") {
        return Ok(Found::new("the system's", ""));
    }
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let places = [
        "/usr/share/fonts".into(),
        "/usr/local/share/fonts".into(),
        home.join(".local/share/fonts"),
        home.join(".fonts"),
    ];
    let font = places.iter().find_map(|dir| a_font_in(dir));
    Ok(Found::new("at least one", font.context("not found")?))
}

/// Installs a font from Debian.
pub fn install(context: &Context) -> Result<()> {
    debian::install(context, &["fonts-dejavu-core"])
}

fn a_font_in(dir: &Path) -> Option<PathBuf> {
    let is_font = |path: &Path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ["ttf", "otf", "ttc"].contains(&ending))
    };
    fs::read_dir(dir).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            a_font_in(&path)
        } else {
            is_font(&path).then_some(path)
        }
    })
}
