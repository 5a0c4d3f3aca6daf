//! Language, theme and display mode, stored for the next visit.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser;
use crate::i18n::Lang;

/// The settings of the page.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// The language.
    pub lang: Lang,
    /// The theme.
    pub theme: Theme,
    /// For a lecture hall: larger type, thicker strokes, no chrome.
    pub projector: bool,
    /// Embedded in another page: only stage, caption and time controls.
    pub embedded: bool,
}

/// A colour theme.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// The system's preference.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A change of the settings.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Change {
    /// A language, whose texts are there.
    Language(Lang),
    /// The next theme.
    Theme,
    /// Toggles projector mode.
    Projector,
}

/// Storage key.
const NAME: &str = "hustings.settings";

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

impl Lang {
    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The language of a BCP 47 tag, by its first subtag.
    fn of_tag(tag: &str) -> Option<Self> {
        match tag.get(..2)? {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// The other language.
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }
}

impl Settings {
    /// The settings of the last visit; defaults follow the browser.
    pub fn load() -> Self {
        let stored = browser::load(NAME).unwrap_or_default();
        let mut settings = Self {
            lang: preferred(browser::languages()),
            theme: Theme::System,
            projector: browser::has_query_parameter("projector"),
            embedded: browser::has_query_parameter("embed"),
        };
        for word in stored.split_whitespace() {
            if let Some(lang) = Lang::of_tag(word).filter(|lang| lang.tag() == word) {
                settings.lang = lang;
            }
            if let Some(theme) = Theme::ALL.into_iter().find(|theme| theme.name() == word) {
                settings.theme = theme;
            }
            settings.projector |= word == "projector";
        }
        settings
    }

    fn store(self) {
        let projector = if self.projector { " projector" } else { "" };
        let text = format!("{} {}{projector}", self.lang.tag(), self.theme.name());
        browser::store(NAME, &text);
    }

    /// Sets the root element's attributes, which the style sheet uses.
    pub fn apply(self) {
        let theme = (self.theme != Theme::System).then(|| self.theme.name());
        browser::set_root_attribute("data-theme", theme);
        browser::set_root_attribute("lang", Some(self.lang.tag()));
        browser::set_root_attribute("data-projector", self.projector.then_some(""));
        browser::set_root_attribute("data-embed", self.embedded.then_some(""));
    }
}

/// The first supported language of a list.
fn preferred(languages: Vec<String>) -> Lang {
    let supported = languages.iter().find_map(|tag| Lang::of_tag(tag));
    supported.unwrap_or(Lang::En)
}

impl Reducible for Settings {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = *self;
        match change {
            Change::Language(lang) => next.lang = lang,
            Change::Theme => next.theme = next.theme.next(),
            Change::Projector => next.projector = !next.projector,
        }
        next.store();
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_supported_language_is_chosen() {
        let list = |tags: &[&str]| tags.iter().map(ToString::to_string).collect();
        assert_eq!(preferred(list(&["de-DE", "zh-TW", "en"])), Lang::Zh);
        assert_eq!(preferred(list(&["en-GB", "zh"])), Lang::En);
        assert_eq!(preferred(list(&["fr"])), Lang::En);
        assert_eq!(preferred(list(&[])), Lang::En);
    }
}
