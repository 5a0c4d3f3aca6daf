//! How the run went, in numbers.

use hustings_lab::{Statistics, narrate};
use yew::prelude::*;

use super::FormProps;
use crate::i18n::{lang, texts};

/// The numbers of the run up to the position at which they were asked for, and the table
/// of its messages.
#[component]
pub(super) fn Numbers(props: &FormProps) -> Html {
    let numbers = Statistics::of(&props.page.run);
    let lines = narrate::statistics(&numbers, lang()).into_iter();
    html! {
        <div class="statistics">
            <p>{ texts().statistics_until() }</p>
            <dl>
                { for lines.map(|(what, value)| html! { <div><dt>{ what }</dt><dd>{ value }</dd></div> }) }
            </dl>
            { draw_messages(&numbers) }
        </div>
    }
}

fn draw_messages(numbers: &Statistics) -> Html {
    let columns = narrate::message_columns(lang());
    html! {
        <table>
            <thead>
                <tr>{ for columns.into_iter().map(|it| html! { <th scope="col">{ it }</th> }) }</tr>
            </thead>
            <tbody>
                { for numbers.messages.iter().map(|(kind, it)| html! {
                    <tr>
                        <th scope="row">{ kind.name() }</th>
                        <td>{ it.sent }</td>
                        <td>{ it.arrived }</td>
                        <td>{ it.lost }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}
