//! What stands where in a module's bytes.
//!
//! The grammar is that of the WebAssembly specification's binary format
//! (<https://webassembly.github.io/spec/core/binary/>), as far as compilers of Rust
//! use it. The module is bare: its functions do not say how long they are ([`sizes`](crate::sizes)).

use crate::Error;
use crate::tree::{Counts, GROUPS, SENT};
use std::ops::Range;

/// What a byte is: an instruction, part of an operand, or anything else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind(u16);

/// All kinds are below this.
const KINDS: usize = 0x206;

impl Kind {
    pub const INSTRUCTION: Kind = Kind(0);
    /// The second operand of an instruction; its first has the number of the
    /// instruction, since the instruction 0 has none.
    const SECOND: u16 = 0x100;
    /// All but the code of functions.
    pub const OUTSIDE: Kind = Kind(0x200);
    const FUNCTIONS: Kind = Kind(0x201);
    const LOCALS: Kind = Kind(0x202);
    const LOCALS_ALIKE: Kind = Kind(0x203);
    const LOCALS_TYPE: Kind = Kind(0x204);
    /// How long the code of a byte is ([`tree`](crate::tree)).
    pub const LENGTH: Kind = Kind(0x205);

    fn operand(code: u8) -> Kind {
        Kind(code.into())
    }

    fn second_operand(code: u8) -> Kind {
        Kind(u16::from(code) | Kind::SECOND)
    }

    /// Its own number, of 16 bits.
    pub fn number(self) -> u32 {
        self.0.into()
    }
}

/// Where a byte stands, in what is known before it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// What it is.
    pub kind: Kind,
    /// The bytes before it in the number that it is part of.
    pub number: u32,
    /// The last four instructions of the function, the latest lowest.
    pub instructions: u32,
    /// The last number of its kind.
    pub last: u32,
    /// The byte before it.
    pub previous: u8,
}

impl Place {
    /// Places whose bytes are distributed alike are one group, below [`GROUPS`].
    pub fn group(&self) -> usize {
        match self.kind {
            // By the instruction before.
            Kind::INSTRUCTION => match self.instructions as u8 {
                0x20 => 0,
                0x41 | 0x42 => 1,
                0x21 => 2,
                0x22 => 3,
                0x28..=0x35 => 4,
                0x36..=0x3e => 5,
                0x0b => 6,
                0x10 => 7,
                0x45.. => 8,
                _ => 9,
            },
            // Locals.
            Kind(0x20..=0x22) => 10,
            // Constants.
            Kind(0x41 | 0x42) => 11,
            // Loads and stores: how they are aligned, and the offset.
            Kind(0x28..=0x3e) => 12,
            Kind(0x128..=0x13e) if self.number == 0 => 13,
            Kind(0x128..=0x13e) => 14,
            // Calls.
            Kind(0x10) => 15,
            Kind::OUTSIDE => match self.previous {
                0 => 16,
                b'a'..=b'z' => 17,
                0x80.. => 18,
                _ => 19,
            },
            Kind::LENGTH => SENT,
            _ => 20,
        }
    }

    /// A place with nothing before it.
    pub fn start(kind: Kind) -> Place {
        Place {
            kind,
            number: 0,
            instructions: 0,
            last: 0,
            previous: 0,
        }
    }
}

/// Where bytes come from: a module that is there, or one that is being unpacked.
pub trait Bytes {
    /// The next byte, which stands at this place.
    fn next(&mut self, place: &Place) -> Result<u8, Error>;
}

/// Goes through the bytes of a bare module, and says of each what it is.
pub struct Walk<B> {
    /// Where they come from.
    pub bytes: B,
    /// The body of each function so far.
    pub bodies: Vec<Range<usize>>,
    at: usize,
    length: usize,
    /// Functions that are left of the code section.
    functions: u32,
    /// Bytes that are left of any other section.
    outside: usize,
    place: Place,
    /// The last number of each kind.
    last: [u32; KINDS],
}

pub const CODE_SECTION: u8 = 10;
/// The magic word and the version.
pub const PREAMBLE: usize = 8;
/// So many bytes outside of functions take as long as a function, about.
const SLICE: usize = 0x400;
/// How many operands follow the instructions of two parts (0xfc), by the second.
const OPERANDS_OF_LONG: [u32; 18] = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

impl<B: Bytes> Walk<B> {
    /// Begins; the module has so many bytes.
    pub fn new(bytes: B, length: usize) -> Walk<B> {
        Walk {
            bytes,
            bodies: Vec::new(),
            at: 0,
            length,
            functions: 0,
            outside: PREAMBLE,
            place: Place::start(Kind::OUTSIDE),
            last: [0; KINDS],
        }
    }

    /// How far it is.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes on by a function or by a slice of the rest; `false` at the end.
    pub fn step(&mut self) -> Result<bool, Error> {
        if self.functions > 0 {
            self.functions -= 1;
            self.function()?;
        } else if self.outside > 0 {
            let slice = self.outside.min(SLICE);
            self.outside -= slice;
            for _ in 0..slice {
                self.byte(Kind::OUTSIDE)?;
            }
        } else if self.at < self.length {
            self.section()?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn section(&mut self) -> Result<(), Error> {
        let id = self.byte(Kind::OUTSIDE)?;
        let size = self.number(Kind::OUTSIDE)?;
        if id == CODE_SECTION {
            self.functions = self.number(Kind::FUNCTIONS)?;
        } else {
            self.outside = size as usize;
        }
        Ok(())
    }

    fn function(&mut self) -> Result<(), Error> {
        let begins = self.at;
        self.place.instructions = 0;
        for _ in 0..self.number(Kind::LOCALS)? {
            self.number(Kind::LOCALS_ALIKE)?;
            self.byte(Kind::LOCALS_TYPE)?;
        }
        let mut depth = 1;
        while depth > 0 {
            match self.instruction()? {
                0x02..=0x04 => depth += 1,
                0x0b => depth -= 1,
                _ => (),
            }
        }
        self.bodies.push(begins..self.at);
        Ok(())
    }

    fn instruction(&mut self) -> Result<u8, Error> {
        let at = self.at;
        let code = self.byte(Kind::INSTRUCTION)?;
        self.place.instructions = self.place.instructions << 8 | u32::from(code);
        let (first, second) = (Kind::operand(code), Kind::second_operand(code));
        match code {
            0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => (),
            0x02..=0x04 | 0x0c | 0x0d | 0x10 | 0x12 | 0x20..=0x26 | 0x3f..=0x42 | 0xd0 | 0xd2 => {
                self.number(first)?;
            }
            0x11 | 0x13 | 0x28..=0x3e => {
                self.number(first)?;
                self.number(second)?;
            }
            // A branch by a table; the last place is where all others go.
            0x0e => {
                for _ in 0..=self.number(first)? {
                    self.number(second)?;
                }
            }
            0x1c => {
                for _ in 0..self.number(first)? {
                    self.byte(second)?;
                }
            }
            0x43 => self.fraction(first, 4)?,
            0x44 => self.fraction(first, 8)?,
            0xfc => {
                let long = self.number(first)? as usize;
                for _ in 0..*OPERANDS_OF_LONG.get(long).ok_or(Error::Unknown(at))? {
                    self.number(second)?;
                }
            }
            _ => return Err(Error::Unknown(at)),
        }
        Ok(code)
    }

    fn fraction(&mut self, kind: Kind, bytes: usize) -> Result<(), Error> {
        for _ in 0..bytes {
            self.byte(kind)?;
        }
        Ok(())
    }

    /// A number, seven bits a byte, the lowest first; of what is wider than 32 bits,
    /// the lowest.
    // Not copied to where it is called from, which would double what is shipped.
    #[inline(never)]
    fn number(&mut self, kind: Kind) -> Result<u32, Error> {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte(kind)?;
            value |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            self.place.number = self.place.number << 8 | u32::from(byte) | 0x80;
            if byte < 0x80 {
                break;
            }
        }
        self.place.number = 0;
        self.last[kind.number() as usize] = value;
        Ok(value)
    }

    #[inline(never)]
    fn byte(&mut self, kind: Kind) -> Result<u8, Error> {
        if self.at == self.length {
            return Err(Error::Short);
        }
        self.place.kind = kind;
        self.place.last = self.last[kind.number() as usize];
        let byte = self.bytes.next(&self.place)?;
        self.at += 1;
        self.place.previous = byte;
        Ok(byte)
    }
}

/// Counts the bytes of a module that is there.
pub struct Counter<'a> {
    pub counts: Counts,
    module: std::slice::Iter<'a, u8>,
}

impl Counter<'_> {
    pub fn new(module: &[u8]) -> Counter<'_> {
        Counter {
            counts: [[0; 256]; GROUPS],
            module: module.iter(),
        }
    }
}

impl Bytes for Counter<'_> {
    fn next(&mut self, place: &Place) -> Result<u8, Error> {
        let byte = *self.module.next().ok_or(Error::Short)?;
        self.counts[place.group()][usize::from(byte)] += 1;
        Ok(byte)
    }
}
