//! Suggestions for misspelt words (edit distance).

/// The maximum length of a word for which a suggestion is made, in characters.
const GUESSED_CHARS_MAX: usize = 24;

/// The closest word, if one is close enough.
pub(super) fn closest<'a>(found: &str, words: &[&'a str]) -> Option<&'a str> {
    let found: Vec<char> = found.chars().take(GUESSED_CHARS_MAX + 1).collect();
    if found.is_empty() || found.len() > GUESSED_CHARS_MAX {
        return None;
    }
    words
        .iter()
        .map(|word| (distance(&found, word), *word))
        .filter(|(distance, word)| *distance <= word.len().div_ceil(3).min(3))
        .min()
        .map(|(_, word)| word)
}

/// The closest name, or the one that has most of the same words, which hyphens separate.
pub(super) fn nearest(found: &str, names: &[&'static str]) -> Option<&'static str> {
    let words: Vec<&str> = found.split('-').collect();
    let shared = |name: &str| name.split('-').filter(|word| words.contains(word)).count();
    let most = || {
        let most = names.iter().rev().max_by_key(|name| shared(name));
        most.copied().filter(|name| shared(name) > 0)
    };
    closest(found, names).or_else(most)
}

/// The edit distance of two words, ignoring case: the number of letters to insert,
/// delete, replace or swap with their neighbour (optimal string alignment).
fn distance(found: &[char], word: &str) -> usize {
    let word: Vec<char> = word.chars().collect();
    let same = |a: char, b: char| a.eq_ignore_ascii_case(&b);
    let first: Vec<usize> = (0..=word.len()).collect();
    let mut rows = vec![first];
    for (i, a) in found.iter().copied().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in word.iter().copied().enumerate() {
            let changed = rows[i][j] + usize::from(!same(a, b));
            let swapped = match (i.checked_sub(1), j.checked_sub(1)) {
                (Some(h), Some(k)) if same(a, word[k]) && same(found[h], b) => rows[h][k] + 1,
                _ => usize::MAX,
            };
            let nearest = changed.min(swapped).min(rows[i][j + 1] + 1).min(row[j] + 1);
            row.push(nearest);
        }
        rows.push(row);
    }
    rows[found.len()][word.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_the_same_words_are_near() {
        let names = ["vote-twice", "forget-vote-on-restart", "commit-old-terms"];
        for (found, meant) in [
            ("vote-twise", Some("vote-twice")),
            ("forget-the-vote", Some("forget-vote-on-restart")),
            ("old-terms", Some("commit-old-terms")),
            ("nonsense", None),
        ] {
            assert_eq!(nearest(found, &names), meant, "{found}");
        }
    }

    #[test]
    fn typing_errors_are_recognized() {
        let words = ["timeout", "deliver", "drop", "crash", "cut"];
        for (found, meant) in [
            ("timout", Some("timeout")),
            ("Timeout", Some("timeout")),
            ("tiemout", Some("timeout")),
            ("delivr", Some("deliver")),
            ("dorp", Some("drop")),
            ("kill", None),
            ("", None),
        ] {
            assert_eq!(closest(found, &words), meant, "{found}");
        }
    }
}
