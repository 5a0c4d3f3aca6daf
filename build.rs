//! Makes functions of the texts in `locales/`, and collects the scenarios and the logs of lessons.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/checksum.rs"]
mod checksum;
#[path = "crates/lab/build/texts.rs"]
mod texts;

use checksum::checksum;

fn main() -> Result<(), Box<dyn Error>> {
    texts::generate("Lang")?;
    // As xtask/src/finish.mjs writes them.
    let texts = |file: &str| Ok::<_, Box<dyn Error>>(texts::lines(texts::read(file)?));
    let others = [
        "crates/lab/locales/zh.json",
        "crates/search/locales/zh.json",
        "crates/logs/locales/zh.json",
    ];
    let [laboratory, search, logs] = others.map(texts);
    let chinese = [texts("locales/zh.json")?, laboratory?, search?, logs?].join("\n");
    for file in others {
        println!("cargo::rerun-if-changed={file}");
    }
    println!("cargo::rustc-env=CHINESE={}", checksum(chinese.as_bytes()));
    let lessons = fs::read("locales/lessons.zh.json")?;
    println!("cargo::rerun-if-changed=locales/lessons.zh.json");
    println!("cargo::rustc-env=LESSONS_ZH={}", checksum(&lessons));
    list_scenarios()?;
    list_lesson_logs()
}

/// Writes all scenarios into one file, as xtask/src/finish.mjs does: each begins with
/// `group/name` and ends with an empty line.
fn list_scenarios() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=scenarios");
    let mut list = String::new();
    for folder in sorted(Path::new("scenarios"))? {
        for file in sorted(&folder)? {
            let (group, name) = (name_of(&folder), name_of(&file));
            let text = strip(&fs::read_to_string(&file)?);
            writeln!(list, "{group}/{name}\n{text}")?;
        }
    }
    println!("cargo::rustc-env=SCENARIOS={}", checksum(list.as_bytes()));
    fs::write(Path::new(&env::var("OUT_DIR")?).join("scenarios.txt"), list)?;
    Ok(())
}

/// Makes a table of the logs that lessons have, by the titles of the lessons: `samples/logs/lessons`
/// has a folder for each of them, of the same name.
fn list_lesson_logs() -> Result<(), Box<dyn Error>> {
    let folders = Path::new("samples/logs/lessons");
    println!("cargo::rerun-if-changed={}", folders.display());
    let mut table = String::from("static LESSON_LOGS: &[LessonLogs] = &[\n");
    for folder in sorted(folders)? {
        let name = name_of(&folder);
        let lesson = format!("scenarios/logs/{name}.hust");
        let text = fs::read_to_string(&lesson).map_err(|why| format!("{lesson}: {why}"))?;
        let title = text.lines().find_map(|line| line.strip_prefix("title "));
        let title = title.ok_or_else(|| format!("{lesson} has no title"))?;
        writeln!(
            table,
            "LessonLogs {{ title: {title}, folder: {name:?}, files: &["
        )?;
        for file in sorted(&folder)? {
            let sum = checksum(&fs::read(&file)?);
            let file = file.file_name().unwrap_or_default().to_string_lossy();
            writeln!(table, "({file:?}, {sum:?}),")?;
        }
        writeln!(table, "] }},")?;
    }
    table.push_str("];\n");
    fs::write(
        Path::new(&env::var("OUT_DIR")?).join("lesson_logs.rs"),
        table,
    )?;
    Ok(())
}

/// A script without comments, empty lines and expectations, which do not change the run.
fn strip(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let is_omitted = |line: &str| line.starts_with('#') || line.starts_with("expect ");
    let kept = lines.filter(|line| !line.is_empty() && !is_omitted(line));
    kept.map(|line| format!("{line}\n")).collect()
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries = fs::read_dir(folder)?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    // By name without extension: `figure-8` sorts before `figure-8-overwritten`.
    paths.sort_by_key(|path| name_of(path));
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}
