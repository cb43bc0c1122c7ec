//! How sure it is that an entry is meant: what speaks for it and against it, weighed by figures that were
//! chosen on the queries for tuning, and never less than likely when it is given.

use std::collections::HashMap;

use super::text::Known;
use super::wanted::{ENTRIES, Ranking, Wanted};
use super::{Entry, Match};

/// How sure the first match must be to be given, and the others with it.
const SURE: f64 = 0.6;
const POSSIBLE: f64 = 0.25;

/// How many entries are found at most.
const MOST: usize = 5;

/// How many words are given as reasons at most, and how much of what the strongest says they have to say.
const REASONS: usize = 5;
const TELLING: f64 = 0.15;

// The figures of the ranking, chosen on the half of the queries that is for tuning.

/// What two words in the order of the entry add to the words themselves.
const ORDER: f64 = 0.4;
/// What a word counts that people say in any conversation, and what an error code counts.
const COMMON: f64 = 0.2;
const CODE: f64 = 3.0;
/// What is added for a phrase that stands in the text from its first to its last word.
const WHOLE: f64 = 3.0;
/// What the best remedy below a symptom adds to it.
const REMEDY: f64 = 0.15;
/// How much likelier a symptom is meant than one of its remedies: it asks before it says what to do.
const SYMPTOM: f64 = 1.15;

/// What speaks for and against the entries of a tree.
pub(super) struct Evidence<'q> {
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
    /// Whether the text is also about something else.
    pub(super) is_elsewhere: bool,
    /// What makes what is said of a large tree comparable: a word is rarer there.
    scale: f64,
}

impl<'q> Evidence<'q> {
    pub(super) fn new(entries: usize, is_named: bool) -> Self {
        Evidence {
            words: vec![0.0; entries],
            order: vec![0.0; entries],
            why: vec![Vec::new(); entries],
            whole: vec![false; entries],
            most: 0.0,
            unknown: 0,
            is_unknown_code: false,
            is_named,
            is_elsewhere: false,
            scale: {
                let entries = u32::try_from(entries).unwrap_or(u32::MAX).max(ENTRIES);
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

    /// Takes in which words are nowhere in the tree, and which of them are error codes.
    pub(super) fn doubt(&mut self, unknown: &HashMap<&str, bool>) {
        self.unknown = unknown.len();
        self.is_unknown_code = unknown.values().any(|is_code| *is_code);
    }

    fn add(&mut self, scores: &[f64], weight: f64, certainty: f64, written: &'q str) {
        self.most += weight * scores.iter().copied().fold(0.0, f64::max);
        for (entry, score) in scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
            let score = score * weight * certainty;
            self.words[entry] += score;
            self.why[entry].push((score, written));
        }
    }

    /// The entries that are likely enough, the likeliest first.
    pub(super) fn matches(mut self, entries: &[Entry]) -> Vec<Match> {
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
        let mut least = f64::INFINITY;
        let found = ranked.map(|(_, index, score)| {
            let mut why = std::mem::take(&mut self.why[index]);
            why.sort_by(|a, b| b.0.total_cmp(&a.0));
            let strongest = why.first().map_or(0.0, |(score, _)| *score);
            let why = why.into_iter().take(REASONS);
            let why = why.take_while(|(score, _)| *score >= strongest * TELLING);
            Match {
                node: entries[index].node,
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

    /// How likely an entry is meant, by the logistic model that was fitted to the queries for tuning.
    fn likelihood(&self, evidence: f64, explained: f64) -> f64 {
        let yes = |fact: bool| if fact { 1.0 } else { 0.0 };
        let unknown = u32::try_from(self.unknown).map_or(f64::MAX, f64::from);
        let odds = MODEL.bias
            + MODEL.evidence * evidence.ln_1p()
            + MODEL.explained * explained
            + MODEL.unknown * unknown.ln_1p()
            + MODEL.code * yes(self.is_unknown_code)
            + MODEL.named * yes(self.is_named)
            + MODEL.elsewhere * yes(self.is_elsewhere && !self.is_named);
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
    /// Whether something else is talked about, and the product is not named.
    elsewhere: f64,
}

const MODEL: Model = Model {
    bias: -9.65,
    evidence: 3.2,
    explained: 3.4,
    unknown: -0.4,
    code: -0.6,
    named: 1.1,
    elsewhere: -2.5,
};
