//! Turns the texts of `locales/` into functions, one a text, so that a text that
//! is missing or lacks an argument does not compile.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    rosetta_build::config()
        .name("Texts")
        .source("en", "locales/en.json")
        .source("zh", "locales/zh.json")
        .fallback("en")
        .generate()?;
    Ok(())
}
