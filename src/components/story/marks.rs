//! The marks on the lanes: one for each event, and those of rules of Raft that were broken.

use hustings_logs::shown::{SectionKind, Shown, ShownEvent, Topic};
use yew::prelude::*;

use super::super::diagram::TOP;
use super::super::stage::{num, path};
use super::picture::Frame;

/// How far above the middle of a lane a finding is marked, as a share of its height.
const UP: f64 = 0.4;
/// The least distance between marks, in pixels.
const APART: f64 = 3.0;

/// A mark for each event, on the lane of the member whose line it is; one with a warning is
/// another. Those that would lie upon one another are one.
pub(super) fn draw(shown: &Shown, frame: Frame) -> Html {
    let (from, to) = frame.times();
    let first = shown.events.partition_point(|event| event.at < from);
    let after = shown.events.partition_point(|event| event.at <= to);
    let events = shown.events.get(first..after).unwrap_or_default();
    let (mut told, mut alarms) = (String::new(), String::new());
    let mut last = vec![[f64::MIN; 2]; shown.members.len()];
    for event in events {
        let is_alarm = event.topic == Topic::Alarm;
        let x = frame.x(event.at);
        let before = last.get_mut(usize::from(event.member.0));
        let Some(before) = before.and_then(|it| it.get_mut(usize::from(is_alarm))) else {
            continue;
        };
        if x - *before >= APART {
            *before = x;
            push_mark(
                if is_alarm { &mut alarms } else { &mut told },
                event,
                frame,
                x,
            );
        }
    }
    html! {
        <>
            <path class="told-mark" d={told} />
            <path class="alarm-mark" d={alarms} />
        </>
    }
}

fn push_mark(d: &mut String, event: &ShownEvent, frame: Frame, x: f64) {
    let bottom = frame.rows.middle(event.member.0) + 0.45 * frame.rows.lane();
    if event.topic == Topic::Alarm {
        d.push_str(&path(&[("M", x - 4.0), (" ", bottom)]));
        d.push_str("h8l-4 -8z");
    } else {
        d.push_str(&path(&[("M", x), (" ", bottom - 4.0)]));
        d.push_str("v4");
    }
}

/// Where rules of Raft were broken, as far as lines tell: a line through all lanes, and on the
/// lane of each member of whose lines it follows a mark with the finding.
pub(super) fn draw_faults(shown: &Shown, frame: Frame) -> Html {
    let findings = shown.account.iter();
    let findings = findings.filter(|it| it.kind == SectionKind::Findings);
    let findings = findings.flat_map(|it| &it.sentences);
    html! {
        <g class="faults">
            { for findings.map(|finding| {
                let events = finding.events.iter();
                let events = events.filter_map(|id| shown.event(*id));
                html! { { for events.map(|event| draw_fault(event, &finding.says, frame)) } }
            }) }
        </g>
    }
}

fn draw_fault(event: &ShownEvent, says: &str, frame: Frame) -> Html {
    let x = frame.x(event.at);
    let y = frame.rows.middle(event.member.0) - UP * frame.rows.lane();
    if x < frame.names || x > frame.view.width {
        return html! {};
    }
    let through = path(&[("M", x), (" ", TOP), ("V", frame.rows.bottom())]);
    html! {
        <g class="fault-mark">
            <title>{ says.to_owned() }</title>
            <path d={through} />
            <circle cx={num(x)} cy={num(y)} r="8" />
            <text x={num(x)} y={num(y + 4.5)}>{ "!" }</text>
        </g>
    }
}
