//! A sample of many runs: what to sample, and what has come of it, as a plot and as tables.

mod form;
mod plot;

use std::rc::Rc;

use hustings_search::sample::Table;
use hustings_search::wire::sampling::{Form, FormText, Outcome, Stage, Worth};
use yew::prelude::*;

use self::form::{SampleForm, SampleFormProps};
use super::super::controls::{ButtonStyle, button};
use super::super::mount::mount;
use super::{Open, Page};
use crate::i18n::texts;
use crate::sampling;
use crate::session::Sampling;

pub(super) fn draw(page: &Rc<Page>) -> Html {
    html! {
        <div class="find sample">
            { mount::<SampleForm>(SampleFormProps { page: Rc::clone(page) }) }
            { draw_sampled(page) }
        </div>
    }
}

/// How the sample stands, and what has come of it.
fn draw_sampled(page: &Rc<Page>) -> Html {
    let sampling = page.session.sampling();
    if sampling.wanted().is_none() && sampling.failed().is_none() {
        return html! {};
    }
    html! {
        <section class="sought">
            if let Some(why) = sampling.failed() {
                <p class="notice" role="alert">{ why.to_owned() }</p>
            }
            if let Some(Stage::Refused(why)) = sampling.stage() {
                <p class="notice" role="alert">{ why }</p>
            }
            if let (Some(outcome), Some(form)) = (sampling.outcome(), sampling.form()) {
                { draw_outcome(page, sampling, outcome, form) }
            } else if sampling.is_going() {
                <p role="status">{ texts().find_asked() }</p>
            }
        </section>
    }
}

fn draw_outcome(page: &Rc<Page>, sampling: &Sampling, outcome: &Outcome, form: &Form) -> Html {
    html! {
        <>
            { draw_progress(page, sampling, outcome, form) }
            if !outcome.missing.is_empty() {
                <ul class="notice">{ for outcome.missing.iter().map(|why| html! { <li>{ why }</li> }) }</ul>
            }
            if !outcome.numbers.rows.is_empty() {
                { plot::draw(&outcome.plot, &outcome.heading) }
                { draw_numbers(page, outcome, form) }
                <p class="means">{ &outcome.means }</p>
            }
            if !outcome.shares.rows.is_empty() {
                <h3>{ &outcome.came_within }</h3>
                { draw_table(&outcome.came_within, &outcome.shares, None) }
            }
        </>
    }
}

/// How far it has come, and what can be done with it.
fn draw_progress(page: &Page, sampling: &Sampling, outcome: &Outcome, form: &Form) -> Html {
    let is_there = sampling.failed().is_none();
    let ask = |ask: fn(&super::super::Dispatch)| {
        let dispatch = page.dispatch.clone();
        Callback::from(move |_| ask(&dispatch))
    };
    html! {
        <>
            <p class="progress" role={(!sampling.is_going()).then_some("status")}>{ &outcome.told }</p>
            <p class="actions">
                if sampling.is_going() {
                    { button(texts().stop_work(), texts().find_stop_hint(), ask(sampling::stop)) }
                } else if is_there && matches!(sampling.stage(), Some(Stage::Stopped(_))) {
                    { button(texts().find_go_on(), "", ask(sampling::go_on)) }
                }
                if is_there {
                    { button(form.text(FormText::Csv), "", ask(sampling::save)) }
                }
            </p>
        </>
    }
}

/// The table of numbers, in each row of which runs can be opened that are worth a look.
fn draw_numbers(page: &Rc<Page>, outcome: &Outcome, form: &Form) -> Html {
    let opens = page.session.sampling().failed().is_none();
    let names = outcome.numbers.rows.iter().map(|row| row.first());
    let rows = outcome.worth.iter().zip(names).enumerate();
    let cells = rows.map(|(row, (all, name))| {
        html! { { for all.iter().map(|it| draw_worth(page, row, it, name)) } }
    });
    let column = opens.then(|| (form.text(FormText::Open), cells.collect()));
    draw_table(&outcome.heading, &outcome.numbers, column)
}

/// A button that opens a run of the settings in a row.
fn draw_worth(page: &Page, row: usize, worth: &Worth, setting: Option<&String>) -> Html {
    let (dispatch, opener, number) = (page.dispatch.clone(), page.opener.clone(), worth.number);
    let open = Callback::from(move |_| {
        sampling::open(row, number, &dispatch);
        opener.open(Open::Nothing);
    });
    let setting = setting.map_or("", String::as_str);
    let style = ButtonStyle {
        name: &format!("{}: {setting}", worth.told),
        hint: texts().find_open_hint(),
        ..ButtonStyle::default()
    };
    style.button(&worth.told, open)
}

/// A table, whose rows are called by the letters of their curves, too; with one more column.
fn draw_table(name: &str, table: &Table, column: Option<(&str, Vec<Html>)>) -> Html {
    let cells = column.as_ref().map_or(&[][..], |(_, cells)| cells);
    let row = |(number, row): (usize, &Vec<String>)| {
        html! {
            <tr>
                <th scope="row">
                    { plot::draw_key(number) }
                    { " " }
                    { row.first() }
                </th>
                { for row.iter().skip(1).map(|it| html! { <td>{ it }</td> }) }
                if let Some(cell) = cells.get(number) {
                    <td class="actions">{ cell.clone() }</td>
                }
            </tr>
        }
    };
    html! {
        <div class="wide" role="region" aria-label={name.to_owned()} tabindex="0">
            <table>
                <thead>
                    <tr>
                        <td />
                        { for table.columns.iter().skip(1).map(|it| html! { <th scope="col">{ it }</th> }) }
                        if let Some((name, _)) = &column {
                            <th scope="col">{ *name }</th>
                        }
                    </tr>
                </thead>
                <tbody>{ for table.rows.iter().enumerate().map(row) }</tbody>
            </table>
        </div>
    }
}
