//! The command line: one line of the script language at a time. The last command is shown
//! as its line, whether input or clicked.

use std::rc::Rc;

use hustings_lab::Run;
use hustings_lab::script::Line;
use hustings_raft::NodeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::controls::{named_button, sign_button};
use super::dialog::Open;
use super::{Dispatch, Page};
use crate::autosave;
use crate::browser;
use crate::complete::{Entered, complete};
use crate::i18n::texts;
use crate::programs::use_programs_of;
use crate::session::Action;

#[derive(Properties)]
pub(crate) struct CommandLineProps {
    pub page: Rc<Page>,
}

impl PartialEq for CommandLineProps {
    fn eq(&self, other: &Self) -> bool {
        let works = |props: &Self| props.page.session.work().is_some();
        self.page.open == other.page.open
            && self.page.run == other.page.run
            && works(self) == works(other)
    }
}

const ID: &str = "command-line";

/// The input text, the error in it, and the possible completions.
#[derive(Clone, Default, PartialEq)]
struct Input {
    text: String,
    error: Option<String>,
    could: Vec<String>,
}

/// The last command as a line; when open, a field for the next one.
#[component]
pub(crate) fn CommandLine(props: &CommandLineProps) -> Html {
    let input = use_state(|| Input::of(autosave::load_line().unwrap_or_default()));
    let history = use_mut_ref(CommandHistory::default);
    let page = &props.page;
    let is_open = page.open == Open::CommandLine;
    let closed = input.clone();
    use_effect_with(is_open, move |is_open| {
        if *is_open {
            browser::focus(ID);
        } else {
            // What was refused is not shown again.
            closed.set(Input::default());
        }
    });
    use_programs_of(&input.text);
    use_effect_with(input.text.clone(), |text| autosave::save_line(text));
    if !is_open {
        let last = page.run.commands().last();
        let last = last.map(|command| Line::Command(command.clone()).to_string());
        return html! {
            <section id="command" class="command-line closed" tabindex="-1" aria-label={texts().command_line()}>
                { sign_button("/", texts().key_command(), page.opener.to(Open::CommandLine)) }
                <code>{ last.unwrap_or_default() }</code>
            </section>
        };
    }
    let oninput = {
        let (input, servers) = (input.clone(), page.run.ids());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let could = complete(&text, servers).words;
            input.set(Input {
                text,
                error: None,
                could,
            });
        })
    };
    let onkeydown = {
        let (input, opener, dispatch) = (input.clone(), page.opener.clone(), page.dispatch.clone());
        let (run, works) = (page.run.clone(), page.session.work().is_some());
        Callback::from(move |event: KeyboardEvent| {
            let mut history = history.borrow_mut();
            let next = match event.key().as_str() {
                "Enter" => enter(&input.text, &run, &mut history, &dispatch),
                "Tab" if !event.shift_key() => Some(completed(&input.text, run.ids())),
                "ArrowUp" => history.back().map(Input::of),
                "ArrowDown" => history.forward().map(Input::of),
                "Escape" if works => {
                    dispatch.dispatch(Action::StopWork);
                    None
                }
                "Escape" => {
                    opener.open(Open::Nothing);
                    None
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let Some(next) = next {
                // Now, since the next key may come before the next render.
                let field = event.target_unchecked_into::<HtmlInputElement>();
                field.set_value(&next.text);
                input.set(next);
            }
        })
    };
    html! {
        <section id="command" class="command-line" tabindex="-1" aria-label={texts().command_line()}>
            <label>
                <span aria-hidden="true">{ "›" }</span>
                <input
                    id={ID}
                    type="text"
                    value={input.text.clone()}
                    placeholder="cut S1->S2"
                    aria-label={texts().command_line()}
                    autocomplete="off"
                    spellcheck="false"
                    {oninput}
                    {onkeydown}
                />
            </label>
            if let Some(error) = &input.error {
                <p class="notice" role="alert">{ error }</p>
            } else {
                <p class="could" aria-live="polite">{ input.could.join("  ") }</p>
            }
            { named_button("✕", texts().close(), page.opener.to(Open::Nothing)) }
        </section>
    }
}

impl Input {
    fn of(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

/// Dispatches the line as a command; if it cannot be parsed, keeps it with the error.
fn enter(
    text: &str,
    run: &Run,
    history: &mut CommandHistory,
    dispatch: &Dispatch,
) -> Option<Input> {
    if text.trim().is_empty() {
        return None;
    }
    match crate::complete::read(text, run) {
        Ok(entered) => {
            dispatch.dispatch(match entered {
                Entered::Command(command) => Action::Do(command),
                Entered::Check(condition) => Action::Check(condition),
            });
            history.add(text.to_owned());
            Some(Input::default())
        }
        Err(error) => Some(Input {
            error: Some(error),
            ..Input::of(text.to_owned())
        }),
    }
}

/// The completed line, with the possible next words.
fn completed(text: &str, servers: NodeSet) -> Input {
    let found = complete(text, servers);
    let text = found.line.unwrap_or_else(|| text.to_owned());
    Input {
        could: complete(&text, servers).words,
        ..Input::of(text)
    }
}

/// The lines entered before, for ArrowUp and ArrowDown.
#[derive(Default)]
struct CommandHistory {
    lines: Vec<String>,
    position: usize,
}

/// The most lines that are kept.
const HISTORY_MAX: usize = 200;

impl CommandHistory {
    fn add(&mut self, line: String) {
        self.lines.push(line);
        let extra = self.lines.len().saturating_sub(HISTORY_MAX);
        self.lines.drain(..extra);
        self.position = self.lines.len();
    }

    fn back(&mut self) -> Option<String> {
        self.position = self.position.saturating_sub(1);
        self.lines.get(self.position).cloned()
    }

    fn forward(&mut self) -> Option<String> {
        self.position = (self.position + 1).min(self.lines.len());
        Some(self.lines.get(self.position).cloned().unwrap_or_default())
    }
}
