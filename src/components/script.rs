//! The script of the run, in an editor: it is changed and played as a new run.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use hustings_lab::RecordId;
use hustings_lab::narrate::Tell;
use hustings_lab::play::Fault;
use hustings_lab::script::{PieceKind, Script, Span, pieces};
use yew::prelude::*;

use super::controls::{ButtonStyle, button};
use super::dialog::share::file_name;
use super::editor::{Diagnostic, Editor, EditorProps, PAINTED_MAX, Painted};
use super::mount::mount;
use super::{Dispatch, PANEL, Page, on_click, show_panel};
use crate::browser;
use crate::files::play_text;
use crate::i18n::{lang, texts};
use crate::programs::{library, use_programs_of};
use crate::session::{Action, PlayedScript, ShownScript};

/// The id of the text area.
const ID: &str = "script";

#[derive(Properties)]
pub(super) struct ScriptPanelProps {
    pub page: Rc<Page>,
}

impl PartialEq for ScriptPanelProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.session, &other.page.session);
        self.page.run == other.page.run
            && now.has_set_aside() == before.has_set_aside()
            && now.script() == before.script()
    }
}

/// Shows the script and moves to it, or shows the events again.
pub(crate) fn open(dispatch: &Dispatch) {
    dispatch.dispatch(Action::ToggleScript);
    show_panel();
    // Once it is there.
    Timeout::new(0, || browser::focus(ID)).forget();
}

/// A callback that does the same.
pub(super) fn opener(page: &Page) -> Callback<MouseEvent> {
    let dispatch = page.dispatch.clone();
    Callback::from(move |_| open(&dispatch))
}

/// The panel of the script.
#[component]
pub(super) fn ScriptPanel(props: &ScriptPanelProps) -> Html {
    let page = &props.page;
    let dispatch = &page.dispatch;
    let caret = use_state(|| 1);
    let shown = page.session.script();
    use_programs_of(&shown.text);
    let painted = use_memo(Rc::clone(&shown.text), |text| {
        let lines = text.split('\n').take(PAINTED_MAX);
        lines.map(paint).collect::<Vec<_>>()
    });
    let (diagnostics, moments) = said_of(&shown);
    let last = page.run.records().len().checked_sub(1).map(RecordId);
    let played = shown.played.as_deref();
    let marked = played.zip(last).and_then(|(it, last)| it.line_of(last));
    let onedit = {
        let dispatch = dispatch.clone();
        Callback::from(move |text: Rc<str>| dispatch.dispatch(Action::Write(text)))
    };
    let play = {
        let (text, dispatch) = (Rc::clone(&shown.text), dispatch.clone());
        Callback::from(move |()| play_text(Rc::clone(&text), &dispatch))
    };
    let onkeydown = {
        let play = play.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                play.emit(());
            }
            // From there, Escape closes it.
            "Escape" => browser::focus(PANEL),
            _ => {}
        })
    };
    let onchoose = {
        let dispatch = dispatch.clone();
        Callback::from(move |index: usize| {
            if let Some(record) = moments.get(index) {
                dispatch.dispatch(Action::GoToRecord(*record));
            }
        })
    };
    let status = match (played, diagnostics.len()) {
        (None, 0) => texts().script_changed().to_owned(),
        (None, errors) => texts().script_errors(errors),
        (Some(_), 0) => String::new(),
        (Some(_), failures) => texts().script_failures(failures),
    };
    let oncaret = {
        let caret = caret.clone();
        Callback::from(move |line| caret.set(line))
    };
    let head = draw_head(page, &shown, play, *caret, status);
    let editor = EditorProps {
        id: ID,
        name: texts().script(),
        text: Rc::clone(&shown.text),
        painted,
        marked,
        diagnostics: Rc::new(diagnostics),
        onedit,
        oncaret,
        onkeydown,
        onchoose,
    };
    html! {
        <>
            { head }
            { mount::<Editor>(editor) }
        </>
    }
}

fn draw_head(
    page: &Page,
    shown: &ShownScript,
    play: Callback<()>,
    caret: usize,
    status: String,
) -> Html {
    let dispatch = &page.dispatch;
    let back = on_click(dispatch, Action::ToggleScript);
    let primary = ButtonStyle {
        class: "primary",
        hint: texts().play_script_hint(),
        ..ButtonStyle::default()
    };
    let swap = match (&shown.played, page.session.has_set_aside()) {
        (None, _) => Some(texts().script_swap_out()),
        (Some(_), true) => Some(texts().script_swap_in()),
        (Some(_), false) => None,
    };
    let count = page.run.tip().records().len();
    let end = |it: &Rc<PlayedScript>| it.end_of(caret, count);
    let end = shown.played.as_ref().and_then(end);
    let save = {
        let (text, name) = (Rc::clone(&shown.text), file_name(&page.run.header().title));
        Callback::from(move |_: MouseEvent| {
            browser::save(&format!("{name}.hust"), "text/plain", &text);
        })
    };
    html! {
        <div class="back script-head" role="group" aria-label={texts().script_actions()}>
            { button(&format!("‹ {}", texts().events()), texts().key_escape(), back) }
            { primary.button(texts().play_script(), play.reform(|_| ())) }
            if let Some(record) = end {
                { button(&texts().to_line(caret), texts().to_line_hint(), on_click(dispatch, Action::GoToRecord(record))) }
            }
            if let Some(swap) = swap {
                { button(swap, "", on_click(dispatch, Action::SwapDraft)) }
            }
            { button(texts().save_file(), "", save) }
            <p role="status">{ status }</p>
        </div>
    }
}

/// What is said about the script, with the moments of the run for lines that failed in it.
fn said_of(shown: &ShownScript) -> (Vec<Diagnostic>, Vec<RecordId>) {
    let said = |at: Span, says: String| Diagnostic {
        line: at.line,
        column: at.column,
        length: at.length,
        says,
    };
    match &shown.played {
        // A goal that is not met yet is for the user to meet.
        Some(played) => played
            .failures
            .iter()
            .filter(|it| !matches!(it.fault, Fault::GoalNotMet(_)))
            .map(|it| {
                let last = RecordId(it.when.records.saturating_sub(1));
                (said(it.at, it.tell(lang())), last)
            })
            .unzip(),
        None => {
            let read = Script::parse_with(&shown.text, &*library());
            let errors = read.err().unwrap_or_default();
            let all = errors.iter().map(|it| said(it.at, it.advice(lang())));
            (all.collect(), Vec::new())
        }
    }
}

/// The colours of a line.
fn paint(line: &str) -> Painted {
    let class = |kind| match kind {
        PieceKind::Start => "start",
        PieceKind::Word => "",
        PieceKind::Server => "server",
        PieceKind::Number => "number",
        PieceKind::Text => "text",
        PieceKind::Field => "field",
        PieceKind::Comment => "comment",
    };
    let found = pieces(line).into_iter();
    found.map(|(range, kind)| (range, class(kind))).collect()
}
