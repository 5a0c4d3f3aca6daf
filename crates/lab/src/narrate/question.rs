//! Questions about what a run does next, and their answers.

use super::Lang;
use crate::question::{Answer, Objecting, Subject};

/// A question.
pub fn question(subject: Subject, lang: Lang) -> String {
    let t = lang.texts();
    match subject {
        Subject::Term { server, .. } => t.ask_term(server),
        Subject::Vote {
            voter,
            candidate,
            term,
        } => t.ask_vote(candidate, voter, term),
        Subject::Winner { term } => t.ask_winner(term),
        Subject::Commit {
            leader,
            follower,
            index,
        } => t.ask_commit(follower, index, leader),
    }
}

/// An answer to choose.
pub fn answer_to(answer: Answer, lang: Lang) -> String {
    let t = lang.texts();
    match answer {
        Answer::Yes => t.answer_yes().to_owned(),
        Answer::No => t.answer_no().to_owned(),
        Answer::NoBecause(why) => match why {
            Objecting::VoteGiven => t.answer_vote_given(),
            Objecting::LogAhead => t.answer_log_ahead(),
            Objecting::LaterTerm => t.answer_later_term(),
            Objecting::LeaderAlive => t.answer_leader_alive(),
        }
        .to_owned(),
        Answer::Server(server) => server.to_string(),
        Answer::Nobody => t.answer_nobody().to_owned(),
        Answer::Term(term) => t.answer_term(term),
    }
}
