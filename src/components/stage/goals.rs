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
    let is_so = |goal: &Condition| met.is_some() || run.is_met(goal);
    html! {
        <div class={classes!("goals", class_if(met.is_some(), "met"))} role="group" aria-label={texts().goals()}>
            <strong role="status">{ heading }</strong>
            <ul>
                { for goals.iter().map(|goal| draw_goal(goal, is_so(goal))) }
            </ul>
        </div>
    }
}

fn draw_goal(goal: &Condition, is_so: bool) -> Html {
    let (mark, told) = if is_so {
        ("✓", texts().goal_holds())
    } else {
        ("○", texts().goal_open())
    };
    html! {
        <li class={class_if(is_so, "holds")}>
            <span aria-hidden="true">{ mark }</span>
            { " " }
            <code>{ goal.to_string() }</code>
            <span class="visually-hidden">{ told }</span>
        </li>
    }
}
