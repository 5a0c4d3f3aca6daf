//! Makes large logs out of small templates, the same at every call.
//!
//! A template (`made/`) has the names of three members, and the lines of an election: each line
//! after who writes it. `wins` is the member that wins, `votes` the two others, `all` each of
//! them; behind `wins each` the winner writes a line for each of the others. `quiet` lines are what
//! members write between elections. What varies stands in angle brackets ([`Piece`]).

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::Offset;

/// How many members there are, each with a file.
pub const MEMBERS: usize = 3;

/// When all logs begin, in milliseconds since 1970.
const BEGIN: i64 = 1_773_480_414_000;

/// How far apart quiet lines are, in milliseconds.
const QUIET: i64 = 10;

/// The lines of a system.
pub struct Template {
    members: [&'static str; MEMBERS],
    election: Vec<(Writer, Vec<Piece>)>,
    quiet: Vec<Vec<Piece>>,
}

/// Who writes a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Winner,
    /// The winner, once for each of the others.
    WinnerForEach,
    Voters,
    All,
}

/// A piece of a line.
enum Piece {
    Text(&'static str),
    /// `<me>`: whoever writes.
    Me,
    /// `<winner>`: who wins.
    Winner,
    /// `<peer>`: one of the others.
    Peer,
    /// `<term>`: that of the election.
    Term,
    /// `<before>`: the term before.
    Before,
    /// `<index>`: of the last entry of everybody's log.
    Index,
    /// `<n>`: a number of up to four digits, another each time.
    Number,
    /// `<ms>`: milliseconds since the beginning.
    Millis,
    /// `<unix>`: seconds since 1970, with a fraction.
    Unix,
    /// `<%…>`: the time, as `strftime` writes it.
    Time(&'static str),
}

/// What the pieces of a line are filled with.
#[derive(Clone, Copy)]
struct Line {
    me: &'static str,
    winner: &'static str,
    peer: &'static str,
    term: u64,
    /// Milliseconds since the beginning.
    at: i64,
}

impl Template {
    /// Parses a template, whose lines must be as said above.
    pub fn parse(text: &'static str) -> Self {
        let mut template = Self {
            members: [""; MEMBERS],
            election: Vec::new(),
            quiet: Vec::new(),
        };
        for line in text.lines().filter(|it| !it.starts_with('#')) {
            let (word, rest) = line.split_once(' ').expect("a word and a line");
            let writer = match word {
                "members" => {
                    let mut names = rest.split(' ');
                    template.members = [(); MEMBERS].map(|()| names.next().expect("a name"));
                    continue;
                }
                "quiet" => {
                    template.quiet.push(pieces(rest));
                    continue;
                }
                "votes" => Writer::Voters,
                "all" => Writer::All,
                "wins" if rest.starts_with("each ") => Writer::WinnerForEach,
                "wins" => Writer::Winner,
                other => panic!("`{other}` writes no lines"),
            };
            let rest = rest.strip_prefix("each ").unwrap_or(rest);
            template.election.push((writer, pieces(rest)));
        }
        template
    }

    /// A log of each member: elections, with so many quiet lines after each, until all together
    /// have so many bytes.
    pub fn logs(&self, bytes: usize, quiet: usize) -> [String; MEMBERS] {
        let mut made = Made::default();
        let mut at = 0;
        for term in 1.. {
            let winner = usize::try_from(term).unwrap_or_default() % MEMBERS;
            for member in 0..MEMBERS {
                self.election(&mut made, member, winner, term, at);
            }
            at += i64::try_from(self.election.len()).unwrap_or_default();
            for number in 0..quiet {
                at += QUIET;
                for member in 0..MEMBERS {
                    let pieces = &self.quiet[(number + member) % self.quiet.len()];
                    made.write(member, pieces, self.line(member, winner, winner, term, at));
                }
            }
            if made.logs.iter().map(String::len).sum::<usize>() >= bytes {
                return made.logs;
            }
            at += 1_000;
        }
        unreachable!("there are enough terms")
    }

    /// What a member writes of an election: each line a millisecond after the one before.
    fn election(&self, made: &mut Made, member: usize, winner: usize, term: u64, at: i64) {
        let mut at = at;
        for (writer, pieces) in &self.election {
            at += 1;
            let others = (1..MEMBERS).map(|it| (winner + it) % MEMBERS);
            let written = match writer {
                Writer::Winner => usize::from(member == winner),
                Writer::WinnerForEach if member == winner => MEMBERS - 1,
                Writer::WinnerForEach => 0,
                Writer::Voters => usize::from(member != winner),
                Writer::All => 1,
            };
            for peer in others.take(written) {
                made.write(member, pieces, self.line(member, winner, peer, term, at));
            }
        }
    }

    fn line(&self, me: usize, winner: usize, peer: usize, term: u64, at: i64) -> Line {
        let [me, winner, peer] = [me, winner, peer].map(|it| self.members[it]);
        Line {
            me,
            winner,
            peer,
            term,
            at,
        }
    }
}

/// Logs under way.
#[derive(Default)]
struct Made {
    logs: [String; MEMBERS],
    numbers: u64,
}

impl Made {
    fn write(&mut self, member: usize, pieces: &[Piece], line: Line) {
        let log = &mut self.logs[member];
        for piece in pieces {
            let written = match piece {
                Piece::Text(text) => log.write_str(text),
                Piece::Me => log.write_str(line.me),
                Piece::Winner => log.write_str(line.winner),
                Piece::Peer => log.write_str(line.peer),
                Piece::Term => write!(log, "{}", line.term),
                Piece::Before => write!(log, "{}", line.term - 1),
                Piece::Index => write!(log, "{}", line.term * 10),
                Piece::Number => {
                    self.numbers += 1;
                    write!(log, "{}", self.numbers * 7_919 % 10_000)
                }
                Piece::Millis => write!(log, "{}", line.at),
                Piece::Unix => {
                    let at = BEGIN + line.at;
                    write!(log, "{}.{:03}", at / 1_000, at % 1_000)
                }
                Piece::Time(format) => {
                    let at = Timestamp::from_millisecond(BEGIN + line.at).expect("in our time");
                    write!(log, "{}", Offset::UTC.to_datetime(at).strftime(format))
                }
            };
            written.expect("a text takes all");
        }
        log.push('\n');
    }
}

/// The pieces of a line.
fn pieces(line: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut parts = line.split('<');
    pieces.extend(parts.next().map(Piece::Text));
    for part in parts {
        let (name, text) = part.split_once('>').expect("an end of what varies");
        pieces.push(match name {
            "me" => Piece::Me,
            "winner" => Piece::Winner,
            "peer" => Piece::Peer,
            "term" => Piece::Term,
            "before" => Piece::Before,
            "index" => Piece::Index,
            "n" => Piece::Number,
            "ms" => Piece::Millis,
            "unix" => Piece::Unix,
            format if format.starts_with('%') => Piece::Time(format),
            other => panic!("nothing is called <{other}>"),
        });
        pieces.push(Piece::Text(text));
    }
    pieces
}
