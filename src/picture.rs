//! Exporting the stage and the diagram as SVG and PNG, with the page's style.

use js_sys::encode_uri_component;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, CanvasRenderingContext2d, CssStyleSheet, Element, HtmlCanvasElement, HtmlImageElement,
    XmlSerializer,
};

use crate::browser;
use crate::i18n::texts;

/// A drawing that can be exported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Picture {
    /// The cluster.
    Stage,
    /// The space-time diagram.
    Diagram,
}

/// Pixel ratio of PNG exports.
const PIXEL_RATIO: f64 = 2.0;

impl Picture {
    /// All drawings.
    pub const ALL: [Self; 2] = [Self::Stage, Self::Diagram];

    /// Its name.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Stage => texts().stage(),
            Self::Diagram => texts().diagram(),
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Diagram => "timeline",
        }
    }

    /// The drawing as a standalone SVG, with its width and height in pixels.
    fn drawing(self) -> Option<(String, f64, f64)> {
        let shown: Element = browser::element(self.id())?;
        let corner = shown.get_bounding_client_rect();
        let (width, height) = (corner.width().ceil(), corner.height().ceil());
        let copy: Element = shown.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        let number = |value: f64| (value as i64).to_string();
        copy.set_attribute("xmlns", "http://www.w3.org/2000/svg")
            .ok()?;
        copy.set_attribute("width", &number(width)).ok()?;
        copy.set_attribute("height", &number(height)).ok()?;
        if !copy.has_attribute("viewBox") {
            let view = format!("0 0 {} {}", number(width), number(height));
            copy.set_attribute("viewBox", &view).ok()?;
        }
        // The style sheet uses attributes of the root element, which is now the drawing.
        let root = browser::document()?.document_element()?;
        for name in ["data-theme", "data-projector"] {
            if let Some(value) = root.get_attribute(name) {
                copy.set_attribute(name, &value).ok()?;
            }
        }
        let class = format!(
            "picture {}",
            copy.get_attribute("class").unwrap_or_default()
        );
        copy.set_attribute("class", class.trim()).ok()?;
        let style = browser::document()?.create_element("style").ok()?;
        style.set_text_content(Some(&styles()));
        copy.prepend_with_node_1(&style).ok()?;
        let text = XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()?;
        Some((text, width, height))
    }
}

/// All rules of the page's style sheets.
fn styles() -> String {
    let mut text = String::new();
    let Some(sheets) = browser::document().map(|document| document.style_sheets()) else {
        return text;
    };
    for place in 0..sheets.length() {
        let sheet = sheets.get(place).map(JsCast::dyn_into::<CssStyleSheet>);
        let Some(Ok(rules)) = sheet.and_then(Result::ok).map(|sheet| sheet.css_rules()) else {
            continue;
        };
        for number in 0..rules.length() {
            if let Some(rule) = rules.get(number) {
                text.push_str(&rule.css_text());
                text.push('\n');
            }
        }
    }
    text
}

/// Saves a drawing as SVG.
pub fn save_svg(picture: Picture) {
    if let Some((text, ..)) = picture.drawing() {
        browser::save(
            &format!("hustings-{}.svg", picture.id()),
            "image/svg+xml",
            &text,
        );
    }
}

/// Saves a drawing as PNG.
pub fn save_png(picture: Picture) {
    // In a browser without these APIs nothing is saved; SVG is still available.
    let _ = start_png(picture);
}

fn start_png(picture: Picture) -> Option<()> {
    let (text, width, height) = picture.drawing()?;
    let image = HtmlImageElement::new().ok()?;
    let drawn = image.clone();
    let on_load = Closure::once_into_js(move || {
        let _ = finish_png(picture, &drawn, width, height);
    });
    image.set_onload(Some(on_load.unchecked_ref()));
    let data = String::from(encode_uri_component(&text));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{data}"));
    Some(())
}

fn finish_png(picture: Picture, image: &HtmlImageElement, width: f64, height: f64) -> Option<()> {
    let canvas = browser::document()?.create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width((width * PIXEL_RATIO) as u32);
    canvas.set_height((height * PIXEL_RATIO) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.scale(PIXEL_RATIO, PIXEL_RATIO).ok()?;
    context
        .draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height)
        .ok()?;
    let save = Closure::once_into_js(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            browser::save_blob(&format!("hustings-{}.png", picture.id()), &blob);
        }
    });
    canvas.to_blob(save.unchecked_ref()).ok()
}
