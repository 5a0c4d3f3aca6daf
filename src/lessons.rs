//! The texts of the lessons in Chinese.
//!
//! A scenario is written in English, and stays so in links and files. What the page shows
//! of it in Chinese is in `locales/lessons.zh.json`, by the English text: a file of its
//! own, since whoever reads English does not need it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use crate::browser;
use crate::i18n::{Lang, texts};

/// Where the file is. What follows the question mark changes with the file, so that no
/// older one is taken for it.
const ADDRESS: &str = concat!("./lessons.zh.json?", env!("LESSONS_ZH"));

thread_local! {
    static CHINESE: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// The title or a caption of a lesson in the language of the page; any other text, and one
/// that has not been loaded yet, as it is.
pub fn translated(text: String) -> String {
    let known = match texts() {
        Lang::En => None,
        Lang::Zh => CHINESE.with_borrow(|chinese| chinese.get(&text).cloned()),
    };
    known.unwrap_or(text)
}

/// Loads the texts if the page is in Chinese. Returns whether there are any.
#[hook]
pub(crate) fn use_lessons(lang: Lang) -> bool {
    let loaded = use_state(|| false);
    let setter = loaded.setter();
    use_effect_with(lang, move |lang| {
        if *lang == Lang::Zh && CHINESE.with_borrow(BTreeMap::is_empty) {
            browser::fetch_json(ADDRESS, move |file| {
                CHINESE.set(pairs(&file));
                setter.set(true);
            });
        }
    });
    *loaded
}

/// The texts of an object, by their names.
fn pairs(file: &JsValue) -> BTreeMap<String, String> {
    let entries = file.dyn_ref::<Object>().map(Object::entries);
    let entries = entries.iter().flat_map(Array::iter);
    let pairs = entries.filter_map(|entry| {
        let entry = entry.dyn_into::<Array>().ok()?;
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    });
    pairs.collect()
}
