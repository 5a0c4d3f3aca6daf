//! Space-time diagrams as SVG, Mermaid and ShiViz.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;

fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let folders = std::fs::read_dir(root).expect("the scenarios");
    let folders = folders.map(|folder| folder.expect("a folder").path());
    // Programs need an interpreter.
    let folders = folders.filter(|folder| !folder.ends_with("servers"));
    let files = folders.flat_map(|folder| {
        let inside = std::fs::read_dir(folder).expect("a folder");
        inside.map(|file| file.expect("a file").path())
    });
    files.collect()
}

fn diagram(format: &str, file: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_hustings"))
        .args(["diagram", "--format", format])
        .arg(file)
        .output()
        .expect("the program runs");
    // The goal of an assignment is yet to be met.
    let is_open = file.parent().is_some_and(|it| it.ends_with("assignments"));
    let status = output.status.code();
    assert_eq!(status, Some(i32::from(is_open)), "{}", file.display());
    String::from_utf8(output.stdout).expect("text")
}

fn split_vote() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    root.join("first-steps/split-vote.hust")
}

#[test]
fn mermaid_has_the_messages_in_order() {
    let text = diagram("mermaid", &split_vote());
    let head: Vec<_> = text.lines().take(16).collect();
    assert_snapshot!(head.join("\n"));
}

#[test]
fn shiviz_has_two_lines_per_event_and_increasing_clocks() {
    for file in scenarios() {
        let text = diagram("shiviz", &file);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len() % 2, 0, "{}", file.display());
        let mut clocks: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        for pair in lines.chunks(2) {
            let (host, clock) = pair[0].split_once(' ').expect("a host and its clock");
            let new: BTreeMap<String, u64> = serde_json::from_str(clock).expect("a clock");
            let old = clocks
                .insert(host.to_owned(), new.clone())
                .unwrap_or_default();
            for (other, count) in &old {
                assert!(new[other] >= *count, "{}", pair[0]);
            }
            let own = old.get(host).copied().unwrap_or_default();
            assert_eq!(new[host], own + 1, "{}", pair[0]);
            // No clock is ahead of the host's own clock.
            for (other, count) in new.iter().filter(|(other, _)| *other != host) {
                assert!(clocks[other][other] >= *count, "{}", pair[0]);
            }
            assert!(!pair[1].is_empty());
        }
    }
}

#[test]
fn every_scenario_has_an_svg() {
    for file in scenarios() {
        let picture = diagram("svg", &file);
        let parsed = svg::read(&picture).expect("a picture");
        let tags: Vec<_> = parsed.collect();
        let errors = tags
            .iter()
            .filter(|event| matches!(event, svg::parser::Event::Error(_)));
        assert_eq!(errors.count(), 0, "{}", file.display());
        let server = "\nS1\n";
        assert!(picture.contains(server), "{}", file.display());
    }
}

#[test]
fn texts_of_a_script_are_escaped_in_svg() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("markup");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("markup.hust");
    let script = "title \"<script>alert(1)</script> & more\"\nnote \"</text><image href='x'/>\"\npropose S1 \"<b>\"\n";
    std::fs::write(&file, script).expect("written");
    let picture = diagram("svg", &file);
    assert!(
        !picture.contains("<script") && !picture.contains("<image") && !picture.contains("<b>")
    );
    assert!(picture.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"));
}

/// A request that passes leases, and entries of other terms than the leader's.
#[test]
fn every_diagram_has_the_complete_content_of_messages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let transfer = root.join("transfer/transfer.hust");
    let old_entry = root.join("paper/figure-8.hust");
    for format in ["svg", "mermaid", "shiviz"] {
        let text = diagram(format, &transfer);
        let told = "with the transfer flag, which overrides leases";
        assert!(text.contains(told), "{format}");
        let text = diagram(format, &old_entry);
        assert!(text.contains("1 entry of term 2 after"), "{format}");
    }
    assert!(diagram("svg", &transfer).contains("\nV!\n"));
}
