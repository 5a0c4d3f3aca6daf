//! What opens over the page: the gallery, the set-up of a run, its branches and
//! breakpoints, what can be shared, the keys.

mod branches;
mod breakpoints;
mod gallery;
mod help;
pub(super) mod setup;
mod share;

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::Page;
use super::controls::named_button;
use crate::browser;
use crate::focus::target;
use crate::session::Notice;
use crate::words::words;

/// What is open. There is one at a time.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) enum Open {
    /// The page itself.
    #[default]
    Nothing,
    /// The scenarios.
    Gallery,
    /// What a run starts from: servers, seed, options, broken rules.
    Setup,
    /// The branches, and how two of them differ.
    Branches,
    /// Where time is to stop.
    Breakpoints,
    /// Links, files, pictures.
    Share,
    /// What this is, and the keys.
    Help,
    /// The command line, which is part of the page.
    CommandLine,
}

/// Opens one thing in place of another.
#[derive(Clone, PartialEq)]
pub(crate) struct Opener(UseStateSetter<Open>);

impl Opener {
    /// An opener of what that state says is open.
    pub(crate) fn of(state: &UseStateHandle<Open>) -> Self {
        Self(state.setter())
    }

    /// Opens it now.
    pub(crate) fn open(&self, what: Open) {
        self.0.set(what);
    }

    /// A callback that opens it.
    pub(crate) fn to<E>(&self, what: Open) -> Callback<E> {
        let setter = self.0.clone();
        Callback::from(move |_| setter.set(what))
    }
}

const ID: &str = "dialog";

/// The properties of the [`Dialog`].
#[derive(Properties)]
pub(crate) struct DialogProps {
    pub page: Rc<Page>,
}

/// While nothing is open there is nothing to draw.
impl PartialEq for DialogProps {
    fn eq(&self, other: &Self) -> bool {
        let closed = matches!(self.page.open, Open::Nothing | Open::CommandLine);
        closed && self.page.open == other.page.open
    }
}

/// The properties of a form, which keeps what is typed into it.
#[derive(Properties)]
struct FormProps {
    page: Rc<Page>,
}

/// A form has its own state, beside what belongs to the run.
impl PartialEq for FormProps {
    fn eq(&self, other: &Self) -> bool {
        self.page.story.branch() == other.page.story.branch()
    }
}

/// How it went. Behind the dialog nobody could read it out or select it.
fn draw_notice(notice: Option<&Notice>) -> Html {
    let (class, text) = match notice {
        Some(Notice::Refused(why)) => ("notice", words().not_done(why)),
        Some(Notice::Told(what)) => ("told", what.to_string()),
        None => ("told", String::new()),
    };
    html! { <p {class} role="status">{ text }</p> }
}

/// What is open, if anything is, as a dialog of the browser: it keeps the focus,
/// closes on Escape, and leaves the page behind it alone.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let page = &props.page;
    let what = page.open;
    use_effect_with(what, |what| {
        if let Some(dialog) = browser::element::<HtmlDialogElement>(ID) {
            match what {
                Open::Nothing | Open::CommandLine => dialog.close(),
                _ if !dialog.open() => {
                    // It fails only for a dialog that is open already.
                    let _ = dialog.show_modal();
                }
                _ => {}
            }
        }
    });
    let opener = &page.opener;
    let close = opener.to(Open::Nothing);
    // The browser closes it, too, on Escape. An input says the same when the user
    // has chosen no file after all.
    let oncancel = {
        let opener = opener.clone();
        Callback::from(move |event: Event| {
            if target(&event).is_some_and(|it| it.id() == ID) {
                opener.open(Open::Nothing);
            }
        })
    };
    let (title, inside) = match what {
        Open::Nothing | Open::CommandLine => ("", html! {}),
        Open::Gallery => (words().gallery(), html! { <gallery::Gallery {page} /> }),
        Open::Setup => (words().setup(), html! { <setup::Setup {page} /> }),
        Open::Branches => (words().branches(), branches::draw(page)),
        Open::Breakpoints => (words().breakpoints_title(), breakpoints::draw(page)),
        Open::Share => (words().share(), share::draw(page)),
        Open::Help => (words().help(), help::draw()),
    };
    html! {
        <dialog id={ID} aria-labelledby="dialog-title" {oncancel}>
            <div class="dialog-head">
                <h2 id="dialog-title">{ title }</h2>
                { named_button("✕", words().close(), close) }
            </div>
            <div id="dialog-body" class="dialog-body" tabindex="0">
                { inside }
                if matches!(what, Open::Share | Open::Branches | Open::Breakpoints) {
                    { draw_notice(page.session.notice()) }
                }
            </div>
        </dialog>
    }
}
