//! Which broken rules make a difference in a step.

use crate::{BrokenRules, Effect, Input, Millis, Node, Output, Reason, Rules};

/// A step to be repeated under other rules, to compare the outcome.
struct Step<R> {
    before: Node<R>,
    now: Millis,
    input: Input,
}

impl<R: Rules> Node<R> {
    /// Takes a step, and reports which broken rules made a difference: a minimal set
    /// that alone leads to the same effects and state. It is empty if Raft itself does.
    #[cold]
    pub(super) fn take_step_and_compare(&mut self, now: Millis, input: Input, out: &mut Output) {
        let step = Step {
            before: self.clone(),
            now,
            input: input.clone(),
        };
        let first = out.effects.len();
        self.take_step(now, input, out);
        let effects = out.effects.get(first..).unwrap_or(&[]);
        let needed = step.rules_needed(self, effects);
        for broken in needed.iter() {
            out.reason(Reason::RuleBroken { broken });
        }
    }
}

impl<R: Rules> Step<R> {
    /// A minimal set of the broken rules that leads to this outcome: restoring any of
    /// them changes it.
    fn rules_needed(&self, after: &Node<R>, effects: &[Effect]) -> BrokenRules {
        let mut needed = self.before.rules.broken();
        if self.leads_to(BrokenRules::NONE, after, effects) {
            return BrokenRules::NONE;
        }
        if needed.iter().count() == 1 {
            return needed;
        }
        for rule in needed.iter() {
            let fewer = needed.without(rule);
            if self.leads_to(fewer, after, effects) {
                needed = fewer;
            }
        }
        needed
    }

    /// Whether the step has this outcome with only these rules broken.
    fn leads_to(&self, broken: BrokenRules, after: &Node<R>, effects: &[Effect]) -> bool {
        let rules = self.before.rules.with_broken(broken);
        let mut node = self.before.clone().with_new_rules(rules);
        let mut out = Output::without_reasons();
        node.take_step(self.now, self.input.clone(), &mut out);
        // The state kept by the rules is compared, but not which of them are broken.
        node.rules = node.rules.with_broken(after.rules.broken());
        out.effects == effects && node == *after
    }
}
