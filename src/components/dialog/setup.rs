//! What a run starts from: servers, seed, options, and rules that are broken.

use hustings_lab::narrate::Tell;
use hustings_lab::{Header, Percent, narrate};
use hustings_raft::{BrokenRule, BrokenRules, Millis, MillisRange, NodeId};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::Dispatch;
use super::gallery::show_button;
use super::{Open, Opener};
use crate::session::Action;
use crate::words::{lang, words};

/// The properties of the [`Setup`].
#[derive(Properties, PartialEq)]
pub(super) struct SetupProps {
    pub header: Header,
    pub opener: Opener,
    pub dispatch: Dispatch,
}

/// A form for the header; a new run starts from it.
#[component]
pub(super) fn Setup(props: &SetupProps) -> Html {
    let draft = use_state(|| props.header.clone());
    let form = Form {
        draft: draft.clone(),
        unread: use_state(Vec::new),
    };
    let wrong = form.wrong();
    let start = {
        let (draft, opener, dispatch) =
            (draft.clone(), props.opener.clone(), props.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            dispatch.dispatch(Action::Begin((*draft).clone()));
            opener.open(Open::Nothing);
        })
    };
    html! {
        <form class="setup" onsubmit={start}>
            <div class="fields">
                { form.cluster() }
                { form.seed() }
                { form.range(words().election_timeout(), |it| &mut it.raft.election_timeout) }
                { form.heartbeat() }
                { form.range(words().latency(), |it| &mut it.latency) }
                { form.range(words().disk(), |it| &mut it.disk) }
                { form.percent(words().loss(), |it| &mut it.loss) }
                { form.percent(words().duplicates(), |it| &mut it.duplicate) }
                { form.switch(words().pre_vote(), |it| &mut it.raft.pre_vote) }
                { form.switch(words().check_quorum(), |it| &mut it.raft.check_quorum) }
                { form.switch(words().no_op(), |it| &mut it.raft.no_op) }
            </div>
            <fieldset class="broken-rules">
                <legend>{ words().broken_rules() }</legend>
                <p>{ words().broken_rules_hint() }</p>
                <ul>
                    { for BrokenRule::ALL.iter().map(|rule| form.rule(*rule, props)) }
                </ul>
            </fieldset>
            <p class="form-end">
                if let Some(wrong) = &wrong {
                    <span class="notice" role="alert">{ wrong }</span>
                }
                <button type="submit" class="primary" disabled={wrong.is_some()}>{ words().start_run() }</button>
            </p>
        </form>
    }
}

/// The header that is being made, and what was typed that cannot be part of one.
#[derive(Clone)]
struct Form {
    draft: UseStateHandle<Header>,
    unread: UseStateHandle<Vec<Unread>>,
}

/// What was typed into a field and cannot be read.
#[derive(Clone)]
struct Unread {
    field: &'static str,
    typed: String,
    expected: &'static str,
}

impl Form {
    /// What must be mended before a run can start: what cannot be read, or what
    /// contradicts itself, in whatever order it was typed.
    fn wrong(&self) -> Option<String> {
        match self.unread.first() {
            Some(it) => Some(words().bad_value(it.field, it.expected, &it.typed)),
            None => self.draft.check().err().map(|error| error.tell(lang())),
        }
    }

    fn input(
        &self,
        field: &'static str,
        value: String,
        read: impl Fn(&str, Header) -> Option<Header> + 'static,
        expected: &'static str,
    ) -> Html {
        let form = self.clone();
        let onchange = Callback::from(move |event: Event| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            let mut unread = (*form.unread).clone();
            unread.retain(|it| it.field != field);
            match read(typed.trim(), (*form.draft).clone()) {
                Some(header) => form.draft.set(header),
                None => unread.push(Unread {
                    field,
                    typed,
                    expected,
                }),
            }
            form.unread.set(unread);
        });
        let unread = self.unread.iter().find(|it| it.field == field);
        let value = unread.map_or(value, |it| it.typed.clone());
        html! {
            <label><span>{ field }</span><input type="text" inputmode="numeric" {value} {onchange} /></label>
        }
    }

    fn cluster(&self) -> Html {
        let read = |typed: &str, header: Header| {
            let cluster = typed
                .parse()
                .ok()
                .filter(|it| (1..=NodeId::MAX).contains(it))?;
            Some(resized(header, cluster))
        };
        self.input(
            words().servers(),
            self.draft.cluster.to_string(),
            read,
            words().one_to_nine(),
        )
    }

    fn seed(&self) -> Html {
        let read = |typed: &str, header: Header| {
            let seed = typed.parse().ok()?;
            Some(Header { seed, ..header })
        };
        let seed = self.draft.seed.to_string();
        self.input(words().seed(), seed, read, words().a_whole_number())
    }

    fn heartbeat(&self) -> Html {
        let read = |typed: &str, mut header: Header| {
            header.raft.heartbeat = Millis(millis(typed)?);
            Some(header)
        };
        let value = self.draft.raft.heartbeat.0.to_string();
        self.input(words().heartbeat(), value, read, words().milliseconds())
    }

    fn range(&self, name: &'static str, of: fn(&mut Header) -> &mut MillisRange) -> Html {
        let mut header = (*self.draft).clone();
        let range = *of(&mut header);
        let read = move |typed: &str, mut header: Header| {
            let (min, max) = typed.split_once("..").unwrap_or((typed, typed));
            let (min, max) = (millis(min)?, millis(max)?);
            (min <= max).then(|| *of(&mut header) = MillisRange::new(min, max))?;
            Some(header)
        };
        let value = format!("{}..{}", range.min.0, range.max.0);
        self.input(name, value, read, words().a_range())
    }

    fn percent(&self, name: &'static str, of: fn(&mut Header) -> &mut Percent) -> Html {
        let mut header = (*self.draft).clone();
        let value = of(&mut header).to_string();
        let read = move |typed: &str, mut header: Header| {
            let number = typed.trim_end_matches('%').parse().ok()?;
            *of(&mut header) = Percent::new(number)?;
            Some(header)
        };
        self.input(name, value, read, words().a_percentage())
    }

    fn switch(&self, name: &'static str, of: fn(&mut Header) -> &mut bool) -> Html {
        let mut header = (*self.draft).clone();
        let checked = *of(&mut header);
        let form = self.clone();
        let onchange = Callback::from(move |_: Event| {
            let mut header = (*form.draft).clone();
            let on = of(&mut header);
            *on = !*on;
            form.draft.set(header);
        });
        html! { <label class="switch"><input type="checkbox" {checked} {onchange} /><span>{ name }</span></label> }
    }

    fn rule(&self, rule: BrokenRule, props: &SetupProps) -> Html {
        let checked = self.draft.broken.contains(rule);
        let form = self.clone();
        let onchange = Callback::from(move |_: Event| {
            let mut header = (*form.draft).clone();
            header.broken = toggled(header.broken, rule);
            form.draft.set(header);
        });
        html! {
            <li key={rule.name()}>
                <label>
                    <input type="checkbox" {checked} {onchange} />
                    <span><code>{ rule.name() }</code>{ " " }{ narrate::broken(rule, lang()) }</span>
                </label>
                { show_button(rule.name(), &props.opener, &props.dispatch) }
            </li>
        }
    }
}

/// A number of milliseconds, with or without the unit.
fn millis(typed: &str) -> Option<u64> {
    typed.trim().trim_end_matches("ms").trim_end().parse().ok()
}

/// The same settings for so many servers; what concerned others goes.
pub(in super::super) fn resized(mut header: Header, cluster: u8) -> Header {
    header.cluster = cluster;
    header.members = None;
    for gone in NodeId::first(NodeId::MAX).filter(|id| id.number() > cluster) {
        header.initial.remove(gone);
    }
    header
}

fn toggled(rules: BrokenRules, rule: BrokenRule) -> BrokenRules {
    match rules.contains(rule) {
        true => rules.iter().filter(|other| *other != rule).collect(),
        false => rules.iter().chain([rule]).collect(),
    }
}
