//! An editor for texts in any language: a text area over the same text in colours. The text,
//! its colours and what is wrong with it go in; edits come out.

use std::ops::Range;
use std::rc::Rc;

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::glyphs::{class_if, class_of};
use super::mount::mount_as;
use crate::browser;
use crate::i18n::texts;

/// Parts of a line in bytes, each with its class; what is between them has none.
pub(super) type Painted = Vec<(Range<usize>, &'static str)>;

/// The most lines that are drawn in colours; others are plain.
pub(super) const PAINTED_MAX: usize = 1_000;

/// What is said about a place of the text. Lines and columns count from 1, columns and
/// lengths in characters.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Diagnostic {
    pub line: usize,
    pub column: usize,
    pub length: usize,
    pub says: String,
}

#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    /// The id of the text area.
    pub id: &'static str,
    /// Its accessible name.
    pub name: &'static str,
    pub text: Rc<str>,
    /// The colours of the first lines.
    pub painted: Rc<Vec<Painted>>,
    /// A line that is marked, such as the one that is executed.
    pub marked: Option<usize>,
    /// In the order of the lines.
    pub diagnostics: Rc<Vec<Diagnostic>>,
    /// Gets the text when the user has changed it.
    pub onedit: Callback<Rc<str>>,
    /// Gets the line of the caret when it has moved.
    pub oncaret: Callback<usize>,
    /// Gets the keys before the text area.
    pub onkeydown: Callback<KeyboardEvent>,
    /// Gets the index of a diagnostic that was chosen from the list.
    pub onchoose: Callback<usize>,
}

/// The editor, and below it the list of what is said about the text.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let caret = use_state(|| 1);
    let EditorProps { id, marked, .. } = *props;
    let text = Rc::clone(&props.text);
    use_effect_with(marked, move |marked| match marked {
        Some(line) => go_to(id, &text, *line),
        None => place_caret(id, &text, 1),
    });
    let look = {
        let (caret, oncaret) = (caret.clone(), props.oncaret.clone());
        move |area: &HtmlTextAreaElement| {
            let line = caret_line(area);
            caret.set(line);
            oncaret.emit(line);
        }
    };
    let oninput = {
        let (look, onedit) = (look.clone(), props.onedit.clone());
        Callback::from(move |event: InputEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            onedit.emit(area.value().into());
            look(&area);
        })
    };
    let onkeyup = {
        let look = look.clone();
        Callback::from(move |event: KeyboardEvent| look(&event.target_unchecked_into()))
    };
    let onclick = Callback::from(move |event: MouseEvent| look(&event.target_unchecked_into()));
    let onkeydown = {
        let before = props.onkeydown.clone();
        Callback::from(move |event: KeyboardEvent| {
            before.emit(event.clone());
            let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
            let is_enter = event.key() == "Enter" && is_plain && !event.is_composing();
            if is_enter && !event.default_prevented() {
                let area: HtmlTextAreaElement = event.target_unchecked_into();
                if browser::insert_text(&format!("\n{}", indentation(&area))) {
                    event.prevent_default();
                }
            }
        })
    };
    let wrong = (!props.diagnostics.is_empty()).then_some("true");
    html! {
        <>
            <div id={paper_id(id)} class="editor">
                <div class="paper">
                    <pre aria-hidden="true">{ for draw_lines(props, *caret) }</pre>
                    <textarea
                        {id}
                        value={String::from(&*props.text)}
                        aria-label={props.name}
                        aria-invalid={wrong}
                        aria-describedby={wrong.map(|_| list_id(id))}
                        autocapitalize="off"
                        autocomplete="off"
                        spellcheck="false"
                        wrap="off"
                        {oninput}
                        {onkeyup}
                        {onclick}
                        {onkeydown}
                    />
                </div>
            </div>
            if !props.diagnostics.is_empty() {
                <ol id={list_id(id)} class="diagnostics">
                    { for (0..props.diagnostics.len()).map(|index| draw_diagnostic(props, index, *caret)) }
                </ol>
            }
        </>
    }
}

fn paper_id(id: &str) -> String {
    format!("{id}-paper")
}

fn line_id(id: &str, line: usize) -> String {
    format!("{id}-line-{line}")
}

fn list_id(id: &str) -> String {
    format!("{id}-diagnostics")
}

/// With what the line of the caret begins, up to the caret, so that the next one goes on with
/// it: blanks, and the bar before a line of a program.
fn indentation(area: &HtmlTextAreaElement) -> String {
    let text = area.value();
    let caret = area.selection_start().ok().flatten().unwrap_or_default();
    let before: Vec<_> = text.encode_utf16().take(caret as usize).collect();
    let before = String::from_utf16_lossy(&before);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let end = line.find(|letter| !matches!(letter, ' ' | '\t' | '|'));
    line.get(..end.unwrap_or(line.len()))
        .unwrap_or_default()
        .to_owned()
}

/// The line of the caret, from 1.
fn caret_line(area: &HtmlTextAreaElement) -> usize {
    let place = area.selection_start().ok().flatten().unwrap_or_default();
    let text = area.value();
    let before = text.encode_utf16().take(place as usize);
    before.filter(|unit| *unit == u16::from(b'\n')).count() + 1
}

/// Puts the caret at the start of a line, and shows the line.
pub(super) fn go_to(id: &str, text: &str, line: usize) {
    place_caret(id, text, line);
    browser::scroll_within(&paper_id(id), &line_id(id, line));
}

/// Puts the caret at a line unless the user is at work, since the browser scrolls to the
/// caret of a text area that gets the focus.
fn place_caret(id: &str, text: &str, line: usize) {
    let area = browser::element::<HtmlTextAreaElement>(id);
    if let Some(area) = area.filter(|_| !browser::has_focus(id)) {
        let before = text.split_inclusive('\n').take(line - 1);
        let start = before.map(|it| it.encode_utf16().count()).sum::<usize>() as u32;
        let _ = area.set_selection_range(start, start);
    }
}

fn draw_lines(props: &EditorProps, caret: usize) -> impl Iterator<Item = Html> {
    // Unlike `lines`, with the empty line after the last line break.
    let mut lines = props.text.split('\n');
    let mut drawn = Vec::new();
    for (number, text) in (1..=PAINTED_MAX).zip(lines.by_ref()) {
        let mut diagnostics = props.diagnostics.iter();
        let line = LineProps {
            id: line_id(props.id, number),
            text: text.to_owned(),
            painted: props.painted.get(number - 1).cloned().unwrap_or_default(),
            diagnostic: diagnostics.find(|it| it.line == number).cloned(),
            is_marked: props.marked == Some(number),
            has_caret: caret == number,
        };
        drawn.push(mount_as::<Line>(number.into(), line));
    }
    let rest: Vec<_> = lines.collect();
    if !rest.is_empty() {
        drawn.push(html! { <div class="rest">{ rest.join("\n") + "\n" }</div> });
    }
    drawn.into_iter()
}

#[derive(Properties, PartialEq)]
struct LineProps {
    id: String,
    text: String,
    painted: Painted,
    diagnostic: Option<Diagnostic>,
    is_marked: bool,
    has_caret: bool,
}

/// A line in colours. Only those that have changed are rendered again.
#[component]
fn Line(props: &LineProps) -> Html {
    let text = &props.text;
    let wrong = props.diagnostic.as_ref().map(|it| {
        let start = byte_of(text, it.column.saturating_sub(1));
        start..byte_of(text, it.column.saturating_sub(1) + it.length)
    });
    let class = class_of(&[
        "line",
        class_if(wrong.is_some(), "wrong"),
        class_if(props.is_marked, "marked"),
        class_if(props.has_caret, "caret"),
    ]);
    let part = |range: Range<usize>, class: &'static str| {
        let is_wrong = wrong
            .as_ref()
            .is_some_and(|it| it.start <= range.start && range.end <= it.end);
        let text = text.get(range).unwrap_or_default().to_owned();
        match class_of(&[class, class_if(is_wrong, "error")]) {
            class if class.is_empty() => html! { { text } },
            class => html! { <span {class}>{ text }</span> },
        }
    };
    html! {
        <div id={props.id.clone()} {class}>
            { for parts_of(text.len(), &props.painted, wrong.as_ref()).into_iter().map(|(range, class)| part(range, class)) }
            if let Some(diagnostic) = &props.diagnostic {
                <span class="says">{ &diagnostic.says }</span>
            }
            { "\n" }
        </div>
    }
}

/// The byte offset of a line's n-th character, from 0.
fn byte_of(line: &str, chars: usize) -> usize {
    let mut starts = line.char_indices().map(|(byte, _)| byte);
    starts.nth(chars).unwrap_or(line.len())
}

/// The parts of a line of so many bytes, cut where something wrong begins and ends.
fn parts_of(length: usize, painted: &Painted, wrong: Option<&Range<usize>>) -> Painted {
    let mut parts: Painted = Vec::new();
    let mut end = 0;
    for (range, class) in painted {
        parts.extend([(end..range.start, ""), (range.clone(), *class)]);
        end = range.end;
    }
    parts.push((end..length, ""));
    for cut in wrong.into_iter().flat_map(|it| [it.start, it.end]) {
        let inside = |(range, _): &(Range<usize>, _)| range.start < cut && cut < range.end;
        if let Some(index) = parts.iter().position(inside) {
            let (range, class) = parts.remove(index);
            parts.insert(index, (cut..range.end, class));
            parts.insert(index, (range.start..cut, class));
        }
    }
    parts.retain(|(range, _)| !range.is_empty());
    parts
}

fn draw_diagnostic(props: &EditorProps, index: usize, caret: usize) -> Html {
    let Some(diagnostic) = props.diagnostics.get(index) else {
        return html! {};
    };
    let onclick = {
        let (id, text, diagnostic) = (props.id, Rc::clone(&props.text), diagnostic.clone());
        let (onchoose, oncaret) = (props.onchoose.clone(), props.oncaret.clone());
        Callback::from(move |_: MouseEvent| {
            select(id, &text, &diagnostic);
            oncaret.emit(diagnostic.line);
            onchoose.emit(index);
        })
    };
    let class = class_if(diagnostic.line == caret, "caret");
    html! {
        <li {class}>
            <button type="button" {onclick}>
                { texts().line_says(diagnostic.line, &diagnostic.says) }
            </button>
        </li>
    }
}

/// Selects the place of a diagnostic.
fn select(id: &'static str, text: &str, diagnostic: &Diagnostic) {
    let Some(area) = browser::element::<HtmlTextAreaElement>(id) else {
        return;
    };
    let lines = text.split_inclusive('\n').take(diagnostic.line - 1);
    let before: usize = lines.map(str::len).sum();
    let chars = || text.get(before..).unwrap_or_default().chars();
    let units = |count| chars().take(count).map(char::len_utf16).sum::<usize>();
    let line = text.get(..before).unwrap_or_default();
    let start = line.encode_utf16().count() + units(diagnostic.column.saturating_sub(1));
    let end = line.encode_utf16().count()
        + units(diagnostic.column.saturating_sub(1) + diagnostic.length);
    let _ = area.focus();
    let _ = area.set_selection_range(start as u32, end as u32);
    browser::scroll_within(&paper_id(id), &line_id(id, diagnostic.line));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_line_and_are_cut_at_what_is_wrong() {
        let painted = vec![(0..5, "start"), (6..12, "server")];
        assert_eq!(
            parts_of(14, &painted, Some(&(8..12))),
            [
                (0..5, "start"),
                (5..6, ""),
                (6..8, "server"),
                (8..12, "server"),
                (12..14, ""),
            ]
        );
        assert_eq!(parts_of(3, &Vec::new(), None), [(0..3, "")]);
        assert_eq!(parts_of(0, &Vec::new(), Some(&(0..0))), []);
    }
}
