//! The page's texts, in the reader's language.
//!
//! They stand in `locales/`, and `build.rs` makes a function of each.

use std::cell::Cell;

use hustings_lab::narrate;

mod generated {
    #![allow(missing_docs, reason = "made from locales/, where the texts stand")]
    rosetta_i18n::include_translations!();
}

pub use generated::Lang;

thread_local! {
    static LANG: Cell<Lang> = const { Cell::new(Lang::En) };
}

/// The texts in the language that is spoken.
pub fn words() -> Lang {
    LANG.get()
}

/// The same language for the sentences of the laboratory.
pub fn lang() -> narrate::Lang {
    match words() {
        Lang::En => narrate::Lang::En,
        Lang::Zh => narrate::Lang::Zh,
    }
}

/// From now on that language is spoken. What is drawn already stays as it is.
pub fn speak(lang: Lang) {
    LANG.set(lang);
}
