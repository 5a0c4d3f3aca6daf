//! Help and keyboard shortcuts.

use yew::prelude::*;

use crate::i18n::texts;

pub(super) fn draw() -> Html {
    let keys = [
        ("Space", texts().key_play()),
        ("→  ←", texts().key_step()),
        ("Shift → ←", texts().key_landmark()),
        ("Home  End", texts().key_ends()),
        ("PageDown PageUp .", texts().key_presenter()),
        ("F6", texts().key_regions()),
        ("F", texts().key_fill()),
        ("1 – 9", texts().key_choose()),
        ("T", texts().key_time_out()),
        ("C", texts().key_crash()),
        ("P", texts().key_pause()),
        ("I", texts().key_isolate()),
        ("H", texts().key_heal()),
        ("R", texts().key_request()),
        ("A", texts().key_align()),
        ("S", texts().key_spread()),
        ("B", texts().key_breakpoint()),
        ("X", texts().key_find()),
        ("U", texts().key_undo()),
        ("G", texts().key_gallery()),
        ("O", texts().key_logs()),
        ("L", texts().key_link()),
        ("E", texts().key_script()),
        ("D", texts().key_code()),
        (",  .", texts().key_line()),
        ("Ctrl Enter", texts().key_play_script()),
        ("W", texts().key_part()),
        ("N", texts().key_caption()),
        ("Q", texts().key_quiz()),
        ("/", texts().key_command()),
        ("Ctrl F", texts().key_search()),
        ("Esc", texts().key_escape()),
        ("?", texts().key_help()),
    ];
    html! {
        <div class="help">
            <p>{ texts().about() }</p>
            <dl class="keys">
                { for keys.into_iter().map(|(key, what)| html! {
                    <div><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></div>
                }) }
            </dl>
            <h3>{ texts().how_to_read() }</h3>
            <ul>
                <li>{ texts().read_roles() }</li>
                <li>{ texts().read_terms() }</li>
                <li>{ texts().read_messages() }</li>
                <li>{ texts().legend_messages() }</li>
                <li>{ texts().read_timeline() }</li>
            </ul>
            <p>{ texts().leaves_nothing() }</p>
        </div>
    }
}
