//! From what a person says or pastes to the entries of a tree that it may mean, each with its reasons,
//! or to none: what is not known is not guessed, and what is about something else is not answered.
//!
//! The ranking is BM25 by the crate `rank-bm25`: the standard for short queries, whose score is a sum
//! over the words of a query, so that each word can be given as a reason. It is small, and its scores
//! are those of a library that is widely used in another language. The stems are those of Snowball by
//! `frostem`, because people inflect the words of both languages. A fuzzy matcher such as `nucleo` ranks
//! names that are typed in part, not sentences.
//!
//! How sure a match is says a logistic model of five figures, which `docs/search.md` explains: a word
//! that is nowhere in the tree speaks against every entry, and an unknown error code more so. A text that
//! names another product, and not the one that the tree is about, finds nothing.

mod text;

use std::collections::{HashMap, HashSet, VecDeque};

use rank_bm25::{Builder, Index, Params};
use rustc_hash::FxHashMap;

use crate::lang::{Lang, fill};
use crate::tree::{Kind, NodeId, Tree};
use text::{Known, Lexicon, Meaning, Reader, Stems, Term};

/// How sure the first match must be to be given, and the others with it.
const SURE: f64 = 0.6;
const POSSIBLE: f64 = 0.25;

/// How much less sure the second match may be for the two to count as close.
const CLOSE: f64 = 0.05;

/// How many entries are found at most.
const MOST: usize = 5;

/// How many words are given as reasons at most.
const REASONS: usize = 5;

/// How many nodes below a symptom may speak for it.
const BELOW: usize = 200;

// The figures of the ranking, chosen on the half of the queries that is for tuning.

/// How fast a word that is repeated in an entry adds less, and how much long entries are held back.
const RANKING: (f64, f64) = (3.0, 0.4);
/// What two words in the order of the entry add to the words themselves.
const ORDER: f64 = 0.4;
/// What a word counts that people say in any conversation, and what an error code counts.
const COMMON: f64 = 0.2;
const CODE: f64 = 3.0;
/// What is added for a phrase that stands in the text from its first to its last word.
const WHOLE: f64 = 3.0;
/// How many entries the figures were chosen for. Smaller trees are filled up with entries about nothing, so
/// that a word is as rare there as it is here.
const ENTRIES: u32 = 57;
/// What the best remedy below a symptom adds to it.
const REMEDY: f64 = 0.15;
/// How much likelier a symptom is meant than one of its remedies: it asks before it says what to do.
const SYMPTOM: f64 = 1.15;

/// The symptoms and remedies of a tree, ready to be searched.
pub struct Search<'t> {
    tree: &'t Tree,
    reader: Reader<'t>,
    lexicon: Lexicon,
    entries: Vec<Entry>,
}

/// A symptom or a remedy.
struct Entry {
    node: NodeId,
    is_symptom: bool,
    /// Its title and its phrases in every language, as numbers of words.
    texts: Vec<Vec<u32>>,
    /// The entries that answers lead to from it.
    below: Vec<usize>,
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
        let mut lexicon = Lexicon::default();
        let is_entry = |id: &NodeId| matches!(tree[*id].kind, Kind::Symptom(_) | Kind::Remedy(_));
        let nodes: Vec<NodeId> = tree.nodes().map(|(id, _)| id).filter(is_entry).collect();
        let places: HashMap<NodeId, usize> = nodes.iter().copied().zip(0..).collect();
        let mut entries = Vec::with_capacity(nodes.len());
        for node in nodes {
            let texts = texts(tree, node).map(|text| lexicon.read(text));
            entries.push(Entry {
                node,
                is_symptom: matches!(tree[node].kind, Kind::Symptom(_)),
                texts: texts.collect(),
                below: {
                    let below = below(tree, node).into_iter();
                    below
                        .filter_map(|node| places.get(&node).copied())
                        .collect()
                },
            });
        }
        Search {
            tree,
            reader: Reader::new(tree.vocabulary()),
            lexicon,
            entries,
        }
    }

    /// The entries that a text may mean.
    #[must_use]
    pub fn find(&self, text: &str) -> Found {
        let mut stems = Stems::new();
        let terms = self.reader.terms(text, &self.lexicon, &mut stems);
        let mut found = Found::default();
        for term in terms.iter().filter(|term| term.meaning == Meaning::Other) {
            if !found.others.contains(&term.written) {
                found.others.push(term.written.clone());
            }
        }
        let is_named = terms.iter().any(|term| term.meaning == Meaning::Name);
        if is_named || found.others.is_empty() {
            found.matches = self.matches(&terms, is_named, &mut stems);
        }
        if let [first, second, ..] = &found.matches[..]
            && first.score - second.score < CLOSE
        {
            found.question = self.question_between(first.node, second.node);
        }
        found
    }

    fn matches(&self, terms: &[Term], is_named: bool, stems: &mut Stems) -> Vec<Match> {
        let wanted = Wanted::new(terms, &self.reader, &self.lexicon, stems);
        let Some((index, whole)) = self.index(&wanted) else {
            return Vec::new();
        };
        let mut evidence = Evidence::new(self.entries.len(), is_named);
        for (number, term) in wanted.terms.iter().enumerate() {
            let weight = match term.known {
                Known { is_code: true, .. } => CODE,
                Known {
                    is_common: true, ..
                } => COMMON,
                Known { .. } => 1.0,
            };
            let scores = index.get_scores(&[&*token(number)]);
            evidence.add(&scores, weight, term.known.certainty, term.written);
        }
        for (first, second) in &wanted.pairs {
            evidence.add_order(&index.get_scores(&[&*pair_token(*first, *second)]));
        }
        evidence.whole = whole;
        let unknown = terms.iter().filter_map(|term| match &term.meaning {
            Meaning::Unknown { plain, is_code } => Some((plain.as_str(), *is_code)),
            _ => None,
        });
        let unknown: HashMap<&str, bool> = unknown.collect();
        evidence.unknown = unknown.len();
        evidence.is_unknown_code = unknown.values().any(|is_code| *is_code);
        evidence.matches(&self.entries)
    }

    /// The entries as far as they hold what is wanted; every other word counts for their length only. And
    /// for each entry, whether one of its phrases is wanted as a whole.
    fn index(&self, wanted: &Wanted) -> Option<(Index, Vec<bool>)> {
        let (k1, b) = RANKING;
        let mut builder = Builder::new(Params {
            k1,
            b,
            ..Params::okapi()
        });
        let names: Vec<String> = (0..wanted.terms.len()).map(token).collect();
        let mut found = Vec::new();
        let mut whole = vec![false; self.entries.len()];
        let mut length = 0;
        for (entry, is_whole) in self.entries.iter().zip(&mut whole) {
            for text in &entry.texts {
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
        for _ in self.entries.len()..ENTRIES as usize {
            for _ in 0..length / self.entries.len().max(1) {
                builder.push_token(OTHER).ok()?;
            }
            builder.end_document().ok()?;
        }
        Some((builder.build().ok()?, whole))
    }

    /// The question nearest to two nodes from which one choice leads to the one and another choice to the
    /// other; `None` where that is the first question, which asks for everything.
    fn question_between(&self, first: NodeId, second: NodeId) -> Option<NodeId> {
        let (to_first, to_second) = (self.distances(first), self.distances(second));
        let questions = to_first.iter().filter_map(|(node, distance)| {
            let Kind::Question(question) = &self.tree[*node].kind else {
                return None;
            };
            let other = to_second.get(node)?;
            let mut choices = question.choices.iter().enumerate();
            let leads = |to: NodeId, distances: &HashMap<NodeId, usize>, from: usize| {
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

    /// How many answers and symptoms lie between a node and each node that leads to it by answers.
    fn distances(&self, to: NodeId) -> HashMap<NodeId, usize> {
        let mut sources: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for (id, node) in self.tree.nodes() {
            if !node.kind.is_outcome() {
                for target in node.targets() {
                    sources.entry(target).or_default().push(id);
                }
            }
        }
        let mut distances = HashMap::from([(to, 0)]);
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
}

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
struct Wanted<'q> {
    terms: Vec<WantedTerm<'q>>,
    /// The terms that follow each other in the text.
    pairs: HashSet<(usize, usize)>,
    /// By the number of a word: the terms that may begin with it, and the words that have to follow.
    beginnings: FxHashMap<u32, Vec<(usize, Following)>>,
}

/// The words that have to follow, each as the numbers of its forms.
type Following = Vec<Vec<u32>>;

struct WantedTerm<'q> {
    written: &'q str,
    known: &'q Known,
}

impl<'q> Wanted<'q> {
    fn new(terms: &'q [Term], reader: &Reader, lexicon: &Lexicon, stems: &mut Stems) -> Self {
        let mut wanted = Wanted {
            terms: Vec::new(),
            pairs: HashSet::new(),
            beginnings: FxHashMap::default(),
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
                wanted.forms(number, &term.meaning, reader, lexicon, stems);
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
        reader: &Reader,
        lexicon: &Lexicon,
        stems: &mut Stems,
    ) {
        let mut forms = |word: &str| -> Vec<u32> {
            let like = lexicon.like(word);
            like.filter(|known| stems.are_same(&lexicon.words[*known as usize], word))
                .collect()
        };
        match meaning {
            Meaning::Word(known) => {
                for form in forms(&known.plain) {
                    self.beginnings
                        .entry(form)
                        .or_default()
                        .push((number, Vec::new()));
                }
            }
            Meaning::Synonym(list, _) => {
                for expression in reader.synonyms(*list) {
                    let mut words = expression.words.iter().map(|word| forms(word));
                    let first = words.next().unwrap_or_default();
                    let rest: Following = words.collect();
                    for form in first {
                        self.beginnings
                            .entry(form)
                            .or_default()
                            .push((number, rest.clone()));
                    }
                }
            }
            Meaning::Unknown { .. } | Meaning::Name | Meaning::Other => {}
        }
    }

    /// Adds the terms that begin at a place of a text, each with where it begins and ends: of several ways
    /// to say the same, the longest.
    fn find(&self, text: &[u32], at: usize, found: &mut Vec<(usize, usize, usize)>) {
        let first = found.len();
        for (number, rest) in self.beginnings.get(&text[at]).into_iter().flatten() {
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

/// What speaks for and against the entries of a tree.
struct Evidence<'q> {
    /// What the words say about each entry, and what their order adds.
    words: Vec<f64>,
    order: Vec<f64>,
    why: Vec<Vec<(f64, &'q str)>>,
    /// Whether a phrase of each entry stands in the text as a whole.
    whole: Vec<bool>,
    /// What an entry would have in words that explained each of them best.
    most: f64,
    /// How many words are nowhere in the tree.
    unknown: usize,
    is_unknown_code: bool,
    is_named: bool,
    /// What makes what is said of a large tree comparable: a word is rarer there.
    scale: f64,
}

impl<'q> Evidence<'q> {
    fn new(entries: usize, is_named: bool) -> Self {
        Evidence {
            words: vec![0.0; entries],
            order: vec![0.0; entries],
            why: vec![Vec::new(); entries],
            whole: vec![false; entries],
            most: 0.0,
            unknown: 0,
            is_unknown_code: false,
            is_named,
            scale: {
                let entries = u32::try_from(entries).unwrap_or(u32::MAX).max(ENTRIES);
                f64::from(ENTRIES).ln() / f64::from(entries).ln()
            },
        }
    }

    fn add(&mut self, scores: &[f64], weight: f64, certainty: f64, written: &'q str) {
        self.most += weight * scores.iter().copied().fold(0.0, f64::max);
        let scores = &scores[..self.words.len()];
        for (entry, score) in scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
            let score = score * weight * certainty;
            self.words[entry] += score;
            self.why[entry].push((score, written));
        }
    }

    fn add_order(&mut self, scores: &[f64]) {
        for (order, score) in self.order.iter_mut().zip(scores) {
            *order += score.max(0.0) * ORDER;
        }
    }

    /// The entries that are likely enough, the likeliest first.
    fn matches(mut self, entries: &[Entry]) -> Vec<Match> {
        let mut ranked: Vec<(f64, usize, f64)> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let own = |entry: usize| self.words[entry] + self.order[entry];
            let below = entry
                .below
                .iter()
                .map(|below| own(*below))
                .fold(0.0, f64::max);
            let weight = if entry.is_symptom { SYMPTOM } else { 1.0 };
            let whole = if self.whole[index] { WHOLE } else { 0.0 };
            let evidence = (own(index) + REMEDY * below + whole) * weight * self.scale;
            if evidence > 0.0 {
                let explained =
                    (self.words[index] + REMEDY * below) / self.most.max(f64::MIN_POSITIVE);
                ranked.push((
                    evidence,
                    index,
                    self.likelihood(evidence, explained.min(1.0)),
                ));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if ranked.first().is_none_or(|(.., score)| *score < SURE) {
            return Vec::new();
        }
        let ranked = ranked
            .into_iter()
            .filter(|(.., score)| *score >= POSSIBLE)
            .take(MOST);
        let found = ranked.map(|(_, index, score)| {
            let mut why = std::mem::take(&mut self.why[index]);
            why.sort_by(|a, b| b.0.total_cmp(&a.0));
            let why = why.into_iter().take(REASONS);
            Match {
                node: entries[index].node,
                score,
                why: why.map(|(_, word)| word.to_owned()).collect(),
            }
        });
        found.collect()
    }

    /// How likely an entry is meant, by the logistic model that was fitted to the queries for tuning.
    fn likelihood(&self, evidence: f64, explained: f64) -> f64 {
        let yes = |fact: bool| if fact { 1.0 } else { 0.0 };
        let unknown = u32::try_from(self.unknown).map_or(f64::MAX, f64::from);
        let odds = MODEL.bias
            + MODEL.evidence * evidence.ln_1p()
            + MODEL.explained * explained
            + MODEL.unknown * unknown.ln_1p()
            + MODEL.code * yes(self.is_unknown_code)
            + MODEL.named * yes(self.is_named);
        1.0 / (1.0 + (-odds).exp())
    }
}

/// What the figures of a match count, in logarithms of odds.
struct Model {
    bias: f64,
    /// The logarithm of what speaks for the entry.
    evidence: f64,
    /// Which part of the known words the entry explains.
    explained: f64,
    /// The logarithm of the number of words that are nowhere in the tree.
    unknown: f64,
    /// Whether one of them is an error code.
    code: f64,
    /// Whether the product is named.
    named: f64,
}

const MODEL: Model = Model {
    bias: -9.65,
    evidence: 3.2,
    explained: 3.4,
    unknown: -0.4,
    code: -0.6,
    named: 1.1,
};

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

/// The outcomes that answers lead to from a symptom, as far as they are near.
fn below(tree: &Tree, id: NodeId) -> Vec<NodeId> {
    let mut outcomes = Vec::new();
    let Kind::Symptom(symptom) = &tree[id].kind else {
        return outcomes;
    };
    let mut seen = HashSet::from([symptom.to]);
    let mut queue = VecDeque::from([symptom.to]);
    while let Some(id) = queue.pop_front() {
        if tree[id].kind.is_outcome() {
            outcomes.push(id);
            continue;
        }
        for target in tree[id].targets() {
            if seen.len() < BELOW && seen.insert(target) {
                queue.push_back(target);
            }
        }
    }
    outcomes
}
