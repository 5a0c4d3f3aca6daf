//! Which message in flight a selector means.

use std::rc::Rc;

use super::Run;
use crate::error::{CommandError, CommandResult};
use crate::record::{Flight, MessageId};
use crate::schedule::PendingId;
use crate::selector::{MessageFilter, MessageSelector};

/// Which of the messages in flight a selector considers.
#[derive(Clone, Copy)]
pub(super) enum HeldState {
    /// Messages that are not held, oldest first.
    NotHeld,
    /// Held messages, oldest first.
    Held,
    /// First messages that are not held, then held ones.
    Any,
}

impl Run {
    /// The selector of a message in flight: for `release` if it is held, otherwise for
    /// all commands except `drop`.
    pub fn selector_for(&self, id: MessageId) -> Option<MessageSelector> {
        if self.is_held(id) {
            self.selector_within(HeldState::Held, id)
        } else {
            self.selector_within(HeldState::NotHeld, id)
        }
    }

    /// The selector of a message in flight for `drop`, held or not.
    pub fn drop_selector_for(&self, id: MessageId) -> Option<MessageSelector> {
        self.selector_within(HeldState::Any, id)
    }

    fn selector_within(&self, state: HeldState, id: MessageId) -> Option<MessageSelector> {
        let (_, flight) = self.messages(state).find(|(_, flight)| flight.id == id)?;
        let selector = MessageSelector {
            kind: Some(flight.message.kind()),
            ..MessageSelector::oldest(flight.link)
        };
        let same = self.messages(state).filter(|(_, it)| selector.matches(it));
        let skip = same.take_while(|(_, other)| other.id != id).count();
        // There are never more messages than fit into a `u32`.
        let skip = u32::try_from(skip).unwrap_or(u32::MAX);
        Some(MessageSelector { skip, ..selector })
    }

    pub(super) fn messages(
        &self,
        state: HeldState,
    ) -> Box<dyn Iterator<Item = (PendingId, &Rc<Flight>)> + '_> {
        let those = |held| {
            let messages = self.origins.messages();
            messages.filter(move |(id, _)| self.world.is_held(*id) == held)
        };
        match state {
            HeldState::NotHeld => Box::new(those(false)),
            HeldState::Held => Box::new(those(true)),
            HeldState::Any => Box::new(those(false).chain(those(true))),
        }
    }

    /// The message that a selector matches.
    pub(super) fn select(
        &self,
        selector: MessageSelector,
        state: HeldState,
    ) -> CommandResult<Option<PendingId>> {
        self.check_link(selector.link)?;
        let mut like = self
            .messages(state)
            .filter(|(_, flight)| selector.matches(flight));
        match like.nth(selector.skip()) {
            Some((id, _)) => Ok(Some(id)),
            None if selector.if_any => Ok(None),
            None => Err(self.selection_error(selector, state).into()),
        }
    }

    fn selection_error(&self, selector: MessageSelector, state: HeldState) -> CommandError {
        let like = |state| {
            self.messages(state)
                .filter(|(_, flight)| selector.matches(flight))
        };
        match state {
            HeldState::Held => CommandError::NothingHeld { selector },
            HeldState::NotHeld
                if like(state).count() == 0 && like(HeldState::Held).count() > selector.skip() =>
            {
                CommandError::MessageHeld { selector }
            }
            HeldState::NotHeld | HeldState::Any => self.no_message(selector, state),
        }
    }

    /// Lists candidate messages: first those on that link.
    fn no_message(&self, selector: MessageSelector, state: HeldState) -> CommandError {
        let on_link = |wanted| {
            self.messages(state)
                .map(|(_, flight)| flight)
                .filter(move |flight| (flight.link == selector.link) == wanted)
        };
        let (listed, more) = self.listed(state, on_link(true).chain(on_link(false)));
        CommandError::NoMessage {
            selector,
            listed,
            more,
        }
    }

    /// The selectors of the first messages, and how many more there are.
    fn listed<'a>(
        &self,
        state: HeldState,
        mut flights: impl Iterator<Item = &'a Rc<Flight>>,
    ) -> (Vec<MessageSelector>, usize) {
        let first = flights.by_ref().take(CommandError::LISTED_MAX);
        let listed = first.filter_map(|flight| self.selector_within(state, flight.id));
        (listed.collect(), flights.count())
    }

    pub(super) fn nothing_pending(&self) -> CommandError {
        let held = self.messages(HeldState::Held).map(|(_, flight)| flight);
        let (held, more) = self.listed(HeldState::Held, held);
        let ids = self.ids().iter();
        CommandError::NothingPending {
            paused: ids.filter(|id| self.is_paused(*id)).collect(),
            held,
            more,
        }
    }

    pub(super) fn matching_messages(&self, filter: MessageFilter) -> Vec<PendingId> {
        self.origins
            .messages()
            .filter(|(_, flight)| filter.matches(flight.link))
            .map(|(id, _)| id)
            .collect()
    }
}
