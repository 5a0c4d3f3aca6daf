//! The settings of a new run: servers, seed, options, and broken rules.

mod programs;

use hustings_lab::narrate::Tell;
use hustings_lab::{Header, Percent, narrate};
use hustings_raft::{BrokenRule, BrokenRules, Millis, MillisRange, NodeId};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::programs::{ChoiceProps, ProgramChoice};
use super::super::mount::mount;
use super::FormProps;
use super::gallery::show_button;
use super::{Open, Page};
use crate::i18n::{lang, texts};
use crate::session::Action;

/// A form for the header; a new run starts from it.
#[component]
pub(super) fn Setup(props: &FormProps) -> Html {
    let page = &props.page;
    let form = Form(use_state(|| Draft {
        header: page.run.header().clone(),
        unread: Vec::new(),
    }));
    let wrong = form.0.wrong();
    let start = {
        let (form, opener, dispatch) = (form.clone(), page.opener.clone(), page.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            dispatch.dispatch(Action::Begin(form.0.header.clone()));
            opener.open(Open::Nothing);
        })
    };
    let programs = ChoiceProps {
        form: form.clone(),
        dispatch: page.dispatch.clone(),
    };
    html! {
        <form class="setup" onsubmit={start}>
            <div class="fields">
                { for Field::ALL.into_iter().map(|field| form.input(field)) }
                { form.switch(texts().pre_vote(), |it| &mut it.raft.pre_vote) }
                { form.switch(texts().check_quorum(), |it| &mut it.raft.check_quorum) }
                { form.switch(texts().no_op(), |it| &mut it.raft.no_op) }
            </div>
            { mount::<ProgramChoice>(programs) }
            <fieldset class="broken-rules">
                <legend>{ texts().broken_rules() }</legend>
                <p>
                    { texts().broken_rules_hint() }
                    if form.0.header.programs.iter().next().is_some() {
                        { " " }{ texts().broken_core_only() }
                    }
                </p>
                <ul>
                    { for BrokenRule::ALL.iter().map(|rule| form.rule(*rule, page)) }
                </ul>
            </fieldset>
            <p class="form-end">
                if let Some(wrong) = &wrong {
                    <span class="notice" role="alert">{ wrong }</span>
                }
                <button type="submit" class="primary" disabled={wrong.is_some()}>{ texts().start_run() }</button>
            </p>
        </form>
    }
}

/// The text fields of the form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Servers,
    Seed,
    ElectionTimeout,
    Heartbeat,
    Latency,
    Disk,
    Loss,
    Duplicates,
}

impl Field {
    const ALL: [Self; 8] = [
        Self::Servers,
        Self::Seed,
        Self::ElectionTimeout,
        Self::Heartbeat,
        Self::Latency,
        Self::Disk,
        Self::Loss,
        Self::Duplicates,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Servers => texts().servers(),
            Self::Seed => texts().seed(),
            Self::ElectionTimeout => texts().election_timeout(),
            Self::Heartbeat => texts().heartbeat(),
            Self::Latency => texts().latency(),
            Self::Disk => texts().disk(),
            Self::Loss => texts().loss(),
            Self::Duplicates => texts().duplicates(),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Servers => texts().one_to_nine(),
            Self::Seed => texts().a_whole_number(),
            Self::ElectionTimeout | Self::Latency | Self::Disk => texts().a_range(),
            Self::Heartbeat => texts().milliseconds(),
            Self::Loss | Self::Duplicates => texts().a_percentage(),
        }
    }

    /// Its text for a header.
    fn value(self, header: &Header) -> String {
        let range = |range: MillisRange| format!("{}..{}", range.min().0, range.max().0);
        match self {
            Self::Servers => header.cluster.to_string(),
            Self::Seed => header.seed.to_string(),
            Self::ElectionTimeout => range(header.raft.election_timeout),
            Self::Heartbeat => header.raft.heartbeat.0.to_string(),
            Self::Latency => range(header.latency),
            Self::Disk => range(header.disk),
            Self::Loss => header.loss.to_string(),
            Self::Duplicates => header.duplicate.to_string(),
        }
    }

    /// Parses a text into a header; `None` if it is invalid.
    fn read(self, typed: &str, header: &mut Header) -> Option<()> {
        match self {
            Self::Servers => {
                let cluster = typed.parse().ok();
                resize(header, cluster.filter(|it| (1..=NodeId::MAX).contains(it))?);
            }
            Self::Seed => header.seed = typed.parse().ok()?,
            Self::ElectionTimeout => header.raft.election_timeout = range(typed)?,
            Self::Heartbeat => header.raft.heartbeat = millis(typed)?,
            Self::Latency => header.latency = range(typed)?,
            Self::Disk => header.disk = range(typed)?,
            Self::Loss => header.loss = percent(typed)?,
            Self::Duplicates => header.duplicate = percent(typed)?,
        }
        Some(())
    }
}

/// The header of the form, and the texts that are invalid.
#[derive(Clone, PartialEq)]
struct Draft {
    header: Header,
    unread: Vec<(Field, String)>,
}

impl Draft {
    /// The first error: an invalid text, or settings that contradict each other. These
    /// are checked together, because they may be entered in any order.
    fn wrong(&self) -> Option<String> {
        match self.unread.first() {
            Some((field, typed)) => Some(texts().bad_value(field.name(), field.expected(), typed)),
            None => self.header.check().err().map(|error| error.tell(lang())),
        }
    }

    fn take(&mut self, field: Field, typed: String) {
        self.unread.retain(|(other, _)| *other != field);
        if field.read(typed.trim(), &mut self.header).is_none() {
            self.unread.push((field, typed));
        }
    }
}

#[derive(Clone, PartialEq)]
struct Form(UseStateHandle<Draft>);

impl Form {
    /// A callback that changes the draft.
    fn change(&self, change: impl Fn(&mut Draft, Event) + 'static) -> Callback<Event> {
        let draft = self.0.clone();
        Callback::from(move |event| {
            let mut next = (*draft).clone();
            change(&mut next, event);
            draft.set(next);
        })
    }

    fn input(&self, field: Field) -> Html {
        let onchange = self.change(move |draft, event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            draft.take(field, input.value());
        });
        let unread = self.0.unread.iter().find(|(other, _)| *other == field);
        let value = match unread {
            Some((_, typed)) => typed.clone(),
            None => field.value(&self.0.header),
        };
        html! {
            <label><span>{ field.name() }</span><input type="text" inputmode="numeric" {value} {onchange} /></label>
        }
    }

    fn switch(&self, name: &'static str, of: fn(&mut Header) -> &mut bool) -> Html {
        let checked = *of(&mut self.0.header.clone());
        let onchange = self.change(move |draft, _| *of(&mut draft.header) = !checked);
        html! { <label class="switch"><input type="checkbox" {checked} {onchange} /><span>{ name }</span></label> }
    }

    fn rule(&self, rule: BrokenRule, page: &Page) -> Html {
        let checked = self.0.header.broken.contains(rule);
        let onchange = self.change(move |draft, _| {
            draft.header.broken = toggled(draft.header.broken, rule);
        });
        html! {
            <li key={rule.name()}>
                <label>
                    <input type="checkbox" {checked} {onchange} />
                    <span><code>{ rule.name() }</code>{ " " }{ narrate::broken(rule, lang()) }</span>
                </label>
                { show_button(rule.name(), page) }
            </li>
        }
    }
}

/// A number of milliseconds, with or without the unit.
fn millis(typed: &str) -> Option<Millis> {
    let number = typed.trim().trim_end_matches("ms").trim_end();
    number.parse().ok().map(Millis)
}

fn range(typed: &str) -> Option<MillisRange> {
    let (min, max) = typed.split_once("..").unwrap_or((typed, typed));
    let (min, max) = (millis(min)?.0, millis(max)?.0);
    MillisRange::new(min, max)
}

fn percent(typed: &str) -> Option<Percent> {
    Percent::new(typed.trim_end_matches('%').parse().ok()?)
}

/// Sets the number of servers; removes the initial configuration, and the initial states
/// and programs of servers beyond it.
pub(in super::super) fn resize(header: &mut Header, cluster: u8) {
    header.cluster = cluster;
    header.members = None;
    for gone in NodeId::first(NodeId::MAX).filter(|id| id.number() > cluster) {
        header.initial.remove(gone);
        header.programs.remove(gone);
    }
    // A goal may be about servers that are gone.
    header.goals.clear();
}

fn toggled(rules: BrokenRules, rule: BrokenRule) -> BrokenRules {
    if rules.contains(rule) {
        rules.iter().filter(|other| *other != rule).collect()
    } else {
        rules.iter().chain([rule]).collect()
    }
}
