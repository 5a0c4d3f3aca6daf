//! What libFuzzer found worth keeping (`fuzz/`) is played again with every test
//! run, so that nothing that was once tried fails later.
#![cfg(all(feature = "link", not(target_family = "wasm")))]

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hustings_lab::script::Script;
use hustings_lab::{Command, Lab, link};

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let files = std::fs::read_dir(folder.join(name)).expect("the corpus");
    let inputs: Vec<_> = files
        .map(|file| std::fs::read(file.expect("a file").path()).expect("an input"))
        .collect();
    assert!(inputs.len() > 100, "{}", inputs.len());
    inputs
}

#[test]
fn scripts_are_read_or_refused_and_print_as_what_reads_back() {
    for input in corpus("script") {
        let Ok(text) = std::str::from_utf8(&input) else {
            continue;
        };
        if let Ok(script) = Script::parse(text) {
            let printed = script.to_string();
            let again = Script::parse(&printed).expect("what is printed can be read");
            assert_eq!(again.to_string(), printed);
            let formatted = Script::format(text).expect("it has been read");
            assert_eq!(Script::format(&formatted).as_ref(), Ok(&formatted));
        }
    }
}

#[test]
fn links_are_followed_or_refused() {
    let mut read = 0;
    for input in corpus("link") {
        let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(&input);
        let whole = [&[link::VERSION], input.as_slice(), &checksum.to_le_bytes()].concat();
        let Ok((header, commands)) = link::unpack(&URL_SAFE_NO_PAD.encode(whole)) else {
            continue;
        };
        read += 1;
        let mut lab = Lab::new(header).expect("the header has been checked");
        for command in commands {
            let long = match &command {
                Command::Run(duration) => duration.0 > 2_000,
                Command::RunUntil { within, .. } => within.0 > 2_000,
                Command::DeliverAll => true,
                _ => false,
            };
            if !long {
                let _ = lab.apply(command);
            }
        }
        let again = Script::of(&lab).run().expect("sound").lab;
        assert!(again.records().iter().eq(lab.records().iter()));
    }
    assert!(read > 10, "{read}");
}
