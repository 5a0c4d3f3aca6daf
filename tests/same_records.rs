//! A run gives the same records natively and in the browser.
//!
//! Each platform compares the digest of the records with the same constant.

use hustings_lab::script::Script;

/// The digest of the records of the script below. After an intended change of the
/// records, the failing test prints the new one.
const DIGEST: &str = "c8fe5d57062afeda";

/// A run that uses every stream of random draws.
const SCRIPT: &str = r#"
cluster 5
seed 42
option loss 5%
option duplicate 5%
option disk 0..8ms
run until leader
propose S1 "a"
propose S2 "b"
propose S3 "c"
propose S4 "d"
propose S5 "e"
run 300ms
partition S1 S2 | S3 S4 S5
run 2s
crash S3
heal
run 1s
restart S3
isolate S5
run 2s
heal
cut S1->S2
run 2s
"#;

/// The 64-bit FNV-1a hash of all records as lines of JSON.
fn digest(script: &str) -> String {
    let script = Script::parse(script).expect("a valid script");
    let outcome = script.run().expect("a valid header");
    assert!(outcome.passed(), "{:?}", outcome.failures);
    let records = outcome.run.records();
    assert!(records.len() > 1_000, "{} records", records.len());
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (_, record) in records.iter() {
        let line = serde_json::to_string(record).expect("records are plain data");
        for byte in line.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[cfg_attr(not(target_family = "wasm"), test)]
#[cfg_attr(target_family = "wasm", wasm_bindgen_test::wasm_bindgen_test)]
fn a_script_gives_the_same_records_natively_and_in_the_browser() {
    assert_eq!(digest(SCRIPT), DIGEST);
}
