//! Versions of tools.

/// The version in the output of a tool: the first word that starts with a digit, possibly
/// after a `v`.
pub fn in_text(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.strip_prefix('v').unwrap_or(word))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether `found` is `wanted` or newer, compared number by number.
pub fn at_least(found: &str, wanted: &str) -> bool {
    let (found, wanted) = (numbers(found), numbers(wanted));
    for (index, want) in wanted.iter().enumerate() {
        let have = found.get(index).copied().unwrap_or(0);
        if have != *want {
            return have > *want;
        }
    }
    true
}

/// The first number of a version.
pub fn major(version: &str) -> Option<u64> {
    numbers(version).first().copied()
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split(|c: char| !c.is_ascii_digit())
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_parsed_from_the_output_of_tools() {
        for (text, version) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", "1.95.0"),
            ("v20.20.2\n", "20.20.2"),
            ("trunk 0.21.14", "0.21.14"),
            ("wasm-opt version 132 (version_132)", "132"),
            ("Chromium 156.0.8078.73 built on Debian", "156.0.8078.73"),
            ("Google Chrome for Testing 150.0.1.2", "150.0.1.2"),
        ] {
            assert_eq!(in_text(text), Some(version), "{text}");
        }
        assert_eq!(in_text("command not found"), None);
    }

    #[test]
    fn versions_compare_numerically() {
        assert!(at_least("1.100.0", "1.95"));
        assert!(at_least("1.95.0", "1.95"));
        assert!(at_least("20.0", "20"));
        assert!(at_least("1.96.0+dfsg1", "1.96.0"));
        assert!(!at_least("1.94.9", "1.95"));
        assert!(!at_least("9", "20"));
    }

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("156.0.8078.73"), Some(156));
        assert_eq!(major("unknown"), None);
    }
}
