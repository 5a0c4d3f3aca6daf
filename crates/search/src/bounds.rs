//! What a search may do, and how often.

use std::fmt;
use std::str::FromStr;

use hustings_lab::narrate::{Lang, Tell};

use crate::texts::texts;

/// Something that a search may bring about only so often. Messages arrive, servers that are
/// down restart and writes become durable as often as they like: there is an end to that by
/// itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Limited {
    /// An election timer fires.
    Timeouts,
    /// A leader's heartbeat timer fires.
    Heartbeats,
    /// A client asks a leader to replicate a command.
    Requests,
    /// A server crashes.
    Crashes,
    /// The network makes a copy of a message.
    Copies,
    /// The network loses a message. What is never delivered is as good as lost: it makes a
    /// difference only where a condition speaks of messages.
    Losses,
    /// A link is cut or mended, both ways.
    Cuts,
    /// A leader is asked to transfer its leadership.
    Transfers,
    /// A leader is asked to add or remove a member.
    Changes,
}

impl Limited {
    /// Everything that is limited.
    pub const ALL: [Self; 9] = [
        Self::Timeouts,
        Self::Heartbeats,
        Self::Requests,
        Self::Crashes,
        Self::Copies,
        Self::Losses,
        Self::Cuts,
        Self::Transfers,
        Self::Changes,
    ];

    /// The name by which bounds are written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timeouts => "timeouts",
            Self::Heartbeats => "heartbeats",
            Self::Requests => "requests",
            Self::Crashes => "crashes",
            Self::Copies => "copies",
            Self::Losses => "losses",
            Self::Cuts => "cuts",
            Self::Transfers => "transfers",
            Self::Changes => "changes",
        }
    }
}

/// How often each limited thing may still happen.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct Budget([u8; Limited::ALL.len()]);

impl Budget {
    /// How often something may still happen.
    pub fn left(&self, of: Limited) -> u8 {
        self.0[of as usize]
    }

    /// Sets how often something may happen.
    pub fn set(&mut self, of: Limited, times: u8) {
        self.0[of as usize] = times;
    }

    /// The same with another number of times.
    #[must_use]
    pub fn with(mut self, of: Limited, times: u8) -> Self {
        self.set(of, times);
        self
    }

    pub(crate) fn bytes(&self) -> [u8; Limited::ALL.len()] {
        self.0
    }

    pub(crate) fn of_bytes(bytes: [u8; Limited::ALL.len()]) -> Self {
        Self(bytes)
    }

    pub(crate) fn has(&self, of: Limited) -> bool {
        self.left(of) > 0
    }

    pub(crate) fn spend(&mut self, of: Limited) {
        let left = &mut self.0[of as usize];
        *left = left.saturating_sub(1);
    }
}

/// `timeouts=2 crashes=1 `: what may happen at all, each with a space after it.
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for limited in Limited::ALL.into_iter().filter(|it| self.has(*it)) {
            write!(f, "{}={} ", limited.name(), self.left(limited))?;
        }
        Ok(())
    }
}

/// Within what a search looks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Bounds {
    /// How often each limited thing may happen.
    pub budget: Budget,
    /// A state with more messages in flight is not gone on from.
    pub in_flight: usize,
    /// The maximum number of steps.
    pub depth: usize,
    /// Whether a write takes a while: what becomes of it before it is durable is looked at,
    /// too. Otherwise disks are as the laboratory's are by default.
    pub slow_disks: bool,
}

impl Default for Bounds {
    /// Two elections, a request, a crash.
    fn default() -> Self {
        Self {
            budget: Budget::default()
                .with(Limited::Timeouts, 2)
                .with(Limited::Requests, 1)
                .with(Limited::Crashes, 1),
            in_flight: Self::IN_FLIGHT_MAX,
            depth: Self::DEPTH_MAX,
            slow_disks: false,
        }
    }
}

impl Bounds {
    /// The maximum number of steps of a path.
    pub const DEPTH_MAX: usize = 1_000;
    /// The maximum number of messages in flight.
    pub const IN_FLIGHT_MAX: usize = 200;
}

/// `timeouts=2 requests=1 crashes=1 disks=fast`, with `in-flight=12` and `depth=20` if so.
impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.budget)?;
        if self.in_flight < Self::IN_FLIGHT_MAX {
            write!(f, "in-flight={} ", self.in_flight)?;
        }
        if self.depth < Self::DEPTH_MAX {
            write!(f, "depth={} ", self.depth)?;
        }
        let disks = if self.slow_disks { "slow" } else { "fast" };
        write!(f, "disks={disks}")
    }
}

/// Bounds that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BoundsError {
    /// A word that is not `name=number`, or `disks=slow`.
    Word(String),
    /// A name that no bound has.
    Name(String),
    /// A number that is too large, or none.
    Number {
        /// The word.
        word: String,
        /// The largest that is allowed.
        max: usize,
    },
}

impl Tell for BoundsError {
    fn tell(&self, lang: Lang) -> String {
        let t = texts(lang);
        match self {
            Self::Word(word) => t.bad_bound(word),
            Self::Name(name) => t.no_such_bound(name, Limited::ALL.map(Limited::name).join(", ")),
            Self::Number { word, max } => t.bad_bound_number(word, max),
        }
    }
}

impl fmt::Display for BoundsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tell(Lang::En))
    }
}

impl std::error::Error for BoundsError {}

impl Bounds {
    /// Changes what a text says, as in `crashes=2 depth=20`, and leaves the rest.
    ///
    /// # Errors
    ///
    /// The first word that cannot be read.
    pub fn change(mut self, text: &str) -> Result<Self, BoundsError> {
        for word in text.split_whitespace() {
            let Some((name, value)) = word.split_once('=') else {
                return Err(BoundsError::Word(word.into()));
            };
            let limited = Limited::ALL.into_iter().find(|it| it.name() == name);
            let number = |max| {
                let number = value.parse().ok().filter(|number| *number <= max);
                let word = word.into();
                number.ok_or(BoundsError::Number { word, max })
            };
            match (name, limited) {
                (_, Some(limited)) => {
                    // It is at most 255.
                    let times = number(u8::MAX.into())?;
                    self.budget
                        .set(limited, u8::try_from(times).unwrap_or(u8::MAX));
                }
                ("in-flight", _) => self.in_flight = number(Self::IN_FLIGHT_MAX)?,
                ("depth", _) => self.depth = number(Self::DEPTH_MAX)?,
                ("disks", _) if matches!(value, "slow" | "fast") => {
                    self.slow_disks = value == "slow";
                }
                ("disks", _) => return Err(BoundsError::Word(word.into())),
                _ => return Err(BoundsError::Name(name.into())),
            }
        }
        Ok(self)
    }
}

impl FromStr for Bounds {
    type Err = BoundsError;

    /// The default bounds, changed by a text.
    fn from_str(text: &str) -> Result<Self, BoundsError> {
        Self::default().change(text)
    }
}
