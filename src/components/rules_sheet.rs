//! The sheet of rules: what the shown record applied lights up with its numbers, and what
//! is broken is struck through.

use std::rc::Rc;

use hustings_lab::{RecordId, main_reason, narrate};
use hustings_raft::{BrokenRules, Rule};
use yew::prelude::*;

use super::controls::button;
use super::dialog::gallery::show;
use super::glyphs::{class_if, class_of};
use super::{Page, on_click};
use crate::browser;
use crate::i18n::{lang, texts};
use crate::session::{Action, Selection};
use crate::sheet::{Part, SHEET, invariant, lesson};

#[derive(Properties)]
pub(super) struct RulesSheetProps {
    pub page: Rc<Page>,
}

impl PartialEq for RulesSheetProps {
    fn eq(&self, other: &Self) -> bool {
        self.page.run == other.page.run && shown(&self.page) == shown(&other.page)
    }
}

const ID: &str = "rules-sheet";

/// The record whose rules light up: the selected one, or the last that is told.
fn shown(page: &Page) -> Option<RecordId> {
    match page.session.selected() {
        Selection::Record(id) => Some(id),
        _ => page.run.records().len().checked_sub(1).map(RecordId),
    }
}

/// A rule that was applied, and how, in a sentence.
type Applied = (Rule, String);

/// The sheet.
#[component]
pub(super) fn RulesSheet(props: &RulesSheetProps) -> Html {
    let page = &props.page;
    let record = shown(page).and_then(|id| page.run.records().get(id));
    let reasons = record.map(|record| narrate::reasons(record, lang()));
    let applied: Vec<Applied> = reasons
        .unwrap_or_default()
        .into_iter()
        .map(|(reason, told)| (reason.rule(), told))
        .collect();
    let main = record.and_then(|record| main_reason(record));
    let main = main.map(|reason| reason.rule());
    use_effect_with(main, |main| {
        if let Some(rule) = main {
            browser::scroll_within(ID, &line_id(*rule));
        }
    });
    let back = on_click(&page.dispatch, Action::ToggleRules);
    html! {
        <>
            <p class="back">
                { button(&format!("‹ {}", texts().events()), "", back) }{ " " }
                <strong>{ texts().rules_sheet() }</strong>
            </p>
            <section id={ID} class="rules-sheet" tabindex="0" aria-label={texts().rules_sheet()}>
                { for SHEET.iter().map(|part| draw_part(page, part, &applied)) }
            </section>
        </>
    }
}

fn is_in(applied: &[Applied], rule: Rule) -> bool {
    applied.iter().any(|(it, _)| *it == rule)
}

fn line_id(rule: Rule) -> String {
    format!("rule-{rule:?}")
}

fn draw_part(page: &Page, part: &Part, applied: &[Applied]) -> Html {
    html! {
        <>
            <h3>{ (part.title)() }</h3>
            <ul>{ for part.rules.iter().map(|rule| draw_line(page, *rule, applied)) }</ul>
        </>
    }
}

fn draw_line(page: &Page, rule: Rule, applied: &[Applied]) -> Html {
    let broken = broken(page.run.header().broken, rule);
    let class = class_of(&[
        class_if(is_in(applied, rule), "lit"),
        class_if(!broken.is_empty(), "broken"),
    ]);
    let statement = narrate::rule(rule, lang());
    let told = applied.iter().filter(|(it, _)| *it == rule);
    html! {
        <li id={line_id(rule)} {class} key={line_id(rule)}>
            <details>
                <summary>
                    if broken.is_empty() { { statement } } else { <s>{ statement }</s> }
                </summary>
                { draw_more(page, rule) }
            </details>
            { for broken.into_iter().map(|instead| html! { <p class="instead">{ instead }</p> }) }
            { for told.map(|(_, told)| html! { <p class="applied">{ told }</p> }) }
        </li>
    }
}

/// What servers do instead of a rule.
fn broken(broken: BrokenRules, rule: Rule) -> Vec<&'static str> {
    let breaks = broken.iter().filter(|it| it.rule() == rule);
    breaks.map(|it| narrate::broken(it, lang())).collect()
}

/// A rule's source, what it protects, and a lesson.
fn draw_more(page: &Page, rule: Rule) -> Html {
    let protects = invariant(rule);
    let protects =
        protects.map(|it| texts().sheet_invariant(it.name(), narrate::invariant(it, lang())));
    html! {
        <div class="sheet-more">
            <p class="rule">{ narrate::source(rule.source(), lang()) }</p>
            if let Some(protects) = protects {
                <p>{ protects }</p>
            }
            if let Some((group, name)) = lesson(rule) {
                { button(&texts().sheet_lesson(name), "", show(group, name, page)) }
            }
        </div>
    }
}
