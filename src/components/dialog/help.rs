//! What this is, and the keys.

use yew::prelude::*;

use crate::words::words;

pub(super) fn draw() -> Html {
    let keys = [
        ("Space", words().key_play()),
        ("→  ←", words().key_step()),
        ("Shift → ←", words().key_landmark()),
        ("PageUp PageDown .", words().key_presenter()),
        ("1 – 9", words().key_choose()),
        ("T", words().key_time_out()),
        ("C", words().key_crash()),
        ("P", words().key_pause()),
        ("I", words().key_isolate()),
        ("H", words().key_heal()),
        ("R", words().key_request()),
        ("A", words().key_align()),
        ("S", words().key_spread()),
        ("B", words().key_breakpoint()),
        ("U", words().key_undo()),
        ("G", words().key_gallery()),
        ("L", words().key_link()),
        ("/", words().key_command()),
        ("Esc", words().key_escape()),
        ("?", words().key_help()),
    ];
    html! {
        <div class="help">
            <p>{ words().about() }</p>
            <dl class="keys">
                { for keys.into_iter().map(|(key, what)| html! {
                    <div><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></div>
                }) }
            </dl>
            <h3>{ words().how_to_read() }</h3>
            <ul>
                <li>{ words().read_roles() }</li>
                <li>{ words().read_terms() }</li>
                <li>{ words().read_messages() }</li>
                <li>{ words().legend_messages() }</li>
                <li>{ words().read_timeline() }</li>
            </ul>
            <p>{ words().leaves_nothing() }</p>
        </div>
    }
}
