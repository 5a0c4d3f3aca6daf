//! What was read and what was not, and what was done about the clocks.

use std::collections::BTreeMap;

use super::words::Words;
use crate::dialect::Dialect;
use crate::members::Members;
use crate::shown::{Place, Sentence};
use crate::text::LineNumber;
use crate::time::Micros;

/// How many kinds of lines that told nothing are shown.
const KINDS_MAX: usize = 5;

/// How many lines with a time of whole seconds are no chance.
const WHOLE_SECONDS_MIN: u32 = 4;

impl Words<'_> {
    /// How far the members' clocks are apart.
    pub(super) fn clocks(self) -> Vec<Sentence> {
        let t = self.texts();
        let clocks = &self.story.clocks;
        let mut said = Vec::new();
        for (member, moved) in &clocks.moved {
            let name = self.member(*member);
            let by = self.lasting(moved.by.abs());
            let apart = match (moved.by < Micros::ZERO, moved.within) {
                (true, Some(within)) => t.clock_ahead(name, by, self.lasting(within)),
                (false, Some(within)) => t.clock_behind(name, by, self.lasting(within)),
                (true, None) => t.clock_ahead_at_least(name, by),
                (false, None) => t.clock_behind_at_least(name, by),
            };
            let lines = vec![moved.because.0, moved.because.1];
            said.push(self.about_lines(apart, lines));
        }
        for back in &clocks.set_back {
            let name = self.member(back.member);
            let by = self.lasting(back.by);
            let says = if back.is_disorder {
                t.lines_out_of_order(name, by)
            } else {
                t.clock_set_back(name, by)
            };
            said.push(self.about_lines(says, vec![back.place]));
        }
        let coarse = self.story.files.iter().filter(|it| {
            let told: u32 = it.told.values().sum();
            it.whole_seconds >= WHOLE_SECONDS_MIN && it.whole_seconds > told / 3
        });
        let coarse = coarse.count();
        if coarse > 0 {
            said.push(self.cited(t.whole_seconds(coarse), []));
        }
        if said.is_empty() && self.story.members.all.len() > 1 {
            said.push(self.cited(t.clocks_agree().to_owned(), []));
        }
        said
    }

    /// What was read.
    pub(super) fn reading(self) -> Vec<Sentence> {
        let mut said = self.files();
        said.extend(self.left_out());
        let untold = self.story.untold.kinds().into_iter().take(KINDS_MAX);
        let t = self.texts();
        said.extend(untold.map(|(shape, kind)| {
            let says = t.untold_kind(self.times(kind.lines as usize), shape);
            self.about_lines(says, vec![kind.first])
        }));
        said
    }

    fn files(self) -> Vec<Sentence> {
        let t = self.texts();
        let files = self.story.texts.iter().zip(&self.story.files).enumerate();
        let said = files.map(|(number, (text, file))| {
            let place = |line| Place {
                file: u16::try_from(number).unwrap_or(u16::MAX),
                line,
            };
            let told: u32 = file.told.values().sum();
            let systems: BTreeMap<_, _> = file.told.iter().map(|(it, n)| (*n, *it)).collect();
            let system = systems.last_key_value().map(|(_, it)| dialect(*it));
            if let Some(same) = file.same_as {
                let (this, other) = (self.file(number), self.file(usize::from(same)));
                return self.cited(t.file_again(this, other), []);
            }
            match (system, file.first_untold) {
                (Some(system), _) => self.cited(
                    t.file_read(self.file(number), text.lines(), told, system),
                    [],
                ),
                (None, first) => self.about_lines(
                    t.file_untold(self.file(number), text.lines()),
                    vec![place(first.unwrap_or(LineNumber(1)))],
                ),
            }
        });
        said.collect()
    }

    /// What was left out, and why.
    fn left_out(self) -> Vec<Sentence> {
        let t = self.texts();
        let members = &self.story.members;
        let sum = |count: fn(&crate::reading::FileRead) -> u32| -> u32 {
            self.story.files.iter().map(count).sum()
        };
        let mut said = Vec::new();
        if let (Some(group), others @ 1..) = (members.group, members.other_groups) {
            said.push(t.other_groups(self.story.names.text(group), others));
        }
        if members.left_out > 0 {
            said.push(t.members_left_out(Members::MAX, members.left_out));
        }
        if !members.namesakes.is_empty() {
            let names: Vec<_> = members.namesakes.iter().collect();
            said.push(t.namesakes(self.listed(&names)));
        }
        if members.ownerless > 0 {
            said.push(t.ownerless(members.ownerless));
        }
        let cut = self.story.texts.iter().enumerate();
        let cut = cut.filter(|(_, it)| it.is_cut);
        said.extend(cut.map(|(number, _)| t.file_cut(self.file(number))));
        match sum(|it| it.before_time) {
            0 => {}
            lines => said.push(t.before_time(lines)),
        }
        match sum(|it| it.cut) {
            0 => {}
            lines => said.push(t.lines_cut(lines, crate::text::Text::LINE_MAX / 1024)),
        }
        said.extend(self.story.room.map(|most| t.too_much(most)));
        said.into_iter().map(|it| self.cited(it, [])).collect()
    }
}

/// What a dialect is called.
fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Etcd => "etcd",
        Dialect::RaftRs => "raft-rs",
        Dialect::Hashicorp => "HashiCorp raft",
        Dialect::EtcdTrace => "etcd raft trace",
        Dialect::Ccf => "CCF trace",
        Dialect::Hustings => "Hustings",
        Dialect::Generic => "docs/logs.md",
    }
}
