//! The texts of the lessons in Chinese.
//!
//! A scenario is written in English, and stays so in links and files. What the page shows
//! of it in Chinese is in `locales/lessons.zh.json`, by the English text: a file of its
//! own, since whoever reads English does not need it.

use std::cell::RefCell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::browser;
use crate::i18n::{Lang, texts};

/// Where the file is. What follows the question mark changes with the file, so that no
/// older one is taken for it.
const ADDRESS: &str = concat!("./lessons.zh.json?", env!("LESSONS_ZH"));

thread_local! {
    /// The file once it is loaded: an object, which the browser has read.
    static CHINESE: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// The title or a caption of a lesson in the language of the page; any other text, and one
/// that has not been loaded yet, as it is.
pub fn translated(text: String) -> String {
    let known = match texts() {
        Lang::En => None,
        Lang::Zh => CHINESE.with_borrow(|file| {
            let value = Reflect::get(file.as_ref()?, &JsValue::from_str(&text)).ok();
            value?.as_string()
        }),
    };
    known.unwrap_or(text)
}

/// Loads the texts if the page is in Chinese. Returns whether there are any.
#[hook]
pub(crate) fn use_lessons(lang: Lang) -> bool {
    let loaded = use_state(|| false);
    let setter = loaded.setter();
    use_effect_with(lang, move |lang| {
        if *lang == Lang::Zh && CHINESE.with_borrow(Option::is_none) {
            browser::fetch_json(ADDRESS, move |file| {
                CHINESE.set(Some(file));
                setter.set(true);
            });
        }
    });
    *loaded
}
