//! What opens over the page: the gallery, the set-up of a run, its branches and
//! breakpoints, what can be shared, the keys.

mod branches;
mod breakpoints;
mod gallery;
mod help;
pub(super) mod setup;
mod share;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::Dispatch;
use super::buttons::named_button;
use crate::browser;
use crate::focus::target;
use crate::session::{Notice, Session};
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
    pub session: UseReducerHandle<Session>,
    pub open: Open,
    pub opener: Opener,
}

/// While nothing is open there is nothing to draw.
impl PartialEq for DialogProps {
    fn eq(&self, other: &Self) -> bool {
        let closed = matches!(self.open, Open::Nothing | Open::CommandLine);
        closed && self.open == other.open
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
    let what = props.open;
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
    let opener = &props.opener;
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
    let dispatch: Dispatch = props.session.dispatcher();
    let (title, inside) = match what {
        Open::Nothing | Open::CommandLine => ("", html! {}),
        Open::Gallery => (
            words().gallery(),
            html! { <gallery::Gallery opener={opener.clone()} {dispatch} /> },
        ),
        Open::Setup => (
            words().setup(),
            html! { <setup::Setup header={props.session.lab().header().clone()} opener={opener.clone()} {dispatch} /> },
        ),
        Open::Branches => (
            words().branches(),
            branches::draw(&props.session, opener, &dispatch),
        ),
        Open::Breakpoints => (
            words().breakpoints_title(),
            html! { <breakpoints::BreakpointList
                breakpoints={props.session.breakpoints().clone()}
                servers={props.session.lab().ids()}
                {dispatch}
            /> },
        ),
        Open::Share => (
            words().share(),
            share::draw(&props.session, opener, &dispatch),
        ),
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
                    { draw_notice(props.session.notice()) }
                }
            </div>
        </dialog>
    }
}
