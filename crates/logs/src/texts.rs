//! The texts of the logs, in each language of the laboratory.

use hustings_lab::narrate::Lang;

mod generated {
    #![allow(
        missing_docs,
        clippy::wrong_self_convention,
        reason = "made from locales/"
    )]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub(crate) use generated::Texts;

/// The texts in a language.
pub(crate) fn texts(lang: Lang) -> Texts {
    match lang {
        Lang::En => Texts::En,
        Lang::Zh => Texts::Zh,
    }
}

/// Sets the texts in Chinese: a line for each, in the order of their names. Only WebAssembly
/// needs them; until then all is told in English.
pub fn set_chinese(lines: &'static str) {
    Texts::set_chinese(lines);
}
