//! Where two futures part, and what is done there in each.

use std::mem::discriminant;
use std::rc::Rc;

use hustings_lab::{Change, Event, Record, RecordId, parting_from_raft};
use hustings_raft::Millis;

use super::super::Session;
use super::{Other, WhatIf};
use crate::i18n::texts;
use crate::programs;

/// Where two futures part.
#[derive(Clone, Debug)]
pub struct Parted {
    /// When.
    pub at: Millis,
    /// The number of records of the shown run just after that.
    pub records: usize,
    /// What is done in the shown run, if it goes on there.
    pub here: Option<Account>,
    /// What is done in the other, if it goes on.
    pub there: Option<Account>,
}

/// What is done where two futures part.
pub type Account = Rc<Record>;

impl Session {
    /// Where the two futures part, if the shown run stands there and the user has asked.
    pub fn parted(&self) -> Option<&Rc<Parted>> {
        let parted = self.beside.as_deref()?.parted.as_ref()?;
        (parted.records == self.run.records().len()).then_some(parted)
    }

    /// Has both stand where they part, or says that they do not.
    pub(in crate::session) fn go_to_parting(&mut self) {
        let Some(parted) = self.find_parting() else {
            self.notify_of_no_parting();
            return;
        };
        if parted.records < self.tip.records().len() {
            let record = RecordId(parted.records.saturating_sub(1));
            self.navigate_and_pause(|history| history.seek(record));
        } else {
            self.go_to_end();
        }
        if let Some(beside) = &mut self.beside {
            Rc::make_mut(beside).parted = Some(Rc::new(parted));
        }
    }

    fn find_parting(&self) -> Option<Parted> {
        let beside = self.beside.as_deref()?;
        if beside.other == Other::WhatIf(WhatIf::Raft) {
            let parting = parting_from_raft(&self.tip, programs::compared)?;
            return Some(Parted {
                at: parting.raft.at,
                records: parting.record.0 + 1,
                here: self.tip.records().get(parting.record).cloned(),
                there: Some(Rc::new(parting.raft)),
            });
        }
        let [shown, other] = beside.shared.counts();
        let here = self.tip.records().get(RecordId(shown)).cloned();
        let there = beside.tip().records().get(RecordId(other)).cloned();
        Some(Parted {
            at: here.iter().chain(&there).map(|record| record.at).min()?,
            records: shown + usize::from(here.is_some()),
            here,
            there,
        })
    }

    fn notify_of_no_parting(&mut self) {
        let Some(beside) = self.beside.as_deref() else {
            return;
        };
        let events = self.tip.records().len();
        let is_raft = beside.other == Other::WhatIf(WhatIf::Raft);
        let differs = self.differences().is_some_and(|it| it.told().is_some());
        self.notify(if is_raft && differs {
            texts().never_unlike_raft(events)
        } else {
            texts().never_parted(events)
        });
    }
}

/// Whether two records are the same but for the number of the one that caused them: captions
/// are records, too.
pub(super) fn is_same(one: &Record, other: &Record) -> bool {
    let Record {
        at,
        cause: _,
        event,
        reasons,
        standard,
        changes,
        sent,
        waiting,
        answers,
        printed,
    } = one;
    (*at, event, reasons, standard) == (other.at, &other.event, &other.reasons, &other.standard)
        && (changes, sent, waiting) == (&other.changes, &other.sent, &other.waiting)
        && (answers, printed) == (&other.answers, &other.printed)
}

/// Whether two records look the same but for reasons and messages: those of a program and
/// of Raft's core.
pub(super) fn is_like(one: &Record, other: &Record) -> bool {
    let changes = |record: &Record| {
        let seen = record.changes.iter().copied();
        let seen = seen.filter(|it| !matches!(it, Change::Leader { .. }));
        seen.collect::<Vec<_>>()
    };
    let same_message = match (&one.event, &other.event) {
        (Event::Delivered(one), Event::Delivered(other)) => {
            one.link == other.link && one.message.kind() == other.message.kind()
        }
        _ => true,
    };
    one.at == other.at
        && one.event.server() == other.event.server()
        && discriminant(&one.event) == discriminant(&other.event)
        && same_message
        && changes(one) == changes(other)
}
