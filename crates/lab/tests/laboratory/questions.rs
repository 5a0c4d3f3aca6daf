//! Questions about what a run does next: the right answer is what happens.

use hustings_lab::narrate::{self, Lang};
use hustings_lab::{Answer, Command, Event, History, Question, RecordId, Run, Script, Subject};
use hustings_raft::{Message, NodeId, RoleName, Term};

/// Runs of 3 to 7 servers with losses, slow disks, crashes and partitions.
fn runs() -> impl Iterator<Item = Run> {
    (1..=24).map(|seed| {
        let (cluster, loss) = (3 + seed % 5, seed % 4 * 5);
        let pre_vote = if seed % 3 == 0 { "on" } else { "off" };
        let source = format!(
            "seed {seed}
cluster {cluster}
option loss {loss}%
option disk 0..9ms
option election-timeout 150..170ms
option latency 5..40ms
option pre-vote {pre_vote}
timeout S1
timeout S2
run 700ms
propose S1 \"a\"
propose S2 \"b\"
propose S3 \"c\"
crash S1
run 900ms
partition S1 S2 | S3
restart S1
run 600ms
heal
propose S3 \"d\"
run 500ms"
        );
        let script = Script::parse(&source).expect("a script");
        script.run().expect("sound").run
    })
}

/// All questions of a run.
fn questions(run: &Run) -> Vec<Question> {
    let mut history = History::new(run.clone());
    let mut asked = Vec::new();
    let first = usize::from(run.ids().len());
    for (id, record) in run.records().since(RecordId(first)) {
        let Some(subject) = Subject::of(record) else {
            continue;
        };
        history.seek(RecordId(id.0 - 1)).expect("a record");
        let question = Question::about(subject, history.run(), run);
        asked.extend(question);
    }
    asked
}

/// What is true just after the record that shows the answer, found without its reasons.
fn truth(question: &Question, run: &Run) -> Option<bool> {
    let answer = question.answers[question.right];
    let mut history = History::new(run.clone());
    history.seek(question.shown_by).ok()?;
    let after = history.run();
    let server = |id: NodeId| after.server(id).expect("a server");
    Some(match question.subject {
        Subject::Term { server: id, .. } => answer == Answer::Term(server(id).term()),
        Subject::Vote {
            candidate,
            voter,
            term,
        } => {
            let votes =
                server(voter).voted_for() == Some(candidate) && server(voter).term() == term;
            votes == (answer == Answer::Yes)
        }
        Subject::Winner { term } => match answer {
            Answer::Server(winner) => {
                server(winner).role() == Some(RoleName::Leader) && server(winner).term() == term
            }
            _ => !is_led(after, term) && after.servers().any(|it| it.term() > term),
        },
        Subject::Commit { leader, index, .. } => {
            (server(leader).commit() >= index) == (answer == Answer::Yes)
        }
    })
}

fn is_led(run: &Run, term: Term) -> bool {
    let mut servers = run.servers();
    servers.any(|it| it.term() == term && it.role() == Some(RoleName::Leader))
}

#[test]
fn the_right_answer_is_what_happens() {
    let (mut kinds, mut nobody) = ([0; 4], 0);
    for run in runs() {
        for question in questions(&run) {
            let Some(holds) = truth(&question, &run) else {
                continue;
            };
            assert!(holds, "{question:?}");
            let kind = match question.subject {
                Subject::Term { .. } => 0,
                Subject::Vote { .. } => 1,
                Subject::Winner { .. } => 2,
                Subject::Commit { .. } => 3,
            };
            kinds[kind] += 1;
            nobody += usize::from(question.answers[question.right] == Answer::Nobody);
        }
    }
    assert!(kinds.into_iter().all(|count| count > 20), "{kinds:?}");
    assert!(nobody > 0);
}

#[test]
fn a_question_has_two_to_four_different_answers_in_each_language() {
    for run in runs() {
        for question in questions(&run) {
            assert!((2..=4).contains(&question.answers.len()), "{question:?}");
            for lang in Lang::ALL {
                assert!(!narrate::question(question.subject, lang).is_empty());
                let told = question
                    .answers
                    .iter()
                    .map(|it| narrate::answer_to(*it, lang));
                let mut told: Vec<_> = told.collect();
                told.sort();
                told.dedup();
                assert_eq!(told.len(), question.answers.len());
            }
        }
    }
}

#[test]
fn every_request_for_a_vote_that_arrives_is_asked_about() {
    for run in runs() {
        let asks = |record: &hustings_lab::Record| match &record.event {
            Event::Delivered(flight) => matches!(*flight.message, Message::RequestVote { .. }),
            _ => false,
        };
        let first = RecordId(usize::from(run.ids().len()));
        let requests = run
            .records()
            .since(first)
            .filter(|(_, record)| asks(record));
        let asked = questions(&run);
        let votes = asked
            .iter()
            .filter(|it| matches!(it.subject, Subject::Vote { .. }));
        assert_eq!(votes.count(), requests.count());
    }
}

#[test]
fn a_winner_is_found_beyond_the_end_of_the_run() {
    let mut run = Run::default();
    let mut asked = None;
    while asked.is_none() {
        let before = run.clone();
        run.apply(Command::Step).expect("something is due");
        let subject = run.records().last().and_then(|it| Subject::of(it));
        let winner = subject.filter(|it| matches!(it, Subject::Winner { .. }));
        asked = winner.and_then(|subject| Question::about(subject, &before, &run));
    }
    let asked = asked.expect("a question");
    while run.records().len() <= asked.shown_by.0 {
        run.apply(Command::Step).expect("something is due");
    }
    let leader = run.servers().find(|it| it.role() == Some(RoleName::Leader));
    let leader = leader.map(|it| Answer::Server(it.id()));
    assert_eq!(Some(asked.answers[asked.right]), leader);
}
