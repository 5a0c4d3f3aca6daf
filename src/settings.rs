//! How the page looks and speaks, whatever run it shows. It is kept for the
//! next visit.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser;
use crate::words::Lang;

/// How the page looks and speaks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// The language.
    pub lang: Lang,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// For a lecture hall: larger type, thicker strokes, no chrome.
    pub projector: bool,
    /// Stage, caption and time only, as part of another page.
    pub embedded: bool,
}

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What the user changes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Change {
    /// The next language.
    Language,
    /// The next theme.
    Theme,
    /// In or out of projector mode.
    Projector,
}

/// Where it is kept.
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
    /// Its name in the settings and for the browser.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The language whose tag begins like that.
    fn of_tag(tag: &str) -> Option<Self> {
        match tag.get(..2)? {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }
}

impl Settings {
    /// As they were on the last visit; what was not set is as the browser has it.
    pub fn recall() -> Self {
        let kept = browser::recall(NAME).unwrap_or_default();
        let mut settings = Self {
            lang: preferred(browser::languages()),
            theme: Theme::System,
            projector: browser::asks_for("projector"),
            embedded: browser::asks_for("embed"),
        };
        for word in kept.split_whitespace() {
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

    fn keep(self) {
        let projector = if self.projector { " projector" } else { "" };
        let text = format!("{} {}{projector}", self.lang.tag(), self.theme.name());
        browser::keep(NAME, &text);
    }

    /// Tells the style what is chosen.
    pub fn show(self) {
        let theme = (self.theme != Theme::System).then(|| self.theme.name());
        browser::mark_root("data-theme", theme);
        browser::mark_root("lang", Some(self.lang.tag()));
        browser::mark_root("data-projector", self.projector.then_some(""));
        browser::mark_root("data-embed", self.embedded.then_some(""));
        browser::announce_resize();
    }
}

/// The first language of a list that the page speaks.
fn preferred(languages: Vec<String>) -> Lang {
    let spoken = languages.iter().find_map(|tag| Lang::of_tag(tag));
    spoken.unwrap_or(Lang::En)
}

impl Reducible for Settings {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = *self;
        match change {
            Change::Language => next.lang = next.lang.other(),
            Change::Theme => next.theme = next.theme.next(),
            Change::Projector => next.projector = !next.projector,
        }
        next.keep();
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_the_page_speaks_is_taken() {
        let list = |tags: &[&str]| tags.iter().map(ToString::to_string).collect();
        assert_eq!(preferred(list(&["de-DE", "zh-TW", "en"])), Lang::Zh);
        assert_eq!(preferred(list(&["en-GB", "zh"])), Lang::En);
        assert_eq!(preferred(list(&["fr"])), Lang::En);
        assert_eq!(preferred(list(&[])), Lang::En);
    }
}
