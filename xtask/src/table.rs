//! The table of requirements.

use crate::requirement::{Requirement, Stage, Way};
use crate::tools::{
    browser, debian, elsewhere, fonts, headless_shell, llvm_cov, node, npm, rust, trunk,
    wasm_bindgen, wasm_target,
};

/// All requirements in the order of set-up: each after those that it depends on.
pub const TABLE: &[Requirement] = &[
    Requirement {
        name: "rust",
        stage: Stage::Serve,
        wanted: |project| format!("{} or newer", project.rust),
        look: rust::look,
        ways: &[],
        cure: |project| {
            format!(
                "install Rust {} or newer with rustup (rustup.rs), or run `rustup update`",
                project.rust
            )
        },
    },
    Requirement {
        name: "git",
        stage: Stage::Serve,
        wanted: |_| "any".to_owned(),
        look: |_| node::look_for("git", "0"),
        ways: &[],
        cure: |_| "install git (git-scm.com, or your system's packages)".to_owned(),
    },
    Requirement {
        name: "node",
        stage: Stage::Serve,
        wanted: |project| format!("{} or newer", project.node),
        look: |context| node::look_for("node", &context.project.node),
        ways: &[],
        cure: |project| {
            format!(
                "install Node.js {} or newer, with npm (nodejs.org)",
                project.node
            )
        },
    },
    Requirement {
        name: "npm",
        stage: Stage::Serve,
        wanted: |_| "any".to_owned(),
        look: |_| node::look_for("npm", "0"),
        ways: &[],
        cure: |_| "install npm; it comes with Node.js (nodejs.org)".to_owned(),
    },
    Requirement {
        name: "wasm32 target",
        stage: Stage::Serve,
        wanted: |_| "compiles and links".to_owned(),
        look: wasm_target::look,
        ways: &[
            Way {
                what: "rustup target add wasm32-unknown-unknown",
                fits: rust::has_rustup,
                go: wasm_target::add_with_rustup,
            },
            Way {
                what: "building the standard library with Debian's compiler (about 2 minutes on two cores)",
                fits: debian::is_here,
                go: wasm_target::build_with_debian,
            },
        ],
        cure: |_| {
            format!(
                "`rustup target add wasm32-unknown-unknown` where rustup's servers can be reached; \
             else, on Debian as root, `apt-get install {}` and set up again",
                wasm_target::DEBIAN_PACKAGES.join(" "),
            )
        },
    },
    Requirement {
        name: "trunk",
        stage: Stage::Serve,
        wanted: |project| format!("{} or newer", project.trunk),
        look: trunk::look,
        ways: &[
            Way {
                what: "downloading its publisher's build",
                fits: || true,
                go: trunk::download,
            },
            Way {
                what: "compiling it (about 5 minutes on two cores)",
                fits: || true,
                go: trunk::install,
            },
        ],
        cure: |project| format!("`cargo install trunk --version {} --locked`", project.trunk),
    },
    Requirement {
        name: "wasm-bindgen",
        stage: Stage::Serve,
        wanted: |project| project.wasm_bindgen.clone(),
        look: wasm_bindgen::look,
        ways: &[
            Way {
                what: "downloading its publisher's build",
                fits: || true,
                go: wasm_bindgen::download,
            },
            Way {
                what: "compiling it (about 3 minutes on two cores)",
                fits: || true,
                go: wasm_bindgen::install,
            },
            Way {
                what: "compiling it with the crates it was released with",
                fits: || true,
                go: wasm_bindgen::install_locked,
            },
        ],
        cure: |project| {
            format!(
                "`cargo install wasm-bindgen-cli --version {}`",
                project.wasm_bindgen
            )
        },
    },
    Requirement {
        name: "npm packages",
        stage: Stage::Serve,
        wanted: |project| npm::list(&project.npm),
        look: npm::look,
        ways: &[Way {
            what: "npm ci",
            fits: || true,
            go: npm::install,
        }],
        cure: |_| "`npm ci` in the checkout".to_owned(),
    },
    Requirement {
        name: "browser",
        stage: Stage::Test,
        wanted: |_| "Chromium and its own ChromeDriver".to_owned(),
        look: browser::look,
        ways: &[
            Way {
                what: "apt-get install chromium chromium-driver",
                fits: debian::is_here,
                go: browser::install_with_debian,
            },
            Way {
                what: "downloading Chrome for Testing with npx",
                fits: || true,
                go: browser::download,
            },
        ],
        cure: |_| {
            "install Chromium or Chrome and the ChromeDriver of the same major version \
                   (Debian: chromium and chromium-driver), or name both in CHROME and CHROMEDRIVER"
                .to_owned()
        },
    },
    Requirement {
        name: "headless shell",
        stage: Stage::Test,
        wanted: |_| "Chromium's, of any version".to_owned(),
        look: headless_shell::look,
        ways: &[
            Way {
                what: "apt-get install chromium-headless-shell",
                fits: debian::is_here,
                go: headless_shell::install_with_debian,
            },
            Way {
                what: "downloading Chrome for Testing's with npx",
                fits: || true,
                go: headless_shell::download,
            },
        ],
        cure: |_| {
            "install Chromium's headless shell (Debian: chromium-headless-shell), or name it, or \
             any Chromium, in HEADLESS_SHELL"
                .to_owned()
        },
    },
    Requirement {
        name: "fonts",
        stage: Stage::Test,
        wanted: |_| "any".to_owned(),
        look: fonts::look,
        ways: &[Way {
            what: "apt-get install fonts-dejavu-core",
            fits: debian::is_here,
            go: fonts::install,
        }],
        cure: |_| "install any TrueType font (Debian: fonts-dejavu-core)".to_owned(),
    },
    Requirement {
        name: "rustfmt, clippy",
        stage: Stage::Ci,
        wanted: |_| "the toolchain's own".to_owned(),
        look: rust::look_for_linters,
        ways: &[Way {
            what: "rustup component add rustfmt clippy",
            fits: rust::has_rustup,
            go: rust::add_linters,
        }],
        cure: |_| "`rustup component add rustfmt clippy`".to_owned(),
    },
    Requirement {
        name: "llvm-tools",
        stage: Stage::Coverage,
        wanted: |_| "the toolchain's own".to_owned(),
        look: llvm_cov::look_for_llvm,
        ways: &[Way {
            what: "rustup component add llvm-tools",
            fits: rust::has_rustup,
            go: llvm_cov::add_llvm,
        }],
        cure: |_| "`rustup component add llvm-tools`".to_owned(),
    },
    Requirement {
        name: "cargo-llvm-cov",
        stage: Stage::Coverage,
        wanted: |_| llvm_cov::VERSION.to_owned(),
        look: llvm_cov::look,
        ways: &[Way {
            what: "compiling it (about 1 minute on two cores)",
            fits: || true,
            go: llvm_cov::install,
        }],
        cure: |_| {
            format!(
                "`cargo install cargo-llvm-cov --version {} --locked`",
                llvm_cov::VERSION
            )
        },
    },
    Requirement {
        name: "firefox",
        stage: Stage::Elsewhere,
        wanted: |_| "any".to_owned(),
        look: elsewhere::look_for_firefox,
        ways: &[Way {
            what: "apt-get install firefox-esr",
            fits: debian::is_here,
            go: elsewhere::install_firefox,
        }],
        cure: |_| "install Firefox, or name it in FIREFOX".to_owned(),
    },
    Requirement {
        name: "geckodriver",
        stage: Stage::Elsewhere,
        wanted: |_| format!("{} or newer", elsewhere::DRIVER_VERSION),
        look: elsewhere::look_for_driver,
        ways: &[Way {
            what: "compiling it (about 2 minutes on two cores)",
            fits: || true,
            go: elsewhere::install_driver,
        }],
        cure: |_| {
            format!(
                "`cargo install geckodriver --version {} --locked`",
                elsewhere::DRIVER_VERSION
            )
        },
    },
    Requirement {
        name: "webkit",
        stage: Stage::Elsewhere,
        wanted: |_| "any, with its driver and Xvfb".to_owned(),
        look: elsewhere::look_for_webkit,
        ways: &[Way {
            what: "apt-get install webkit2gtk-driver xvfb",
            fits: debian::is_here,
            go: elsewhere::install_webkit,
        }],
        cure: |_| {
            "install WebKitGTK's MiniBrowser and WebKitWebDriver, and Xvfb (Debian: \
             webkit2gtk-driver and xvfb)"
                .to_owned()
        },
    },
];

/// Groups of requirements that do not depend on each other, so they can be installed
/// concurrently. They are next to each other in the table.
pub const AT_ONCE: [&str; 3] = ["trunk", "wasm-bindgen", "npm packages"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_requirements_are_unique() {
        for (index, need) in TABLE.iter().enumerate() {
            assert!(TABLE[..index].iter().all(|other| other.name != need.name));
        }
    }

    #[test]
    fn groups_are_contiguous_in_the_table() {
        let names: Vec<&str> = TABLE.iter().map(|need| need.name).collect();
        assert!(names.windows(AT_ONCE.len()).any(|row| row == AT_ONCE));
    }

    #[test]
    fn coverage_needs_no_other_browsers_and_they_need_no_coverage() {
        let needs = |stage: Stage, name| {
            let mut all = TABLE.iter().filter(|need| stage.includes(need.stage));
            all.any(|need| need.name == name)
        };
        assert!(needs(Stage::Coverage, "cargo-llvm-cov") && needs(Stage::Elsewhere, "webkit"));
        assert!(needs(Stage::Coverage, "browser") && needs(Stage::Elsewhere, "browser"));
        assert!(!needs(Stage::Coverage, "webkit") && !needs(Stage::Elsewhere, "cargo-llvm-cov"));
        assert!(!needs(Stage::Ci, "webkit") && !needs(Stage::Ci, "cargo-llvm-cov"));
    }

    #[test]
    fn serving_needs_no_browser() {
        let serving = TABLE.iter().filter(|need| need.stage == Stage::Serve);
        assert!(serving.into_iter().all(|need| need.name != "browser"));
    }
}
