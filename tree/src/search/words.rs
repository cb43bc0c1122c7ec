//! The words of texts, however they were typed or pasted. The same words are the same whatever their
//! case, their accents and their endings, and what stands for one device, one person or one moment is
//! none.

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// How much of a text is looked at, in bytes: more than anybody reads out.
const LONGEST_TEXT: usize = 64 * 1024;

/// How many words of a text are looked at.
const MOST_WORDS: usize = 1_000;

/// The longest word that is looked at, in bytes.
const LONGEST_WORD: usize = 40;

/// How many letters at the end of a stem may not be those of the word: a stemmer cuts a word, and writes a
/// few endings in another way, such as `ibl` for "ibility".
const MOST_CHANGED: usize = 1;

/// A word of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    /// As it was written.
    pub(super) written: String,
    /// Without case and accents.
    pub(super) plain: String,
    /// Whether it is an error code, or what a program calls something: nobody writes one by chance.
    pub(super) is_code: bool,
    /// Whether something divides it from the next word, such as a comma.
    pub(super) is_last: bool,
    /// Whether it is part of the address of a page: such a part is about nothing by itself.
    pub(super) is_address: bool,
}

impl Word {
    /// Whether it is written in capitals only.
    pub(super) fn is_loud(&self) -> bool {
        self.written.chars().all(char::is_uppercase)
    }
}

/// The stems of words in each language, each found once.
pub(super) struct Stems {
    stemmers: [Stemmer; 2],
    known: FxHashMap<String, [String; 2]>,
}

impl Stems {
    pub(super) fn new() -> Self {
        Stems {
            stemmers: [Algorithm::English, Algorithm::Spanish].map(Stemmer::new),
            known: FxHashMap::default(),
        }
    }

    /// Whether two words are the same, or forms of the same word in a language.
    pub(super) fn are_same(&mut self, a: &str, b: &str) -> bool {
        if a == b {
            return true;
        }
        if beginning(a) != beginning(b) {
            return false;
        }
        // Of the two, the one that is asked for again and again has its stems already. Most others need
        // none, because they differ too early.
        let (a, b) = if self.known.contains_key(b) {
            (b, a)
        } else {
            (a, b)
        };
        let alike = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b);
        let longest = alike.count() + MOST_CHANGED;
        self.stem(a);
        let may_share = |stems: &[String; 2]| stems.iter().any(|stem| stem.len() <= longest);
        if !self.known.get(a).is_some_and(may_share) {
            return false;
        }
        self.stem(b);
        match (self.known.get(a), self.known.get(b)) {
            (Some(a), Some(b)) => a.iter().any(|stem| b.contains(stem)),
            _ => false,
        }
    }

    fn stem(&mut self, word: &str) {
        if !self.known.contains_key(word) {
            let stems = self.stemmers.map(|stemmer| stemmer.stem(word).into_owned());
            self.known.insert(word.to_owned(), stems);
        }
    }
}

/// The first letters of a word, which inflection leaves as they are: three bytes as a number, because
/// those of every word of a tree are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Beginning(u32);

impl Beginning {
    #[inline]
    pub(super) fn of([first, second, third]: [u8; 3]) -> Self {
        Beginning(u32::from_le_bytes([first, second, third, 0]))
    }

    /// The first of the letters, below 256.
    #[inline]
    pub(super) fn first(self) -> usize {
        usize::from(self.0.to_le_bytes()[0])
    }
}

#[inline]
pub(super) fn beginning(word: &str) -> Beginning {
    let bytes = word.as_bytes();
    Beginning::of([0, 1, 2].map(|at| bytes.get(at).copied().unwrap_or_default()))
}

/// Calls `take` for each word of a text: as it is written, and without case, accents and apostrophes. That
/// something is somebody's is left out of the second. Most words of a tree are plain already, and are not
/// copied, because a tree has many words.
pub(super) fn each_word<'w>(text: &'w str, take: &mut dyn FnMut(&'w str, &str)) {
    let mut plain = String::new();
    let mut start = 0;
    while start < text.len() {
        let bytes = &text.as_bytes()[start..];
        let length = bytes.iter().position(|byte| !IS_PLAIN[usize::from(*byte)]);
        let end = start + length.unwrap_or(bytes.len());
        let next = text.as_bytes().get(end).copied().unwrap_or(b' ');
        if next.is_ascii() && !is_in_word(char::from(next)) {
            if start < end {
                let word = &text[start..end];
                take(word, word);
            }
            start = end + 1;
            continue;
        }
        let rest = text[start..].trim_start_matches(is_apostrophe);
        let mut after = rest;
        let mut apostrophe = None;
        plain.clear();
        let length = loop {
            let length = after.bytes().position(|byte| !byte.is_ascii_alphanumeric());
            let (letters, others) = after.split_at(length.unwrap_or(after.len()));
            plain.push_str(letters);
            let mut letters = others.chars();
            match letters.next() {
                Some(letter) if is_apostrophe(letter) => apostrophe = Some(plain.len()),
                Some(letter) if is_in_word(letter) => push_plain(letter, &mut plain),
                _ => break rest.len() - others.len(),
            }
            after = letters.as_str();
        };
        let (written, after) = rest.split_at(length);
        let mut after = after.chars();
        // What divides it from the next word goes with it.
        after.next();
        start = text.len() - after.as_str().len();
        plain.make_ascii_lowercase();
        let owned = apostrophe.filter(|at| plain[*at..] == *"s");
        plain.truncate(owned.unwrap_or(plain.len()));
        if !plain.is_empty() {
            take(written, &plain);
        }
    }
}

/// Whether a byte is a letter or a digit that is compared as it is written: a table, because every byte of
/// the phrases of a tree is looked up.
static IS_PLAIN: [bool; 256] = {
    let mut is_plain = [false; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        is_plain[byte as usize] = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        byte += 1;
    }
    is_plain
};

/// Whether a letter belongs to a word.
fn is_in_word(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric() || is_apostrophe(letter);
    }
    letter.is_alphanumeric() || is_apostrophe(letter) || is_combining_mark(letter)
}

/// Adds a letter without case and accents: its compatibility decomposition by Unicode Standard Annex 15,
/// without the marks.
fn push_plain(letter: char, plain: &mut String) {
    decompose_compatible(letter, |part| {
        if !is_combining_mark(part) {
            plain.extend(part.to_lowercase());
        }
    });
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’')
}

/// Whether a word can tell one text from another: a number cannot, unless it is the status of a page.
pub(super) fn says_something(plain: &str) -> bool {
    let is_number = plain.bytes().all(|byte| byte.is_ascii_digit());
    !plain.is_empty() && plain.len() <= LONGEST_WORD && (!is_number || is_http_status(plain))
}

/// Whether a word is the number of an error of a web page: see RFC 9110, section 15.
pub(super) fn is_http_status(plain: &str) -> bool {
    matches!(plain.as_bytes(), [b'4' | b'5', b'0'..=b'9', b'0'..=b'9'])
}

/// Whether a word is an error code: letters and at least three digits, or the status of a page.
pub(super) fn is_code(plain: &str) -> bool {
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    is_http_status(plain) || digits >= 3 && plain.len() >= 6
}

/// Whether a word is how programs name something, as in `lastHeartbeatDateTime`: nobody writes so by chance
/// either. Names of products such as `iPhone` are shorter.
fn is_identifier(written: &str) -> bool {
    written.len() >= 10
        && written.starts_with(|letter: char| letter.is_ascii_lowercase())
        && written.contains(|letter: char| letter.is_ascii_uppercase())
}

/// What tells a code from others: the digits that it ends with, which stand alone in some messages, or all of
/// it.
pub(super) fn key_of_code(plain: &str) -> &str {
    let letters = plain.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &plain[letters.len()..];
    if digits.len() >= 5 { digits } else { plain }
}

/// The words of a text, in its order, as many as are looked at.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut end = text.len().min(LONGEST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut words: Vec<Word> = Vec::new();
    let pieces = text[..end].lines().flat_map(|line| {
        let pieces = line.split_whitespace();
        // A browser introduces itself as all others, and as its system, up to the end of the line.
        pieces.take_while(|piece| !inner(piece).starts_with("Mozilla/"))
    });
    for piece in pieces {
        if words.len() >= MOST_WORDS {
            break;
        }
        let divides = |letter: char| !letter.is_alphanumeric() && !is_apostrophe(letter);
        if piece.starts_with(divides) {
            divide(&mut words);
        }
        let inner = inner(piece);
        if !is_particular(inner) {
            let first = words.len();
            each_word(inner, &mut |written, plain| add(&mut words, written, plain));
            let is_address = is_address(inner);
            let own = words.iter_mut().skip(first);
            own.for_each(|word| word.is_address = is_address);
        }
        if piece.ends_with(divides) {
            divide(&mut words);
        }
    }
    words
}

/// A piece of a text without the punctuation around it.
fn inner(piece: &str) -> &str {
    piece.trim_matches(|letter: char| !letter.is_alphanumeric())
}

/// Whether a piece of a text is the address of a page.
fn is_address(piece: &str) -> bool {
    const DOMAINS: [&str; 6] = ["com", "net", "org", "io", "gov", "edu"];
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    let is_host = || {
        let end = piece.rsplit_once('.').map(|(_, end)| end);
        piece.chars().all(is_part) && end.is_some_and(|end| DOMAINS.contains(&end))
    };
    piece.contains("://") || piece.starts_with("www.") || is_host()
}

/// Divides the words so far from those to come.
fn divide(words: &mut [Word]) {
    if let Some(last) = words.last_mut() {
        last.is_last = true;
    }
}

/// Adds a word to those before it, unless it says nothing.
fn add(words: &mut Vec<Word>, written: &str, plain: &str) {
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    // The name of an error and its number may stand apart.
    if digits >= 5 && digits == plain.len() {
        let is_name =
            |word: &Word| word.plain.len() >= 4 && word.plain.chars().all(char::is_alphabetic);
        if let Some(name) = words.last_mut().filter(|word| is_name(word)) {
            name.plain.push_str(plain);
            name.written = format!("{} {written}", name.written);
            name.is_code = true;
        }
        return;
    }
    if says_something(plain) {
        words.push(Word {
            written: written.to_owned(),
            is_code: is_code(plain) || is_identifier(written),
            is_last: false,
            is_address: false,
            plain: plain.to_owned(),
        });
    }
}

/// Whether a piece of a text stands for one device, one person or one moment: a GUID, an address, a
/// number or a time.
fn is_particular(piece: &str) -> bool {
    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
    let all = |is_part: fn(u8) -> bool| piece.bytes().all(is_part);
    let is_time = digits > 0
        && digits < piece.len()
        && all(|c| {
            matches!(
                c,
                b'0'..=b'9' | b'-' | b':' | b'/' | b'.' | b',' | b'+' | b'T' | b'Z'
            )
        });
    let is_hexadecimal = piece.len() >= 16
        && digits > 0
        && all(|c| c.is_ascii_hexdigit() || matches!(c, b'-' | b':'));
    piece.contains('@') || is_time || is_hexadecimal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_words(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.plain).collect()
    }

    #[test]
    fn what_is_particular_says_nothing() {
        let text = "2026-11-03 09:12:55Z user=j.harker@contoso.co.uk 10.0.0.1 \
                    4b1f6e0a-93d2-4a55-8c1e-0b2f77d1c9aa 48213 Android 14 device";
        assert_eq!(plain_words(text), ["android", "device"]);
    }

    #[test]
    fn codes_are_kept_also_where_a_blank_divides_them() {
        for (text, code) in [
            ("AADSTS90093: no", "aadsts90093"),
            ("aadsts 90094", "aadsts90094"),
            ("(0x80180014)", "0x80180014"),
            ("HTTP/1.1 403", "403"),
        ] {
            let codes = words(text).into_iter().filter(|word| word.is_code);
            let codes: Vec<String> = codes.map(|word| word.plain).collect();
            assert_eq!(codes, [code], "{text}");
        }
    }

    #[test]
    fn what_a_program_calls_something_counts_as_a_code() {
        for (text, is_code) in [
            ("lastHeartbeatDateTime", true),
            ("`externalId`:", true),
            ("iPhone", false),
            ("iPhones in OneDrive", false),
            ("disconnected", false),
            ("CERTIFICATE", false),
        ] {
            let is_any = words(text).iter().any(|word| word.is_code);
            assert_eq!(is_any, is_code, "{text}");
        }
    }

    #[test]
    fn accents_case_and_apostrophes_make_no_difference() {
        assert_eq!(
            plain_words("MÓVIL móvil Movil"),
            ["movil", "movil", "movil"]
        );
        assert_eq!(plain_words("don’t Marta's"), ["dont", "marta"]);
    }

    #[test]
    fn forms_of_a_word_do_not_differ_before_the_end_of_their_stem() {
        let mut groups: FxHashMap<Beginning, Vec<String>> = FxHashMap::default();
        let tree = include_str!("../../../decision_tree.yaml");
        each_word(tree, &mut |_, word| {
            let group = groups.entry(beginning(word)).or_default();
            group.push(word.to_owned());
        });
        let mut stems = Stems::new();
        for words in groups.values_mut() {
            words.sort();
            words.dedup();
            for a in words.iter() {
                for b in words.iter() {
                    stems.stem(a);
                    stems.stem(b);
                    let (own, other) = (&stems.known[a], &stems.known[b]);
                    let is_shared = own.iter().any(|stem| other.contains(stem));
                    assert_eq!(stems.are_same(a, b), is_shared, "{a} {b}");
                }
            }
        }
    }

    #[test]
    fn forms_of_a_word_are_the_same_in_either_language() {
        let mut stems = Stems::new();
        for (a, b, same) in [
            ("device", "devices", true),
            ("desconectado", "desconectada", true),
            ("sincronizar", "sincronizacion", true),
            ("pending", "pendiente", false),
            ("policy", "police", false),
        ] {
            assert_eq!(stems.are_same(a, b), same, "{a} {b}");
        }
    }
}
