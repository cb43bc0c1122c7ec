//! The words of a tree that a text can be about, each once. A tree has many words and a text is about few
//! of them: the others are counted and not told apart.
//!
//! Words that begin alike are all in a scope or all out of it, so that every form of a word is found that
//! is in the tree at all.

use std::borrow::Cow;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use strsim::osa_distance;

use super::words::{
    Beginning, Stems, beginning, each_word, is_code, is_http_status, key_of_code, says_something,
};

/// The number of every word that is not in the scope.
const OTHER: u32 = 0;

/// Whether a word that is not known is long enough to tell what it was meant to be.
pub(super) fn can_be_guessed(word: &str) -> bool {
    word.len() >= 6
}

/// Which words of a tree a text can be about, by how they begin.
pub(super) struct Scope {
    /// By the first byte of words.
    parts: [Part; 256],
    beginnings: FxHashSet<Beginning>,
    /// With what codes may end: see [`key_of_code`].
    codes: Vec<String>,
}

/// How much of what begins with a letter is in a scope.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Nothing,
    Something,
    All,
}

impl Scope {
    /// A scope without any word.
    pub(super) fn new() -> Self {
        Scope {
            parts: [Part::Nothing; 256],
            beginnings: FxHashSet::default(),
            codes: Vec::new(),
        }
    }

    /// Takes in the codes that end like another one.
    pub(super) fn add_code(&mut self, code: &str) {
        self.codes.push(key_of_code(code).to_owned());
    }

    /// Takes in the words that begin like another one, and returns whether that is new.
    pub(super) fn add_like(&mut self, word: &str) -> bool {
        let beginning = beginning(word);
        let part = &mut self.parts[beginning.first()];
        if *part == Part::All {
            return false;
        }
        *part = Part::Something;
        self.beginnings.insert(beginning)
    }

    /// Takes in the words that begin like those of a text, and returns whether that is new.
    pub(super) fn add_all_like(&mut self, text: &str) -> bool {
        let mut is_new = false;
        each_word(text, &mut |_, word| is_new |= self.add_like(word));
        is_new
    }

    /// Takes in the words that begin with the same letter as another one.
    pub(super) fn add_near(&mut self, word: &str) {
        self.parts[beginning(word).first()] = Part::All;
    }

    #[inline]
    pub(super) fn holds(&self, word: &str) -> bool {
        let ends = || self.codes.iter().any(|code| word.ends_with(&**code));
        self.holds_beginning(beginning(word)) || ends()
    }

    /// Whether the words that begin so are in it.
    #[inline]
    pub(super) fn holds_beginning(&self, beginning: Beginning) -> bool {
        match self.parts[beginning.first()] {
            Part::Nothing => false,
            Part::Something => self.beginnings.contains(&beginning),
            Part::All => true,
        }
    }
}

/// The different words of a tree, as far as they are in a scope, without case and accents.
pub(super) struct Lexicon<'t> {
    /// By number; the first stands for all that are not in the scope.
    pub(super) words: IndexSet<Cow<'t, str>, FxBuildHasher>,
    /// By the first letters of words: the last that begins so. Each names the one before it.
    last_like: FxHashMap<Beginning, u32>,
    before_like: Vec<Option<u32>>,
}

/// The number of the word at a place.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl<'t> Lexicon<'t> {
    pub(super) fn new() -> Self {
        Lexicon {
            words: IndexSet::from_iter([Cow::Borrowed("")]),
            last_like: FxHashMap::default(),
            before_like: vec![None],
        }
    }

    /// A lexicon of all the words of a text.
    #[cfg(test)]
    pub(super) fn of(text: &'t str) -> Self {
        let mut scope = Scope::new();
        each_word(text, &mut |_, word| scope.add_near(word));
        let mut lexicon = Lexicon::new();
        lexicon.read(text, &scope, &mut Vec::new());
        lexicon
    }

    /// Adds the words of a text of the tree to those of other texts, by number; new words get new numbers.
    pub(super) fn read(&mut self, text: &'t str, scope: &Scope, numbers: &mut Vec<u32>) {
        each_word(text, &mut |written, word| {
            if says_something(word) {
                numbers.push(if scope.holds(word) {
                    self.number(written, word)
                } else {
                    OTHER
                });
            }
        });
    }

    /// The number of a word; `None` where it is not in the tree.
    pub(super) fn number_of(&self, word: &str) -> Option<u32> {
        self.words.get_index_of(word).map(number)
    }

    /// The words of a text by number; `None` where one of them is not in the tree.
    pub(super) fn numbers(&self, text: &str) -> Option<Vec<u32>> {
        let mut numbers = Vec::new();
        each_word(text, &mut |_, word| {
            if says_something(word) {
                numbers.push(self.number_of(word));
            }
        });
        numbers.into_iter().collect()
    }

    fn number(&mut self, written: &'t str, word: &str) -> u32 {
        if let Some(known) = self.words.get_index_of(word) {
            return number(known);
        }
        let (own, _) = self.words.insert_full(if written == word {
            Cow::Borrowed(written)
        } else {
            Cow::Owned(word.to_owned())
        });
        let own = number(own);
        let before = self.last_like.insert(beginning(word), own);
        self.before_like.push(before);
        own
    }

    /// The words that begin like another one: what is inflected otherwise does.
    pub(super) fn like(&self, word: &str) -> impl Iterator<Item = u32> {
        let last = self.last_like.get(&beginning(word)).copied();
        std::iter::successors(last, |number| self.before_like[*number as usize])
    }

    /// Whether a word is in the tree, in whatever form.
    pub(super) fn holds(&self, word: &str, stems: &mut Stems) -> bool {
        self.words.contains(word)
            || self
                .like(word)
                .any(|known| stems.are_same(&self.words[known as usize], word))
    }

    /// Whether error codes of the same kind are in the tree, as AADSTS90093 is beside AADSTS50076: what has
    /// a number of another kind, such as a ticket, says nothing about the error.
    pub(super) fn holds_code_like(&self, word: &str) -> bool {
        is_http_status(word)
            || self
                .like(word)
                .any(|known| is_code(&self.words[known as usize]))
    }

    /// The code that ends with the same digits as another one, as AADSTS90094 does for "error 90094".
    pub(super) fn code_like(&self, code: &str) -> Option<&str> {
        let key = key_of_code(code);
        let mut known = self.words.iter().map(|known| &**known);
        known.find(|known| is_code(known) && key_of_code(known) == key)
    }

    /// The word that differs least in spelling from a word that is not known, where it is near enough to
    /// be meant: one letter missing, added, wrong or swapped in a short word, two in a long one. The
    /// first letter is hardly ever wrong.
    pub(super) fn nearest(&self, word: &str) -> Option<&str> {
        if !can_be_guessed(word) {
            return None;
        }
        let most = if word.len() <= 8 { 1 } else { 2 };
        let near = self.words.iter().filter(|known| {
            known.len() >= 5
                && known.len().abs_diff(word.len()) <= most
                && known.as_bytes()[0] == word.as_bytes()[0]
        });
        let near = near.map(|known| (osa_distance(word, known), known));
        let near = near.filter(|(distance, _)| *distance <= most);
        near.min().map(|(_, known)| &**known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::words;

    #[test]
    fn an_error_code_is_of_a_kind_and_the_number_of_a_ticket_of_none() {
        let lexicon = Lexicon::of("AADSTS90093 increment");
        let of_a_kind = ["aadsts50076", "500", "inc004512", "0x80180014"]
            .map(|code| lexicon.holds_code_like(code));
        assert_eq!(of_a_kind, [true, true, false, false]);
    }

    #[test]
    fn a_tree_is_read_like_a_text() {
        for text in [
            "Pedro’s MÓVIL, isn't (it)? HTTP/1.1 403 e-mail",
            "ﬁle ﾃｽﾄ Zoe\u{308} 日本語 don't 'quoted' s's a's",
            "",
        ] {
            let lexicon = Lexicon::of(text);
            let plain = words(text).into_iter().map(|word| word.plain);
            let plain: Vec<String> = plain.collect();
            let numbers: Option<Vec<u32>> = lexicon.numbers(text);
            let read = numbers.into_iter().flatten();
            let read: Vec<&str> = read
                .map(|number| &*lexicon.words[number as usize])
                .collect();
            assert_eq!(read, plain);
        }
    }

    #[test]
    fn a_slip_is_forgiven_and_another_word_is_not() {
        let lexicon = Lexicon::of("disconnected pending device");
        for (word, meant) in [
            ("disconected", Some("disconnected")),
            ("dicsonnected", Some("disconnected")),
            ("pendng", Some("pending")),
            ("bending", None),
            ("devil", None),
            ("", None),
        ] {
            assert_eq!(lexicon.nearest(word), meant, "{word}");
        }
    }

    #[test]
    fn words_that_are_not_in_the_scope_are_counted_and_not_told_apart() {
        let mut scope = Scope::new();
        assert!(scope.add_like("devices") && !scope.add_like("device"));
        scope.add_near("pending");
        assert!(!scope.add_like("phone"));
        let mut lexicon = Lexicon::new();
        let mut numbers = Vec::new();
        lexicon.read("the Device of a phone, the device", &scope, &mut numbers);
        assert_eq!(numbers, [OTHER, 1, OTHER, OTHER, 2, OTHER, 1]);
        assert_eq!(lexicon.words[1..], IndexSet::from(["device", "phone"])[..]);
    }
}
