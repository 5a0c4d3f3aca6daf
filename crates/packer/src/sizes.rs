//! Takes out of a module how long its functions are, which their ends tell, too.

use crate::Error;
use crate::module::{CODE_SECTION, PREAMBLE};
use std::ops::Range;

/// The module without the sizes of its functions.
pub fn taken_out(module: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reader = Reader {
        module,
        at: PREAMBLE,
    };
    let mut bare = Vec::with_capacity(module.len());
    let mut kept = 0;
    while reader.at < module.len() {
        let id = reader.byte()?;
        let size = reader.number()?;
        let end = reader.at.saturating_add(size);
        if id == CODE_SECTION {
            for _ in 0..reader.number()? {
                bare.extend(module.get(kept..reader.at).ok_or(Error::Short)?);
                let size = reader.number()?;
                kept = reader.at;
                reader.at = reader.at.saturating_add(size);
            }
        }
        reader.at = end;
    }
    bare.extend(module.get(kept..).ok_or(Error::Short)?);
    Ok(bare)
}

/// The module whose functions have these bodies, with their sizes.
pub fn put_back(bare: &[u8], bodies: &[Range<usize>]) -> Vec<u8> {
    let mut module = Vec::with_capacity(bare.len() + 3 * bodies.len());
    let mut kept = 0;
    for body in bodies {
        module.extend(&bare[kept..body.start]);
        write(&mut module, body.len());
        module.extend(&bare[body.clone()]);
        kept = body.end;
    }
    module.extend(&bare[kept..]);
    module
}

fn write(module: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        module.push(number as u8 | 0x80);
        number >>= 7;
    }
    module.push(number as u8);
}

struct Reader<'a> {
    module: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, Error> {
        let byte = self.module.get(self.at).ok_or(Error::Short)?;
        self.at += 1;
        Ok(*byte)
    }

    fn number(&mut self) -> Result<usize, Error> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Error::Different)
    }
}
