//! Texts on a terminal: what merchants and strangers wrote must not move the cursor, and has to fit.

/// True for what a terminal obeys, or what changes how its neighbours are read: control characters, and the invisible
/// ones that turn the direction or join and split words.
fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text with such characters spelt out.
pub(in crate::cli) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unsafe(letter) {
            clean.extend(letter.escape_default());
        } else {
            clean.push(letter);
        }
    }
    clean
}

/// Columns that a character takes: two for those of East Asia and for pictures. A mark that is put over another
/// character counts, too, so that what fits by this fits.
fn columns(letter: char) -> usize {
    let is_wide = matches!(u32::from(letter),
        0x1100..=0x115f | 0x231a..=0x231b | 0x2329..=0x232a | 0x23e9..=0x23ff | 0x25fd..=0x25fe
        | 0x2600..=0x27bf | 0x2b1b..=0x2b55 | 0x2e80..=0xa4cf | 0xa960..=0xa97c | 0xac00..=0xd7a3
        | 0xf900..=0xfaff | 0xfe10..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6
        | 0x16fe0..=0x1b2ff | 0x1f000..=0x1faff | 0x20000..=0x3fffd);
    if is_wide { 2 } else { 1 }
}

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// The text, or as much of it as fits before an ellipsis.
pub(super) fn shorten(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut left = most.saturating_sub(1);
    for letter in text.chars() {
        match left.checked_sub(columns(letter)) {
            Some(rest) => left = rest,
            None => break,
        }
        short.push(letter);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_spelt_out() {
        assert_eq!(clean("a\u{1b}[2Jb\r\n\u{9b}c"), "a\\u{1b}[2Jb\\r\\n\\u{9b}c");
        assert_eq!(clean("\u{202e}evil\u{200b}"), "\\u{202e}evil\\u{200b}");
        assert_eq!(clean("Café \"x\" ไทย 日本"), "Café \"x\" ไทย 日本");
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "abcde…");
        assert_eq!(shorten("日本語です", 6), "日本…");
        assert!(width(&shorten("日本語です", 6)) <= 6);
    }
}
