//! Browser APIs: address, storage, clipboard, files. An API that is missing or blocked
//! gives `None` or an error, never a panic.

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, Event, EventTarget, HtmlAnchorElement, HtmlDocument,
    HtmlElement, Response, Storage, Url, Window,
};

/// The window.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// Whether the system prefers reduced motion.
pub fn prefers_reduced_motion() -> bool {
    let query =
        window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok());
    query.flatten().is_some_and(|query| query.matches())
}

/// Width and height of what the window shows, in pixels.
pub fn window_size() -> Option<(f64, f64)> {
    let window = window()?;
    let pixels = |size: Result<JsValue, JsValue>| size.ok()?.as_f64();
    pixels(window.inner_width()).zip(pixels(window.inner_height()))
}

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// Whether the element with this id has the focus.
pub fn has_focus(id: &str) -> bool {
    let focused = document().and_then(|document| document.active_element());
    focused.is_some_and(|element| element.id() == id)
}

/// Adds an event listener for the lifetime of the page. It may prevent the default
/// action.
pub fn listen(
    target: Option<impl AsRef<EventTarget>>,
    event: &'static str,
    handler: impl FnMut(&Event) + 'static,
) {
    let options = EventListenerOptions::enable_prevent_default();
    if let Some(target) = target {
        EventListener::new_with_options(target.as_ref(), event, options, handler).forget();
    }
}

/// The address's fragment without `#`; empty if there is none.
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

/// Removes the fragment from the address, so that a reload restores the user's run
/// instead of opening the link again.
pub fn remove_fragment() {
    let Some(window) = window() else {
        return;
    };
    let location = window.location();
    let path =
        location.pathname().unwrap_or_default() + location.search().unwrap_or_default().as_str();
    if let Ok(history) = window.history() {
        // If the browser refuses, the address stays as it is.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
}

/// Whether the address has a query parameter, such as `?embed`.
pub fn has_query_parameter(name: &str) -> bool {
    let search = window().and_then(|window| window.location().search().ok());
    let search = search.unwrap_or_default();
    let mut parts = search.trim_start_matches('?').split('&');
    parts.any(|part| part.split('=').next() == Some(name))
}

/// The user's preferred languages, most preferred first.
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

/// The text stored under a key; `None` if there is none or storage is blocked.
pub fn load(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Stores a text in localStorage; returns whether the browser has done it, which may have no
/// room for it, or no storage at all.
pub fn store(name: &str, text: &str) -> bool {
    storage().is_some_and(|it| it.set_item(name, text).is_ok())
}

/// Types a text for the user where the caret is, so that it can be undone; returns whether the
/// browser has done it.
pub fn insert_text(text: &str) -> bool {
    let document = document().and_then(|it| it.dyn_into::<HtmlDocument>().ok());
    document.is_some_and(|it| {
        let typed = it.exec_command_with_show_ui_and_value("insertText", false, text);
        typed.unwrap_or_default()
    })
}

/// Copies a text to the clipboard; `then` gets whether that succeeded.
pub fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let Some(clipboard) = clipboard() else {
        return then(false);
    };
    let promise = clipboard.write_text(text);
    wasm_bindgen_futures::spawn_local(async move {
        then(JsFuture::from(promise).await.is_ok());
    });
}

/// The clipboard; `None` unless the page is served securely.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = window()?.navigator().clipboard();
    (!clipboard.is_undefined()).then_some(clipboard)
}

/// Downloads a text as a file of a MIME type.
pub fn save(name: &str, kind: &str, content: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(content));
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
        save_blob(name, &blob);
    }
}

/// Downloads a blob as a file.
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
    let _ = Url::revoke_object_url(&address);
}

/// Reads a file as text; `then` gets `None` if that fails.
pub fn read(file: &Blob, then: impl FnOnce(Option<String>) + 'static) {
    let promise = file.text();
    wasm_bindgen_futures::spawn_local(async move {
        let text = JsFuture::from(promise).await;
        then(text.ok().and_then(|text| text.as_string()));
    });
}

/// Reads the first bytes of a file as text; `then` gets `None` if that fails.
pub fn read_beginning(file: &Blob, bytes: u32, then: impl FnOnce(Option<String>) + 'static) {
    match file.slice_with_i32_and_i32(0, bytes as i32) {
        Ok(beginning) => read(&beginning, then),
        Err(_) => then(None),
    }
}

/// Gets one of the page's own files as JSON; `then` is not called if that fails.
pub fn fetch_json(address: &str, then: impl FnOnce(JsValue) + 'static) {
    let Some(promise) = window().map(|window| window.fetch_with_str(address)) else {
        return;
    };
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(file) = json_of(promise).await {
            then(file);
        }
    });
}

/// Gets one of the page's own files as text; `then` gets `None` if that fails.
pub fn fetch_text(address: &str, then: impl FnOnce(Option<String>) + 'static) {
    let Some(promise) = window().map(|window| window.fetch_with_str(address)) else {
        return then(None);
    };
    wasm_bindgen_futures::spawn_local(async move {
        then(text_of(promise).await.ok().and_then(|it| it.as_string()));
    });
}

/// Gets several of the page's own files as texts, at once; `then` gets `None` if that fails for
/// one of them.
pub fn fetch_texts(addresses: &[String], then: impl FnOnce(Option<Vec<String>>) + 'static) {
    let promises = addresses
        .iter()
        .map(|address| Some(window()?.fetch_with_str(address)));
    let Some(promises) = promises.collect::<Option<Vec<_>>>() else {
        return then(None);
    };
    wasm_bindgen_futures::spawn_local(async move {
        let mut texts = Vec::new();
        for promise in promises {
            let text = text_of(promise).await.ok();
            texts.push(text.and_then(|it| it.as_string()));
        }
        then(texts.into_iter().collect());
    });
}

async fn text_of(promise: Promise) -> Result<JsValue, JsValue> {
    let response: Response = JsFuture::from(promise).await?.dyn_into()?;
    JsFuture::from(response.text()?).await
}

async fn json_of(promise: Promise) -> Result<JsValue, JsValue> {
    let response: Response = JsFuture::from(promise).await?.dyn_into()?;
    JsFuture::from(response.json()?).await
}

/// The element with an id.
pub fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Focuses an element, if it exists.
pub fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// Dispatches a `resize` event.
pub fn dispatch_resize() {
    if let (Some(window), Ok(event)) = (window(), Event::new("resize")) {
        let _ = window.dispatch_event(&event);
    }
}

/// Sets or removes an attribute of the root element, for the style sheet.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Sets or removes a custom property of the root element, for the style sheet. The page's
/// policy forbids style attributes, but not this.
pub fn set_root_property(name: &str, value: Option<&str>) {
    let root = document().and_then(|document| document.document_element());
    let Some(Ok(root)) = root.map(|root| root.dyn_into::<HtmlElement>()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.style().set_property(name, value),
        None => root.style().remove_property(name).map(|_| ()),
    };
}

/// Scrolls an element so that one inside of it is in view, and nothing else.
pub(crate) fn scroll_within(outer: &str, inner: &str) {
    let element = |id: &str| document()?.get_element_by_id(id);
    let (Some(outer), Some(inner)) = (element(outer), element(inner)) else {
        return;
    };
    let (frame, line) = (
        outer.get_bounding_client_rect(),
        inner.get_bounding_client_rect(),
    );
    if line.top() < frame.top() || line.bottom() > frame.bottom() {
        let down = line.top() - frame.top() - frame.height() / 4.0;
        outer.set_scroll_top(outer.scroll_top() + down as i32);
    }
}
