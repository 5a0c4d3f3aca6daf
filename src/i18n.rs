//! The page's texts in the current language.
//!
//! They are in `locales/`; `build.rs` makes a function of each.

use std::cell::Cell;

use hustings_lab::narrate;

mod generated {
    #![allow(
        missing_docs,
        clippy::wrong_self_convention,
        reason = "made from locales/"
    )]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub use generated::Lang;

thread_local! {
    static LANG: Cell<Lang> = const { Cell::new(Lang::En) };
}

/// The texts in the current language.
pub fn texts() -> Lang {
    LANG.get()
}

/// The current language for the captions of the laboratory.
pub fn lang() -> narrate::Lang {
    match texts() {
        Lang::En => narrate::Lang::En,
        Lang::Zh => narrate::Lang::Zh,
    }
}

/// Sets the current language. What has been rendered stays as it is.
pub fn set_language(lang: Lang) {
    LANG.set(lang);
}
