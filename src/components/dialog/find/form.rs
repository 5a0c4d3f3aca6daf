//! What to search for, from where, and within which bounds.

use std::rc::Rc;

use hustings_lab::Invariant;
use hustings_lab::narrate;
use hustings_search::wire::{Bound, Wanted};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::super::Page;
use super::super::super::condition_field::{ConditionField, ConditionFieldProps};
use super::super::super::controls::menu;
use super::super::super::mount::mount;
use crate::i18n::{lang, texts};
use crate::searching;
use crate::session::Action;

/// The most memory that a search takes, in megabytes: what a tab may have on a phone, too.
const MEGABYTES: u32 = 500;

#[derive(Properties)]
pub(super) struct FindFormProps {
    pub page: Rc<Page>,
}

impl PartialEq for FindFormProps {
    fn eq(&self, other: &Self) -> bool {
        let bounds = |props: &Self| props.page.session.finding().bounds().as_ptr();
        self.page.run == other.page.run && bounds(self) == bounds(other)
    }
}

/// What is chosen; what was asked for last, at first.
#[derive(Clone, PartialEq)]
struct Draft {
    standing_start: bool,
    goal: Looked,
    all: bool,
    /// The bounds that were changed, by name.
    bounds: Vec<(String, String)>,
}

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looked {
    Violation(Option<Invariant>),
    Condition,
}

impl Looked {
    /// All that there is to choose from.
    fn all() -> impl Iterator<Item = Self> {
        let invariants = Invariant::ALL.iter().copied().map(Some);
        let violations = std::iter::once(None).chain(invariants);
        violations.map(Self::Violation).chain([Self::Condition])
    }

    fn describe(self) -> String {
        match self {
            Self::Violation(None) => texts().find_any().to_owned(),
            Self::Violation(Some(invariant)) => {
                texts().of_which(invariant.name(), narrate::invariant(invariant, lang()))
            }
            Self::Condition => texts().find_condition().to_owned(),
        }
    }

    /// As a condition; a text that the user has typed if it is one.
    fn text(self, typed: impl FnOnce() -> String) -> String {
        match self {
            Self::Violation(None) => "violation".to_owned(),
            Self::Violation(Some(invariant)) => "violation ".to_owned() + invariant.name(),
            Self::Condition => typed(),
        }
    }
}

impl Draft {
    fn of(wanted: Option<&Wanted>) -> Self {
        let Some(wanted) = wanted else {
            return Self {
                standing_start: false,
                goal: Looked::Violation(None),
                all: false,
                bounds: Vec::new(),
            };
        };
        let is_it = |it: &Looked| it.text(String::new) == wanted.goal;
        let bounds = wanted.bounds.split_whitespace();
        let bounds = bounds.filter_map(|it| it.split_once('='));
        Self {
            standing_start: wanted.standing_start,
            goal: Looked::all().find(is_it).unwrap_or(Looked::Condition),
            all: wanted.all,
            bounds: bounds
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }

    fn value(&self, bound: &Bound) -> String {
        let changed = self.bounds.iter().find(|(name, _)| *name == bound.name);
        changed.map_or(&bound.value, |(_, value)| value).clone()
    }

    fn set(&mut self, name: &str, value: String) {
        self.bounds.retain(|(it, _)| it != name);
        self.bounds.push((name.to_owned(), value));
    }

    /// As bounds are written; a value that is empty is the usual one.
    fn bounds(&self) -> String {
        let changed = self.bounds.iter().filter(|(_, value)| !value.is_empty());
        let words = changed.map(|(name, value)| format!("{name}={value}"));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// A form for a search.
#[component]
pub(super) fn FindForm(props: &FindFormProps) -> Html {
    let page = &props.page;
    let draft = use_state(|| Draft::of(page.session.finding().wanted()));
    let field = use_node_ref();
    let (dispatch, shown) = (page.dispatch.clone(), field.clone());
    let wanted = page.session.finding().wanted().map(|it| it.goal.clone());
    use_effect_with((), move |()| {
        searching::start(&dispatch);
        if let Some((input, goal)) = shown.cast::<HtmlInputElement>().zip(wanted) {
            input.set_value(&goal);
        }
    });
    let onsubmit = {
        let (draft, field, page) = (draft.clone(), field.clone(), Rc::clone(page));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            begin(&draft, &field, &page);
        })
    };
    html! {
        <form {onsubmit}>
            <p>{ texts().find_intro() }</p>
            { draw_choices(&draft, field, page) }
            { draw_bounds(&draft, page.session.finding().bounds()) }
            <p class="form-end">
                <button type="submit" class="primary" autofocus=true>{ texts().find_begin() }</button>
            </p>
        </form>
    }
}

/// A callback that changes what is chosen.
fn change<E>(
    draft: &UseStateHandle<Draft>,
    change: impl Fn(&mut Draft, E) + 'static,
) -> Callback<E> {
    let draft = draft.clone();
    Callback::from(move |event| {
        let mut next = (*draft).clone();
        change(&mut next, event);
        draft.set(next);
    })
}

fn draw_choices(draft: &UseStateHandle<Draft>, field: NodeRef, page: &Page) -> Html {
    let from = [texts().find_here(), texts().find_start()];
    let how = [texts().find_some(), texts().find_all()];
    let goals = Looked::all().map(Looked::describe).collect();
    let goal = Looked::all().position(|it| it == draft.goal);
    let set_from = change(draft, |draft, place| draft.standing_start = place == 1);
    let set_how = change(draft, |draft, place| draft.all = place == 1);
    let set_goal = change(draft, |draft, place| {
        draft.goal = Looked::all().nth(place).unwrap_or(draft.goal);
    });
    let list = |of: [&str; 2]| of.map(str::to_owned).into();
    let condition = ConditionFieldProps {
        field,
        placeholder: "2 leaders",
        servers: page.run.ids(),
    };
    html! {
        <div class="choices">
            <label><span>{ texts().find_what() }</span>{ menu("", goals, goal.unwrap_or_default(), set_goal) }</label>
            if draft.goal == Looked::Condition {
                <label><span>{ texts().condition() }</span>{ mount::<ConditionField>(condition) }</label>
            }
            <label><span>{ texts().find_from() }</span>{ menu("", list(from), usize::from(draft.standing_start), set_from) }</label>
            <label><span>{ texts().find_how() }</span>{ menu("", list(how), usize::from(draft.all), set_how) }</label>
        </div>
    }
}

/// The bounds, which few change.
fn draw_bounds(draft: &UseStateHandle<Draft>, bounds: &[Bound]) -> Html {
    let input = |bound: &Bound| {
        let name = bound.name.clone();
        let onchange = change(draft, move |draft, event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            draft.set(&name, input.value().trim().to_owned());
        });
        html! {
            <label key={bound.name.clone()}>
                <span><code>{ &bound.name }</code>{ " " }{ &bound.told }</span>
                <input type="text" value={draft.value(bound)} {onchange} />
            </label>
        }
    };
    html! {
        <details class="bounds">
            <summary>{ texts().find_bounds() }</summary>
            <p>{ texts().find_bounds_hint(MEGABYTES) }</p>
            <div class="fields">{ for bounds.iter().map(input) }</div>
        </details>
    }
}

/// Asks for what is chosen.
fn begin(draft: &Draft, field: &NodeRef, page: &Page) {
    let typed = || {
        let input = field.cast::<HtmlInputElement>();
        input.map_or_else(String::new, |it| it.value().trim().to_owned())
    };
    let script = match searching::saved(page.session.run()) {
        Ok(script) => script,
        Err(why) => return page.dispatch.dispatch(Action::Refuse(why.into())),
    };
    let wanted = Wanted {
        script,
        standing_start: draft.standing_start,
        goal: draft.goal.text(typed),
        bounds: draft.bounds(),
        all: draft.all,
        megabytes: MEGABYTES,
    };
    searching::search(wanted, &page.dispatch);
}
