//! The view of a server's program: what the shown record executed of it, line by line, and
//! what the user has changed in it.

mod traced;

use std::rc::Rc;

use hustings_lab::{Event, Program, Record, RecordId};
use hustings_raft::NodeId;

use super::{Selection, Session};
use crate::i18n::texts;
use crate::programs::{code_of, executed, program_of, source_of};

pub use traced::{Call, Mark, Traced};

/// The most records that are looked at for one in which a program does something.
const RECORDS_AHEAD: usize = 200;

/// The view of a server's program.
#[derive(Clone, Default)]
pub struct Code {
    is_shown: bool,
    /// The server that the user has chosen; otherwise that of the shown record.
    picked: Option<NodeId>,
    /// The server whose program was shown last.
    server: Option<NodeId>,
    /// What the shown record executed.
    traced: Option<Rc<Traced>>,
    /// The step of it up to which the user went; all of it otherwise.
    place: Option<usize>,
    /// Whether the program is being changed.
    is_editing: bool,
    /// The changed source, of the program of that name.
    draft: Option<(Rc<str>, Rc<str>)>,
}

/// Where a changed program is to run from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunFrom {
    /// The start of the run.
    Start,
    /// The shown moment.
    Here,
}

impl Code {
    /// With a changed source, of the program of that name, which is not shown yet.
    pub(super) fn of_draft(draft: Option<(Rc<str>, Rc<str>)>) -> Self {
        Self {
            is_editing: draft.is_some(),
            draft,
            ..Self::default()
        }
    }

    /// The name of a program, and its changed source.
    pub(super) fn draft(&self) -> Option<&(Rc<str>, Rc<str>)> {
        self.draft.as_ref()
    }

    /// The server that the user has chosen.
    pub fn picked(&self) -> Option<NodeId> {
        self.picked
    }

    /// The step up to which the user went by hand.
    pub fn place(&self) -> Option<usize> {
        self.place
    }

    /// Whether the program is being changed.
    pub fn is_editing(&self) -> bool {
        self.is_editing
    }

    /// The changed source of a program.
    pub fn draft_of(&self, program: &str) -> Option<&Rc<str>> {
        let (of, text) = self.draft.as_ref()?;
        (**of == *program).then_some(text)
    }
}

impl Session {
    /// Whether a server's program is shown in place of the events.
    pub fn shows_code(&self) -> bool {
        self.code.is_shown
    }

    /// The view of a server's program.
    pub fn code(&self) -> &Rc<Code> {
        &self.code
    }

    /// Whether any server runs a program.
    pub fn has_programs(&self) -> bool {
        self.run
            .ids()
            .iter()
            .any(|id| program_of(&self.run, id).is_some())
    }

    /// Whether any server runs a program whose lines can be shown.
    pub fn has_code(&self) -> bool {
        let mut ids = self.run.ids().iter();
        ids.any(|id| code_of(&self.run, id).is_some())
    }

    /// The server whose program is shown, and the program.
    pub fn shown_program(&self) -> Option<(NodeId, &Rc<dyn Program>)> {
        let code = &self.code;
        let of_record = self.shown_record().and_then(|record| record.event.server());
        let first = [code.picked, of_record, code.server];
        let all = first.into_iter().flatten().chain(self.run.ids().iter());
        let mut programs = all.filter_map(|id| Some((id, code_of(&self.run, id)?)));
        programs.next()
    }

    /// The record whose lines are shown: the latest, captions aside.
    pub fn shown_record(&self) -> Option<&Rc<Record>> {
        self.run.records().get(self.shown_id()?)
    }

    fn shown_id(&self) -> Option<RecordId> {
        let records = self.run.records();
        let all = (0..records.len()).rev().map(RecordId);
        let mut others = all.filter(|id| !records.get(*id).is_some_and(|it| is_caption(it)));
        others.next()
    }

    /// What the shown record executed, unless time passes too fast to look at it.
    pub fn traced(&self) -> Option<&Rc<Traced>> {
        let traced = self.code.traced.as_ref()?;
        (traced.of == self.shown_moment()).then_some(traced)
    }

    /// The same if it is of the server that is shown.
    pub fn shown_trace(&self) -> Option<&Rc<Traced>> {
        let (server, _) = self.shown_program()?;
        self.traced()
            .filter(|it| it.server == server && !it.steps.is_empty())
    }

    /// Whether time passes too fast to look at lines.
    pub fn is_too_fast_for_code(&self) -> bool {
        self.playing && self.speed.factor() >= super::Speed::default().factor()
    }

    /// Number of the history, branch, and number of records.
    fn shown_moment(&self) -> (u32, usize, usize) {
        let records = self.run.records().len();
        (self.history_number, self.history.current(), records)
    }

    fn code_mut(&mut self) -> &mut Code {
        Rc::make_mut(&mut self.code)
    }

    /// Looks at what the shown record executed, once.
    pub(super) fn follow_code(&mut self) {
        let of = self.shown_moment();
        let is_known = self.code.traced.as_ref().is_some_and(|it| it.of == of);
        let is_hidden = !self.code.is_shown || self.beside.is_some();
        if is_hidden || is_known || self.is_too_fast_for_code() {
            return;
        }
        let server = self.shown_record().and_then(|record| record.event.server());
        let runs = server.filter(|id| program_of(&self.run, *id).is_some());
        let traces = match runs.and(self.shown_id()) {
            Some(id) => executed(&self.history, id),
            None => Vec::new(),
        };
        let shown = self.shown_program().map(|(id, _)| id);
        let code = self.code_mut();
        code.server = shown.or(code.server);
        code.place = None;
        code.traced = runs.map(|server| Rc::new(Traced::new(of, server, traces)));
    }

    pub(super) fn toggle_code(&mut self) {
        let is_shown = self.code.is_shown && self.selected == Selection::Nothing;
        if is_shown {
            self.hide_code();
        } else {
            self.show_code(None);
        }
    }

    pub(super) fn hide_code(&mut self) {
        if self.code.is_shown {
            self.code_mut().is_shown = false;
        }
    }

    /// Shows the program of a server, or of that of the shown record.
    pub(super) fn show_code(&mut self, server: Option<NodeId>) {
        if !self.has_code() {
            self.notify(texts().code_none());
            return;
        }
        let runs = server.filter(|id| program_of(&self.run, *id).is_some());
        let code = self.code_mut();
        (code.is_shown, code.picked) = (true, runs);
        (self.shows_script, self.shows_rules) = (false, false);
        self.selected = Selection::Nothing;
        // Two futures take the place of the panel.
        self.beside = None;
    }

    pub(super) fn edit_code(&mut self, is_editing: bool) {
        if is_editing {
            self.pause();
        }
        self.code_mut().is_editing = is_editing;
    }

    pub(super) fn write_code(&mut self, text: Option<Rc<str>>) {
        let Some((_, program)) = self.shown_program() else {
            return;
        };
        let source = source_of(&**program);
        let changed = text.filter(|text| source.as_deref() != Some(&**text));
        let draft = changed.map(|text| (program.name().into(), text));
        self.code_mut().draft = draft;
    }

    pub(super) fn go_to_line(&mut self, place: usize) {
        if let Some(last) = self.last_step() {
            self.pause();
            self.code_mut().place = Some(place.min(last));
        }
    }

    /// The last step of what is shown.
    fn last_step(&self) -> Option<usize> {
        self.shown_trace()?.steps.len().checked_sub(1)
    }

    /// To the next line that is executed, in this record or one that comes.
    pub(super) fn step_line(&mut self) {
        if self.is_too_fast_for_code() {
            self.pause();
            return;
        }
        match (self.last_step(), self.code.place) {
            (Some(last), Some(place)) if place < last => self.go_to_line(place + 1),
            _ => self.next_call(),
        }
    }

    /// To the line that was executed before, in this record or an earlier one.
    pub(super) fn step_line_back(&mut self) {
        if self.is_too_fast_for_code() {
            self.pause();
            return;
        }
        let place = self.last_step().map(|last| self.code.place.unwrap_or(last));
        match place.and_then(|place| place.checked_sub(1)) {
            Some(before) => self.go_to_line(before),
            None => self.previous_call(),
        }
    }

    /// Whether a program may have done something in a record that is of interest.
    fn may_execute(&self, record: &Record) -> bool {
        let server = record.event.server();
        let is_picked = |id: &NodeId| self.code.picked.is_none_or(|picked| picked == *id);
        let runs = server
            .filter(is_picked)
            .is_some_and(|id| program_of(&self.run, id).is_some());
        runs && is_told(&record.event)
    }

    fn next_call(&mut self) {
        let before = self.clone();
        for _ in 0..RECORDS_AHEAD {
            let records = self.run.records().len();
            self.step();
            if self.run.records().len() == records {
                return;
            }
            if self.stands_at_call() {
                self.code_mut().place = Some(0);
                return;
            }
        }
        *self = before;
        self.pause();
        self.notify(texts().code_no_more());
    }

    fn previous_call(&mut self) {
        let here = self.shown_id().map_or(0, |id| id.0);
        let records: Vec<_> = (0..here).rev().take(RECORDS_AHEAD).map(RecordId).collect();
        let before = self.clone();
        for id in records {
            let record = self.tip.records().get(id);
            if !record.is_some_and(|it| self.may_execute(it))
                || !self.navigate_and_pause(|history| history.seek(id))
            {
                continue;
            }
            let is_earlier = self.run.records().len() <= here;
            if is_earlier && self.stands_at_call() {
                self.code_mut().place = self.last_step();
                return;
            }
        }
        *self = before;
        self.pause();
        self.notify(texts().code_no_earlier());
    }

    /// Whether lines were executed in the shown record.
    fn stands_at_call(&mut self) -> bool {
        let latest = self.run.records().last();
        let may = latest.is_some_and(|record| self.may_execute(record));
        if may {
            self.follow_code();
        }
        may && self.last_step().is_some()
    }
}

fn is_caption(record: &Record) -> bool {
    matches!(record.event, Event::Noted(_))
}

/// Whether a program is told of something, or fails in it.
fn is_told(event: &Event) -> bool {
    match event {
        Event::Started(_)
        | Event::TimerFired { .. }
        | Event::Delivered(_)
        | Event::WriteDone { .. }
        | Event::Proposed { .. }
        | Event::Restarted(_)
        | Event::Installed { .. } => true,
        Event::Crashed { failure, .. } => failure.is_some(),
        _ => false,
    }
}
