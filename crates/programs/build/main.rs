//! Makes data of the programs in `programs/`: their sources, and their known flaws.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// `flaws.toml` of a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flaws {
    /// What of the mended program agrees with Raft.
    compare: Vec<String>,
    /// Whether it takes clients' requests.
    requests: bool,
    #[serde(default)]
    flaw: Vec<Flaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flaw {
    name: String,
    breaks: String,
    en: String,
    zh: String,
    find: String,
    replace: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../programs");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    let mut out = String::from(
        "/// The shipped programs, in order of their names.\npub static SHIPPED: &[Shipped] = &[\n",
    );
    for folder in folders {
        let name = folder.file_name().and_then(|it| it.to_str());
        let name = name.ok_or("a folder of programs/ has a name that is no text")?;
        let flaws: Flaws = toml::from_str(&fs::read_to_string(folder.join("flaws.toml"))?)
            .map_err(|error| format!("programs/{name}/flaws.toml: {error}"))?;
        write_program(
            &mut out,
            name,
            &folder.join("as-written.rhai"),
            &flaws,
            &flaws.flaw,
        )?;
        let solution = folder.join("solution.rhai");
        if solution.is_file() {
            write_program(
                &mut out,
                &format!("{name}-solution"),
                &solution,
                &flaws,
                &[],
            )?;
        }
    }
    out.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("shipped.rs"), out)?;
    Ok(())
}

fn write_program(
    out: &mut String,
    name: &str,
    source: &Path,
    about: &Flaws,
    flaws: &[Flaw],
) -> Result<(), Box<dyn Error>> {
    let source = source.canonicalize()?;
    let compare: Vec<_> = about.compare.iter().map(|it| text(it)).collect();
    writeln!(
        out,
        "Shipped {{ name: {}, source: Cow::Borrowed(include_str!({source:?})), \
         compare: Cow::Borrowed(&[{}]), requests: {}, flaws: Cow::Borrowed(&[",
        text(name),
        compare.join(", "),
        about.requests
    )?;
    for flaw in flaws {
        let Flaw {
            name,
            breaks,
            en,
            zh,
            find,
            replace,
        } = flaw;
        writeln!(
            out,
            "Flaw {{ name: {}, breaks: {}, en: {}, zh: {}, find: {}, replace: {} }},",
            text(name),
            text(breaks),
            text(en),
            text(zh),
            text(find),
            text(replace)
        )?;
    }
    out.push_str("]) },\n");
    Ok(())
}

/// A text as an expression of the generated source.
fn text(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}
