//! The order of the crate's modules, which ARCHITECTURE.md explains.
#![cfg(not(target_family = "wasm"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first, with their modules. A module imports from its own layer
/// and from those before it, and by the name of the module that owns what it imports.
const LAYERS: [(&str, &str); 8] = [
    ("containers", "digest intern persistent_vec vec_map"),
    ("servers", "machine"),
    (
        "data",
        "command condition error header invariant link_map message path pattern rate record selector",
    ),
    ("language", "script"),
    ("world", "judge schedule server world"),
    ("run", "infer run"),
    (
        "views",
        "check diagram history link parting play question save statistics tally transcript weight",
    ),
    ("sentences", "narrate"),
];

/// The modules from which each module imports, with a file that does.
type Imports = BTreeMap<String, BTreeMap<String, PathBuf>>;

#[test]
fn every_module_has_its_place_in_the_layers() {
    let placed = LAYERS.iter().flat_map(|(_, modules)| modules.split(' '));
    let placed: BTreeSet<_> = placed.map(str::to_owned).collect();
    assert_eq!(placed, imports().into_keys().collect());
}

#[test]
fn no_module_imports_from_a_later_layer() {
    for (module, imported) in imports() {
        for (other, file) in imported {
            let ok = layer_of(&other).is_some_and(|it| Some(it) <= layer_of(&module));
            assert!(ok, "{} imports `{other}`", file.display());
        }
    }
}

#[test]
fn no_modules_import_from_each_other_in_a_cycle() {
    let mut left = imports();
    while let Some(free) = on_no_cycle(&left) {
        left.remove(&free);
    }
    let on_cycles = left.values().flat_map(|imported| {
        let others = imported
            .iter()
            .filter(|(other, _)| left.contains_key(*other));
        others.map(|(other, file)| format!("{} imports `{other}`", file.display()))
    });
    let on_cycles: Vec<_> = on_cycles.collect();
    assert!(on_cycles.is_empty(), "{on_cycles:#?}");
}

/// A module that imports none of the others, or that none of the others imports.
fn on_no_cycle(modules: &Imports) -> Option<String> {
    let is_free = |module: &&String| {
        let imports_none = !modules[*module].keys().any(|it| modules.contains_key(it));
        let imported_by_none = !modules.values().any(|it| it.contains_key(*module));
        imports_none || imported_by_none
    };
    modules.keys().find(is_free).cloned()
}

fn layer_of(module: &str) -> Option<usize> {
    let has = |(_, modules): &(_, &str)| modules.split(' ').any(|it| it == module);
    LAYERS.iter().position(has)
}

fn imports() -> Imports {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut imports = Imports::new();
    for file in files_in(&source) {
        let path = file.strip_prefix(&source).expect("a file of it");
        let module = path.iter().next().expect("a name").to_string_lossy();
        let module = module.trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        let imported = imports.entry(module.clone()).or_default();
        let text = fs::read_to_string(&file).expect("readable");
        for other in imported_by(&text, path.iter().count()) {
            if other != module {
                imported.insert(other, path.to_owned());
            }
        }
    }
    imports
}

fn files_in(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).expect("readable") {
        let path = entry.expect("readable").path();
        match path.is_dir() {
            true => files.extend(files_in(&path)),
            false => files.push(path),
        }
    }
    files
}

/// The first name of each path from the crate's root, in a file at that depth. The
/// modules of the root have no `super::` but in their unit tests.
fn imported_by(text: &str, depth: usize) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.split("//").next());
    let code: Vec<_> = lines.collect();
    let root = "super::".repeat(depth.max(2));
    let code = code.join("\n").replace(&root, "crate::");
    let is_of_name = |char: &char| char.is_alphanumeric() || *char == '_';
    let paths = code.split("crate::").skip(1);
    paths
        .map(|path| path.chars().take_while(is_of_name).collect())
        .collect()
}
