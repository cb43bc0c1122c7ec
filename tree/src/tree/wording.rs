//! What makes a text hard to read, or unsafe to show. It knows nothing of trees and changes nothing:
//! a rule that is broken is described, and the text stays as it is.

use super::problem::Rule;

/// What a text is for, which decides how long it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// One line of a list or a heading.
    Line,
    /// Something to read.
    Paragraph,
    /// Something to read aloud.
    Speech,
    /// Something that nobody reads on a screen, such as a phrase to search for.
    Phrase,
}

impl Use {
    /// The most characters that can be read at a glance: a line of a wide terminal, or six lines of
    /// a usual one.
    fn characters(self) -> usize {
        match self {
            Use::Line => 100,
            Use::Paragraph | Use::Speech | Use::Phrase => 500,
        }
    }

    /// The most words a sentence may have. Plain-language guides ask for 15 to 20 words on the
    /// average and for no sentence over 40; a path to click counts as words, and a sentence that is
    /// only heard has to be shorter.
    fn words(self) -> usize {
        match self {
            Use::Speech => 25,
            Use::Line | Use::Paragraph | Use::Phrase => 35,
        }
    }
}

/// A rule that a text breaks, what is wrong, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) rule: Rule,
    pub(super) message: String,
    pub(super) hint: &'static str,
}

/// What a reader would trip over.
pub(super) fn remarks(text: &str, purpose: Use) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if let Some(message) = hidden_blanks(text) {
        remarks.push(Remark {
            rule: Rule::Whitespace,
            message: message.to_owned(),
            hint: "remove them: the screen does not show them",
        });
    }
    let characters = text.trim().chars().count();
    let most = purpose.characters();
    if characters > most {
        remarks.push(Remark {
            rule: Rule::LongText,
            message: format!("the text has {characters} characters, which is more than {most}"),
            hint: "shorten it, or move a part to where there is room",
        });
    }
    let longest = sentences(text).map(|sentence| sentence.split_whitespace().count());
    let longest = longest.max().unwrap_or(0);
    let most = purpose.words();
    if longest > most {
        remarks.push(Remark {
            rule: Rule::LongSentence,
            message: format!("a sentence has {longest} words, which is more than {most}"),
            hint: "make two sentences of it",
        });
    }
    remarks
}

/// Blanks that are not seen, if there are any. The line feed that ends a block of YAML is not meant.
fn hidden_blanks(text: &str) -> Option<&'static str> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    if text.starts_with(char::is_whitespace) {
        return Some("the text begins with blanks");
    }
    if text.ends_with(char::is_whitespace) {
        return Some("the text ends with blanks");
    }
    if text.contains(" \n") {
        return Some("a line of the text ends with blanks");
    }
    let is_run = |pair: &[u8]| pair == b"  ";
    text.as_bytes()
        .windows(2)
        .any(is_run)
        .then_some("the text has several blanks in a row")
}

/// The sentences of a text. A colon and a semicolon end one too: a reader can rest there.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_end = |(_, pair): &(usize, &[u8])| {
            matches!(pair[0], b'.' | b'!' | b'?' | b':' | b';') && pair[1].is_ascii_whitespace()
        };
        let end = rest.as_bytes().windows(2).enumerate().find(is_end);
        let (sentence, after) = match end {
            Some((index, _)) => rest.split_at(index + 1),
            None => (rest, ""),
        };
        rest = after;
        Some(sentence)
    })
}

/// Whether a character could act on a terminal, or make a text read otherwise than it is written.
///
/// These are the control characters but for the line feed, the line and paragraph separators, the
/// bidirectional formatting characters of Unicode Standard Annex 9, section 2, and what cannot be
/// seen: soft hyphens, fillers, zero-width spaces and word joiners, the byte order mark, annotations,
/// and the deprecated format and tag characters. The joiners that scripts and emoji need are let be.
#[must_use]
pub fn is_unsafe(character: char) -> bool {
    let line_feed = character == '\n';
    (character.is_control() && !line_feed)
        || matches!(
            character,
            '\u{00AD}'
                | '\u{061C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{180E}'
                | '\u{200B}'
                | '\u{200E}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// A foreign text as one line of a message can show it: without what is unsafe, and cut where it
/// is too long to be looked at.
#[must_use]
pub fn clean(text: &str) -> String {
    const LONGEST: usize = 100;
    let mut line = line(text);
    let mut kept: String = line.by_ref().take(LONGEST).collect();
    if line.next().is_some() {
        kept.push('…');
    }
    kept
}

/// A foreign text as one line without what is unsafe, whole: the name of a file that is cut is none.
#[must_use]
pub fn clean_whole(text: &str) -> String {
    line(text).collect()
}

fn line(text: &str) -> impl Iterator<Item = char> {
    let safe = text.chars().filter(|character| !is_unsafe(*character));
    safe.map(|character| if character == '\n' { ' ' } else { character })
}

/// Which bytes an unsafe character can begin with in UTF-8. Most texts are cleared by looking at theirs.
const MAY_BE_UNSAFE: [bool; 256] = {
    let mut may_be = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        may_be[byte] = matches!(
            byte,
            0..=9 | 11..=31 | 0x7F | 0xC2 | 0xD8 | 0xE1..=0xE3 | 0xEF | 0xF3
        );
        byte += 1;
    }
    may_be
};

/// The first unsafe character of a text.
pub(super) fn first_unsafe(text: &str) -> Option<char> {
    let may_be = |byte: &u8| MAY_BE_UNSAFE[usize::from(*byte)];
    let start = text.as_bytes().iter().position(may_be)?;
    // No byte of an unsafe character comes before the first that may begin one.
    text[start..]
        .chars()
        .find(|character| is_unsafe(*character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str, purpose: Use) -> Vec<Rule> {
        let remarks = remarks(text, purpose).into_iter();
        remarks.map(|remark| remark.rule).collect()
    }

    #[test]
    fn only_what_a_reader_trips_over_is_remarked() {
        let words = |count: usize| vec!["word"; count].join(" ");
        for (text, purpose, expected) in [
            ("Good text.".to_owned(), Use::Line, &[][..]),
            ("A block of YAML\n".to_owned(), Use::Line, &[]),
            ("two\n\nparagraphs".to_owned(), Use::Paragraph, &[]),
            (" before".to_owned(), Use::Line, &[Rule::Whitespace]),
            ("after ".to_owned(), Use::Line, &[Rule::Whitespace]),
            ("after \n".to_owned(), Use::Line, &[Rule::Whitespace]),
            ("in  between".to_owned(), Use::Line, &[Rule::Whitespace]),
            ("a \nb".to_owned(), Use::Line, &[Rule::Whitespace]),
            ("é".repeat(100), Use::Line, &[]),
            ("é".repeat(101), Use::Line, &[Rule::LongText]),
            ("é".repeat(101), Use::Paragraph, &[]),
            ("é".repeat(501), Use::Paragraph, &[Rule::LongText]),
            (words(35), Use::Paragraph, &[]),
            (words(36), Use::Paragraph, &[Rule::LongSentence]),
            (words(26), Use::Speech, &[Rule::LongSentence]),
            (format!("{}. {}", words(30), words(30)), Use::Paragraph, &[]),
            (
                format!("{}\n{}", words(30), words(30)),
                Use::Paragraph,
                &[Rule::LongSentence],
            ),
            ("version 1.2.3 of a.b".to_owned(), Use::Line, &[]),
        ] {
            assert_eq!(rules(&text, purpose), expected, "{text}");
        }
    }

    #[test]
    fn the_quick_look_at_bytes_misses_no_unsafe_character() {
        let all = (0..=u32::from(char::MAX)).filter_map(char::from_u32);
        for character in all.filter(|character| is_unsafe(*character)) {
            assert_eq!(first_unsafe(&character.to_string()), Some(character));
        }
    }
}
