//! Dialogs: the gallery, settings of a new run, branches, breakpoints, a search for a run,
//! samples of many, sharing, logs of real servers, statistics, help.

mod branches;
mod breakpoints;
mod find;
pub(super) mod gallery;
mod help;
mod open_logs;
mod sample;
pub(super) mod setup;
pub(super) mod share;
mod statistics;

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::Page;
use super::controls::named_button;
use super::mount::mount;
use super::story::draw_export;
use crate::browser;
use crate::focus::{leave_clicked, target};
use crate::i18n::texts;
use crate::session::Notice;

/// What is open: at most one dialog, or the command line.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) enum Open {
    /// Nothing.
    #[default]
    Nothing,
    /// The scenarios.
    Gallery,
    /// Settings of a new run: servers, seed, options, broken rules.
    Setup,
    /// The branches, and how two of them differ.
    Branches,
    /// The breakpoints.
    Breakpoints,
    /// A search for a run, and what could happen next.
    Find,
    /// A sample of many runs.
    Sample,
    /// Links, files, pictures.
    Share,
    /// The logs of real servers, to be opened.
    Logs,
    /// How the run went, in numbers.
    Statistics,
    /// Help and keyboard shortcuts.
    Help,
    /// The command line, which is part of the page.
    CommandLine,
    /// The field for a caption, which is part of the page.
    Caption,
}

impl Open {
    /// Whether it is a dialog, behind which time stands still.
    pub(crate) fn is_dialog(self) -> bool {
        !matches!(self, Self::Nothing | Self::CommandLine | Self::Caption)
    }
}

/// Opens a dialog or the command line, and closes what was open.
#[derive(Clone, PartialEq)]
pub(crate) struct Opener(UseStateSetter<Open>);

impl Opener {
    /// An opener for a state.
    pub(crate) fn of(state: &UseStateHandle<Open>) -> Self {
        Self(state.setter())
    }

    /// Opens `what` now.
    pub(crate) fn open(&self, what: Open) {
        self.0.set(what);
    }

    /// A callback that opens `what`.
    pub(crate) fn to<E>(&self, what: Open) -> Callback<E> {
        let setter = self.0.clone();
        Callback::from(move |_| setter.set(what))
    }
}

const ID: &str = "dialog";

#[derive(Properties)]
pub(crate) struct DialogProps {
    pub page: Rc<Page>,
}

/// A closed dialog need not be rendered again.
impl PartialEq for DialogProps {
    fn eq(&self, other: &Self) -> bool {
        !self.page.open.is_dialog() && self.page.open == other.page.open
    }
}

/// The properties of a form with its own state.
#[derive(Properties)]
struct FormProps {
    page: Rc<Page>,
}

/// A form depends only on its own state and on the branch.
impl PartialEq for FormProps {
    fn eq(&self, other: &Self) -> bool {
        self.page.run.branch() == other.page.run.branch() && self.page.lessons == other.page.lessons
    }
}

/// The current notice, repeated in the dialog, which makes the rest of the page inert.
fn draw_notice(notice: Option<&Notice>) -> Html {
    let (class, text) = match notice {
        Some(Notice::Refused(why)) => ("notice", texts().not_done(why)),
        Some(Notice::Failed(why)) => ("notice", why.to_string()),
        Some(Notice::Info(what)) => ("told", what.to_string()),
        None => ("told", String::new()),
    };
    html! { <p {class} role="status">{ text }</p> }
}

/// The open dialog as a modal `<dialog>`, which keeps the focus and closes on Escape.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let page = &props.page;
    let what = page.open;
    use_effect_with(what, |what| {
        if let Some(dialog) = browser::element::<HtmlDialogElement>(ID) {
            match what {
                what if !what.is_dialog() => dialog.close(),
                _ if !dialog.open() => {
                    leave_clicked();
                    let _ = dialog.show_modal();
                }
                _ => {}
            }
        }
    });
    let opener = &page.opener;
    let close = opener.to(Open::Nothing);
    // Sent on Escape; a file input inside sends `cancel`, too, which is ignored.
    let oncancel = {
        let opener = opener.clone();
        Callback::from(move |event: Event| {
            if target(&event).is_some_and(|it| it.id() == ID) {
                opener.open(Open::Nothing);
            }
        })
    };
    let form = || FormProps {
        page: Rc::clone(page),
    };
    let (title, inside) = match what {
        Open::Nothing | Open::CommandLine | Open::Caption => ("", html! {}),
        Open::Gallery => (texts().gallery(), mount::<gallery::Gallery>(form())),
        Open::Setup => (texts().setup(), mount::<setup::Setup>(form())),
        Open::Branches => (texts().branches(), branches::draw(page)),
        Open::Breakpoints => (texts().breakpoints_title(), breakpoints::draw(page)),
        Open::Find => (texts().find(), find::draw(page)),
        Open::Sample => (texts().sample(), sample::draw(page)),
        Open::Share if page.session.shows_story() => (texts().logs_export(), draw_export(page)),
        Open::Share => (texts().share(), share::draw(page)),
        Open::Logs => (texts().logs_open(), mount::<open_logs::OpenLogs>(form())),
        Open::Statistics => (texts().statistics(), mount::<statistics::Numbers>(form())),
        Open::Help if page.session.shows_story() => (texts().help(), help::draw_of_logs()),
        Open::Help => (texts().help(), help::draw()),
    };
    html! {
        <dialog id={ID} aria-labelledby="dialog-title" {oncancel}>
            <div class="dialog-head">
                <h2 id="dialog-title">{ title }</h2>
                { named_button("✕", texts().close(), close) }
            </div>
            <div id="dialog-body" class="dialog-body" tabindex="0">
                { inside }
                if matches!(what, Open::Setup | Open::Share | Open::Logs | Open::Branches | Open::Breakpoints | Open::Find | Open::Sample) {
                    { draw_notice(page.session.notice()) }
                }
            </div>
        </dialog>
    }
}
