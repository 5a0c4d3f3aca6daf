//! A server's program: what the latest record executed of it, line by line, with the
//! variables; and an editor that changes it.

mod edit;
mod listing;
mod paint;
mod said;
mod steps;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use hustings_lab::Program;
use hustings_raft::NodeId;
use yew::prelude::*;

use self::edit::{Edit, EditProps};
use self::listing::{Listing, ListingProps};
use super::controls::{button, menu};
use super::editor::{PAINTED_MAX, Painted};
use super::mount::mount;
use super::{Dispatch, Page, flaws, on_click, show_panel};
use crate::browser;
use crate::i18n::texts;
use crate::programs::{program_of, source_of};
use crate::session::{Action, Code};

/// The id of the lines.
const ID: &str = "code";

#[derive(Properties)]
pub(super) struct CodePanelProps {
    pub page: Rc<Page>,
}

impl PartialEq for CodePanelProps {
    fn eq(&self, other: &Self) -> bool {
        let (now, before) = (&self.page.session, &other.page.session);
        self.page.run == other.page.run
            && Rc::ptr_eq(now.code(), before.code())
            && now.breakpoints() == before.breakpoints()
            && now.is_too_fast_for_code() == before.is_too_fast_for_code()
    }
}

/// Shows a server's program and moves to it, or shows the events again.
pub(crate) fn open(dispatch: &Dispatch) {
    dispatch.dispatch(Action::ToggleCode);
    show_panel();
    // Once it is there.
    Timeout::new(0, || browser::focus(ID)).forget();
}

/// A callback that does the same.
pub(super) fn opener(page: &Page) -> Callback<MouseEvent> {
    let dispatch = page.dispatch.clone();
    Callback::from(move |_| open(&dispatch))
}

/// The panel of a server's program.
#[component]
pub(super) fn CodePanel(props: &CodePanelProps) -> Html {
    let page = &props.page;
    let shown = page.session.shown_program();
    let program = shown.map(|(_, program)| Rc::clone(program));
    let source: Rc<Rc<str>> = use_memo(program.clone(), |program| {
        let source = program.as_deref().and_then(source_of);
        source.unwrap_or_default().into()
    });
    let code = page.session.code();
    let name = program.as_deref().map_or("", |it| it.name());
    let draft = code.draft_of(name).filter(|_| code.is_editing());
    let text = draft.map_or_else(|| Rc::clone(&source), Rc::clone);
    let painted = use_memo(Rc::clone(&text), |text| painted(text));
    let Some((server, program)) = shown else {
        return html! { <p class="back">{ texts().code_none() }</p> };
    };
    if code.is_editing() {
        return mount::<Edit>(EditProps {
            page: Rc::clone(page),
            server,
            text,
            has_draft: draft.is_some(),
            painted,
        });
    }
    let listing = ListingProps {
        page: Rc::clone(page),
        server,
        program: program.name().into(),
        text,
        painted,
    };
    html! {
        <>
            { draw_head(page, &**program) }
            { said::draw(page, server) }
            { steps::draw(page) }
            { mount::<Listing>(listing) }
            { steps::draw_variables(page) }
            { flaws::draw(page, server) }
        </>
    }
}

/// Shows a line of a server's program.
pub(super) fn show_line(dispatch: &Dispatch, server: NodeId, line: u32) {
    dispatch.dispatch(Action::ShowCode(Some(server)));
    show_panel();
    // Once it is there.
    Timeout::new(0, move || {
        browser::focus(ID);
        browser::scroll_within(ID, &listing::line_id(line));
    })
    .forget();
}

/// The colours of the first lines.
fn painted(text: &str) -> Vec<Painted> {
    let mut painted = paint::paint(text);
    painted.truncate(PAINTED_MAX);
    painted
}

fn draw_head(page: &Page, program: &dyn Program) -> Html {
    let dispatch = &page.dispatch;
    let back = on_click(dispatch, Action::ToggleCode);
    let mended = program.mended().iter().map(|it| it.to_string());
    let mended = mended.reduce(|one, other| texts().listed(one, other));
    html! {
        <div class="back script-head code-head" role="group" aria-label={texts().code_actions()}>
            { button(&format!("‹ {}", texts().events()), texts().key_escape(), back) }
            { choose_server(page, page.session.code()) }
            { button(texts().code_edit(), texts().code_edit_hint(), on_click(dispatch, Action::EditCode(true))) }
            <strong>{ program.name() }</strong>
            if let Some(mended) = mended {
                <span class="mended" title={texts().code_mended(&mended)}>{ texts().code_mended(mended) }</span>
            }
        </div>
    }
}

/// Chooses the server whose program is shown, or that it is that of the latest record.
fn choose_server(page: &Page, code: &Code) -> Html {
    let runs = |id: &NodeId| program_of(&page.run, *id).is_some();
    let ids: Vec<_> = page.run.ids().iter().filter(runs).collect();
    let follows = [texts().code_follow().to_owned()].into_iter();
    let names = follows.chain(ids.iter().map(|id| id.to_string())).collect();
    let picked = ids.iter().position(|id| Some(*id) == code.picked());
    let dispatch = page.dispatch.clone();
    let choose = Callback::from(move |place: usize| {
        let server = place.checked_sub(1).and_then(|it| ids.get(it).copied());
        dispatch.dispatch(Action::ShowCode(server));
    });
    menu(
        texts().server(),
        names,
        picked.map_or(0, |it| it + 1),
        choose,
    )
}
