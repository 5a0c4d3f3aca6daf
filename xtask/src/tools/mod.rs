//! The tools, one module each: how to find it and how to get it.

pub mod browser;
pub mod cargo_install;
pub mod debian;
pub mod elsewhere;
pub mod fonts;
pub mod headless_shell;
pub mod llvm_cov;
pub mod node;
pub mod npm;
pub mod published;
pub mod rust;
pub mod trunk;
pub mod wasm_bindgen;
pub mod wasm_target;
