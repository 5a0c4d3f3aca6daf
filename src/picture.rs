//! Exporting the stage and the diagram as SVG and PNG, as they are shown.

use js_sys::{encode_uri_component, parse_float};
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement,
    HtmlImageElement, XmlSerializer,
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
        let name = shown.get_attribute("aria-label").unwrap_or_default();
        paint(&shown, &copy);
        let number = |value: f64| (value as i64).to_string();
        let (wide, high) = (number(width), number(height));
        let set = |name: &str, value: &str| copy.set_attribute(name, value);
        if !copy.has_attribute("viewBox") {
            set("viewBox", &format!("0 0 {wide} {high}")).ok()?;
        }
        set("width", &wide).ok()?;
        set("height", &high).ok()?;
        set("role", "img").ok()?;
        set("aria-label", &name).ok()?;
        copy.prepend_with_node_1(&ground(&shown)?.into()).ok()?;
        let text = XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()?;
        Some((text, width, height))
    }
}

/// What programs that draw SVG do without being told.
const DEFAULTS: [(&str, &str); 6] = [
    ("opacity", "1"),
    ("stroke-dasharray", "none"),
    ("stroke-linecap", "butt"),
    ("stroke-linejoin", "miter"),
    ("paint-order", "normal"),
    ("letter-spacing", "normal"),
];

const OF_TEXT: [&str; 5] = [
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
];

fn computed(shown: &Element) -> Option<CssStyleDeclaration> {
    browser::window()?.get_computed_style(shown).ok()?
}

/// Gives a copy as attributes what the style sheet gives to what is shown, since other
/// programs know neither the style sheet nor its variables; removes what cannot be seen and
/// what only the page needs.
fn paint(shown: &Element, copy: &Element) {
    let Some(style) = computed(shown) else {
        return;
    };
    let of = |name: &str| style.get_property_value(name).unwrap_or_default();
    let set = |name: &str, value: &str| {
        let _ = copy.set_attribute(name, &value.replace("px", ""));
    };
    for name in copy.get_attribute_names().iter() {
        let name = name.as_string().unwrap_or_default();
        let is_of_page = ["class", "role", "tabindex"].contains(&&*name)
            || name.starts_with("aria-")
            || name.starts_with("data-");
        if is_of_page {
            let _ = copy.remove_attribute(&name);
        }
    }
    let kind = shown.local_name();
    match &*kind {
        "title" | "defs" | "pattern" | "radialGradient" => {}
        "stop" => set_colour(&of, &set, "stop-color", "stop-opacity"),
        _ if of("display") == "none" || of("visibility") == "hidden" || of("opacity") == "0" => {
            copy.remove();
            return;
        }
        "svg" | "g" => set_unless_default(&of, &set),
        _ => {
            let visible = ["fill", "stroke"].map(|name| !is_clear(&of(name)));
            if visible == [false, false] {
                copy.remove();
                return;
            }
            set_colour(&of, &set, "fill", "fill-opacity");
            set_colour(&of, &set, "stroke", "stroke-opacity");
            if visible[1] {
                set("stroke-width", &of("stroke-width"));
            }
            set_unless_default(&of, &set);
            if matches!(&*kind, "text" | "tspan") {
                for name in OF_TEXT {
                    set(name, &of(name));
                }
            }
        }
    }
    let (all, copies) = (shown.children(), copy.children());
    let pairs = (0..all.length()).filter_map(|place| all.item(place).zip(copies.item(place)));
    // Before any of them is removed.
    for (shown, copy) in pairs.collect::<Vec<_>>() {
        paint(&shown, &copy);
    }
}

fn set_unless_default(of: &dyn Fn(&str) -> String, set: &dyn Fn(&str, &str)) {
    for (name, default) in DEFAULTS {
        let value = of(name);
        if value != default && !value.is_empty() {
            set(name, &value);
        }
    }
}

/// Whether nothing is seen of a colour. The last number of `rgb(r, g, b)` is its blue.
fn is_clear(colour: &str) -> bool {
    let is_seen_through = colour.starts_with("rgba(") && colour.ends_with(", 0)");
    colour == "none" || is_seen_through || colour.ends_with("/ 0)")
}

/// Sets a colour and its opacity, as SVG 1.1 has them.
fn set_colour(
    of: &dyn Fn(&str) -> String,
    set: &dyn Fn(&str, &str),
    name: &str,
    opacity_name: &str,
) {
    let (value, mut opacity) = (of(name), of(opacity_name));
    let colour = if is_clear(&value) {
        "none".to_owned()
    } else if let Some(parts) = value.strip_prefix("rgba(") {
        let (colour, alpha) = parts
            .trim_end_matches(')')
            .rsplit_once(',')
            .unwrap_or((parts, "1"));
        alpha.trim().clone_into(&mut opacity);
        format!("rgb({colour})")
    } else if let Some(parts) = value.strip_prefix("color(srgb ") {
        let (colour, alpha) = parts
            .trim_end_matches(')')
            .split_once('/')
            .unwrap_or((parts, "1"));
        alpha.trim().clone_into(&mut opacity);
        let of_255 = |part: &str| ((parse_float(part) * 255.0 + 0.5) as u8).to_string();
        let parts: Vec<_> = colour.split_whitespace().map(of_255).collect();
        format!("rgb({})", parts.join(", "))
    } else {
        // That of a gradient is in quotes.
        value.replace('"', "")
    };
    set(name, &colour);
    if opacity != "1" && colour != "none" {
        set(opacity_name, &opacity);
    }
}

/// The ground of the panels, on which a drawing stands.
fn ground(shown: &Element) -> Option<Element> {
    let ground = browser::document()?
        .create_element_ns(Some("http://www.w3.org/2000/svg"), "rect")
        .ok()?;
    let set = |name: &str, value: &str| {
        let _ = ground.set_attribute(name, value);
    };
    set("width", "100%");
    set("height", "100%");
    let panel = browser::element(Picture::Diagram.id());
    let mut behind = panel.or_else(|| Some(shown.clone()));
    while let Some(element) = behind {
        let colour = computed(&element)?
            .get_property_value("background-color")
            .unwrap_or_default();
        if !is_clear(&colour) {
            let of = |name: &str| {
                if name == "fill" {
                    colour.clone()
                } else {
                    "1".into()
                }
            };
            set_colour(&of, &set, "fill", "fill-opacity");
            return Some(ground);
        }
        behind = element.parent_element();
    }
    set("fill", "white");
    Some(ground)
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
