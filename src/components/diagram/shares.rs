//! A lane from far, where single stretches would be a smear: for how much of the time it led,
//! and for how much it stood.

use hustings_raft::RoleName;
use yew::prelude::*;

use super::super::stage::path;
use super::super::timeline::steps;
use super::rows::Rows;
use crate::i18n::texts;

/// The width of a column, in pixels.
const COLUMN: f64 = 4.0;

/// For how much of a column's time a server led, stood, or was down.
#[derive(Clone, Copy, Default)]
struct Share {
    led: f64,
    stood: f64,
    down: f64,
}

/// An area for the time in which a server led, and one for that in which it stood. A stretch
/// has its role, or none if it was down, and where it begins and ends, in pixels.
pub(in super::super) fn draw(
    stretches: impl IntoIterator<Item = (Option<RoleName>, f64, f64)>,
    (rows, middle): (Rows, f64),
    width: f64,
) -> Html {
    let mut shares = vec![Share::default(); (width / COLUMN) as usize + 1];
    for (role, from, to) in stretches {
        let field: fn(&mut Share) -> &mut f64 = match role {
            Some(RoleName::Leader) => |share| &mut share.led,
            Some(RoleName::Candidate | RoleName::PreCandidate) => |share| &mut share.stood,
            None => |share| &mut share.down,
            Some(RoleName::Follower) => continue,
        };
        let columns = (from.max(0.0) / COLUMN) as usize..=(to.max(0.0) / COLUMN) as usize;
        for column in columns {
            let left = column as f64 * COLUMN;
            let inside = to.min(left + COLUMN) - from.max(left);
            if let Some(share) = shares.get_mut(column) {
                *field(share) += inside.max(0.0) / COLUMN;
            }
        }
    }
    let half = 0.39 * rows.lane();
    let base = middle + half;
    let area = |height: fn(&Share) -> f64| {
        let heights = shares
            .iter()
            .map(|share| height(share).min(1.0) * 2.0 * half);
        steps(base, COLUMN, heights)
    };
    html! {
        <>
            <path class="ground" d={path(&[("M0 ", base), ("H", width)])} />
            <path class="share stood" d={area(|share| share.led + share.stood)}><title>{ texts().shares_hint() }</title></path>
            <path class="share led" d={area(|share| share.led)}><title>{ texts().shares_hint() }</title></path>
            <path class="share gone" d={area(|share| share.down * 0.25)} />
        </>
    }
}
