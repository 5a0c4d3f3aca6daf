//! What came of a sample as curves. Lengths are parts of the drawing's size, so that it takes the
//! room there is and its letters stay as large as the page's.

use hustings_search::sample::{Curve, Plot, Tick};
use yew::prelude::*;

/// The number of colours that tell curves apart. After them, they come again with dashes.
const COLOURS: usize = 6;

/// The plot; a table has the same in numbers.
pub(super) fn draw(plot: &Plot, heading: &str) -> Html {
    html! {
        <figure class="plot">
            <figcaption>{ heading.to_owned() }</figcaption>
            <p class="axis-name" aria-hidden="true">{ &plot.shares }</p>
            <svg role="img" aria-label={format!("{}, {}", plot.shares, plot.times)}>
                { for (0..=4).map(draw_quarter) }
                { for plot.ticks.iter().map(draw_tick) }
                <svg viewBox={format!("0 0 {} {}", Plot::WIDTH, Plot::HEIGHT)} preserveAspectRatio="none" width="100%" height="100%">
                    { for plot.curves.iter().enumerate().map(|(number, it)| html! { <path class={class(number)} d={it.path.clone()} /> }) }
                </svg>
                { for plot.curves.iter().map(draw_mark) }
            </svg>
            <p class="axis-name" aria-hidden="true">{ &plot.times }</p>
        </figure>
    }
}

/// What tells a curve from others: its letter, and how its line is drawn.
pub(super) fn draw_key(number: usize) -> Html {
    let letter = ('A'..).nth(number).map(String::from);
    html! {
        <>
            <svg class="key" aria-hidden="true"><path class={class(number)} d="M0 6h22" /></svg>
            <strong>{ letter }</strong>
        </>
    }
}

fn class(number: usize) -> String {
    let again = if number >= COLOURS { " again" } else { "" };
    format!("curve c{}{again}", number % COLOURS)
}

fn draw_quarter(quarter: usize) -> Html {
    let y = part(Plot::y(quarter, 4), Plot::HEIGHT);
    html! {
        <>
            <line class="grid" x1="0" x2="100%" y1={y.clone()} y2={y.clone()} />
            <text class="share" {y} dx="-6" dy="4">{ format!("{} %", 25 * quarter) }</text>
        </>
    }
}

fn draw_tick(tick: &Tick) -> Html {
    let x = part(tick.x, Plot::WIDTH);
    let class = if tick.is_power {
        "time"
    } else {
        "time between"
    };
    html! {
        <>
            <line class="grid" x1={x.clone()} x2={x.clone()} y1="0" y2="100%" />
            <text {class} {x} y="100%" dy="17">{ &tick.label }</text>
        </>
    }
}

fn draw_mark(curve: &Curve) -> Html {
    let (x, y) = curve.mark;
    let (x, y) = (part(x, Plot::WIDTH), part(y, Plot::HEIGHT));
    html! { <text class="mark" {x} {y} dx="4" dy="4">{ curve.letter }</text> }
}

/// A length as a part of the whole.
fn part(length: u32, whole: u32) -> String {
    let tenths = 1_000 * length / whole;
    format!("{}.{}%", tenths / 10, tenths % 10)
}
