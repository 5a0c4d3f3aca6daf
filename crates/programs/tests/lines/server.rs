//! A server for the tests: it elects leaders, with bodies as Maelstrom has them, and does
//! what is wrong when a client asks for it.

use std::io::{self, BufRead as _, Write as _};

use serde_json::{Value, json};

#[derive(Default)]
struct Server {
    id: String,
    others: Vec<String>,
    term: u64,
    voted_for: Option<String>,
    votes: usize,
    role: &'static str,
    turn: u64,
}

fn main() {
    let mut server = Server::default();
    for line in io::stdin().lock().lines() {
        let told: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        server.turn = told["turn"].as_u64().expect("a number");
        server.hear(&told);
        server.show();
        let done = json!({"done": server.turn});
        if told["op"] == "early" {
            let more = json!({"type": "log", "text": "one more thing"});
            write(format!("{done}\n{more}\n").as_bytes());
        } else {
            say(&done);
        }
    }
}

fn say(line: &Value) {
    write(format!("{line}\n").as_bytes());
}

fn write(bytes: &[u8]) {
    // Whoever kills this closes the pipe first.
    let mut out = io::stdout();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

impl Server {
    fn hear(&mut self, told: &Value) {
        match told["type"].as_str().expect("a type") {
            "init" => {
                self.id = text(&told["node_id"]);
                let ids = told["node_ids"].as_array().expect("servers");
                self.others = ids.iter().map(text).filter(|it| *it != self.id).collect();
                self.term = told["stable"]["current_term"].as_u64().expect("a term");
                self.voted_for = told["stable"]["voted_for"].as_str().map(str::to_owned);
                self.role = "follower";
                say(&json!({"type": "set_timer", "name": "election"}));
            }
            "timer" if told["name"] == "election" => {
                self.role = "candidate";
                self.votes = 1;
                self.vote(self.term + 1, Some(self.id.clone()));
                say(&json!({"type": "set_timer", "name": "election", "after_ms": [150, 300]}));
                self.broadcast(&json!({
                    "type": "request_vote", "msg_id": self.turn, "term": self.term,
                    "candidate_id": self.id, "last_log_index": 0, "last_log_term": 0,
                }));
                self.count_votes();
            }
            "timer" => self.send_heartbeats(),
            "message" => self.receive(&text(&told["src"]), &told["body"]),
            "request" => self.misbehave(told["op"].as_str().expect("a text")),
            other => panic!("{other}"),
        }
    }

    fn receive(&mut self, src: &str, body: &Value) {
        let term = body["term"].as_u64().expect("a term");
        match body["type"].as_str().expect("a type") {
            "request_vote" => {
                let vote_granted = term > self.term;
                if vote_granted {
                    self.role = "follower";
                    self.vote(term, Some(src.to_owned()));
                }
                self.send(
                    src,
                    &json!({
                        "type": "request_vote_res", "in_reply_to": 1, "term": self.term,
                        "vote_granted": vote_granted,
                    }),
                );
            }
            "request_vote_res" if self.role == "candidate" && term == self.term => {
                self.votes += usize::from(body["vote_granted"] == true);
                self.count_votes();
            }
            "append_entries" => {
                if term > self.term {
                    self.role = "follower";
                    self.vote(term, None);
                }
                say(&json!({"type": "set_timer", "name": "election"}));
                self.send(
                    src,
                    &json!({
                        "type": "append_entries_res", "in_reply_to": 1, "term": term,
                        "success": true,
                    }),
                );
            }
            _ => {}
        }
    }

    fn vote(&mut self, term: u64, voted_for: Option<String>) {
        self.term = term;
        self.show();
        say(&json!({"type": "persist", "current_term": term, "voted_for": voted_for}));
        self.voted_for = voted_for;
    }

    fn count_votes(&mut self) {
        if self.votes > self.others.len().div_ceil(2) {
            self.role = "leader";
            say(&json!({"type": "cancel_timer", "name": "election"}));
            self.send_heartbeats();
        }
    }

    fn send_heartbeats(&self) {
        say(&json!({"type": "set_timer", "name": "heartbeat", "after_ms": 50}));
        self.broadcast(&json!({
            "type": "append_entries", "term": self.term, "leader_id": self.id,
            "prev_log_index": 0, "prev_log_term": 0, "entries": [], "leader_commit": 0,
        }));
    }

    fn broadcast(&self, body: &Value) {
        self.others.iter().for_each(|to| self.send(to, body));
    }

    fn send(&self, dest: &str, body: &Value) {
        say(&json!({"type": "send", "dest": dest, "body": body}));
    }

    fn show(&self) {
        say(&json!({
            "type": "state", "role": self.role, "term": self.term, "mood": ["fine", 1, null],
        }));
    }

    /// Does what is wrong; what it has no name for is written as it is.
    fn misbehave(&self, how: &str) {
        match how {
            "die" => {
                eprintln!("goodbye");
                std::process::exit(3);
            }
            "abort" => std::process::abort(),
            "hang" => loop {
                std::thread::park();
            },
            "flood" => loop {
                say(&json!({"type": "log", "text": "x".repeat(10_000)}));
            },
            "long line" => write(&vec![b'x'; 2 << 20]),
            "no text" => write(b"{\"type\": \"\xff\"}\n"),
            "wrong done" => say(&json!({"done": self.turn + 1})),
            "moody" => {
                let text = format!("I am process {}", std::process::id());
                say(&json!({"type": "log", "text": text}));
            }
            "early" | "nothing" | "x" => {}
            line => write(format!("{line}\n").as_bytes()),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
