//! Searches.

use hustings::session::Reading;

use super::*;

#[test]
fn a_search_finds_the_first_state_that_meets_a_condition() {
    let session = searched(after_a_return(), "term > 40");
    let search = session.search().expect("a search");
    assert_eq!(search.hits().len(), 1);
    let there = session.reduce(Action::Find(Direction::Forward));
    let highest = |session: &Session| session.run().servers().map(|it| it.term().0).max();
    assert_eq!(highest(&there), Some(41));
    assert!(!there.is_playing() && there.is_in_past());
}

#[test]
fn a_search_finds_what_happens_each_time_and_goes_around() {
    let session = searched(after_a_return(), "S5 is refused");
    let hits = session.search().expect("a search").hits().to_vec();
    assert!(hits.len() > 1, "{hits:?}");
    let at = |session: &Session| RecordId(session.run().records().len() - 1);
    let first = session.reduce(Action::Find(Direction::Forward));
    assert_eq!(at(&first), hits[0]);
    let second = Rc::clone(&first).reduce(Action::Find(Direction::Forward));
    assert_eq!(at(&second), hits[1]);
    let last = first.reduce(Action::Find(Direction::Back));
    assert_eq!(at(&last), hits[hits.len() - 1]);
}

#[test]
fn a_search_that_is_no_condition_is_for_words_of_the_sentences() {
    let session = searched(after_a_return(), "s5 VOTE refuses");
    let words = session.search().expect("a search").hits().len();
    assert!(words > 0);
    let none = searched(session, "no such words");
    assert!(none.search().expect("a search").hits().is_empty());
    assert!(none.reduce(Action::Search("".into())).search().is_none());
}

#[test]
fn a_hit_that_is_waited_for_is_gone_to_once_it_is_found() {
    let session = after_a_return().reduce(Action::Search("term > 40".into()));
    let mut session = session.reduce(Action::Find(Direction::Forward));
    assert!(!session.is_in_past());
    while session.is_searching() {
        session = session.reduce(Action::SearchOn);
    }
    assert!(session.is_in_past());
}

#[test]
fn a_single_word_is_looked_for_as_a_word_and_can_be_taken_as_a_condition() {
    let session = searched(after_a_return(), "leader");
    let search = session.search().expect("a search");
    assert_eq!(search.reading(), Reading::Words);
    let words = search.hits().len();
    let mut session = session.reduce(Action::SearchAs(Reading::Condition));
    while session.is_searching() {
        session = session.reduce(Action::SearchOn);
    }
    let search = session.search().expect("a search");
    assert_eq!(search.reading(), Reading::Condition);
    assert!(search.hits().len() < words);
}

#[test]
fn what_begins_like_a_condition_and_is_none_says_what_is_wrong_with_it() {
    for (text, part) in [("term >", "a term"), ("S9 is leader", "S1 to S5")] {
        let session = searched(after_a_return(), text);
        let search = session.search().expect("a search");
        let mistake = search.mistake().expect("a mistake");
        assert!(mistake.contains(part), "{mistake}");
        assert!(search.hits().is_empty());
    }
    let session = searched(after_a_return(), "refuses s5");
    assert_eq!(session.search().expect("a search").mistake(), None);
}
