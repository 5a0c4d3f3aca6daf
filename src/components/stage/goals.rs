//! The goals of an assignment: which of them hold now, and when all were met.

use hustings_lab::Condition;
use yew::prelude::*;

use super::super::Page;
use super::super::glyphs::class_if;
use crate::i18n::texts;
use crate::moment::moment;

pub(in super::super) fn same(one: &Page, other: &Page) -> bool {
    one.run == other.run
}

/// The goals; nothing where there are none.
pub(in super::super) fn draw(page: &Page) -> Html {
    let run = &page.run;
    let goals = &run.header().goals;
    if goals.is_empty() {
        return Html::default();
    }
    let met = run.goals_met().and_then(|record| run.records().get(record));
    let heading = match met {
        Some(record) => texts().goals_met(moment(record.at)),
        None => texts().goals().to_owned(),
    };
    let state = |goal: &Condition| match met {
        Some(_) => State::Met,
        None if run.is_met(goal) => State::Holds,
        None => State::Open,
    };
    html! {
        <div class={classes!("goals", class_if(met.is_some(), "met"))} role="group" aria-label={texts().goals()}>
            <strong role="status">{ heading }</strong>
            <ul>
                { for goals.iter().map(|goal| draw_goal(goal, state(goal))) }
            </ul>
        </div>
    }
}

/// What can be said of a goal.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// It does not hold.
    Open,
    /// It holds now, but not all of them do.
    Holds,
    /// It was met with all others, and may no longer hold.
    Met,
}

fn draw_goal(goal: &Condition, state: State) -> Html {
    let (mark, told) = match state {
        State::Open => ("○", texts().goal_open()),
        State::Holds => ("✓", texts().goal_holds()),
        State::Met => ("✓", ""),
    };
    html! {
        <li class={class_if(state != State::Open, "holds")}>
            <span aria-hidden="true">{ mark }</span>
            { " " }
            <code>{ goal.to_string() }</code>
            <span class="visually-hidden">{ told }</span>
        </li>
    }
}
