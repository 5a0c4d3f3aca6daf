//! Which broken rules make a difference in a step, and what Raft does instead.

use alloc::vec::Vec;

use crate::{
    BrokenRules, Effect, Input, LogIndex, Millis, Node, NodeId, Output, Reason, Role, Rules,
    StandardOutcome, Timer,
};

/// A step to be repeated under other rules, to compare the outcome.
struct Step<R> {
    before: Node<R>,
    now: Millis,
    input: Input,
}

/// What a step led to.
struct Outcome<'a, R> {
    node: &'a Node<R>,
    effects: &'a [Effect],
    reasons: &'a [Reason],
}

impl<R: Rules> Node<R> {
    /// Takes a step, and reports which broken rules made a difference: a minimal set
    /// that alone leads to the same effects and state. It is empty if Raft itself does;
    /// otherwise what Raft leads to is reported, too.
    #[cold]
    pub(super) fn take_step_and_compare(&mut self, now: Millis, input: Input, out: &mut Output) {
        let step = Step {
            before: self.clone(),
            now,
            input: input.clone(),
        };
        let (first_effect, first_reason) = (out.effects.len(), out.reasons.len());
        self.take_step(now, input, out);
        let actual = Outcome {
            node: &*self,
            effects: out.effects.get(first_effect..).unwrap_or(&[]),
            reasons: out.reasons.get(first_reason..).unwrap_or(&[]),
        };
        let (node, standard) = step.repeat(BrokenRules::NONE, Output::default());
        let standard = Outcome {
            node: &node,
            effects: &standard.effects,
            reasons: &standard.reasons,
        };
        if standard.is_like(&actual) {
            return;
        }
        let instead = standard.unlike(&actual);
        let needed = step.rules_needed(&actual);
        out.standard.extend(instead);
        for broken in needed.iter() {
            out.reason(Reason::RuleBroken { broken });
        }
    }
}

impl<R: Rules> Step<R> {
    /// A minimal set of the broken rules that leads to this outcome, as Raft does not:
    /// restoring any of them changes it.
    fn rules_needed(&self, actual: &Outcome<'_, R>) -> BrokenRules {
        let mut needed = self.before.rules.broken();
        if needed.iter().count() == 1 {
            return needed;
        }
        for rule in needed.iter() {
            let fewer = needed.without(rule);
            let (node, out) = self.repeat(fewer, Output::without_reasons());
            let outcome = Outcome {
                node: &node,
                effects: &out.effects,
                reasons: &[],
            };
            if outcome.is_like(actual) {
                needed = fewer;
            }
        }
        needed
    }

    /// Takes the step with only these rules broken.
    fn repeat(&self, broken: BrokenRules, mut out: Output) -> (Node<R>, Output) {
        let rules = self.before.rules.with_broken(broken);
        let mut node = self.before.clone().with_new_rules(rules);
        node.take_step(self.now, self.input.clone(), &mut out);
        // The state kept by the rules is compared, but not which of them are broken.
        node.rules = node.rules.with_broken(self.before.rules.broken());
        (node, out)
    }
}

impl<R: Rules> Outcome<'_, R> {
    fn is_like(&self, other: &Self) -> bool {
        self.effects == other.effects && self.node == other.node
    }

    /// What only this outcome has: its decisions, or else what they led to.
    fn unlike(&self, other: &Self) -> Vec<StandardOutcome> {
        let theirs: Vec<_> = other.reasons.iter().filter_map(decision).collect();
        let is_new = |it: &&Reason| decision(it).is_some_and(|it| !theirs.contains(&it));
        let only_here = self.reasons.iter().filter(is_new).copied();
        let decisions: Vec<_> = only_here.map(StandardOutcome::Decision).collect();
        if !decisions.is_empty() {
            return decisions;
        }
        let (mine, others) = (self.node, other.node);
        let vote = (mine.voted_for != others.voted_for).then_some(mine.voted_for);
        let last = (mine.log.last() != others.log.last()).then(|| mine.log.last());
        let commit = (mine.commit != others.commit).then_some(mine.commit);
        let waits = self.messages_wait() && !other.messages_wait();
        let goes_on = !self.arms_election_timer() && other.arms_election_timer();
        [
            vote.map(StandardOutcome::Vote),
            last.map(StandardOutcome::LogEnd),
            commit.map(StandardOutcome::Commit),
            self.match_unlike(other),
            waits.then_some(StandardOutcome::MessagesWait),
            goes_on.then_some(StandardOutcome::ElectionTimerGoesOn),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The first match index that is not as in another outcome.
    fn match_unlike(&self, other: &Self) -> Option<StandardOutcome> {
        let differs = |follower: &NodeId| self.matched(*follower) != other.matched(*follower);
        let follower = self.node.others().iter().find(differs)?;
        let matched = self.matched(follower)?;
        Some(StandardOutcome::Match { follower, matched })
    }

    fn matched(&self, follower: NodeId) -> Option<LogIndex> {
        match &self.node.role {
            Role::Leader { progress, .. } => Some(progress.get(follower)?.match_index),
            _ => None,
        }
    }

    fn messages_wait(&self) -> bool {
        let waits = |effect: &Effect| matches!(effect, Effect::Send { after: Some(_), .. });
        self.effects.iter().any(waits)
    }

    fn arms_election_timer(&self) -> bool {
        let arms = |effect: &Effect| matches!(effect, Effect::Arm { timer, .. } if *timer == Timer::Election);
        self.effects.iter().any(arms)
    }
}

/// What a reason decides; `None` for a consequence of others. Whether a write must be
/// awaited is one, too.
fn decision(reason: &Reason) -> Option<Reason> {
    match *reason {
        Reason::TimerArmed { .. } | Reason::OwnVoteWaits => None,
        Reason::EntriesAccepted {
            prev,
            instead_of_prev,
            matched,
            new,
            ..
        } => Some(Reason::EntriesAccepted {
            prev,
            instead_of_prev,
            matched,
            new,
            after_write: false,
        }),
        other => Some(other),
    }
}
