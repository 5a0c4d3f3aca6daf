//! Which broken rules make a difference in a step.

use crate::{BrokenRules, Effect, Input, Millis, Node, Output, Reason, Rules};

/// A step that is to be taken under other rules, to see whether it comes out
/// differently.
struct Step<R> {
    before: Node<R>,
    now: Millis,
    input: Input,
}

impl<R: Rules> Node<R> {
    /// Takes a step, and tells which broken rules made a difference: breaking
    /// those alone leads to the same effects and the same state, and if there are
    /// none, Raft itself does.
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
    /// A smallest set of the broken rules that leads to this outcome: none of them
    /// can be mended without changing it.
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

    /// Whether the step comes out so if no rules are broken but these.
    fn leads_to(&self, broken: BrokenRules, after: &Node<R>, effects: &[Effect]) -> bool {
        let rules = self.before.rules.with_broken(broken);
        let mut node = self.before.clone().with_new_rules(rules);
        let mut out = Output::without_reasons();
        node.take_step(self.now, self.input.clone(), &mut out);
        // What the rules themselves remember is part of the state, which of them
        // are broken is not.
        node.rules = node.rules.with_broken(after.rules.broken());
        out.effects == effects && node == *after
    }
}
