//! Mounts the page.

fn main() {
    yew::Renderer::<hustings::App>::new().render();
}
