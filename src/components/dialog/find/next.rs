//! What could happen next at the shown moment; a click does it.

use std::rc::Rc;

use hustings_lab::Run;
use hustings_search::wire::Next;
use hustings_search::{Consequence, Possibility};
use yew::prelude::*;

use super::super::super::controls::ButtonStyle;
use super::super::super::{Dispatch, Page};
use crate::complete::{Entered, read};
use crate::i18n::texts;
use crate::searching;
use crate::session::Action;

#[derive(Properties)]
pub(super) struct NextProps {
    pub page: Rc<Page>,
}

impl PartialEq for NextProps {
    fn eq(&self, other: &Self) -> bool {
        let next = |props: &Self| props.page.session.finding().next().map(std::ptr::from_ref);
        let soon = |props: &Self| props.page.session.finding().soon().map(str::as_ptr);
        self.page.run == other.page.run && next(self) == next(other) && soon(self) == soon(other)
    }
}

/// What could happen next, and what it would lead to.
#[component]
pub(super) fn NextList(props: &NextProps) -> Html {
    let page = &props.page;
    let dispatch = page.dispatch.clone();
    use_effect_with(page.run.clone(), move |run| searching::next(run, &dispatch));
    let known = page.session.finding().next();
    html! {
        <section class="next" aria-label={texts().next_title()}>
            <h3>{ texts().next_title() }</h3>
            <p>{ texts().next_hint() }</p>
            if let Some(soon) = page.session.finding().soon() {
                <p class="soon">{ soon }</p>
            }
            { match known {
                None => html! { <p role="status">{ texts().find_asked() }</p> },
                Some(Err(why)) => html! { <p class="notice">{ why }</p> },
                Some(Ok(next)) => draw_next(page, next),
            } }
        </section>
    }
}

fn draw_next(page: &Page, next: &Next) -> Html {
    html! {
        <>
            if next.possible.is_empty() {
                <p>{ texts().next_none() }</p>
            }
            <ul>{ for next.possible.iter().map(|it| draw_possibility(page, it)) }</ul>
            if let Some(more) = &next.more {
                <p>{ more }</p>
            }
        </>
    }
}

fn draw_possibility(page: &Page, possibility: &Possibility) -> Html {
    let class = match possibility.consequence {
        Consequence::Violation => "violates",
        Consequence::Leader => "elects",
        Consequence::Change => "",
        Consequence::Nothing => "idle",
    };
    let (lines, told) = (possibility.lines.join("; "), possibility.told.clone());
    let onclick = perform(&possibility.lines, page);
    let style = ButtonStyle {
        class: "possibility",
        ..ButtonStyle::default()
    };
    let label = html! { <><code>{ lines }</code><span>{ told }</span></> };
    html! { <li {class}>{ style.around(label, onclick) }</li> }
}

/// Has it happen, by the commands that a user could have given.
fn perform(lines: &[String], page: &Page) -> Callback<MouseEvent> {
    let (lines, run, dispatch) = (lines.to_vec(), page.run.clone(), page.dispatch.clone());
    Callback::from(move |_| act(&lines, &run, &dispatch))
}

fn act(lines: &[String], run: &Run, dispatch: &Dispatch) {
    let mut commands = Vec::new();
    for line in lines {
        match read(line, run) {
            Ok(Entered::Command(command)) => commands.push(command),
            Ok(Entered::Check(_)) => {}
            Err(why) => return dispatch.dispatch(Action::Refuse(why.into())),
        }
    }
    dispatch.dispatch(Action::DoAll(commands));
}
