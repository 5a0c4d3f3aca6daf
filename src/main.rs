//! Mounts the page.

use wasm_bindgen::throw_str;

fn main() {
    // www/boot.js hears of it and says it on the page.
    yew::set_custom_panic_hook(Box::new(|panic| throw_str(&panic.to_string())));
    yew::Renderer::<hustings::App>::new().render();
}
