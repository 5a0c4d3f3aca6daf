//! Words that are looked for in sentences.

/// Words that are looked for, in any order and in any case (of ASCII).
#[derive(Clone, Debug)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// The words of a text.
    pub(super) fn of(text: &str) -> Self {
        let words = text.split_whitespace().map(str::to_ascii_lowercase);
        Self(words.collect())
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each of them is in a sentence or in a name, which is in lower case already.
    pub(super) fn are_in(&self, sentence: &str, name: &str) -> bool {
        if self.is_empty() {
            return true;
        }
        let sentence = sentence.to_ascii_lowercase();
        let mut words = self.0.iter().map(String::as_str);
        words.all(|word| sentence.contains(word) || name.contains(word))
    }
}
