//! The variables that a server's program has of its own.

use std::rc::Rc;

use hustings_lab::{History, RecordId, Value};
use hustings_raft::NodeId;
use yew::prelude::*;

use super::super::Page;
use super::super::glyphs::class_if;
use super::super::mount::mount;
use crate::i18n::texts;
use crate::session::RunView;

/// A value with so many characters at most is not unfolded.
const SHORT: usize = 40;

/// The variables of a server, if its program has any.
pub(super) fn draw(page: &Page, server: NodeId) -> Html {
    mount::<Variables>(VariablesProps {
        run: page.run.clone(),
        history: Rc::clone(page.session.history()),
        server,
        is_playing: page.session.is_playing(),
    })
}

#[derive(Properties)]
struct VariablesProps {
    run: RunView,
    history: Rc<History>,
    server: NodeId,
    is_playing: bool,
}

impl PartialEq for VariablesProps {
    fn eq(&self, other: &Self) -> bool {
        self.run == other.run && self.server == other.server && self.is_playing == other.is_playing
    }
}

#[component]
fn Variables(props: &VariablesProps) -> Html {
    let variables = props.run.server(props.server);
    let variables = variables.and_then(|server| server.view().variables.clone());
    let Some(Value::Map(entries)) = variables else {
        return html! {};
    };
    let before = before(props);
    let one = |(name, value): &(Rc<str>, Value)| {
        let old = before.as_ref().and_then(|it| it.at([&**name]));
        let old = old.filter(|old| *old != value);
        html! {
            <div key={name.to_string()} class={class_if(old.is_some(), "changed")}>
                <dt>{ &**name }</dt>
                <dd>
                    if let Some(old) = old {
                        { cut(old) }{ " → " }<strong>{ draw_value(value) }</strong>
                    } else {
                        { draw_value(value) }
                    }
                </dd>
            </div>
        }
    };
    html! {
        <>
            <h3>{ texts().code_variables() }</h3>
            <dl class="variables">{ for entries.iter().map(one) }</dl>
        </>
    }
}

/// The variables before the latest record, if that is the server's and time stands still.
fn before(props: &VariablesProps) -> Option<Value> {
    let run = &props.run;
    let is_its = run.records().last()?.event.server() == Some(props.server);
    if props.is_playing || !is_its {
        return None;
    }
    let mut history = History::clone(&props.history);
    history
        .seek(RecordId(run.records().len().checked_sub(2)?))
        .ok()?;
    history.run().server(props.server)?.view().variables.clone()
}

fn cut(value: &Value) -> String {
    let whole = value.to_string();
    match whole.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}

/// A value; a long one unfolds.
fn draw_value(value: &Value) -> Html {
    let whole = value.to_string();
    let (short, entries) = (cut(value), entries(value));
    if short == whole || entries.is_empty() {
        return html! { { whole } };
    }
    html! {
        <details>
            <summary>{ short }</summary>
            <dl>{ for entries.into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ draw_value(value) }</dd></div> }) }</dl>
        </details>
    }
}

/// What a value consists of, by names or by positions from 0.
fn entries(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Map(entries) => {
            let named = entries.iter();
            named.map(|(name, it)| (name.to_string(), it)).collect()
        }
        Value::List(items) => {
            let placed = items.iter().enumerate();
            placed.map(|(place, it)| (place.to_string(), it)).collect()
        }
        _ => Vec::new(),
    }
}
