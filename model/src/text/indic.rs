//! Spellings of Indic scripts that are used side by side: with and without nukta, chandrabindu for anusvara, a nasal with
//! virama for anusvara, letters of older encodings. After Lucene's `IndicNormalizer` and `HindiNormalizer`, without what
//! these do to vowels, which only stems may ignore. The blocks from U+0900 to U+0D7F are laid out alike (Unicode, 12).

/// First and last code point of the blocks that share a layout.
const FIRST: u32 = 0x0900;
const LAST: u32 = 0x0d7f;
const BLOCK: u32 = 0x80;

const CHANDRABINDU: u32 = 0x01;
const ANUSVARA: u32 = 0x02;
const NUKTA: u32 = 0x3c;
const VIRAMA: u32 = 0x4d;

const BENGALI: u32 = 0x0980;
const GURMUKHI: u32 = 0x0a00;
const TAMIL: u32 = 0x0b80;
const MALAYALAM: u32 = 0x0d00;

pub(super) fn is_indic(c: char) -> bool {
    (FIRST..=LAST).contains(&(c as u32))
}

fn block(c: char) -> u32 {
    c as u32 / BLOCK * BLOCK
}

fn letter(block: u32, offset: u32) -> char {
    char::from_u32(block + offset).unwrap_or('\u{fffd}')
}

/// Rewrites a decomposed word (joiners gone) in place.
pub(super) fn respell(word: &mut String) {
    let chars: Vec<char> = word.chars().collect();
    word.clear();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        at += 1;
        if !is_indic(c) {
            word.push(c);
            continue;
        }
        let (script, offset) = (block(c), c as u32 % BLOCK);
        match (script, offset) {
            // Chillu letters were a consonant, virama and joiner before Unicode 5.1; khanda ta likewise.
            (MALAYALAM, 0x7a..=0x7f) => {
                word.push(match c {
                    'ൺ' => 'ണ',
                    'ൻ' => 'ന',
                    'ർ' => 'ര',
                    'ൽ' => 'ല',
                    'ൾ' => 'ള',
                    _ => 'ക',
                });
                word.push(letter(script, VIRAMA));
            }
            (MALAYALAM, 0x4c) => word.push('\u{0d57}'),
            (BENGALI, 0x4e) => {
                word.push('ত');
                word.push(letter(script, VIRAMA));
            }
            (BENGALI, CHANDRABINDU) | (GURMUKHI, 0x71) => {}
            (BENGALI, 0x19) => {
                word.push(letter(script, ANUSVARA));
                at += usize::from(chars.get(at) == Some(&letter(script, VIRAMA)));
            }
            (BENGALI, 0x70) => word.push('র'),
            (GURMUKHI, 0x70) => word.push(letter(script, ANUSVARA)),
            (TAMIL | MALAYALAM, _) => word.push(c),
            (_, NUKTA) => {}
            (BENGALI, _) => word.push(c),
            (_, CHANDRABINDU) => word.push(letter(script, ANUSVARA)),
            (_, 0x19 | 0x1e | 0x23 | 0x28 | 0x2e)
                if chars.get(at) == Some(&letter(script, VIRAMA))
                    && chars.get(at + 1).is_some_and(|next| block(*next) == script) =>
            {
                word.push(letter(script, ANUSVARA));
                at += 1;
            }
            _ => word.push(c),
        }
    }
}
