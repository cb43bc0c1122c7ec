//! How sure it is that an entry is meant: what speaks for it and against it, weighed by figures that were
//! chosen on queries, and never less than likely when it is given.

use super::text::Known;
use super::wanted::{ENTRIES, Ranking, Wanted};
use super::{Entry, Match};

/// How sure the first match must be to be given, and which part of that the others beside it.
const SURE: f64 = 0.5;
const AS_SURE: f64 = 0.65;

/// How much of what speaks for the first match has to speak for the others.
const AS_GOOD: f64 = 0.5;

/// How many entries are found at most.
const MOST: usize = 5;

/// How many words are given as reasons at most, and how much of what the strongest says they have to say.
const REASONS: usize = 5;
const TELLING: f64 = 0.15;

// The figures of the ranking, chosen on queries.

/// What two words in the order of the entry add to the words themselves.
const ORDER: f64 = 0.4;
/// What a word counts that people say in any conversation, and what an error code counts.
const COMMON: f64 = 0.2;
const CODE: f64 = 3.0;
/// What is added for a phrase that stands in the text from its first to its last word.
const WHOLE: f64 = 3.0;
/// What the best remedy below a symptom adds to it, and how much of what a remedy below explains it does.
const REMEDY: f64 = 0.1;
const EXPLAINED: f64 = 0.75;
/// Of how many entries one has to speak of something for the tree to be about it.
const SUBJECT: usize = 3;
/// How much likelier a symptom is meant than one of its remedies: it asks before it says what to do.
const SYMPTOM: f64 = 1.15;

/// What speaks for and against the entries of a tree.
pub(super) struct Evidence<'q> {
    entries: &'q [Entry],
    /// What the words say about each entry, how much of it the entry explains or one below it does, and what
    /// their order adds.
    words: Vec<f64>,
    explained: Vec<f64>,
    order: Vec<f64>,
    why: Vec<Vec<(f64, &'q str)>>,
    /// Whether a phrase of each entry stands in the text as a whole.
    whole: Vec<bool>,
    /// What an entry would have in words that explained each of them best.
    most: f64,
    /// How many of the things are wanted that the tree is about.
    subjects: u32,
    /// How many words are nowhere in the tree, and how many of them are error codes.
    unknown: u32,
    unknown_codes: u32,
    is_named: bool,
    /// Whether the text is also about something else.
    pub(super) is_elsewhere: bool,
    /// What makes what is said of a large tree comparable: a word is rarer there.
    scale: f64,
}

impl<'q> Evidence<'q> {
    pub(super) fn new(entries: &'q [Entry], is_named: bool) -> Self {
        let number = entries.len();
        Evidence {
            entries,
            words: vec![0.0; number],
            explained: vec![0.0; number],
            order: vec![0.0; number],
            why: vec![Vec::new(); number],
            whole: vec![false; number],
            most: 0.0,
            subjects: 0,
            unknown: 0,
            unknown_codes: 0,
            is_named,
            is_elsewhere: false,
            scale: {
                let entries = u32::try_from(number).unwrap_or(u32::MAX).max(ENTRIES);
                f64::from(ENTRIES).ln() / f64::from(entries).ln()
            },
        }
    }

    /// Takes in what each thing that is wanted says, and what their order says.
    pub(super) fn weigh(&mut self, wanted: &Wanted<'q>, ranking: &Ranking) {
        for (number, term) in wanted.terms.iter().enumerate() {
            let weight = match term.known {
                Known { is_code: true, .. } => CODE,
                Known {
                    is_common: true, ..
                } => COMMON,
                Known { .. } => 1.0,
            };
            let scores = ranking.term(number);
            let speaking = scores.iter().filter(|score| **score > 0.0).count();
            let is_subject = speaking * SUBJECT >= scores.len().max(ENTRIES as usize);
            self.subjects += u32::from(is_subject && !term.known.is_common);
            self.add(&scores, weight, term.known.certainty, term.written);
        }
        for (first, second) in &wanted.pairs {
            let scores = ranking.pair(*first, *second);
            for (order, score) in self.order.iter_mut().zip(scores) {
                *order += score * ORDER;
            }
        }
        self.whole.clone_from(&ranking.whole);
    }

    /// Takes in that a word is nowhere in the tree.
    pub(super) fn doubt(&mut self, is_code: bool) {
        self.unknown += 1;
        self.unknown_codes += u32::from(is_code);
    }

    fn add(&mut self, scores: &[f64], weight: f64, certainty: f64, written: &'q str) {
        let weight = weight * certainty;
        self.most += weight * scores.iter().copied().fold(0.0, f64::max);
        for (entry, score) in scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
            self.words[entry] += score * weight;
            self.why[entry].push((score * weight, written));
        }
        let each = self.entries.iter().zip(scores).zip(&mut self.explained);
        for ((entry, own), explained) in each {
            let below = entry.below.iter().map(|below| scores[*below] * EXPLAINED);
            *explained += below.fold(*own, f64::max) * weight;
        }
    }

    /// The entries that are likely enough, the likeliest first.
    pub(super) fn matches(mut self) -> Vec<Match> {
        let mut ranked: Vec<(f64, usize, f64)> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
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
                let explained = self.explained[index] / self.most.max(f64::MIN_POSITIVE);
                let order = self.order[index] * self.scale;
                ranked.push((
                    evidence,
                    index,
                    self.likelihood(evidence, order, explained.min(1.0)),
                ));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let (best, sure) = match ranked.first() {
            Some((best, _, score)) if *score >= SURE => (*best, *score),
            _ => return Vec::new(),
        };
        let ranked = ranked
            .into_iter()
            .filter(|(evidence, _, score)| *evidence >= AS_GOOD * best && *score >= AS_SURE * sure)
            .take(MOST);
        let mut least = f64::INFINITY;
        let found = ranked.map(|(_, index, score)| {
            let mut why = std::mem::take(&mut self.why[index]);
            why.sort_by(|a, b| b.0.total_cmp(&a.0));
            let strongest = why.first().map_or(0.0, |(score, _)| *score);
            let why = why.into_iter().take(REASONS);
            let why = why.take_while(|(score, _)| *score >= strongest * TELLING);
            Match {
                node: self.entries[index].node,
                // What is ranked lower is no likelier, whatever part of the text it explains.
                score: {
                    least = least.min(score);
                    least
                },
                why: why.map(|(_, word)| word.to_owned()).collect(),
            }
        });
        found.collect()
    }

    /// How likely an entry is meant, by a logistic model that was fitted to queries.
    fn likelihood(&self, evidence: f64, order: f64, explained: f64) -> f64 {
        let yes = |fact: bool| if fact { 1.0 } else { 0.0 };
        let odds = MODEL.bias
            + MODEL.evidence * evidence.ln_1p()
            + MODEL.order * order.ln_1p()
            + MODEL.explained * explained
            + MODEL.subjects * f64::from(self.subjects).ln_1p()
            + MODEL.named * yes(self.is_named)
            + MODEL.unknown * f64::from(self.unknown).ln_1p()
            + MODEL.code * yes(self.unknown_codes > 0)
            + MODEL.elsewhere * yes(self.is_elsewhere);
        1.0 / (1.0 + (-odds).exp())
    }
}

/// What the figures of a match count, in logarithms of odds.
struct Model {
    bias: f64,
    /// The logarithm of what speaks for the entry.
    evidence: f64,
    /// The logarithm of the part of it that the order of the words adds: who says what the entry says puts
    /// the words like it.
    order: f64,
    /// Which part of the known words the entry explains.
    explained: f64,
    /// The logarithm of how many of the things are named that the tree is about.
    subjects: f64,
    /// Whether the product is named.
    named: f64,
    /// The logarithm of how many words are nowhere in the tree.
    unknown: f64,
    /// Whether one of those words is an error code, and the tree has others of its kind.
    code: f64,
    /// Whether something else is talked about.
    elsewhere: f64,
}

const MODEL: Model = Model {
    bias: -7.67,
    evidence: 2.25,
    order: 0.25,
    explained: 2.2,
    subjects: 0.25,
    named: 1.6,
    unknown: -0.85,
    code: -0.6,
    elsewhere: -2.5,
};
