//! What is searched for, and where it stands in the entries of a tree: each thing once, whatever it is
//! called in the text and in the entry.

use rank_bm25::{Builder, Index, Params, Variant};
use rustc_hash::FxHashSet;

use super::Texts;
use super::lexicon::Lexicon;
use super::text::{Known, Meaning, Query, Term};
use super::words::Stems;

/// How fast a word that is repeated in an entry adds less, and how much long entries are held back.
const RANKING: (f64, f64) = (5.0, 0.7);
/// How many entries the figures were chosen for. Smaller trees are filled up with entries about nothing, so
/// that a word is as rare there as it is here.
pub(super) const ENTRIES: u32 = 57;

/// What stands in the index for every word that is not searched for.
const OTHER: &str = ".";

/// What stands in the index for a wanted term, and for two of them in a row.
fn token(number: usize) -> String {
    number.to_string()
}

fn pair_token(first: usize, second: usize) -> String {
    format!("{first} {second}")
}

/// What is searched for, each thing once.
pub(super) struct Wanted<'q> {
    pub(super) terms: Vec<WantedTerm<'q>>,
    /// The terms that follow each other in the text.
    pub(super) pairs: FxHashSet<(usize, usize)>,
    /// By the number of a word: the terms that may begin with it, and the words that have to follow.
    beginnings: Vec<Vec<(usize, Following)>>,
}

/// The words that have to follow, each as the numbers of its forms.
type Following = Vec<Vec<u32>>;

/// A term that is searched for.
pub(super) struct WantedTerm<'q> {
    pub(super) written: &'q str,
    pub(super) known: &'q Known,
}

impl<'q> Wanted<'q> {
    pub(super) fn new(
        terms: &'q [Term],
        query: &Query,
        lexicon: &Lexicon,
        stems: &mut Stems,
    ) -> Self {
        let mut wanted = Wanted {
            terms: Vec::new(),
            pairs: FxHashSet::default(),
            beginnings: vec![Vec::new(); lexicon.words.len()],
        };
        let mut numbers: Vec<(&Meaning, usize)> = Vec::new();
        let mut before = None;
        for term in terms {
            let (Meaning::Word(known) | Meaning::Synonym(_, known)) = &term.meaning else {
                before = None;
                continue;
            };
            let mut earlier =
                numbers
                    .iter()
                    .filter(|(meaning, _)| match (meaning, &term.meaning) {
                        (Meaning::Synonym(a, _), Meaning::Synonym(b, _)) => a == b,
                        (Meaning::Word(a), Meaning::Word(b)) => stems.are_same(&a.plain, &b.plain),
                        _ => false,
                    });
            let earlier = earlier.next().map(|(_, number)| *number);
            let number = earlier.unwrap_or(wanted.terms.len());
            if earlier.is_none() {
                numbers.push((&term.meaning, number));
                wanted.terms.push(WantedTerm {
                    written: &term.written,
                    known,
                });
                wanted.forms(number, &term.meaning, query, lexicon, stems);
            }
            if let Some(before) = before.replace(number) {
                wanted.pairs.insert((before, number));
            }
        }
        wanted
    }

    /// Notes the words of the tree that a term can stand as.
    fn forms(
        &mut self,
        number: usize,
        meaning: &Meaning,
        query: &Query,
        lexicon: &Lexicon,
        stems: &mut Stems,
    ) {
        match meaning {
            Meaning::Word(known) => {
                for form in lexicon.like(&known.plain) {
                    if stems.are_same(&lexicon.words[form as usize], &known.plain) {
                        self.beginnings[form as usize].push((number, Vec::new()));
                    }
                }
            }
            Meaning::Synonym(list, _) => {
                for expression in query.synonyms(*list) {
                    let is_alone = expression.words.len() == 1;
                    let mut words = expression.words.iter().map(|word| -> Vec<u32> {
                        let is_form = |form: &u32| {
                            let form = &lexicon.words[*form as usize];
                            if is_alone {
                                query.stands_for(form, word, stems)
                            } else {
                                stems.are_same(form, word)
                            }
                        };
                        lexicon.like(word).filter(is_form).collect()
                    });
                    let first = words.next().unwrap_or_default();
                    let rest: Following = words.collect();
                    for form in first {
                        self.beginnings[form as usize].push((number, rest.clone()));
                    }
                }
            }
            Meaning::Unknown { .. } | Meaning::Name | Meaning::Other | Meaning::Topic => {}
        }
    }

    /// Adds the terms that begin at a place of a text, each with where it begins and ends: of several ways
    /// to say the same, the longest.
    fn find(&self, text: &[u32], at: usize, found: &mut Vec<(usize, usize, usize)>) {
        let first = found.len();
        for (number, rest) in &self.beginnings[text[at] as usize] {
            let end = at + 1 + rest.len();
            let Some(following) = text.get(at + 1..end) else {
                continue;
            };
            if !following
                .iter()
                .zip(rest)
                .all(|(word, forms)| forms.contains(word))
            {
                continue;
            }
            match found[first..].iter_mut().find(|(own, ..)| own == number) {
                Some((.., own_end)) => *own_end = end.max(*own_end),
                None => found.push((*number, at, end)),
            }
        }
    }
}

/// How much each thing that is wanted speaks for each entry.
pub(super) struct Ranking {
    index: Index,
    /// Whether a phrase of each entry is wanted as a whole.
    pub(super) whole: Vec<bool>,
    entries: usize,
}

impl Ranking {
    /// Reads the entries as far as they hold what is wanted; every other word counts for their length
    /// only. `None` where they hold nothing at all.
    pub(super) fn new(wanted: &Wanted, texts: &Texts) -> Option<Self> {
        let (k1, b) = RANKING;
        // In the usual variant a word that most entries have counts for nothing, or against them, and a
        // short text has hardly any other: "missing device".
        let variant = Variant::Plus { delta: 0.0 };
        let mut builder = Builder::new(Params { k1, b, variant });
        let names: Vec<String> = (0..wanted.terms.len()).map(token).collect();
        let mut found = Vec::new();
        let entries = texts.entries();
        let mut whole = vec![false; entries];
        let mut length = 0;
        for (entry, is_whole) in whole.iter_mut().enumerate() {
            for text in texts.of(entry) {
                for at in 0..text.len() {
                    wanted.find(text, at, &mut found);
                }
                let mut others = text.len();
                for (index, (number, start, end)) in found.iter().enumerate() {
                    builder.push_token(&names[*number]).ok()?;
                    others = others.saturating_sub(end - start);
                    for (other, next, _) in &found[index + 1..] {
                        if next == end && wanted.pairs.contains(&(*number, *other)) {
                            builder.push_token(&pair_token(*number, *other)).ok()?;
                        }
                    }
                }
                for _ in 0..others {
                    builder.push_token(OTHER).ok()?;
                }
                *is_whole |= others == 0
                    && found
                        .iter()
                        .any(|(number, ..)| !wanted.terms[*number].known.is_common);
                length += text.len();
                found.clear();
            }
            builder.end_document().ok()?;
        }
        for _ in entries..ENTRIES as usize {
            for _ in 0..length / entries.max(1) {
                builder.push_token(OTHER).ok()?;
            }
            builder.end_document().ok()?;
        }
        Some(Ranking {
            index: builder.build().ok()?,
            whole,
            entries,
        })
    }

    /// How much a term speaks for each entry.
    pub(super) fn term(&self, number: usize) -> Vec<f64> {
        self.scores(&token(number))
    }

    /// How much it speaks for each entry that two terms follow each other.
    pub(super) fn pair(&self, first: usize, second: usize) -> Vec<f64> {
        self.scores(&pair_token(first, second))
    }

    fn scores(&self, token: &str) -> Vec<f64> {
        let mut scores = self.index.get_scores(&[token]);
        scores.truncate(self.entries);
        scores
    }
}
