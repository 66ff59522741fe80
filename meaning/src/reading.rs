//! What of a conversation is read by the model: its title and how it begins.

use discover_model::Conversation;
use sha2::{Digest, Sha256};

/// Pieces of a text that are read; a title and sixty words are about 86.
pub(crate) const TOKENS: usize = 256;
/// Characters handed to the tokenizer: more than [`TOKENS`] pieces ever come from.
const CHARACTERS: usize = 8 * TOKENS;

/// Title, opening post, and replies in their order, as far as the model reads.
pub fn reading(conversation: &Conversation) -> String {
    let mut text = Reading::default();
    text.add(&conversation.title);
    for (number, post) in conversation.posts.iter().enumerate() {
        // A post without a title has its first words for one: they are not read twice.
        if number == 0 && text.repeated(&post.text) {
            text = Reading::default();
        }
        text.add(&post.text);
        if text.left == 0 {
            break;
        }
    }
    text.text
}

/// A text as far as the model reads it.
pub fn reading_of(text: &str) -> String {
    let mut read = Reading::default();
    read.add(text);
    read.text
}

/// Tells whether a vector is still of this text.
pub fn digest(text: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    short
}

struct Reading {
    text: String,
    left: usize,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            text: String::new(),
            left: CHARACTERS,
        }
    }
}

impl Reading {
    /// Adds words with single spaces between them.
    fn add(&mut self, text: &str) {
        for word in text.split_whitespace() {
            if self.left == 0 {
                return;
            }
            if !self.text.is_empty() {
                self.text.push(' ');
                self.left -= 1;
            }
            let before = self.left;
            for letter in word.chars().take(before) {
                self.text.push(letter);
                self.left -= 1;
            }
        }
    }

    /// Whether `text` begins with what is read already, which may have been cut for a title.
    fn repeated(&self, text: &str) -> bool {
        let mut words = text.split_whitespace().peekable();
        let title = self.text.trim_end_matches('…').split(' ');
        let (mut all, mut same) = (0, 0);
        for word in title.filter(|word| !word.is_empty()) {
            all += 1;
            same += usize::from(words.next().is_some_and(|other| other.starts_with(word)));
        }
        all > 0 && all == same
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parts: &[&str]) -> String {
        let mut text = Reading::default();
        for part in parts {
            text.add(part);
        }
        text.text
    }

    #[test]
    fn white_space_is_folded_and_the_length_is_bounded() {
        assert_eq!(
            read(&["A  title ", "\n words\tfollow"]),
            "A title words follow"
        );
        let long = read(&[&"x".repeat(5000), "more"]);
        assert_eq!(long.chars().count(), CHARACTERS);
        assert_eq!(read(&[&"word ".repeat(5000)]).chars().count(), CHARACTERS);
    }

    #[test]
    fn a_title_made_of_the_first_words_is_known_as_such() {
        let mut text = Reading::default();
        text.add("The walk-in clinic…");
        assert!(text.repeated("The walk-in clinic closes on  Friday"));
        assert!(!text.repeated("The walk-in centre closes on Friday"));
        assert!(!Reading::default().repeated("anything"));
    }
}
