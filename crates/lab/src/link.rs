//! Runs in links: a header and commands, packed into text that fits behind the
//! `#` of an address.
//!
//! A link is, in URL-safe base64: the version of the format, the header and the
//! commands in postcard's format, and a checksum. Whatever changes the shape of
//! [`Header`] or [`Command`] needs a new [`VERSION`], unless it only adds a
//! variant at the end of an enum.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crc::{CRC_32_ISCSI, Crc};
use hustings_raft::Millis;

use crate::script::{HEADER_LINES_MAX, Line, in_lines};
use crate::{Command, CommandError, Header, HeaderError, Lab, Script};

/// The version of the format that is written.
pub const VERSION: u8 = 1;
/// The longest link that is read, in characters: about what browsers carry.
pub const CHARS_MAX: usize = 100_000;
/// The most commands that a link may have: with any settings, they make a script
/// that can be read.
pub const COMMANDS_MAX: usize = Script::LINES_MAX - HEADER_LINES_MAX;
/// How much time the commands of a link may let pass: an hour.
pub const DURATION_MAX: Millis = Lab::DURATION_MAX;

const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// Why a link cannot be followed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LinkError {
    /// It is too long.
    #[error("the link has more than {CHARS_MAX} characters, the most that a link may have")]
    TooLong,
    /// It was made by a later version.
    #[error("the link was made by a newer version of Hustings (format {0}); update this one")]
    Newer(u8),
    /// Part of it is missing or altered.
    #[error("the link is damaged: part of it is missing or was changed; copy it again as a whole")]
    Damaged,
    /// There are too many commands.
    #[error("the link has more than {COMMANDS_MAX} commands, the most that a link may have")]
    TooManyCommands,
    /// It lets more time pass than a visitor could wait for.
    #[error("the link lets more than {DURATION_MAX} pass, the most that a link may")]
    TooMuchTime,
    /// What it starts from cannot be.
    #[error("the link starts from what cannot be: {0}")]
    Header(#[from] HeaderError),
    /// A command is none that a line of a script can say.
    #[error(
        "the link's command {place} cannot be written as a line of a script; `{command}` says something else"
    )]
    Unsayable {
        /// The how-manieth command it is, from 1.
        place: usize,
        /// The command.
        command: Box<Command>,
    },
    /// A command cannot be carried out.
    #[error("the link's command {place}, `{command}`, cannot be carried out: {error}")]
    Command {
        /// The how-manieth command it is, from 1.
        place: usize,
        /// The command.
        command: Box<Command>,
        /// Why not.
        error: CommandError,
    },
}

/// A run so far as text: letters, digits, `-` and `_`.
///
/// # Errors
///
/// When it is more than a link may hold.
pub fn pack(lab: &Lab) -> Result<String, LinkError> {
    let commands: Vec<_> = lab.commands().iter().flat_map(in_lines).collect();
    check(lab.header(), &commands)?;
    let digest = CHECKSUM.digest();
    // Plain data of known length can always be written to memory.
    let packed = postcard::to_allocvec_crc32(&(lab.header(), &commands), digest);
    let bytes = [vec![VERSION], packed.unwrap_or_default()].concat();
    let text = URL_SAFE_NO_PAD.encode(bytes);
    match text.len() > CHARS_MAX {
        true => Err(LinkError::TooLong),
        false => Ok(text),
    }
}

/// What a link says: what the run starts from, and what is done. `link` is the
/// text behind the `#`, or a whole address.
///
/// # Errors
///
/// When it is too long, damaged, of a newer version, or says what cannot be.
pub fn unpack(link: &str) -> Result<(Header, Vec<Command>), LinkError> {
    let text = link.trim();
    let text = text.rsplit_once('#').map_or(text, |(_, text)| text);
    if text.len() > CHARS_MAX {
        return Err(LinkError::TooLong);
    }
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| LinkError::Damaged)?;
    match bytes.split_first() {
        Some((&VERSION, packed)) => {
            let unpacked = postcard::take_from_bytes_crc32(packed, CHECKSUM.digest());
            let ((header, commands), rest): ((Header, Vec<Command>), &[u8]) =
                unpacked.map_err(|_| LinkError::Damaged)?;
            if !rest.is_empty() {
                return Err(LinkError::Damaged);
            }
            header.check()?;
            check(&header, &commands)?;
            Ok((header, commands))
        }
        Some((version, _)) if *version > VERSION => Err(LinkError::Newer(*version)),
        _ => Err(LinkError::Damaged),
    }
}

/// Follows a link: the run that it says.
///
/// # Errors
///
/// As [`unpack`], and when a command cannot be carried out.
pub fn follow(link: &str) -> Result<Lab, LinkError> {
    let (header, commands) = unpack(link)?;
    let mut lab = Lab::new(header)?;
    for (place, command) in (1..).zip(commands) {
        lab.apply(command.clone()).map_err(|error| {
            let command = Box::new(command);
            LinkError::Command {
                place,
                command,
                error,
            }
        })?;
    }
    Ok(lab)
}

/// What a link says is what the script says that is printed of it, so that
/// nobody can be shown one run and be given another.
fn check(header: &Header, commands: &[Command]) -> Result<(), LinkError> {
    check_size(commands)?;
    for (place, command) in (1..).zip(commands) {
        let read = Line::parse(&command.to_string(), header.servers());
        if !matches!(read, Ok(Some(Line::Command(read))) if read == *command) {
            let command = Box::new(command.clone());
            return Err(LinkError::Unsayable { place, command });
        }
    }
    Ok(())
}

fn check_size(commands: &[Command]) -> Result<(), LinkError> {
    if commands.len() > COMMANDS_MAX {
        return Err(LinkError::TooManyCommands);
    }
    let duration = |command: &Command| match command {
        Command::Run(duration) => *duration,
        Command::RunUntil { within, .. } => *within,
        _ => Millis::ZERO,
    };
    let whole = commands
        .iter()
        .map(duration)
        .fold(Millis::ZERO, Millis::plus);
    match whole > DURATION_MAX {
        true => Err(LinkError::TooMuchTime),
        false => Ok(()),
    }
}
