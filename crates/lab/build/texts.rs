//! Makes a function of each text in `locales/`, so that a text that is missing or lacks an
//! argument does not compile. The page's texts are made by it, too.
//!
//! Texts are data and are filled in when they are told: code for each, in each language,
//! would be more for a visitor to download. WebAssembly has the English ones only: those in
//! Chinese are loaded when they are wanted.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// What every list of texts can do. `NAME` is its name.
const LIST: &str = r#"
use std::fmt::{Display, Write};
use std::sync::{LazyLock, OnceLock};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NAME {
    En,
    Zh,
}

static EN: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("en.txt").lines().collect());
static ZH: OnceLock<Vec<&str>> = OnceLock::new();

impl NAME {
    pub fn set_chinese(lines: &'static str) {
        ZH.get_or_init(|| lines.lines().collect());
    }

    fn text(self, line: usize) -> &'static str {
        match self {
            Self::En => EN[line],
            Self::Zh if cfg!(target_family = "wasm") => ZH.get().unwrap_or(&EN)[line],
            Self::Zh => ZH.get_or_init(|| include_str!("zh.txt").lines().collect())[line],
        }
    }

    fn filled(self, line: usize, arguments: &[&dyn Display]) -> String {
        let mut parts = self.text(line).split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // What begins with `b}` is the second argument and what follows it.
            let argument = arguments[usize::from(part.as_bytes()[0] - b'a')];
            let _ = write!(filled, "{argument}");
            filled.push_str(&part[2..]);
        }
        filled
    }
"#;

/// A language's texts by name.
type Texts = BTreeMap<String, String>;

/// Writes `texts.rs`, a type of that name with a function for each text, and the texts of
/// each language, one a line.
pub fn generate(name: &str) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let [en, zh] = [read("locales/en.json")?, read("locales/zh.json")?];
    if !en.keys().eq(zh.keys()) {
        return Err("the files in locales/ have not the same texts".into());
    }
    let mut code = LIST.replace("NAME", name);
    for (line, (key, text)) in en.iter().enumerate() {
        let taken = arguments(text)?;
        if taken != arguments(&zh[key])? {
            return Err(format!("{key} has other arguments in zh.json").into());
        }
        let letters: Vec<char> = ('a'..).take(taken).collect();
        let parameters: String = letters
            .iter()
            .map(|it| format!(", {it}: impl Display"))
            .collect();
        let passed: String = letters.iter().map(|it| format!("&{it}, ")).collect();
        if taken == 0 {
            writeln!(
                code,
                "pub fn {key}(self) -> &'static str {{ self.text({line}) }}"
            )?;
        } else {
            writeln!(
                code,
                "pub fn {key}(self{parameters}) -> String {{ self.filled({line}, &[{passed}]) }}"
            )?;
        }
    }
    code.push('}');
    let out = env::var("OUT_DIR")?;
    let write = |file: &str, content: String| fs::write(Path::new(&out).join(file), content);
    write("texts.rs", code)?;
    write("en.txt", lines(en))?;
    write("zh.txt", lines(zh))?;
    Ok(())
}

/// The texts in the order of their names, one a line.
pub fn lines(texts: Texts) -> String {
    texts.into_values().map(|text| text + "\n").collect()
}

/// Reads a file of texts.
pub fn read(file: &str) -> Result<Texts, Box<dyn Error>> {
    let texts: Texts = serde_json::from_str(&fs::read_to_string(file)?)?;
    match texts.values().find(|text| text.contains('\n')) {
        None => Ok(texts),
        Some(text) => Err(format!("a text is one line: {text}").into()),
    }
}

/// How many arguments a text takes: they are called `{a}`, `{b}` and so on.
fn arguments(text: &str) -> Result<usize, Box<dyn Error>> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        match *part.as_bytes() {
            [name @ b'a'..=b'z', b'}', ..] => names.push(name),
            _ => return Err(format!("an argument is a letter in braces: {text}").into()),
        }
    }
    names.sort_unstable();
    names.dedup();
    let in_order = names.iter().copied().eq((b'a'..).take(names.len()));
    in_order
        .then_some(names.len())
        .ok_or_else(|| format!("arguments are a, b, c and so on: {text}").into())
}
