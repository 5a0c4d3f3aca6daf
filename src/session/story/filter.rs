//! Which events of a story are listed.

use std::rc::Rc;

use hustings_logs::shown::{EventId, MemberId, Shown, ShownEvent, Topic};

/// Which events are listed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct EventFilter {
    /// Those of this member, or about it.
    pub member: Option<MemberId>,
    /// Those about this.
    pub topic: Option<Topic>,
    /// Those with these words, in any order: in what they come to, or in their lines.
    pub words: Rc<str>,
}

impl EventFilter {
    /// The events that it lets through, in order, where these are known to have the words in
    /// their lines.
    pub(super) fn list(&self, shown: &Shown, found: &[EventId]) -> Rc<[EventId]> {
        let words = self.words.to_ascii_lowercase();
        let words: Vec<_> = words.split_whitespace().collect();
        let lets = |id: &EventId, event: &ShownEvent| {
            let about = |member| event.member == member || event.other == Some(member);
            self.member.is_none_or(about)
                && self.topic.is_none_or(|topic| event.topic == topic)
                && (has_words(shown, event, &words) || found.binary_search(id).is_ok())
        };
        let numbered = (0..).map(EventId).zip(&shown.events);
        let listed = numbered.filter(|(id, event)| lets(id, event));
        listed.map(|(id, _)| id).collect()
    }
}

/// Whether an event's sentence, or the name of its member, has all these words.
fn has_words(shown: &Shown, event: &ShownEvent, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let says = event.says.to_ascii_lowercase();
    let member = super::member(shown, event.member).map(|it| it.name.to_ascii_lowercase());
    let member = member.unwrap_or_default();
    let mut words = words.iter();
    words.all(|word| says.contains(word) || member.contains(word))
}
