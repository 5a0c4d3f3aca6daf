//! What to sample: from where, until when, how often, and beside which other settings.

use std::rc::Rc;

use hustings_lab::{Command, Header, Run, Script};
use hustings_search::wire::sampling::{First, Form, FormText, Setting, Wanted};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::super::Page;
use super::super::super::condition_field::{ConditionField, ConditionFieldProps};
use super::super::super::controls::menu;
use super::super::super::mount::mount;
use crate::i18n::texts;
use crate::sampling;
use crate::searching;
use crate::session::{Action, WhatIf};

/// How long runs may last, in seconds.
const SECONDS: [u64; 5] = [1, 3, 10, 30, 60];
/// How many runs there may be of each of the settings.
const RUNS: [u32; 4] = [100, 300, 1_000, 10_000];
/// What may happen first.
const FIRSTS: [First; 3] = [First::Nothing, First::LeaderCrashes, First::LeaderIsolated];

#[derive(Properties)]
pub(super) struct SampleFormProps {
    pub page: Rc<Page>,
}

impl PartialEq for SampleFormProps {
    fn eq(&self, other: &Self) -> bool {
        let form = |props: &Self| props.page.session.sampling().form().map(std::ptr::from_ref);
        self.page.run == other.page.run && form(self) == form(other)
    }
}

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Stable,
    Leader,
    Condition,
}

impl Awaited {
    const ALL: [Self; 3] = [Self::Stable, Self::Leader, Self::Condition];

    /// What a condition was chosen as.
    fn of(condition: Option<&str>) -> Self {
        match condition {
            None => Self::Stable,
            Some(LEADER) => Self::Leader,
            Some(_) => Self::Condition,
        }
    }

    /// The condition; nothing for a leader that stays.
    fn condition(self, typed: impl FnOnce() -> String) -> Option<String> {
        match self {
            Self::Stable => None,
            Self::Leader => Some(LEADER.to_owned()),
            Self::Condition => Some(typed()),
        }
    }
}

/// The condition that somebody leads.
const LEADER: &str = "leader";

/// What is chosen; what was asked for last, at first.
#[derive(Clone, PartialEq)]
struct Draft {
    standing_start: bool,
    awaited: Awaited,
    first: First,
    seconds: u64,
    runs: u32,
    /// What the other settings are called that are ticked.
    ticked: Vec<String>,
}

impl Draft {
    fn of(wanted: Option<&Wanted>) -> Self {
        let Some(wanted) = wanted else {
            return Self {
                standing_start: false,
                awaited: Awaited::Stable,
                first: First::Nothing,
                seconds: 10,
                runs: 1_000,
                ticked: Vec::new(),
            };
        };
        let others = wanted.settings.iter().skip(1);
        Self {
            standing_start: wanted.standing_start,
            awaited: Awaited::of(wanted.awaited.as_deref()),
            first: wanted.first,
            seconds: wanted.time / 1_000,
            runs: wanted.runs,
            ticked: others.map(|it| it.name.clone()).collect(),
        }
    }

    fn tick(&mut self, name: &str) {
        let before = self.ticked.len();
        self.ticked.retain(|it| it != name);
        if self.ticked.len() == before {
            self.ticked.push(name.to_owned());
        }
    }
}

/// Settings that a run can be compared with: what is otherwise in them.
struct Variant(Vec<WhatIf>);

impl Variant {
    /// All that make sense for a run. Where programs are installed on the way, Raft instead of
    /// them would not last.
    fn all(run: &Run) -> Vec<Self> {
        let header = run.header();
        let installs = |command: &Command| matches!(command, Command::Install { .. });
        let is_out = |it: &WhatIf| match it {
            WhatIf::OtherSeed => true,
            WhatIf::Raft => run.commands().iter().any(installs),
            _ => false,
        };
        let offers = WhatIf::offers(header).into_iter();
        let mut all: Vec<_> = offers.filter(|it| !is_out(it)).map(|it| vec![it]).collect();
        let has_core = header.programs.iter().count() < usize::from(header.cluster);
        if has_core && !header.raft.pre_vote && !header.raft.check_quorum {
            all.push(vec![WhatIf::PreVote(true), WhatIf::CheckQuorum(true)]);
        }
        let spreads = WhatIf::spreads(header).into_iter();
        all.extend(spreads.map(|it| vec![it]));
        all.into_iter().map(Self).collect()
    }

    fn name(&self) -> String {
        let names = self.0.iter().map(WhatIf::describe);
        names.collect::<Vec<_>>().join(" + ")
    }

    fn setting(&self, header: &Header) -> Result<Setting, Rc<str>> {
        let mut changes = self.0.iter();
        let changed = changes.try_fold(header.clone(), |header, it| it.header(&header))?;
        Ok(setting(self.name(), changed))
    }
}

fn setting(name: String, header: Header) -> Setting {
    let script = Script {
        header,
        steps: Vec::new(),
        states: Box::default(),
        goals: Vec::new(),
    };
    Setting {
        name,
        script: script.to_string(),
    }
}

/// A form for a sample.
#[component]
pub(super) fn SampleForm(props: &SampleFormProps) -> Html {
    let page = &props.page;
    let wanted = page.session.sampling().wanted();
    let draft = use_state(|| Draft::of(wanted));
    let field = use_node_ref();
    let (dispatch, shown) = (page.dispatch.clone(), field.clone());
    let awaited = wanted.and_then(|it| it.awaited.clone());
    use_effect_with((), move |()| {
        sampling::start(&dispatch);
        if let Some((input, awaited)) = shown.cast::<HtmlInputElement>().zip(awaited) {
            input.set_value(&awaited);
        }
    });
    let Some(form) = page.session.sampling().form() else {
        return html! { <p role="status">{ texts().find_asked() }</p> };
    };
    let onsubmit = {
        let (draft, field, page) = (draft.clone(), field.clone(), Rc::clone(page));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            begin(&draft, &field, &page);
        })
    };
    html! {
        <form {onsubmit}>
            <p>{ form.text(FormText::Intro) }</p>
            { draw_choices(&draft, field, page, form) }
            { draw_variants(&draft, page.session.run(), form) }
            <p class="form-end">
                <button type="submit" class="primary">{ form.text(FormText::Begin) }</button>
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

/// A menu with a label. `set` gets the place of another option.
fn choose(
    draft: &UseStateHandle<Draft>,
    label: &str,
    options: Vec<String>,
    chosen: Option<usize>,
    set: fn(&mut Draft, usize),
) -> Html {
    let choose = change(draft, set);
    html! {
        <label><span>{ label.to_owned() }</span>{ menu("", options, chosen.unwrap_or_default(), choose) }</label>
    }
}

fn set_to<T: Copy>(value: &mut T, values: &[T], place: usize) {
    *value = values.get(place).copied().unwrap_or(*value);
}

fn place<T: PartialEq>(values: &[T], chosen: T) -> Option<usize> {
    values.iter().position(|it| *it == chosen)
}

fn draw_choices(draft: &UseStateHandle<Draft>, field: NodeRef, page: &Page, form: &Form) -> Html {
    let say = |text| form.text(text).to_owned();
    let from = [texts().find_here(), texts().find_start()].map(str::to_owned);
    let firsts = [
        FormText::Nothing,
        FormText::LeaderCrashes,
        FormText::LeaderIsolated,
    ];
    let firsts = firsts.map(say).into();
    let awaited = vec![
        say(FormText::Stable),
        say(FormText::Leader),
        texts().find_condition().to_owned(),
    ];
    let seconds = SECONDS.map(|it| format!("{it} s")).into();
    let runs = RUNS.map(|it| it.to_string()).into();
    let menu = |label: &str, options, chosen, set| choose(draft, label, options, chosen, set);
    let condition = ConditionFieldProps {
        field,
        placeholder: "committed 3",
        servers: page.run.ids(),
    };
    html! {
        <div class="choices">
            { menu(texts().find_from(), from.into(), Some(usize::from(draft.standing_start)), |it, place| it.standing_start = place == 1) }
            { menu(form.text(FormText::First), firsts, place(&FIRSTS, draft.first), |it, place| set_to(&mut it.first, &FIRSTS, place)) }
            { menu(form.text(FormText::Awaited), awaited, place(&Awaited::ALL, draft.awaited), |it, place| set_to(&mut it.awaited, &Awaited::ALL, place)) }
            if draft.awaited == Awaited::Condition {
                <label><span>{ texts().condition() }</span>{ mount::<ConditionField>(condition) }</label>
            }
            { menu(form.text(FormText::Time), seconds, place(&SECONDS, draft.seconds), |it, place| set_to(&mut it.seconds, &SECONDS, place)) }
            { menu(form.text(FormText::Runs), runs, place(&RUNS, draft.runs), |it, place| set_to(&mut it.runs, &RUNS, place)) }
        </div>
    }
}

/// The settings that the run can be compared with.
fn draw_variants(draft: &UseStateHandle<Draft>, run: &Run, form: &Form) -> Html {
    let tick = |variant: Variant| {
        let name = variant.name();
        let checked = draft.ticked.contains(&name);
        let called = name.clone();
        let onchange = change(draft, move |draft, _: Event| draft.tick(&called));
        html! {
            <label key={name.clone()}><input type="checkbox" {checked} {onchange} />{ " " }{ name }</label>
        }
    };
    html! {
        <fieldset class="variants">
            <legend>{ form.text(FormText::Compare) }</legend>
            { for Variant::all(run).into_iter().map(tick) }
        </fieldset>
    }
}

/// Asks for what is chosen.
fn begin(draft: &Draft, field: &NodeRef, page: &Page) {
    match wanted(draft, field, page) {
        Ok(wanted) => sampling::sample(wanted, &page.dispatch),
        Err(why) => page.dispatch.dispatch(Action::Refuse(why)),
    }
}

fn wanted(draft: &Draft, field: &NodeRef, page: &Page) -> Result<Wanted, Rc<str>> {
    let run = page.session.run();
    let typed = || {
        let input = field.cast::<HtmlInputElement>();
        input.map_or_else(String::new, |it| it.value().trim().to_owned())
    };
    let form = page.session.sampling().form();
    let unchanged = form.map_or_else(String::new, |it| it.text(FormText::Unchanged).to_owned());
    let mut settings = vec![setting(unchanged, run.header().clone())];
    for variant in Variant::all(run) {
        if draft.ticked.contains(&variant.name()) {
            settings.push(variant.setting(run.header())?);
        }
    }
    Ok(Wanted {
        script: searching::saved(run)?,
        settings,
        standing_start: draft.standing_start,
        awaited: draft.awaited.condition(typed),
        first: draft.first,
        time: 1_000 * draft.seconds,
        runs: draft.runs,
    })
}
