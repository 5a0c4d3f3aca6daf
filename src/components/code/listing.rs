//! The lines of a program, with what was executed of them.

use std::iter;
use std::ops::Range;
use std::rc::Rc;

use hustings_lab::{Event, Value, VecSet};
use hustings_raft::NodeId;
use yew::prelude::*;

use super::super::editor::Painted;
use super::super::glyphs::{class_if, class_of};
use super::super::mount::mount_as;
use super::super::{Dispatch, Page, on_click};
use super::{ID, steps};
use crate::browser;
use crate::i18n::texts;
use crate::session::{Action, Breakpoint, Mark};

/// A value beside its line has so many characters at most.
const VALUE_CHARS: usize = 44;

#[derive(Properties)]
pub(super) struct ListingProps {
    pub page: Rc<Page>,
    pub server: NodeId,
    /// The name of the program.
    pub program: Rc<str>,
    pub text: Rc<str>,
    /// The colours of the first lines.
    pub painted: Rc<Vec<Painted>>,
}

/// The panel that contains it knows when it is the same.
impl PartialEq for ListingProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.page, &other.page)
    }
}

/// The lines as a list, of which one is chosen by the arrow keys.
#[component]
pub(super) fn Listing(props: &ListingProps) -> Html {
    let page = &props.page;
    let caret = use_state(|| 1);
    let traced = page.session.shown_trace();
    let at = traced.map(|traced| (steps::place(page, traced), traced));
    let marks = at.map(|((place, _), traced)| traced.marks(place));
    let marks = marks.unwrap_or_default();
    let current = marks.iter().find(|(_, mark)| mark.is_last);
    let current = current.map(|(line, _)| line);
    let later = at.into_iter().flat_map(|((place, _), traced)| {
        let later = traced.steps.iter().skip(place + 1);
        later.map(|step| step.line)
    });
    let later: VecSet<_> = later.collect();
    let failure = failure(page, props.server);
    let failed = failure.as_ref().map(|(line, _)| *line);
    {
        let caret = caret.clone();
        use_effect_with((current.or(failed), props.server), move |(line, _)| {
            if let Some(line) = line {
                caret.set(*line);
                browser::scroll_within(ID, &line_id(*line));
            }
        });
    }
    let onkeydown = on_key(&caret, props);
    let by_hand = at.filter(|((_, is_by_hand), _)| *is_by_hand).and(current);
    let sentence = by_hand.map(|line| said(&props.text, line, marks.get(line)));
    let plain = Painted::new();
    let painted = props.painted.iter().chain(iter::repeat(&plain));
    let lines = (1..).zip(props.text.split('\n')).zip(painted);
    html! {
        <>
            <div
                id={ID}
                class="code"
                role="listbox"
                tabindex="0"
                aria-label={texts().code_of(props.server)}
                aria-description={texts().code_line_keys()}
                aria-activedescendant={line_id(*caret)}
                {onkeydown}
            >
                { for lines.map(|((line, text), painted)| {
                    let says = failure.as_ref().filter(|(at, _)| *at == line);
                    let props = LineProps {
                        line,
                        text: text.to_owned(),
                        painted: painted.clone(),
                        mark: marks.get(line).cloned(),
                        is_later: later.get(line).is_some(),
                        has_caret: *caret == line,
                        stops: stops(page, &props.program, line),
                        says: says.map(|(_, says)| says.clone()),
                        program: Rc::clone(&props.program),
                        dispatch: page.dispatch.clone(),
                    };
                    mount_as::<Line>(line.into(), props)
                }) }
            </div>
            <p class="visually-hidden" role="status">{ sentence.unwrap_or_default() }</p>
        </>
    }
}

/// The arrow keys choose a line, and Enter puts a breakpoint there.
fn on_key(caret: &UseStateHandle<u32>, props: &ListingProps) -> Callback<KeyboardEvent> {
    let (caret, dispatch) = (caret.clone(), props.page.dispatch.clone());
    let program = Rc::clone(&props.program);
    let count = props.text.split('\n').count() as u32;
    Callback::from(move |event: KeyboardEvent| {
        let line = match event.key().as_str() {
            "ArrowDown" => (*caret + 1).min(count),
            "ArrowUp" => (*caret - 1).max(1),
            "Enter" => {
                event.prevent_default();
                dispatch.dispatch(Action::BreakAtLine(Rc::clone(&program), *caret));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        caret.set(line);
        browser::scroll_within(ID, &line_id(line));
    })
}

/// What is said when the user goes to a line: what it changed, or else its source.
fn said(text: &str, line: u32, mark: Option<&Mark>) -> String {
    let changed = mark.map(|mark| told(&mark.changed));
    let changed = changed.filter(|it| !it.is_empty());
    changed.map_or_else(
        || {
            let source = text.split('\n').nth(line as usize - 1);
            texts().line_says(line, source.unwrap_or_default().trim())
        },
        |changed| texts().line_says(line, changed),
    )
}

pub(super) fn line_id(line: u32) -> String {
    format!("code-line-{line}")
}

/// Where the program of a server failed in the latest record, and why.
fn failure(page: &Page, server: NodeId) -> Option<(u32, String)> {
    match &page.session.shown_record()?.event {
        Event::Crashed {
            server: crashed,
            failure: Some(failure),
            ..
        } if *crashed == server => {
            let (line, _) = failure.at?;
            Some((line, texts().code_failed(&failure.message)))
        }
        _ => None,
    }
}

/// Whether a line has a breakpoint, and whether that is enabled.
fn stops(page: &Page, program: &Rc<str>, line: u32) -> Option<bool> {
    let at = Breakpoint::Line {
        program: Rc::clone(program),
        line,
    };
    let mut breakpoints = page.session.breakpoints().iter();
    breakpoints.find(|(it, _)| *it == at).map(|(_, on)| *on)
}

#[derive(Properties, PartialEq)]
struct LineProps {
    line: u32,
    text: String,
    painted: Painted,
    mark: Option<Mark>,
    /// Whether it is executed later in the record.
    is_later: bool,
    has_caret: bool,
    /// Whether it has a breakpoint, and whether that is enabled.
    stops: Option<bool>,
    /// Why the program failed in it.
    says: Option<String>,
    program: Rc<str>,
    dispatch: Dispatch,
}

/// A line. Only those that have changed are rendered again.
#[component]
fn Line(props: &LineProps) -> Html {
    let (line, text) = (props.line, &props.text);
    let is = |which: fn(&Mark) -> bool| props.mark.as_ref().is_some_and(which);
    let class = class_of(&[
        "line",
        class_if(props.mark.is_some(), "ran"),
        class_if(is(|mark| mark.is_last), "last"),
        class_if(is(|mark| mark.calls && !mark.is_last), "calls"),
        class_if(props.is_later && props.mark.is_none(), "later"),
        class_if(props.has_caret, "caret"),
        class_if(props.stops.is_some(), "stops"),
        class_if(props.stops == Some(false), "off"),
        class_if(props.says.is_some(), "wrong"),
    ]);
    let stop = Action::BreakAtLine(Rc::clone(&props.program), line);
    let times = props.mark.as_ref().map_or(0, |mark| mark.times);
    let changed = props.mark.as_ref().map_or(&[][..], |mark| &mark.changed);
    html! {
        <div id={line_id(line)} {class} role="option" aria-selected={if is(|mark| mark.is_last) { "true" } else { "false" }} aria-label={spoken(props)}>
            <span class="gutter" title={texts().code_breakpoint()} onclick={on_click::<MouseEvent>(&props.dispatch, stop)}>{ line }</span>
            <span class="times">{ if times > 1 { format!("×{times}") } else { String::new() } }</span>
            <span class="source">
                { draw_text(text, &props.painted) }
                { for changed.iter().map(|(name, value)| draw_value(name, value)) }
                if let Some(says) = &props.says {
                    <span class="says">{ says }</span>
                }
            </span>
        </div>
    }
}

fn draw_text(text: &str, painted: &Painted) -> Html {
    let mut parts = Vec::new();
    let mut end = 0;
    let piece = |range: Range<usize>| text.get(range).unwrap_or_default().to_owned();
    for (range, class) in painted {
        parts.push(html! { { piece(end..range.start) } });
        parts.push(html! { <span class={*class}>{ piece(range.clone()) }</span> });
        end = range.end;
    }
    parts.push(html! { { piece(end..text.len()) } });
    parts.into_iter().collect()
}

/// A variable beside its line; all of a long value is in its tooltip, and below the lines.
fn draw_value(name: &str, value: &Value) -> Html {
    let whole = value.to_string();
    let shown = match whole.char_indices().nth(VALUE_CHARS) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole.clone(),
    };
    html! {
        <span class="value" title={format!("{name} = {whole}")}>{ format!("{name} = ") }<b>{ shown }</b></span>
    }
}

/// What is said of a line: its source, and what it did.
fn spoken(props: &LineProps) -> String {
    let mut spoken = texts().line_says(props.line, props.text.trim());
    let mut add = |said: String| spoken = texts().listed(&spoken, said);
    if let Some(mark) = &props.mark {
        add(texts().code_times(mark.times));
        if !mark.changed.is_empty() {
            add(told(&mark.changed));
        }
    }
    if props.stops.is_some() {
        add(texts().code_breakpoint().to_owned());
    }
    if let Some(says) = &props.says {
        add(says.clone());
    }
    spoken
}

/// `me.term = 2, me.voted_for = S1`.
fn told(changed: &[(Rc<str>, Value)]) -> String {
    let all = changed
        .iter()
        .map(|(name, value)| format!("{name} = {value}"));
    all.collect::<Vec<_>>().join(", ")
}
