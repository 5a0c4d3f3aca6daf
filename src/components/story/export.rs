//! What was read of logs, as files: in place of sharing a run while logs are shown.

use hustings_logs::wire::Format;
use yew::prelude::*;

use super::super::Page;
use super::super::controls::button;
use crate::i18n::texts;
use crate::reading;

pub(in super::super) fn draw(page: &Page) -> Html {
    let export = |format: Format, label: &str, hint: &str| {
        let dispatch = page.dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| reading::export(format, &dispatch));
        button(label, hint, onclick)
    };
    html! {
        <div class="share">
            <p>{ texts().logs_no_link() }</p>
            <p class="actions">
                { export(Format::Json, texts().logs_as_json(), texts().logs_as_json_hint()) }
                { export(Format::Csv, texts().logs_as_csv(), texts().logs_as_csv_hint()) }
                { export(Format::Svg, texts().logs_as_svg(), texts().logs_as_svg_hint()) }
            </p>
        </div>
    }
}
