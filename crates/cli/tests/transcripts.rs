//! Snapshots of `hustings explain` for every scenario.

use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

#[test]
fn the_transcript_of_every_scenario_is_unchanged() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(&root).expect("the scenarios") {
        let folder = folder.expect("a folder").path();
        // Programs need an interpreter.
        if folder.ends_with("servers") {
            continue;
        }
        let inside = std::fs::read_dir(folder).expect("a folder");
        files.extend(inside.map(|file| file.expect("a file").path()));
    }
    files.sort();
    for file in files {
        let output = Command::new(env!("CARGO_BIN_EXE_hustings"))
            .arg("explain")
            .arg(&file)
            .output()
            .expect("the program runs");
        // The goal of an assignment is yet to be met.
        let is_open = file.parent().is_some_and(|it| it.ends_with("assignments"));
        let status = output.status.code();
        assert_eq!(status, Some(i32::from(is_open)), "{}", file.display());
        let transcript = String::from_utf8(output.stdout).expect("text");
        let name = file.strip_prefix(&root).expect("below").with_extension("");
        let name = name.to_str().expect("a name").replace(['/', '\\'], "-");
        assert_snapshot!(name, transcript);
    }
}
