//! The known flaws of a shipped program, each with a box that mends it in a future beside
//! the shown run.

use std::rc::Rc;

use hustings_lab::narrate::Lang;
use hustings_lab::{Program, narrate};
use hustings_programs::{Flaw, Shipped};
use hustings_raft::NodeId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls::button;
use super::{Dispatch, Page, code, on_click};
use crate::i18n::{lang, texts};
use crate::programs;
use crate::session::{Action, Other, Session, WhatIf};

/// A button that puts Raft beside the run.
pub(super) fn draw_compare(dispatch: &Dispatch) -> Html {
    let compare = Action::PutBeside(Other::WhatIf(WhatIf::Raft));
    button(
        texts().compare_with_raft(),
        texts().what_if_hint(),
        on_click(dispatch, compare),
    )
}

/// The known flaws of the program of a server, to be opened.
pub(super) fn draw(page: &Page, server: NodeId) -> Html {
    let program = programs::program_of(page.session.run(), server);
    let known = program.and_then(|program| {
        let known = Known::of(&page.session, &**program)?;
        Some((known, programs::source_of(&**program)?))
    });
    let Some((known, source)) = known else {
        return html! {};
    };
    html! {
        <details class="flaws">
            <summary>{ texts().flaws_count(known.shipped.flaws.len()) }</summary>
            <p class="hint">{ texts().flaws_hint() }</p>
            <ul aria-label={texts().flaws_of(&*known.program)}>
                { for known.shipped.flaws.iter().map(|flaw| html! {
                    <li key={flaw.name.to_string()}>
                        { known.draw_box(flaw, Some(text_id(flaw)), &page.dispatch) }
                        <p id={text_id(flaw)}>{ sentence(flaw) }</p>
                        <p class="about">
                            { draw_rule(flaw) }
                            { draw_lines(flaw, &source, server, &page.dispatch) }
                        </p>
                    </li>
                }) }
            </ul>
        </details>
    }
}

/// The boxes alone, for all programs of the run.
pub(super) fn draw_boxes(page: &Page) -> Html {
    let header = page.session.run().header();
    let mut all: Vec<Known> = Vec::new();
    for (_, program) in header.programs.iter() {
        let known = Known::of(&page.session, &**program);
        all.extend(known.filter(|known| all.iter().all(|it| it.program != known.program)));
    }
    html! {
        { for all.iter().map(|known| html! {
            <div key={known.program.to_string()} class="flaw-boxes" role="group" aria-label={texts().flaws_of(&*known.program)}>
                <span aria-hidden="true">{ texts().mended_in(&*known.program) }</span>
                { for known.shipped.flaws.iter().map(|flaw| known.draw_box(flaw, None, &page.dispatch)) }
            </div>
        }) }
    }
}

/// A program whose flaws are known.
struct Known {
    program: Rc<str>,
    shipped: Shipped,
    /// The flaws that are mended in the shown run.
    here: Vec<Rc<str>>,
    /// Those that are mended in the future beside it, or in the shown run.
    mended: Vec<Rc<str>>,
}

impl Known {
    fn of(session: &Session, program: &dyn Program) -> Option<Self> {
        let shipped = programs::shipped(program.name()).filter(|it| !it.flaws.is_empty())?;
        let here = program.mended().to_vec();
        let beside = match session.beside().map(|it| it.other()) {
            Some(Other::WhatIf(WhatIf::MendedFlaws { program: of, flaws }))
                if **of == *program.name() =>
            {
                Some(flaws.clone())
            }
            _ => None,
        };
        Some(Self {
            program: program.name().into(),
            shipped,
            mended: beside.unwrap_or_else(|| here.clone()),
            here,
        })
    }

    fn draw_box(&self, flaw: &Flaw, told_in: Option<String>, dispatch: &Dispatch) -> Html {
        let onchange = {
            let (dispatch, with, without) = (
                dispatch.clone(),
                self.change(flaw, true),
                self.change(flaw, false),
            );
            Callback::from(move |event: Event| {
                let is_mended = event.target_unchecked_into::<HtmlInputElement>().checked();
                dispatch.dispatch(if is_mended {
                    with.clone()
                } else {
                    without.clone()
                });
            })
        };
        let checked = self.mended.iter().any(|it| **it == *flaw.name);
        html! {
            <label key={flaw.name.to_string()} class="flaw" title={sentence(flaw)}>
                <input type="checkbox" {checked} {onchange} aria-describedby={told_in} />
                { &*flaw.name }
            </label>
        }
    }

    /// Mends a flaw, or no longer: in the order in which they are known, so that the same
    /// boxes give the same run.
    fn change(&self, flaw: &Flaw, mend: bool) -> Action {
        let is_mended = |other: &Flaw| match other.name == flaw.name {
            true => mend,
            false => self.mended.iter().any(|it| **it == *other.name),
        };
        let flaws = self.shipped.flaws.iter().filter(|it| is_mended(it));
        let flaws: Vec<Rc<str>> = flaws.map(|it| (*it.name).into()).collect();
        let is_shown =
            flaws.len() == self.here.len() && flaws.iter().all(|it| self.here.contains(it));
        if is_shown {
            return Action::CloseBeside;
        }
        let program = Rc::clone(&self.program);
        Action::PutBeside(Other::WhatIf(WhatIf::MendedFlaws { program, flaws }))
    }
}

fn text_id(flaw: &Flaw) -> String {
    format!("flaw-{}", flaw.name)
}

fn sentence(flaw: &Flaw) -> String {
    match lang() {
        Lang::En => flaw.en.to_string(),
        Lang::Zh => flaw.zh.to_string(),
    }
}

/// The rule or the invariant that a flaw breaks, in words.
fn draw_rule(flaw: &Flaw) -> Html {
    let (told, source) = match (flaw.rule(), flaw.invariant()) {
        (Some(rule), _) => (narrate::rule(rule, lang()), rule.source()),
        (None, Some(invariant)) => (narrate::invariant(invariant, lang()), invariant.source()),
        (None, None) => return html! {},
    };
    html! { <><strong>{ texts().flaw_breaks() }</strong>{ " " }{ told }{ " " }<span class="rule">{ narrate::source(source, lang()) }</span></> }
}

/// The lines of a source that are wrong, as a button that shows them.
fn draw_lines(flaw: &Flaw, source: &str, server: NodeId, dispatch: &Dispatch) -> Html {
    let Some((first, last)) = flaw.lines(source) else {
        return html! {};
    };
    let told = if first == last {
        texts().flaw_line(first)
    } else {
        texts().flaw_lines(first, last)
    };
    let dispatch = dispatch.clone();
    button(
        &told,
        texts().code_hint(),
        Callback::from(move |_| code::show_line(&dispatch, server, first)),
    )
}
