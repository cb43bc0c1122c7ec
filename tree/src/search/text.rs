//! What the parts of a text mean that is searched for: a word of the tree, one of several that mean the
//! same, a name, or nothing that is known.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::lexicon::{Lexicon, Scope, can_be_guessed};
use super::words::{Beginning, Stems, Word, each_word, is_http_status, key_of_code, words};
use crate::tree::Vocabulary;

/// How many words of a text that are not known are compared with those that are.
const MOST_GUESSES: usize = 50;

/// How many lines a text has at least of which some may say more than all.
const FEW_LINES: usize = 3;

/// How sure it is that a misspelt word means the known one that is nearest to it, from 0 to 1.
const GUESS: f64 = 0.9;

/// What people say in any conversation, in both languages, and what many people are called, without case and
/// accents. The lists of the crates that have such words would make the program larger by all the languages
/// that they know.
const COMMON: &str = include_str!("common.txt");

/// A part of a text that is searched for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// As it was written.
    pub(super) written: String,
    pub(super) meaning: Meaning,
}

/// What a part of a text means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A word that is in the tree.
    Word(Known),
    /// Something for which the vocabulary has several words: the number of their list.
    Synonym(usize, Known),
    /// A word that is nowhere in the tree, and that not everybody says; or an error code beside which the
    /// tree has others of its kind.
    Unknown { is_code: bool },
    /// A name of the product that the tree is about.
    Name,
    /// A name of another product.
    Other,
    /// Something that people may be talking about without meaning the product.
    Topic,
}

/// What is known about a word that is in the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// Without case and accents, and without slips.
    pub(super) plain: String,
    /// How sure it is that this was meant, from 0 to 1: less where the spelling differs.
    pub(super) certainty: f64,
    /// Whether people say it in any conversation.
    pub(super) is_common: bool,
    /// Whether it is an error code: nobody writes one by chance.
    pub(super) is_code: bool,
}

/// What several words stand for, or one word beside others.
#[derive(Debug)]
pub(super) struct Expression {
    /// Without case and accents, at least one.
    pub(super) words: Vec<String>,
    pub(super) thing: Thing,
    /// Whether it has to be written in capitals, because it reads like a common word otherwise.
    is_loud: bool,
}

impl Expression {
    /// Whether it may be what an address says: the parts of one are about nothing.
    fn is_host(&self) -> bool {
        match self.thing {
            Thing::Name => true,
            Thing::Synonym(_) => self.words.len() > 1,
            Thing::Other | Thing::Topic => false,
        }
    }
}

/// What an expression stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// The number of a list of synonyms.
    Synonym(usize),
    Name,
    Other,
    Topic,
}

/// Takes the texts apart that are searched for.
pub(super) struct Reader<'t> {
    vocabulary: &'t Vocabulary,
    common: FxHashSet<&'static str>,
}

/// The expressions that words may be the beginning of.
struct Expressions<'r> {
    all: Vec<Expression>,
    /// The lists of synonyms that they are in, by number.
    lists: BTreeMap<usize, Vec<&'r str>>,
    reader: &'r Reader<'r>,
}

impl Expressions<'_> {
    /// The longest expression that begins with these words. A name is not inflected, and nothing divides
    /// its words: "listed in Lookout, personal phone" names no "Lookout Personal". A topic may be in the
    /// plural.
    fn find(&self, words: &[Word], stems: &mut Stems) -> Option<&Expression> {
        let first = words.first()?;
        let mut longest: Option<&Expression> = None;
        for expression in &self.all {
            let length = expression.words.len();
            if longest.is_some_and(|longest| longest.words.len() >= length)
                || words.len() < length
                || expression.is_loud && !first.is_loud()
            {
                continue;
            }
            let mut pairs = expression.words.iter().zip(words);
            let fits = match expression.thing {
                Thing::Synonym(_) if length == 1 => {
                    let own = &expression.words[0];
                    self.reader.stands_for(&first.plain, own, stems)
                }
                Thing::Synonym(_) => pairs.all(|(own, word)| stems.are_same(own, &word.plain)),
                Thing::Topic => pairs.all(|(own, word)| is_one_or_more(own, &word.plain)),
                Thing::Name | Thing::Other => {
                    pairs.all(|(own, word)| *own == word.plain)
                        && !words[..length - 1].iter().any(|word| word.is_last)
                        && !(expression.thing == Thing::Other && self.name_across(words, length))
                }
            };
            if fits {
                longest = Some(expression);
            }
        }
        longest
    }

    /// The list of synonyms that these words stand in as they are.
    fn listed(&self, words: &[Word]) -> Option<usize> {
        self.all
            .iter()
            .find_map(|expression| match expression.thing {
                Thing::Synonym(list) => {
                    let plain = words.iter().map(|word| &word.plain);
                    plain.eq(&expression.words).then_some(list)
                }
                _ => None,
            })
    }

    /// Whether a name of the product begins among the first words, with a capital, and ends behind them: who is
    /// "on the Lookout for Work page" is on the lookout for nothing.
    fn name_across(&self, words: &[Word], length: usize) -> bool {
        (1..length).any(|start| {
            let own = &words[start..];
            let mut names = self.names(own);
            own[0].written.starts_with(char::is_uppercase)
                && names.any(|name| start + name.words.len() > length)
        })
    }

    /// Whether there is a name of the product among these words.
    fn name(&self, words: &[Word]) -> bool {
        (0..words.len()).any(|start| self.names(&words[start..]).next().is_some())
    }

    /// The names of the product that these words, at least one, begin with.
    fn names(&self, words: &[Word]) -> impl Iterator<Item = &Expression> {
        self.all.iter().filter(move |expression| {
            let is_loud = !expression.is_loud || words[0].is_loud();
            let own = words.get(..expression.words.len());
            let is_own = |own: &[Word]| own.iter().map(|word| &word.plain).eq(&expression.words);
            expression.thing == Thing::Name && is_loud && own.is_some_and(is_own)
        })
    }
}

/// Whether a word does not tell what a text is about, even where it is nowhere in the tree: a letter, or the
/// number of a model, a version or a row.
fn is_no_topic(word: &Word) -> bool {
    let has_digit = word.plain.bytes().any(|byte| byte.is_ascii_digit());
    !word.is_code && (has_digit || word.plain.len() == 1)
}

/// Whether a word is the name of a thing, or of several: `cars` of `car`. A verb with the same stem is about
/// something else, as in "scanned" and "scanner".
fn is_one_or_more(thing: &str, word: &str) -> bool {
    let ending = word.strip_prefix(thing);
    ending.is_some_and(|ending| matches!(ending, "" | "s" | "es"))
}

impl<'t> Reader<'t> {
    pub(super) fn new(vocabulary: &'t Vocabulary) -> Self {
        let mut common = FxHashSet::with_capacity_and_hasher(COMMON.len() / 6, FxBuildHasher);
        common.extend(COMMON.split_whitespace());
        Reader { vocabulary, common }
    }

    /// The lines of a text that name the product or one of some error codes; `None` where it has few lines, or
    /// where no line or every line does. The codes come as [`key_of_code`] has them.
    pub(super) fn telling_lines(
        &self,
        text: &str,
        codes: impl FnOnce() -> FxHashSet<String>,
    ) -> Option<String> {
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        if lines.len() < FEW_LINES {
            return None;
        }
        let names = self.vocabulary.names();
        let all = names.filter_map(|name| self.expression(name, Thing::Name));
        let expressions = Expressions {
            all: all.collect(),
            lists: BTreeMap::new(),
            reader: self,
        };
        let codes = LazyCell::new(codes);
        let is_code = |word: &Word| word.is_code && codes.contains(key_of_code(&word.plain));
        let is_telling = |line: &&&str| {
            let words = words(line);
            words.iter().any(is_code) || expressions.name(&words)
        };
        let telling: Vec<&str> = lines.iter().filter(is_telling).copied().collect();
        let is_part = !telling.is_empty() && telling.len() < lines.len();
        is_part.then(|| telling.join("\n"))
    }

    /// Whether a word stands for one of a list. What people say in any conversation does not because of its
    /// stem: "since" is no "sync", and "late" no "latido".
    fn stands_for(&self, word: &str, listed: &str, stems: &mut Stems) -> bool {
        word == listed || !self.common.contains(word) && stems.are_same(listed, word)
    }

    fn expression(&self, text: &str, thing: Thing) -> Option<Expression> {
        let words = words(text);
        let is_common = |word: &Word| self.common.contains(&*word.plain);
        let is_loud = matches!(&words[..], [word] if word.is_loud() && is_common(word));
        (!words.is_empty()).then(|| Expression {
            words: words.into_iter().map(|word| word.plain).collect(),
            thing,
            is_loud,
        })
    }

    /// The expressions of the vocabulary that begin like one of these words.
    fn expressions(&'t self, words: &[Word]) -> Expressions<'t> {
        let mut scope = Scope::new();
        for word in words {
            scope.add_like(&word.plain);
        }
        let is_likely = |text: &&str| {
            // Most are out of the question by their first letters, which are quick to see.
            if let Some(letters) = text.as_bytes().first_chunk::<3>()
                && letters.iter().all(u8::is_ascii_alphanumeric)
            {
                let plain = letters.map(|letter| letter.to_ascii_lowercase());
                return scope.holds_beginning(Beginning::of(plain));
            }
            let mut is_held = None;
            let piece = text.split_whitespace().next().unwrap_or_default();
            each_word(piece, &mut |_, plain| {
                is_held.get_or_insert_with(|| scope.holds(plain));
            });
            is_held == Some(true)
        };
        let mut likely: Vec<(&str, Thing)> = Vec::new();
        let mut add = |words: &mut dyn Iterator<Item = &'t str>, thing: Thing| {
            let before = likely.len();
            words
                .filter(is_likely)
                .for_each(|text| likely.push((text, thing)));
            likely.len() > before
        };
        let vocabulary = self.vocabulary;
        add(&mut vocabulary.names(), Thing::Name);
        add(&mut vocabulary.others(), Thing::Other);
        add(&mut vocabulary.topics(), Thing::Topic);
        let mut lists = BTreeMap::new();
        for (number, list) in vocabulary.synonyms().enumerate() {
            if add(&mut list.clone(), Thing::Synonym(number)) {
                lists.insert(number, list.collect());
            }
        }
        let read = likely
            .into_iter()
            .filter_map(|(text, thing)| self.expression(text, thing));
        Expressions {
            all: read.collect(),
            lists,
            reader: self,
        }
    }
}

/// A text that is searched for, taken apart.
pub(super) struct Query<'r> {
    words: Vec<Word>,
    expressions: Expressions<'r>,
    /// The places of words that were put there for others.
    corrected: FxHashSet<usize>,
}

impl<'r> Query<'r> {
    pub(super) fn new(text: &str, reader: &'r Reader<'r>) -> Self {
        let words = words(text);
        Query {
            expressions: reader.expressions(&words),
            words,
            corrected: FxHashSet::default(),
        }
    }

    /// The words of a tree that a text can be about whose parts are these.
    pub(super) fn scope(&self, text: &str) -> Scope {
        let mut scope = Scope::new();
        scope.add_all_like(text);
        for word in &self.words {
            scope.add_like(&word.plain);
            if word.is_code {
                scope.add_code(&word.plain);
            }
            if self.may_be_slip(word) && can_be_guessed(&word.plain) {
                scope.add_near(&word.plain);
            }
        }
        self.add_synonyms(&mut scope);
        scope
    }

    /// Takes in what means the same as the words of the text, and returns whether that is new.
    pub(super) fn add_synonyms(&self, scope: &mut Scope) -> bool {
        let mut is_new = false;
        for text in self.expressions.lists.values().flatten() {
            is_new |= scope.add_all_like(text);
        }
        is_new
    }

    /// The words of the text as they were written.
    pub(super) fn written(&self) -> String {
        let written = self.words.iter().map(|word| &*word.written);
        written.collect::<Vec<_>>().join(" ")
    }

    /// The text as the id of an entry has its words.
    pub(super) fn id(&self) -> String {
        let plain = self.words.iter().map(|word| &*word.plain);
        plain.collect::<Vec<_>>().join("-")
    }

    /// The words of the text by number; `None` where one of them is not in the tree.
    pub(super) fn numbers(&self, lexicon: &Lexicon) -> Option<Vec<u32>> {
        let numbers = self.words.iter().map(|word| lexicon.number_of(&word.plain));
        numbers.collect()
    }

    /// How sure it is that the words of the text were meant, from 0 to 1: less where some were corrected.
    pub(super) fn certainty(&self) -> f64 {
        if self.corrected.is_empty() {
            1.0
        } else {
            GUESS
        }
    }

    /// The words of one list of synonyms.
    pub(super) fn synonyms(&self, list: usize) -> impl Iterator<Item = Expression> {
        let words = self.expressions.lists.get(&list).into_iter().flatten();
        let read = move |text| {
            self.expressions
                .reader
                .expression(text, Thing::Synonym(list))
        };
        words.copied().filter_map(read)
    }

    /// Whether a word stands for one of a list.
    pub(super) fn stands_for(&self, word: &str, listed: &str, stems: &mut Stems) -> bool {
        self.expressions.reader.stands_for(word, listed, stems)
    }

    fn may_be_slip(&self, word: &Word) -> bool {
        let is_common = || self.expressions.reader.common.contains(&*word.plain);
        !word.is_code && !word.is_address && !is_common()
    }

    /// The terms of a text that is searched for, in its order.
    pub(super) fn terms(&self, lexicon: &Lexicon, stems: &mut Stems) -> Vec<Term> {
        let Query {
            words,
            expressions,
            corrected,
        } = self;
        let mut terms = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let is_common = expressions.reader.common.contains(&*word.plain);
            let known = Known {
                plain: word.plain.clone(),
                certainty: if corrected.contains(&at) { GUESS } else { 1.0 },
                is_common,
                // The number of an error of a web page is no name: other pages have it as well.
                is_code: word.is_code && !is_http_status(&word.plain),
            };
            let found = expressions.find(&words[at..], stems);
            let (taken, meaning) = match found.filter(|found| !word.is_address || found.is_host()) {
                Some(expression) => {
                    let taken = expression.words.len();
                    let meaning = match expression.thing {
                        Thing::Name => Meaning::Name,
                        Thing::Other => Meaning::Other,
                        Thing::Topic => match expressions.listed(&words[at..at + taken]) {
                            // Others talk about it, and the tree does as well.
                            Some(list) => {
                                terms.push(Term {
                                    written: word.written.clone(),
                                    meaning: Meaning::Topic,
                                });
                                Meaning::Synonym(list, known)
                            }
                            None => Meaning::Topic,
                        },
                        Thing::Synonym(list) => {
                            // "Lookout console" is a console, and names the product as well.
                            if expressions.name(&words[at..at + taken]) {
                                terms.push(Term {
                                    written: word.written.clone(),
                                    meaning: Meaning::Name,
                                });
                            }
                            let is_common = is_common && taken == 1;
                            Meaning::Synonym(list, Known { is_common, ..known })
                        }
                    };
                    (taken, meaning)
                }
                None if word.is_address => {
                    at += 1;
                    continue;
                }
                None if lexicon.holds(&word.plain, stems) => (1, Meaning::Word(known)),
                None if is_common || is_no_topic(word) => {
                    at += 1;
                    continue;
                }
                None => {
                    let is_code = word.is_code && lexicon.holds_code_like(&word.plain);
                    (1, Meaning::Unknown { is_code })
                }
            };
            let written = words[at..at + taken].iter().map(|word| &*word.written);
            let written = written.collect::<Vec<_>>().join(" ");
            terms.push(Term { written, meaning });
            at += taken;
        }
        terms
    }

    /// Puts what they probably mean in the place of words that are not known, and returns whether there
    /// were any.
    pub(super) fn correct(&mut self, lexicon: &Lexicon, stems: &mut Stems) -> bool {
        // A word that is known beside others only is no slip: "multi-factor" is no "multi-factory".
        let mut expressed = 0;
        let is_expressed: Vec<bool> = (0..self.words.len())
            .map(|at| {
                let found = self.expressions.find(&self.words[at..], stems);
                let end = at + found.map_or(0, |expression| expression.words.len());
                expressed = end.max(expressed);
                at < expressed
            })
            .collect();
        let mut guesses = 0;
        for (index, is_expressed) in is_expressed.into_iter().enumerate() {
            let word = &self.words[index];
            if word.is_code && !lexicon.words.contains(&*word.plain) {
                if let Some(meant) = lexicon.code_like(&word.plain) {
                    meant.clone_into(&mut self.words[index].plain);
                }
                continue;
            }
            let is_known =
                is_expressed || !self.may_be_slip(word) || lexicon.holds(&word.plain, stems);
            if is_known || guesses >= MOST_GUESSES {
                continue;
            }
            guesses += 1;
            if let Some(meant) = lexicon.nearest(&word.plain) {
                meant.clone_into(&mut self.words[index].plain);
                self.corrected.insert(index);
            }
        }
        if self.corrected.is_empty() {
            return false;
        }
        self.expressions = self.expressions.reader.expressions(&self.words);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    #[test]
    fn an_acronym_that_reads_like_a_common_word_has_to_be_written_in_capitals() {
        let tree = "title: T\nstart: q\nsearch: {names: [MES, MTP], synonyms: [\"console, MTP console\"]}\nnodes:\n  q: {question: Q?, choices: [{to: s}, {id: e, label: E, to: e}]}\n  \
                    s: {symptom: S, to: e}\n  e: {escalation: E, cause: C, channels: [{text: T}], facts: [F]}\n";
        let tree = Tree::parse(tree).expect("it has no mistake");
        let reader = Reader::new(tree.vocabulary());
        let named = |text: &str| {
            let terms = Query::new(text, &reader).terms(&Lexicon::new(), &mut Stems::new());
            terms.iter().any(|term| term.meaning == Meaning::Name)
        };
        assert!(named("MES") && named("mtp") && !named("hace un mes"));
        assert!(named("the MTP console") && !named("the console"));
    }

    #[test]
    fn a_letter_and_the_number_of_a_model_say_nothing_and_an_unknown_word_does() {
        let vocabulary = Vocabulary::default();
        let reader = Reader::new(&vocabulary);
        let terms = |text: &str| {
            Query::new(text, &reader).terms(&Lexicon::of("factory AADSTS90093"), &mut Stems::new())
        };
        let doubts = |text: &str| {
            let is_unknown = |term: &&Term| matches!(term.meaning, Meaning::Unknown { .. });
            terms(text).iter().filter(is_unknown).count()
        };
        for (text, expected) in [
            ("the factory of Gómez", 0),
            ("factory A546B, 14d, q", 0),
            ("factory tractor", 1),
            ("factory AADSTS50076", 1),
        ] {
            assert_eq!(doubts(text), expected, "{text}");
        }
    }

    #[test]
    fn neither_a_divided_name_nor_a_verb_is_about_something_else() {
        let tree = "title: T\nstart: q\nsearch: {others: [Lookout Personal, Workspace ONE], topics: [scanner, multi-factor]}\nnodes:\n  \
                    q: {question: Q?, choices: [{to: s}, {id: e, label: E, to: e}]}\n  \
                    s: {symptom: The factory of the workplace, to: e}\n  \
                    e: {escalation: E, cause: C, channels: [{text: T}], facts: [F]}\n";
        let tree = Tree::parse(tree).expect("it has no mistake");
        let reader = Reader::new(tree.vocabulary());
        let lexicon = Lexicon::of("The factory of the workplace");
        for (text, about) in [
            ("Lookout Personal", Some(Thing::Other)),
            ("listed in Lookout, personal phone", None),
            ("Lookout (personal phone)", None),
            ("two scanners", Some(Thing::Topic)),
            ("scanned", None),
            // Known words that are near in spelling are not meant.
            ("Workspace ONE", Some(Thing::Other)),
            ("multi-factor", Some(Thing::Topic)),
        ] {
            let mut query = Query::new(text, &reader);
            let mut stems = Stems::new();
            query.correct(&lexicon, &mut stems);
            let terms = query.terms(&lexicon, &mut stems);
            let is = |meaning: Meaning| terms.iter().any(|term| term.meaning == meaning);
            assert_eq!(is(Meaning::Other), about == Some(Thing::Other), "{text}");
            assert_eq!(is(Meaning::Topic), about == Some(Thing::Topic), "{text}");
        }
    }
}
