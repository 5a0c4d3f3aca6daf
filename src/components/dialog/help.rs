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
        ("M", texts().key_sample()),
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
    let ways = [
        texts().read_roles(),
        texts().read_terms(),
        texts().read_messages(),
        texts().legend_messages(),
        texts().read_timeline(),
    ];
    draw_help(texts().about(), &keys, &ways)
}

/// The keys that act while logs are shown, and how their picture is read.
pub(super) fn draw_of_logs() -> Html {
    let keys = [
        ("→  ←", texts().key_logs_step()),
        ("Shift → ←", texts().key_logs_many()),
        ("Home  End", texts().key_logs_ends()),
        ("/", texts().key_logs_words()),
        ("F6", texts().key_regions()),
        ("O", texts().key_logs()),
        ("L", texts().key_logs_export()),
        ("U", texts().key_logs_lesson()),
        ("Esc", texts().key_logs_escape()),
        ("?", texts().key_help()),
    ];
    let ways = [
        texts().read_logs_lanes(),
        texts().read_logs_gaps(),
        texts().read_logs_marks(),
        texts().read_logs_arrows(),
        texts().read_logs_moves(),
    ];
    draw_help(texts().logs_intro(), &keys, &ways)
}

fn draw_help(about: &str, keys: &[(&str, &str)], ways: &[&str]) -> Html {
    html! {
        <div class="help">
            <p>{ about }</p>
            <dl class="keys">
                { for keys.iter().map(|(key, what)| html! {
                    <div><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></div>
                }) }
            </dl>
            <h3>{ texts().how_to_read() }</h3>
            <ul>{ for ways.iter().map(|way| html! { <li>{ way }</li> }) }</ul>
            <p>{ texts().leaves_nothing() }</p>
        </div>
    }
}
