//! Words written together with capitals inside: `NavMesh`, `SystmOne`, `HTTPServer`.

/// The parts of a compound with at least two letters each; none for a plain word. ASCII only, as other scripts do not
/// write words so.
pub(crate) fn parts(word: &str) -> Vec<&str> {
    let bytes = word.as_bytes();
    let begins = |at: usize| {
        bytes[at].is_ascii_uppercase()
            && (bytes[at - 1].is_ascii_lowercase()
                || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
    };
    let mut parts = Vec::new();
    if !word.is_ascii() || !bytes.iter().skip(1).any(u8::is_ascii_uppercase) {
        return parts;
    }
    let mut from = 0;
    for at in 1..bytes.len() {
        if begins(at) {
            parts.push(&word[from..at]);
            from = at;
        }
    }
    if from > 0 {
        parts.push(&word[from..]);
    }
    parts.retain(|part| part.len() > 1);
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn compounds_fall_apart_at_their_capitals_and_plain_words_do_not() {
        assert_eq!(parts("DynamicNavMesh"), ["Dynamic", "Nav", "Mesh"]);
        assert_eq!(parts("HTTPServer"), ["HTTP", "Server"]);
        assert_eq!(parts("iPhone"), ["Phone"]);
        for plain in ["surgery", "Surgery", "NHS", "", "A", "Żółć"] {
            assert!(parts(plain).is_empty(), "{plain}");
        }
    }
}
