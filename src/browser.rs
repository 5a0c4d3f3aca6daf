//! The browser's services: address, storage, clipboard, files. What a browser
//! does not have or does not allow is `None` or an error, never a panic.

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, Event, EventTarget, HtmlAnchorElement, HtmlElement,
    Storage, Url, Window,
};

/// The window.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// Whether the visitor's system asks for less motion.
pub fn wants_less_motion() -> bool {
    let query =
        window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok());
    query.flatten().is_some_and(|query| query.matches())
}

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// Calls `then` at every such event, as long as the page lives. It may prevent what
/// the browser does by default.
pub fn listen(
    target: Option<impl AsRef<EventTarget>>,
    event: &'static str,
    then: impl FnMut(&Event) + 'static,
) {
    let options = EventListenerOptions::enable_prevent_default();
    if let Some(target) = target {
        EventListener::new_with_options(target.as_ref(), event, options, then).forget();
    }
}

/// What stands behind the `#` of the address; empty if nothing does.
pub fn fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok());
    let hash = hash.unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// The address of the page with another fragment.
pub fn address_with(fragment: &str) -> Option<String> {
    let address = window()?.location().href().ok()?;
    let page = address.split('#').next().unwrap_or_default();
    Some(format!("{page}#{fragment}"))
}

/// Takes the fragment out of the address, so that a reload goes on where the
/// user was and not where the link began.
pub fn forget_fragment() {
    let Some(window) = window() else {
        return;
    };
    let location = window.location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if let Ok(history) = window.history() {
        // If the browser refuses, the address stays as it is.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
}

/// Whether the address asks for something, as `?embed` does.
pub fn asks_for(name: &str) -> bool {
    let search = window().and_then(|window| window.location().search().ok());
    let search = search.unwrap_or_default();
    let mut parts = search.trim_start_matches('?').split('&');
    parts.any(|part| part.split('=').next() == Some(name))
}

/// The languages that the user prefers, as the browser says, best first.
pub fn languages() -> Vec<String> {
    let Some(window) = window() else {
        return Vec::new();
    };
    let languages = window.navigator().languages();
    languages.iter().filter_map(|it| it.as_string()).collect()
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// What was kept under a name, if anything is and the browser lets us look.
pub fn recall(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps a text until the next visit. Where there is no room or no leave, the
/// next visit does without.
pub fn keep(name: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, text);
    }
}

/// Puts a text on the clipboard; then says whether it got there.
pub fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let Some(clipboard) = clipboard() else {
        return then(false);
    };
    let promise = clipboard.write_text(text);
    wasm_bindgen_futures::spawn_local(async move {
        then(wasm_bindgen_futures::JsFuture::from(promise).await.is_ok());
    });
}

/// There is none where the page is not served securely.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = window()?.navigator().clipboard();
    (!clipboard.is_undefined()).then_some(clipboard)
}

/// Gives a file to the user.
pub fn save(name: &str, kind: &str, content: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(content));
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
        save_blob(name, &blob);
    }
}

/// Gives a file to the user.
pub fn save_blob(name: &str, blob: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    let anchor = document().and_then(|it| it.create_element("a").ok());
    if let Some(Ok(anchor)) = anchor.map(Element::dyn_into::<HtmlAnchorElement>) {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    // The browser has taken what it needs.
    let _ = Url::revoke_object_url(&address);
}

/// Reads a file as text; then hands it over, with why not if it could not.
pub fn read(file: &Blob, then: impl FnOnce(Option<String>) + 'static) {
    let promise = file.text();
    wasm_bindgen_futures::spawn_local(async move {
        let text = wasm_bindgen_futures::JsFuture::from(promise).await;
        then(text.ok().and_then(|text| text.as_string()));
    });
}

/// The element of that id.
pub fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Gives an element the focus.
pub fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        // It fails only where there is no focus to give.
        let _ = element.focus();
    }
}

/// Lets whoever has measured something measure it again.
pub fn announce_resize() {
    if let (Some(window), Ok(event)) = (window(), Event::new("resize")) {
        let _ = window.dispatch_event(&event);
    }
}

/// Sets or removes an attribute of the root element, which the style goes by.
pub fn mark_root(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}
