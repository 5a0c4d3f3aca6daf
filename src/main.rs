//! Mounts the page.

use hustings::i18n;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::throw_str;

fn main() {
    // www/boot.js shows the message of a panic on the page.
    yew::set_custom_panic_hook(Box::new(|panic| throw_str(&panic.to_string())));
}

/// Mounts the page. It is told where its texts in Chinese are, and given them if it begins
/// in Chinese; how to load the interpreter of programs: by a function that returns a
/// promise of it; and how to start a worker: by a function that takes its module's name, and
/// returns it.
#[wasm_bindgen]
pub fn mount(
    address: String,
    chinese: Option<String>,
    interpreter: js_sys::Function,
    worker: js_sys::Function,
) {
    i18n::prepare(address, chinese);
    hustings::programs::prepare(interpreter);
    hustings::worker::prepare(worker);
    hustings::measure_outline();
    yew::Renderer::<hustings::App>::new().render();
}
