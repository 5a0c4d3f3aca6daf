//! Makes functions of the texts in `locales/`.

use std::error::Error;

#[path = "../lab/build/texts.rs"]
mod texts;

fn main() -> Result<(), Box<dyn Error>> {
    texts::generate("Texts")
}
