//! The page's texts in the current language.
//!
//! They are in `locales/`; `build.rs` makes a function of each. Those in Chinese, the
//! laboratory's included, are in a file of their own (`xtask/src/finish.mjs`), since whoever
//! reads English does not need them.

use std::cell::{Cell, RefCell};

use hustings_lab::narrate;

use crate::browser;
use crate::checksum::checksum;

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
    /// Where the texts in Chinese are.
    static ADDRESS: RefCell<String> = const { RefCell::new(String::new()) };
    /// Those of the laboratory, of a search and of logs, once they are loaded.
    static CHINESE: Cell<Option<&'static str>> = const { Cell::new(None) };
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

/// Says where the texts in Chinese are, and gives them to a page that begins in Chinese.
pub fn prepare(address: String, chinese: Option<String>) {
    ADDRESS.set(address);
    chinese.map(take_chinese);
}

/// Whether the texts in a language are there.
pub fn has(lang: Lang) -> bool {
    lang == Lang::En || CHINESE.get().is_some()
}

/// Loads the texts in a language, unless they are there; `then` gets whether they are.
pub(crate) fn load(lang: Lang, then: impl FnOnce(bool) + 'static) {
    if has(lang) {
        return then(true);
    }
    let address = ADDRESS.with_borrow(String::clone);
    browser::fetch_text(&address, move |file| then(file.is_some_and(take_chinese)));
}

/// The texts in Chinese but for the page's, if they are loaded: the laboratory's, those of a
/// search and those of logs, with an empty line between them.
pub(crate) fn beyond_the_page() -> Option<&'static str> {
    CHINESE.get()
}

/// Takes the texts in Chinese from their file: the page's, the laboratory's, those of a search
/// and those of logs, with an empty line between them. Returns whether it is the file of this very page.
fn take_chinese(file: String) -> bool {
    if checksum(file.as_bytes()) != env!("CHINESE") {
        return false;
    }
    // Kept for as long as the page is open.
    if let Some((page, laboratory)) = file.leak().split_once("\n\n") {
        Lang::set_chinese(page);
        // What comes after its own it does not need.
        narrate::Lang::set_chinese(laboratory);
        CHINESE.set(Some(laboratory));
    }
    CHINESE.get().is_some()
}
