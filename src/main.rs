//! Mounts the page.

use wasm_bindgen::throw_str;

fn main() {
    // www/boot.js shows the message of a panic on the page.
    yew::set_custom_panic_hook(Box::new(|panic| throw_str(&panic.to_string())));
    hustings::measure_outline();
    yew::Renderer::<hustings::App>::new().render();
}
