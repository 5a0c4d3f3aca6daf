//! The editor of a program.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use hustings_raft::NodeId;
use yew::prelude::*;

use super::super::controls::{ButtonStyle, button};
use super::super::editor::{Diagnostic, Editor, EditorProps, Painted, go_to};
use super::super::mount::mount;
use super::super::{PANEL, Page, on_click};
use super::{ID, steps};
use crate::browser;
use crate::i18n::texts;
use crate::programs::fault_of;
use crate::session::{Action, RunFrom};

/// The id of the text area.
const AREA: &str = "program";

#[derive(Properties)]
pub(super) struct EditProps {
    pub page: Rc<Page>,
    pub server: NodeId,
    pub text: Rc<str>,
    /// Whether it is changed.
    pub has_draft: bool,
    pub painted: Rc<Vec<Painted>>,
}

/// The panel that contains it knows when it is the same.
impl PartialEq for EditProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.page, &other.page)
    }
}

/// The editor, with what can be done with the changed program.
#[component]
pub(super) fn Edit(props: &EditProps) -> Html {
    let dispatch = &props.page.dispatch;
    let fault = use_memo(Rc::clone(&props.text), |text| fault_of(text));
    // It opens where the code was read.
    let traced = props.page.session.shown_trace();
    let step = traced.and_then(|it| it.steps.get(steps::place(&props.page, it).0));
    let line = step.map_or(1, |step| step.line as usize);
    let text = Rc::clone(&props.text);
    use_effect_with((), move |()| {
        // From the button that has shown it, which is gone.
        let focus = Timeout::new(0, move || {
            go_to(AREA, &text, line);
            browser::focus(AREA);
        });
        move || drop(focus)
    });
    let diagnostics = fault.as_ref().as_ref().map(|fault| {
        let (line, column) = fault.at.unwrap_or((1, 1));
        Diagnostic {
            line: line as usize,
            column: column as usize,
            length: 1,
            says: fault.message.clone(),
        }
    });
    let onedit = {
        let dispatch = dispatch.clone();
        Callback::from(move |text| dispatch.dispatch(Action::WriteCode(Some(text))))
    };
    let run = |from: RunFrom| Action::TryProgram {
        server: props.server,
        source: Rc::clone(&props.text),
        from,
    };
    let wrong = fault.as_ref().as_ref().map(|fault| fault.to_string());
    let run_button = |class, label: &str, hint: &str, from| {
        let style = ButtonStyle {
            class,
            hint: wrong.as_deref().unwrap_or(hint),
            disabled: wrong.is_some(),
            ..ButtonStyle::default()
        };
        style.button(label, on_click(dispatch, run(from)))
    };
    let onkeydown = {
        let start = wrong.is_none().then(|| run(RunFrom::Start));
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                if let Some(start) = &start {
                    dispatch.dispatch(start.clone());
                }
            }
            // From there, Escape closes it.
            "Escape" => browser::focus(PANEL),
            _ => {}
        })
    };
    let back = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::EditCode(false));
            Timeout::new(0, || browser::focus(ID)).forget();
        })
    };
    let status = match (props.has_draft, &wrong) {
        (_, Some(_)) => texts().script_errors(1),
        (true, None) => texts().code_changed().to_owned(),
        (false, None) => String::new(),
    };
    let editor = EditorProps {
        id: AREA,
        name: texts().code_program(),
        text: Rc::clone(&props.text),
        painted: Rc::clone(&props.painted),
        marked: None,
        diagnostics: Rc::new(diagnostics.into_iter().collect()),
        onedit,
        oncaret: Callback::noop(),
        onkeydown,
        onchoose: Callback::noop(),
    };
    html! {
        <>
            <div class="back script-head" role="group" aria-label={texts().code_actions()}>
                { button(&format!("‹ {}", texts().code()), "", back) }
                { run_button("primary", texts().code_from_start(), texts().code_from_start_hint(), RunFrom::Start) }
                { run_button("", texts().code_from_here(), &texts().code_from_here_hint(props.server), RunFrom::Here) }
                if props.has_draft {
                    { button(texts().code_discard(), "", on_click(dispatch, Action::WriteCode(None))) }
                }
                <p role="status">{ status }</p>
            </div>
            { mount::<Editor>(editor) }
        </>
    }
}
