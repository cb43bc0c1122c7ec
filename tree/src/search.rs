//! From what a person says or pastes to the entries of a tree that it may mean, each with its reasons,
//! or to none: what is not known is not guessed, and what is about something else is not answered.
//!
//! The ranking is BM25 by the crate `rank-bm25`: the standard for short queries, whose score is a sum
//! over the words of a query, so that each word can be given as a reason. It is small, and its scores
//! are those of a library that is widely used in another language. The stems are those of Snowball by
//! `frostem`, because people inflect the words of both languages. A fuzzy matcher such as `nucleo` ranks
//! names that are typed in part, not sentences.
//!
//! How sure a match is says a logistic model of eight figures, which `docs/search.md` explains: words that
//! are nowhere in the tree speak against every entry where nothing beside them is what the tree is about,
//! and an unknown error code of a known kind does anywhere. A text that names another product, and not the
//! one that the tree is about, finds nothing.

mod evidence;
mod lexicon;
mod text;
mod wanted;
mod words;

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Lang, fill};
use crate::tree::{Kind, NodeId, Tree};
use evidence::Evidence;
use lexicon::{Lexicon, Scope};
use text::{Meaning, Query, Reader, Term};
use wanted::{Ranking, Wanted};
use words::{Stems, each_word, is_code, is_http_status, key_of_code};

/// How much less sure the second match may be for the two to count as close.
const CLOSE: f64 = 0.05;

/// How many nodes below a symptom may speak for it.
const BELOW: usize = 200;

/// For how many words of a tree there is room from the start: a few more than that of this program has.
const WORDS: usize = 20_000;

/// The symptoms and remedies of a tree, ready to be searched.
pub struct Search<'t> {
    tree: &'t Tree,
    reader: Reader<'t>,
    entries: Vec<Entry>,
}

/// A symptom or a remedy.
struct Entry {
    node: NodeId,
    is_symptom: bool,
    /// The entries that answers lead to from it.
    below: Vec<usize>,
}

/// The titles and the phrases of the entries, in every language, as numbers of words.
struct Texts {
    words: Vec<u32>,
    /// Where texts end in the words, and how many there are up to the end of an entry; both begin with 0.
    ends: Vec<usize>,
    entries: Vec<usize>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The entries that may be meant, the likeliest first.
    pub matches: Vec<Match>,
    /// The names of other products, as the text has them.
    pub others: Vec<String>,
    /// The question that tells the first two matches apart, where they are about as likely; `None`
    /// where only the first question of the tree does.
    pub question: Option<NodeId>,
}

/// An entry that may be meant.
#[derive(Clone, Debug)]
pub struct Match {
    /// A symptom or a remedy.
    pub node: NodeId,
    /// How likely it is the right one, from 0 to 1.
    pub score: f64,
    /// The words of the text that speak for it, the strongest first, as they were written.
    pub why: Vec<String>,
}

impl Found {
    /// What to keep in mind about the text, in sentences.
    #[must_use]
    pub fn cautions(&self, tree: &Tree, lang: Lang) -> Vec<String> {
        let title = tree.title().get(lang);
        let others = self.others.iter();
        let caution = |other: &String| fill(lang.words().something_else, &[other, title]);
        others.map(caution).collect()
    }
}

impl<'t> Search<'t> {
    /// Reads the symptoms and remedies of a tree, in all its languages.
    #[must_use]
    pub fn new(tree: &'t Tree) -> Self {
        let is_entry = |id: &NodeId| matches!(tree[*id].kind, Kind::Symptom(_) | Kind::Remedy(_));
        let nodes: Vec<NodeId> = tree.nodes().map(|(id, _)| id).filter(is_entry).collect();
        let places: FxHashMap<NodeId, usize> = nodes.iter().copied().zip(0..).collect();
        let mut entries = Vec::with_capacity(nodes.len());
        for node in nodes {
            let below = match &tree[node].kind {
                Kind::Symptom(symptom) => tree.outcomes_near(symptom.to, BELOW),
                _ => Vec::new(),
            };
            let below = below.iter().filter_map(|node| places.get(node).copied());
            entries.push(Entry {
                node,
                is_symptom: matches!(tree[node].kind, Kind::Symptom(_)),
                below: below.collect(),
            });
        }
        Search {
            tree,
            reader: Reader::new(tree.vocabulary()),
            entries,
        }
    }

    /// The texts of the entries, and their words as far as they are in a scope.
    fn read(&self, scope: &Scope) -> (Lexicon<'t>, Texts) {
        let mut lexicon = Lexicon::new();
        let mut read = Texts {
            words: Vec::with_capacity(WORDS),
            ends: vec![0],
            entries: vec![0],
        };
        for entry in &self.entries {
            texts(self.tree, entry.node).for_each(|text| {
                lexicon.read(text, scope, &mut read.words);
                read.ends.push(read.words.len());
            });
            read.entries.push(read.ends.len() - 1);
        }
        (lexicon, read)
    }

    /// The entries that a text may mean. Of a text of many lines, such as a log, those that name the product
    /// or an error code may say more by themselves.
    #[must_use]
    pub fn find(&self, text: &str) -> Found {
        let whole = self.look(text);
        let Some(telling) = self.reader.telling_lines(text, || self.codes()) else {
            return whole;
        };
        let telling = self.look(&telling);
        let sure = |found: &Found| found.matches.first().map_or(0.0, |first| first.score);
        if sure(&telling) > sure(&whole) {
            telling
        } else {
            whole
        }
    }

    /// The error codes of the tree, as [`key_of_code`] has them.
    fn codes(&self) -> FxHashSet<String> {
        let mut codes = FxHashSet::default();
        for entry in &self.entries {
            for text in texts(self.tree, entry.node) {
                each_word(text, &mut |_, word| {
                    if is_code(word) && !is_http_status(word) {
                        codes.insert(key_of_code(word).to_owned());
                    }
                });
            }
        }
        codes
    }

    /// The entries that a text may mean, all of its lines together.
    fn look(&self, text: &str) -> Found {
        let mut stems = Stems::new();
        let mut query = Query::new(text, &self.reader);
        let mut scope = query.scope(text);
        let (mut lexicon, mut texts) = self.read(&scope);
        // What a corrected word stands for may begin otherwise.
        if query.correct(&lexicon, &mut stems) && query.add_synonyms(&mut scope) {
            (lexicon, texts) = self.read(&scope);
        }
        let terms = query.terms(&lexicon, &mut stems);
        let mut found = Found::default();
        for term in terms.iter().filter(|term| term.meaning == Meaning::Other) {
            if !found.others.contains(&term.written) {
                found.others.push(term.written.clone());
            }
        }
        let is_named = terms.iter().any(|term| term.meaning == Meaning::Name);
        let is_quoted = terms.iter().any(|term| match &term.meaning {
            Meaning::Word(known) => known.is_code,
            _ => false,
        });
        if let Some(exact) = self.exact(text, &query, &lexicon, &texts) {
            found.matches.push(exact);
        } else if is_named || is_quoted || found.others.is_empty() {
            let wanted = Wanted::new(&terms, &query, &lexicon, &mut stems);
            found.matches = self.matches(&terms, &wanted, &texts, is_named);
        }
        if let [first, second, ..] = &found.matches[..]
            && first.score - second.score < CLOSE
        {
            found.question = self.question_between(first.node, second.node);
        }
        found
    }

    /// The entry that a text is the id, the title or a phrase of, word for word.
    fn exact(&self, text: &str, query: &Query, lexicon: &Lexicon, texts: &Texts) -> Option<Match> {
        let id = query.id();
        let by_words = |words: Vec<u32>| {
            let mut entries = self.entries.iter().zip(0..);
            let entry = entries.find(|(_, index)| texts.of(*index).any(|text| *text == words));
            entry.filter(|_| !words.is_empty()).map(|(entry, _)| entry)
        };
        let mut entries = self.entries.iter();
        let by_id = entries.find(|entry| self.tree[entry.node].id == id);
        let by_id = by_id.map(|entry| (entry, query.certainty()));
        let as_written = || Some((by_words(lexicon.numbers(text)?)?, 1.0));
        let as_meant = || Some((by_words(query.numbers(lexicon)?)?, query.certainty()));
        let (entry, score) = by_id.or_else(as_written).or_else(as_meant)?;
        Some(Match {
            node: entry.node,
            score,
            why: vec![query.written()],
        })
    }

    fn matches(
        &self,
        terms: &[Term],
        wanted: &Wanted,
        texts: &Texts,
        is_named: bool,
    ) -> Vec<Match> {
        let mut evidence = Evidence::new(&self.entries, is_named);
        if let Some(ranking) = Ranking::new(wanted, texts) {
            evidence.weigh(wanted, &ranking);
        }
        for term in terms {
            match term.meaning {
                Meaning::Unknown { is_code } => evidence.doubt(is_code),
                Meaning::Topic => evidence.is_elsewhere = true,
                _ => {}
            }
        }
        evidence.matches()
    }

    /// The question nearest to two nodes from which one choice leads to the one and another choice to the
    /// other; `None` where that is the first question, which asks for everything.
    fn question_between(&self, first: NodeId, second: NodeId) -> Option<NodeId> {
        let mut sources: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        for (id, node) in self
            .tree
            .nodes()
            .filter(|(_, node)| !node.kind.is_outcome())
        {
            for target in node.targets() {
                sources.entry(target).or_default().push(id);
            }
        }
        let (to_first, to_second) = (distances(&sources, first), distances(&sources, second));
        let questions = to_first.iter().filter_map(|(node, distance)| {
            let Kind::Question(question) = &self.tree[*node].kind else {
                return None;
            };
            let other = to_second.get(node)?;
            let mut choices = question.choices.iter().enumerate();
            let leads = |to: NodeId, distances: &FxHashMap<NodeId, usize>, from: usize| {
                distances
                    .get(&to)
                    .is_some_and(|distance| distance + 1 == from)
            };
            let one = choices
                .find(|(_, choice)| leads(choice.to, &to_first, *distance))?
                .0;
            let differs = question
                .choices
                .iter()
                .enumerate()
                .any(|(index, choice)| index != one && leads(choice.to, &to_second, *other));
            differs.then_some((distance + other, *node))
        });
        let (_, nearest) = questions.min()?;
        (nearest != self.tree.start()).then_some(nearest)
    }
}

impl Texts {
    /// How many entries there are.
    fn entries(&self) -> usize {
        self.entries.len() - 1
    }

    /// The texts of an entry.
    fn of(&self, entry: usize) -> impl Iterator<Item = &[u32]> {
        let ends = &self.ends[self.entries[entry]..=self.entries[entry + 1]];
        ends.windows(2).map(|text| &self.words[text[0]..text[1]])
    }
}

/// How many answers and symptoms lie between a node and each node that leads to it. `sources` are the
/// nodes that lead to a node by an answer.
fn distances(sources: &FxHashMap<NodeId, Vec<NodeId>>, to: NodeId) -> FxHashMap<NodeId, usize> {
    let mut distances = FxHashMap::from_iter([(to, 0)]);
    let mut queue = VecDeque::from([to]);
    while let Some(node) = queue.pop_front() {
        let next = distances[&node] + 1;
        for source in sources.get(&node).into_iter().flatten() {
            if !distances.contains_key(source) {
                distances.insert(*source, next);
                queue.push_back(*source);
            }
        }
    }
    distances
}

/// The texts that an entry is found by.
fn texts(tree: &Tree, id: NodeId) -> impl Iterator<Item = &str> {
    let node = &tree[id];
    tree.languages().iter().flat_map(move |lang| {
        let phrases = match &node.kind {
            Kind::Symptom(symptom) => Some(&symptom.phrases),
            Kind::Remedy(remedy) => Some(&remedy.phrases),
            Kind::Question(_) | Kind::Escalation(_) => None,
        };
        let phrases = phrases.into_iter().flat_map(|phrases| phrases.get(*lang));
        phrases.chain([node.title().get(*lang)])
    })
}
