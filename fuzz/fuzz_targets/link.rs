//! Links: any text is read or refused, and what is read can be done or refused,
//! with the invariants of the laboratory's own data intact.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crc::{CRC_32_ISCSI, Crc};
use hustings_lab::{Command, Lab, Script, link};
use libfuzzer_sys::fuzz_target;

/// More than this would make the search slow, not deep.
const COMMANDS: usize = 40;
const MILLIS: u64 = 2_000;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = link::unpack(text);
    }
    let checksum = Crc::<u32>::new(&CRC_32_ISCSI).checksum(bytes).to_le_bytes();
    let whole = [&[link::VERSION], bytes, &checksum].concat();
    let Ok((header, commands)) = link::unpack(&URL_SAFE_NO_PAD.encode(whole)) else {
        return;
    };
    let mut lab = Lab::new(header).expect("the header has been checked");
    for command in commands.into_iter().take(COMMANDS) {
        let long = match &command {
            Command::Run(duration) => duration.0 > MILLIS,
            Command::RunUntil { within, .. } => within.0 > MILLIS,
            Command::DeliverAll => true,
            _ => false,
        };
        if !long {
            let _ = lab.apply(command);
        }
    }
    let again = Script::of(&lab).run().expect("the header has been checked").lab;
    assert!(again.records().iter().eq(lab.records().iter()));
});
