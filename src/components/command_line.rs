//! The script language, a line at a time. Every click shows here as the line
//! that it stands for.

use std::rc::Rc;

use hustings_lab::script::Line;
use hustings_raft::NodeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls::{named_button, sign_button};
use super::dialog::Open;
use super::{Dispatch, Page};
use crate::browser;
use crate::complete::complete;
use crate::session::Action;
use crate::words::words;

/// The properties of the [`CommandLine`].
#[derive(Properties)]
pub(crate) struct CommandLineProps {
    pub page: Rc<Page>,
}

impl PartialEq for CommandLineProps {
    fn eq(&self, other: &Self) -> bool {
        self.page.open == other.page.open && self.page.story == other.page.story
    }
}

const ID: &str = "command-line";

/// What was typed, what is wrong with it, and what could stand there.
#[derive(Clone, Default, PartialEq)]
struct Typed {
    text: String,
    wrong: Option<String>,
    could: Vec<String>,
}

/// The last command as a line; when open, a field for the next.
#[component]
pub(crate) fn CommandLine(props: &CommandLineProps) -> Html {
    let typed = use_state(Typed::default);
    let earlier = use_mut_ref(Earlier::default);
    let page = &props.page;
    let is_open = page.open == Open::CommandLine;
    use_effect_with(is_open, |is_open| {
        if *is_open {
            browser::focus(ID);
        }
    });
    if !is_open {
        let last = page.story.commands().last();
        let last = last.map(|command| Line::Command(command.clone()).to_string());
        return html! {
            <section id="command" class="command-line closed" tabindex="-1" aria-label={words().command_line()}>
                { sign_button("/", words().key_command(), page.opener.to(Open::CommandLine)) }
                <code>{ last.unwrap_or_default() }</code>
            </section>
        };
    }
    let oninput = {
        let (typed, servers) = (typed.clone(), page.story.ids());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let could = complete(&text, servers).words;
            typed.set(Typed {
                text,
                wrong: None,
                could,
            });
        })
    };
    let onkeydown = {
        let (typed, opener, dispatch) = (typed.clone(), page.opener.clone(), page.dispatch.clone());
        let servers = page.story.ids();
        Callback::from(move |event: KeyboardEvent| {
            let mut earlier = earlier.borrow_mut();
            let next = match event.key().as_str() {
                "Enter" => enter(&typed.text, servers, &mut earlier, &dispatch),
                "Tab" if !event.shift_key() => Some(completed(&typed.text, servers)),
                "ArrowUp" => earlier.back().map(Typed::of),
                "ArrowDown" => earlier.on().map(Typed::of),
                "Escape" => {
                    opener.open(Open::Nothing);
                    None
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let Some(next) = next {
                // At once: the next key may come before the page is drawn.
                let field = event.target_unchecked_into::<HtmlInputElement>();
                field.set_value(&next.text);
                typed.set(next);
            }
        })
    };
    html! {
        <section id="command" class="command-line" tabindex="-1" aria-label={words().command_line()}>
            <label>
                <span aria-hidden="true">{ "›" }</span>
                <input
                    id={ID}
                    type="text"
                    value={typed.text.clone()}
                    placeholder="cut S1->S2"
                    aria-label={words().command_line()}
                    autocomplete="off"
                    spellcheck="false"
                    {oninput}
                    {onkeydown}
                />
            </label>
            if let Some(wrong) = &typed.wrong {
                <p class="notice" role="alert">{ wrong }</p>
            } else {
                <p class="could" aria-live="polite">{ typed.could.join("  ") }</p>
            }
            { named_button("✕", words().close(), page.opener.to(Open::Nothing)) }
        </section>
    }
}

impl Typed {
    fn of(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

/// Carries the line out; if it cannot be read, it stays, with what is wrong.
fn enter(
    text: &str,
    servers: NodeSet,
    earlier: &mut Earlier,
    dispatch: &Dispatch,
) -> Option<Typed> {
    if text.trim().is_empty() {
        return None;
    }
    match crate::complete::read(text, servers) {
        Ok(command) => {
            dispatch.dispatch(Action::Do(command));
            earlier.add(text.to_owned());
            Some(Typed::default())
        }
        Err(wrong) => Some(Typed {
            wrong: Some(wrong),
            ..Typed::of(text.to_owned())
        }),
    }
}

/// The line with all that is certain added, and what could follow.
fn completed(text: &str, servers: NodeSet) -> Typed {
    let found = complete(text, servers);
    let text = found.line.unwrap_or_else(|| text.to_owned());
    Typed {
        could: complete(&text, servers).words,
        ..Typed::of(text)
    }
}

/// The lines that were entered before.
#[derive(Default)]
struct Earlier {
    lines: Vec<String>,
    place: usize,
}

/// How many lines are kept.
const EARLIER_MAX: usize = 200;

impl Earlier {
    fn add(&mut self, line: String) {
        self.lines.push(line);
        let extra = self.lines.len().saturating_sub(EARLIER_MAX);
        self.lines.drain(..extra);
        self.place = self.lines.len();
    }

    fn back(&mut self) -> Option<String> {
        self.place = self.place.saturating_sub(1);
        self.lines.get(self.place).cloned()
    }

    fn on(&mut self) -> Option<String> {
        self.place = (self.place + 1).min(self.lines.len());
        Some(self.lines.get(self.place).cloned().unwrap_or_default())
    }
}
